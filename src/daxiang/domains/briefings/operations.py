"""Editions and incidents: every write runs inside the caller's transaction, the edition's row held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

import psycopg
from django.db.utils import IntegrityError

from daxiang.domains.briefings import sql
from daxiang.domains.briefings.content import LARGEST, Content, digest_of, to_bytes
from daxiang.domains.briefings.errors import DayTaken, EditionUnknown, MoveRefused
from daxiang.domains.briefings.incidents import Incident
from daxiang.domains.briefings.workflow import (
    HELD,
    MOVES,
    NOT_NOW,
    Action,
    Actor,
    Part,
    Standing,
    Status,
    refusal,
)
from daxiang.foundation.outbox.operations import new_id

TOO_LARGE = "这份简报太长了，请删掉一些再存。"


class Cursor(Protocol):
    """Django's cursor or psycopg's: whatever the caller's transaction runs on."""

    def execute(self, query: str, params: dict[str, Any], /) -> object: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class EditionKind(StrEnum):
    WEEKDAY = "weekday"
    SATURDAY = "saturday"
    SPECIAL = "special"


EDITION_NAMES = {EditionKind.WEEKDAY: "平日版", EditionKind.SATURDAY: "周六版", EditionKind.SPECIAL: "专刊"}


@dataclass(frozen=True, kw_only=True)
class Review:
    """Who is to approve an edition, who when that one cannot, and by when."""

    reviewer: str
    deputy: str
    due_at: datetime


def add_edition(
    cursor: Cursor, *, day: date, kind: EditionKind, content: Content, review: Review, who: str, now: datetime
) -> bytes:
    """A draft with its first revision. Returns its id (16 bytes)."""
    edition, data = new_id(), _bytes(content)
    revision = {
        "id": edition,
        "number": 1,
        "content": data,
        "digest": digest_of(data),
        "who": who,
        "now": now,
    }
    about = {"day": day, "kind": kind, "due_at": review.due_at}
    cursor.execute(
        sql.ADD_EDITION, {**revision, **about, "reviewer": review.reviewer, "deputy": review.deputy}
    )
    cursor.execute(sql.ADD_REVISION, revision)
    return edition


def is_written(cursor: Cursor, *, day: date) -> bool:
    """Whether the day has an edition of its own already, a special one aside."""
    cursor.execute(sql.OF_DAY, {"day": day})
    return cursor.fetchone() is not None


def withdraw_untouched(cursor: Cursor, *, day: date, actor: Actor, now: datetime) -> int:
    """Withdraw the machine's drafts of a day that nobody has touched: a newer one takes their place.

    Returns how many. Raises `MoveRefused` to whoever may not.
    """
    cursor.execute(sql.OF_DAY, {"day": day})
    untouched = [
        bytes(edition)
        for edition, status, revision, author in cursor.fetchall()
        if status == Status.DRAFT and revision == 1 and author == WORKER.name
    ]
    for edition in untouched:
        act(cursor, edition, Action.WITHDRAW, actor, now=now)
    return len(untouched)


def edit(cursor: Cursor, edition: bytes, *, content: Content, actor: Actor, now: datetime) -> int:
    """A new revision, which makes an approval void. Returns its number; the same text is no revision.

    Raises `EditionUnknown`, `MoveRefused`.
    """
    standing, data = _held(cursor, edition), _bytes(content)
    _check(standing, Action.EDIT, actor, now=now)
    digest = digest_of(data)
    if digest == standing.digest and standing.status is Status.DRAFT:
        return standing.revision
    number = standing.revision + 1
    parameters = {"number": number, "content": data, "digest": digest, "who": actor.name, "now": now}
    cursor.execute(sql.ADD_REVISION, {"id": edition, **parameters})
    _move(cursor, edition, standing, Action.EDIT, actor, now=now, revision=number, digest=digest)
    return number


