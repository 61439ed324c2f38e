"""What the worker tidies up; it knows no Django."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

from daxiang.domains.officers.rules import FAILURES_COUNT_FOR

PURGE_SESSIONS = "DELETE FROM staff_session WHERE expire_date < clock_timestamp()"
"""Sessions end by real time, whatever business time is."""
PURGE_FAILURES = """
DELETE FROM staff_failure
WHERE coalesce(failed_at, '-infinity') < %(before)s AND (locked_until IS NULL OR locked_until < %(now)s)
"""


def purge_sessions(connection: psycopg.Connection[Any]) -> int:
    """Drop the sessions that are over; how many."""
    return connection.execute(PURGE_SESSIONS).rowcount


def purge_failures(connection: psycopg.Connection[Any], *, now: datetime) -> int:
    """Drop the wrong passwords that count no more; how many rows."""
    parameters = {"before": now - FAILURES_COUNT_FOR, "now": now}
    return connection.execute(PURGE_FAILURES, parameters).rowcount
