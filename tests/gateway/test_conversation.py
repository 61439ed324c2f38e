"""Whole conversations through the gateway on a real PostgreSQL: what is leaned on, kept, dropped and done."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation.inbox.deferred import claim_deferred
from daxiang.foundation.inbox.operations import Received
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat import conversing
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.conversing import conversation_of
from daxiang.integrations.wechat.reading import read_message
from daxiang.jobs.resuming import Resuming
from daxiang.sites.gateway import app as gateway_module
from daxiang.sites.gateway import callbacks as callbacks_module
from daxiang.sites.gateway.app import Gateway
from tests.gateway.chats import Chat, settings_at
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TABLES = (
    "inbox_message, inbox_deferred, outbox_delivery, outbox_move, wechat_contact, resident_talk, "
    "resident_car, resident_evening, resident_message, resident_awaited"
)
PLATE = "鄂A12345"
NewChat = Callable[..., Any]


def rows(statement: str) -> list[Any]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
async def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[NewChat]:
    """A new chat with a gateway of its own, at 8:10 on a Tuesday; `with_all` features if so asked."""
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(f"TRUNCATE {TABLES}")
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: conninfo())
    async with AsyncExitStack() as stack:

        async def made(**options: Any) -> Chat:
            changes = {name: options.pop(name) for name in ("features", "relay") if name in options}
            settings = settings_at(tmp_path, options.pop("at", "2026-11-24T08:10"), **changes)
            gateway = Gateway(settings)
            await gateway.start()
            stack.push_async_callback(gateway.stop)
            return Chat(settings, gateway, **options)

        yield made


async def test_a_follow_up_leans_on_what_another_process_heard(chat: NewChat) -> None:
    first, second = await chat(), await chat()
    assert "尾号5" in await first.says("5")
    assert "28日（周六）" in await second.says("那周六呢")


async def test_two_messages_sent_at_once_are_answered_in_their_order(chat: NewChat) -> None:
    anna = await chat()
    tail, weekend = await asyncio.gather(anna.says("5"), anna.says("那周六呢"))
    assert "尾号5，今天" in tail
    assert "28日（周六）" in weekend


async def test_a_tail_that_is_typed_answers_what_was_asked_as_one_that_is_tapped(chat: NewChat) -> None:
    anna, there = await chat(), await chat()
    assert "要看尾号：明天" in await anna.says("明天大桥能走吗")
    assert "明天" in (await there.says("5")).splitlines()[0]
    await anna.says("北京限行吗")
    assert "北京" in (await there.says("京A12345")).splitlines()[0]


async def test_after_half_an_hour_a_follow_up_has_nothing_to_lean_on(chat: NewChat) -> None:
    anna = await chat()
    await anna.says("5")
    anna.waits(minutes=31)
    assert "尾号5" not in await anna.says("那周六呢")


async def test_nobody_leans_on_what_somebody_else_said(chat: NewChat) -> None:
    anna = await chat()
    bert = Chat(anna.settings, anna.gateway, openid="oInventedOpenidOfSomebodyElse")
    await anna.says(PLATE)
    assert "1***5" not in await bert.says("那周六呢")


async def remembered(anna: Chat, plate: str = PLATE) -> str:
    await anna.says(plate)
    asked = await anna.says("记住这辆车")
    assert "加密存放" in asked
    return await anna.taps("同意，记住")


async def test_a_car_is_remembered_after_consent_and_answers_the_menu_in_one_tap(chat: NewChat) -> None:
    anna = await chat()
    assert "记住了" in await remembered(anna)
    anna.waits(hours=20)
    told = await anna.does("CLICK", "today")
    assert "1***5" in told
    assert "25日" in told
    assert rows("SELECT count(*) FROM resident_car") == [(1,)]


async def test_a_consent_tapped_behind_another_question_still_remembers_the_car(chat: NewChat) -> None:
    anna = await chat()
    for words in (PLATE, "记住这辆车", "明天呢", "今天能走吗"):
        await anna.says(words)
    assert "记住了" in await anna.says("同意，记住")
    assert rows("SELECT count(*) FROM resident_car") == [(1,)]


async def test_who_asks_for_the_evening_first_gets_car_and_notice_by_one_consent(chat: NewChat) -> None:
    anna = await chat(features=frozenset({"remember", "evening"}))
    await anna.says("晚上提醒我")
    await anna.taps("5")
    assert "前一天晚上8点" in await anna.taps("同意，记住")
    kept = "SELECT (SELECT count(*) FROM resident_car), (SELECT count(*) FROM resident_evening)"
    assert rows(kept) == [(1, 1)]
    assert "提醒开着" in await anna.says("我的车")


async def test_without_consent_nothing_is_remembered(chat: NewChat) -> None:
    anna = await chat()
    await anna.says(PLATE)
    await anna.says("记住这辆车")
    assert "什么都没有记" in await anna.taps("不用了")
    assert rows("SELECT count(*) FROM resident_car") == [(0,)]


async def test_several_cars_are_all_answered_for_and_a_sixth_is_refused_in_words(chat: NewChat) -> None:
    anna = await chat()
    for number in range(5):
        await remembered(anna, f"鄂A1234{number}")
    assert "最多记5辆" in await remembered(anna, "鄂A12349")
    mine = await anna.says("我的车")
    assert [f"1***{number}" in mine for number in (0, 1, 2, 3, 4, 9)] == [True] * 5 + [False]


async def test_forgetting_takes_everything_and_one_car_only_itself(chat: NewChat) -> None:
    anna = await chat()
    await remembered(anna)
    await remembered(anna, "鄂A12346")
    assert "忘了" in await anna.says("忘记 鄂A12346")
    assert rows("SELECT count(*) FROM resident_car") == [(1,)]
    assert "都忘了" in await anna.says("忘记")
    counts = "SELECT (SELECT count(*) FROM resident_car), (SELECT count(*) FROM resident_talk)"
    assert rows(counts) == [(0, 0)]
    assert "1***5" not in await anna.does("CLICK", "today")


async def test_words_for_the_officers_get_a_number_and_are_kept_sealed(chat: NewChat) -> None:
    anna = await chat()
    await anna.says("给民警留言")
    told = await anna.says("桥上的灯坏了好几天")
    [(number, words, state)] = rows("SELECT number, words, state FROM resident_message")
    assert f"编号{number}" in told
    assert state == "new"
    assert "桥".encode() not in bytes(words)


async def test_a_repeat_of_an_act_gets_its_stored_answer_and_is_done_once(chat: NewChat) -> None:
    anna, other = await chat(), await chat()
    await anna.says("给民警留言")
    first = await anna.says("桥上的灯坏了好几天")
    again = [await one.deliver(anna.sent[-1]) for one in (anna, other, anna)]
    assert again == [(200, first)] * 3
    assert rows("SELECT count(*) FROM resident_message") == [(1,)]


async def test_twice_not_understood_offers_two_meanings_and_the_officers(chat: NewChat) -> None:
    anna = await chat()
    await anna.says("咕噜咕噜")
    await anna.says("叽里呱啦")
    assert len(anna.choices) == 3
    assert "给民警留言" in anna.choices


async def test_a_voice_is_heard_a_place_is_found_and_a_stranger_is_welcomed(chat: NewChat) -> None:
    anna = await chat()
    assert "我听到的是" in await anna.speaks("尾号六，明天晚上十点半，长江大桥走不走得？")
    assert "没听清" in await anna.speaks("")
    assert "不保存" in await anna.is_at(30.5530, 114.2620, "湖北省武汉市汉阳区琴台大道")
    assert "点一下您车牌的最后一位" in await anna.does("SCAN", "poster-7")
    assert "点一下您车牌的最后一位" in await anna.does("CLICK", "help")


async def test_every_answer_names_the_generation_of_its_cards(
    chat: NewChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = replace(load_city("wuhan"), generation="00112233445566778899" + "0" * 44)
    monkeypatch.setattr(conversing, "load_city", lambda city: cards)
    anna = await chat()
    await anna.says("5")
    await anna.says("那周六呢")
    await anna.says("我被撞了")
    await remembered(anna)
    generations = rows("SELECT generation FROM inbox_message ORDER BY received_at")
    of_cards = bytes.fromhex("0011223344556677")
    assert [bytes(one) for (one,) in generations].count(of_cards) == 5
    assert [bytes(one) for (one,) in generations].count(b"") == 1


async def test_a_picture_that_is_wanted_waits_in_the_outbox_sealed(chat: NewChat) -> None:
    anna = await chat(features=frozenset({"remember", "message", "picture"}))
    await anna.says("5")
    assert "图" in await anna.says("今天的图")
    [(channel, payload)] = rows("SELECT channel, payload FROM outbox_delivery")
    assert channel == "wechat.picture"
    assert b"2026-11-24" not in bytes(payload)


async def test_withdrawn_consent_leaves_neither_cars_nor_talk_nor_a_name_on_the_words(chat: NewChat) -> None:
    anna = await chat()
    await remembered(anna)
    await anna.says("给民警留言：桥上的灯坏了好几天")
    await anna.does("user_authorization_revoke", "")
    kept = "SELECT (SELECT count(*) FROM resident_car), (SELECT count(*) FROM resident_talk)"
    assert rows(kept) == [(0, 0)]
    assert rows("SELECT person FROM resident_message") == [(None,)]
    assert rows("SELECT openid FROM wechat_contact") == [(None,)]


async def test_no_plate_and_no_openid_stands_in_any_table_in_clear(chat: NewChat) -> None:
    anna = await chat(features=frozenset({"remember", "message", "picture", "evening"}))
    await remembered(anna)
    await anna.says("晚上提醒我")
    await anna.says("今天的图")
    await anna.says(f"给民警留言：{PLATE}挡路")
    names = [name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    found = [row for name in names for row in rows(f'SELECT * FROM "{name}"')]  # noqa: S608 (the catalogue's)
    stored = b"".join(_plain(value) for row in found for value in row)
    assert len(stored) > 1000
    for secret in (PLATE, "12345", anna.openid, "挡路"):
        assert secret.encode() not in stored


def _plain(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


@pytest.mark.parametrize("account", ["service", "subscription"])
async def test_danger_has_its_numbers_on_line_one_while_the_database_is_away(
    chat: NewChat, monkeypatch: pytest.MonkeyPatch, account: str
) -> None:
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: "host=127.0.0.1 port=1 dbname=none")
    monkeypatch.setattr(callbacks_module, "BUDGET_S", 0.2)
    anna = await chat(account=account)
    for words in ("我被撞了", "有人受伤了"):
        assert "120" in (await anna.says(words)).splitlines()[0]
    assert "120" in (await anna.speaks("前面追尾了有人受伤")).splitlines()[0]
    question = anna.message("<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[那周六呢]]></Content>")
    assert (await anna.deliver(question))[0] == 503
    anna.gateway._lane._spool._held.clear()


async def test_the_worker_does_once_what_a_dead_process_had_acknowledged(chat: NewChat) -> None:
    anna = await chat()
    await anna.says("给民警留言")
    plain = anna.message("<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[桥上没灯]]></Content>")
    settings, message = anna.settings, read_message(plain.encode())
    now, sealer = anna.gateway._clock.now(), Sealer(settings.data_keys)
    kind = message.kind
    received = Received(
        message.identity, now.date(), "service", kind, message.created_at, now, plain.encode(), b""
    )
    resuming = Resuming(
        url=conninfo(),
        sealer=sealer,
        clock=anna.gateway._clock,
        accounts=settings.accounts,
        index=PersonIndex(settings.index_key),
        city="wuhan",
        conversation=conversation_of(settings, sealer),
    )
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
        await claim_deferred(
            connection, messages=[received], lane="transaction", owner="gone", lease_s=-1, sealer=sealer
        )
        assert [await resuming.round(connection) for _ in range(2)] == [1, 0]
    assert rows("SELECT count(*) FROM resident_message") == [(1,)]
    assert rows("SELECT channel, dedup FROM outbox_delivery") == [("wechat.custom", message.identity)]
    assert await anna.deliver(plain) == (200, "")


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
import django
import psycopg
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import read_settings
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.acts import Act, Sender, carry_out
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.conversing import conversation_of
from daxiang.integrations.wechat.reading import read_message
from daxiang.foundation.inbox.operations import Received
from daxiang.kernel.clock import SHANGHAI

url, moment = sys.argv[1], sys.argv[2]
plain = sys.stdin.buffer.read()
settings = read_settings(with_demo_values())
sealer, message = Sealer(settings.data_keys), read_message(plain)
person = PersonIndex(settings.index_key).person_of("service", message.from_user)
now = datetime.fromtimestamp(message.created_at.timestamp(), SHANGHAI)
kind = message.kind
received = Received(message.identity, now.date(), "service", kind, message.created_at, now, plain, b"")
act = Act(message=message, received=received, sender=Sender(account="service", person=person),
          operation=conversation_of(settings, sealer).converse, now=now)

def die_before_the_commit():
    if moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    return True

from daxiang.integrations.wechat.replies import render
from daxiang.integrations.wechat.bodies import Format
def rendered(reply):
    return render(reply, to_user=message.from_user, from_user=message.to_user, created=1, format=Format.XML)
with psycopg.connect(url, autocommit=True) as connection:
    carry_out(connection, act, sealer=sealer, render=rendered, is_passive=die_before_the_commit)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("moment", "kept"), [("before", 0), ("after", 1)])
async def test_a_process_killed_at_an_act_leaves_it_undone_or_done_once(
    chat: NewChat, moment: str, kept: int
) -> None:
    anna = await chat()
    await anna.says("给民警留言")
    plain = anna.message(
        "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[桥上的灯坏了好几天]]></Content>"
    )
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, conninfo(), moment),
        stdin=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )
    await killed.communicate(plain.encode())
    assert killed.returncode == -signal.SIGKILL
    assert rows("SELECT count(*) FROM resident_message") == [(kept,)]
    status, told = await anna.deliver(plain)
    [(number,)] = rows("SELECT number FROM resident_message")
    assert (status, f"编号{number}" in told) == (200, True)


UNSEEN = ["image", "video", "shortvideo", "link", "file"]


@pytest.mark.parametrize("kind", UNSEEN)
async def test_a_photo_is_never_met_by_silence(chat: NewChat, kind: str) -> None:
    anna = await chat(features=frozenset({"message"}))
    message = f"<MsgType><![CDATA[{kind}]]></MsgType><MediaId><![CDATA[m]]></MediaId>"
    status, told = await anna.deliver(anna.message(message))
    assert status == 200
    assert "120" in told.splitlines()[0]
    assert "122" in told.splitlines()[0]
    assert "看不了" in told
    assert anna.choices == ("撞车了", "给民警留言")
    assert "122" in await anna.taps("撞车了")


async def test_a_photo_in_the_place_of_words_for_the_officers_leaves_them_awaited(chat: NewChat) -> None:
    anna = await chat(features=frozenset({"message"}))
    await anna.says("给民警留言")
    await anna.deliver(anna.message("<MsgType><![CDATA[image]]></MsgType><MediaId><![CDATA[m]]></MediaId>"))
    assert "记下了" in await anna.says("桥上的灯坏了")


async def test_the_internal_account_meets_a_photo_with_the_numbers_first(chat: NewChat) -> None:
    inside = await chat(account="subscription")
    message = "<MsgType><![CDATA[image]]></MsgType><MediaId><![CDATA[m]]></MediaId>"
    _, told = await inside.deliver(inside.message(message))
    assert "120" in told.splitlines()[0]
    assert "内部号" in told
