"""An officer answers what a citizen left: it stands in the outbox, or nothing was done and that is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from daxiang.domains.audit.models import AuditDeed
from daxiang.domains.officers.hashing import Argon2idHasher
from daxiang.domains.officers.permissions import Role
from daxiang.domains.residents.answering import ANSWER_WITHIN, MOVES, Step, hold, move, overdue_messages
from daxiang.domains.residents.errors import MessageHeld
from daxiang.domains.residents.models import ResidentMessage
from daxiang.domains.residents.operations import Resident, forget_resident, leave_message
from daxiang.foundation.outbox.models import OutboxDelivery
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.contacts.operations import Touch, touches_along
from tests.console.doors import NOW, act, signed_in
from tests.gateway.chats import settings_at
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WHO = Resident("service", b"\1" * 32)


@pytest.fixture
def link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[Any]]:
    monkeypatch.setattr(Argon2idHasher, "memory_kib", 64)
    monkeypatch.setattr(settings, "DAXIANG", settings_at(tmp_path, "2026-11-24T08:10"))
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "TRUNCATE staff, staff_session, staff_failure, staff_factor, staff_recovery, resident_message,"
            " audit_look, audit_deed, outbox_delivery, outbox_move, wechat_contact"
        )
        yield connection


def sealer() -> Sealer:
    return Sealer(settings.DAXIANG.data_keys)


def left(link: psycopg.Connection[Any], *, hours_ago: float, has_written: bool = True) -> int:
    at = NOW - timedelta(hours=hours_ago)
    number = leave_message(link, WHO, words="桥上的灯坏了", now=at, sealer=sealer())
    if has_written:
        touch = Touch(WHO.account, WHO.person, "oNobody", "text", at)
        for statement, parameters in touches_along([touch], sealer()):
            link.execute(statement, parameters)
    return number


def answered(browser: Client, number: int, words: str = "已经报修，今晚会亮。") -> Any:
    return act(browser, f"/console/messages/{number}/answer/", words=words)


def test_an_answer_stands_in_the_outbox_for_her_who_asked(link: psycopg.Connection[Any]) -> None:
    number = left(link, hours_ago=2)
    browser = signed_in(Client(enforce_csrf_checks=True))
    assert answered(browser, number).status_code == 302
    [delivery] = OutboxDelivery.objects.all()
    payload = json.loads(sealer().open(bytes(delivery.payload), b"outbox:" + bytes(delivery.id)))
    assert payload["openid"] == "oNobody"
    assert (
        payload["content"]["text"]["content"] == f"民警回复您的留言（编号{number}）：\n已经报修，今晚会亮。"
    )
    assert delivery.expires_at == NOW - timedelta(hours=2) + timedelta(hours=48)
    kept = ResidentMessage.objects.get()
    assert (kept.state, kept.taken_by, kept.answered_at) == ("taken", "zhao", NOW)
    assert "报修" not in str(bytes(kept.answer or b""))
    assert AuditDeed.objects.filter(deed="message_answered", target=str(number)).count() == 1
    shown = browser.get(f"/console/messages/{number}/").content.decode()
    assert "已经报修" in shown
    assert "正在送" in shown


@pytest.mark.parametrize(("hours_ago", "has_written"), [(49, True), (1, False)])
def test_where_nothing_can_be_sent_nothing_is_done_and_the_words_stay_in_the_form(
    link: psycopg.Connection[Any], hours_ago: float, has_written: bool
) -> None:
    number = left(link, hours_ago=hours_ago, has_written=has_written)
    browser = signed_in(Client(enforce_csrf_checks=True))
    answer = answered(browser, number)
    assert answer.status_code == 409
    assert "发不到她的微信" in answer.content.decode()
    assert "已经报修，今晚会亮。</textarea>" in answer.content.decode()
    assert OutboxDelivery.objects.count() == 0
    assert ResidentMessage.objects.get().state == "new"
    assert not AuditDeed.objects.filter(deed="message_answered").exists()


def test_after_consent_is_withdrawn_nothing_leads_from_an_answer_to_her(
    link: psycopg.Connection[Any],
) -> None:
    number = left(link, hours_ago=2)
    browser = signed_in(Client(enforce_csrf_checks=True))
    answered(browser, number)
    forget_resident(link, WHO)
    kept = ResidentMessage.objects.get()
    assert (kept.person, kept.delivery) == (None, None)
    assert "撤回了授权" in answered(browser, number).content.decode()


def test_what_another_works_on_is_neither_answered_nor_closed(link: psycopg.Connection[Any]) -> None:
    number = left(link, hours_ago=2)
    zhao = signed_in(Client(enforce_csrf_checks=True))
    wang = signed_in(Client(enforce_csrf_checks=True), "wang", Role.EDITOR)
    assert act(zhao, f"/console/messages/{number}/take/").status_code == 302
    for step in ("take", "answer", "done", "give-back"):
        refused = act(wang, f"/console/messages/{number}/{step}/", words="好")
        assert refused.status_code == 409, step
        assert "zhao 正在办这条留言" in refused.content.decode()
    assert act(zhao, f"/console/messages/{number}/give-back/").status_code == 302
    assert act(wang, f"/console/messages/{number}/done/").status_code == 302
    assert OutboxDelivery.objects.count() == 0


@pytest.mark.parametrize(("state", "step"), list(product(["new", "taken", "closed"], Step)))
def test_the_table_of_moves_is_what_happens(link: psycopg.Connection[Any], state: str, step: Step) -> None:
    number = left(link, hours_ago=2)
    with link.transaction(), link.cursor() as cursor:
        if state != "new":
            move(cursor, hold(cursor, number), Step.TAKE, who="zhao", now=NOW)
        if state == "closed":
            move(cursor, hold(cursor, number), Step.CLOSE, who="zhao", now=NOW)
        held = hold(cursor, number)
        assert held.state == state
        if (state, step) not in MOVES:
            with pytest.raises(MessageHeld):
                move(cursor, held, step, who="zhao", now=NOW)
        elif step is not Step.ANSWER:
            move(cursor, held, step, who="zhao", now=NOW)
            assert hold(cursor, number).state == MOVES[state, step]


def test_the_clock_counts_to_the_answer_and_no_further(link: psycopg.Connection[Any]) -> None:
    number = left(link, hours_ago=2)
    due = NOW - timedelta(hours=2) + ANSWER_WITHIN
    with link.cursor() as cursor:
        assert overdue_messages(cursor, now=due) == 0
        assert overdue_messages(cursor, now=due + timedelta(seconds=1)) == 1
    browser = signed_in(Client(enforce_csrf_checks=True))
    answered(browser, number)
    with link.cursor() as cursor:
        assert overdue_messages(cursor, now=due + timedelta(days=1)) == 0


@pytest.mark.parametrize("words", ["", "  \r\n ", "长" * 501])
def test_an_answer_of_no_words_or_too_many_is_refused_with_the_words_kept(
    link: psycopg.Connection[Any], words: str
) -> None:
    number = left(link, hours_ago=2)
    browser = signed_in(Client(enforce_csrf_checks=True))
    answer = answered(browser, number, words)
    assert answer.status_code == 422
    assert f">{words.strip()}</textarea>" in answer.content.decode()
    assert OutboxDelivery.objects.count() == 0
