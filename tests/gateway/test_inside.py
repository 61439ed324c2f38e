"""The internal account: a stranger gets one line, a bound officer the officer's chat."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_conf
from django.db import connections
from django.test import Client

from daxiang.domains.briefings.content import Article, Content, Section, SectionKind
from daxiang.domains.briefings.operations import WORKER, EditionKind, Review, act, add_edition, edit
from daxiang.domains.briefings.queries import edition as edition_of
from daxiang.domains.briefings.workflow import Action, Actor, Part
from daxiang.domains.duty.box import add_suggestion, mix_suggestions
from daxiang.domains.duty.quiz import add_quiz
from daxiang.domains.duty.roster import Planned, bring_roster
from daxiang.domains.duty.tasks import add_task
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.operations import add_staff, set_officer
from daxiang.domains.officers.people import bring_roll, end_officers, give_codes, officer_of_number
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import units
from daxiang.domains.officers.permissions import Role
from daxiang.domains.officers.roll import read_roll
from daxiang.domains.officers.second_factor import enrol, secret_to_enrol
from daxiang.domains.officers.totp import code_at, step_at
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.inside import HELP, NO_PERSONS
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.gateway import app as gateway_module
from daxiang.sites.gateway.app import Gateway
from tests.console.doors import next_code
from tests.gateway.chats import Chat, settings_at
from tests.inbox.test_inbox import conninfo
from tests.officers.rolls import roll_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
NUMBERS = [18326, 18327, 18328]
TOMORROW = date(2026, 11, 26)
STRANGER = "只对本单位民警开放"
LI = Actor(name="li", parts=frozenset({Part.EDITOR}))
Officers = Callable[..., Any]


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = settings_at(tmp_path, "2026-11-25T09:00")
    monkeypatch.setattr(django_conf, "DAXIANG", settings)
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: conninfo())
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute(
            "TRUNCATE officer_unit, officer_try, officer_tag, briefing_edition, duty_task, duty_quiz,"
            " duty_suggestion, staff, staff_failure, staff_factor, staff_recovery, audit_deed,"
            " inbox_message, inbox_deferred, outbox_delivery, wechat_contact CASCADE"
        )
        with link.cursor() as cursor:
            bring_roll(
                cursor,
                read_roll(roll_of(NUMBERS).encode()),
                ends_leavers=False,
                marks=PeopleMarks(settings.index_key),
                sealer=Sealer(settings.data_keys),
                now=NOW,
            )
    return settings


@pytest.fixture
async def opened(city: Settings) -> AsyncIterator[Callable[[int], Chat]]:
    gateway = Gateway(city)
    await gateway.start()
    yield lambda number: Chat(city, gateway, openid=f"oInventedOfficer{number:012}", account="subscription")
    await gateway.stop()


class Web:
    """A browser whose pages are asked from a thread of their own, as the web role does."""

    def __init__(self, **options: Any) -> None:
        self._client = Client(**options)

    async def get(self, page: str) -> Any:
        return await asyncio.to_thread(self._closing, self._client.get, page)

    async def post(self, page: str, fields: dict[str, str] | None = None) -> Any:
        return await asyncio.to_thread(self._closing, self._client.post, page, fields or {})

    @property
    def has_cookies(self) -> bool:
        return bool(self._client.cookies)

    def _closing(self, do: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return do(*arguments)
        finally:
            connections.close_all()


def code_of(city: Settings, number: int) -> str:
    with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
        [given] = give_codes(
            cursor,
            marks=PeopleMarks(city.index_key),
            sealer=Sealer(city.data_keys),
            now=NOW,
            number=f"{number:06}",
        )
    return given.code


async def officer(city: Settings, opened: Callable[[int], Chat], number: int = NUMBERS[0]) -> Chat:
    chat = opened(number)
    assert "绑定好了" in await chat.says(f"绑定 {code_of(city, number)}")
    return chat


def written(cursor: psycopg.Cursor[Any], day: date) -> tuple[bytes, bytes]:
    """A draft of li's for that day, and its fingerprint."""
    article = Article(title="", paragraphs=("货车全天不能上桥。",))
    must = Section(kind=SectionKind.MUST, title="人人要知道", articles=(article,))
    content = Content(title="11月25日 周三 简报", teaser="昨日警情38起。", sections=(must,))
    before = datetime(day.year, day.month, day.day, 7, tzinfo=SHANGHAI)
    held = add_edition(
        cursor,
        day=day,
        kind=EditionKind.WEEKDAY,
        content=content,
        review=Review(reviewer="wu", deputy="sun", due_at=before + timedelta(minutes=30)),
        who="li",
        now=before,
    )
    cursor.execute("SELECT digest FROM briefing_edition WHERE id = %(id)s", {"id": held})
    [(digest,)] = cursor.fetchall()
    return held, bytes(digest)


