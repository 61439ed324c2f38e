"""What the cards of another city say of one car over some time, whatever is not told of it. Pure.

Nobody is asked first: where the origin or the last sign is missing, each that a card tells apart is reckoned;
where a fact of the driver's is missing, each way in which it can turn out. A *branch* is one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from daxiang.domains.conversation.cars import Known
from daxiang.domains.conversation.cases import Frame
from daxiang.domains.conversation.talk import Told
from daxiang.domains.conversation.told import ARRIVED_ON
from daxiang.domains.restrictions.city_cards import CityCards, cards_at
from daxiang.domains.restrictions.courses import ELSEWHERE as ELSEWHERE
from daxiang.domains.restrictions.facts import ASKED, FactName
from daxiang.domains.restrictions.rules import Decision, course_for, decide_on
from daxiang.domains.restrictions.values import Passage, Place, Vehicle
from daxiang.kernel.plates import PROVINCES, Plate, PlateKind

STRANGERS = ("鄂A", "湘A", "赣A", "皖A", "闽A")
"""How a plate from anywhere else may begin: the first that no card of the city names is taken."""
DIGITS = tuple(range(10))


@dataclass(frozen=True, kw_only=True)
class Rider:
    """A car as the rules of another city ask for it. `known`: without what is taken for a stand-in.

    `letter`: it ends in a letter, the digit before it may not be known. `begins`: how the plate begins.
    `is_odd`: 单号 or 双号, without the digit.
    """

    known: Known
    letter: bool = False
    begins: str | None = None
    is_local: bool | None = None
    is_odd: bool | None = None


class Stretch(NamedTuple):
    """A part of the time with one answer. `held`: the last digits that may not drive, where only the digit is
    missing and the digits differ; else every digit fares like `decision`. `until`: the first instant at which
    any of them fares otherwise; `needs`: the facts on which any of them hangs.
    """

    start: datetime
    end: datetime | None
    passage: Passage
    decision: Decision
    until: datetime | None
    held: frozenset[int] = frozenset()
    needs: frozenset[str] = frozenset()

    @property
    def is_by_digit(self) -> bool:
        return bool(self.held)

    @property
    def shape(self) -> object:
        return (self.start, self.end, self.passage, self.held, self.until if self.end is None else None)


Course = tuple[Stretch, ...]


class Branch(NamedTuple):
    """One way in which what is missing can turn out. `origin`: how the plate begins, where it was not told;
    `fact`: the fact of the driver's that decides, and its value here.
    """

    origin: str | None
    fact: FactName | None
    value: bool
    courses: tuple[Course, ...]

    @property
    def shape(self) -> object:
        return tuple(tuple(stretch.shape for stretch in course) for course in self.courses)


def places_of(cards: CityCards, named: Sequence[str]) -> tuple[Place, ...]:
    """The places that were named; else those that a question about the whole city is about, and with them all
    that the same notices list along with these.
    """
    known = tuple(cards.places[one] for one in named if one in cards.places)
    return known or _city_wide(cards)


@lru_cache(maxsize=64)
def _city_wide(cards: CityCards) -> tuple[Place, ...]:
    head = [cards.places[one] for one in cards.headline]
    ruled = {_rules_of(cards, place) for place in head}
    return (
        *head,
        *(one for one in cards.places.values() if one not in head and _rules_of(cards, one) in ruled),
    )


def _rules_of(cards: CityCards, place: Place) -> tuple[object, ...]:
    """What tells two places of a city apart: the clauses about them, and what is open without any."""
    clauses = [
        clause
        for card in cards.cards
        if place.id in card.places
        for clause in card.clauses
        if clause.is_about(place.id)
    ]
    return (*(id(clause) for clause in clauses), place.open_to)


def branches(
    cards: CityCards, rider: Rider, places: Sequence[Place], frame: Frame, told: Told
) -> list[Branch]:
    """Every way in which what is missing can turn out; one where nothing that decides is missing."""
    found: list[Branch] = []
    for begins in _origins(cards, rider, places, frame):
        found += _by_fact(cards, rider, begins, places, frame, told)
    return found


def _by_fact(
    cards: CityCards, rider: Rider, begins: str | None, places: Sequence[Place], frame: Frame, told: Told
) -> list[Branch]:
    facts = dict(told)
    courses = _courses(cards, rider, begins, places, frame, facts)
    fact = _missing(courses)
    if fact is None:
        plain = {name: value for name, value in _PLAIN.items() if name in cards.facts and name not in facts}
        if plain:  # it turns out alike either way, but the reason must not be what nobody told
            courses = _courses(cards, rider, begins, places, frame, facts | plain)
        return [Branch(begins, None, False, courses)]
    found = []
    for value in (False, True):
        turned = (
            _turned(courses)
            if fact is FactName.DAYS_DRIVEN and value
            else _courses(cards, rider, begins, places, frame, facts | _fact(fact, value, frame))
        )
        found.append(Branch(begins, fact, value, turned))
    return found


_PLAIN: dict[FactName, object] = {
    FactName.ENTRY_PERMIT: True,
    FactName.FIRST_ARRIVAL: False,
    FactName.DAYS_DRIVEN: (),
}


def _missing(courses: Iterable[Course]) -> FactName | None:
    needs = {need for course in courses for stretch in course for need in stretch.needs}
    return next((name for name in FactName if name in ASKED and name in needs), None)


def _fact(fact: FactName, value: bool, frame: Frame) -> dict[str, object]:
    if fact is FactName.DAYS_DRIVEN:
        return {fact: ()}
    if fact is FactName.FIRST_ARRIVAL and value:
        return {fact: True, ARRIVED_ON: frame.start.date()}
    return {fact: value}


def _turned(courses: Iterable[Course]) -> tuple[Course, ...]:
    """Where it hangs on the days driven, they were too many."""
    return tuple(
        tuple(
            one._replace(passage=Passage.BANNED, until=None) if FactName.DAYS_DRIVEN in one.needs else one
            for one in course
        )
        for course in courses
    )


def _courses(
    cards: CityCards,
    rider: Rider,
    begins: str | None,
    places: Sequence[Place],
    frame: Frame,
    facts: Mapping[str, object],
) -> tuple[Course, ...]:
    vehicles = _vehicles(cards, rider, begins)
    kept: dict[object, Course] = {}
    found = []
    for place in places:
        rules = _rules_of(cards, place)
        if rules not in kept:
            kept[rules] = _course(cards, vehicles, place, frame, facts)
        found.append(kept[rules])
    return tuple(found)


def _course(
    cards: CityCards, vehicles: Sequence[Vehicle], place: Place, frame: Frame, facts: Mapping[str, object]
) -> Course:
    on = frame.start.date()
    courses = [course_for(cards, place.id, vehicle, facts, on) for vehicle in vehicles]
    if frame.end is None:
        return (
            _stretch(frame.start, None, vehicles, [decide_on(cards, one, frame.start) for one in courses]),
        )
    edges, at = [frame.start], frame.start
    while at < frame.end:
        ends = [decide_on(cards, one, at).until for one in courses]
        at = min([end for end in ends if end is not None] + [frame.end])
        edges.append(at)
    return tuple(
        _stretch(start, end, vehicles, [decide_on(cards, one, start + (end - start) / 2) for one in courses])
        for start, end in pairwise(edges)
    )


_GRAVITY = (Passage.BANNED, Passage.UNKNOWN, Passage.CONDITIONAL, Passage.ALLOWED)


def _stretch(
    start: datetime, end: datetime | None, vehicles: Sequence[Vehicle], decisions: Sequence[Decision]
) -> Stretch:
    """All digits that the vehicle may have, together."""
    gravest = min(decisions, key=lambda one: _GRAVITY.index(one.passage))
    passages = {one.passage for one in decisions}
    until = min((one.until for one in decisions if one.until is not None), default=None)
    needs = frozenset(need for one in decisions for need in one.needs)
    if len(passages) == 1:
        return Stretch(start, end, gravest.passage, gravest, until, needs=needs)
    pairs = zip(vehicles, decisions, strict=True)
    held = frozenset(int(car.tail_digit or 0) for car, one in pairs if one.passage is not Passage.ALLOWED)
    return Stretch(start, end, gravest.passage, gravest, until, held, needs)


def later_stretch(
    cards: CityCards, rider: Rider, branch: Branch, place: Place, told: Told, frame: Frame
) -> Course:
    """The course of one place over another time, in the same branch."""
    facts = dict(told) | (_fact(branch.fact, branch.value, frame) if branch.fact else {})
    return _course(cards, _vehicles(cards, rider, branch.origin), place, frame, facts)


def _origins(cards: CityCards, rider: Rider, places: Sequence[Place], frame: Frame) -> tuple[str | None, ...]:
    """How the plate may begin, as far as the cards in force tell it apart; None where that is known or does
    not matter.
    """
    if rider.known.vehicle.plate is not None:
        return (None,)
    looked = _prefixes(cards, tuple(places), frame)
    if rider.begins is not None:
        area = rider.begins if len(rider.begins) == 2 else f"{rider.begins}A"
        return (area,)
    if not looked and not rider.letter:
        return (None,)
    local = [cards.local_plates[0], *(one for one in looked if _is_finer(one, cards.local_plates))]
    others = [one for one in looked if not one.startswith(cards.local_plates)]
    stranger = _stranger(cards)
    if not looked:
        return (local[0] if rider.is_local is not False else stranger,)
    # Who only says 外地车 is not from a place that a notice sets apart.
    wanted = {None: [*local, *others, stranger], True: local, False: [stranger]}[rider.is_local]
    return tuple(one if len(one) == 2 else f"{one}A" for one in wanted)


def _is_finer(prefix: str, local: tuple[str, ...]) -> bool:
    return prefix not in local and prefix.startswith(local)


def _prefixes(cards: CityCards, places: tuple[Place, ...], frame: Frame) -> tuple[str, ...]:
    """The beginnings of plates that cards in force look at, finest last; the city's own first where a clause
    says only local or not.
    """
    found: dict[str, None] = {}
    for rules in {_rules_of(cards, place): place for place in places}.values():
        for at in cards_at(cards.cards, rules.id):
            if at.start > frame.last or (at.end is not None and at.end <= frame.start) or at.card.alerts:
                continue
            for clause in at.card.clauses:
                if clause.is_about(rules.id):
                    found |= dict.fromkeys(sorted(clause.who.prefixes))
                    if clause.who.origin is not None:
                        found |= dict.fromkeys(cards.local_plates)
    return tuple(sorted(found, key=len))


def _vehicles(cards: CityCards, rider: Rider, begins: str | None) -> tuple[Vehicle, ...]:
    """The car, or where its digit is not known one with each digit."""
    vehicle = rider.known.vehicle
    if vehicle.plate is not None:
        return (replace(vehicle, plate=_alike(cards, vehicle.plate)),)
    digits = [vehicle.tail] if vehicle.tail is not None else _digits(rider)
    if begins is None:
        return tuple(replace(vehicle, tail=digit) for digit in digits)
    return tuple(
        replace(vehicle, tail=None, is_local=None, plate=_stand_in(begins, digit, is_letter=rider.letter))
        for digit in digits
    )


def _digits(rider: Rider) -> list[str]:
    return [str(digit) for digit in DIGITS if rider.is_odd is None or digit % 2 == rider.is_odd]


@lru_cache(maxsize=4096)
def _alike(cards: CityCards, plate: Plate) -> Plate:
    """A plate that the city's cards treat like this one: all that they do not name are strangers alike."""
    area = plate.number[:2]
    if area.startswith(tuple(_named(cards))) or area[0] not in PROVINCES:
        return plate
    return replace(plate, number=f"{_stranger(cards)}{plate.number[2:]}")


@lru_cache(maxsize=64)
def _named(cards: CityCards) -> frozenset[str]:
    """How a plate begins of which some card of the city, or the city itself, makes a difference."""
    clauses = (clause for card in cards.cards for clause in card.clauses)
    return frozenset(cards.local_plates).union(*(clause.who.prefixes for clause in clauses))


@lru_cache(maxsize=64)
def _stranger(cards: CityCards) -> str:
    return next(one for one in STRANGERS if not one.startswith(tuple(_named(cards))))


@lru_cache(maxsize=4096)
def _stand_in(begins: str, digit: str, *, is_letter: bool) -> Plate:
    serial = f"A00{digit}K" if is_letter else f"A000{digit}"
    return Plate(number=f"{begins}{serial}", kind=PlateKind.ORDINARY)
