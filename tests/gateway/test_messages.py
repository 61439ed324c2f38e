"""Words for the officers through the gateway: left, limited, taken back, never lost beside danger unsaid."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from datetime import UTC, datetime

import psycopg
import pytest

from daxiang.domains.residents.operations import MOST_MESSAGES, see_messages
from daxiang.sites.gateway import app as gateway_module
from daxiang.sites.gateway import callbacks as callbacks_module
from tests.gateway.test_conversation import NewChat, chat, remembered, rows
from tests.inbox.test_inbox import conninfo

__all__ = ["chat"]
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

KEPT = "SELECT number FROM resident_message ORDER BY number"
NOT_LEFT = "没有当留言记下"


def numbers() -> list[int]:
    return [number for (number,) in rows(KEPT)]


def see(*seen: int) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as connection, connection.cursor() as cursor:
        see_messages(cursor, numbers=seen, now=datetime.now(UTC))


async def test_forgetting_says_what_goes_what_stays_why_and_until_when(chat: NewChat) -> None:
    anna = await chat()
    await remembered(anna)
    await anna.says("给民警留言：桥上的灯坏了好几天")
    [number] = numbers()
    told = (await anna.says("忘记")).splitlines()
    assert told == [
        "都忘了：记住的车、晚上的提醒、刚才聊到哪儿，都删掉了。",
        f"您给民警的留言（{number}）要等民警办，办完30天后删。民警没看的能撤回：说“撤回留言 {number}”。",
        "来往消息的加密底稿还留着，只为查对答得对不对，满184天自动删。",
    ]
    assert numbers() == [number]
    assert rows("SELECT count(*) > 0 FROM inbox_message") == [(True,)]


async def test_who_left_no_words_is_told_only_of_the_record(chat: NewChat) -> None:
    told = await (await chat()).says("忘记")
    assert "留言" not in told
    assert "满184天自动删" in told


async def test_a_message_is_taken_back_while_nobody_has_seen_it(chat: NewChat) -> None:
    anna = await chat()
    for words in ("桥上的灯坏了", "隧道里积水"):
        await anna.says(f"给民警留言：{words}")
    first, second = numbers()
    assert f"编号{first}、{second}" in await anna.says("撤回留言")
    assert f"编号{first}的留言已经删掉" in await anna.says(f"撤回留言 {first}")
    assert numbers() == [second]
    assert f"没有找到您编号{first}的留言" in await anna.says(f"撤回留言 {first}")
    see(second)
    assert "民警已经看到了，撤不回来" in await anna.says(f"撤回留言 {second}")
    assert "没有能撤回的留言" in await anna.says("撤回留言")
    assert numbers() == [second]


async def test_the_only_message_is_taken_back_without_its_number(chat: NewChat) -> None:
    anna = await chat()
    await anna.says("给民警留言：桥上的灯坏了")
    assert "已经删掉" in await anna.says("撤回留言")
    assert numbers() == []


async def test_nobody_takes_back_what_somebody_else_left(chat: NewChat) -> None:
    anna, bert = await chat(), await chat(openid="oInventedOpenidOfSomebodyElse")
    await anna.says("给民警留言：桥上的灯坏了")
    [number] = numbers()
    assert f"没有找到您编号{number}的留言" in await bert.says(f"撤回留言 {number}")
    assert numbers() == [number]


async def test_danger_in_place_of_the_words_is_answered_first_and_the_next_words_are_left(
    chat: NewChat,
) -> None:
    anna, other = await chat(), await chat()
    await anna.says("给民警留言")
    told = (await other.says("有人受伤了")).splitlines()
    assert "120" in told[0]
    assert NOT_LEFT in told[-1]
    assert numbers() == []
    assert "记下了" in await anna.says("桥上的灯坏了好几天")
    assert len(numbers()) == 1


async def test_danger_told_as_a_message_says_that_it_was_not_left(chat: NewChat) -> None:
    anna = await chat()
    told = (await anna.says("给民警留言：长江大桥有人受伤了")).splitlines()
    assert "120" in told[0]
    assert NOT_LEFT in told[-1]
    assert numbers() == []
    assert "记下了" in await anna.says("就在武昌那头")


async def test_danger_elsewhere_says_nothing_of_messages(chat: NewChat) -> None:
    assert NOT_LEFT not in await (await chat()).says("有人受伤了")
    inside = await chat(account="subscription")
    assert NOT_LEFT not in await inside.says("给民警留言：有人受伤了")


async def test_danger_has_its_numbers_though_nobody_can_say_whether_words_were_awaited(
    chat: NewChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: "host=127.0.0.1 port=1 dbname=none")
    monkeypatch.setattr(callbacks_module, "BUDGET_S", 0.2)
    monkeypatch.setattr(callbacks_module, "MOMENT_S", 0.05)
    anna = await chat()
    assert "120" in (await anna.says("有人受伤了")).splitlines()[0]
    told = await anna.says("给民警留言：有人受伤了")
    assert "120" in told.splitlines()[0]
    assert NOT_LEFT in told
    anna.gateway._lane._spool._held.clear()


async def test_of_many_messages_at_once_through_two_processes_no_sixth_is_kept(chat: NewChat) -> None:
    one, other = await chat(), await chat()
    told = await asyncio.gather(
        *(who.says(f"给民警留言：第{number}盏灯坏了") for number in range(5) for who in (one, other))
    )
    kept = [found[1] for words in told if (found := re.search(r"编号(\d+)。", words))]
    refused = [words for words in told if "这一条先没有记" in words]
    assert sorted(kept) == sorted(map(str, numbers()))
    assert (len(kept), len(refused)) == (MOST_MESSAGES, 5)
    assert all(words.endswith("急事别等，直接打122。") for words in refused)
    await one.says("撤回留言 " + kept[0])
    assert "记下了" in await other.says("给民警留言：还有一盏灯坏了")


LEAVING = """
import sys
from datetime import datetime
import psycopg
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.inbox.operations import Received
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import read_settings
from daxiang.integrations.wechat.acts import Act, Sender, carry_out
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.conversing import conversation_of
from daxiang.integrations.wechat.reading import read_message
from daxiang.kernel.clock import SHANGHAI

