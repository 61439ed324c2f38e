"""How the passage of one kind of vehicle at one place runs through a day. Pure; plans are kept, being values.

A *line* is what is left of the city's cards once the place, the class, the use and the plate's colour are
known. It has a plan for each day and tail: the spans in which nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise, product

from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.domains.restrictions.values import (
    DAY_MINUTES,
    Card,
    Clause,
    OpenTo,
    Passage,
    Place,
    TailRule,
    VehicleClass,
)
from daxiang.kernel.clock import SHANGHAI

ONE_DAY = timedelta(days=1)


class Cause(StrEnum):
    """What settled the passage; the texts follow it."""

    TAIL = "tail"  # banned: the tail is not today's
    CLASS = "class"  # banned: the class, whatever the tail
    TAIL_FREE = "tail_free"  # allowed: the tail is today's
    DAY_FREE = "day_free"  # allowed: not a day on which the rule is in force
    HOURS_FREE = "hours_free"  # allowed: outside the hours
    EXEMPT_NEW_ENERGY = "exempt_new_energy"
    EXEMPT_USE = "exempt_use"
    OPEN = "open"  # allowed: no card, and the place is on record as open to the class
    TAIL_MISSING = "tail_missing"  # conditional: the tail would settle it
    MAKEUP_UNSAID = "makeup_unsaid"  # unknown: the notice does not say how makeup workdays count
    CALENDAR_MISSING = "calendar_missing"  # unknown: that year's holidays are not loaded
    RUN_OUT = "run_out"  # unknown: a card has ended, or has not begun, and nothing else is on record
    NO_CARD = "no_card"  # unknown: nothing is on record for this class here


@dataclass(frozen=True, kw_only=True)
class State:
    """What holds within one span. `readings`: the passage under each kind that an unknown day can be."""

    passage: Passage
    cause: Cause
    card: Card | None = None
    clause: Clause | None = None
    open_to: OpenTo | None = None
    readings: tuple[tuple[DayKind, Passage], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch [start, end) of one day in which one state holds."""

    start: datetime
    end: datetime
    state: State


@dataclass(frozen=True, kw_only=True)
class LineCard:
    """One card as it meets one kind of vehicle: the clauses that bind it, or the exemption if none does."""

    card: Card
    start: datetime
    end: datetime | None
    clauses: tuple[Clause, ...]
    exempt: State | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """All that can decide for one kind of vehicle at one place. Equal only to itself, so that plans keep."""

    cards: tuple[LineCard, ...]
    open_to: tuple[OpenTo, ...]
    marks: tuple[datetime, ...]  # the instants at which something comes into force or ends
    is_constant: bool  # nothing but a mark can change the passage
    crosses_midnight: bool
    calendar: Calendar


def build_line(
    *,
    place: Place,
    cards: tuple[tuple[Card, datetime | None], ...],
    calendar: Calendar,
    vehicle_class: VehicleClass,
    use: str,
    new_energy: bool,
) -> Line:
    """The line of a vehicle at a place. `cards`: those of the place, each with the instant of its end."""
    met = tuple(
        line_card
        for card, end in cards
        if (line_card := _meet(card, end, vehicle_class, use, new_energy)) is not None
    )
    open_to = tuple(statement for statement in place.open_to if vehicle_class in statement.classes)
    marks = {edge for meet in met for edge in (meet.start, meet.end) if edge}
    clauses = [clause for meet in met for clause in meet.clauses]
    return Line(
        cards=met,
        open_to=open_to,
        marks=tuple(sorted(marks | {statement.since for statement in open_to})),
        is_constant=all(clause.is_constant for clause in clauses),
        crosses_midnight=any(hours.end > DAY_MINUTES for clause in clauses for hours in clause.hours),
        calendar=calendar,
    )


def _meet(
    card: Card, end: datetime | None, vehicle_class: VehicleClass, use: str, new_energy: bool
) -> LineCard | None:
    """None when the card does not speak of this class at all: then it says nothing, neither ban nor leave."""
    bound: list[Clause] = []
    exempt: State | None = None
    for clause in card.clauses:
        if vehicle_class not in clause.who.classes:
            continue
        if use in clause.who.exempt_uses:
            exempt = State(passage=Passage.ALLOWED, cause=Cause.EXEMPT_USE, card=card, clause=clause)
        elif new_energy and clause.who.exempt_new_energy:
            exempt = State(passage=Passage.ALLOWED, cause=Cause.EXEMPT_NEW_ENERGY, card=card, clause=clause)
        else:
            bound.append(clause)
    if not bound and exempt is None:
        return None
    return LineCard(card=card, start=card.valid_from, end=end, clauses=tuple(bound), exempt=exempt)


@lru_cache(maxsize=65_536)
def day_plan(line: Line, tail: str | None, day: date) -> tuple[Span, ...]:
    """The spans of that day, gapless from midnight to midnight, neighbours differing in something."""
    midnight = datetime.combine(day, time(), SHANGHAI)
    edges = {midnight, midnight + ONE_DAY}
    edges |= {mark for mark in line.marks if midnight < mark < midnight + ONE_DAY}
    for minute in _minutes(line):
        edges.add(midnight + timedelta(minutes=minute))
    spans: list[Span] = []
    for start, end in pairwise(sorted(edges)):
        state = _state(line, tail, day, start, (start - midnight).total_seconds() / 60)
        if spans and spans[-1].state == state:
            spans[-1] = Span(start=spans[-1].start, end=end, state=state)
        else:
            spans.append(Span(start=start, end=end, state=state))
    return tuple(spans)


