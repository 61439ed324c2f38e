"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from daxiang.sites.public import gallery, picture, views
from daxiang.sites.public.cities import days_file

urlpatterns = [
    path("", views.home, name="home"),
    path("m/", views.inside, name="inside"),
    path("en/", views.english, name="english"),
    path("cities/<slug:city>/", views.city_page, name="city"),
    path("cities/<slug:city>/days.ics", days_file.days_file, name="days"),
    path("en/cities/<slug:city>/", views.city_page, {"language": "en"}, name="city-english"),
    path("day.png", picture.picture, name="picture"),
    path("gallery/", gallery.gallery, name="gallery"),
]
