"""The second factor: RFC 6238's own vectors, one use, counted guesses, the telephone that was lost."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from daxiang.domains.audit.models import AuditDeed
from daxiang.domains.officers.errors import CodeWrong
from daxiang.domains.officers.hashing import Argon2idHasher
from daxiang.domains.officers.models import Staff, StaffFactor
from daxiang.domains.officers.rules import MOST_FAILURES, SHORTEST_LOCK
from daxiang.domains.officers.second_factor import check_code, reset_factor
from daxiang.domains.officers.totp import DRIFT, STEP_S, code_at, step_at, step_of_code
from daxiang.foundation.sealing import Sealer
from daxiang.sites.console import signing_in
from tests.console.doors import NOW, OWN, leave_console, next_code, post, secret_of, signed_in
from tests.gateway.chats import settings_at
from tests.inbox.test_inbox import conninfo

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    assert code_at(RFC_SECRET, step_at(seconds), digits=8) == code


def test_a_code_is_taken_one_step_around_now_and_never_twice() -> None:
    now = 1_800_000_000.0
    for away in range(-5, 6):
        step = step_at(now) + away
        taken = step_of_code(RFC_SECRET, code_at(RFC_SECRET, step), seconds=now, after=0)
        assert taken == (step if abs(away) <= DRIFT else None)
        assert step_of_code(RFC_SECRET, code_at(RFC_SECRET, step), seconds=now, after=step) is None
    assert step_of_code(RFC_SECRET, "", seconds=now, after=0) is None
    assert step_of_code(RFC_SECRET, "０" * 6, seconds=now, after=0) is None


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(Argon2idHasher, "memory_kib", 64)
    monkeypatch.setattr(settings, "DAXIANG", settings_at(tmp_path, "2026-11-24T08:10"))
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "TRUNCATE staff, staff_session, staff_failure, staff_factor, staff_recovery,"
            " audit_look, audit_deed"
        )
    return Client(enforce_csrf_checks=True)


database = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class TestAtTheDoor:
    pytestmark = database

    def test_a_right_password_alone_opens_nothing(self, instance: Client) -> None:
        signed_in(instance)
        secret = secret_of("zhao")
        leave_console(instance)
        post(instance, "sign-in", name="zhao", password=OWN)
        for page in ("", "messages/", "password/", "audit/"):
            assert instance.get(f"/console/{page}")["Location"] == "/console/code/", page
        assert instance.get("/console/enrol/")["Location"] == "/console/"
        assert post(instance, "code", code="000000").status_code == 403
        assert post(instance, "code", code=next_code("zhao", secret)).status_code == 302
        assert instance.get("/console/messages/").status_code == 200

    def test_the_code_that_bound_the_telephone_opens_nothing_again(self, instance: Client) -> None:
        signed_in(instance)
        used = StaffFactor.objects.get().last_step
        leave_console(instance)
        post(instance, "sign-in", name="zhao", password=OWN)
        assert post(instance, "code", code=code_at(secret_of("zhao"), used)).status_code == 403

    def test_a_recovery_code_opens_once_and_the_secret_is_shown_no_more(self, instance: Client) -> None:
        signed_in(instance)
        reset_factor(name="zhao", by="os:test", now=NOW)
        leave_console(instance)
        post(instance, "sign-in", name="zhao", password=OWN)
        page = instance.get("/console/enrol/").content.decode()
        assert page.count('class="mono">') == 1
        secret = secret_of("zhao")
        shown = post(instance, "enrol", code=code_at(secret, step_at(time.time()))).content.decode()
        codes = [line.split("<")[0] for line in shown.split("<li>")[1:]]
        assert len(set(codes)) == 8
        for outcome in (302, 403):
            leave_console(instance)
            post(instance, "sign-in", name="zhao", password=OWN)
            assert post(instance, "code", code=codes[0]).status_code == outcome
        assert codes[0] not in str(list(AuditDeed.objects.values_list()))

    def test_guesses_are_counted_by_account_wherever_they_come_from(self, instance: Client) -> None:
        signed_in(instance)
        staff, sealer = Staff.objects.get(), Sealer(settings.DAXIANG.data_keys)
        for _ in range(MOST_FAILURES):
            with pytest.raises(CodeWrong):
                check_code(staff, code="000000", sealer=sealer, now=NOW, real=time.time())
        right = next_code("zhao", secret_of("zhao"))
        with pytest.raises(CodeWrong, match="等一会儿"):
            check_code(staff, code=right, sealer=sealer, now=NOW, real=time.time())
        later = NOW + SHORTEST_LOCK + timedelta(seconds=1)
        check_code(staff, code=right, sealer=sealer, now=later, real=time.time())
        with pytest.raises(CodeWrong):
            check_code(staff, code=right, sealer=sealer, now=later, real=time.time() + STEP_S)

    def test_the_secret_stands_in_no_table_in_clear(self, instance: Client) -> None:
        signed_in(instance)
        assert secret_of("zhao") not in bytes(StaffFactor.objects.get().secret)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_browser_left_alone_for_an_hour_is_signed_out(
    instance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(instance)
    began = time.time()
    for minutes, status in ((59, 200), (118, 200), (179, 302)):
        monkeypatch.setattr(signing_in.time, "time", lambda at=minutes: began + at * 60)
        assert instance.get("/console/messages/").status_code == status