def next_change(line: Line, tail: str | None, span: Span, horizon_days: int) -> datetime | None:
    """The first instant from the span's end on at which another passage holds; None within the horizon."""
    passage, day = span.state.passage, span.start.date()
    last = day + timedelta(days=horizon_days)
    while day <= last:
        for later in day_plan(line, tail, day):
            if later.start >= span.end and later.state.passage is not passage:
                return later.start
        day = _next_day(line, day)
    return None


def _next_day(line: Line, day: date) -> date:
    """The next day worth a look: for a constant line only the days of its marks."""
    if not line.is_constant:
        return day + ONE_DAY
    return next((mark.date() for mark in line.marks if mark.date() > day), date.max)


def _minutes(line: Line) -> set[int]:
    """Minutes of a day at which some window begins or ends."""
    windows = [hours for meet in line.cards for clause in meet.clauses for hours in clause.hours]
    return {edge % DAY_MINUTES for hours in windows for edge in (hours.start, hours.end)}


def _state(line: Line, tail: str | None, day: date, start: datetime, minute: float) -> State:
    """The state at `start`, under every kind that the day (and the day before, if it matters) can be."""
    today = line.calendar.readings(day)
    before = line.calendar.readings(day - ONE_DAY) if line.crosses_midnight else (DayKind.WORKDAY,)
    seen = [
        (kind, _state_on(line, tail, (day, kind), (day - ONE_DAY, kind_before), start, minute))
        for kind, kind_before in product(today, before)
    ]
    first = seen[0][1]
    if all(state.passage is first.passage for _, state in seen):
        return first
    telling = max((state for _, state in seen), key=lambda state: _RANK[state.passage])
    return State(
        passage=Passage.UNKNOWN,
        cause=Cause.CALENDAR_MISSING,
        card=telling.card,
        clause=telling.clause,
        readings=tuple((kind, state.passage) for kind, state in seen),
    )


_RANK = {Passage.ALLOWED: 0, Passage.CONDITIONAL: 1, Passage.UNKNOWN: 2, Passage.BANNED: 3}
_Day = tuple[date, DayKind]


def _state_on(
    line: Line, tail: str | None, today: _Day, before: _Day, start: datetime, minute: float
) -> State:
    """The state when the kinds of the days are given: any ban wins, then any doubt, else the first leave."""
    states: list[State] = []
    for meet in line.cards:
        if start < meet.start or (meet.end is not None and start >= meet.end):
            continue
        states += [_clause_state(meet.card, clause, tail, today, before, minute) for clause in meet.clauses]
        if meet.exempt:
            states.append(meet.exempt)
    if states:
        return max(states, key=lambda state: _RANK[state.passage])
    for statement in line.open_to:
        if statement.since <= start:
            return State(passage=Passage.ALLOWED, cause=Cause.OPEN, open_to=statement)
    cause = Cause.RUN_OUT if line.cards else Cause.NO_CARD
    return State(passage=Passage.UNKNOWN, cause=cause)


def _clause_state(
    card: Card, clause: Clause, tail: str | None, today: _Day, before: _Day, minute: float
) -> State:
    """What one clause says at that minute; a window that crossed midnight counts by the day it began on."""
    found: list[tuple[Passage, Cause]] = [(Passage.ALLOWED, Cause.HOURS_FREE)]
    for hours in clause.hours:
        if hours.start <= minute < hours.end:
            found.append(_ban(clause, tail, today))
        if hours.start <= minute + DAY_MINUTES < hours.end:
            found.append(_ban(clause, tail, before))
    inside = found[1:] or found
    passage, cause = max(inside, key=lambda verdict: _RANK[verdict[0]])
    return State(passage=passage, cause=cause, card=card, clause=clause)


def _ban(clause: Clause, tail: str | None, of: _Day) -> tuple[Passage, Cause]:
    """Inside the hours: does this clause ban this tail on this day? A sure "no" of either test settles it."""
    day, kind = of
    in_force = clause.days.restricted[kind]
    if in_force is False:
        return Passage.ALLOWED, Cause.DAY_FREE
    hit = _TAILS[clause.tail.rule](tail, day)
    if hit is False:
        return Passage.ALLOWED, Cause.TAIL_FREE
    if in_force is None:
        return Passage.UNKNOWN, Cause.MAKEUP_UNSAID
    if hit is None:
        return Passage.CONDITIONAL, Cause.TAIL_MISSING
    return Passage.BANNED, Cause.CLASS if clause.tail.rule is TailRule.ALL else Cause.TAIL


def _parity(tail: str | None, day: date) -> bool | None:
    return None if tail is None else int(tail) % 2 != day.day % 2


_TAILS = {TailRule.ALL: lambda _tail, _day: True, TailRule.PARITY: _parity}
