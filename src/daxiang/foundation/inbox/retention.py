"""What was received and answered long ago goes: whole days of the inbox, each in a short transaction."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg import sql

_DAYS = """
SELECT child.relname FROM pg_inherits
JOIN pg_class AS child ON child.oid = inhrelid JOIN pg_class AS parent ON parent.oid = inhparent
WHERE parent.oid = 'inbox_message'::regclass ORDER BY child.relname
"""
_NAME = re.compile(r"inbox_message_(\d{4})(\d{2})(\d{2})")
_STRAYS = "DELETE FROM inbox_message_default WHERE day < %(before)s"
"""Messages of a day that never had a partition."""
_ENDED = "DELETE FROM inbox_deferred WHERE ended_at < %(until)s"
"""What was given up, and nobody took up again."""


def drop_old_days(connection: psycopg.Connection[Any], *, before: date) -> list[str]:
    """Drop the partitions of the days before that one; return their names.

    `connection` must be in autocommit mode. A busy table is left for the next round: like making a partition,
    dropping one waits at most 200 ms for its lock. Raises `psycopg.errors.LockNotAvailable` then.
    """
    names = [name for (name,) in connection.execute(_DAYS).fetchall() if _is_before(name, before)]
    for name in names:
        with connection.transaction():
            connection.execute("SET LOCAL lock_timeout = '200ms'")
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))
    connection.execute(_STRAYS, {"before": before})
    return names


def drop_given_up(connection: psycopg.Connection[Any], *, until: datetime) -> int:
    """Drop the messages that were given up before that moment; how many."""
    return connection.execute(_ENDED, {"until": until}).rowcount


def _is_before(name: str, before: date) -> bool:
    found = _NAME.fullmatch(name)
    return found is not None and date(*map(int, found.groups())) < before
