"""The writes of the outbox: `enqueue` is done in the transaction that decides, the rest is the worker's."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import psycopg

from daxiang.foundation.outbox.moves import (
    MOVES,
    Attempt,
    Ending,
    Policy,
    Status,
    Step,
    next_step,
)
from daxiang.foundation.outbox.sql import ABANDONED, CLAIM, ENQUEUE, EXPIRE, SETTLE, SPENT, WITHDRAW
from daxiang.foundation.sealing import SealBroken, Sealer

_PAYLOAD = b"outbox:"
_GONE = Attempt(ending=Ending.IN_DOUBT, code="worker_gone")
LEASE_S = 40.0
_COLUMNS = ("ids", "attempts", "froms", "actions", "tos", "nexts", "untils", "codes", "rids")


def new_id() -> bytes:
    """16 bytes ordered by the time of making: microseconds of real time, then chance."""
    return (time.time_ns() // 1000).to_bytes(8, "big") + os.urandom(8)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What is to be sent to one person. Moments are business time."""

    channel: str
    account: str
    person: bytes
    payload: bytes = field(repr=False)
    """What the channel understands; it is sealed on the way into the table."""
    dedup: bytes
    """32 bytes that stand for what must not be sent twice."""
    created_at: datetime
    not_before: datetime
    expires_at: datetime


class Claimed(NamedTuple):
    """A delivery that this worker, and nobody else, may attempt now."""

    id: bytes
    channel: str
    account: str
    person: bytes
    payload: bytes
    attempts: int
    tried_at: datetime
    repeat_until: datetime | None
    expires_at: datetime


def enqueuing(deliveries: Sequence[Delivery], sealer: Sealer) -> tuple[str, dict[str, Any]]:
    """The statement and its parameters, for a synchronous or an asynchronous transaction of the caller's.

    It returns the `dedup` of each delivery that was written; one that was there already is left out.
    """
    ids = [new_id() for _ in deliveries]
    return ENQUEUE, {
        "ids": ids,
        "channels": [one.channel for one in deliveries],
        "accounts": [one.account for one in deliveries],
        "persons": [one.person for one in deliveries],
        "payloads": [
            sealer.seal(one.payload, _PAYLOAD + key) for key, one in zip(ids, deliveries, strict=True)
        ],
        "dedups": [one.dedup for one in deliveries],
        "created": [one.created_at for one in deliveries],
        "not_before": [one.not_before for one in deliveries],
        "expires": [one.expires_at for one in deliveries],
    }


def enqueue(connection: psycopg.Connection[Any], *deliveries: Delivery, sealer: Sealer) -> int:
    """Put deliveries into the outbox inside the caller's transaction; how many were new."""
    return connection.execute(*enqueuing(deliveries, sealer)).rowcount


def withdraw(
    connection: psycopg.Connection[Any],
    *,
    account: str,
    person: bytes,
    until: datetime,
    now: datetime,
    code: str,
) -> int:
    """End what waits for a person and was written by then, and forget the words and address of all that she
    was sent, inside the caller's transaction; how many had waited. `code` says why.
    """
    parameters = {"account": account, "person": person, "until": until, "now": now, "code": code}
    row = connection.execute(WITHDRAW, parameters).fetchone()
    return int(row[0]) if row else 0


async def claim(
    connection: psycopg.AsyncConnection[Any],
    *,
    channels: Sequence[str],
    most: int,
    now: datetime,
    sealer: Sealer,
    lease_s: float = LEASE_S,
) -> list[Claimed]:
    """Up to `most` deliveries that are due, each for one attempt; durable when this returns (autocommit)."""
    parameters = {"channels": list(channels), "most": most, "now": now, "lease_s": lease_s}
    cursor = await connection.execute(CLAIM, parameters)
    rows = [Claimed(*row) for row in await cursor.fetchall()]
    return [row._replace(payload=_opened(row, sealer)) for row in rows]


