"""May this vehicle pass here, then? Answered from a city's cards alone: no clock, no database, no settings.

What no card settles is allowed only where the place is on record as open to the class; else it is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.domains.restrictions import reasons
from daxiang.domains.restrictions.courses import (
    ELSEWHERE,
    Course,
    build_course,
    course_plan,
    next_change,
    state_at,
    state_now,
)
from daxiang.domains.restrictions.errors import PlaceUnknown, TimeUnusable
from daxiang.domains.restrictions.facts import FactName, FactUnreadable, told_facts
from daxiang.domains.restrictions.ground import Ground
from daxiang.domains.restrictions.lines import CardAt, Traits
from daxiang.domains.restrictions.sources import Source, card_source, source_of
from daxiang.domains.restrictions.states import Cause, State
from daxiang.domains.restrictions.tails import Ending, Sign, TailRule, last_sign
from daxiang.domains.restrictions.values import (
    AlertLevel,
    Card,
    Clause,
    Layer,
    Outcome,
    Passage,
    Place,
    Question,
    Sanction,
    SanctionKind,
    Vehicle,
    VehicleClass,
    VehicleUse,
    Who,
)
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import Plate, PlateKind

VIOLATION_DAYS = "violation_days_this_period"
"""The fact that tells the days of earlier breaches: it changes what follows, never the passage."""
NO_FACTS: Mapping[str, object] = MappingProxyType({})
HORIZON_DAYS = 370
"""How far `until` looks ahead: a year and the holidays that may lie across its end."""

_YEARS = range(1990, 2100)


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
        return _tail_places(self, _usable(at).date())


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The answer. `until` is the next instant at which `passage` changes, None if none is seen within a year.

    `tail` is the digit that counted, `rule` the card that decided, `day` the kind of the day (None: not
    known), `readings` the passage under each kind that a day of an unloaded year can be, where they differ.
    `needs`: the facts of the vehicle (tail, seats, height_m, is_local) that a conditional answer hangs on.
    `reason` is for a citizen.
    `is_closed`: shut to everybody for works. `last`: the notice that has run out here.

    `caution` belongs into the answer itself: on the day asked about, the rule was last looked at longer ago
    than the city allows. Whoever answers today for another day asks `CityCards.is_stale` about today.
    `page_caution` belongs beside the source, also while nobody has signed for the rule.
    """

    place: str
    passage: Passage
    cause: Cause
    is_closed: bool
    needs: tuple[str, ...]
    rule: str | None
    tail: str | None
    day: DayKind | None
    readings: tuple[tuple[DayKind, Passage], ...]
    sanction: Sanction | None
    until: datetime | None
    reason: str
    source: Source | None
    last: Source | None
    caution: str | None
    page_caution: str | None


class Verdict(NamedTuple):
    """The bare answer: of a Decision what needs no look ahead."""

    passage: Passage
    rule: str | None
    tail: str | None
    needs: tuple[str, ...]


class DaySpan(NamedTuple):
    """A stretch [start, end) of a day with one passage."""

    start: datetime
    end: datetime
    passage: Passage


def decide(cards: CityCards, question: Question) -> Decision:
    """The answer to one question. Raises PlaceUnknown, TimeUnusable, FactUnreadable."""
    at = _usable(question.at)
    course = course_for(cards, question.place, question.vehicle, question.facts, at.date())
    found = decide_on(cards, course, at)
    if found.sanction is None or VIOLATION_DAYS not in question.facts:
        return found
    return replace(found, sanction=_sanction_after(found.sanction, question.facts[VIOLATION_DAYS]))


def decide_on(cards: CityCards, course: Course, at: datetime) -> Decision:
    """As `decide`, of a vehicle's course at a place, which `course_for` gives: for who asks it many times."""
    at = _usable(at)
    day = at.date()
    for number, span in enumerate(course_plan(course, day)):
        if at < span.end:
            return _decision(cards, course, day, number)
    raise AssertionError("a plan reaches to midnight")


def verdict(cards: CityCards, question: Question) -> Verdict:
    """As `decide`, without `until`, reason and source, and so many times as quick for a new question."""
    at = _usable(question.at)
    course = course_for(cards, question.place, question.vehicle, question.facts, at.date())
    state = state_now(course, at)
    rule = state.card.id if state.card else None
    return Verdict(state.passage, rule, _used_digit(course.ending, state), state.needs)


