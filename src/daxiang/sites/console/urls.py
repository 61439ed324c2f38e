"""Addresses of the console."""

from __future__ import annotations

from django.urls import path

from daxiang.sites.console import accounts, audit, board, door, inbox

app_name = "console"
urlpatterns = [
    path("", door.start, name="start"),
    path("sign-in/", door.sign_in_page, name="sign-in"),
    path("code/", door.code_page, name="code"),
    path("enrol/", door.enrol_page, name="enrol"),
    path("sign-out/", door.sign_out, name="sign-out"),
    path("password/", door.own_password, name="password"),
    path("today/", board.board, name="board"),
    path("messages/", inbox.messages, name="messages"),
    path("messages/<int:number>/", inbox.message, name="message"),
    path("messages/<int:number>/whole/", inbox.whole_message, name="whole-message"),
    path("messages/<int:number>/take/", inbox.take, name="message-take"),
    path("messages/<int:number>/give-back/", inbox.give_back, name="message-give-back"),
    path("messages/<int:number>/answer/", inbox.answer, name="message-answer"),
    path("messages/<int:number>/done/", inbox.message_done, name="message-done"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/add/", accounts.add, name="account-add"),
    path("accounts/<int:pk>/roles/", accounts.roles, name="account-roles"),
    path("accounts/<int:pk>/renew/", accounts.renew, name="account-renew"),
    path("accounts/<int:pk>/reset-code/", accounts.reset_code, name="account-reset-code"),
    path("accounts/<int:pk>/end/", accounts.finish, name="account-end"),
    path("audit/", audit.audit, name="audit"),
]
