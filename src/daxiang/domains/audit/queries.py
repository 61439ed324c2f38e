"""What is read of the record: looks and deeds as one table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol


class Cursor(Protocol):
    def execute(self, query: str, params: dict[str, Any], /) -> object: ...

    def fetchall(self) -> list[Any]: ...


class Recorded(NamedTuple):
    """One look or deed. `why`: the purpose of a look; of a deed the address it came from."""

    at: datetime
    who: str
    is_look: bool
    what: str
    target: str
    why: str


_RECORD = """
    SELECT at, who, true AS is_look, what, target, purpose AS why, id FROM audit_look
    WHERE at >= %(first)s AND at < %(last)s AND (%(who)s = '' OR who = %(who)s)
        AND (%(what)s = '' OR what ILIKE %(like)s OR target ILIKE %(like)s OR purpose ILIKE %(like)s)
        AND %(kind)s <> 'deed'
    UNION ALL
    SELECT at, who, false, deed, target, address, id FROM audit_deed
    WHERE at >= %(first)s AND at < %(last)s AND (%(who)s = '' OR who = %(who)s)
        AND (%(what)s = '' OR deed ILIKE %(like)s OR target ILIKE %(like)s)
        AND %(kind)s <> 'look'
"""
LIST_RECORD = f"""
SELECT at, who, is_look, what, target, why FROM ({_RECORD}) AS record
ORDER BY at DESC, id DESC LIMIT %(most)s OFFSET %(offset)s
"""  # noqa: S608 (two texts of this file)
COUNT_RECORD = f"SELECT count(*) FROM ({_RECORD}) AS record"  # noqa: S608


class Asked(NamedTuple):
    """`who`: an account, empty for all; `what`: words to find; `kind`: `look`, `deed` or empty."""

    first: datetime
    last: datetime
    who: str
    what: str
    like: str
    kind: str


def recorded(cursor: Cursor, asked: Asked, *, most: int, offset: int) -> tuple[Sequence[Recorded], int]:
    """A page of the record, the newest first, and how many there are in all."""
    parameters = asked._asdict()
    cursor.execute(COUNT_RECORD, parameters)
    total = int(cursor.fetchall()[0][0])
    cursor.execute(LIST_RECORD, {**parameters, "most": most, "offset": offset})
    return [Recorded(*row) for row in cursor.fetchall()], total