def _sanction_after(sanction: Sanction, earlier: object) -> Sanction:
    """What follows when that many breaches came before (a number, or the days)."""
    count = earlier if isinstance(earlier, int) else len(earlier) if isinstance(earlier, list | tuple) else 0
    if count < sanction.first_free:
        return replace(sanction, kind=SanctionKind.NONE, fine_fen=0, points=0)
    if count < sanction.warn_first:
        return replace(sanction, kind=SanctionKind.WARNING, fine_fen=0, points=0)
    return sanction


@lru_cache(maxsize=65_536)
def _decision(cards: CityCards, course: Course, day: date, number: int) -> Decision:
    """The answer of one span of a day: nothing in it changes before the span's end."""
    span = course_plan(course, day)[number]
    state, at = span.state, span.start
    until = next_change(course, span, HORIZON_DAYS)
    opens = until and state_at(course_plan(course, until.date()), until).passage is Passage.ALLOWED
    used = _used_digit(course.ending, state)
    source = source_of(state)
    told = reasons.Told(
        state=state,
        place=course.place,
        traits=course.traits,
        tail=used,
        at=at,
        opens_at=until if opens else None,
        kind=cards.calendar.kind(day),
        holiday=cards.calendar.holiday_name(day),
    )
    stale, unsigned = _cautions(cards, state, source, day)
    return Decision(
        place=course.place.id,
        passage=state.passage,
        cause=state.cause,
        is_closed=state.cause is Cause.CLOSED,
        needs=state.needs,
        rule=state.card.id if state.card else None,
        tail=used,
        day=told.kind,
        readings=state.readings,
        sanction=_sanction(state, at),
        until=until,
        reason=reasons.reason(told),
        source=source,
        last=card_source(state.past) if state.past else None,
        caution=stale,
        page_caution=stale or unsigned,
    )


def day_spans(cards: CityCards, question: Question, day: date) -> tuple[DaySpan, ...]:
    """The whole of that day in Beijing, gapless, for drawing it; the question's own time does not matter."""
    if day.year not in _YEARS:
        raise TimeUnusable("只能查1990年到2099年之间的日子。")
    spans: list[DaySpan] = []
    course = course_for(cards, question.place, question.vehicle, question.facts, day)
    for span in course_plan(course, day):
        if spans and spans[-1].passage is span.state.passage:
            spans[-1] = spans[-1]._replace(end=span.end)
        else:
            spans.append(DaySpan(span.start, span.end, span.state.passage))
    return tuple(spans)


def closures_at(cards: CityCards, place_id: str, at: datetime) -> tuple[Clause, ...]:
    """The closures for works that are on record for a place at that instant, whatever the hour."""
    return tuple(
        clause
        for card, start, end, _ in cards_at(cards.cards, place_id)
        if start <= at and (end is None or at < end)
        for clause in card.clauses
        if clause.outcome is Outcome.CLOSED and clause.is_about(place_id)
    )


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


