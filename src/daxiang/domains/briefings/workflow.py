"""The life of an edition: one table `(status, action) -> Move`, and what may stand in a move's way. Pure.

Two persons stand behind every edition that is sent: who wrote any of its text never approves it, an approval
is of the very bytes that were read, and any edit makes it void.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    """The worker is at it: the platform may have it."""
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    EDIT = "edit"
    SEND_FOR_REVIEW = "send_for_review"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    CLAIM = "claim"
    ACCEPT = "accept"
    RELEASE = "release"
    """Certainly not sent: it may be tried again."""
    REFUSE = "refuse"
    """The platform will never take it as it is, and has not: a person must look."""
    MISS = "miss"
    """Its time is over, and it was not sent."""
    WITHDRAW = "withdraw"


class Part(StrEnum):
    """In which part somebody acts. A person may hold several; the worker holds its own alone."""

    EDITOR = "editor"
    REVIEWER = "reviewer"
    WORKER = "worker"


@dataclass(frozen=True, kw_only=True)
class Move:
    """Where an action leads, and in which parts it may be done."""

    to: Status
    by: frozenset[Part]


_EDITOR, _REVIEWER = frozenset({Part.EDITOR}), frozenset({Part.REVIEWER})
_EITHER, _WORKER = _EDITOR | _REVIEWER, frozenset({Part.WORKER})

MOVES: dict[tuple[Status, Action], Move] = {
    (Status.DRAFT, Action.EDIT): Move(to=Status.DRAFT, by=_EDITOR),
    (Status.DRAFT, Action.SEND_FOR_REVIEW): Move(to=Status.IN_REVIEW, by=_EDITOR),
    (Status.DRAFT, Action.WITHDRAW): Move(to=Status.WITHDRAWN, by=_EITHER),
    (Status.IN_REVIEW, Action.EDIT): Move(to=Status.DRAFT, by=_EDITOR),
    (Status.IN_REVIEW, Action.SEND_BACK): Move(to=Status.DRAFT, by=_REVIEWER),
    (Status.IN_REVIEW, Action.APPROVE): Move(to=Status.APPROVED, by=_REVIEWER),
    (Status.IN_REVIEW, Action.WITHDRAW): Move(to=Status.WITHDRAWN, by=_EITHER),
    (Status.APPROVED, Action.EDIT): Move(to=Status.DRAFT, by=_EDITOR),
    (Status.APPROVED, Action.SEND_BACK): Move(to=Status.DRAFT, by=_REVIEWER),
    (Status.APPROVED, Action.SCHEDULE): Move(to=Status.SCHEDULED, by=_EITHER),
    (Status.APPROVED, Action.WITHDRAW): Move(to=Status.WITHDRAWN, by=_EITHER),
    (Status.SCHEDULED, Action.EDIT): Move(to=Status.DRAFT, by=_EDITOR),
    (Status.SCHEDULED, Action.SEND_BACK): Move(to=Status.DRAFT, by=_REVIEWER),
    (Status.SCHEDULED, Action.UNSCHEDULE): Move(to=Status.APPROVED, by=_EITHER),
    (Status.SCHEDULED, Action.CLAIM): Move(to=Status.SENDING, by=_WORKER),
    (Status.SCHEDULED, Action.WITHDRAW): Move(to=Status.WITHDRAWN, by=_EITHER),
    # While it is being sent nobody touches it: whether the platform has it is not known yet.
    (Status.SENDING, Action.ACCEPT): Move(to=Status.SENT, by=_WORKER),
    (Status.SENDING, Action.RELEASE): Move(to=Status.SCHEDULED, by=_WORKER),
    (Status.SENDING, Action.REFUSE): Move(to=Status.APPROVED, by=_WORKER),
    (Status.SCHEDULED, Action.MISS): Move(to=Status.APPROVED, by=_WORKER),
}

HELD = frozenset({Status.APPROVED, Status.SCHEDULED, Status.SENDING, Status.SENT})
"""Here the approved bytes are the edition's bytes: PostgreSQL refuses a row in which they are not."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts. `name`: the staff account's, or of a worker what it calls itself."""

    name: str
    parts: frozenset[Part]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a move hangs on, of one edition. `authors`: everybody who wrote any revision of it or
    sent it for review: also a draft that the machine wrote goes through two persons' hands.
    """

    status: Status
    revision: int
    digest: bytes
    authors: frozenset[str]
    scheduled_for: datetime | None = None


WRONG_PART = "这一步要由别的岗位来做。"
NOT_NOW = "现在做不了这一步，请刷新看看它到哪一步了。"
OWN_TEXT = "自己写过或送审的稿子不能自己审定，请换一位审核。"
OTHER_TEXT = "稿子在您看的时候改过了，请看过新的一稿再审定。"
NO_REASON = "退回要写一句原因。"
TOO_EARLY = "时间要在现在之后。"
NOT_DUE = "还没有到发送的时间。"


def refusal(
    standing: Standing,
    action: Action,
    actor: Actor,
    *,
    now: datetime,
    seen: bytes = b"",
    note: str = "",
    at: datetime | None = None,
) -> str | None:
    """Why the action may not be done, as a sentence; None when it may.

    `seen`: the digest of the text that the approval is of. `note`: the reason for sending back. `at`: for
    when it is scheduled.
    """
    move = MOVES.get((standing.status, action))
    if move is None:
        return NOT_NOW
    if not move.by & actor.parts:
        return WRONG_PART
    if action is Action.APPROVE:
        if actor.name in standing.authors:
            return OWN_TEXT
        return None if seen == standing.digest else OTHER_TEXT
    if action is Action.SEND_BACK and not note.strip():
        return NO_REASON
    if action is Action.SCHEDULE and (at is None or at <= now):
        return TOO_EARLY
    if action is Action.CLAIM and (standing.scheduled_for is None or now < standing.scheduled_for):
        return NOT_DUE
    return None


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    for (status, action), move in MOVES.items():
        lines.append(f"    {status} --> {move.to}: {action} ({', '.join(sorted(move.by))})")
    final = [one for one in Status if not any(status is one for status, _ in MOVES)]
    return "\n".join([*lines, *(f"    {one} --> [*]" for one in final)])
