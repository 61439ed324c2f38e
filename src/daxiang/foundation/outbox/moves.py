"""The life of a delivery: one table `(status, action) -> Move`, and the pure decision after an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    """The platform will never take it; nobody got it."""
    UNKNOWN = "unknown"
    """It may have arrived. A person must look; no machine sends it again."""
    EXPIRED = "expired"
    """Its time ran out before it could be sent; nobody got it."""


class Action(StrEnum):
    CLAIM = "claim"
    SUCCEED = "succeed"
    REFUSE = "refuse"
    POSTPONE = "postpone"
    LOSE = "lose"
    EXPIRE = "expire"


@dataclass(frozen=True, kw_only=True)
class Move:
    """Where an action leads, and who may do it."""

    to: Status
    by: str


MOVES: dict[tuple[Status, Action], Move] = {
    (Status.WAITING, Action.CLAIM): Move(to=Status.SENDING, by="worker"),
    (Status.WAITING, Action.EXPIRE): Move(to=Status.EXPIRED, by="worker"),
    (Status.SENDING, Action.SUCCEED): Move(to=Status.SENT, by="worker"),
    (Status.SENDING, Action.REFUSE): Move(to=Status.REFUSED, by="worker"),
    (Status.SENDING, Action.POSTPONE): Move(to=Status.WAITING, by="worker"),
    (Status.SENDING, Action.LOSE): Move(to=Status.UNKNOWN, by="worker"),
    (Status.SENDING, Action.EXPIRE): Move(to=Status.EXPIRED, by="worker"),
    # A worker that was slower than its lease comes back with a certain answer after all.
    (Status.UNKNOWN, Action.SUCCEED): Move(to=Status.SENT, by="worker"),
    (Status.UNKNOWN, Action.REFUSE): Move(to=Status.REFUSED, by="worker"),
}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How a channel's platform treats a repeat."""

    same_id_for: timedelta | None = None
    """So long after the first attempt the platform recognises a repeat by our id; None: it never does."""
    first_pause: timedelta = timedelta(seconds=1)
    longest_pause: timedelta = timedelta(minutes=1)
    """Before an attempt after a failure that is certainly not a delivery: doubled each time up to this."""


class Ending(StrEnum):
    """What one attempt came to."""

    SENT = "sent"
    REFUSED = "refused"
    NOT_NOW = "not_now"
    """Certainly not delivered; later perhaps."""
    IN_DOUBT = "in_doubt"
    """It may have been delivered."""
    TOO_LATE = "too_late"
    """Not attempted: the right to send it is over."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """How an attempt ended, and what the platform said of it."""

    ending: Ending
    code: str = ""
    rid: str = ""
    """The platform's number of the request."""
    retry_after: timedelta | None = None


def next_step(
    attempt: Attempt, *, policy: Policy, attempts: int, first_tried_at: datetime, now: datetime
) -> tuple[Action, datetime]:
    """What to do after an attempt, and from when on (it matters for `POSTPONE` alone).

    A repeat after a doubtful attempt is allowed only while the platform still recognises our id. `attempts`
    counts this one; moments are business time.
    """
    match attempt.ending:
        case Ending.SENT:
            return Action.SUCCEED, now
        case Ending.REFUSED:
            return Action.REFUSE, now
        case Ending.TOO_LATE:
            return Action.EXPIRE, now
        case Ending.NOT_NOW:
            return Action.POSTPONE, now + (attempt.retry_after or _pause(policy, attempts))
        case Ending.IN_DOUBT:
            again = now + _pause(policy, attempts)
            if is_recognised(policy, first_tried_at=first_tried_at, at=again):
                return Action.POSTPONE, again
            return Action.LOSE, now


def is_recognised(policy: Policy, *, first_tried_at: datetime, at: datetime) -> bool:
    """Whether the platform would take an attempt at that moment for a repeat and not for a second message."""
    return policy.same_id_for is not None and first_tried_at <= at < first_tried_at + policy.same_id_for


def _pause(policy: Policy, attempts: int) -> timedelta:
    doublings: int = 1 << min(attempts - 1, 30)
    return min(policy.first_pause * doublings, policy.longest_pause)