def _usable(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise TimeUnusable("时间要带时区，比如 2026-11-24T08:30:00+08:00。")
    # One year of slack keeps the change of zone inside what a datetime can hold.
    if at.year in _YEARS and at.tzinfo is SHANGHAI:
        return at
    if at.year not in _YEARS or (at := at.astimezone(SHANGHAI)).year not in _YEARS:
        raise TimeUnusable("只能查1990年到2099年之间的时间。")
    return at


def course_for(
    cards: CityCards,
    place_id: str,
    vehicle: Vehicle,
    facts: Mapping[str, object] = NO_FACTS,
    on: date | None = None,
) -> Course:
    """How a vehicle's passage runs at a place. `facts`: what the driver told, of the day `on`.

    Raises PlaceUnknown, FactUnreadable.
    """
    plate = vehicle.plate
    ending = vehicle.ending
    told = told_facts(facts, on) if facts else {}
    if vehicle.use != VehicleUse.TAXI:
        told.pop(FactName.UNLOADED, None)
    traits = Traits(
        vehicle_class=vehicle.vehicle_class,
        use=vehicle.use if vehicle.use in cards.exemptible_uses else "",
        new_energy=vehicle.new_energy,
        seats=_stands_for(vehicle.seats, cards.bounds.seats),
        height_m=_stands_for(vehicle.height_m, cards.bounds.heights_m),
        is_local=_is_local(cards, vehicle),
        origin=_origin(cards, vehicle),
        plate_kind=plate.kind if plate is not None and plate.kind in cards.plate_kinds else None,
        ends_in=Sign.DIGIT if plate is None else last_sign(plate),
        axles=_stands_for(vehicle.axles, cards.bounds.axles),
        facts=tuple(sorted((name, told[name]) for name in told if name in cards.facts)) if told else (),
    )
    return _course(cards, place_id, traits, ending, _alert(facts))


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


_Number = TypeVar("_Number", int, float)


def _stands_for(value: _Number | None, bounds: Sequence[_Number]) -> _Number | None:
    """The least number that every clause takes as it takes this one: whoever invents numbers finds the
    courses of others. Below the least bound it is 0.
    """
    if value is None:
        return None
    return max((bound for bound in bounds if bound <= value), default=type(value)(0))


def _origin(cards: CityCards, vehicle: Vehicle) -> str | None:
    """How the plate begins, as far as some clause tells beginnings apart: all others find one course.

    Where it is said to be local or not against its signs, that counts. Where a card looks at the tractor of
    a trailer, that one's plate tells.
    """
    plate = vehicle.tractor_plate or vehicle.plate
    is_pulled = cards.looks_at_tractors and vehicle.vehicle_class is VehicleClass.TRAILER
    if plate is None or (is_pulled and vehicle.tractor_plate is None):
        return None
    begins = plate.number[:2]
    if vehicle.is_local not in (None, begins.startswith(cards.local_plates)):
        begins = cards.local_plates[0] if vehicle.is_local else ELSEWHERE
    named = (begins[:length] for length in range(len(begins), 0, -1) if begins[:length] in cards.begins)
    return next(named, ELSEWHERE)


def _alert(facts: Mapping[str, object]) -> str | None:
    """The level that the question itself tells; "" for none, None where it leaves that to the record."""
    if "alert" not in facts:
        return None
    level = facts["alert"]
    if level in (None, False, "none"):
        return ""
    if level not in tuple(AlertLevel):
        raise FactUnreadable(f"facts.alert 可写的有：none、{'、'.join(AlertLevel)}。")
    return str(level)


def _is_local(cards: CityCards, vehicle: Vehicle) -> bool | None:
    if vehicle.is_local is not None or vehicle.plate is None:
        return vehicle.is_local
    return cards.is_local(vehicle.plate)


@lru_cache(maxsize=8192)
def _course(cards: CityCards, place_id: str, traits: Traits, ending: Ending, alert: str | None) -> Course:
    """Kept, so that a second question about such a vehicle finds its plans and answers too."""
    return build_course(
        place=cards.place(place_id),
        cards=_in_force(cards, place_id, alert),
        calendar=cards.calendar,
        traits=traits,
        ending=ending,
        local_plates=cards.local_plates,
    )


def _in_force(cards: CityCards, place_id: str, alert: str | None) -> tuple[CardAt, ...]:
    """The cards of a place; those for an alert in the stretches in which one of its levels is on."""
    found: list[CardAt] = []
    for at in cards_at(cards.cards, place_id):
        if not at.card.alerts:
            found.append(at)
        elif alert in at.card.alerts:
            found.append(at._replace(alert=AlertLevel(alert)))
        elif alert is None:
            stretches = (one for one in cards.alerts if one.level in at.card.alerts)
            found += [cut for one in stretches if (cut := _within(at, one)) is not None]
    return tuple(found)


def _within(at: CardAt, alert: Alert) -> CardAt | None:
    start = max(at.start, alert.start)
    end = min((one for one in (at.end, alert.end) if one is not None), default=None)
    return CardAt(at.card, start, end, alert.level) if end is None or start < end else None


def _used_digit(ending: Ending, state: State) -> str | None:
    """The digit that counted, where one did and it may be named."""
    if not _counts_the_tail(state) or state.clause is None:
        return None
    counted = state.clause.tail.counted(ending)
    return counted.digit if counted.is_told else None


_NOT_BY_TAIL = frozenset(
    {
        Cause.EXEMPT_USE,
        Cause.EXEMPT_NEW_ENERGY,
        Cause.EXEMPT_CLASS,
        Cause.EXEMPT_PLATE,
        Cause.EXEMPT_FACT,
        Cause.FIRST_ARRIVAL,
    }
)


def _counts_the_tail(state: State) -> bool:
    if state.clause is None or state.cause in _NOT_BY_TAIL:
        return False
    return state.clause.tail.rule is not TailRule.ALL


def _sanction(state: State, at: datetime) -> Sanction | None:
    if state.passage is not Passage.BANNED or state.card is None or state.clause is None:
        return None
    return state.card.sanction(state.clause, at)


def _cautions(
    cards: CityCards, state: State, source: Source | None, day: date
) -> tuple[str | None, str | None]:
    """The line for a rule last looked at longer ago than the city allows, and for one not signed for."""
    if source is None:
        return None, None
    line, is_stale = source.checked_line, cards.is_stale(source.checked_on, day)
    is_unsigned = state.card is not None and source.checked_by is None
    return line if is_stale else None, line if is_unsigned else None