def _opened(row: Claimed, sealer: Sealer) -> bytes:
    """Empty when it does not open: the channel refuses that one, and the others go out."""
    try:
        return sealer.open(row.payload, _PAYLOAD + row.id)
    except SealBroken:
        return b""


class Outcome(NamedTuple):
    """A claimed delivery and how its attempt ended."""

    claimed: Claimed
    attempt: Attempt


async def settle(
    connection: psycopg.AsyncConnection[Any],
    *,
    outcomes: Sequence[Outcome],
    policies: Mapping[str, Policy],
    now: datetime,
) -> int:
    """Write down how attempts ended. A row that was taken back in the meantime keeps what it is, unless the
    late answer is a certain one and nobody has tried again since. Returns how many moved.
    """
    rows: list[tuple[Any, ...]] = []
    for claimed, attempt in outcomes:
        step = next_step(
            attempt,
            policy=policies[claimed.channel],
            attempts=claimed.attempts,
            tried_at=claimed.tried_at,
            repeat_until=claimed.repeat_until,
            now=now,
        )
        is_certain = attempt.ending is not Ending.IN_DOUBT
        rows += [
            _row(claimed.id, claimed.attempts, was, step, attempt)
            for was in (Status.SENDING, Status.UNKNOWN, Status.WAITING)
            if (is_certain or was is Status.SENDING) and (was, step.action) in MOVES
        ]
    return await _move(connection, rows, now)


def _row(key: bytes, attempts: int, was: Status, step: Step, attempt: Attempt) -> tuple[Any, ...]:
    """One line of `SETTLE`, in the order of `_COLUMNS`."""
    goes = MOVES[was, step.action].to
    return (
        key,
        attempts,
        was,
        step.action,
        goes,
        step.next_at,
        step.repeat_until,
        attempt.code,
        attempt.rid,
    )


async def _move(
    connection: psycopg.AsyncConnection[Any], rows: Sequence[tuple[Any, ...]], now: datetime
) -> int:
    if not rows:
        return 0
    columns = {name: [row[number] for row in rows] for number, name in enumerate(_COLUMNS)}
    cursor = await connection.execute(SETTLE, {**columns, "now": now})
    return len(await cursor.fetchall())


async def take_back(
    connection: psycopg.AsyncConnection[Any], *, policies: Mapping[str, Policy], now: datetime
) -> int:
    """Attempts whose worker did not come back: again where the platform recognises our id, else `unknown`.

    A channel that this worker does not know is left alone. Returns how many moved.
    """
    async with connection.transaction():
        cursor = await connection.execute(ABANDONED)
        rows = []
        for key, channel, attempts, tried_at, repeat_until in await cursor.fetchall():
            if channel not in policies:
                continue
            step = next_step(
                _GONE,
                policy=policies[channel],
                attempts=attempts,
                tried_at=tried_at,
                repeat_until=repeat_until,
                now=now,
            )
            rows.append(_row(key, attempts, Status.SENDING, step, _GONE))
        return await _move(connection, rows, now)


async def expire(connection: psycopg.AsyncConnection[Any], *, now: datetime) -> int:
    """End what waited too long, and what may have arrived and can no longer be repeated; how many."""
    row = await (await connection.execute(EXPIRE, {"now": now})).fetchone()
    return int(row[0]) if row else 0


async def spent_since(
    connection: psycopg.AsyncConnection[Any],
    claimed: Claimed,
    *,
    since: datetime,
    channels: Sequence[str] | None = None,
) -> int:
    """How many other deliveries the person was sent, or may have been, since that moment: of this channel,
    or of all `channels` that share one allowance.
    """
    parameters = {
        "account": claimed.account,
        "person": claimed.person,
        "channels": list(channels or [claimed.channel]),
        "id": claimed.id,
        "since": since,
    }
    row = await (await connection.execute(SPENT, parameters)).fetchone()
    return int(row[0]) if row else 0
