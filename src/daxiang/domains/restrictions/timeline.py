"""How the passage of one vehicle at one place runs through a day. Pure; plans are kept, being values.

A *line* is what is left of the city's cards once the place and all that matters of the vehicle are known but
its tail. It has a plan for each day and tail: the spans in which nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.domains.restrictions.values import (
    DAY_MINUTES,
    Card,
    Clause,
    Hours,
    Layer,
    LetterRule,
    Lift,
    OpenTo,
    Origin,
    Outcome,
    Passage,
    Place,
    TailRule,
    VehicleClass,
    Who,
)
from daxiang.kernel.clock import SHANGHAI

ONE_DAY = timedelta(days=1)


class Cause(StrEnum):
    """What settled the passage; the texts follow it."""

    TAIL = "tail"  # banned: the tail is not today's
    CLASS = "class"  # banned: the class, whatever the tail
    SEATS = "seats"  # banned: so many seats
    HEIGHT = "height"  # banned: too tall
    ORIGIN = "origin"  # banned: plates from there
    CLOSED = "closed"  # banned: shut to everybody for works
    TAIL_FREE = "tail_free"  # allowed: the tail is today's
    DAY_FREE = "day_free"  # allowed: not a day on which the rule is in force
    HOURS_FREE = "hours_free"  # allowed: outside the hours
    WAIVED = "waived"  # allowed: a waiver lifts the clause
    EXEMPT_NEW_ENERGY = "exempt_new_energy"
    EXEMPT_USE = "exempt_use"
    OPEN = "open"  # allowed: no card, and the place is on record as open to the class
    TAIL_MISSING = "tail_missing"  # conditional: the tail would settle it
    FACT_MISSING = "fact_missing"  # conditional: something else of the vehicle, or more than the tail
    MAKEUP_UNSAID = "makeup_unsaid"  # unknown: the notice does not say how makeup workdays count
    LETTER_UNSAID = "letter_unsaid"  # unknown: nor how a plate that ends in a letter counts
    EXEMPTION_UNSAID = "exemption_unsaid"  # unknown: nor whether this use, or a green plate, is exempt
    CALENDAR_MISSING = "calendar_missing"  # unknown: that year's holidays are not loaded
    RUN_OUT = "run_out"  # unknown: a card has ended, or has not begun, and nothing else is on record
    NO_CARD = "no_card"  # unknown: nothing is on record for this vehicle here


class Traits(NamedTuple):
    """All of a vehicle that clauses look at, but the tail. None: not known, or nobody asks."""

    vehicle_class: VehicleClass
    use: str
    new_energy: bool
    seats: int | None = None
    height_m: float | None = None
    is_local: bool | None = None


@dataclass(frozen=True, kw_only=True)
class State:
    """What holds within one span. `readings`: the passage under each kind that an unknown day can be.

    `needs`: the facts whose lack leaves it open. `past`: the last card that has run out here.
    """

    passage: Passage
    cause: Cause
    card: Card | None = None
    clause: Clause | None = None
    open_to: OpenTo | None = None
    past: Card | None = None
    readings: tuple[tuple[DayKind, Passage], ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch [start, end) of one day in which one state holds."""

    start: datetime
    end: datetime
    state: State


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A clause that binds the vehicle. `is_doubtful`: unless exempt, of which the notice says nothing."""

    clause: Clause
    is_doubtful: bool
    lifts: tuple[tuple[Card, Lift], ...]


@dataclass(frozen=True, kw_only=True)
class LineCard:
    """One card as it meets one kind of vehicle: the clauses that bind it, or the exemption if none does."""

    card: Card
    start: datetime
    end: datetime | None
    bound: tuple[Bound, ...]
    exempt: State | None

    def is_in_force(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)

    @cached_property
    def is_constant(self) -> bool:
        """Whether nothing in it changes by day or hour."""
        return all(bound.clause.is_constant and not bound.lifts for bound in self.bound)

    @cached_property
    def bans_always(self) -> bool:
        """Whether it bans this vehicle around the clock: while it is in force nothing else matters."""
        return any(
            bound.clause.is_constant and not bound.lifts and not bound.is_doubtful for bound in self.bound
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """All that can decide for one kind of vehicle at one place. Equal only to itself, so that plans keep."""

    cards: tuple[LineCard, ...]
    open_to: tuple[OpenTo, ...]
    marks: tuple[datetime, ...]  # the instants at which something comes into force or ends
    minutes: frozenset[int]  # minutes of a day at which some window begins or ends
    crosses_midnight: bool
    calendar: Calendar


CardAt = tuple[Card, datetime | None]
"""A card of a place and the instant at which it ends there."""


def build_line(*, place: Place, cards: tuple[CardAt, ...], calendar: Calendar, traits: Traits) -> Line:
    """The line of a vehicle at a place."""
    waivers = [card for card, _ in cards if card.layer is Layer.WAIVER]
    met = tuple(
        line_card
        for card, end in cards
        if (line_card := _meet(card, end, place, traits, waivers)) is not None
    )
    open_to = tuple(statement for statement in place.open_to if traits.vehicle_class in statement.classes)
    bound = [one for meet in met for one in meet.bound]
    lifts = [pair for one in bound for pair in one.lifts]
    marks = {edge for meet in met for edge in (meet.start, meet.end) if edge}
    marks |= {edge for card, _ in lifts for edge in (card.valid_from, card.valid_until) if edge}
    windows = {hours for one in bound for hours in one.clause.hours} | {
        hours for _, lift in lifts for hours in lift.hours
    }
    return Line(
        cards=met,
        open_to=open_to,
        marks=tuple(sorted(marks | {statement.since for statement in open_to})),
        minutes=frozenset(edge % DAY_MINUTES for hours in windows for edge in (hours.start, hours.end)),
        crosses_midnight=any(hours.end > DAY_MINUTES for hours in windows),
        calendar=calendar,
    )


def _meet(
    card: Card, end: datetime | None, place: Place, traits: Traits, waivers: list[Card]
) -> LineCard | None:
    """None when the card does not speak of this vehicle at all: that is neither a ban nor leave."""
    bound: list[Bound] = []
    exempt: State | None = None
    for clause in card.clauses:
        if not clause.is_about(place.id) or not binds(clause.who, traits):
            continue
        if cause := _exemption(clause.who, traits):
            exempt = State(passage=Passage.ALLOWED, cause=cause, card=card, clause=clause)
            continue
        lifts = tuple(
            (waiver, lift)
            for waiver in waivers
            for lift in waiver.lifts
            if lift.card == card.id and clause.id in lift.clauses
        )
        bound.append(Bound(clause=clause, is_doubtful=_is_unsaid(clause.who, traits), lifts=lifts))
    if not bound and exempt is None:
        return None
    return LineCard(card=card, start=card.valid_from, end=end, bound=tuple(bound), exempt=exempt)


def binds(who: Who, traits: Traits) -> bool:
    """Whether a clause speaks of this vehicle. Every fact that it looks at is known here."""
    seats, height, is_local = traits.seats or 0, traits.height_m or 0.0, traits.is_local
    return (
        traits.vehicle_class in who.classes
        and (who.seats_at_least is None or seats >= who.seats_at_least)
        and (who.seats_at_most is None or seats <= who.seats_at_most)
        and (who.taller_than_m is None or height > who.taller_than_m)
        and (who.origin is None or (who.origin is Origin.LOCAL) is is_local)
    )


def _exemption(who: Who, traits: Traits) -> Cause | None:
    if traits.use in who.exempt_uses:
        return Cause.EXEMPT_USE
    return Cause.EXEMPT_NEW_ENERGY if traits.new_energy and who.exempt_new_energy else None


def _is_unsaid(who: Who, traits: Traits) -> bool:
    return traits.use in who.unsaid_uses or (traits.new_energy and who.exempt_new_energy is None)


class Ending(NamedTuple):
    """How the plate ends: the digit that counts, and whether a letter stands behind it."""

    digit: str | None
    is_letter: bool


@lru_cache(maxsize=65_536)
def day_plan(line: Line, ending: Ending, day: date) -> tuple[Span, ...]:
    """The spans of that day, gapless from midnight to midnight, neighbours differing in something."""
    midnight = datetime.combine(day, time(), SHANGHAI)
    edges = {midnight, midnight + ONE_DAY}
    edges |= {mark for mark in line.marks if midnight < mark < midnight + ONE_DAY}
    edges |= {midnight + timedelta(minutes=minute) for minute in line.minutes}
    return merged(
        (start, end, _state(line, ending, day, start, (start - midnight).total_seconds() / 60))
        for start, end in pairwise(sorted(edges))
    )


def merged(stretches: Iterable[tuple[datetime, datetime, State]]) -> tuple[Span, ...]:
    """Stretches that follow each other, as spans; neighbours with one state are one span."""
    spans: list[Span] = []
    for start, end, state in stretches:
        if spans and spans[-1].state == state:
            spans[-1] = Span(start=spans[-1].start, end=end, state=state)
        else:
            spans.append(Span(start=start, end=end, state=state))
    return tuple(spans)


def next_day(line: Line, day: date) -> date:
    """The next day worth a look: that of the next mark while no day or hour can change the passage."""
    tomorrow = day + ONE_DAY
    begins = datetime.combine(tomorrow, time(), SHANGHAI)
    in_force = [meet for meet in line.cards if meet.is_in_force(begins)]
    if not any(meet.bans_always for meet in in_force) and not all(meet.is_constant for meet in in_force):
        return tomorrow
    return next((mark.date() for mark in line.marks if mark >= begins), date.max)


def _state(line: Line, ending: Ending, day: date, start: datetime, minute: float) -> State:
    """The state at `start`, under every kind that the day (and the day before, if it matters) can be."""
    today = line.calendar.readings(day)
    before = line.calendar.readings(day - ONE_DAY) if line.crosses_midnight else (DayKind.WORKDAY,)
    seen = [
        (kind, _state_on(line, ending, (day, kind), (day - ONE_DAY, kind_before), start, minute))
        for kind, kind_before in product(today, before)
    ]
    first = seen[0][1]
    if all(state.passage is first.passage for _, state in seen):
        return first
    telling = gravest([state for _, state in seen])
    return State(
        passage=Passage.UNKNOWN,
        cause=Cause.CALENDAR_MISSING,
        card=telling.card,
        clause=telling.clause,
        readings=tuple((kind, state.passage) for kind, state in seen),
    )


_RANK = {Passage.ALLOWED: 0, Passage.CONDITIONAL: 1, Passage.UNKNOWN: 2, Passage.BANNED: 3}
_Day = tuple[date, DayKind]


def gravest(states: Sequence[State]) -> State:
    """Any ban, then any doubt, else the first leave."""
    return max(states, key=lambda state: _RANK[state.passage])


def _state_on(line: Line, ending: Ending, today: _Day, before: _Day, start: datetime, minute: float) -> State:
    """The state when the kinds of the days are given: the gravest that any card in force says."""
    states: list[State] = []
    for meet in line.cards:
        if not meet.is_in_force(start):
            continue
        said = (_bound_state(meet.card, bound, ending, today, before, start, minute) for bound in meet.bound)
        states += [state for state in said if state]
        if meet.exempt:
            states.append(meet.exempt)
    if states:
        shut = (state for state in states if state.cause is Cause.CLOSED)
        return next(shut, None) or gravest(states)
    for statement in line.open_to:
        if statement.since <= start:
            return State(passage=Passage.ALLOWED, cause=Cause.OPEN, open_to=statement)
    past = max(
        (meet for meet in line.cards if meet.end and meet.end <= start),
        key=lambda meet: meet.end or start,
        default=None,
    )
    if past or any(start < meet.start for meet in line.cards):
        return State(passage=Passage.UNKNOWN, cause=Cause.RUN_OUT, past=past.card if past else None)
    return State(passage=Passage.UNKNOWN, cause=Cause.NO_CARD)


def _bound_state(
    card: Card, bound: Bound, ending: Ending, today: _Day, before: _Day, start: datetime, minute: float
) -> State | None:
    """What one clause says at that minute, the waivers of it included; None: nothing."""
    clause = bound.clause
    days = _days_inside(clause.hours, minute, today, before)
    if not days and clause.outcome is Outcome.CLOSED:
        return None
    verdicts = [_ban(clause, ending, of) for of in days] or [(Passage.ALLOWED, Cause.HOURS_FREE)]
    passage, cause = max(verdicts, key=lambda verdict: _RANK[verdict[0]])
    if clause.outcome is Outcome.CLOSED and passage is Passage.ALLOWED:
        return None
    for waiver, lift in bound.lifts:
        is_on = _is_lifted(waiver, lift, today, before, start, minute)
        if is_on:
            return State(passage=Passage.ALLOWED, cause=Cause.WAIVED, card=waiver, clause=clause)
        if is_on is None and passage is Passage.BANNED:
            return State(passage=Passage.UNKNOWN, cause=Cause.MAKEUP_UNSAID, card=waiver, clause=clause)
    if bound.is_doubtful and passage is Passage.BANNED:
        passage, cause = Passage.UNKNOWN, Cause.EXEMPTION_UNSAID
    return State(passage=passage, cause=cause, card=card, clause=clause)


def _days_inside(hours: tuple[Hours, ...], minute: float, today: _Day, before: _Day) -> list[_Day]:
    """The days on which the windows that hold this minute began: a window across midnight began yesterday."""
    inside = [today for window in hours if window.start <= minute < window.end]
    return inside + [before for window in hours if window.start <= minute + DAY_MINUTES < window.end]


def _is_lifted(
    waiver: Card, lift: Lift, today: _Day, before: _Day, start: datetime, minute: float
) -> bool | None:
    if start < waiver.valid_from or (waiver.valid_until is not None and start >= waiver.valid_until):
        return False
    said = [lift.days.in_force(*of) for of in _days_inside(lift.hours, minute, today, before)]
    return True if True in said else None if None in said else False


def _ban(clause: Clause, ending: Ending, of: _Day) -> tuple[Passage, Cause]:
    """Inside the hours: does this clause ban this tail on this day? A sure "no" of either test settles it."""
    day, kind = of
    in_force = clause.days.in_force(day, kind)
    if in_force is False:
        return Passage.ALLOWED, Cause.DAY_FREE
    is_unsaid = ending.is_letter and clause.tail.letter is LetterRule.UNKNOWN
    if ending.digit is not None and not is_unsaid and not _TAILS[clause.tail.rule](int(ending.digit), day):
        return Passage.ALLOWED, Cause.TAIL_FREE
    if is_unsaid:
        return Passage.UNKNOWN, Cause.LETTER_UNSAID
    if in_force is None:
        return Passage.UNKNOWN, Cause.MAKEUP_UNSAID
    return Passage.BANNED, _ground(clause)


def _ground(clause: Clause) -> Cause:
    """What of the vehicle the ban is about."""
    if clause.outcome is Outcome.CLOSED:
        return Cause.CLOSED
    if clause.tail.rule is not TailRule.ALL:
        return Cause.TAIL
    who = clause.who
    if who.taller_than_m is not None:
        return Cause.HEIGHT
    if who.seats_at_least is not None or who.seats_at_most is not None:
        return Cause.SEATS
    return Cause.ORIGIN if who.origin is not None else Cause.CLASS


def digits_next_to(day: date) -> tuple[int, int]:
    """The digits before and after the last one of the date: 7 and 9 on the 8th, 9 and 1 on the 10th."""
    return (day.day - 1) % 10, (day.day + 1) % 10


_TAILS: dict[TailRule, Callable[[int, date], bool]] = {
    TailRule.ALL: lambda _tail, _day: True,
    TailRule.PARITY: lambda tail, day: tail % 2 != day.day % 2,
    TailRule.NEXT_TO_DATE: lambda tail, day: tail in digits_next_to(day),
}
"""Whether a tail is banned on a day on which the clause is in force."""
