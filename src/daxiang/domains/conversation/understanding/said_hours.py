"""From the words of an hour, or of hours, to minutes, with every reading that they can have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from daxiang.domains.conversation.meaning import Hours
from daxiang.domains.conversation.understanding.hours import BOTH_RUSHES, DAY, RUSH, Clock, Period, minutes
from daxiang.domains.conversation.understanding.parts import Part, Token


def said_hours(tokens: Sequence[Token], text: str, unread: list[str], *, has_day: bool) -> list[Hours | None]:
    """The hours that these pieces name; words that could not be read are added to `unread`."""
    said = [token for token in tokens if token.part in {Part.PERIOD, Part.CLOCK}]
    if not said:
        return [None]
    clocks = [token for token in said if token.part is Part.CLOCK]
    words = text[said[0].start : said[-1].end].replace(" ", "")
    if not clocks:
        return _periods(said, text, unread)
    if idle := _idle_periods(said, text):
        unread += idle
        return [None]
    if len(clocks) == 1:
        return _one_hour(tokens, clocks[0], words, has_day=has_day)
    second = tokens.index(clocks[1])
    is_range = any(token.part is Part.TO for token in tokens[tokens.index(clocks[0]) : second])
    if not is_range or len(clocks) > 2:
        unread += [text[token.start : token.end] for token in clocks]
        return [None]
    return _between(tokens, clocks[0], clocks[1], words, has_day=has_day)


def _idle_periods(said: Sequence[Token], text: str) -> list[str]:
    """早上去晚上11点回: a part of the day that no hour is counted in, and that the next does not narrow."""
    idle = []
    for token, behind in pairwise(said):
        if token.part is Part.PERIOD and behind.part is Part.PERIOD:
            one, other = period_of(token), period_of(behind)
            if other is not RUSH and (one.start >= other.end or one.end <= other.start):
                idle.append(text[token.start : token.end])
    if said[-1].part is Part.PERIOD:
        idle.append(text[said[-1].start : said[-1].end])
    return idle


def _periods(said: Sequence[Token], text: str, unread: list[str]) -> list[Hours | None]:
    """A named part of the day; of two that overlap the narrower; two hours are none: the day is answered."""
    first = said[0]
    period = period_of(first)
    for token in said[1:]:
        other = period_of(token)
        if other is RUSH or (period.start <= other.start and other.end <= period.end and other is not period):
            first, period = token, other
        elif other.start >= period.end or other.end <= period.start:
            unread += [text[one.start : one.end] for one in said]
            return [None]
    word = text[first.start : first.end]
    if period is RUSH:
        return [Hours(start=one.start, end=one.end, said=word) for one in BOTH_RUSHES]
    return [Hours(start=period.start, end=period.end, said=word)]


def period_of(token: Token) -> Period:
    """The part of the day that the piece names."""
    return token.as_a(Period)


def period_before(tokens: Sequence[Token], clock: Token) -> Period | None:
    """The part of the day that an hour is counted in: the last one named before it, or right behind it."""
    at = tokens.index(clock)
    for token in reversed(tokens[:at]):
        if token.part is Part.PERIOD:
            return period_of(token)
        if token.part is Part.CLOCK:
            break
    return None


def minutes_of(tokens: Sequence[Token], clock: Token, *, has_day: bool) -> tuple[int, ...]:
    period = period_before(tokens, clock)
    with_day = has_day and (period is None or period.day is None)
    read = minutes(
        clock.as_a(Clock), period, has_day=with_day or (period is not None and period.day is not None)
    )
    if period is not None and period.day is not None and len(read) > 1:
        return read[:1]  # 今晚1点 is the night that follows
    return read


def _one_hour(tokens: Sequence[Token], clock: Token, words: str, *, has_day: bool) -> list[Hours | None]:
    behind = next(
        (token.part for token in tokens[tokens.index(clock) + 1 :] if token.part is not Part.FILLER), None
    )
    read = minutes_of(tokens, clock, has_day=has_day)
    if behind is Part.FROM_ON:
        return [Hours(start=m, end=DAY if m < DAY else m + 300, said=words) for m in read]
    if behind is Part.UNTIL:
        return [Hours(start=0, end=m, said=words) if m else Hours(start=m, said=words) for m in read]
    return [Hours(start=m, said=words) for m in read]


def _between(
    tokens: Sequence[Token], first: Token, last: Token, words: str, *, has_day: bool
) -> list[Hours | None]:
    """From an hour to an hour; an end that is not later belongs to the next day."""
    starts = minutes_of(tokens, first, has_day=has_day)
    own = period_before(tokens, last)
    inherited = own or period_before(tokens, first)
    ends = {
        *minutes(last.as_a(Clock), inherited, has_day=True),
        *(() if own else minutes(last.as_a(Clock), None, has_day=True)),
    }
    found: list[Hours | None] = []
    for start in starts:
        later = sorted(end for end in ends if end > start)
        end = later[0] if later else min(ends) + DAY
        found.append(Hours(start=start, end=end, said=words))
    return found
