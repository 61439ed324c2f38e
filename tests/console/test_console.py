"""The console's door and its first page: who gets in, what is seen, what is written down about it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection as django_connection
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from psycopg import sql

from daxiang.config.cli import main
from daxiang.domains.audit.models import AuditDeed, AuditLook
from daxiang.domains.officers import operations
from daxiang.domains.officers.hashing import Argon2idHasher
from daxiang.domains.officers.models import Staff, StaffSession
from daxiang.domains.officers.operations import add_staff, end_staff, renew_password, sign_in
from daxiang.domains.officers.purging import purge_sessions
from daxiang.domains.officers.rules import LOCKED_FOR, MOST_FAILURES, ONE_TIME_FOR
from daxiang.domains.residents.operations import Resident, leave_message
from daxiang.foundation.sealing import Sealer
from daxiang.kernel.clock import SHANGHAI
from tests.gateway.chats import settings_at
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
OWN = "a password of my own"


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Argon2idHasher, "memory_kib", 64)
    monkeypatch.setattr(settings, "DAXIANG", settings_at(tmp_path, "2026-11-24T08:10"))
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute("TRUNCATE staff, staff_session, resident_message, audit_look, audit_deed")
        yield


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def leave(count: int, words: str = "桥上的灯坏了") -> list[int]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        return [
            leave_message(
                connection,
                Resident("service", b"p" * 32),
                words=f"{words}{number}",
                now=NOW - timedelta(hours=count - number),
                sealer=Sealer(settings.DAXIANG.data_keys),
            )
            for number in range(count)
        ]


def post(browser: Client, page: str, **fields: str) -> Any:
    """Fill in the form of a page and send it, as a browser does."""
    shown = browser.get(f"/console/{page}/")
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', shown.content)
    token = found[1].decode() if found else ""
    return browser.post(f"/console/{page}/", {**fields, "csrfmiddlewaretoken": token})


def signed_in(browser: Client, name: str = "zhao") -> Client:
    printed = add_staff(name=name, by="os:test", now=NOW)
    assert post(browser, "sign-in", name=name, password=printed).status_code == 302
    assert post(browser, "password", password=OWN, again=OWN).status_code == 302
    return browser


@pytest.mark.parametrize("page", ["", "messages/", "password/", "messages/?before=1005"])
def test_a_stranger_sees_nothing_but_the_door(browser: Client, page: str) -> None:
    leave(1)
    answer = browser.get(f"/console/{page}")
    assert (answer.status_code, answer["Location"]) == (302, "/console/sign-in/")
    assert answer["Cache-Control"] == "no-store"
    assert AuditLook.objects.count() == 0


def test_the_printed_password_opens_only_the_page_for_an_own_one(browser: Client) -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    post(browser, "sign-in", name="zhao", password=printed)
    assert browser.get("/console/messages/")["Location"] == "/console/password/"
    for password in ("short", printed, "zhao" * 4, "a" * 20):
        assert post(browser, "password", password=password, again=password).status_code == 422
    assert post(browser, "password", password=OWN, again="another").status_code == 422
    post(browser, "password", password=OWN, again=OWN)
    assert browser.get("/console/messages/").status_code == 200
    assert sign_in(name="zhao", password=printed, now=NOW) is None


def test_a_printed_password_that_nobody_used_runs_out() -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    assert sign_in(name="zhao", password=printed, now=NOW + ONE_TIME_FOR) is None
    assert sign_in(name="zhao", password=printed, now=NOW + ONE_TIME_FOR - timedelta(seconds=1)) is not None


def test_messages_are_shown_the_newest_first_with_number_time_and_masked_words(browser: Client) -> None:
    [first, last] = leave(2, "鄂A12345 占道，电话13812345678，第")
    page = signed_in(browser).get("/console/messages/").content.decode()
    assert page.index(f"<b>{last}</b>") < page.index(f"<b>{first}</b>")
    assert "11月24日 7:10" in page
    assert "占道" in page
    assert "12345" not in page
    assert "138" not in page


def test_every_message_that_is_shown_is_written_down_as_looked_at(browser: Client) -> None:
    numbers = leave(23)
    page = signed_in(browser).get("/console/messages/")
    looks = AuditLook.objects.order_by("id").values_list("who", "what", "target", "purpose", "at")
    assert list(looks) == [
        ("zhao", "message", str(number), "处理群众留言", NOW.astimezone(UTC)) for number in numbers[:2:-1]
    ]
    assert f"?before={numbers[3]}" in page.content.decode()
    older = browser.get(f"/console/messages/?before={numbers[3]}").content.decode()
    assert [f"<b>{number}</b>" in older for number in numbers[:4]] == [True, True, True, False]


def test_a_recorded_look_can_neither_be_changed_nor_deleted(browser: Client) -> None:
    leave(1)
    signed_in(browser).get("/console/messages/")
    for change in ({"who": "nobody"}, None):
        with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
            AuditLook.objects.update(**change) if change else AuditLook.objects.all().delete()
    assert AuditLook.objects.count() == 1


def test_after_five_wrong_passwords_the_right_one_has_to_wait(browser: Client) -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    for _ in range(MOST_FAILURES):
        wrong = post(browser, "sign-in", name="zhao", password="wrong")
    locked = post(browser, "sign-in", name="zhao", password=printed)
    nobody = post(browser, "sign-in", name="nobody", password="wrong")
    assert [one.status_code for one in (wrong, locked, nobody)] == [403, 403, 403]
    texts = {re.search(rb'role="alert">([^<]+)<', one.content)[1] for one in (wrong, locked, nobody)}  # type: ignore[index]
    assert len(texts) == 1
    assert sign_in(name="zhao", password=printed, now=NOW + LOCKED_FOR) is not None


def test_another_password_wants_the_present_one_and_guesses_at_it_are_counted(browser: Client) -> None:
    signed_in(browser)
    another = OWN + "!"
    assert post(browser, "password", password=another, again=another).status_code == 422
    for _ in range(MOST_FAILURES - 1):
        assert post(browser, "password", present="w", password=another, again=another).status_code == 422
    assert post(browser, "password", present=OWN, password=another, again=another).status_code == 422
    assert sign_in(name="zhao", password=another, now=NOW + LOCKED_FOR) is None
    assert sign_in(name="zhao", password=OWN, now=NOW + LOCKED_FOR) is not None


def test_what_is_done_to_an_account_is_written_down_for_good(browser: Client) -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    for _ in range(MOST_FAILURES):
        sign_in(name="zhao", password="wrong", now=NOW)
    sign_in(name="zhao", password=printed, now=NOW)
    sign_in(name="nobody", password="wrong", now=NOW)
    printed = renew_password(name="zhao", by="os:test", now=NOW)
    post(browser, "sign-in", name="zhao", password=printed)
    post(browser, "password", password=OWN, again=OWN)
    end_staff(name="zhao", by="os:test", now=NOW)
    deeds = AuditDeed.objects.order_by("id")
    assert [(one.who, one.deed) for one in deeds.filter(target="zhao", at=NOW)] == [
        ("os:test", "added"),
        *[("unknown", "refused")] * MOST_FAILURES,
        ("unknown", "locked"),
        ("os:test", "renewed"),
        ("zhao", "signed_in"),
        ("zhao", "password_set"),
        ("os:test", "ended"),
    ]
    assert deeds.count() == MOST_FAILURES + 6
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        deeds.delete()


def test_who_finds_no_place_to_have_a_password_tried_is_told_so_and_keeps_no_thread(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    monkeypatch.setattr(operations, "LONGEST_WAIT", 0)
    monkeypatch.setattr(operations, "_HASHING", threading.BoundedSemaphore(1))
    with operations._HASHING:
        busy = post(browser, "sign-in", name="zhao", password=printed)
    assert busy.status_code == 503
    assert "请过几秒再试一次" in busy.content.decode()
    assert post(browser, "sign-in", name="zhao", password=printed).status_code == 302


def test_a_form_without_its_token_is_refused(browser: Client) -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    assert browser.post("/console/sign-in/", {"name": "zhao", "password": printed}).status_code == 403
    assert StaffSession.objects.count() == 0


def test_a_session_ends_by_signing_out_by_another_password_and_with_the_account(browser: Client) -> None:
    signed_in(browser)
    elsewhere = Client(enforce_csrf_checks=True)
    post(elsewhere, "sign-in", name="zhao", password=OWN)
    post(elsewhere, "password", present=OWN, password=OWN + "!", again=OWN + "!")
    assert elsewhere.get("/console/messages/").status_code == 200
    assert browser.get("/console/messages/").status_code == 302
    end_staff(name="zhao", by="os:test", now=NOW)
    assert elsewhere.get("/console/messages/").status_code == 302
    renewed = renew_password(name="zhao", by="os:test", now=NOW)
    post(browser, "sign-in", name="zhao", password=renewed)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    browser.post("/console/sign-out/", {"csrfmiddlewaretoken": token})
    assert not StaffSession.objects.filter(session_key=key).exists()


def test_sessions_that_are_over_are_purged(browser: Client) -> None:
    signed_in(browser)
    [key] = StaffSession.objects.values_list("session_key", flat=True)
    StaffSession.objects.create(
        session_key="over", session_data="", expire_date=datetime.now(UTC) - timedelta(seconds=1)
    )
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        assert purge_sessions(connection) == 1
    assert list(StaffSession.objects.values_list("session_key", flat=True)) == [key]


def test_the_cookies_are_the_consoles_alone_and_the_pages_strict(browser: Client) -> None:
    signed_in(browser)
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = browser.cookies[name]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/console/", True, "Lax")
    page = browser.get("/console/messages/")
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert not Client().get("/").cookies


def test_passwords_are_kept_as_argon2id_and_nothing_else() -> None:
    encoded = make_password(OWN)
    assert encoded.startswith("argon2$argon2id$v=19$m=64,t=3,p=1$")
    assert check_password(OWN, encoded)
    assert not check_password(OWN + "x", encoded)
    assert make_password(OWN) != encoded


def test_the_command_prints_a_password_once_and_ends_accounts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", "add", "李警官"]) == 0
    printed = re.search(r"：(\S{19})", capsys.readouterr().out)
    assert printed is not None
    assert sign_in(name="李警官", password=printed[1], now=datetime.now(SHANGHAI)) is not None
    assert main(["staff", "add", "李警官"]) == 2
    assert main(["staff", "end", "李警官"]) == 0
    assert main(["staff", "end", "nobody"]) == 2
    assert sign_in(name="李警官", password=printed[1], now=datetime.now(SHANGHAI)) is None
    assert not Staff.objects.get(name="李警官").is_active
    assert list(AuditDeed.objects.order_by("id").values_list("deed", flat=True)) == [
        "added",
        "signed_in",
        "ended",
    ]


def test_no_password_stands_in_a_table_in_clear(browser: Client) -> None:
    signed_in(browser)
    with django_connection.cursor() as cursor:
        for table in ("staff", "staff_session"):
            cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)).as_string(None))
            assert OWN not in str(cursor.fetchall())
