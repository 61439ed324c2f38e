"""What is read about sending and reading: by day, by unit; never the text."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from daxiang.domains.briefings.operations import Cursor

LIST_SENDS = """
SELECT edition.day, one.attempts, one.accepted_at, one.code, coalesce(report.status, ''), report.reached
FROM briefing_send AS one JOIN briefing_edition AS edition ON edition.id = one.edition
LEFT JOIN briefing_result AS report ON report.msg_id = one.msg_id
WHERE one.claimed_at >= %(since)s ORDER BY one.claimed_at DESC LIMIT 100
"""
COUNT_OUTCOMES = """
SELECT status, count(*) FROM outbox_delivery WHERE created_at >= %(since)s GROUP BY status ORDER BY status
"""
KEEP_RESULT = """
INSERT INTO briefing_result (msg_id, status, reached, failed, at)
VALUES (%(msg_id)s, %(status)s, %(reached)s, %(failed)s, %(now)s) ON CONFLICT (msg_id) DO NOTHING
"""
STATEMENTS = {"KEEP_RESULT": KEEP_RESULT, "LIST_SENDS": LIST_SENDS, "COUNT_OUTCOMES": COUNT_OUTCOMES}


class Sent(NamedTuple):
    """One edition handed over. `result`: what the platform said of it afterwards; empty: nothing yet."""

    day: date
    attempts: int
    accepted_at: datetime | None
    code: str
    result: str
    reached: int | None
    """How many the platform says it reached."""


def keep_result(
    cursor: Cursor, msg_id: int, *, status: str, reached: int | None, failed: int | None, now: datetime
) -> None:
    """What the platform says became of a mass message; the first report counts. It may come before we know
    that the message was accepted.
    """
    parameters = {"msg_id": msg_id, "status": status, "reached": reached, "failed": failed, "now": now}
    cursor.execute(KEEP_RESULT, parameters)


def sends(cursor: Cursor, *, since: datetime) -> list[Sent]:
    """The newest first."""
    cursor.execute(LIST_SENDS, {"since": since})
    return [Sent(*row) for row in cursor.fetchall()]


def outcomes(cursor: Cursor, *, since: datetime) -> list[tuple[str, int]]:
    """How many single messages stand where."""
    cursor.execute(COUNT_OUTCOMES, {"since": since})
    return [(row[0], row[1]) for row in cursor.fetchall()]
