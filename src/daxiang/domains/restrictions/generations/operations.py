"""Bringing a pack into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from daxiang.domains.restrictions.generations.sql import (
    FIND_ACTIVE,
    LOCK_CITY,
    NOTE_SWITCH,
    STORE_GENERATION,
    SWITCH_ACTIVE,
)
from daxiang.domains.restrictions.packs import PackFiles


@dataclass(frozen=True, kw_only=True)
class Activated:
    """What came into force. `before` None: the first. `is_change` False: it was in force already."""

    digest: str
    before: str | None
    is_change: bool


def activate(connection: psycopg.Connection[Any], *, pack: PackFiles, at: datetime, by: str) -> Activated:
    """Store a pack that has been checked, and switch its city to it, in one transaction.

    Whoever calls has read the pack (`read_pack`), so that nothing unreadable is ever in force.
    """
    values = {"city": pack.city, "digest": pack.digest, "content": pack.text, "at": at, "by": by}
    with connection.transaction():
        connection.execute(LOCK_CITY, values)
        row = connection.execute(FIND_ACTIVE, values).fetchone()
        before = None if row is None else str(row[0])
        if before == pack.digest:
            return Activated(digest=pack.digest, before=before, is_change=False)
        connection.execute(STORE_GENERATION, values)
        connection.execute(SWITCH_ACTIVE, values)
        connection.execute(NOTE_SWITCH, values | {"before": before})
    return Activated(digest=pack.digest, before=before, is_change=True)
