"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from daxiang.sites.public import gallery, views

urlpatterns = [
    path("", views.home, name="home"),
    path("gallery/", gallery.gallery, name="gallery"),
]
