"""What people do around an edition: comments, corrections; the table of incidents; all by plain SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from daxiang.domains.briefings.content import Content, from_bytes
from daxiang.domains.briefings.errors import CorrectionRefused, EditionUnknown
from daxiang.domains.briefings.operations import Cursor, act
from daxiang.domains.briefings.queries import Edition
from daxiang.domains.briefings.sql import READ_REVISION
from daxiang.domains.briefings.workflow import Action, Actor

LONGEST_COMMENT, LONGEST_CORRECTION = 1000, 500

ADD_COMMENT = """
INSERT INTO briefing_comment (edition, revision, who, place, words, at)
VALUES (%(edition)s, %(revision)s, %(who)s, %(place)s, %(words)s, %(now)s)
"""
SETTLE_COMMENT = """
UPDATE briefing_comment SET settled_by = %(who)s, settled_at = %(now)s
WHERE id = %(id)s AND edition = %(edition)s AND settled_at IS NULL
"""
LIST_COMMENTS = """
SELECT id, revision, who, place, words, at, settled_by, settled_at FROM briefing_comment
WHERE edition = %(edition)s ORDER BY id
"""
ADD_CORRECTION = """
INSERT INTO briefing_correction (edition, place, words, by, at)
SELECT id, %(place)s, %(words)s, %(who)s, %(now)s FROM briefing_edition
WHERE id = %(edition)s AND status = 'sent' RETURNING id
"""
APPROVE_CORRECTION = """
UPDATE briefing_correction SET approved_by = %(who)s, approved_at = %(now)s
WHERE id = %(id)s AND edition = %(edition)s AND approved_at IS NULL AND by <> %(who)s RETURNING id
"""
LIST_CORRECTIONS = """
SELECT id, place, words, by, at, approved_by, approved_at, told, told_at FROM briefing_correction
WHERE edition = %(edition)s ORDER BY id
"""
CORRECTIONS_SINCE = """
SELECT one.words FROM briefing_correction AS one JOIN briefing_edition AS edition ON edition.id = one.edition
WHERE one.approved_at >= %(since)s AND one.approved_at < %(until)s ORDER BY one.id
"""
LIST_CONTRIBUTIONS = """
SELECT one.id, one.words, one.at, unit.name, one.used_at FROM briefing_contribution AS one
JOIN officer ON officer.id = one.officer JOIN officer_unit AS unit ON unit.id = officer.unit
WHERE one.at > %(since)s ORDER BY one.id DESC LIMIT 50
"""
USE_CONTRIBUTION = """
UPDATE briefing_contribution AS one SET used_at = coalesce(one.used_at, %(now)s)
FROM officer, officer_unit AS unit
WHERE one.id = %(id)s AND officer.id = one.officer AND unit.id = officer.unit
RETURNING one.words, unit.name
"""
STATEMENTS = {
    "USE_CONTRIBUTION": USE_CONTRIBUTION,
    "LIST_CONTRIBUTIONS": LIST_CONTRIBUTIONS,
    "ADD_COMMENT": ADD_COMMENT,
    "SETTLE_COMMENT": SETTLE_COMMENT,
    "LIST_COMMENTS": LIST_COMMENTS,
    "ADD_CORRECTION": ADD_CORRECTION,
    "APPROVE_CORRECTION": APPROVE_CORRECTION,
    "LIST_CORRECTIONS": LIST_CORRECTIONS,
    "CORRECTIONS_SINCE": CORRECTIONS_SINCE,
}


class Comment(NamedTuple):
    """Somebody's words at a place of a revision."""

    id: int
    revision: int
    who: str
    place: str
    words: str
    at: datetime
    settled_by: str | None
    settled_at: datetime | None


class Correction(NamedTuple):
    """What was wrong in an edition that was sent, and is right. Officers see it once another approved it."""

    id: int
    place: str
    words: str
    by: str
    at: datetime
    approved_by: str | None
    approved_at: datetime | None
    told: int
    """To how many it was sent in the chat: those whose window was open."""
    told_at: datetime | None


class Revised(NamedTuple):
    """One revision's text."""

    content: Content
    author: str
    at: datetime


def add_comment(
    cursor: Cursor, edition: bytes, *, revision: int, who: str, place: str, words: str, now: datetime
) -> None:
    """Keep somebody's words about a revision."""
    cursor.execute(
        ADD_COMMENT,
        {"edition": edition, "revision": revision, "who": who, "place": place, "words": words, "now": now},
    )


def send_back(cursor: Cursor, held: Edition, actor: Actor, *, note: str, now: datetime) -> None:
    """Back to the editor, with the reason, which stands among the comments too. Raises `MoveRefused`."""
    act(cursor, held.id, Action.SEND_BACK, actor, now=now, note=note)
    add_comment(cursor, held.id, revision=held.revision, who=actor.name, place="退回", words=note, now=now)


def settle_comment(cursor: Cursor, edition: bytes, comment: int, *, who: str, now: datetime) -> None:
    """It is dealt with; once more changes nothing."""
    cursor.execute(SETTLE_COMMENT, {"id": comment, "edition": edition, "who": who, "now": now})


def comments(cursor: Cursor, edition: bytes) -> list[Comment]:
    """All of an edition, the oldest first."""
    cursor.execute(LIST_COMMENTS, {"edition": edition})
    return [Comment(*row) for row in cursor.fetchall()]


def add_correction(cursor: Cursor, edition: bytes, *, place: str, words: str, who: str, now: datetime) -> int:
    """Write a correction of a sent edition; another person approves it. Raises `CorrectionRefused`."""
    cursor.execute(
        ADD_CORRECTION, {"edition": edition, "place": place, "words": words, "who": who, "now": now}
    )
    row = cursor.fetchone()
    if row is None:
        raise CorrectionRefused("更正只写给已经发出的简报。没发出的，直接改稿子。")
    return int(row[0])


