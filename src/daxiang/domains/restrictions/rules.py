"""May this vehicle pass here, then? Answered from a city's cards alone: no clock, no database, no settings.

What no card settles is allowed only where the place is on record as open to the class; else it is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions import reasons
from daxiang.domains.restrictions.city_cards import YEARS, Alert, CityCards, cards_at, usable
from daxiang.domains.restrictions.courses import (
    ELSEWHERE,
    Course,
    build_course,
    course_plan,
    next_change,
    state_at,
    state_now,
)
from daxiang.domains.restrictions.errors import TimeUnusable
from daxiang.domains.restrictions.facts import FactName, FactUnreadable, told_facts
from daxiang.domains.restrictions.lines import CardAt, Traits
from daxiang.domains.restrictions.sources import Source, card_source, source_of
from daxiang.domains.restrictions.states import Cause, State
from daxiang.domains.restrictions.tails import Ending, Sign, TailRule, last_sign
from daxiang.domains.restrictions.values import (
    AlertLevel,
    Clause,
    Outcome,
    Passage,
    Question,
    Sanction,
    SanctionKind,
    Vehicle,
    VehicleClass,
    VehicleUse,
)

VIOLATION_DAYS = "violation_days_this_period"
"""The fact that tells the days of earlier breaches: it changes what follows, never the passage."""
NO_FACTS: Mapping[str, object] = MappingProxyType({})
HORIZON_DAYS = 370
"""How far `until` looks ahead: a year and the holidays that may lie across its end."""


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
    at = usable(question.at)
    course = course_for(cards, question.place, question.vehicle, question.facts, at.date())
    found = decide_on(cards, course, at)
    if found.sanction is None or VIOLATION_DAYS not in question.facts:
        return found
    return replace(found, sanction=_sanction_after(found.sanction, question.facts[VIOLATION_DAYS]))


def decide_on(cards: CityCards, course: Course, at: datetime) -> Decision:
    """As `decide`, of a vehicle's course at a place, which `course_for` gives: for who asks it many times."""
    at = usable(at)
    day = at.date()
    for number, span in enumerate(course_plan(course, day)):
        if at < span.end:
            return _decision(cards, course, day, number)
    raise AssertionError("a plan reaches to midnight")


def verdict(cards: CityCards, question: Question) -> Verdict:
    """As `decide`, without `until`, reason and source, and so many times as quick for a new question."""
    at = usable(question.at)
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
    if day.year not in YEARS:
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
