"""Every address of the console, tried by every role: who may not, is told so, and nothing is done."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern

from daxiang.domains.officers.hashing import Argon2idHasher
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.operations import end_staff, set_roles
from daxiang.domains.officers.permissions import Role
from daxiang.sites.console.urls import urlpatterns
from tests.console.doors import NOW, act, signed_in
from tests.gateway.chats import settings_at
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

E, R, O, C, A = Role.EDITOR, Role.REVIEWER, Role.OPERATOR, Role.CASEWORKER, Role.ADMINISTRATOR  # noqa: E741
ANYBODY = frozenset(Role)
DOOR = frozenset({"sign-in", "code", "enrol", "sign-out", "password", "start", "nowhere"})
"""Opened by whoever has an account, or by nobody yet."""
OPENS: dict[str, frozenset[Role]] = {
    "board": ANYBODY,
    **dict.fromkeys(
        [
            "messages",
            "message",
            "whole-message",
            "message-take",
            "message-give-back",
            "message-answer",
            "message-done",
        ],
        frozenset({E, C}),
    ),
    **dict.fromkeys(
        [
            "accounts",
            "account-add",
            "account-roles",
            "account-officer",
            "account-renew",
            "account-reset-code",
            "account-end",
        ],
        frozenset({A}),
    ),
    "audit": frozenset({A}),
    "editions": frozenset({E, R}),
    "words": frozenset({R}),
    "edition": frozenset({E, R}),
    "edition-add": frozenset({E}),
    "edition-save": frozenset({E}),
    "edition-step": frozenset({E, R}),
    "edition-comment": frozenset({E, R}),
    "edition-reviewers": frozenset({E, R}),
    "edition-correction": frozenset({E, R}),
    **dict.fromkeys(["incidents", "incident-add", "incidents-file"], frozenset({E, C})),
    "media": frozenset({E}),
    "media-add": frozenset({E}),
    "media-file": frozenset({E, R}),
    "sending": frozenset({O}),
    "alarms": frozenset({O, A}),
    "alarm": frozenset({O, A}),
    **dict.fromkeys(
        ["people", "people-bring", "officer-code", "officer-end", "officer-whole"], frozenset({A})
    ),
    "suggestions": frozenset({A}),
    "roster": frozenset({C, A}),
    "roster-bring": frozenset({C, A}),
    **dict.fromkeys(["tasks", "task-add", "task"], frozenset({C})),
}
"""Written by hand from the table of roles in the design, not from the code's."""
CHANGES = frozenset(
    {
        "whole-message",
        "message-take",
        "message-give-back",
        "message-answer",
        "message-done",
        "account-add",
        "account-roles",
        "account-officer",
        "account-renew",
        "account-reset-code",
        "account-end",
        "words",
        "edition-add",
        "edition-save",
        "edition-step",
        "edition-comment",
        "edition-reviewers",
        "edition-correction",
        "media-add",
        "alarm",
        "people-bring",
        "officer-code",
        "officer-end",
        "officer-whole",
        "roster-bring",
        "task-add",
    }
)
"""Only ever by a form."""
NAMED = {
    "number": "1",
    "pk": "0",
    "edition": "0" * 32,
    "medium": "0" * 64,
    "officer": "999999",
    "revision": "1",
    "rest": "no/such/page",
}


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(Argon2idHasher, "memory_kib", 64)
    monkeypatch.setattr(settings, "DAXIANG", settings_at(tmp_path, "2026-11-24T08:10"))
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute("TRUNCATE staff, staff_session, staff_failure, staff_factor, staff_recovery")
    return Client(enforce_csrf_checks=True)


def address_of(pattern: URLPattern) -> str:
    """An address of this pattern, of something that does not exist."""
    address = str(pattern.pattern)
    for name, value in NAMED.items():
        for kind in ("int", "str", "hex", "slug", "path"):
            address = address.replace(f"<{kind}:{name}>", value)
    assert "<" not in address, address
    return f"/console/{address}"


