"""The life of a delivery: one table `(status, action) -> Move`, and the pure decision after an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


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
    # One that may have arrived, and whose repeats the platform would no longer recognise.
    (Status.WAITING, Action.LOSE): Move(to=Status.UNKNOWN, by="worker"),
    # A worker that was slower than its lease comes back with a certain answer after all.
    (Status.UNKNOWN, Action.SUCCEED): Move(to=Status.SENT, by="worker"),
    (Status.UNKNOWN, Action.REFUSE): Move(to=Status.REFUSED, by="worker"),
    (Status.UNKNOWN, Action.POSTPONE): Move(to=Status.WAITING, by="worker"),
    (Status.UNKNOWN, Action.EXPIRE): Move(to=Status.EXPIRED, by="worker"),
    (Status.WAITING, Action.SUCCEED): Move(to=Status.SENT, by="worker"),
    (Status.WAITING, Action.REFUSE): Move(to=Status.REFUSED, by="worker"),
    (Status.WAITING, Action.POSTPONE): Move(to=Status.WAITING, by="worker"),
}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How a channel's platform treats a repeat."""

    same_id_for: timedelta | None = None
    """So long after an attempt that it took the platform recognises a repeat by our id; None: it never does.
    Write it shorter than the platform's own word by what an attempt may last.
    """
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


class Step(NamedTuple):
    """What to do after an attempt."""

    action: Action
    next_at: datetime
    """From when on another attempt may be made (it matters for `POSTPONE` alone)."""
    repeat_until: datetime | None
    """An attempt may have arrived: until then the platform would take another one for its repeat."""


def next_step(
    attempt: Attempt,
    *,
    policy: Policy,
    attempts: int,
    tried_at: datetime,
    repeat_until: datetime | None,
    now: datetime,
) -> Step:
    """What to do after an attempt that began at `tried_at`. `attempts` counts it; moments are business time.

    `repeat_until` is what the attempts before it left: while it is set one of them may have arrived, and then
    no refusal of a later one says that nobody got the message. The platform's time runs from the first
    attempt that it may have taken, not from one that it certainly has not.
    """
    match attempt.ending:
        case Ending.SENT:
            return Step(Action.SUCCEED, now, repeat_until)
        case Ending.REFUSED:
            return Step(Action.REFUSE if repeat_until is None else Action.LOSE, now, repeat_until)
        case Ending.TOO_LATE:
            return Step(Action.EXPIRE if repeat_until is None else Action.LOSE, now, repeat_until)
        case Ending.NOT_NOW:
            again, until = now + (attempt.retry_after or _pause(policy, attempts)), repeat_until
            if until is None or _is_recognised(again, tried_at, until):
                return Step(Action.POSTPONE, again, until)
        case Ending.IN_DOUBT:
            again, until = now + _pause(policy, attempts), repeat_until or _end_of_repeats(policy, tried_at)
            if until is not None and _is_recognised(again, tried_at, until):
                return Step(Action.POSTPONE, again, until)
    return Step(Action.LOSE, now, repeat_until)


def _end_of_repeats(policy: Policy, tried_at: datetime) -> datetime | None:
    return None if policy.same_id_for is None else tried_at + policy.same_id_for


def _is_recognised(again: datetime, tried_at: datetime, until: datetime) -> bool:
    """False too when the clock was set back: then nobody knows how long ago the attempt was."""
    return tried_at <= again < until


def _pause(policy: Policy, attempts: int) -> timedelta:
    doublings: int = 1 << min(attempts - 1, 30)
    return min(policy.first_pause * doublings, policy.longest_pause)
