"""Addresses of the console."""

from __future__ import annotations

from django.urls import path

from daxiang.sites.console import (
    accounts,
    audit,
    board,
    door,
    editions,
    inbox,
    incidents,
    library,
    sending,
)

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
    path("editions/", editions.all_editions, name="editions"),
    path("editions/add/", editions.add, name="edition-add"),
    path("editions/<str:edition>/", editions.one, name="edition"),
    path("editions/<str:edition>/save/", editions.save, name="edition-save"),
    path("editions/<str:edition>/step/", editions.step, name="edition-step"),
    path("editions/<str:edition>/comment/", editions.comment, name="edition-comment"),
    path("editions/<str:edition>/correction/", editions.correction, name="edition-correction"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/add/", incidents.add, name="incident-add"),
    path("incidents/file/", incidents.bring, name="incidents-file"),
    path("media/", library.library, name="media"),
    path("media/add/", library.add, name="media-add"),
    path("media/file/<str:medium>/", library.file, name="media-file"),
    path("sending/", sending.sending, name="sending"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/add/", accounts.add, name="account-add"),
    path("accounts/<int:pk>/roles/", accounts.roles, name="account-roles"),
    path("accounts/<int:pk>/renew/", accounts.renew, name="account-renew"),
    path("accounts/<int:pk>/reset-code/", accounts.reset_code, name="account-reset-code"),
    path("accounts/<int:pk>/end/", accounts.finish, name="account-end"),
    path("audit/", audit.audit, name="audit"),
]
