"""kill -9 of two workers in the middle of an evening: nobody is told twice, nobody is left out in silence."""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from daxiang.domains.conversation.meaning import Car
from daxiang.kernel.clock import SHANGHAI
from tests.inbox.test_inbox import conninfo
from tests.jobs.people import TABLES, openid_of, settle_in
from tests.jobs.platform import Platform

pytestmark = [pytest.mark.postgres, pytest.mark.system, pytest.mark.django_db(transaction=True)]

MANY, KILLS, SEED = 240, 1, 5
EIGHT = datetime(2026, 11, 23, 20, 0, 1, tzinfo=SHANGHAI)
ROOT = Path(__file__).resolve().parents[2]


async def _one(connection: psycopg.AsyncConnection[Any], statement: str) -> int:
    row = await (await connection.execute(statement.encode())).fetchone()
    assert row is not None
    return int(row[0])


async def _progress(connection: psycopg.AsyncConnection[Any]) -> int:
    """Rows written and rows settled: both halves of the work."""
    return await _one(connection, "SELECT count(*) + count(settled_at) FROM outbox_delivery")


async def _is_over(connection: psycopg.AsyncConnection[Any]) -> bool:
    held = "SELECT count(*) FROM outbox_delivery WHERE status IN ('waiting', 'sending')"
    is_written = await _one(connection, "SELECT count(*) FROM recurring_occasion") == 1
    return is_written and await _one(connection, held) == 0


async def _is_far_enough(connection: psycopg.AsyncConnection[Any], target: int | None) -> bool:
    """Far enough for a kill; without a target: at the end."""
    return await _is_over(connection) or (target is not None and await _progress(connection) >= target)


async def _worked_under_kills(connection: psycopg.AsyncConnection[Any], platform: str) -> None:
    chance = random.Random(SEED)
    command = (sys.executable, "-m", "tests.jobs.evening_worker", conninfo(), platform, EIGHT.isoformat())
    for kill in range(KILLS + 1):
        many = 2 if kill < KILLS else 1
        workers = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(many)]
        try:
            target = await _progress(connection) + chance.randint(20, MANY // 2)
            async with asyncio.timeout(90):
                while not await _is_far_enough(connection, None if kill == KILLS else target):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)  # other processes work
        finally:
            for worker in workers:
                worker.kill()
                await worker.wait()


async def test_killed_workers_tell_nobody_twice_and_leave_nobody_out_in_silence() -> None:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute(f"TRUNCATE {TABLES}")
        for number in range(MANY):
            settle_in(opened, number, Car(tail=str(number % 10)), at=EIGHT - timedelta(hours=3))
    platform = Platform()
    async with (
        platform.server,
        await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection,
    ):
        await _worked_under_kills(connection, str(platform.server.make_url("/")))
        rows = await (await connection.execute("SELECT person, status FROM outbox_delivery")).fetchall()
    # Tuesday the 24th: odd tails are held.
    statuses = {openid_of(int.from_bytes(person, "big")): status for person, status in rows}
    assert set(statuses) == {openid_of(number) for number in range(MANY) if number % 2}
    assert set(statuses.values()) <= {"sent", "unknown"}
    assert max(platform.arrived().values()) == 1
    assert all(platform.arrived()[openid] == 1 for openid, status in statuses.items() if status == "sent")
    assert set(platform.arrived()) <= set(statuses)
