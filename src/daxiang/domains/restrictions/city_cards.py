"""A city's rules as one value: its places, its cards, the calendar by which they are read. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from daxiang.domains.calendars.rules import Calendar
from daxiang.domains.restrictions.courses import ELSEWHERE
from daxiang.domains.restrictions.errors import PlaceUnknown, TimeUnusable
from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.ground import Ground
from daxiang.domains.restrictions.lines import CardAt
from daxiang.domains.restrictions.tails import TailRule
from daxiang.domains.restrictions.values import AlertLevel, Card, Layer, Place, Who
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import Plate, PlateKind

YEARS = range(1990, 2100)
"""The years that can be asked about."""


class Bounds(NamedTuple):
    """The least numbers of seats, metres and axles from which on some clause takes a vehicle otherwise."""

    seats: tuple[int, ...]
    heights_m: tuple[float, ...]
    axles: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Alert:
    """An alert for heavy air pollution that was on in [start, end); None: not yet lifted."""

    level: AlertLevel
    start: datetime
    end: datetime | None
    source: str


@dataclass(frozen=True, kw_only=True, eq=False)
class CityCards:
    """One city's rules, as one value: the pack's places and cards, and the calendar they are read by.

    `accounts`: kind of account -> its name in WeChat; empty where the city has none of ours. `local_plates`:
    how a local plate begins (鄂A, or 京 for all of a province). `caution_after_days`: a card that was looked
    at longer ago is answered with a caution. `headline`: the places that a question about the whole city is
    about. `lon`, `lat`: the city's middle, WGS-84. `no_tail_rule`: what to say where no notice looks at the
    tail.
    """

    id: str
    name: str
    brief: str
    accounts: Mapping[str, str]
    local_plates: tuple[str, ...]
    caution_after_days: int
    places: Mapping[str, Place]
    cards: tuple[Card, ...]
    calendar: Calendar
    ground: Ground = field(default_factory=Ground)
    province: str = ""
    headline: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    no_tail_rule: str | None = None
    alerts: tuple[Alert, ...] = ()
    generation: str = ""
    """The digest of the pack it was read from, in hexadecimal; empty for a pack that was never activated."""
    exemptible_uses: frozenset[str] = field(init=False)
    facts: frozenset[FactName] = field(init=False)
    looks_at_tractors: bool = field(init=False)
    bounds: Bounds = field(init=False)
    begins: frozenset[str] = field(init=False)
    plate_kinds: frozenset[PlateKind] = field(init=False)

    def __post_init__(self) -> None:
        looks = [clause.who for card in self.cards for clause in card.clauses]
        uses = {use for who in looks for use in who.exempt_uses | who.unsaid_uses}
        object.__setattr__(self, "exemptible_uses", frozenset(uses))
        facts = {name for who in looks for name in who.facts}
        tractors = any(clause.tail.of_tractor for card in self.cards for clause in card.clauses)
        object.__setattr__(self, "looks_at_tractors", tractors)
        object.__setattr__(self, "bounds", _bounds(looks))
        object.__setattr__(self, "begins", frozenset(begins for who in looks for begins in who.prefixes))
        kinds = {kind for who in looks for kind in who.named_plate_kinds}
        object.__setattr__(self, "plate_kinds", frozenset(kinds | {PlateKind.TEMPORARY}))
        runs = [clause for card in self.cards for clause in card.clauses if clause.run is not None]
        object.__setattr__(self, "facts", frozenset(facts | ({FactName.DAYS_DRIVEN} if runs else set())))

    def place(self, place_id: str) -> Place:
        """The place of this id; raises PlaceUnknown."""
        try:
            return self.places[place_id]
        except KeyError:
            raise PlaceUnknown(f"{self.name}没有录入这个地方：{place_id}。", place=place_id) from None

    def is_local(self, plate: Plate) -> bool:
        """Whether a plate is one of the city's own."""
        return plate.number.startswith(self.local_plates)

    def stand_in_area(self, number: str) -> str:
        """Two signs with which a plate may begin and be answered as this one: of all the plates from
        elsewhere of which no clause speaks apart, one pair stands for all.
        """
        area = number[:2]
        is_known = area.startswith((*self.begins, *self.local_plates))
        return area if is_known else ELSEWHERE * 2

    def is_stale(self, checked_on: date, day: date) -> bool:
        """Whether a check is longer ago on that day than the city allows without a word of caution."""
        return day - checked_on > timedelta(days=self.caution_after_days)

    def restricted_places(self) -> tuple[Place, ...]:
        """The places that a question about the whole city is about: those of its headline, else, in the
        pack's order, those with a lasting tail rule, even when that has run out and nothing is known since.
        """
        return tuple(self.places[one] for one in self.headline) or _restricted_places(self)

    def tail_places(self, at: datetime) -> tuple[Place, ...]:
        """The places with a tail rule in force on the day of that instant, in the pack's order."""
        return _tail_places(self, usable(at).date())


