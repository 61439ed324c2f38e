"""How the passage of one vehicle runs where not all that matters of it is known. Pure.

A *course* holds a line for every way in which the missing facts can turn out. Where all of them agree there
is an answer without the fact; where they differ it is conditional and names the facts that it hangs on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import pairwise, product
from typing import Any, NamedTuple

from daxiang.domains.calendars.rules import Calendar
from daxiang.domains.restrictions.timeline import (
    ONE_DAY,
    CardAt,
    Cause,
    Ending,
    Line,
    Span,
    State,
    Traits,
    build_line,
    day_plan,
    gravest,
    merged,
    next_day,
)
from daxiang.domains.restrictions.values import Card, Clause, Passage, Place, TailRule, Who
from daxiang.kernel.clock import SHANGHAI

TAIL = "tail"
_DIGITS = tuple("0123456789")
_OF_THE_TAIL = (Cause.TAIL, Cause.TAIL_FREE)


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way in which the missing facts can turn out; `facts` in the order of the course's `missing`."""

    line: Line
    ending: Ending
    facts: tuple[object, ...]


class Look(NamedTuple):
    """The missing facts that one card looks at, and when it is in force (`end` None: without end)."""

    start: datetime
    end: datetime | None
    facts: frozenset[str]


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """A vehicle at a place. One variant when nothing that matters is missing. Equal only to itself.

    The first variant holds the first value of each missing fact.
    """

    place: Place
    traits: Traits
    tail: str | None
    missing: tuple[str, ...]
    looks: tuple[Look, ...]
    variants: tuple[Variant, ...]
    lines: tuple[Line, ...]


def build_course(
    *, place: Place, cards: tuple[CardAt, ...], calendar: Calendar, traits: Traits, ending: Ending
) -> Course:
    """The course of a vehicle at a place. `cards`: those of the place, each with the instant of its end."""
    met = [(card, end, _clauses(card, place, traits)) for card, end in cards]
    values = _values([clause for _, _, clauses in met for clause in clauses], traits, ending)
    lines: dict[Traits, Line] = {}
    variants = []
    for facts in product(*values.values()):
        turned: dict[str, Any] = dict(zip(values, facts, strict=True))
        digit = turned.pop(TAIL, ending.digit)
        known = traits._replace(**turned)
        if known not in lines:
            lines[known] = build_line(place=place, cards=cards, calendar=calendar, traits=known)
        variants.append(Variant(line=lines[known], ending=ending._replace(digit=digit), facts=facts))
    return Course(
        place=place,
        traits=traits,
        tail=ending.digit,
        missing=tuple(values),
        looks=tuple(
            Look(card.valid_from, end, frozenset(_values(clauses, traits, ending)))
            for card, end, clauses in met
        ),
        variants=tuple(variants),
        lines=tuple(lines.values()),
    )


def _clauses(card: Card, place: Place, traits: Traits) -> list[Clause]:
    """The clauses of a card that may bind such a vehicle here, whatever is still missing."""
    return [
        clause
        for clause in card.clauses
        if clause.is_about(place.id) and traits.vehicle_class in clause.who.classes
    ]


def _values(clauses: Sequence[Clause], traits: Traits, ending: Ending) -> dict[str, tuple[object, ...]]:
    """The values to try for each fact that some clause looks at and nobody told."""
    values = {
        fact: found
        for fact, found in _possible([clause.who for clause in clauses]).items()
        if getattr(traits, fact) is None
    }
    if ending.digit is None and any(clause.tail.rule is not TailRule.ALL for clause in clauses):
        values = {TAIL: _DIGITS, **values}
    return values


def _possible(looks: Sequence[Who]) -> dict[str, tuple[object, ...]]:
    """For each fact that some clause looks at, one value on each side of each of its bounds."""
    least = {who.seats_at_least for who in looks if who.seats_at_least is not None}
    most = {who.seats_at_most + 1 for who in looks if who.seats_at_most is not None}
    tall = {who.taller_than_m + 1 for who in looks if who.taller_than_m is not None}
    found: dict[str, tuple[object, ...]] = {}
    if least | most:
        found["seats"] = (1, *sorted(least | most))
    if tall:
        found["height_m"] = (1.0, *sorted(tall))
    if any(who.origin is not None for who in looks):
        found["is_local"] = (True, False)
    return found


@lru_cache(maxsize=65_536)
def course_plan(course: Course, day: date) -> tuple[Span, ...]:
    """The spans of that day, gapless from midnight to midnight."""
    variants = _that_matter(course, day)
    plans = [day_plan(variant.line, variant.ending, day) for variant in variants]
    if len(plans) == 1:
        return plans[0]
    edges = sorted({edge for plan in plans for span in plan for edge in (span.start, span.end)})
    return merged(
        (start, end, _combined(course.missing, variants, [state_at(plan, start) for plan in plans]))
        for start, end in pairwise(edges)
    )


def _that_matter(course: Course, day: date) -> Sequence[Variant]:
    """The variants that differ in what some card in force on that day looks at."""
    if len(course.variants) == 1:
        return course.variants
    midnight = datetime.combine(day, time(), SHANGHAI)
    looks = [
        look.facts
        for look in course.looks
        if look.start < midnight + ONE_DAY and (look.end is None or midnight < look.end)
    ]
    idle = [number for number, fact in enumerate(course.missing) if not any(fact in facts for facts in looks)]
    first = course.variants[0].facts
    return [
        variant
        for variant in course.variants
        if all(variant.facts[number] == first[number] for number in idle)
    ]


def state_at(plan: Iterable[Span], at: datetime) -> State:
    """The state that a day's plan has at an instant of that day."""
    return next(span.state for span in plan if at < span.end)


def _combined(missing: Sequence[str], variants: Sequence[Variant], states: Sequence[State]) -> State:
    if all(state.passage is states[0].passage for state in states):
        return next((state for state in states if state.cause not in _OF_THE_TAIL), states[0])
    needs = tuple(fact for number, fact in enumerate(missing) if _hangs_on(variants, states, number))
    telling = gravest(states)
    return State(
        passage=Passage.CONDITIONAL,
        cause=Cause.TAIL_MISSING if needs == (TAIL,) else Cause.FACT_MISSING,
        card=telling.card,
        clause=telling.clause,
        needs=needs,
    )


def _hangs_on(variants: Sequence[Variant], states: Sequence[State], number: int) -> bool:
    """Whether two ways that differ in this one fact alone have different passages."""
    seen: dict[tuple[object, ...], Passage] = {}
    for variant, state in zip(variants, states, strict=True):
        others = variant.facts[:number] + variant.facts[number + 1 :]
        if seen.setdefault(others, state.passage) is not state.passage:
            return True
    return False


def next_change(course: Course, span: Span, horizon_days: int) -> datetime | None:
    """The first instant from the span's end on at which another passage holds; None within the horizon."""
    passage, day = span.state.passage, span.start.date()
    last = day.toordinal() + horizon_days
    while day.toordinal() <= last:
        for later in course_plan(course, day):
            if later.start >= span.end and later.state.passage is not passage:
                return later.start
        day = min(next_day(line, day) for line in course.lines)
    return None
