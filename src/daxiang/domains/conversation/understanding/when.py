"""From the words of day and hour to dates and minutes, with every reading that they can have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain, product

from daxiang.domains.calendars.rules import Calendar
from daxiang.domains.conversation.meaning import Hours
from daxiang.domains.conversation.understanding.days import (
    ONE_DAY,
    AwayDay,
    DayForm,
    FullDate,
    MonthAway,
    MonthDay,
    OfMonth,
    Relative,
    Week,
    Weekday,
    YearAway,
    dates_of,
)
from daxiang.domains.conversation.understanding.hours import DAY, Period
from daxiang.domains.conversation.understanding.parts import Part, Token
from daxiang.domains.conversation.understanding.readings import MOST_READINGS, combined
from daxiang.domains.conversation.understanding.said_hours import said_hours
from daxiang.domains.conversation.understanding.stretches import Parted, parted_at_days

MOST_DAYS = 31
LONGEST_STRETCH = 7 * DAY
"""Minutes from hour to hour of another day. What is longer is asked day by day: no bubble holds it, and it
must not cost a reckoning for each day of a century.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """One reading: days in the order said, and hours."""

    days: tuple[date, ...] = ()
    hours: Hours | None = None


@dataclass(slots=True)
class Times:
    """Every reading, the likeliest first, and the words that could not be read."""

    readings: tuple[When, ...] = (When(),)
    is_now: bool = False
    unread: list[str] = field(default_factory=list)
    is_cut: bool = False
    """More days or readings than stand here."""


def times(tokens: Sequence[Token], text: str, *, now: datetime, calendar: Calendar) -> Times:
    """The times that these pieces (days, periods, hours and what joins them) speak of."""
    today = now.date()
    said = [token for token in tokens if token.part in _OWN]
    if len(said) == 1 and said[0].part is Part.DAY and (plain := _plain_day(said[0], today, calendar)):
        return plain
    found = Times()
    delay = next((token.value for token in tokens if token.part is Part.DELAY), None)
    if isinstance(delay, int):
        then = now + timedelta(minutes=delay)
        hours = Hours(start=then.hour * 60 + then.minute, said=f"{delay}分钟后")
        found.readings = (When(days=(then.date(),), hours=hours),)
        return found
    found.is_now = any(token.part is Part.NOW for token in tokens)
    if (parted := parted_at_days(tokens)) is not None:
        _put(found, _stretch(parted, text, now, calendar, found))
        return found
    day_readings = _days(tokens, text, today, calendar, found)
    hour_readings = said_hours(tokens, text, found.unread, has_day=bool(day_readings[0]))
    hour_readings = [_left(hours, tokens, day_readings, now) for hours in hour_readings]
    whens = [When(days=days, hours=hours) for days, hours in product(day_readings, hour_readings)]
    _put(found, _to_come(whens, now))
    return found


def _put(found: Times, whens: Sequence[When]) -> None:
    found.is_cut = found.is_cut or len(whens) > MOST_READINGS
    found.readings = tuple(whens[:MOST_READINGS])


def _stretch(parted: Parted, text: str, now: datetime, calendar: Calendar, found: Times) -> list[When]:
    """晚上10点半到明早8点: each end has its own day, and a start without one is today's."""
    today = now.date()
    heads = _days(parted.head, text, today, calendar, found)
    starts = parted.starts(has_day=bool(heads[0]))
    readings = []
    for days, start in product(heads, starts):
        first = days[0] if days else today
        if not days and start < _SMALL_HOURS and start < now.hour * 60 + now.minute:
            first += ONE_DAY  # 夜里2点到明早8点, said by day: the night to come
        last = first + ONE_DAY if parted.is_next_day(text) else None
        for ends in [(last,)] if last else _days(parted.tail, text, today, calendar, found):
            end = parted.end_after(start, days=(ends[-1] - first).days) if ends else None
            if end is not None and end - start <= LONGEST_STRETCH and len(days) <= 1:
                readings.append(When(days=(first,), hours=Hours(start=start, end=end)))
    if not readings:
        found.unread.append(text[parted.head[0].start : parted.tail[-1].end])
    return readings or [When()]


_SMALL_HOURS = 360
_OWN = frozenset({Part.DAY, Part.PERIOD, Part.CLOCK, Part.NOW, Part.DELAY, Part.TO})


def _plain_day(token: Token, today: date, calendar: Calendar) -> Times | None:
    """The one day of most questions; None when it takes more to read it."""
    form = _form(token)
    if isinstance(form, YearAway | MonthAway):
        return None
    read = dates_of(form, today, calendar)
    return Times(readings=tuple([When(days=days) for days in read])) if read and read[0] else None


def _form(token: Token) -> DayForm:
    """The form that a piece of this part carries."""
    if not isinstance(token.value, DayForm):
        raise TypeError(f"{token.part.name} carries no day")
    return token.value


