"""Whoever withdraws consent is forgotten in the outbox too: nothing waits for her, no address is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from daxiang.foundation.outbox.moves import Ending, Status
from daxiang.foundation.outbox.operations import expire
from daxiang.integrations.wechat.contacts.operations import forget_contact, touching
from daxiang.integrations.wechat.contacts.sql import TOUCH_CONTACTS
from tests.inbox.test_inbox import conninfo
from tests.outbox.test_outbox import NOW, SEALER, claimed, delivery, ended, put, status
from tests.wechat_contacts.test_contacts import touch

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Connection = psycopg.AsyncConnection[Any]
PERSON = (1).to_bytes(32, "big")
LATER = NOW + timedelta(seconds=10)


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        await opened.execute("TRUNCATE outbox_delivery, outbox_move, wechat_contact")
        yield opened


def forget(at: Any = NOW) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as other, other.transaction():
        forget_contact(other, account="service", person=PERSON, at=at, now=LATER)


async def payloads(connection: Connection) -> int:
    """How many deliveries still hold words and an address."""
    row = await (
        await connection.execute("SELECT count(*) FROM outbox_delivery WHERE payload <> ''")
    ).fetchone()
    assert row is not None
    return int(row[0])


async def test_what_waits_is_ended_and_nobody_elses_is(connection: Connection) -> None:
    await put(connection, delivery(1), delivery(2), delivery(3, person=2))
    forget()
    assert sorted(await status(connection)) == [Status.EXPIRED, Status.EXPIRED, Status.WAITING]
    assert await payloads(connection) == 1
    moves = await (await connection.execute("SELECT action, code FROM outbox_move")).fetchall()
    assert moves == [("expire", "forgotten")] * 2


async def test_of_what_was_sent_no_address_is_kept(connection: Connection) -> None:
    await put(connection, delivery(1))
    [one] = await claimed(connection)
    await ended(connection, one, Ending.SENT)
    forget()
    assert (await status(connection), await payloads(connection)) == ([Status.SENT], 0)


async def test_what_is_under_way_is_not_tried_again(connection: Connection) -> None:
    await put(connection, delivery(1))
    [one] = await claimed(connection)
    forget()
    await ended(connection, one, Ending.NOT_NOW, now=LATER)
    assert await claimed(connection, now=LATER + timedelta(minutes=5)) == []
    await expire(connection, now=LATER)
    assert (await status(connection), await payloads(connection)) == ([Status.EXPIRED], 0)


async def test_what_may_have_arrived_is_not_said_to_have_reached_nobody(connection: Connection) -> None:
    await put(connection, delivery(1, channel="known"))
    [one] = await claimed(connection)
    await ended(connection, one, Ending.IN_DOUBT)
    forget()
    assert (await status(connection), await payloads(connection)) == ([Status.UNKNOWN], 0)


async def test_after_a_later_follow_only_what_is_older_than_the_withdrawal_goes(
    connection: Connection,
) -> None:
    followed = touch(1, "event:subscribe", 5)._replace(person=PERSON)
    await connection.execute(TOUCH_CONTACTS, touching([followed], SEALER))
    old, new = delivery(1), replace(delivery(2), created_at=NOW + timedelta(seconds=6))
    await put(connection, old)
    await put(connection, new)
    forget(at=NOW + timedelta(seconds=1))
    assert await status(connection) == [Status.EXPIRED, Status.WAITING]
