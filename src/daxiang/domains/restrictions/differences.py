"""Where two packs answer differently: what an editor looks at before a card goes live. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.courses import Course, course_plan
from daxiang.domains.restrictions.rules import Decision, course_for, decide_on
from daxiang.domains.restrictions.values import Passage, Vehicle
from daxiang.kernel.clock import SHANGHAI

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one pack says of a stretch. Passage None: it does not know the place."""

    passage: Passage | None
    rule: str | None = None
    fine_fen: int | None = None
    points: int | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A stretch [start, end) of time in which the answers at a place differ in one and the same way."""

    place: str
    start: datetime
    end: datetime
    before: Said
    after: Said


def places_of(old: CityCards, new: CityCards) -> tuple[str, ...]:
    """Every place that one of them knows, the new one's first."""
    return tuple(dict.fromkeys((*new.places, *old.places)))


def differences(
    old: CityCards, new: CityCards, *, place: str, vehicle: Vehicle, first: date, last: date
) -> Iterator[Difference]:
    """The stretches of these days, both included, in which the two answer differently, in order of time."""
    held: Difference | None = None
    for found in _by_day(old, new, place, vehicle, first, last):
        is_same = (
            held and held.end == found.start and (held.before, held.after) == (found.before, found.after)
        )
        if held and is_same:
            held = Difference(
                place=place, start=held.start, end=found.end, before=held.before, after=held.after
            )
            continue
        if held:
            yield held
        held = found
    if held:
        yield held


def _by_day(
    old: CityCards, new: CityCards, place: str, vehicle: Vehicle, first: date, last: date
) -> Iterator[Difference]:
    courses = [(cards, _course(cards, place, vehicle)) for cards in (old, new)]
    day = first
    while day <= last:
        midnight = datetime.combine(day, time(), SHANGHAI)
        edges = {midnight, midnight + _ONE_DAY}
        for _, course in courses:
            edges |= {span.start for span in course_plan(course, day)} if course else set()
        for start, end in pairwise(sorted(edges)):
            before, after = (_said(cards, course, start) for cards, course in courses)
            if before != after:
                yield Difference(place=place, start=start, end=end, before=before, after=after)
        day += _ONE_DAY


def _course(cards: CityCards, place: str, vehicle: Vehicle) -> Course | None:
    return course_for(cards, place, vehicle) if place in cards.places else None


def _said(cards: CityCards, course: Course | None, at: datetime) -> Said:
    if course is None:
        return Said(passage=None)
    found: Decision = decide_on(cards, course, at)
    sanction = found.sanction
    return Said(
        passage=found.passage,
        rule=found.rule,
        fine_fen=sanction.fine_fen if sanction else None,
        points=sanction.points if sanction else None,
        needs=found.needs,
    )
