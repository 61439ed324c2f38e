"""The review from a reviewer's own phone: what waits for her, and what a link of hers is of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from daxiang.domains.briefings import desk
from daxiang.domains.briefings.differences import changes
from daxiang.domains.briefings.gate import checked, stops
from daxiang.domains.briefings.operations import Cursor
from daxiang.domains.briefings.queries import Edition, edition, editions, moves, standing_of
from daxiang.domains.briefings.workflow import Action, Status

LINK_FOR = timedelta(minutes=15)
"""From the chat to the act."""
_AHEAD = timedelta(days=60)
_KIND, _ID, _DIGEST = b"review:", 16, 32


class OfReview(NamedTuple):
    """What a link of a review leads to: one revision of one edition."""

    edition: bytes
    digest: bytes


class Looked(NamedTuple):
    """An edition with what its reviewer looks at first. `since`: the revision compared with; 0: none."""

    edition: Edition
    author: str
    since: int
    changes: int
    stops: int


def target_of(edition_id: bytes, digest: bytes) -> bytes:
    """The target of a link of a review; no other kind of link opens it."""
    return _KIND + edition_id + digest


def review_of(target: bytes) -> OfReview | None:
    """What a link's target is of; None where it is none of a review."""
    if not target.startswith(_KIND) or len(target) != len(_KIND) + _ID + _DIGEST:
        return None
    rest = target.removeprefix(_KIND)
    return OfReview(rest[:_ID], rest[_ID:])


def awaiting(cursor: Cursor, reviewer: str, *, day: date) -> list[Looked]:
    """The editions in review from that day on that this person may approve, the first due first."""
    found = [one for one in editions(cursor, first=day, last=day + _AHEAD) if one.status is Status.IN_REVIEW]
    return [
        looked_at(cursor, edition(cursor, one.id))
        for one in sorted(found, key=lambda one: (one.day, one.due_at))
        if reviewer not in standing_of(cursor, one).authors
    ]


def looked_at(cursor: Cursor, held: Edition) -> Looked:
    """Who wrote the revision that stands, what it changed, and what stands in its way."""
    since = compared_with(cursor, held)
    many = 0
    if since:
        many = len(changes(desk.revision(cursor, held.id, since).content, held.content))
    author = desk.revision(cursor, held.id, held.revision).author
    return Looked(held, author, since, many, len(stops(checked(cursor, held.content, day=held.day))))


def compared_with(cursor: Cursor, held: Edition) -> int:
    """The revision that a reviewer knows already: the one last sent back, else the one before; 0: none."""
    life = moves(cursor, held.id)
    back = next((one.revision for one in reversed(life) if one.action is Action.SEND_BACK), None)
    return back if back is not None and back != held.revision else held.revision - 1
