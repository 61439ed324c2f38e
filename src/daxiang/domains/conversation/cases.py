"""What the cards say of one car, at some places, over some time. Pure; nothing is said here yet.

A question may be about an instant (now, 明晚十点半), a stretch (早高峰) or a whole day. Over a stretch each
place has its course: pieces in which the passage stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, product
from typing import NamedTuple

from daxiang.domains.conversation.cars import Known
from daxiang.domains.conversation.meaning import Hours, Topic
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.rules import Decision, course_for, decide_on
from daxiang.domains.restrictions.values import Passage, Place, Vehicle
from daxiang.kernel.clock import SHANGHAI

ONE_DAY = timedelta(days=1)
SOON = timedelta(hours=2)
"""A crossing that shuts within this time is named with its hour."""
GRAVITY = (Passage.BANNED, Passage.UNKNOWN, Passage.CONDITIONAL, Passage.ALLOWED)
_RANKS = {passage: rank for rank, passage in enumerate(GRAVITY)}
MOST_STAND_INS = 3
MOST_CASES = 4
MOST_CASES_OF_READINGS = 18
"""Of all readings of a text together: what one message may cost."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """The time that a question is about: from `start`, to `end` or (None) that one instant."""

    start: datetime
    end: datetime | None = None
    is_now: bool = False
    is_whole_day: bool = False
    said: str = ""

    @property
    def last(self) -> datetime:
        return self.end or self.start


class Piece(NamedTuple):
    """A part of the time in which one passage holds. `decision`: at its middle, or at the instant."""

    start: datetime
    end: datetime | None
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class Case:
    """One car, one time, and the course at each place."""

    vehicle: Vehicle
    frame: Frame
    places: tuple[Place, ...]
    courses: tuple[tuple[Piece, ...], ...]

    def course(self, place: Place) -> tuple[Piece, ...]:
        return self.courses[self.places.index(place)]

    @property
    def passage(self) -> Passage:
        """The gravest passage anywhere in it."""
        return min((grave(course).decision.passage for course in self.courses), key=GRAVITY.index)


def frame_of(*, day: date | None, hours: Hours | None, is_now: bool, now: datetime) -> Frame:
    """The time that a person means. Hours without a day that are over for today are tomorrow's; of a stretch
    that has begun what is left of it counts.
    """
    if hours is None:
        if day is None or day == now.date() or is_now:
            return Frame(start=now, is_now=True)
        start = datetime.combine(day, time(), SHANGHAI)
        return Frame(start=start, end=start + ONE_DAY, is_whole_day=True)
    start, end = _within(day or now.date(), hours)
    minute = now.replace(second=0, microsecond=0)
    if day is None and (start < minute if end is None else end <= minute):
        start, end = _within(now.date() + ONE_DAY, hours)
    if end is not None and start < minute < end:
        start = minute
    return Frame(start=start, end=end, said=hours.said)


def _within(day: date, hours: Hours) -> tuple[datetime, datetime | None]:
    midnight = datetime.combine(day, time(), SHANGHAI)
    end = None if hours.end is None else midnight + timedelta(minutes=hours.end)
    return midnight + timedelta(minutes=hours.start), end


def case_of(cards: CityCards, vehicle: Vehicle, places: Iterable[Place], frame: Frame) -> Case:
    """The courses of all these places."""
    named = tuple(places)
    return Case(
        vehicle=vehicle,
        frame=frame,
        places=named,
        courses=tuple(course_of(cards, vehicle, place, frame) for place in named),
    )


def course_of(cards: CityCards, vehicle: Vehicle, place: Place, frame: Frame) -> tuple[Piece, ...]:
    """The pieces of the frame, in order and gapless; one piece for an instant."""
    course = course_for(cards, place.id, vehicle)
    if frame.end is None:
        decision = decide_on(cards, course, frame.start)
        return (Piece(frame.start, decision.until, decision),)
    pieces, at = [], frame.start
    while at < frame.end:
        until = decide_on(cards, course, at).until
        end = frame.end if until is None else min(until, frame.end)
        pieces.append(Piece(at, end, decide_on(cards, course, at + (end - at) / 2)))
        at = end
    return tuple(pieces)


def at_instant(cards: CityCards, vehicle: Vehicle, place: Place, at: datetime) -> Decision:
    return decide_on(cards, course_for(cards, place.id, vehicle), at)


def after(cards: CityCards, vehicle: Vehicle, place: Place, decision: Decision) -> Decision | None:
    """What holds once that decision's passage has ended."""
    return None if decision.until is None else at_instant(cards, vehicle, place, decision.until)


