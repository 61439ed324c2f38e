"""What the worker tidies up; it knows no Django."""

from __future__ import annotations

from typing import Any

import psycopg

PURGE_SESSIONS = "DELETE FROM staff_session WHERE expire_date < clock_timestamp()"
"""Sessions end by real time, whatever business time is."""


def purge_sessions(connection: psycopg.Connection[Any]) -> int:
    """Drop the sessions that are over; how many."""
    return connection.execute(PURGE_SESSIONS).rowcount