settings = read_settings(with_demo_values())
sealer, index = Sealer(settings.data_keys), PersonIndex(settings.index_key)
converse = conversation_of(settings, sealer).converse
print("ready", flush=True)
plains = sys.stdin.buffer.read().split(b"\\0")
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    for plain in plains:
        message = read_message(plain)
        now = datetime.fromtimestamp(message.created_at.timestamp(), SHANGHAI)
        received = Received(message.identity, now.date(), "service", message.kind, message.created_at, now,
                            plain, b"")
        sender = Sender(account="service", person=index.person_of("service", message.from_user))
        act = Act(message=message, received=received, sender=sender, operation=converse, now=now)
        carry_out(connection, act, sealer=sealer, render=lambda _: b"told", is_passive=lambda: True)
"""


@pytest.mark.system
async def test_of_many_messages_from_two_processes_of_the_system_no_sixth_is_kept(chat: NewChat) -> None:
    anna = await chat()
    text = "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[给民警留言：第{}盏灯坏了]]></Content>"
    given = [[anna.message(text.format(number)).encode() for number in range(10)] for _ in range(2)]
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", LEAVING, conninfo()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=dict(os.environ),
        )
        for _ in given
    ]
    for process in processes:
        assert process.stdout is not None
        await process.stdout.readline()
    await asyncio.gather(
        *(one.communicate(b"\0".join(plains)) for one, plains in zip(processes, given, strict=True))
    )
    assert [one.returncode for one in processes] == [0, 0]
    assert len(numbers()) == MOST_MESSAGES
    assert rows("SELECT count(*) FROM inbox_message") == [(20,)]


async def test_a_message_that_holds_a_plate_is_kept_where_words_are_awaited(chat: NewChat) -> None:
    anna = await chat()
    await anna.says("给民警留言")
    assert "记下了" in await anna.says("鄂A98765 的信号灯坏了 电话13900001111")
    assert len(numbers()) == 1
