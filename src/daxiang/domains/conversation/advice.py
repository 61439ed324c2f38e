"""The answer about one car in parts, for a page that draws it. Pure; the words are those of the chat.

`advise` is about an instant, or about a whole day or stretch as the chat answered it. `days_ahead` are the
days to come. Both ask the same rules as the chat, so the two can never differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.conversation.cars import known, with_plates
from daxiang.domains.conversation.cases import (
    ONE_DAY,
    Case,
    Frame,
    after,
    at_instant,
    case_of,
    course_of,
    grave,
    rank,
)
from daxiang.domains.conversation.chinese import date_name, weekday
from daxiang.domains.conversation.driving import advice_of
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.replies import PlaceNow, Span, TailAdvice, Way
from daxiang.domains.conversation.ways import Instead, instead
from daxiang.domains.conversation.wording import (
    groups,
    next_text,
    pieces_text,
    source_text,
    until_text,
    when,
    why,
    word,
)
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.values import Passage, Place, Vehicle
from daxiang.kernel.clock import SHANGHAI


def advise(
    cards: CityCards, car: Car, *, places: Sequence[Place] = (), frame: Frame | None = None, now: datetime
) -> TailAdvice:
    """The parts for one car. No place: the city's restricted crossings; no frame: this instant."""
    told, here = known(car, 0), Frame(start=now, is_now=True)
    case = case_of(cards, told.vehicle, places or cards.restricted_places(), frame or here)
    ways = instead(cards, (case,), towards=None)
    decision = min((grave(course) for course in case.courses), key=rank).decision
    source = decision.source or decision.last
    return TailAdvice(
        tail=told.vehicle.tail_digit or "",
        subject=with_plates(told.subject, (car,)),
        day_text=when(case.frame, now),
        passage=decision.passage,
        headline=_headline(case),
        until_text=_until(cards, case, here),
        ways=_ways(ways),
        next_text=with_plates(next_text(cards, case, told, here), (car,)),
        why=f"{why(cards, decision)}。{told.assumed + '。' if told.assumed else ''}",
        source=source_text(source),
        caution=decision.page_caution,
        spans=day_course(cards, told.vehicle, _of(case, decision.place), case.frame.start.date()),
        places=advice_of(case, ways),
        crossings=crossings(cards, told.vehicle, case.frame.start),
    )


def _ways(ways: Sequence[Instead]) -> tuple[Way, ...]:
    named = ((way.label, tuple(place.short_name for place in way.open_)) for way in ways)
    return tuple(Way(label=label, names=names) for label, names in named if names)


def _of(case: Case, place_id: str) -> Place:
    return next(place for place in case.places if place.id == place_id)


def _headline(case: Case) -> str:
    """长江大桥、江汉桥不能走: without the hour, which stands apart on a page."""
    said = []
    for places, course in groups(case):
        names = "、".join(place.short_name for place in places)
        verdict = word(course[0].decision) if len(course) == 1 else pieces_text(case.frame, course)
        said.append(f"{names}{verdict}")
    by_verdict = "；".join(said)
    return _merged(case) or by_verdict


def _merged(case: Case) -> str:
    """Places of one verdict named together, whatever the hours at which it ends; empty over a stretch."""
    if case.frame.end is not None:
        return ""
    by_word: dict[str, list[str]] = {}
    for places, course in groups(case):
        by_word.setdefault(word(course[0].decision), []).extend(place.short_name for place in places)
    return "；".join(f"{'、'.join(names)}{verdict}" for verdict, names in by_word.items())


def _until(cards: CityCards, case: Case, here: Frame) -> str:
    """22:00后能走, where the gravest places change at one hour; empty over a stretch."""
    worst = case.passage
    alike = [group for group in groups(case) if grave(group[1]).decision.passage is worst]
    if case.frame.end is not None or len(alike) != 1:
        return ""
    places, course = alike[0]
    decision = course[0].decision
    return until_text(decision, after(cards, case.vehicle, places[0], decision), case.frame, here)


def crossings(cards: CityCards, vehicle: Vehicle, at: datetime) -> tuple[PlaceNow, ...]:
    """Every place of the pack that leads over a river, each decided like any other question."""
    found = []
    for place in cards.places.values():
        if not place.is_crossing:
            continue
        decision = at_instant(cards, vehicle, place, at)
        found.append(
            PlaceNow(
                place=place.id,
                name=place.short_name,
                river=place.river,
                passage=decision.passage,
                is_closed=decision.is_closed,
                until=decision.until,
                reason=decision.reason,
            )
        )
    return tuple(found)


def day_course(cards: CityCards, vehicle: Vehicle, place: Place, day: date) -> tuple[Span, ...]:
    """A day in hours from 0 to 24, with what holds in each part."""
    midnight = datetime.combine(day, time(), SHANGHAI)
    frame = Frame(start=midnight, end=midnight + ONE_DAY, is_whole_day=True)

    def hours(instant: datetime) -> float:
        return (instant - midnight) / timedelta(hours=1)

    return tuple(
        Span(
            start_hour=hours(piece.start),
            end_hour=hours(piece.end or midnight + ONE_DAY),
            passage=piece.decision.passage,
        )
        for piece in course_of(cards, vehicle, place, frame)
    )


@dataclass(frozen=True, kw_only=True)
class DayAhead:
    """One day for one car, over the city's restricted crossings. `kind` None: that year is not loaded."""

    day: date
    day_text: str
    weekday: str
    kind: DayKind | None
    holiday: str | None
    passage: str
    """The gravest of the day."""
    text: str
    """能走, or 7:00–22:00不能走."""
    spans: tuple[Span, ...]


def days_ahead(cards: CityCards, vehicle: Vehicle, from_day: date, n: int = 14) -> tuple[DayAhead, ...]:
    """That day and the next ones, for a strip of days."""
    days = (from_day + timedelta(days=number) for number in range(n))
    return tuple(_day_ahead(cards, vehicle, from_day, day) for day in days)


def _day_ahead(cards: CityCards, vehicle: Vehicle, first: date, day: date) -> DayAhead:
    midnight = datetime.combine(day, time(), SHANGHAI)
    frame = Frame(start=midnight, end=midnight + ONE_DAY, is_whole_day=True)
    case = case_of(cards, vehicle, cards.restricted_places(), frame)
    course = min(case.courses, key=lambda one: rank(grave(one)))
    passage = grave(course).decision.passage
    text = word(course[0].decision) if len(course) == 1 else pieces_text(frame, course).partition("，其他")[0]
    return DayAhead(
        day=day,
        day_text=date_name(day, first),
        weekday=weekday(day),
        kind=cards.calendar.kind(day),
        holiday=cards.calendar.holiday_name(day),
        passage=passage,
        text="能走" if passage is Passage.ALLOWED else text,
        spans=day_course(cards, vehicle, case.places[case.courses.index(course)], day),
    )


def vehicle_of(car: Car) -> Vehicle:
    """The vehicle that a named car is taken for."""
    return known(car, 0).vehicle