def sent(day: date = date(2026, 11, 25)) -> bytes:
    reviewer = Actor(name="吴审", parts=frozenset({Part.REVIEWER}))
    eight = datetime(day.year, day.month, day.day, 8, tzinfo=SHANGHAI)
    before = eight - timedelta(hours=1)
    with (
        psycopg.connect(conninfo(), autocommit=True) as link,
        link.transaction(),
        link.cursor() as cursor,
    ):
        held, digest = written(cursor, day)
        for action, who in (
            (Action.SEND_FOR_REVIEW, LI),
            (Action.APPROVE, reviewer),
            (Action.SCHEDULE, LI),
        ):
            act(cursor, held, action, who, now=before, seen=digest, at=eight)
        for action in (Action.CLAIM, Action.ACCEPT):
            act(cursor, held, action, WORKER, now=eight)
    return held


@pytest.mark.parametrize(
    "words",
    ["今日", "值班", "你好", "5", "鄂A12345", "换班 018326", "绑定啊", "收到", "解绑", "意见箱", "投稿 好"],
)
async def test_a_stranger_hears_one_line_whatever_she_writes(
    city: Settings, opened: Callable[[int], Chat], words: str
) -> None:
    sent()
    told = await opened(1).says(words)
    assert (STRANGER in told) is not words.startswith("绑定")
    for inside in ("昨日警情", "018326", "href", "洪山", "大队"):
        assert inside not in told