def act(
    cursor: Cursor,
    edition: bytes,
    action: Action,
    actor: Actor,
    *,
    now: datetime,
    seen: bytes = b"",
    note: str = "",
    at: datetime | None = None,
) -> Status:
    """Any other step of the workflow; the parameters are those of `workflow.refusal`. Returns the status that
    it led to. The second factor of an approval is the caller's to ask for.

    Raises `EditionUnknown`, `MoveRefused`, `DayTaken`.
    """
    if action is Action.EDIT:
        raise ValueError("an edit has a text: `edit`")
    standing = _held(cursor, edition)
    _check(standing, action, actor, now=now, seen=seen, note=note, at=at)
    scheduled_for = at if action is Action.SCHEDULE else standing.scheduled_for
    try:
        return _move(
            cursor, edition, standing, action, actor, now=now, note=note, scheduled_for=scheduled_for
        )
    except (IntegrityError, psycopg.errors.UniqueViolation) as error:
        raise DayTaken("这一天已经有一份定时或发出的简报，一天只发一份。") from error


def set_review(cursor: Cursor, edition: bytes, *, reviewer: str, deputy: str) -> None:
    """Name who is to approve it, and who when that one cannot. Raises `MoveRefused` once it is scheduled."""
    cursor.execute(sql.SET_REVIEW, {"id": edition, "reviewer": reviewer, "deputy": deputy})
    if cursor.fetchone() is None:
        raise MoveRefused(NOT_NOW)


def import_incidents(
    cursor: Cursor, incidents: Sequence[Incident], *, who: str, now: datetime
) -> tuple[int, int]:
    """New and changed incidents by their source key. Returns how many were new and how many changed."""
    last = {one.source_key: one for one in incidents}
    rows = list(last.values())
    parameters = {
        "keys": [one.source_key for one in rows],
        "kinds": [one.kind for one in rows],
        "places": [one.place for one in rows],
        "lons": [one.lon for one in rows],
        "lats": [one.lat for one in rows],
        "moments": [one.happened_at for one in rows],
        "severities": [one.severity for one in rows],
        "summaries": [one.summary for one in rows],
    }
    cursor.execute(sql.ADD_INCIDENTS, {**parameters, "who": who, "now": now})
    found = [bool(row[0]) for row in cursor.fetchall()]
    return sum(found), len(found) - sum(found)


def _bytes(content: Content) -> bytes:
    data = to_bytes(content)
    if len(data) > LARGEST:
        raise MoveRefused(TOO_LARGE)
    return data


def _held(cursor: Cursor, edition: bytes) -> Standing:
    """The edition's row, held until the end of the transaction."""
    cursor.execute(sql.LOCK_EDITION, {"id": edition})
    row = cursor.fetchone()
    if row is None:
        raise EditionUnknown("没有这份简报。")
    status, revision, digest, scheduled_for, authors = row
    return Standing(
        status=Status(status),
        revision=revision,
        digest=bytes(digest),
        authors=frozenset(authors),
        scheduled_for=scheduled_for,
    )


def _check(standing: Standing, action: Action, actor: Actor, **values: Any) -> None:
    why = refusal(standing, action, actor, **values)
    if why is not None:
        raise MoveRefused(why)


def _move(
    cursor: Cursor,
    edition: bytes,
    standing: Standing,
    action: Action,
    actor: Actor,
    *,
    now: datetime,
    note: str = "",
    revision: int | None = None,
    digest: bytes | None = None,
    scheduled_for: datetime | None = None,
) -> Status:
    """The row after the move, and the row that tells of it."""
    to = MOVES[standing.status, action].to
    number, fingerprint = revision or standing.revision, digest or standing.digest
    is_held = to in HELD
    cursor.execute(
        sql.MOVE_EDITION,
        {
            "id": edition,
            "status": to,
            "revision": number,
            "digest": fingerprint,
            "approved_revision": number if is_held else None,
            "approved_digest": fingerprint if is_held else None,
            "approver": actor.name if action is Action.APPROVE else None,
            "scheduled_for": scheduled_for if to in _TIMED else None,
        },
    )
    told = {"action": action, "status": to, "revision": number, "who": actor.name, "note": note, "now": now}
    cursor.execute(sql.ADD_MOVE, {"id": edition, **told})
    return to


_TIMED = frozenset({Status.SCHEDULED, Status.SENDING, Status.SENT})
WORKER = Actor(name="worker", parts=frozenset({Part.WORKER}))
