"""The internal account: a stranger gets one line, a bound officer the officer's chat."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import psycopg
import pytest
from django.test import Client

from daxiang.domains.duty.box import add_suggestion, mix_suggestions
from daxiang.domains.duty.quiz import add_quiz
from daxiang.domains.duty.roster import Planned, bring_roster
from daxiang.domains.duty.tasks import add_task
from daxiang.domains.officers.people import end_officers
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import units
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.inside import HELP, NO_PERSONS
from tests.gateway.chats import Chat
from tests.gateway.inside_stage import (
    NOW,
    NUMBERS,
    STRANGER,
    Web,
    code_of,
    in_thread,
    officer,
    proven,
    sent,
)
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


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
