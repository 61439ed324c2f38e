"""Addresses of officers' pages."""

from __future__ import annotations

from django.urls import path

from daxiang.sites.inside import box, edition

app_name = "inside"
urlpatterns = [
    path("edition/<str:token>/", edition.page, name="edition"),
    path("edition/<str:token>/prove/", edition.prove_page, name="prove"),
    path("edition/<str:token>/read/", edition.read, name="read"),
    path("edition/<str:token>/understood/", edition.understood, name="understood"),
    path("edition/<str:token>/media/<str:medium>/", edition.medium, name="medium"),
    path("box/<str:token>/", box.page, name="box"),
]
