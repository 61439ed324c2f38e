"""The sending loop on a real PostgreSQL: nothing waits for the slowest, no outcome goes with a connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import psycopg
import pytest

from daxiang.foundation.outbox.moves import Attempt, Ending, Policy
from daxiang.foundation.outbox.operations import Claimed
from daxiang.jobs import sending as sending_module
from daxiang.jobs.channels import Channel
from daxiang.jobs.sending import Sending
from tests.inbox.test_inbox import conninfo
from tests.outbox.test_outbox import NOW, SEALER, delivery, put

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Connection = psycopg.AsyncConnection[Any]


class StoppedClock:
    def now(self) -> datetime:
        return NOW


class Desk:
    """Takes everything at once, but for the messages of person 1: those wait for the gate."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.waits = asyncio.Event()

    async def send(self, _: Connection, claimed: Claimed, now: datetime) -> Attempt:
        if claimed.person[-1] == 1:
            self.waits.set()
            await self.gate.wait()
        return Attempt(ending=Ending.SENT)


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        await opened.execute("TRUNCATE outbox_delivery, outbox_move")
        yield opened


@pytest.fixture
async def desk(connection: Connection) -> AsyncIterator[Desk]:
    """A sending loop behind it, until the end of the test."""
    desk, stop = Desk(), asyncio.Event()
    channel = Channel(policy=Policy(), send=desk.send)
    sending = Sending(url=conninfo(), sealer=SEALER, clock=StoppedClock(), channels={"plain": channel})
    running = asyncio.create_task(sending.run(stop))
    yield desk
    desk.gate.set()
    stop.set()
    await running


async def until(connection: Connection, statement: str, is_so: Callable[[Any], bool]) -> None:
    async with asyncio.timeout(30):
        while True:
            row = await (await connection.execute(statement)).fetchone()
            if row is not None and is_so(row[0]):
                return
            await asyncio.sleep(0.01)


async def test_hundreds_leave_while_one_call_hangs(connection: Connection, desk: Desk) -> None:
    await put(connection, *(delivery(number, person=number) for number in range(1, 201)))
    await until(connection, "SELECT count(*) FROM outbox_delivery WHERE status = 'sent'", lambda n: n == 199)
    assert not desk.gate.is_set()


async def test_what_was_under_way_when_the_database_went_is_settled_when_it_is_back(
    connection: Connection, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_module, "FAILED_PAUSE_S", 0.0)
    await put(connection, delivery(1))
    await desk.waits.wait()
    cut = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = 'daxiang-sending' AND datname = current_database()"
    )
    await until(connection, cut, lambda n: n >= 2)
    desk.gate.set()
    await until(connection, "SELECT status FROM outbox_delivery", lambda status: status == "sent")
