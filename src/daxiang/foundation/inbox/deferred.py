"""Messages whose answer is still owed: claimed once, finished once, taken over when their process is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import psycopg

from daxiang.foundation.database.arrays import bytea_array, day_array, moment_array, text_array
from daxiang.foundation.inbox.operations import Received, Statement, open_body, seal_body, writing
from daxiang.foundation.inbox.sql import (
    CLAIM_DEFERRED,
    DELETE_DEFERRED,
    DROP_ANSWERED,
    END_DEFERRED,
    TAKE_OVER,
)
from daxiang.foundation.outbox.operations import Delivery, enqueuing
from daxiang.foundation.sealing import SealBroken, Sealer

Lane = Literal["transaction", "relay"]


class Settled(NamedTuple):
    """A message with the answer that holds from now on, and what goes out later because it came too late."""

    received: Received
    """`answer` is the rendered passive reply, empty when the platform had `success`."""
    late: Delivery | None


class Owed(NamedTuple):
    """A deferred message that was taken over."""

    identity: bytes
    day: date
    account: str
    kind: str
    lane: str
    created_at: datetime
    received_at: datetime
    body: bytes | None
    """None when it does not open."""
    tries: int
    """How often a worker has taken it over, this time included."""


def claiming(
    messages: Sequence[Received], *, lane: Lane, owner: str, lease_s: float, sealer: Sealer
) -> Statement:
    """The statement that makes the messages durable and ours; it returns the identities that are new."""
    return CLAIM_DEFERRED, {
        "identities": bytea_array([one.identity for one in messages]),
        "days": day_array([one.day for one in messages]),
        "accounts": text_array([one.account for one in messages]),
        "kinds": text_array([one.kind for one in messages]),
        "created": moment_array([one.created_at for one in messages]),
        "received": moment_array([one.received_at for one in messages]),
        "bodies": bytea_array([seal_body(one, sealer) for one in messages]),
        "lane": lane,
        "owner": owner,
        "lease_s": lease_s,
    }


def releasing(rows: Sequence[Received]) -> Statement:
    """The statement that takes away the deferred rows of messages that are answered."""
    return DELETE_DEFERRED, _keys(rows)


async def claim_deferred(
    connection: psycopg.AsyncConnection[Any],
    *,
    messages: Sequence[Received],
    lane: Lane,
    owner: str,
    lease_s: float,
    sealer: Sealer,
    along: Sequence[Statement] = (),
) -> set[bytes]:
    """Make messages durable and take them; the identities of those that are ours alone.

    What stands in `along` becomes durable with them; it must do nothing when done again. One that another
    process holds, or that is answered already, is not ours. The inbox is looked at after the insert and by a
    snapshot of its own: the insert may have waited for the very transaction that answered the message and
    took its row away, and would then claim what is done. All leaves together, one way and back.
    """
    rows = list({one.identity: one for one in messages}.values())
    claim = claiming(rows, lane=lane, owner=owner, lease_s=lease_s, sealer=sealer)
    async with connection.pipeline(), connection.transaction():
        claimed = await connection.execute(*claim)
        for statement, parameters in along:
            await connection.execute(statement, parameters)
        answered = await connection.execute(DROP_ANSWERED, {**_keys(rows), "owner": owner})
    ours = {bytes(row[0]) for row in await claimed.fetchall()}
    return ours - {bytes(row[0]) for row in await answered.fetchall()}


async def finish(
    connection: psycopg.AsyncConnection[Any],
    *,
    settled: Sequence[Settled],
    sealer: Sealer,
) -> set[bytes]:
    """Answer messages for good: inbox row, late delivery, and the deferred row gone, in one transaction.

    Where the inbox has the message already nothing else is written. Returns the identities whose answer is
    the one given here.
    """
    fresh = {one.received.identity: one for one in settled}
    rows = [one.received for one in fresh.values()]
    async with connection.transaction():
        kept_rows = await connection.execute(*writing(rows, sealer))
        kept = {bytes(row[0]) for row in await kept_rows.fetchall()}
        late = [one.late for key, one in fresh.items() if one.late is not None and key in kept]
        if late:
            await connection.execute(*enqueuing(late, sealer))
        await connection.execute(*releasing(rows))
    return kept


async def take_over(
    connection: psycopg.AsyncConnection[Any],
    *,
    lanes: Sequence[str],
    owner: str,
    lease_s: float,
    most: int,
    sealer: Sealer,
) -> list[Owed]:
    """Messages whose process did not finish them in its time: they are ours now, for another lease. Those
    that were given up stay where they are.
    """
    parameters = {"lanes": list(lanes), "owner": owner, "lease_s": lease_s, "most": most}
    cursor = await connection.execute(TAKE_OVER, parameters)
    rows = [Owed(*row) for row in await cursor.fetchall()]
    return [row._replace(body=_opened(row, sealer)) for row in rows]


async def give_up(
    connection: psycopg.AsyncConnection[Any], owed: Owed, *, owner: str, reason: str, now: datetime
) -> bool:
    """End a message that was taken over and cannot be answered; False when it is no longer the owner's."""
    parameters = {"day": owed.day, "identity": owed.identity, "owner": owner, "reason": reason, "now": now}
    return await (await connection.execute(END_DEFERRED, parameters)).fetchone() is not None


def _opened(row: Owed, sealer: Sealer) -> bytes | None:
    try:
        return None if row.body is None else open_body(row.body, identity=row.identity, sealer=sealer)
    except SealBroken:
        return None


def _keys(rows: Sequence[Received]) -> dict[str, Any]:
    return {
        "days": day_array([one.day for one in rows]),
        "identities": bytea_array([one.identity for one in rows]),
    }
