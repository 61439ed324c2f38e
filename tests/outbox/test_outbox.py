"""The outbox on a real PostgreSQL: written once, sent once, in order, and taken back from the dead."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from daxiang.foundation.outbox.moves import Attempt, Ending, Policy, Status
from daxiang.foundation.outbox.operations import (
    Claimed,
    Delivery,
    Outcome,
    claim,
    enqueuing,
    expire,
    settle,
    spent_since,
    take_back,
)
from daxiang.foundation.outbox.sql import STATEMENTS
from daxiang.foundation.sealing import Sealer
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SEALER = Sealer({"k1": b"1" * 32})
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
POLICIES = {"plain": Policy(), "known": Policy(same_id_for=timedelta(minutes=10))}
Connection = psycopg.AsyncConnection[Any]


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        await opened.execute("TRUNCATE outbox_delivery, outbox_move")
        yield opened


def delivery(
    number: int, *, person: int = 1, channel: str = "plain", lives: timedelta | None = None
) -> Delivery:
    return Delivery(
        channel=channel,
        account="service",
        person=person.to_bytes(32, "big"),
        payload=b"words for nobody",
        dedup=number.to_bytes(32, "big"),
        created_at=NOW,
        not_before=NOW,
        expires_at=NOW + (lives or timedelta(hours=48)),
    )


async def put(connection: Connection, *deliveries: Delivery) -> int:
    return len(await (await connection.execute(*enqueuing(deliveries, SEALER))).fetchall())


async def claimed(connection: Connection, *, now: datetime = NOW, lease_s: float = 40.0) -> list[Claimed]:
    return await claim(connection, channels=list(POLICIES), most=100, now=now, sealer=SEALER, lease_s=lease_s)


async def ended(connection: Connection, one: Claimed, ending: Ending, *, now: datetime = NOW) -> int:
    return await settle(
        connection, outcomes=[Outcome(one, Attempt(ending=ending))], policies=POLICIES, now=now
    )


async def status(connection: Connection) -> list[str]:
    rows = await (await connection.execute("SELECT status FROM outbox_delivery ORDER BY id")).fetchall()
    return [row[0] for row in rows]


async def test_what_must_not_be_sent_twice_is_written_once(connection: Connection) -> None:
    assert await put(connection, delivery(1), delivery(2)) == 2
    assert await put(connection, delivery(2), delivery(3)) == 1
    assert len(await status(connection)) == 3


async def test_what_one_worker_has_claimed_another_does_not_get(connection: Connection) -> None:
    await put(connection, *(delivery(number, person=number) for number in range(1, 8)))
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as other:
        first = await claim(connection, channels=["plain"], most=4, now=NOW, sealer=SEALER)
        second = await claim(other, channels=["plain"], most=100, now=NOW, sealer=SEALER)
    assert len(first) == 4
    assert len({one.id for one in first + second}) == 7


async def test_one_person_gets_her_messages_in_order_and_others_do_not_wait(connection: Connection) -> None:
    await put(connection, delivery(1))
    await put(connection, delivery(2), delivery(3, person=2))
    first = await claimed(connection)
    assert {one.person[-1] for one in first} == {1, 2}
    assert await claimed(connection) == []
    mine = next(one for one in first if one.person[-1] == 1)
    await ended(connection, mine, Ending.NOT_NOW)
    assert await claimed(connection) == []
    again = await claimed(connection, now=NOW + timedelta(seconds=2))
    assert [one.id for one in again] == [mine.id]
    await ended(connection, again[0], Ending.SENT)
    assert [one.person[-1] for one in await claimed(connection)] == [1]


async def test_a_dead_workers_attempt_is_unknown_where_a_repeat_would_double(connection: Connection) -> None:
    await put(connection, delivery(1), delivery(2, person=2, channel="known"))
    await claimed(connection, lease_s=-1)
    assert await take_back(connection, policies=POLICIES, now=NOW) == 2
    assert sorted(await status(connection)) == [Status.UNKNOWN, Status.WAITING]


async def test_a_dead_workers_attempt_is_not_repeated_after_the_platform_forgot_our_id(
    connection: Connection,
) -> None:
    await put(connection, delivery(1, channel="known"))
    await claimed(connection, lease_s=-1)
    await take_back(connection, policies=POLICIES, now=NOW + timedelta(minutes=10))
    assert await status(connection) == [Status.UNKNOWN]


async def test_a_slow_workers_certain_answer_still_counts(connection: Connection) -> None:
    await put(connection, delivery(1))
    [one] = await claimed(connection, lease_s=-1)
    await take_back(connection, policies=POLICIES, now=NOW)
    assert await ended(connection, one, Ending.SENT) == 1
    assert await status(connection) == [Status.SENT]
    assert await ended(connection, one, Ending.REFUSED) == 0


@pytest.mark.parametrize(
    ("ending", "expected"),
    [(Ending.NOT_NOW, Status.WAITING), (Ending.TOO_LATE, Status.EXPIRED), (Ending.IN_DOUBT, Status.UNKNOWN)],
)
async def test_a_slow_workers_certain_no_ends_the_doubt_and_its_doubt_ends_nothing(
    connection: Connection, ending: Ending, expected: Status
) -> None:
    await put(connection, delivery(1))
    [one] = await claimed(connection, lease_s=-1)
    await take_back(connection, policies=POLICIES, now=NOW)
    await ended(connection, one, ending)
    assert await status(connection) == [expected]


async def test_what_was_taken_back_and_arrived_after_all_is_not_sent_again(connection: Connection) -> None:
    await put(connection, delivery(1, channel="known"))
    [one] = await claimed(connection, lease_s=-1)
    await take_back(connection, policies=POLICIES, now=NOW)
    assert await status(connection) == [Status.WAITING]
    assert await ended(connection, one, Ending.SENT) == 1
    assert await status(connection) == [Status.SENT]


@pytest.mark.parametrize("away", [timedelta(minutes=10), timedelta(hours=9), timedelta(minutes=-5)])
async def test_what_may_have_arrived_is_not_repeated_by_a_worker_that_was_away_too_long(
    connection: Connection, away: timedelta
) -> None:
    await put(connection, delivery(1, channel="known"))
    [one] = await claimed(connection)
    await ended(connection, one, Ending.IN_DOUBT)
    await connection.execute("UPDATE outbox_delivery SET not_before = '-infinity'")
    assert await claimed(connection, now=NOW + away) == []
    assert await expire(connection, now=NOW + away) == 1
    assert await status(connection) == [Status.UNKNOWN]


async def test_what_may_have_arrived_does_not_end_as_expired(connection: Connection) -> None:
    await put(connection, delivery(1, channel="known", lives=timedelta(minutes=1)))
    [one] = await claimed(connection)
    await ended(connection, one, Ending.IN_DOUBT)
    await expire(connection, now=NOW + timedelta(minutes=1))
    assert await status(connection) == [Status.UNKNOWN]


async def test_a_message_counts_in_the_window_in_which_it_was_sent(connection: Connection) -> None:
    await put(connection, delivery(1))
    [one] = await claimed(connection)
    await ended(connection, one, Ending.NOT_NOW)
    later = NOW + timedelta(hours=1)
    [one] = await claimed(connection, now=later)
    await ended(connection, one, Ending.SENT, now=later)
    await put(connection, delivery(2))
    [other] = await claimed(connection, now=later)
    assert await spent_since(connection, other, since=later) == 1


async def test_a_worker_does_not_settle_an_attempt_that_another_has_made_since(
    connection: Connection,
) -> None:
    await put(connection, delivery(1, channel="known"))
    [slow] = await claimed(connection, lease_s=-1)
    await take_back(connection, policies=POLICIES, now=NOW)
    later = NOW + timedelta(seconds=5)
    [fast] = await claimed(connection, now=later)
    assert await ended(connection, slow, Ending.REFUSED, now=later) == 0
    assert await ended(connection, fast, Ending.SENT, now=later) == 1


async def test_what_waited_too_long_is_ended_and_never_sent(connection: Connection) -> None:
    await put(connection, delivery(1, lives=timedelta(minutes=1)))
    late = NOW + timedelta(minutes=1)
    assert await claimed(connection, now=late) == []
    assert await expire(connection, now=late) == 1
    assert await status(connection) == [Status.EXPIRED]


async def test_every_step_leaves_a_row(connection: Connection) -> None:
    await put(connection, delivery(1))
    [one] = await claimed(connection)
    await ended(connection, one, Ending.NOT_NOW)
    [one] = await claimed(connection, now=NOW + timedelta(seconds=2))
    await ended(connection, one, Ending.SENT)
    rows = await (await connection.execute("SELECT action FROM outbox_move ORDER BY id")).fetchall()
    assert [row[0] for row in rows] == ["claim", "postpone", "claim", "succeed"]


async def test_what_a_person_may_have_got_counts_against_the_window(connection: Connection) -> None:
    for number in range(1, 5):
        await put(connection, delivery(number))
        [one] = await claimed(connection)
        ending = (Ending.SENT, Ending.IN_DOUBT, Ending.REFUSED, Ending.SENT)[number - 1]
        await ended(connection, one, ending)
    await put(connection, delivery(9))
    [one] = await claimed(connection)
    assert await spent_since(connection, one, since=NOW) == 3
    assert await spent_since(connection, one, since=NOW + timedelta(seconds=1)) == 0


async def test_a_stolen_row_shows_nothing_and_a_moved_one_does_not_open(connection: Connection) -> None:
    await put(connection, delivery(1))
    row = await (await connection.execute("SELECT payload FROM outbox_delivery")).fetchone()
    assert row is not None
    assert b"words" not in bytes(row[0])


@pytest.mark.parametrize("name", STATEMENTS)
async def test_every_statement_can_be_prepared(connection: Connection, name: str) -> None:
    numbers: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        return f"${numbers.setdefault(match[1], len(numbers) + 1)}"

    statement = re.sub(r"%\((\w+)\)s", number, STATEMENTS[name])
    await connection.execute(f"PREPARE one AS {statement}")
