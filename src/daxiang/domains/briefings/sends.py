"""Handing an edition to the platform: claimed before the call, by one worker at a time, settled after it.

The number that the platform recognises a repeat by is made of the edition and of the approved bytes: whoever
takes over from a dead worker asks with the same one, and the platform answers that it has it already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import psycopg

from daxiang.domains.briefings import sql
from daxiang.domains.briefings.content import Content, digest_of, from_bytes
from daxiang.domains.briefings.operations import WORKER, act
from daxiang.domains.briefings.workflow import Action, Status
from daxiang.kernel.errors import DomainError

LEASE_S = 8.0
USEFUL_FOR = timedelta(hours=4)
"""After noon nobody wants the morning's briefing as a message; a person decides."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """An edition that this worker hands over. `attempts`: which claim it is; a later one takes precedence."""

    edition: bytes
    client_msg_id: str
    content: Content
    attempts: int
    scheduled_for: datetime


class Missed(DomainError):
    """An edition was not sent while it was of use; it stands as approved, for a person to decide."""

    code: ClassVar[str] = "briefing_missed"


def claim_send(
    connection: psycopg.Connection[Any], *, now: datetime, lease_s: float = LEASE_S
) -> Claimed | None:
    """The next edition to be sent, in a transaction of its own; None where there is none.

    Raises `Missed` when one has waited too long: it is not sent any more.
    """
    missed = False
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(sql.CLAIM_SEND, {"now": now, "useful_since": now - USEFUL_FOR})
        row = cursor.fetchone()
        if row is None:
            return None
        edition, status, digest, scheduled_for, data = bytes(row[0]), row[1], bytes(row[2]), row[3], row[4]
        if status == Status.SCHEDULED and now >= scheduled_for + USEFUL_FOR:
            act(cursor, edition, Action.MISS, WORKER, now=now)
            missed = True
        else:
            return _claimed(cursor, edition, status, digest, scheduled_for, bytes(data), now, lease_s)
    if missed:
        raise Missed("这份简报过了时间没有发出，请看一看。")
    return None


def _claimed(
    cursor: psycopg.Cursor[Any],
    edition: bytes,
    status: str,
    digest: bytes,
    scheduled_for: datetime,
    data: bytes,
    now: datetime,
    lease_s: float,
) -> Claimed:
    if digest_of(data) != digest:
        raise AssertionError("PostgreSQL holds the approved bytes to their digest")
    if status == Status.SCHEDULED:
        act(cursor, edition, Action.CLAIM, WORKER, now=now)
    name = f"briefing-{edition.hex()[:24]}-{digest.hex()[:24]}"
    parameters = {"id": edition, "client_msg_id": name, "lease_s": lease_s, "now": now}
    cursor.execute(sql.WRITE_SEND, parameters)
    written = cursor.fetchone()
    assert written is not None  # noqa: S101 (it returns a row always)
    return Claimed(
        edition=edition,
        client_msg_id=name,
        content=from_bytes(data),
        attempts=written[0],
        scheduled_for=scheduled_for,
    )


def hold_send(connection: psycopg.Connection[Any], claimed: Claimed, *, lease_s: float = LEASE_S) -> bool:
    """Keep it for another while; False when somebody else has it or it is settled."""
    parameters = {"id": claimed.edition, "attempts": claimed.attempts, "lease_s": lease_s}
    return connection.execute(sql.HOLD_SEND, parameters).fetchone() is not None


def settle_accepted(
    connection: psycopg.Connection[Any], claimed: Claimed, *, msg_id: int, now: datetime
) -> bool:
    """The platform has it. False when that was on record already."""
    return _settled(connection, claimed, Action.ACCEPT, msg_id=msg_id, code="", now=now)


def settle_refused(
    connection: psycopg.Connection[Any], claimed: Claimed, *, code: str, now: datetime
) -> bool:
    """The platform will never take it as it is, and has not: it stands as approved, and a person must look.
    False when another worker has it.
    """
    return _settled(connection, claimed, Action.REFUSE, msg_id=None, code=code, now=now)


def _settled(
    connection: psycopg.Connection[Any],
    claimed: Claimed,
    action: Action,
    *,
    msg_id: int | None,
    code: str,
    now: datetime,
) -> bool:
    parameters = {"id": claimed.edition, "attempts": claimed.attempts, "msg_id": msg_id, "code": code}
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM briefing_edition WHERE id = %(id)s FOR UPDATE", {"id": claimed.edition})
        cursor.execute(sql.SETTLE_SEND, {**parameters, "now": now})
        if cursor.fetchone() is None:
            return False
        act(cursor, claimed.edition, action, WORKER, now=now, note=code)
        return True
