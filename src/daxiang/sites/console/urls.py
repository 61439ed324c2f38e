"""Addresses of the console."""

from __future__ import annotations

from django.urls import path

from daxiang.sites.console import views

app_name = "console"
urlpatterns = [
    path("", views.start, name="start"),
    path("sign-in/", views.sign_in_page, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.own_password, name="password"),
    path("messages/", views.messages, name="messages"),
    path("messages/<int:number>/whole/", views.whole_message, name="whole-message"),
    path("messages/<int:number>/done/", views.message_done, name="message-done"),
]
