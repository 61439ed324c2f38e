"""What is said at 20:00 to somebody whose remembered car is restricted the next day. Pure.

It comes unasked and stands on the lock screen: the first line is the answer and names no car; where a car has
to be named its plate is masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from daxiang.domains.conversation.bubbles import Line, Weight, bubble
from daxiang.domains.conversation.cars import PLATE_WIDTH, Known, is_clear, known, with_plates
from daxiang.domains.conversation.cases import GRAVITY, ONE_DAY, Case, Frame, case_of, restricted_crossings
from daxiang.domains.conversation.chinese import day_name, listed
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.plain import basis
from daxiang.domains.conversation.precision import minute_of
from daxiang.domains.conversation.replies import LONGEST_BUBBLE
from daxiang.domains.conversation.talk import MOST_CARS
from daxiang.domains.conversation.unsure import unsure_lead, unsure_lines
from daxiang.domains.conversation.ways import instead, way_lines
from daxiang.domains.conversation.wording import lead
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage
from daxiang.kernel.clock import SHANGHAI

STOP = "不用提醒了"
"""What she taps or says to hear no more of it."""
LASTING = 14
"""Days before and after through which the same must hold to be no news."""
_OF_THE_DAY = frozenset({Cause.TAIL, Cause.MAKEUP_UNSAID, Cause.CALENDAR_MISSING})
PLATES = "".join(chr(0xE000 + number) for number in range(MOST_CARS))
"""The marks that stand for masked plates while a text is fitted (`cars`)."""
_HELD = (Passage.BANNED, Passage.UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class _Held:
    """One car that is restricted on the day, with its mark for the masked plate."""

    known: Known
    case: Case
    line: str
    """The answer, without naming the car."""


def is_news(cards: CityCards, cars: Sequence[Car], *, now: datetime) -> bool:
    """Whether there is something to say about the day after `now`.

    There is when, at the city's restricted crossings, one of the cars is banned at some hour, or nobody can
    say that it is not. A truck that is banned every day alike is not told of it every evening.
    """
    day = minute_of(cards, now).date() + ONE_DAY
    return any(_is_held(cards, told, day) for told in _named(cars))


def evening_text(cards: CityCards, cars: Sequence[Car], *, now: datetime) -> str | None:
    """The notice about the day after `now`; None where there is nothing to say."""
    text = _text(cards, _named(cars), minute_of(cards, now))
    return None if text is None else with_plates(text, tuple(cars))


def _named(cars: Sequence[Car]) -> tuple[Known, ...]:
    return tuple(known(car, number) for number, car in enumerate(cars) if is_clear(car))


@lru_cache(maxsize=4096)
def _text(cards: CityCards, named: tuple[Known, ...], now: datetime) -> str | None:
    """The notice with marks for the plates: the same for all cars of a kind."""
    here, day = Frame(start=now, is_now=True), now.date() + ONE_DAY
    cases = [(told, _case(cards, told, day)) for told in named if _is_held(cards, told, day)]
    held = [_Held(known=told, case=case, line=_line(cards, case, told, here)) for told, case in cases]
    if not held:
        return None
    beyond = max(0, len(named) - len(PLATES))
    room = LONGEST_BUBBLE - beyond * PLATE_WIDTH
    return bubble(_said(cards, held, named, day, here), room=room).text


@lru_cache(maxsize=4096)
def _is_held(cards: CityCards, told: Known, day: date) -> bool:
    case = _case(cards, told, day)
    if case.passage not in _HELD:
        return False
    causes = {piece.decision.cause for course in case.courses for piece in course}
    return bool(causes & _OF_THE_DAY) or not _is_lasting(cards, told, day)


def _is_lasting(cards: CityCards, told: Known, day: date) -> bool:
    """Whether the same holds on every day of the two weeks before and after."""
    around = (day + timedelta(days=number) for number in range(-LASTING, LASTING + 1))
    return len({_shape(_case(cards, told, one)) for one in around}) == 1


@lru_cache(maxsize=4096)
def _case(cards: CityCards, told: Known, day: date) -> Case:
    midnight = datetime.combine(day, time(), SHANGHAI)
    frame = Frame(start=midnight, end=midnight + ONE_DAY, is_whole_day=True)
    return case_of(cards, told.vehicle, restricted_crossings(cards, midnight), frame)


def _shape(case: Case) -> tuple[object, ...]:
    """What holds through a day, whichever day it is."""
    midnight = case.frame.start
    return tuple(
        (place.id, piece.start - midnight, piece.decision.passage)
        for place, course in zip(case.places, case.courses, strict=True)
        for piece in course
    )


def _line(cards: CityCards, case: Case, told: Known, here: Frame) -> str:
    nameless = _nameless(told)
    return unsure_lead(case, nameless, here) or lead(cards, case, nameless, here, says_verdict_first=False)


def _nameless(told: Known) -> Known:
    return replace(told, subject="")


def _said(
    cards: CityCards, held: Sequence[_Held], named: Sequence[Known], day: date, here: Frame
) -> list[Line]:
    cases = [one.case for one in held]
    gravest = min(held, key=lambda one: GRAVITY.index(one.case.passage))
    is_alike = len({one.line for one in held}) == 1
    lines = _alike(held) if is_alike else _each(held, len(named), day, here)
    lines += unsure_lines(cards, gravest.case)
    lines += way_lines(cards, cases, instead(cards, cases, towards=None))
    lines += _free(cards, held, named, day)
    return lines + basis(cards, gravest.case, _nameless(gravest.known), here, is_alone=len(held) == 1)


def _alike(held: Sequence[_Held]) -> list[Line]:
    names = listed([one.known.subject for one in held])
    space = " " if names[0] in PLATES else ""
    return [
        Line(held[0].line, Weight.ANSWER),
        Line(f"说的是您记着的{space}{names}。", Weight.ANSWER),
    ]


def _each(held: Sequence[_Held], of: int, day: date, here: Frame) -> list[Line]:
    """Cars that fare differently: how many on the first line, then each by its name."""
    time_text = day_name(day, here.start.date())
    count = "都" if len(held) == of else f"有{len(held)}辆"
    lines = [Line(f"{time_text}：您记着的{of}辆车{count}过江受限。", Weight.ANSWER)]
    for one in held:
        said = one.line.removeprefix(time_text).removeprefix("：")
        lines.append(Line(f"{one.known.subject}：{said}", Weight.ANSWER))
    return lines


def _free(cards: CityCards, held: Sequence[_Held], named: Sequence[Known], day: date) -> list[Line]:
    """The family's other cars, where they may go all day."""
    told = {one.known for one in held}
    free = [
        other.subject
        for other in named
        if other not in told and _case(cards, other, day).passage is Passage.ALLOWED
    ]
    return [Line(f"{listed(free)} 这一天都能走。", Weight.NEXT)] if free else []