def grave(course: Sequence[Piece]) -> Piece:
    """The gravest piece of a course, the first of these."""
    return min(course, key=rank)


def rank(piece: Piece) -> int:
    """How grave a piece is, the gravest lowest."""
    return _RANKS[piece.decision.passage]


def is_open_throughout(cards: CityCards, vehicle: Vehicle, place: Place, frame: Frame) -> bool:
    """Whether this car may drive there for the whole of that time."""
    course = course_of(cards, vehicle, place, frame)
    return all(piece.decision.passage is Passage.ALLOWED for piece in course)


def stand_ins(cards: CityCards, case: Case, place: Place, *, towards: str | None) -> tuple[Place, ...]:
    """What is open to this car instead, for as long as the place is not, the first to be named first."""
    shut = [piece for piece in case.course(place) if piece.decision.passage is not Passage.ALLOWED]
    frames = [Frame(start=piece.start, end=piece.end if case.frame.end else None) for piece in shut]
    return tuple(
        other
        for other in candidates(cards, place, towards=towards)
        if all(is_open_throughout(cards, case.vehicle, other, frame) for frame in frames)
    )[:MOST_STAND_INS]


def candidates(cards: CityCards, place: Place, *, towards: str | None) -> tuple[Place, ...]:
    """The places that the pack names as stand-ins, for that direction where it names them."""
    named = place.stand_ins_to.get(towards or "", place.stand_ins)
    return tuple(cards.places[one] for one in named)


def free_since(cards: CityCards, vehicle: Vehicle, place: Place, at: datetime) -> datetime | None:
    """Since when this car may drive there without a break until `at`; None for more than two weeks."""
    day = at.date()
    for _ in range(14):
        start = datetime.combine(day, time(), SHANGHAI)
        end = at if day == at.date() else start + ONE_DAY
        course = course_of(cards, vehicle, place, Frame(start=start, end=end)) if start < end else ()
        held = [piece for piece in course if piece.decision.passage is not Passage.ALLOWED]
        if held:
            return held[-1].end
        day -= ONE_DAY
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A question with everything filled in. No day: today. No place: the city's restricted crossings."""

    cars: tuple[Known, ...]
    days: tuple[date, ...] = ()
    hours: Hours | None = None
    is_now: bool = False
    places: tuple[str, ...] = ()
    topic: Topic = Topic.PASSAGE
    origin: str | None = None
    destination: str | None = None
    is_cut: bool = False
    """More cars or days were asked for than stand here."""
    most_cases: int = MOST_CASES
    """How many cars times days are reckoned; the rest has to be asked by itself."""


def cases_of(cards: CityCards, query: Query, now: datetime) -> list[Case]:
    """Each car on each day, in that order."""
    frames = [
        frame_of(day=day, hours=query.hours, is_now=query.is_now, now=now) for day in query.days or (None,)
    ]
    places = answered_places(cards, query.places, frames[0].start)
    asked = islice(product(query.cars, frames), query.most_cases)
    return [case_of(cards, car.vehicle, places, frame) for car, frame in asked]


def answered_places(cards: CityCards, named: Sequence[str], at: datetime) -> tuple[Place, ...]:
    """The places that were named, as far as the pack still has them; else the city's restricted crossings."""
    known = tuple(cards.places[one] for one in named if one in cards.places)
    return known or restricted_crossings(cards, at)


def restricted_crossings(cards: CityCards, at: datetime) -> tuple[Place, ...]:
    """The crossings with a tail rule on that day; those of today's standing rules where there was none."""
    return tuple(place for place in cards.tail_places(at) if place.is_crossing) or cards.restricted_places()


def needs_of(cases: Sequence[Case]) -> tuple[str, ...]:
    """The facts of the vehicle that are missing."""
    found: dict[str, None] = {}
    for case in cases:
        for course in case.courses:
            for piece in course:
                found |= dict.fromkeys(piece.decision.needs)
    return tuple(found)


def telling(case: Case) -> Decision:
    """The gravest decision of a case."""
    return min((grave(course) for course in case.courses), key=rank).decision