async def test_a_code_opens_the_officers_chat_and_a_wrong_one_tells_nothing(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    chat = opened(NUMBERS[0])
    wrong = await chat.says("绑定 22223333")
    code = code_of(city, NUMBERS[0])
    assert "绑定好了" in await chat.says(code)
    assert await chat.says("帮助") == HELP
    other = opened(5)
    assert await other.says(f"绑定 {code}") == wrong
    assert STRANGER in await other.says("今日")


async def test_danger_comes_first_for_officers_and_strangers_alike(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    for chat in (opened(9), await officer(city, opened)):
        assert "120" in (await chat.says("出车祸了有人受伤")).splitlines()[0]


async def test_a_leaver_and_who_unbinds_are_strangers_with_the_next_word(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    first, second = await officer(city, opened), await officer(city, opened, NUMBERS[1])
    with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
        cursor.execute("SELECT id FROM officer WHERE person IS NOT NULL ORDER BY id")
        end_officers(cursor, [cursor.fetchall()[0][0]], now=NOW)
    assert STRANGER in await first.says("帮助")
    assert "解绑了" in await second.says("解绑")
    assert STRANGER in await second.says("帮助")


async def test_todays_briefing_is_read_on_her_own_page_and_nobody_elses(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    chat = await officer(city, opened)
    assert "还没有发过" in await chat.says("今日")
    sent()
    told = await chat.says("今日")
    assert "吴*审定" in told
    found = re.search(r"/m/edition/([\w-]+)/", told)
    assert found is not None
    page = found[0]
    hers, stranger = Web(), Web()
    assert "警号后4位" in (await hers.get(page)).content.decode()
    assert "货车" not in (await hers.get(page)).content.decode()
    proven = await hers.post(f"{page}prove/", {"tail": "8326"})
    assert proven["Location"] == page
    shown = (await hers.get(page)).content.decode()
    assert "货车全天不能上桥" in shown
    assert "018326" in shown
    assert "货车" not in (await stranger.get(page)).content.decode()
    assert (await stranger.post(f"{page}read/")).status_code == 404
    (await hers.post(f"{page}read/"))
    (await hers.post(f"{page}understood/"))
    assert "已读</p>" in (after := (await hers.get(page)).content.decode())
    assert "点了“明白了”" in after
    with psycopg.connect(conninfo()) as link:
        row = link.execute("SELECT count(read_at), count(understood_at) FROM briefing_receipt").fetchone()
    assert row == (1, 1)


async def test_an_edition_that_the_platform_has_and_we_do_not_know_so_yet_is_todays(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    """The teaser is on the telephones, the platform's answer to us was lost: 今日 must not say that there is
    none.
    """
    chat = await officer(city, opened)
    held = sent()
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute("UPDATE briefing_edition SET status = 'sending' WHERE id = %s", (held,))
    found = re.search(r"/m/edition/([\w-]+)/", await chat.says("今日"))
    assert found is not None
    browser = await proven(found[0])
    assert "货车全天不能上桥" in (await browser.get(found[0])).content.decode()


async def test_a_forwarded_link_shows_a_stranger_nothing_in_a_thousand_tries(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    chat = await officer(city, opened)
    sent()
    found = re.search(r"/m/edition/([\w-]+)/", await chat.says("今日"))
    assert found is not None
    page, secret = found[0], found[1]

    def shown() -> int:
        many = 0
        for number in range(1000):
            stranger = Client(HTTP_COOKIE=f"daxiang_officer={number:032}")
            way = number % 4
            asked = page if way < 2 else f"/m/edition/{secret[:-1]}{'A' if way == 2 else 'B'}/"
            tail = {"tail": f"{number:04}"}
            answer = stranger.post(f"{asked}prove/", tail) if way == 1 else stranger.get(asked)
            many += "货车" in answer.content.decode() or answer.status_code == 302
        return many

    assert await in_thread(shown) == 0


async def test_the_officers_commands_answer(city: Settings, opened: Callable[[int], Chat]) -> None:
    first, second = await officer(city, opened), await officer(city, opened, NUMBERS[1])
    marks = PeopleMarks(city.index_key)
    with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
        plan = [
            ("长江大桥", 18326, NOW - timedelta(hours=1), True),
            ("长江大桥", 18327, NOW + timedelta(hours=7), True),
            ("白沙洲", 18326, NOW + timedelta(days=1), False),
        ]
        bring_roster(
            cursor,
            [
                Planned(
                    post=post,
                    number=f"{number:06}",
                    starts_at=at,
                    ends_at=at + timedelta(hours=8),
                    is_lead=lead,
                )
                for post, number, at, lead in plan
            ],
            marks=marks,
        )
        add_quiz(
            cursor,
            opens_at=NOW - timedelta(days=1),
            ends_at=NOW + timedelta(days=1),
            question="货车能上长江大桥吗？",
            choices=["能", "不能"],
            correct=2,
            because="全天禁行。",
        )
        add_task(cursor, "白沙洲大桥南向故障车", units=[one.id for one in units(cursor)], who="desk", now=NOW)
    duty = await first.says("值班 长江大桥")
    assert "长江大桥 带班" in duty
    assert "接班" in duty
    assert "018326" not in duty
    assert "没有查到" in await first.says("值班 汉口北")
    assert "白沙洲" in await first.says("我的班")
    asked = await first.says("换班 018327")
    number = re.search(r"同意换班 (\d+)", asked)
    assert number is not None
    assert "已经在问" in await first.says("换班 018327")
    assert "换好了" in await second.says(f"同意换班 {number[1]}")
    assert "白沙洲" in await second.says("我的班")
    assert "白沙洲" not in await first.says("我的班")
    assert "没有人请您" in await second.says("同意换班")
    assert "A 能" in await first.says("测验")
    assert "您答A，应该是B" in await first.says("测验 A")
    assert "您答A" in await first.says("测验 B")
    assert "白沙洲大桥南向故障车" in await first.says("收到")
    assert "没有等您" in await first.says("收到")
    assert "留下了" in await first.says("交接班 对讲机在柜子里")
    assert "意见" in (box := await first.says("意见箱"))
    assert box == await second.says("意见箱")
    assert await first.says("查一下鄂A12345车主") == NO_PERSONS
    assert "不能" in await first.says("查规定 货车能上长江大桥吗")
    assert "不能" in await first.says("货车能上长江大桥吗")
    assert "投稿" in await first.says("投稿 夜里查酒驾怎么站位")
    assert "帮助" in await first.says("哈哈哈哈嘟嘟嘟")


async def test_a_suggestion_is_kept_with_the_day_and_nothing_else(
    city: Settings, opened: Callable[[int], Chat]
) -> None:
    chat = await officer(city, opened)
    found = re.search(r"/m/box/(\w+)/", await chat.says("意见箱"))
    assert found is not None
    browser = Web()
    assert "收到了" in (await browser.post(found[0], {"words": "夜班的灯太暗"})).content.decode()
    assert not browser.has_cookies
    assert (await browser.get("/m/box/" + "0" * 32 + "/")).status_code == 404
    assert (await browser.post(found[0], {"words": ""})).status_code == 422
    with psycopg.connect(conninfo()) as link:
        rows = link.execute("SELECT words, day FROM duty_suggestion").fetchall()
        columns = link.execute("SELECT * FROM duty_suggestion LIMIT 0").description
    assert rows == [("夜班的灯太暗", date(2026, 11, 25))]
    assert columns is not None
    assert [one.name for one in columns] == ["id", "words", "day"]


async def test_not_even_a_rows_transaction_tells_when_a_suggestion_was_written(city: Settings) -> None:
    days = [NOW.date() - timedelta(days=away) for away in (0, 0, 1, 9)]
    with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
        for number, day in enumerate(days):
            assert add_suggestion(cursor, f"意见{number}", day=day)
        before = link.execute("SELECT words, day FROM duty_suggestion ORDER BY words").fetchall()
        mix_suggestions(cursor, since=NOW.date() - timedelta(days=2))
        after = link.execute("SELECT words, day FROM duty_suggestion ORDER BY words").fetchall()
        assert after == before
        fresh = "SELECT count(DISTINCT xmin::text) FROM duty_suggestion WHERE day > %s"
        assert link.execute(fresh, (NOW.date() - timedelta(days=2),)).fetchone() == (1,)


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


async def in_thread(do: Callable[..., Any], *arguments: Any) -> Any:
    def closing() -> Any:
        try:
            return do(*arguments)
        finally:
            connections.close_all()

    return await asyncio.to_thread(closing)


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


async def proven(page: str, tail: str = "8326") -> Web:
    browser = Web()
    assert (await browser.post(f"{page}prove/", {"tail": tail}))["Location"] == page
    return browser


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