def cards_at(cards: tuple[Card, ...], place_id: str) -> tuple[CardAt, ...]:
    """The cards of a place, each with the stretch in which it is in force there, until it ends by itself or
    by its successor; those for alerts as if one were always on.
    """
    here = [card for card in cards if place_id in card.places]
    ended: list[CardAt] = []
    for card in here:
        ends = [later.valid_from for later in here if card.id in later.supersedes]
        ends += [card.valid_until] if card.valid_until else []
        ended.append(CardAt(card, card.valid_from, min(ends, default=None)))
    return tuple(ended)


@lru_cache(maxsize=1024)
def _tail_places(cards: CityCards, day: date) -> tuple[Place, ...]:
    midnight = datetime.combine(day, time(), SHANGHAI)
    return tuple(
        place
        for place in cards.places.values()
        if any(
            start < midnight + timedelta(days=1) and (end is None or midnight < end)
            for _, start, end, _ in _tail_cards(cards, place)
        )
    )


@lru_cache(maxsize=16)
def _restricted_places(cards: CityCards) -> tuple[Place, ...]:
    """A rule that ended with something on record since is history; one that ended with nothing after it is
    still asked for, and the answer is that nobody knows.
    """
    return tuple(
        place
        for place in cards.places.values()
        if any(
            end is None or not _has_sequel(cards, place, end)
            for card, _, end, _ in _tail_cards(cards, place)
            if card.layer is Layer.BASE and not card.alerts
        )
    )


def _tail_cards(cards: CityCards, place: Place) -> tuple[CardAt, ...]:
    """The cards of a place in which some clause looks at the tail there."""
    return tuple(
        at
        for at in cards_at(cards.cards, place.id)
        if any(
            clause.tail.rule is not TailRule.ALL and clause.is_about(place.id) for clause in at.card.clauses
        )
    )


def _has_sequel(cards: CityCards, place: Place, end: datetime) -> bool:
    """Whether something is on record for a place from the end of its rule on."""
    later = any(at.start >= end for at in cards_at(cards.cards, place.id))
    return later or any(statement.since >= end for statement in place.open_to)


def usable(at: datetime) -> datetime:
    """The instant in Beijing. Raises TimeUnusable without a zone, or for a year that cannot be asked."""
    if at.tzinfo is None:
        raise TimeUnusable("时间要带时区，比如 2026-11-24T08:30:00+08:00。")
    # One year of slack keeps the change of zone inside what a datetime can hold.
    if at.year in YEARS and at.tzinfo is SHANGHAI:
        return at
    if at.year not in YEARS or (at := at.astimezone(SHANGHAI)).year not in YEARS:
        raise TimeUnusable("只能查1990年到2099年之间的时间。")
    return at


def _bounds(looks: Sequence[Who]) -> Bounds:
    seats = {who.seats_at_least for who in looks} | {
        who.seats_at_most + 1 for who in looks if who.seats_at_most is not None
    }
    tall = {math.nextafter(who.taller_than_m, math.inf) for who in looks if who.taller_than_m is not None}
    axles = {who.axles_at_least for who in looks}
    return Bounds(
        seats=tuple(sorted(one for one in seats if one is not None)),
        heights_m=tuple(sorted(tall)),
        axles=tuple(sorted(one for one in axles if one is not None)),
    )
