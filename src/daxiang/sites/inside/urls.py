"""Addresses of officers' pages."""

from __future__ import annotations

from django.urls import path

from daxiang.sites.inside import box, edition, review

app_name = "inside"
urlpatterns = [
    path("edition/<str:token>/", edition.page, name="edition"),
    path("edition/<str:token>/prove/", edition.prove_page, name="prove"),
    path("edition/<str:token>/read/", edition.read, name="read"),
    path("edition/<str:token>/understood/", edition.understood, name="understood"),
    path("edition/<str:token>/media/<str:medium>/", edition.medium, name="medium"),
    path("review/<str:token>/", review.page, name="review"),
    path("review/<str:token>/prove/", review.prove_page, name="review-prove"),
    path("review/<str:token>/decide/", review.decide, name="review-decide"),
    path("review/<str:token>/media/<str:medium>/", review.medium, name="review-medium"),
    path("box/<str:token>/", box.page, name="box"),
]
