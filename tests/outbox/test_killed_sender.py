"""kill -9 of a sending worker in the middle: nothing is lost in silence, nothing is doubled.

The judge is the platform's own count of what arrived. It answers with what it did, answers nothing although
it did it, or refuses for now, by a seed that is printed.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from daxiang.foundation.outbox.operations import Delivery, enqueuing
from daxiang.foundation.sealing import Sealer
from tests.inbox.test_inbox import conninfo

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.system,
    pytest.mark.django_db(transaction=True),
]
MANY, KILLS, SEED = 200, 4, 1
ROOT = Path(__file__).resolve().parents[2]


class Platform:
    """Counts arrivals by id, as a platform that has no duplicate check, or (`knows_ids`) as one that has."""

    def __init__(self, *, knows_ids: bool) -> None:
        self.knows_ids = knows_ids
        self.arrived: Counter[str] = Counter()
        self._random = random.Random(SEED)
        app = web.Application()
        app.router.add_post("/", self._take)
        self.server = TestServer(app)

    async def _take(self, request: web.Request) -> web.Response:
        key = await request.text()
        chance = self._random.random()
        if chance < 0.1:
            return web.Response(text="not_now")
        if not (self.knows_ids and key in self.arrived):
            self.arrived[key] += 1
        if chance < 0.2 and request.transport is not None:
            request.transport.abort()
        return web.Response(text="sent")


@pytest.fixture
async def connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        await opened.execute("TRUNCATE outbox_delivery, outbox_move")
        yield opened


async def _fill(connection: psycopg.AsyncConnection[Any]) -> None:
    now = datetime.now(UTC)
    deliveries = [
        Delivery(
            channel="counted",
            account="service",
            person=(number % 50).to_bytes(32, "big"),
            payload=b"words",
            dedup=number.to_bytes(32, "big"),
            created_at=now,
            not_before=now,
            expires_at=now + timedelta(hours=48),
        )
        for number in range(MANY)
    ]
    await connection.execute(*enqueuing(deliveries, Sealer({"k1": b"1" * 32})))


async def _open(connection: psycopg.AsyncConnection[Any]) -> int:
    found = await connection.execute(
        "SELECT count(*) FROM outbox_delivery WHERE status IN ('waiting', 'sending')"
    )
    row = await found.fetchone()
    assert row is not None
    return int(row[0])


async def _send_under_kills(connection: psycopg.AsyncConnection[Any], url: str, minutes: int) -> None:
    chance = random.Random(SEED)
    command = (sys.executable, "-m", "tests.outbox.sending_worker", conninfo(), url, str(minutes))
    for kill in range(KILLS + 1):
        worker = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        try:
            # Kills are placed by progress, not by time: after some deliveries more have been settled.
            before = await _open(connection)
            target = 0 if kill == KILLS else max(0, before - chance.randint(1, MANY // KILLS))
            async with asyncio.timeout(60):
                while await _open(connection) > target:  # noqa: ASYNC110 (another process works)
                    await asyncio.sleep(0.01)
        finally:
            worker.kill()
            await worker.wait()


async def _statuses(connection: psycopg.AsyncConnection[Any]) -> dict[str, str]:
    rows = await (
        await connection.execute("SELECT encode(id, 'hex'), status FROM outbox_delivery")
    ).fetchall()
    return dict(rows)


@pytest.mark.parametrize("minutes", [0, 10])
async def test_a_killed_sender_loses_nothing_in_silence_and_doubles_nothing(
    connection: psycopg.AsyncConnection[Any], minutes: int
) -> None:
    platform = Platform(knows_ids=bool(minutes))
    await _fill(connection)
    async with platform.server:
        await _send_under_kills(connection, str(platform.server.make_url("/")), minutes)
    statuses = await _statuses(connection)
    assert len(statuses) == MANY
    assert max(platform.arrived.values()) == 1
    assert all(platform.arrived[key] == 1 for key, status in statuses.items() if status == "sent")
    if minutes:
        assert set(statuses.values()) == {"sent"}
    else:
        assert set(statuses.values()) == {"sent", "unknown"}
