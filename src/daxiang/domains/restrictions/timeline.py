"""How the passage of one vehicle at one place runs through a day. Pure; plans are kept, being values.

A line has a plan for each day and tail: the spans in which nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise, product

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.days import DAY_MINUTES, DayAs, Hours
from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.lines import Bound, Line, may_be_over
from daxiang.domains.restrictions.states import Cause, Span, State
from daxiang.domains.restrictions.tails import BY_WEEKDAY, EVERY_DIGIT, Ending, TailRule
from daxiang.domains.restrictions.values import Card, Clause, Lift, Outcome, Passage
from daxiang.kernel.clock import SHANGHAI

ONE_DAY = timedelta(days=1)


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


def instant_state(line: Line, ending: Ending, at: datetime) -> State:
    """The state at one instant in Beijing, without the rest of its day."""
    midnight = datetime.combine(at.date(), time(), SHANGHAI)
    return _state(line, ending, at.date(), at, (at - midnight).total_seconds() / 60)


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
    if any(meet.card.replaces for meet in in_force):
        return tomorrow
    if not any(meet.bans_always for meet in in_force) and not all(meet.is_constant for meet in in_force):
        return tomorrow
    return next((mark.date() for mark in line.marks if mark >= begins), date.max)


def _state(line: Line, ending: Ending, day: date, start: datetime, minute: float) -> State:
    """The state at `start`, under every kind that the day (and the day before, if it matters) can be."""
    today = line.calendar.readings(day)
    before = line.calendar.readings(day - ONE_DAY) if line.crosses_midnight else (DayKind.WORKDAY,)
    core, core_before = line.calendar.is_core(day), line.calendar.is_core(day - ONE_DAY)
    seen = [
        (
            kind,
            _state_on(
                line,
                ending,
                DayAs(day, kind, core),
                DayAs(day - ONE_DAY, kind_before, core_before),
                start,
                minute,
            ),
        )
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


def gravest(states: Sequence[State]) -> State:
    """Any ban, then any doubt, else the first leave."""
    return max(states, key=lambda state: _RANK[state.passage])


def _state_on(
    line: Line, ending: Ending, today: DayAs, before: DayAs, start: datetime, minute: float
) -> State:
    """The state when the kinds of the days are given: the gravest that any card in force says."""
    states: list[State] = []
    in_force = [meet for meet in line.cards if meet.is_in_force(start)]
    replaced = {card_id for meet in in_force for card_id in meet.card.replaces}
    for meet in in_force:
        if meet.card.id in replaced:
            continue
        said = [
            _bound_state(line, meet.card, bound, ending, today, before, start, minute) for bound in meet.bound
        ]
        said.append(meet.exempt)
        states += [_as_sure(state) for state in said if state]
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


def _as_sure(state: State) -> State:
    """A card whose deciding fact is unproven makes nothing certain."""
    if state.card is None or not state.card.is_doubted:
        return state
    return replace(state, passage=Passage.UNKNOWN, cause=Cause.DOUBTED)


def _bound_state(
    line: Line,
    card: Card,
    bound: Bound,
    ending: Ending,
    today: DayAs,
    before: DayAs,
    start: datetime,
    minute: float,
) -> State | None:
    """What one clause says at that minute, the waivers of it included; None: nothing."""
    clause = bound.clause
    days = _days_inside(clause.hours, minute, today, before)
    if not days and clause.outcome is Outcome.CLOSED:
        return None
    verdicts = [_ban(line, bound, ending, of) for of in days] or [(Passage.ALLOWED, Cause.HOURS_FREE)]
    passage, cause = max(verdicts, key=lambda verdict: _RANK[verdict[0]])
    if passage is not Passage.ALLOWED and bound.green_until is not None and start < bound.green_until:
        passage, cause = Passage.ALLOWED, Cause.EXEMPT_NEW_ENERGY
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


def _days_inside(hours: tuple[Hours, ...], minute: float, today: DayAs, before: DayAs) -> list[DayAs]:
    """The days on which the windows that hold this minute began: a window across midnight began yesterday."""
    inside = [today for window in hours if window.start <= minute < window.end]
    return inside + [before for window in hours if window.start <= minute + DAY_MINUTES < window.end]


def _is_lifted(
    waiver: Card, lift: Lift, today: DayAs, before: DayAs, start: datetime, minute: float
) -> bool | None:
    if start < waiver.valid_from or (waiver.valid_until is not None and start >= waiver.valid_until):
        return False
    said = [lift.days.in_force(of) for of in _days_inside(lift.hours, minute, today, before)]
    return True if True in said else None if None in said else False


def _ban(line: Line, bound: Bound, ending: Ending, of: DayAs) -> tuple[Passage, Cause]:
    """Inside the hours: does this clause ban this tail on this day? A sure "no" of any test settles it."""
    clause = bound.clause
    in_force = clause.days.in_force(of)
    if in_force is False:
        return Passage.ALLOWED, Cause.DAY_FREE
    if bound.is_free_arrival(of.day):
        return Passage.ALLOWED, Cause.FIRST_ARRIVAL
    over = may_be_over(bound, of, line.calendar)
    if True not in over:
        return Passage.ALLOWED, Cause.RUN_LEFT
    if clause.days.is_mapping_missing(of) and clause.tail.rule in BY_WEEKDAY:
        return Passage.UNKNOWN, Cause.MAKEUP_UNSAID
    if cause := _spared(clause, ending, of):
        return (Passage.ALLOWED if cause is Cause.TAIL_FREE else Passage.UNKNOWN), cause
    if in_force is None:
        is_makeup = of.kind is DayKind.MAKEUP_WORKDAY
        return Passage.UNKNOWN, Cause.MAKEUP_UNSAID if is_makeup else Cause.BRIDGE_UNSAID
    if False in over:
        return Passage.UNKNOWN, Cause.CALENDAR_MISSING
    if clause.outcome is Outcome.UNKNOWN:
        return Passage.UNKNOWN, Cause.GAP
    return Passage.BANNED, _ground(clause)


def _spared(clause: Clause, ending: Ending, of: DayAs) -> Cause | None:
    """Why the tail is not out for certain; None where it is. A tail that is not known is out."""
    counted = clause.tail.counted(ending)
    if counted.is_out:
        return None
    banned = clause.tail.banned_digits(of.day, clause.days.weekday(of.day))
    if banned is None:
        return Cause.TABLE_ENDED
    if banned == EVERY_DIGIT:
        return None
    if not banned:
        return Cause.TAIL_FREE
    if counted.is_unsaid:
        return Cause.LETTER_UNSAID
    return Cause.TAIL_FREE if counted.digit is not None and int(counted.digit) not in banned else None


def _ground(clause: Clause) -> Cause:
    """What of the vehicle the ban is about."""
    if clause.outcome is Outcome.CLOSED:
        return Cause.CLOSED
    if clause.run is not None:
        return Cause.RUN_OVER
    if clause.tail.rule is not TailRule.ALL:
        return Cause.TAIL
    who = clause.who
    if who.taller_than_m is not None:
        return Cause.HEIGHT
    if who.seats_at_least is not None or who.seats_at_most is not None:
        return Cause.SEATS
    if FactName.ENTRY_PERMIT in who.exempt_given:
        return Cause.PERMIT
    is_by_origin = who.origin is not None or who.prefixes
    return Cause.ORIGIN if is_by_origin else Cause.CLASS
