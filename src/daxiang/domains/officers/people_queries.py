"""What is read of officers and their units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from daxiang.domains.officers import people_sql as sql
from daxiang.domains.officers.people_sealed import name_context, number_context, phone_context
from daxiang.foundation.sealing import SealBroken, Sealer

_UNREADABLE = "（打不开）"


class Cursor(Protocol):
    """Django's cursor or psycopg's: whatever the caller's transaction runs on."""

    def execute(self, query: str, params: dict[str, Any], /) -> object: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Unit(NamedTuple):
    """One unit of the tree. `parent`: None at the top."""

    id: int
    parent: int | None
    kind: str
    name: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class Officer:
    """An officer of the roll. `unit_name`: of her own unit, without those above it."""

    id: int
    number: str
    name: str
    phone: str
    rank: str
    unit: int
    unit_name: str
    bound_at: datetime | None
    is_active: bool


def units(cursor: Cursor) -> list[Unit]:
    """All units, in the order of their making."""
    cursor.execute(sql.READ_UNITS, {})
    return [Unit(*row) for row in cursor.fetchall()]


def below(tree: Iterable[Unit], top: int) -> set[int]:
    """A unit and all units under it."""
    found, grows = {top}, True
    known = list(tree)
    while grows:
        more = {one.id for one in known if one.parent in found} - found
        found |= more
        grows = bool(more)
    return found


def path_of(tree: Iterable[Unit], unit: int) -> tuple[Unit, ...]:
    """From the top down to a unit."""
    by_id = {one.id: one for one in tree}
    found: list[Unit] = []
    at: int | None = unit
    while at is not None and at in by_id and len(found) < 20:
        found.append(by_id[at])
        at = by_id[at].parent
    return tuple(reversed(found))


def officer_of(cursor: Cursor, *, account: str, person: bytes, sealer: Sealer) -> Officer | None:
    """The officer whom a person of the internal account is bound to; None for a stranger."""
    cursor.execute(sql.OF_PERSON, {"account": account, "person": person})
    row = cursor.fetchone()
    return None if row is None else _officer(row, sealer)


class Account(NamedTuple):
    """The console's account of an officer."""

    name: str
    roles: tuple[str, ...]


def account_of(cursor: Cursor, officer: int) -> Account | None:
    """An officer's own account of the console, as long as it may sign in; None for most officers."""
    cursor.execute(sql.STAFF_OF_OFFICER, {"officer": officer})
    row = cursor.fetchone()
    return None if row is None else Account(row[0], tuple(row[1]))


def officers_of_ids(cursor: Cursor, ids: Sequence[int], *, sealer: Sealer) -> dict[int, Officer]:
    """These officers, also who have left, by id."""
    cursor.execute(sql.OF_IDS, {"ids": list(ids)})
    return {row[0]: _officer(row, sealer) for row in cursor.fetchall()}


class OfficersAsked(NamedTuple):
    """`unit` 0: all; `units`: it and all below; `state`: bound, unbound, left, or empty for who is there;
    `mark`: of one number, or None.
    """

    unit: int
    units: list[int]
    state: str
    mark: bytes | None


def officer_rows(
    cursor: Cursor, asked: OfficersAsked, *, order: str, most: int, offset: int, sealer: Sealer
) -> tuple[list[Officer], int]:
    """A page of the roll, and how many there are. `order`: an ORDER BY made of the page's own columns."""
    parameters = asked._asdict()
    cursor.execute(sql.COUNT_OFFICERS, parameters)
    total = int(cursor.fetchone()[0])
    cursor.execute(
        f"{sql.LIST_OFFICERS} ORDER BY {order}, officer.id LIMIT %(most)s OFFSET %(offset)s",
        {**parameters, "most": most, "offset": offset},
    )
    return [_officer(row, sealer) for row in cursor.fetchall()], total


def counts(cursor: Cursor) -> tuple[int, int]:
    """How many officers there are, and how many are bound."""
    cursor.execute(sql.COUNTS, {})
    row = cursor.fetchone()
    return int(row[0]), int(row[1])


def _officer(row: Sequence[Any], sealer: Sealer) -> Officer:
    ident, mark, number, name, phone, rank, unit, unit_name, bound_at, is_active = row
    mark = bytes(mark)
    return Officer(
        id=ident,
        number=_opened(number, number_context(mark), sealer),
        name=_opened(name, name_context(mark), sealer),
        phone="" if phone is None else _opened(phone, phone_context(mark), sealer),
        rank=rank,
        unit=unit,
        unit_name=unit_name,
        bound_at=bound_at,
        is_active=is_active,
    )


def _opened(sealed: Any, context: bytes, sealer: Sealer) -> str:
    try:
        return sealer.open(bytes(sealed), context).decode()
    except SealBroken:
        return _UNREADABLE
