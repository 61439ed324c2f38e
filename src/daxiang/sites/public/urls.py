"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from daxiang.sites.public import gallery, picture, views
from daxiang.sites.public.cities import country, days_file, page

urlpatterns = [
    path("", views.home, name="home"),
    path("m/", views.inside, name="inside"),
    path("en/", views.english, name="english"),
    path("cities/", country.country, name="cities"),
    path("cities/<slug:city>/", page.city_page, name="city"),
    path("cities/<slug:city>/days.ics", days_file.days_file, name="days"),
    path("en/cities/", RedirectView.as_view(pattern_name="cities"), name="cities-english"),
    path("en/cities/<slug:city>/", page.city_in_english, name="city-english"),
    path("day.png", picture.picture, name="picture"),
    path("gallery/", gallery.gallery, name="gallery"),
]
