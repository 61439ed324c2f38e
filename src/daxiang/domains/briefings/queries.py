"""What is read of editions and incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from daxiang.domains.briefings import sql
from daxiang.domains.briefings.content import Content, from_bytes
from daxiang.domains.briefings.errors import EditionUnknown
from daxiang.domains.briefings.incidents import Incident
from daxiang.domains.briefings.operations import Cursor, EditionKind
from daxiang.domains.briefings.workflow import Action, Standing, Status
from daxiang.kernel.clock import SHANGHAI

MOST_LISTED = 400


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One edition as it stands. `digest`: of the revision that stands; an approval is of that one or void."""

    id: bytes
    day: date
    kind: EditionKind
    status: Status
    revision: int
    digest: bytes
    approved_by: str | None
    scheduled_for: datetime | None
    reviewer: str
    deputy: str
    due_at: datetime
    data: bytes | None
    """The bytes that are read, approved and sent; None where many are listed."""

    @property
    def content(self) -> Content:
        if self.data is None:
            raise ValueError("an edition of a list has no text")
        return from_bytes(self.data)


class Moved(NamedTuple):
    """One step in the life of an edition."""

    action: Action
    status: Status
    revision: int
    who: str
    note: str
    at: datetime


def edition(cursor: Cursor, edition_id: bytes) -> Edition:
    """The edition with its text. Raises `EditionUnknown`."""
    cursor.execute(sql.READ_EDITION, {"id": edition_id})
    row = cursor.fetchone()
    if row is None:
        raise EditionUnknown("没有这份简报。")
    return _edition(row)


def editions(cursor: Cursor, *, first: date, last: date) -> list[Edition]:
    """The editions of these days, both included, the newest first; without their texts."""
    cursor.execute(sql.LIST_EDITIONS, {"first": first, "last": last, "most": MOST_LISTED})
    return [_edition(row) for row in cursor.fetchall()]


def moves(cursor: Cursor, edition_id: bytes) -> list[Moved]:
    """The whole life of an edition, the oldest step first."""
    cursor.execute(sql.LIST_MOVES, {"id": edition_id})
    return [
        Moved(Action(action), Status(status), revision, who, note, at)
        for action, status, revision, who, note, at in cursor.fetchall()
    ]


def standing_of(cursor: Cursor, held: Edition) -> Standing:
    """What a move would hang on, without holding the row: the move itself looks once more."""
    cursor.execute(sql.READ_AUTHORS, {"id": held.id})
    return Standing(
        status=held.status,
        revision=held.revision,
        digest=held.digest,
        authors=frozenset(row[0] for row in cursor.fetchall()),
        scheduled_for=held.scheduled_for,
    )


def due(cursor: Cursor, *, now: datetime, most: int = 10) -> list[bytes]:
    """The ids of the editions whose time to be sent has come."""
    cursor.execute(sql.DUE_EDITIONS, {"now": now, "most": most})
    return [bytes(row[0]) for row in cursor.fetchall()]


def incidents(cursor: Cursor, *, start: datetime, end: datetime) -> tuple[Incident, ...]:
    """The incidents in [start, end), by time."""
    cursor.execute(sql.READ_INCIDENTS, {"start": start, "end": end})
    return tuple(
        Incident(
            source_key=key,
            kind=kind,
            place=place,
            lon=lon,
            lat=lat,
            happened_at=at.astimezone(SHANGHAI),
            severity=severity,
            summary=summary,
            photos=tuple(photos),
        )
        for key, kind, place, lon, lat, at, severity, summary, photos in cursor.fetchall()
    )


def _edition(row: Any) -> Edition:
    found, day, kind, status, revision, digest, by, at, reviewer, deputy, due_at, data = row
    return Edition(
        id=bytes(found),
        day=day,
        kind=EditionKind(kind),
        status=Status(status),
        revision=revision,
        digest=bytes(digest),
        approved_by=by,
        scheduled_for=at,
        reviewer=reviewer,
        deputy=deputy,
        due_at=due_at,
        data=None if data is None else bytes(data),
    )
