"""The whole gateway with a vendor behind it that has a token and a key of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import psycopg
import pytest

from daxiang.config import django_settings
from daxiang.sites.gateway import app as gateway_module
from daxiang.sites.gateway.app import Gateway
from tests.gateway.test_gateway import Platform
from tests.inbox.test_inbox import conninfo
from tests.relay.accounts import AES_KEY, APP_ID, TOKEN
from tests.relay.test_relay import Gate
from tests.relay.vendors import TheirServer, their_server

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
async def theirs() -> AsyncIterator[TheirServer]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "TRUNCATE inbox_message, inbox_deferred, outbox_delivery, outbox_move, wechat_contact"
        )
    async with their_server() as server:
        yield server


@pytest.fixture
async def platform(theirs: TheirServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Platform]:
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: conninfo())
    given = django_settings.DAXIANG
    service = replace(
        given.accounts["service"],
        app_id=APP_ID,
        relay_url=theirs.url,
        relay_token=TOKEN,
        relay_aes_key=AES_KEY,
    )
    settings = replace(given, accounts={**given.accounts, "service": service})
    gateway = Gateway(settings)
    await gateway.start()
    yield Platform(gateway, settings)
    await gateway.stop()


async def test_what_we_do_not_understand_the_vendor_answers(platform: Platform, theirs: TheirServer) -> None:
    assert await platform.say("公积金怎么查", msg_id=7) == "供应商答 7"
    assert theirs.seen == [7]


@pytest.mark.parametrize("words", ["5", "鄂A12345", "帮助", "追尾了，有人受伤", "车着火了"])
async def test_what_we_handle_and_danger_the_vendor_never_sees(
    platform: Platform, theirs: TheirServer, words: str
) -> None:
    assert "供应商" not in await platform.say(words, msg_id=7)
    assert theirs.seen == []


async def test_danger_does_not_wait_for_the_vendor_that_its_senders_last_message_waits_for(
    platform: Platform, theirs: TheirServer
) -> None:
    theirs.behave = gate = Gate()
    before = asyncio.create_task(platform.say("公积金怎么查", msg_id=7))
    await theirs.asked.wait()
    assert "120" in await platform.say("追尾了，有人受伤", msg_id=8)
    assert not before.done()
    gate.opened.set()
    assert await before == "供应商答 7"


async def test_the_next_message_of_the_same_person_is_answered_after_the_vendors(
    platform: Platform, theirs: TheirServer
) -> None:
    theirs.behave = gate = Gate()
    order: list[str] = []

    async def say(words: str, msg_id: int) -> None:
        order.append(await platform.say(words, msg_id=msg_id))

    before = asyncio.create_task(say("公积金怎么查", 7))
    await theirs.asked.wait()
    behind = asyncio.create_task(say("谢谢", 8))
    gate.opened.set()
    await asyncio.gather(before, behind)
    assert [answer.splitlines()[0] for answer in order] == ["供应商答 7", "不客气，路上慢点。"]
