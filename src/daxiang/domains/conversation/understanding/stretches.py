"""From an hour to an hour of another day: 晚上10点半到明早8点, 今晚11点出发明天早上8点到."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daxiang.domains.conversation.understanding.hours import DAY, Clock, Period, minutes
from daxiang.domains.conversation.understanding.parts import Part, Token
from daxiang.domains.conversation.understanding.said_hours import minutes_of, period_before, period_of

_HOURS = frozenset({Part.PERIOD, Part.CLOCK})
_TIMES = _HOURS | {Part.DAY}
_OF_AN_END = _TIMES | {Part.FILLER, Part.BREAK}
_NEXT_DAYS = frozenset({"第二天", "次日", "隔天"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Parted:
    """The words for times on the two sides of 到; the second side names its own day."""

    head: Sequence[Token]
    tail: Sequence[Token]

    def starts(self, *, has_day: bool) -> tuple[int, ...]:
        """The minutes of its day at which the stretch can begin, the likeliest first."""
        clock = _clock(self.head)
        if clock is not None:
            return minutes_of(self.head, clock, has_day=has_day)
        return (period_of(next(one for one in self.head if one.part is Part.PERIOD)).start,)

    def end_after(self, start: int, *, days: int) -> int | None:
        """When it ends so many days on, in minutes of the first day; None when not after the start."""
        return next((end for end in (days * DAY + m for m in self._ends()) if end > start), None)

    def is_next_day(self, text: str) -> bool:
        """Whether the end is on the day after the start's, whatever day that is."""
        return any(text[one.start : one.end] in _NEXT_DAYS for one in self.tail)

    def _ends(self) -> tuple[int, ...]:
        clock = _clock(self.tail)
        if clock is not None:
            own = period_before(self.tail, clock)
            return minutes(clock.as_a(Clock), own, has_day=True)
        period = next((period_of(one) for one in self.tail if one.part is Part.PERIOD), None)
        return (period.end if period else DAY,)


def parted_at_days(tokens: Sequence[Token]) -> Parted | None:
    """The two sides of a stretch from an hour to another day; None when it is none.

    周一到周五早上8点 is none: without an hour before 到 the hour counts for every day.
    """
    said = [n for n, token in enumerate(tokens) if token.part is Part.TO]
    clocks = [n for n, token in enumerate(tokens) if token.part is Part.CLOCK]
    if len(said) != 1 or len(clocks) > 2:
        return None
    at = said[0] if len(clocks) < 2 or said[0] < clocks[1] else clocks[0]
    head = [token for token in tokens[: at + (at in clocks)] if token.part in _TIMES]
    tail = _end(tokens[at + 1 :])
    if not any(one.part in _HOURS for one in head) or not any(map(_names_day, tail)):
        return None
    return Parted(head=head, tail=tail)


def _end(tokens: Sequence[Token]) -> list[Token]:
    """The words for the end, as far as they stand together and an hour ends them."""
    found: list[Token] = []
    for token in tokens:
        if token.part not in _OF_AN_END or (found and found[-1].part is Part.CLOCK):
            break
        if token.part in _TIMES and not (token.part is Part.DAY and any(one.part in _HOURS for one in found)):
            found.append(token)
    return found


def _names_day(token: Token) -> bool:
    return token.part is Part.DAY or (token.part is Part.PERIOD and token.as_a(Period).day is not None)


def _clock(tokens: Sequence[Token]) -> Token | None:
    return next((one for one in tokens if one.part is Part.CLOCK), None)
