"""The review on a reviewer's own phone: her link, one act, a fresh code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from django.conf import settings as django_conf

from daxiang.domains.briefings.operations import act, edit
from daxiang.domains.briefings.queries import edition as edition_of
from daxiang.domains.briefings.workflow import Action, Actor, Part
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.operations import add_staff, set_officer
from daxiang.domains.officers.people import end_officers, officer_of_number
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.permissions import Role
from daxiang.domains.officers.second_factor import enrol, secret_to_enrol
from daxiang.domains.officers.totp import code_at, step_at
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from tests.console.doors import next_code
from tests.gateway.chats import Chat
from tests.gateway.inside_stage import (
    LI,
    NOW,
    NUMBERS,
    STRANGER,
    Web,
    in_thread,
    officer,
    proven,
    written,
)
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TOMORROW = date(2026, 11, 26)


def reviewer_of(number: int, name: str = "wu") -> bytes:
    """An account of the console with a telephone, whose officer is that one; the telephone's secret."""
    add_staff(name=name, by="os:test", now=NOW, roles=[Role.REVIEWER])
    Staff.objects.filter(name=name).update(must_change=False)
    with psycopg.connect(conninfo()) as link, link.cursor() as cursor:
        marks = PeopleMarks(django_conf.DAXIANG.index_key)
        ident = officer_of_number(cursor, f"{number:06}", marks=marks)
    set_officer(name=name, officer=ident, by="os:test", now=NOW)
    sealer = Sealer(django_conf.DAXIANG.data_keys)
    staff = Staff.objects.get(name=name)
    secret = secret_to_enrol(staff, sealer=sealer)
    assert secret is not None
    real = time.time()
    enrol(staff, code=code_at(secret, step_at(real)), sealer=sealer, now=NOW, real=real)
    return secret


async def in_review(who: str = "li") -> bytes:
    """Tomorrow's edition waits for its reviewer."""

    def wait() -> bytes:
        with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
            held, digest = written(cursor, TOMORROW)
            actor = Actor(name=who, parts=frozenset({Part.EDITOR}))
            act(cursor, held, Action.SEND_FOR_REVIEW, actor, now=NOW, seen=digest)
            return held

    return await in_thread(wait)


def status_of(held: bytes) -> tuple[str, str | None, str]:
    with psycopg.connect(conninfo()) as link:
        row = link.execute(
            "SELECT status, approved_by, reviewer FROM briefing_edition WHERE id = %s", (held,)
        ).fetchone()
    assert row is not None
    return row


async def review_page(chat: Chat) -> str:
    found = re.search(r"/m/review/([\w-]+)/", await chat.says("待审"))
    assert found is not None
    return found[0]


async def test_the_reviewer_approves_on_her_phone_once_with_a_fresh_code(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    chat, other = await officer(city, opened), await officer(city, opened, NUMBERS[1])
    assert "只给审核的人" in await chat.says("待审")
    secret = await in_thread(reviewer_of, NUMBERS[0])
    assert "没有等您审定" in await chat.says("待审")
    assert "待审" in await chat.says("帮助")
    held = await in_review()
    told = await chat.says("待审")
    assert "11月26日平日版第1稿等您审定，请在7:30前。写稿：l*。" in told
    assert "可在页面里交给s*" in told
    assert "只给审核的人" in await other.says("待审")
    page, second = await review_page(chat), await review_page(chat)
    assert "货车" not in (await Web().get(page)).content.decode()
    assert (await Web().post(f"{page}decide/", {"do": "approve"})).status_code == 302
    browser = await proven(page)
    shown = (await browser.get(page)).content.decode()
    assert "货车全天不能上桥" in shown
    assert "018326" in shown
    wrong = await browser.post(f"{page}decide/", {"do": "approve", "code": "000000"})
    assert (wrong.status_code, status_of(held)[0]) == (409, "in_review")
    code = await in_thread(next_code, "wu", secret)
    done = await browser.post(f"{page}decide/", {"do": "approve", "code": code})
    assert "审定了，11月26日8:00发出。" in done.content.decode()
    assert status_of(held) == ("scheduled", "wu", "wu")
    assert (await browser.get(page)).status_code == 404
    again = await browser.post(f"{second}decide/", {"do": "send_back", "note": "改", "code": code})
    assert again.status_code == 409
    assert status_of(held)[0] == "scheduled"


async def test_a_changed_text_a_late_link_and_her_own_text_are_not_approved(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    chat = await officer(city, opened)
    secret = await in_thread(reviewer_of, NUMBERS[0])
    held = await in_review()
    page = await review_page(chat)
    browser = await proven(page)

    def changed() -> None:
        with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
            content = edition_of(cursor, held).content
            edit(cursor, held, content=replace(content, teaser="昨日警情39起。"), actor=LI, now=NOW)
            act(cursor, held, Action.SEND_FOR_REVIEW, LI, now=NOW)

    await in_thread(changed)
    assert "改过了" in (await browser.get(page)).content.decode()
    code = await in_thread(next_code, "wu", secret)
    assert (await browser.post(f"{page}decide/", {"do": "approve", "code": code})).status_code == 409
    assert status_of(held)[0] == "in_review"
    fresh = await review_page(chat)
    assert "比第1稿改了 1 处" in (await browser.get(fresh)).content.decode()
    with psycopg.connect(conninfo(), autocommit=True) as link:
        assert link.execute("SELECT max(until) FROM officer_link").fetchone() == (
            NOW + timedelta(minutes=15),
        )
        link.execute("UPDATE officer_link SET until = %s", (NOW,))
    assert (await browser.get(fresh)).status_code == 404
    with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
        act(cursor, held, Action.WITHDRAW, LI, now=NOW)
    await in_review(who="wu")
    assert "没有等您审定" in await chat.says("待审")


async def test_sent_back_with_a_reason_or_handed_to_the_deputy(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    chat = await officer(city, opened)
    secret = await in_thread(reviewer_of, NUMBERS[0])
    held = await in_review()
    page = await review_page(chat)
    browser = await proven(page)
    code = await in_thread(next_code, "wu", secret)
    assert (await browser.post(f"{page}decide/", {"do": "send_back", "code": code})).status_code == 409
    handed = await browser.post(f"{page}decide/", {"do": "hand_on", "code": code})
    assert "交给sun了" in handed.content.decode()
    assert status_of(held) == ("in_review", None, "sun")
    page = await review_page(chat)
    code = await in_thread(next_code, "wu", secret)
    back = await browser.post(f"{page}decide/", {"do": "send_back", "note": "伤者人数不对", "code": code})
    assert "退回了" in back.content.decode()
    assert status_of(held)[0] == "draft"


async def test_a_leavers_account_ends_and_her_review_link_with_it(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    chat = await officer(city, opened)
    await in_thread(reviewer_of, NUMBERS[0])
    await in_review()
    page = await review_page(chat)
    browser = await proven(page)
    with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
        cursor.execute("SELECT id FROM officer WHERE person IS NOT NULL")
        end_officers(cursor, [cursor.fetchall()[0][0]], now=NOW)
        assert cursor.execute("SELECT is_active FROM staff WHERE name = 'wu'").fetchone() == (False,)
        assert cursor.execute(
            "SELECT who, deed FROM audit_deed WHERE target = 'wu' ORDER BY id DESC LIMIT 1"
        ).fetchone() == ("roll", "ended")
    assert (await browser.get(page)).status_code == 404
    assert STRANGER in await chat.says("待审")
