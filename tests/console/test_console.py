"""The console's door and its first page: who gets in, what is seen, what is written down about it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
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
from daxiang.domains.officers.errors import TooManyAtOnce
from daxiang.domains.officers.hashing import Argon2idHasher
from daxiang.domains.officers.models import Staff, StaffFailure, StaffSession
from daxiang.domains.officers.operations import add_staff, end_staff, renew_password
from daxiang.domains.officers.purging import purge_failures, purge_sessions
from daxiang.domains.officers.rules import (
    LONGEST_LOCK,
    MOST_FAILURES,
    MOST_REFUSALS_TOLD,
    ONE_TIME_FOR,
    SHORTEST_LOCK,
    place_of,
)
from daxiang.domains.residents.models import ResidentMessage
from daxiang.domains.residents.operations import Resident, leave_message
from daxiang.foundation.sealing import Sealer
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.addresses import address_of
from tests.console.doors import (
    HERE,
    NOW,
    OWN,
    bound,
    leave_console,
    next_code,
    post,
    secret_of,
    sign_in,
    signed_in,
)
from tests.gateway.chats import settings_at
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ELSEWHERE = "198.51.100.8"


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Argon2idHasher, "memory_kib", 64)
    monkeypatch.setattr(settings, "DAXIANG", settings_at(tmp_path, "2026-11-24T08:10"))
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "TRUNCATE staff, staff_session, staff_failure, staff_factor, staff_recovery, resident_message,"
            " audit_look, audit_deed"
        )
        yield


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def leave(count: int, words: str = "桥上的灯坏了") -> list[int]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        return [
            leave_message(
                connection,
                Resident("service", bytes([number]) * 32),
                words=f"{words}{number}",
                now=NOW - timedelta(hours=count - number),
                sealer=Sealer(settings.DAXIANG.data_keys),
            )
            for number in range(count)
        ]


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
    assert browser.get("/console/messages/")["Location"] == "/console/enrol/"
    bound(browser)
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
    assert f"before={numbers[3]}" in page.content.decode()
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
    alert = rb'role="alert">.*?<span>([^<]+)<'
    texts = {re.search(alert, one.content)[1] for one in (wrong, locked, nobody)}  # type: ignore[index]
    assert len(texts) == 1
    assert sign_in(name="zhao", password=printed, now=NOW, address="127.0.0.1") is None
    assert sign_in(name="zhao", password=printed, now=NOW + SHORTEST_LOCK, address="127.0.0.1") is not None


def test_wrong_passwords_from_elsewhere_lock_nobody_out() -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    for _ in range(MOST_FAILURES):
        sign_in(name="zhao", password="wrong", now=NOW, address=ELSEWHERE)
    assert sign_in(name="zhao", password=printed, now=NOW, address=ELSEWHERE) is None
    assert sign_in(name="zhao", password=printed, now=NOW) is not None


def test_each_wrong_password_more_doubles_the_wait_up_to_an_hour_and_a_right_one_ends_it() -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    for _ in range(MOST_FAILURES - 1):
        sign_in(name="zhao", password="wrong", now=NOW)
    now, waits = NOW, []
    for _ in range(9):
        sign_in(name="zhao", password="wrong", now=now)
        locked_until = StaffFailure.objects.get().locked_until
        assert locked_until is not None
        waits.append((locked_until - now) / SHORTEST_LOCK)
        now = locked_until
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert now - SHORTEST_LOCK < NOW + 20 * LONGEST_LOCK
    assert sign_in(name="zhao", password=printed, now=now) is not None
    assert not StaffFailure.objects.exists()


def test_wrong_passwords_of_the_day_before_count_no_more_and_are_purged() -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    for _ in range(MOST_FAILURES - 1):
        sign_in(name="zhao", password="wrong", now=NOW)
    tomorrow = NOW + timedelta(days=1)
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        assert purge_failures(connection, now=tomorrow) == 0
        sign_in(name="zhao", password="wrong", now=tomorrow)
        assert StaffFailure.objects.get().failures == 1
        assert purge_failures(connection, now=tomorrow + timedelta(days=1, seconds=1)) == 1
    assert sign_in(name="zhao", password=printed, now=tomorrow) is not None


def test_somebody_with_many_addresses_fills_no_table_of_deeds() -> None:
    add_staff(name="zhao", by="os:test", now=NOW)
    for number in range(MOST_REFUSALS_TOLD + 10):
        sign_in(name="zhao", password="wrong", now=NOW, address=f"198.51.100.{number}")
    assert AuditDeed.objects.filter(deed="refused").count() == MOST_REFUSALS_TOLD


def test_guesses_at_once_are_counted_one_by_one() -> None:
    add_staff(name="zhao", by="os:test", now=NOW)

    def guess() -> None:
        try:
            sign_in(name="zhao", password="wrong", now=NOW)
        finally:
            django_connection.close()

    threads = [threading.Thread(target=guess) for _ in range(4)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "_HASHING", threading.BoundedSemaphore(4))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert StaffFailure.objects.get().failures == 4


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%eth0", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_an_address_counts_as_itself_or_as_its_network(address: str, counts_as: str) -> None:
    assert place_of(address) == counts_as


@pytest.mark.parametrize(
    ("remote", "said", "address"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed_about_whom_they_speak_for(
    remote: str, said: str, address: str
) -> None:
    proxies = (ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"))
    assert address_of({"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": said}, proxies) == address


def test_another_password_wants_the_present_one_and_guesses_at_it_are_counted(browser: Client) -> None:
    signed_in(browser)
    another = OWN + "!"
    assert post(browser, "password", password=another, again=another).status_code == 422
    for _ in range(MOST_FAILURES - 1):
        assert post(browser, "password", present="w", password=another, again=another).status_code == 422
    assert post(browser, "password", present=OWN, password=another, again=another).status_code == 422
    assert sign_in(name="zhao", password=another, now=NOW) is None
    assert sign_in(name="zhao", password=OWN, now=NOW) is not None


def test_what_is_done_to_an_account_is_written_down_for_good(browser: Client) -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    for _ in range(MOST_FAILURES):
        sign_in(name="zhao", password="wrong", now=NOW)
    sign_in(name="zhao", password=printed, now=NOW)
    sign_in(name="nobody", password="wrong", now=NOW)
    printed = renew_password(name="zhao", by="os:test", now=NOW)
    post(browser, "sign-in", name="zhao", password=printed)
    post(browser, "password", password=OWN, again=OWN)
    leave_console(browser)
    end_staff(name="zhao", by="os:test", now=NOW)
    deeds = AuditDeed.objects.order_by("id")
    assert [(one.who, one.deed) for one in deeds.filter(target="zhao", at=NOW)] == [
        ("os:test", "added"),
        *[("unknown", "refused")] * MOST_FAILURES,
        ("unknown", "locked"),
        ("os:test", "renewed"),
        ("zhao", "signed_in"),
        ("zhao", "password_set"),
        ("zhao", "signed_out"),
        ("os:test", "ended"),
    ]
    assert deeds.count() == MOST_FAILURES + 7
    assert {one.address for one in deeds.filter(deed__in=["refused", "locked"])} == {HERE}
    assert {one.address for one in deeds.filter(who="zhao")} == {"127.0.0.1"}
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
    assert (busy.status_code, busy["Retry-After"]) == (503, "2")
    assert "请过几秒再试一次" in busy.content.decode()
    assert post(browser, "sign-in", name="zhao", password=printed).status_code == 302


def test_one_of_an_address_waits_for_a_place_and_leaves_room_for_another_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(operations, "LONGEST_WAIT", 60)
    monkeypatch.setattr(operations, "MOST_WAITING", 2)
    monkeypatch.setattr(operations, "_HASHING", threading.BoundedSemaphore(1))
    monkeypatch.setattr(operations, "_waiting", {place_of(HERE)})
    with operations._HASHING, pytest.raises(TooManyAtOnce), operations._a_place(HERE):
        pass
    done: list[str] = []

    def from_elsewhere() -> None:
        with operations._a_place(ELSEWHERE):
            done.append("in")

    with operations._HASHING:
        thread = threading.Thread(target=from_elsewhere)
        thread.start()
        while len(operations._waiting) < 2:
            thread.join(0.001)
        with pytest.raises(TooManyAtOnce), operations._a_place("198.51.100.9"):
            pass
        assert done == []
    thread.join()
    assert (done, operations._waiting) == (["in"], {place_of(HERE)})


def test_nobody_overtakes_who_waits_for_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "LONGEST_WAIT", 0)
    monkeypatch.setattr(operations, "MOST_WAITING", 1)
    monkeypatch.setattr(operations, "_HASHING", threading.BoundedSemaphore(1))
    monkeypatch.setattr(operations, "_waiting", {place_of(HERE)})
    with pytest.raises(TooManyAtOnce), operations._a_place(ELSEWHERE):
        pass


def whole(browser: Client, number: int, purpose: str) -> Any:
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    fields = {"purpose": purpose, "csrfmiddlewaretoken": token}
    return browser.post(f"/console/messages/{number}/whole/", fields)


def test_a_masked_number_is_shown_for_a_purpose_that_is_written_down(browser: Client) -> None:
    [number] = leave(1, "鄂A12345 占道，电话13812345678，第")
    signed_in(browser)
    masked = browser.get(f"/console/messages/{number}/").content.decode()
    assert f'action="/console/messages/{number}/whole/"' in masked
    shown = whole(browser, number, "给留言人回电话")
    assert "电话13812345678，第0" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    look = AuditLook.objects.latest("id")
    assert (look.who, look.what, look.target, look.purpose) == (
        "zhao",
        "message_unmasked",
        str(number),
        "给留言人回电话",
    )


@pytest.mark.parametrize("purpose", ["", "好奇"])
def test_without_a_purpose_of_ours_nothing_is_shown(browser: Client, purpose: str) -> None:
    [number] = leave(1, "电话13812345678，第")
    signed_in(browser)
    answer = whole(browser, number, purpose)
    assert (answer.status_code, answer["Location"]) == (302, "/console/messages/")
    assert not AuditLook.objects.filter(what="message_unmasked").exists()


def test_a_stranger_is_shown_nothing_whole_and_closes_nothing(browser: Client) -> None:
    [number] = leave(1, "电话13812345678，第")
    post(browser, "sign-in", name="nobody", password="wrong")
    assert whole(browser, number, "给留言人回电话")["Location"] == "/console/sign-in/"
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    done = f"/console/messages/{number}/done/"
    assert browser.post(done, {"csrfmiddlewaretoken": token})["Location"] == "/console/sign-in/"
    assert browser.post(done).status_code == 403
    assert ResidentMessage.objects.get().state == "new"


def test_a_message_with_nothing_masked_offers_no_look_behind(browser: Client) -> None:
    [number] = leave(1)
    signed_in(browser)
    assert f"messages/{number}/whole/" not in browser.get(f"/console/messages/{number}/").content.decode()


@pytest.mark.parametrize("number", [999, 2**63 - 1, 2**63, 10**30])
def test_a_message_that_is_gone_is_said_to_be(browser: Client, number: int) -> None:
    signed_in(browser)
    answer = whole(browser, number, "给留言人回电话")
    assert answer.status_code == 404
    assert "撤回" in answer.content.decode()


def test_what_is_shown_is_seen_and_what_is_done_with_is_closed_once_and_written_down(
    browser: Client,
) -> None:
    first, second = leave(2)
    signed_in(browser).get("/console/messages/")
    assert all(one.seen_at == NOW for one in ResidentMessage.objects.all())
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    for _ in range(2):
        browser.post(f"/console/messages/{first}/done/", {"csrfmiddlewaretoken": token})
    states = dict(ResidentMessage.objects.values_list("number", "state"))
    assert states == {first: "closed", second: "new"}
    [deed] = AuditDeed.objects.filter(deed="message_closed")
    assert (deed.who, deed.target, deed.at) == ("zhao", str(first), NOW)
    assert [
        browser.get(f"/console/messages/?which={one}").content.count(b"data-row")
        for one in ("all", "open", "mine", "closed")
    ] == [2, 1, 0, 1]
    assert b"/done/" not in browser.get(f"/console/messages/{first}/").content


def test_a_form_without_its_token_is_refused(browser: Client) -> None:
    printed = add_staff(name="zhao", by="os:test", now=NOW)
    assert browser.post("/console/sign-in/", {"name": "zhao", "password": printed}).status_code == 403
    assert StaffSession.objects.count() == 0


def test_a_session_ends_by_signing_out_by_another_password_and_with_the_account(browser: Client) -> None:
    signed_in(browser)
    secret = secret_of("zhao")
    elsewhere = Client(enforce_csrf_checks=True)
    post(elsewhere, "sign-in", name="zhao", password=OWN)
    post(elsewhere, "code", code=next_code("zhao", secret))
    post(elsewhere, "password", present=OWN, password=OWN + "!", again=OWN + "!")
    assert elsewhere.get("/console/messages/").status_code == 200
    assert browser.get("/console/messages/").status_code == 302
    end_staff(name="zhao", by="os:test", now=NOW)
    assert elsewhere.get("/console/messages/").status_code == 302
    renewed = renew_password(name="zhao", by="os:test", now=NOW)
    post(browser, "sign-in", name="zhao", password=renewed)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    leave_console(browser)
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
