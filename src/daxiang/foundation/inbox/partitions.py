"""A partition a day, made before the day comes; rows that fell into the default one are moved along."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg import sql

DAYS_AHEAD = 7
_LOCK_KEY = 0x1B0C  # advisory: two workers never make the same partition at once


def _name(day: date) -> str:
    return f"inbox_message_{day:%Y%m%d}"


def ensure_partitions(connection: psycopg.Connection[Any], *, today: date) -> list[str]:
    """Make the partitions of yesterday to a week ahead that are missing; return the names of the new ones.

    `connection` must be in autocommit mode: each partition is a short transaction of its own with a lock
    time-out, so a busy table is left for the next round and never blocks the gateway for longer than that.
    """
    made = []
    for offset in range(-1, DAYS_AHEAD + 1):
        day = today + timedelta(days=offset)
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK_KEY,))
            cursor.execute("SELECT to_regclass(%s)", (_name(day),))
            row = cursor.fetchone()
            if row is None or row[0] is not None:
                continue
            _make(cursor, day)
            made.append(_name(day))
    return made


def _make(cursor: psycopg.Cursor[Any], day: date) -> None:
    name = sql.Identifier(_name(day))
    bounds = {"name": name, "day": sql.Literal(day), "next": sql.Literal(day + timedelta(days=1))}
    cursor.execute("SET LOCAL lock_timeout = '200ms'")
    # Detaching rows from the default partition and attaching the new one need the same lock: taken once, up
    # front.
    cursor.execute("LOCK TABLE inbox_message IN ACCESS EXCLUSIVE MODE")
    for statement in (
        "CREATE TABLE {name} (LIKE inbox_message INCLUDING ALL)",
        """WITH moved AS (DELETE FROM inbox_message_default WHERE day = {day} RETURNING *)
        INSERT INTO {name} SELECT * FROM moved""",
        "ALTER TABLE inbox_message ATTACH PARTITION {name} FOR VALUES FROM ({day}) TO ({next})",
    ):
        cursor.execute(sql.SQL(statement).format(**bounds))