def _left(
    hours: Hours | None, tokens: Sequence[Token], days: list[tuple[date, ...]], now: datetime
) -> Hours | None:
    """今晚 said at 22:30 is what is left of it."""
    minute = now.hour * 60 + now.minute
    is_today = days[0] in ((), (now.date(),))
    if hours is None or hours.end is None or not is_today or any(one.part is Part.CLOCK for one in tokens):
        return hours
    return replace(hours, start=minute) if hours.start < minute < hours.end else hours


def _to_come(whens: list[When], now: datetime) -> list[When]:
    """Of the hours that today can have, those that are left; without a day the next to come first."""
    if len(whens) == 1 or any(when.hours is None for when in whens):
        return whens
    minute = now.hour * 60 + now.minute
    if all(when.days == (now.date(),) for when in whens):
        left = [when for when in whens if _last_minute(when) >= minute]
        return left or whens
    if all(not when.days for when in whens):
        return sorted(whens, key=lambda when: (_last_minute(when) - minute) % DAY)
    return whens


def _last_minute(when: When) -> int:
    if when.hours is None:
        return DAY
    return when.hours.start if when.hours.end is None else when.hours.end


def _days(
    tokens: Sequence[Token], text: str, today: date, calendar: Calendar, found: Times
) -> list[tuple[date, ...]]:
    """Every reading of the days, joined in the order said."""
    said: list[tuple[tuple[date, ...], ...]] = []
    last: Token | None = None
    last_form: DayForm | None = None
    away: YearAway | MonthAway | None = None
    for token, joins in _day_tokens(tokens):
        form = _with_away(token, away, today)
        if isinstance(form, YearAway | MonthAway):
            away = form
            continue
        if joins == "to" and isinstance(form, OfMonth) and isinstance(last_form, MonthDay):
            form = MonthDay(last_form.month, form.day)
        read = dates_of(form, _seen_from(today, away), calendar)
        away = None
        if not read or not read[0]:
            found.unread.append(text[token.start : token.end])
        elif joins == "to" and said and last is not None:
            said[-1] = _range(said[-1], read)
        elif joins == "" and said and isinstance(form, Weekday) and not isinstance(last_form, Weekday | Week):
            said[-1] = _agreed(said[-1], read)
        elif read not in said:
            said.append(read)
        last, last_form = token, form
    if away is not None:
        found.unread.append("那个月" if isinstance(away, MonthAway) else "那一年")
    joined, is_cut = combined(said)
    found.is_cut = found.is_cut or is_cut
    return [tuple(dict.fromkeys(chain.from_iterable(one)))[:MOST_DAYS] for one in joined]


def _day_tokens(tokens: Sequence[Token]) -> list[tuple[Token, str]]:
    """The words for days, each with what joins it to the one before: "to", "and" or nothing."""
    found: list[tuple[Token, str]] = []
    joins, is_near = "and", False
    for token in tokens:
        if token.part is Part.DAY:
            found.append((token, joins if found else "and"))
            joins, is_near = "", True
        elif token.part is Part.PERIOD and isinstance(token.value, Period) and token.value.day is not None:
            found.append((token._replace(value=Relative(token.value.day)), "and"))
            joins = "and"
        elif token.part is Part.TO and (is_near or found):
            joins = "to" if is_near else joins
            continue
        elif token.part not in {Part.FILLER, Part.BREAK}:
            joins = "and"
            is_near = token.part in {Part.PERIOD, Part.CLOCK} and is_near
    return found


def _with_away(token: Token, away: YearAway | MonthAway | None, today: date) -> DayForm:
    form = _form(token)
    if isinstance(away, YearAway) and isinstance(form, MonthDay):
        return FullDate(today.year + away.years, form.month, form.day)
    if isinstance(away, MonthAway) and isinstance(form, OfMonth):
        return AwayDay(away.months, form.day)
    return form


def _seen_from(today: date, away: YearAway | MonthAway | None) -> date:
    """明年国庆: holidays are counted from the first day of the year that was named."""
    return date(today.year + away.years, 1, 1) if isinstance(away, YearAway) and away.years else today


def _range(
    first: tuple[tuple[date, ...], ...], last: tuple[tuple[date, ...], ...]
) -> tuple[tuple[date, ...], ...]:
    """From the one day to the other, both counted; the end is the first such day that is not before."""
    ends = [days[-1] for days in last]
    spans = []
    for days in first:
        start = days[0]
        end = next((end for end in ends if end >= start), None)
        if end is None:
            end = ends[0] + 7 * ONE_DAY if (start - ends[0]).days < 7 else start
        spans.append(tuple(start + n * ONE_DAY for n in range(min((end - start).days + 1, MOST_DAYS))))
    return tuple(spans)


def _agreed(
    days: tuple[tuple[date, ...], ...], weekday: tuple[tuple[date, ...], ...]
) -> tuple[tuple[date, ...], ...]:
    """明天星期六: one day when both agree; else either may be the slip. 28号周六 picks its reading."""
    wanted = weekday[0][0].weekday()
    fitting = tuple(read for read in days if read[-1].weekday() == wanted)
    return fitting or (*days, *weekday)
