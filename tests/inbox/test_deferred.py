"""Messages whose answer is owed: claimed once, finished once, taken over when their process is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from daxiang.foundation.inbox.deferred import Settled, claim_deferred, finish, take_over
from daxiang.foundation.inbox.operations import Received, stored_answers, writing
from daxiang.foundation.outbox.operations import Delivery
from tests.inbox.test_inbox import SEALER, SECRET, conninfo, message

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Connection = psycopg.AsyncConnection[Any]
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        await opened.execute("TRUNCATE inbox_message, inbox_deferred, outbox_delivery, outbox_move")
        yield opened


async def claimed(
    connection: Connection, *messages: Received, owner: str = "a", lease_s: float = 40
) -> set[bytes]:
    return await claim_deferred(
        connection, messages=messages, lane="relay", owner=owner, lease_s=lease_s, sealer=SEALER
    )


def late(one: Received) -> Delivery:
    return Delivery(
        channel="wechat.custom",
        account=one.account,
        person=bytes(32),
        payload=b"late",
        dedup=one.identity,
        created_at=NOW,
        not_before=NOW,
        expires_at=NOW + timedelta(hours=48),
    )


async def count(connection: Connection, table: str) -> int:
    row = await (
        await connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    ).fetchone()
    assert row is not None
    return int(row[0])


async def test_a_message_is_claimed_by_one_owner_only(connection: Connection) -> None:
    assert await claimed(connection, message(1), message(2)) == {
        message(1).identity,
        message(2).identity,
    }
    assert await claimed(connection, message(2), message(3), owner="b") == {message(3).identity}


async def test_what_is_answered_already_is_nobodys_to_claim(connection: Connection) -> None:
    await claimed(connection, message(1))
    await finish(connection, settled=[Settled(message(1), None)], sealer=SEALER)
    assert await claimed(connection, message(1), owner="b") == set()
    assert await count(connection, "inbox_deferred") == 0


async def test_a_claim_that_waited_for_the_finishing_transaction_is_not_given(connection: Connection) -> None:
    await claimed(connection, message(1))
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as other:
        async with connection.transaction():
            await connection.execute("DELETE FROM inbox_deferred")
            waiting = asyncio.create_task(claimed(other, message(1), owner="b"))
            while not await _is_blocked(connection, other):  # noqa: ASYNC110 (the server tells no event of it)
                await asyncio.sleep(0)
            await _keep(connection, message(1))
        assert await waiting == set()
    assert await count(connection, "inbox_deferred") == 0


async def _is_blocked(connection: Connection, other: Connection) -> bool:
    asked = await connection.execute(
        "SELECT cardinality(pg_blocking_pids(%s)) > 0", (other.info.backend_pid,)
    )
    row = await asked.fetchone()
    return bool(row and row[0])


async def _keep(connection: Connection, one: Received) -> None:
    await connection.execute(*writing([one], SEALER))


async def test_finishing_twice_keeps_the_first_answer_and_sends_one_late_message(
    connection: Connection,
) -> None:
    one, other = message(1, answer=b""), message(1, answer=b"other")
    await claimed(connection, one)
    assert await finish(connection, settled=[Settled(one, late(one))], sealer=SEALER) == {one.identity}
    assert await finish(connection, settled=[Settled(other, late(one))], sealer=SEALER) == set()
    assert await stored_answers(connection, [one], SEALER) == {one.identity: b""}
    assert await count(connection, "outbox_delivery") == 1
    assert await count(connection, "inbox_deferred") == 0


async def test_a_message_whose_process_is_gone_is_taken_over_once(connection: Connection) -> None:
    await claimed(connection, message(1), lease_s=-1)
    await claimed(connection, message(2), lease_s=40)

    async def over() -> list[Any]:
        return await take_over(connection, lanes=["relay"], owner="w", lease_s=40, most=10, sealer=SEALER)

    [owed] = await over()
    assert (owed.identity, owed.body, owed.day) == (message(1).identity, SECRET, date(2026, 11, 24))
    assert await over() == []