def approve_correction(cursor: Cursor, edition: bytes, correction: int, *, who: str, now: datetime) -> None:
    """From now on it stands on the officers' page. Raises `CorrectionRefused`."""
    cursor.execute(APPROVE_CORRECTION, {"id": correction, "edition": edition, "who": who, "now": now})
    if cursor.fetchone() is None:
        raise CorrectionRefused("这条更正已经审定了，或者是您自己写的：要另一位来审。")


def corrections(cursor: Cursor, edition: bytes, *, approved: bool = False) -> list[Correction]:
    """Of an edition, the oldest first; `approved`: only those that officers see."""
    cursor.execute(LIST_CORRECTIONS, {"edition": edition})
    found = [Correction(*row) for row in cursor.fetchall()]
    return [one for one in found if one.approved_at is not None or not approved]


def corrections_since(cursor: Cursor, *, since: datetime, until: datetime) -> tuple[str, ...]:
    """What was approved in [since, until): it leads the next edition."""
    cursor.execute(CORRECTIONS_SINCE, {"since": since, "until": until})
    return tuple(row[0] for row in cursor.fetchall())


def revision(cursor: Cursor, edition: bytes, number: int) -> Revised:
    """One revision of an edition. Raises `EditionUnknown`."""
    cursor.execute(READ_REVISION, {"id": edition, "number": number})
    row = cursor.fetchone()
    if row is None:
        raise EditionUnknown("没有这一稿。")
    return Revised(from_bytes(bytes(row[0])), row[1], row[2])


class Contribution(NamedTuple):
    """What an officer handed in for a Saturday edition; of her the unit is told."""

    id: int
    words: str
    at: datetime
    unit: str
    used_at: datetime | None


def use_contribution(cursor: Cursor, contribution: int, *, now: datetime) -> tuple[str, str] | None:
    """Its words and its officer's unit, to stand in an edition; None: there is none of this number."""
    cursor.execute(USE_CONTRIBUTION, {"id": contribution, "now": now})
    row = cursor.fetchone()
    return None if row is None else (row[0], row[1])


def contributions(cursor: Cursor, *, since: datetime) -> list[Contribution]:
    """The newest first."""
    cursor.execute(LIST_CONTRIBUTIONS, {"since": since})
    return [Contribution(*row) for row in cursor.fetchall()]


class IncidentRow(NamedTuple):
    """An incident as the table shows it."""

    id: int
    source_key: str
    kind: str
    place: str
    happened_at: datetime
    severity: int
    summary: str
    photos: int
    """How many there are of it."""


class IncidentsAsked(NamedTuple):
    """Which incidents: of [start, end); empty words and 0 ask for all."""

    start: datetime
    end: datetime
    kind: str = ""
    severity: int = 0
    like: str = ""


_WHERE = """
FROM briefing_incident WHERE happened_at >= %(start)s AND happened_at < %(end)s
    AND (%(kind)s = '' OR kind = %(kind)s) AND (%(severity)s = 0 OR severity = %(severity)s)
    AND (%(like)s = '' OR place ILIKE %(like)s OR summary ILIKE %(like)s OR source_key ILIKE %(like)s)
"""
COUNT_INCIDENTS = f"SELECT count(*) {_WHERE}"
PAGE_OF_INCIDENTS = f"""
WITH found AS MATERIALIZED (SELECT id, {{column}} AS key {_WHERE}),
page AS (SELECT id, key FROM found ORDER BY key {{direction}}, id LIMIT %(most)s OFFSET %(offset)s)
SELECT (SELECT count(*) FROM found), one.id, source_key, kind, place, happened_at, severity, summary,
    (SELECT count(*) FROM briefing_incident_photo WHERE incident = one.id)
FROM page JOIN briefing_incident AS one ON one.id = page.id ORDER BY page.key {{direction}}, page.id
"""  # noqa: S608 (texts of this file; the column is the page's own)
"""One scan for the page and for how many there are; only what is shown is read whole."""
KINDS = """
SELECT DISTINCT kind FROM briefing_incident WHERE happened_at >= %(start)s AND happened_at < %(end)s
ORDER BY kind LIMIT 50
"""


def incident_rows(
    cursor: Cursor, asked: IncidentsAsked, *, order: str, most: int, offset: int
) -> tuple[Sequence[IncidentRow], int]:
    """A page of the table, and how many there are. `order`: an ORDER BY made of the page's own columns."""
    parameters: dict[str, Any] = {**asked._asdict(), "most": most, "offset": offset}
    column, direction = order.split()
    cursor.execute(PAGE_OF_INCIDENTS.format(column=column, direction=direction), parameters)
    rows = cursor.fetchall()
    if rows:
        return [IncidentRow(*row[1:]) for row in rows], int(rows[0][0])
    cursor.execute(COUNT_INCIDENTS, parameters)
    return [], int((cursor.fetchone() or (0,))[0])


def kinds(cursor: Cursor, *, start: datetime, end: datetime) -> list[str]:
    """The kinds of incidents that there are in [start, end)."""
    cursor.execute(KINDS, {"start": start, "end": end})
    return [row[0] for row in cursor.fetchall()]


def last_day(cursor: Cursor) -> date | None:
    """The last day of which an incident is known, in Beijing."""
    cursor.execute("SELECT (max(happened_at) AT TIME ZONE 'Asia/Shanghai')::date FROM briefing_incident", {})
    row = cursor.fetchone()
    return None if row is None else row[0]
