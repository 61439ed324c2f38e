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
from daxiang.domains.restrictions.facts import ANY_DAY, ASKED, SPENT, FactName
from daxiang.domains.restrictions.lines import CardAt, Line, Traits, build_line, speaks_of_plate
from daxiang.domains.restrictions.states import Cause, Span, State
from daxiang.domains.restrictions.tails import Ending, Sign, TailRule
from daxiang.domains.restrictions.timeline import (
    ONE_DAY,
    day_plan,
    gravest,
    instant_state,
    merged,
    next_day,
)
from daxiang.domains.restrictions.values import Card, Clause, Passage, Place, Who
from daxiang.kernel.clock import SHANGHAI

TAIL, IS_LOCAL, ORIGIN, TRACTOR = "tail", "is_local", "origin", "tractor_plate"
ELSEWHERE = "外"
"""The beginning of a plate from a place that no notice of the city names."""
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
    ending: Ending
    missing: tuple[str, ...]
    looks: tuple[Look, ...]
    variants: tuple[Variant, ...]
    lines: tuple[Line, ...]


def build_course(
    *,
    place: Place,
    cards: Sequence[CardAt],
    calendar: Calendar,
    traits: Traits,
    ending: Ending,
    local_plates: tuple[str, ...],
) -> Course:
    """The course of a vehicle at a place. `cards`: those of the place, each with its stretch."""
    met = [(at, _clauses(at.card, place, traits)) for at in cards]
    values = _values([clause for _, clauses in met for clause in clauses], traits, ending, local_plates)
    lines: dict[Traits, Line] = {}
    variants = []
    for facts in product(*values.values()):
        turned: dict[str, Any] = dict(zip(values, facts, strict=True))
        digit = turned.pop(TAIL, ending.digit)
        tractor, begins = turned.pop(TRACTOR, (ending.tractor, None))
        known = _turned(traits, turned if begins is None else {**turned, ORIGIN: begins}, local_plates)
        if known not in lines:
            lines[known] = build_line(place=place, cards=cards, calendar=calendar, traits=known)
        ends = ending._replace(digit=digit, tractor=tractor)
        variants.append(Variant(line=lines[known], ending=ends, facts=facts))
    return Course(
        place=place,
        traits=traits,
        ending=ending,
        missing=tuple(values),
        looks=tuple(
            Look(at.start, at.end, frozenset(_values(clauses, traits, ending, local_plates)))
            for at, clauses in met
        ),
        variants=tuple(variants),
        lines=tuple(lines.values()),
    )


def _turned(traits: Traits, turned: dict[str, Any], local_plates: tuple[str, ...]) -> Traits:
    """The traits with the missing facts as they may turn out."""
    fields = {name: value for name, value in turned.items() if name in Traits._fields}
    begins = turned.get(IS_LOCAL, turned.get(ORIGIN))
    if begins is not None:
        fields |= {ORIGIN: begins, IS_LOCAL: begins.startswith(local_plates)}
    told = {name: turned[name] for name in FactName if name in turned}
    return traits._replace(**fields, facts=tuple(sorted({**dict(traits.facts), **told}.items())))


def _clauses(card: Card, place: Place, traits: Traits) -> list[Clause]:
    """The clauses of a card that may bind such a vehicle here, whatever is still missing."""
    return [
        clause for clause in card.clauses if clause.is_about(place.id) and speaks_of_plate(clause.who, traits)
    ]


def _values(
    clauses: Sequence[Clause], traits: Traits, ending: Ending, local_plates: tuple[str, ...]
) -> dict[str, tuple[object, ...]]:
    """The values to try for each fact that some clause looks at and nobody told."""
    looks = [clause.who for clause in clauses]
    values = {fact: found for fact, found in _possible(looks).items() if getattr(traits, fact) is None}
    if ending.is_trailer and ending.tractor is None and any(clause.tail.of_tractor for clause in clauses):
        values[TRACTOR] = tuple(product(_DIGITS, (local_plates[0], ELSEWHERE)))
    elif traits.origin is None and any(who.origin is not None or who.prefixes for who in looks):
        begins = _origins(looks, traits.is_local, local_plates)
        values |= {IS_LOCAL if traits.is_local is None else ORIGIN: begins}
    told = dict(traits.facts)
    for name in _asked(clauses):
        if name not in told:
            values[name] = _ASKED[name]
        elif isinstance(day := told[name], tuple):  # the day alone: not told whether for the first time
            values[name] = (False, *day)
    counts = any(clause.tail.rule is not TailRule.ALL for clause in clauses)
    if ending.digit is None and ending.sign is Sign.DIGIT and counts:
        values = {TAIL: _DIGITS, **values}
    return values


_ASKED: dict[FactName, tuple[object, ...]] = {
    FactName.ENTRY_PERMIT: (True, False),
    FactName.FIRST_ARRIVAL: (False, ANY_DAY),
    FactName.DAYS_DRIVEN: (frozenset(), SPENT),
}


def _asked(clauses: Sequence[Clause]) -> list[FactName]:
    """The facts that these clauses look at and that are never taken for granted."""
    names = {name for clause in clauses for name in clause.who.facts}
    names |= {FactName.DAYS_DRIVEN for clause in clauses if clause.run is not None}
    return [name for name in FactName if name in names & ASKED]


def _origins(looks: Sequence[Who], is_local: bool | None, local_plates: tuple[str, ...]) -> tuple[str, ...]:
    """How the plate may begin: each beginning that a clause names, a local one, and one from elsewhere."""
    named = {begins for who in looks for begins in who.prefixes}
    found = [local_plates[0], *sorted(named - set(local_plates)), ELSEWHERE]
    return tuple(
        begins for begins in found if is_local is None or begins.startswith(local_plates) is is_local
    )


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
    if many := {who.axles_at_least for who in looks if who.axles_at_least is not None}:
        found["axles"] = (1, *sorted(many))
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


def state_now(course: Course, at: datetime) -> State:
    """The state at one instant, reckoned for it alone: for who will not ask about the rest of that day."""
    variants = _that_matter(course, at.date())
    states = [instant_state(variant.line, variant.ending, at) for variant in variants]
    return states[0] if len(states) == 1 else _combined(course.missing, variants, states)


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
