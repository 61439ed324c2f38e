"""Thirty days as cells of a calendar: for all ten tails, or for one car. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.values import Passage, Place, Vehicle
from daxiang.sites.public.cities.cars import vehicle_of
from daxiang.sites.public.cities.outlook import Chapter, Day, outlook_of, telling
from daxiang.sites.public.cities.words import (
    TONE,
    WEEKDAYS,
    doubt_text,
    hours_of,
    kind_text,
    mark_of,
    places_text,
    said,
)

_RESTING = {DayKind.WEEKEND, DayKind.HOLIDAY}
_OWN_WORDS = {
    Passage.BANNED: "不能走",
    Passage.UNKNOWN: "不确定",
    Passage.CONDITIONAL: "看情况",
    Passage.ALLOWED: "能走",
}


@dataclass(frozen=True, kw_only=True)
class On:
    """The date of a cell. `mark`: 休, 班 or the name of a holiday."""

    iso: str
    weekday: str
    number: str
    mark: str
    is_today: bool
    is_rest: bool


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One day. `big`: tails or a word; `small`: the hours, where they are not those of every other day;
    `spoken`: all of it as a sentence.
    """

    on: On
    tone: str
    big: str
    is_word: bool
    small: str
    spoken: str


@dataclass(frozen=True, kw_only=True)
class Month:
    """Thirty days at places that are alike.

    `blanks`, `rest`: empty cells before the first day and behind the last, for rows that begin on Monday.
    `hours`: those of every day that has any; empty where they differ, and each day names its own.
    """

    title: str
    hours: str
    blanks: range
    rest: range
    cells: tuple[Cell, ...]
    summary: str
    doubts: tuple[str, ...]
    """Why some of the days are not certain: each reason once."""


def month_of(cards: CityCards, chapter: Chapter, *, title: str) -> Month:
    """The days of all ten tails."""
    days = chapter.days
    of_tail = [(day, vehicle_of(cards, chapter.kind, day.fares[0].digits[0])) for day in days]
    hours = _common(said(day).hours for day in days)
    return Month(
        title=title,
        hours=hours,
        blanks=range(days[0].day.weekday()),
        rest=range(6 - days[-1].day.weekday()),
        cells=tuple(_cell(day, days[0].day, hours) for day in days),
        summary="",
        doubts=_doubts(cards, chapter.places[0], of_tail),
    )


def _common(found: Iterable[str]) -> str:
    kept = {hours for hours in found if hours}
    return kept.pop() if len(kept) == 1 else ""


def _cell(day: Day, today: date, common: str) -> Cell:
    what = said(day)
    is_doubtful = what.tone == "unknown"
    big = what.digits.replace("和", " ").replace("、", " ") if what.digits else what.word
    return Cell(
        on=_on(day, today),
        tone=what.tone,
        big=big,
        is_word=not what.digits,
        small=what.word if is_doubtful and what.digits else "" if what.hours == common else what.hours,
        spoken=f"{_date_text(day)}，{what.line}{f'，{what.hours}' if what.hours else ''}",
    )


def own_months(cards: CityCards, vehicle: Vehicle, first: date, *, name: str) -> tuple[Month, ...]:
    """The days of one car, one calendar for places that are alike."""
    alike: dict[tuple[Day, ...], list[Place]] = {}
    for place in cards.restricted_places():
        alike.setdefault(outlook_of(cards, place.id, vehicle, first), []).append(place)
    return tuple(_own(cards, vehicle, days, name, places) for days, places in alike.items())


def _own(
    cards: CityCards, vehicle: Vehicle, days: tuple[Day, ...], name: str, places: Sequence[Place]
) -> Month:
    hours = _common(hours_of(day.base) for day in days)
    return Month(
        title=f"{name}，{places_text(places)}",
        hours=hours,
        blanks=range(days[0].day.weekday()),
        rest=range(6 - days[-1].day.weekday()),
        cells=tuple(_own_cell(day, days[0].day, hours) for day in days),
        summary=_summary(days),
        doubts=_doubts(cards, places[0], [(day, vehicle) for day in days]),
    )


def _own_cell(day: Day, today: date, common: str) -> Cell:
    passage, hours = day.base.passage, hours_of(day.base)
    word = _OWN_WORDS[passage]
    return Cell(
        on=_on(day, today),
        tone=TONE[passage],
        big=word,
        is_word=True,
        small="" if hours == common else hours,
        spoken=f"{_date_text(day)}，{word}{f'，{hours}' if hours else ''}",
    )


def _doubts(cards: CityCards, place: Place, days: Iterable[tuple[Day, Vehicle]]) -> tuple[str, ...]:
    """The reasons, in the order of the days, for whoever wonders why a day is not certain."""
    found: dict[str, None] = {}
    for day, vehicle in days:
        spans = day.fares[0].spans
        if day.passage in (Passage.UNKNOWN, Passage.CONDITIONAL):
            found[doubt_text(telling(cards, place.id, vehicle, spans), day.day)] = None
    return tuple(found)


def _summary(days: Sequence[Day]) -> str:
    """往后30天：11天不能走，2天不确定，其余能走。"""
    counted = {word: sum(day.base.passage is passage for day in days) for passage, word in _OWN_WORDS.items()}
    free = counted.pop("能走")
    said_ = [f"{count}天{word}" for word, count in counted.items() if count]
    if not said_:
        return f"往后{len(days)}天都能走。"
    return f"往后{len(days)}天：{'，'.join(said_)}{'，其余能走' if free else ''}。"


def _on(day: Day, today: date) -> On:
    return On(
        iso=day.day.isoformat(),
        weekday="今天" if day.day == today else f"周{WEEKDAYS[day.day.weekday()]}",
        number=f"{day.day.month}/1" if day.day.day == 1 else str(day.day.day),
        mark=mark_of(day),
        is_today=day.day == today,
        is_rest=day.kind in _RESTING,
    )


def _date_text(day: Day) -> str:
    kind = kind_text(day)
    return f"{day.day.month}月{day.day.day}日 周{WEEKDAYS[day.day.weekday()]}，{kind}"