def test_every_address_has_its_roles_on_record() -> None:
    names = {str(one.name) for one in urlpatterns}
    assert names == DOOR | OPENS.keys()
    assert OPENS.keys() >= CHANGES


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_is_its_own_and_nothing_else(browser: Client, role: Role) -> None:
    signed_in(browser, "zhao", role)
    for pattern in urlpatterns:
        name = str(pattern.name)
        if name in DOOR:
            continue
        address = address_of(pattern)
        answer = act(browser, address) if name in CHANGES else browser.get(address)
        is_open = role in OPENS[name]
        assert (answer.status_code != 403) is is_open, (name, role, answer.status_code)
        assert answer.status_code < 500, name
        assert answer["Cache-Control"] == "no-store", name
        if name in CHANGES:
            assert browser.get(address).status_code == 405, name


def test_a_stranger_opens_nothing(browser: Client) -> None:
    browser.get("/console/sign-in/")
    for pattern in urlpatterns:
        if str(pattern.name) in DOOR - {"start", "password", "code", "enrol", "nowhere"}:
            continue
        address = address_of(pattern)
        answer = act(browser, address) if str(pattern.name) in CHANGES else browser.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/console/sign-in/"), address


def test_the_navigation_holds_what_the_role_opens_and_nothing_else(browser: Client) -> None:
    for role in Role:
        page = signed_in(Client(enforce_csrf_checks=True), f"one-{role}", role).get("/console/today/")
        shown = page.content.decode()
        for pattern in urlpatterns:
            name = str(pattern.name)
            if name in (
                "messages",
                "accounts",
                "audit",
                "editions",
                "incidents",
                "media",
                "sending",
                "alarms",
                "people",
                "roster",
                "tasks",
            ):
                assert (f'href="{address_of(pattern)}"' in shown) is (role in OPENS[name]), (role, name)


def test_other_roles_hold_from_the_next_request_on_and_an_ended_account_is_out(browser: Client) -> None:
    signed_in(browser, "zhao", Role.CASEWORKER)
    assert browser.get("/console/messages/").status_code == 200
    set_roles(name="zhao", roles=[Role.OPERATOR], by="os:test", now=NOW)
    assert browser.get("/console/messages/").status_code == 403
    set_roles(name="zhao", roles=[], by="os:test", now=NOW)
    assert browser.get("/console/").status_code == 403
    end_staff(name="zhao", by="os:test", now=NOW)
    assert browser.get("/console/")["Location"] == "/console/sign-in/"


def test_an_administrator_makes_an_account_changes_its_roles_and_ends_it(browser: Client) -> None:
    signed_in(browser, "chen", Role.ADMINISTRATOR)
    made = act(browser, "/console/accounts/add/", name="li", roles=["editor"])
    assert "li 的一次性密码" in made.content.decode()
    li = Staff.objects.get(name="li")
    act(browser, f"/console/accounts/{li.pk}/roles/", roles=["editor", "caseworker", "emperor"])
    assert Staff.objects.get(name="li").roles == ["caseworker", "editor"]
    act(browser, f"/console/accounts/{li.pk}/end/")
    assert not Staff.objects.get(name="li").is_active
    assert act(browser, "/console/accounts/add/", name="li", roles=["editor"]).status_code == 422
    assert act(browser, "/console/accounts/add/", name="wu").status_code == 422


def test_the_last_administrator_can_neither_step_down_nor_end_herself(browser: Client) -> None:
    signed_in(browser, "chen", Role.ADMINISTRATOR)
    chen = Staff.objects.get(name="chen")
    assert act(browser, f"/console/accounts/{chen.pk}/roles/", roles=["editor"]).status_code == 409
    assert act(browser, f"/console/accounts/{chen.pk}/end/").status_code == 409
    chen.refresh_from_db()
    assert chen.is_active
    assert chen.roles == ["administrator"]


def test_an_address_that_leads_nowhere_is_said_inside_the_console(browser: Client) -> None:
    signed_in(browser, "zhao", Role.REVIEWER)
    answer = browser.get("/console/no/such/page/")
    assert answer.status_code == 404
    assert 'aria-label="主导航"' in answer.content.decode()
    assert browser.get("/console/today")["Location"] == "/console/today/"
