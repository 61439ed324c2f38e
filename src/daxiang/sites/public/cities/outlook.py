"""What a day holds for each of the ten tails at a place: asked of the engine, tail by tail. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.rules import DaySpan, Decision, day_spans, decide
from daxiang.domains.restrictions.values import Passage, Place, Question, Vehicle
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.public.cities.cars import DIGITS, Kind, Whose, vehicle_of

DAYS = 30
ONE_DAY = timedelta(days=1)
GRAVITY = (Passage.BANNED, Passage.UNKNOWN, Passage.CONDITIONAL, Passage.ALLOWED)
_RANK = {passage: rank for rank, passage in enumerate(GRAVITY)}


class Window(NamedTuple):
    """A stretch of a day in minutes from midnight, `end` up to 1440."""

    start: int
    end: int

    @property
    def is_all_day(self) -> bool:
        return self.start == 0 and self.end == 1440


@dataclass(frozen=True, kw_only=True)
class Fare:
    """The tails that fare alike on one day. `spans`: the whole day, gapless."""

    digits: str
    spans: tuple[DaySpan, ...]

    @property
    def passage(self) -> Passage:
        """The gravest of the day."""
        return min((span.passage for span in self.spans), key=_RANK.__getitem__)

    def windows(self, passage: Passage) -> tuple[Window, ...]:
        """The stretches in which that passage holds."""
        return tuple(_window(span) for span in self.spans if span.passage is passage)

    @property
    def weight(self) -> tuple[int, int]:
        """How little it weighs on the driver: the gravest first, of equals the longest."""
        worst = self.passage
        return _RANK[worst], -sum(one.end - one.start for one in self.windows(worst))


def _window(span: DaySpan) -> Window:
    midnight = datetime.combine(span.start.date(), time(), SHANGHAI)
    return Window(*(round((edge - midnight).total_seconds() / 60) for edge in (span.start, span.end)))


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day at a place. `fares`: the ten tails, the gravest first; `kind` None: that year is not loaded."""

    day: date
    kind: DayKind | None
    holiday: str | None
    fares: tuple[Fare, ...]

    @property
    def base(self) -> Fare:
        """How a car fares that has one of the lucky tails."""
        return self.fares[-1]

    @property
    def out(self) -> tuple[Fare, ...]:
        """The tails that fare worse."""
        return self.fares[:-1]

    @property
    def passage(self) -> Passage:
        """The gravest for any tail."""
        return self.fares[0].passage


@lru_cache(maxsize=1024)
def outlook(cards: CityCards, place_id: str, kind: Kind, first: date, n: int = DAYS) -> tuple[Day, ...]:
    """That day and the next ones for all ten tails of a kind of car."""
    cars = [(digit, vehicle_of(cards, kind, digit)) for digit in DIGITS]
    return tuple(_day(cards, place_id, cars, first + number * ONE_DAY) for number in range(n))


def outlook_of(
    cards: CityCards, place_id: str, vehicle: Vehicle, first: date, n: int = DAYS
) -> tuple[Day, ...]:
    """The same for one vehicle: each day has one fare."""
    cars = [("", vehicle)]
    return tuple(_day(cards, place_id, cars, first + number * ONE_DAY) for number in range(n))


def _day(cards: CityCards, place_id: str, cars: Sequence[tuple[str, Vehicle]], day: date) -> Day:
    midnight = datetime.combine(day, time(), SHANGHAI)
    alike: dict[tuple[DaySpan, ...], str] = {}
    for digit, vehicle in cars:
        spans = day_spans(cards, Question(place=place_id, at=midnight, vehicle=vehicle), day)
        alike[spans] = alike.get(spans, "") + digit
    fares = [Fare(digits=digits, spans=spans) for spans, digits in alike.items()]
    return Day(
        day=day,
        kind=cards.calendar.kind(day),
        holiday=cards.calendar.holiday_name(day),
        fares=tuple(sorted(fares, key=lambda fare: (fare.weight, fare.digits))),
    )


def telling(cards: CityCards, place_id: str, vehicle: Vehicle, spans: Sequence[DaySpan]) -> Decision:
    """The engine's own decision in the gravest stretch of a day."""
    worst = min(spans, key=lambda span: _RANK[span.passage])
    return decide(cards, Question(place=place_id, at=worst.start, vehicle=vehicle))


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """Places whose days are alike, for cars that fare alike there. `whose` empty: wherever they are from."""

    places: tuple[Place, ...]
    whose: tuple[Whose, ...]
    days: tuple[Day, ...]

    @property
    def kind(self) -> Kind:
        return Kind(whose=self.whose[0])


@lru_cache(maxsize=256)
def chapters(cards: CityCards, first: date, n: int = DAYS) -> tuple[Chapter, ...]:
    """The headline places of a city, place by place and group by group, what is alike put together."""
    found: dict[tuple[tuple[Day, ...], ...], list[Place]] = {}
    for place in cards.restricted_places():
        days = tuple(outlook(cards, place.id, Kind(whose=whose), first, n) for whose in Whose)
        found.setdefault(days, []).append(place)
    made: list[Chapter] = []
    for (local, visitor), places in found.items():
        if local == visitor:
            made.append(Chapter(places=tuple(places), whose=tuple(Whose), days=local))
        else:
            made.append(Chapter(places=tuple(places), whose=(Whose.LOCAL,), days=local))
            made.append(Chapter(places=tuple(places), whose=(Whose.VISITOR,), days=visitor))
    return tuple(made)
