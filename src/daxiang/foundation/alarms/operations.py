"""Raising and closing alarms, inside the transaction of whoever sees the reason; one is open of a key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

LOG, EMAIL, WEBHOOK = "log", "email", "webhook"
LEASE_S = 60.0
LONGEST_PAUSE = timedelta(minutes=10)

RAISE = """
INSERT INTO alarm (key, kind, words, owner, raised_at)
VALUES (%(key)s, %(kind)s, %(words)s, %(owner)s, %(now)s)
ON CONFLICT (key) WHERE closed_at IS NULL DO NOTHING RETURNING id
"""
TELL = """
INSERT INTO alarm_message (alarm, channel, next_at)
SELECT %(alarm)s, channel, %(now)s FROM unnest(%(channels)s::text[]) AS fresh (channel)
"""
CLOSE = """
UPDATE alarm SET closed_at = %(now)s, closed_by = %(who)s WHERE key = %(key)s AND closed_at IS NULL
RETURNING id
"""
CLOSE_ONE = """
UPDATE alarm SET closed_at = %(now)s, closed_by = %(who)s WHERE id = %(id)s AND closed_at IS NULL
RETURNING id
"""
TAKE = """
UPDATE alarm SET taken_by = %(who)s, taken_at = %(now)s
WHERE id = %(id)s AND closed_at IS NULL AND taken_by IS NULL RETURNING id
"""
LIST = """
SELECT id, key, kind, words, owner, raised_at, taken_by, taken_at, closed_at FROM alarm
WHERE NOT %(open)s OR closed_at IS NULL ORDER BY closed_at IS NOT NULL, id DESC LIMIT %(most)s
"""
COUNT_OPEN = "SELECT count(*), count(*) FILTER (WHERE taken_by IS NULL) FROM alarm WHERE closed_at IS NULL"
CLAIM = """
UPDATE alarm_message AS one SET attempts = attempts + 1,
    lease_until = clock_timestamp() + make_interval(secs => %(lease_s)s)
FROM alarm WHERE alarm.id = one.alarm AND (one.alarm, one.channel) IN (
    SELECT due.alarm, due.channel FROM alarm_message AS due
    WHERE due.told_at IS NULL AND due.next_at <= %(now)s
        AND (due.lease_until IS NULL OR due.lease_until < clock_timestamp())
    ORDER BY due.next_at LIMIT %(most)s FOR UPDATE SKIP LOCKED)
RETURNING one.alarm, one.channel, one.attempts, alarm.kind, alarm.words, alarm.owner, alarm.raised_at
"""
TOLD = """
UPDATE alarm_message SET told_at = %(now)s, lease_until = NULL, fault = ''
WHERE alarm = %(alarm)s AND channel = %(channel)s
"""
FAILED = """
UPDATE alarm_message SET next_at = %(next_at)s, lease_until = NULL, fault = %(fault)s
WHERE alarm = %(alarm)s AND channel = %(channel)s
"""
STATEMENTS = {
    "RAISE": RAISE,
    "TELL": TELL,
    "CLOSE": CLOSE,
    "CLOSE_ONE": CLOSE_ONE,
    "TAKE": TAKE,
    "LIST": LIST,
    "COUNT_OPEN": COUNT_OPEN,
    "CLAIM": CLAIM,
    "TOLD": TOLD,
    "FAILED": FAILED,
}


class Cursor(Protocol):
    """Django's cursor or psycopg's: whatever the caller's transaction runs on."""

    def execute(self, query: str, params: dict[str, Any], /) -> object: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Alarm(NamedTuple):
    """One alarm. `owner`: who is to act, by name or part; `taken_by`: who does."""

    id: int
    key: str
    kind: str
    words: str
    owner: str
    raised_at: datetime
    taken_by: str | None
    taken_at: datetime | None
    closed_at: datetime | None


class Message(NamedTuple):
    """What is to be told on one channel."""

    alarm: int
    channel: str
    attempts: int
    kind: str
    words: str
    owner: str
    raised_at: datetime


def raise_alarm(
    cursor: Cursor,
    *,
    key: str,
    kind: str,
    words: str,
    owner: str,
    channels: Sequence[str],
    now: datetime,
) -> bool:
    """Raise it unless one of this key is open; whether it is new. `channels`: where it is told."""
    cursor.execute(RAISE, {"key": key, "kind": kind, "words": words, "owner": owner, "now": now})
    row = cursor.fetchone()
    if row is None:
        return False
    cursor.execute(TELL, {"alarm": row[0], "channels": list(channels), "now": now})
    return True


def close_alarm(cursor: Cursor, *, key: str, who: str, now: datetime) -> bool:
    """The reason is gone; False when none was open."""
    cursor.execute(CLOSE, {"key": key, "who": who, "now": now})
    return cursor.fetchone() is not None


def close_one(cursor: Cursor, alarm: int, *, who: str, now: datetime) -> bool:
    """A person says that it is dealt with; False when it was closed already."""
    cursor.execute(CLOSE_ONE, {"id": alarm, "who": who, "now": now})
    return cursor.fetchone() is not None


def take_alarm(cursor: Cursor, alarm: int, *, who: str, now: datetime) -> bool:
    """Somebody acts on it; False when another does, or it is closed."""
    cursor.execute(TAKE, {"id": alarm, "who": who, "now": now})
    return cursor.fetchone() is not None


def alarms(cursor: Cursor, *, only_open: bool, most: int = 100) -> list[Alarm]:
    """Open ones first, then by time, the newest first."""
    cursor.execute(LIST, {"open": only_open, "most": most})
    return [Alarm(*row) for row in cursor.fetchall()]


def count_open(cursor: Cursor) -> tuple[int, int]:
    """How many are open, and how many of these nobody has taken."""
    cursor.execute(COUNT_OPEN, {})
    row = cursor.fetchone()
    return int(row[0]), int(row[1])


def claim_messages(cursor: Cursor, *, now: datetime, most: int = 20) -> list[Message]:
    """What is to be told now, each for one attempt."""
    cursor.execute(CLAIM, {"now": now, "most": most, "lease_s": LEASE_S})
    return [Message(*row) for row in cursor.fetchall()]


def settle_message(cursor: Cursor, message: Message, *, fault: str, now: datetime) -> None:
    """Told, or tried again later: after a second, two, four … up to ten minutes."""
    parameters: dict[str, Any] = {"alarm": message.alarm, "channel": message.channel, "now": now}
    if not fault:
        cursor.execute(TOLD, parameters)
        return
    pause = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(message.attempts - 1, 10)))
    cursor.execute(FAILED, {**parameters, "next_at": now + pause, "fault": fault[:200]})
