"""The days to come for one vehicle, as a strip: date, weekday, symbol, word, hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.conversation.advice import DayAhead, days_ahead
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.replies import Span
from daxiang.domains.restrictions.values import Passage
from daxiang.sites.public.asked import Asked, kind_of
from daxiang.sites.public.english_names import MONTHS, WEEKDAYS, EnglishNames
from daxiang.sites.public.found import Found
from daxiang.sites.public.languages import CHINESE, ENGLISH
from daxiang.sites.public.tones import tone_of

DAYS = 14
_RESTING = {DayKind.WEEKEND, DayKind.HOLIDAY}


@dataclass(frozen=True, kw_only=True)
class StripDay:
    """One day. `address` is empty where the question cannot be written as an address."""

    iso: str
    weekday: str
    number: str
    tone: str
    word: str
    hours: str
    is_today: bool
    is_rest: bool
    is_asked: bool
    address: str


def strip(found: Found, *, home: str, names: EnglishNames | None) -> tuple[StripDay, ...]:
    """Fourteen days from today; empty where they say nothing: no tail or vehicle yet, or every day alike."""
    if found.is_undecided:
        return ()
    days = days_ahead(found.cards, found.vehicle, found.now.date(), DAYS)
    if any(day.passage == Passage.CONDITIONAL for day in days) or _are_alike(days):
        return ()
    return tuple(_day(found, day, home, names) for day in days)


def _are_alike(days: Sequence[DayAhead]) -> bool:
    return len({(day.passage, day.spans) for day in days}) == 1


def _day(found: Found, ahead: DayAhead, home: str, names: EnglishNames | None) -> StripDay:
    tone = tone_of(ahead.passage)
    texts = ENGLISH if names else CHINESE
    is_today = ahead.day == found.now.date()
    word = {"may": "open", "maynot": "no entry"}.get(tone, "not certain") if names else texts.tones[tone]
    return StripDay(
        iso=ahead.day.isoformat(),
        weekday=_weekday(ahead, is_today, names is not None),
        number=_number(ahead, names is not None),
        tone=tone,
        word=word,
        hours=hours_in_words(ahead, names),
        is_today=is_today,
        is_rest=ahead.kind in _RESTING,
        is_asked=bool(found.cases) and ahead.day == found.frame.start.date(),
        address=_address(found.car, ahead, is_today, home),
    )


def _address(car: Car, ahead: DayAhead, is_today: bool, home: str) -> str:
    kind = kind_of(replace(car, plate=None, tail=car.tail_digit))
    if kind is None:
        return ""
    return Asked(tail=car.tail_digit or "", kind=kind, day=None if is_today else ahead.day).address(home)


def _weekday(ahead: DayAhead, is_today: bool, is_english: bool) -> str:
    if is_english:
        return "Today" if is_today else WEEKDAYS[ahead.day.weekday()]
    return "今天" if is_today else ahead.weekday


def _number(ahead: DayAhead, is_english: bool) -> str:
    day = ahead.day
    if day.day != 1:
        return str(day.day)
    return f"1 {MONTHS[day.month - 1]}" if is_english else f"{day.month}/1"


def hours_in_words(ahead: DayAhead, names: EnglishNames | None) -> str:
    """7–22点, 休息日, 国庆节, 全天."""
    if ahead.passage != Passage.ALLOWED:
        held = [span for span in ahead.spans if span.passage == ahead.passage]
        return _all_day(names) if _is_whole(held) else "、".join(_window(span, names) for span in held)
    if ahead.holiday:
        return names.holiday(ahead.holiday).removeprefix("the ") if names else ahead.holiday
    if ahead.kind in _RESTING:
        return "day off" if names else "休息日"
    return _all_day(names)


def _all_day(names: EnglishNames | None) -> str:
    return "all day" if names else "全天"


def _is_whole(held: Sequence[Span]) -> bool:
    return len(held) == 1 and held[0].start_hour == 0 and held[0].end_hour == 24


def _window(span: Span, names: EnglishNames | None) -> str:
    if span.start_hour % 1 or span.end_hour % 1:
        return f"{_clock(span.start_hour)}–{_clock(span.end_hour)}"
    return f"{span.start_hour:.0f}–{span.end_hour:.0f}{' h' if names else '点'}"


def _clock(hour: float) -> str:
    return f"{int(hour)}:{round(hour % 1 * 60):02}"
