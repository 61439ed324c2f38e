"""The lines of an answer: verdict, ways, what comes next, why, source; or what is missing for one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.bubbles import Line, Weight
from daxiang.domains.conversation.cars import Known
from daxiang.domains.conversation.cases import (
    ONE_DAY,
    Case,
    Frame,
    Query,
    after,
    case_of,
    needs_of,
    restricted_crossings,
    telling,
)
from daxiang.domains.conversation.chinese import day_name, hour, hours_between, listed
from daxiang.domains.conversation.unsure import unsure_lead, unsure_lines
from daxiang.domains.conversation.ways import Instead, instead, night_line, way_lines
from daxiang.domains.conversation.wording import (
    day_off,
    groups,
    groups_text,
    lead,
    next_text,
    source_text,
    when,
    why,
)
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.sources import Source
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage, PlaceKind, VehicleClass

_NOT_EXPLAINED = {Cause.MAKEUP_UNSAID, Cause.CALENDAR_MISSING, Cause.RUN_OUT, Cause.NO_CARD}
_SAID_IN_LEAD = {Cause.DAY_FREE, Cause.EXEMPT_NEW_ENERGY, Cause.EXEMPT_USE, Cause.OPEN}
_OF_THE_TAIL = {Cause.TAIL, Cause.TAIL_FREE}
_CARS = {VehicleClass.SMALL_PASSENGER, VehicleClass.MEDIUM_PASSENGER}


def plain(
    cards: CityCards, query: Query, cases: Sequence[Case], ways: Sequence[Instead], here: Frame
) -> list[Line]:
    """The answer to a question about places. `ways`: what is open instead of them."""
    known, case = query.cars[0], cases[0]
    lines = [Line(first_line(cards, query, case, here), Weight.ANSWER)]
    lines += [
        Line(_again(cards, query, other, number, here), Weight.ANSWER)
        for number, other in enumerate(cases[1:], start=1)
    ]
    lines += unsure_lines(cards, case)
    lines += way_lines(cards, cases, ways)
    lines += [Line(text, Weight.NEXT) for text in _about_the_bridges(cards, case, known, here)]
    if len(cases) == 1:
        lines.append(Line(next_text(cards, case, known, here) + _next_ways(cards, case, here), Weight.NEXT))
        lines.append(Line(_day_after(cards, case, here), Weight.NEXT))
    return lines + basis(cards, case, known, here, is_alone=len(query.cars) == 1)


def first_line(cards: CityCards, query: Query, case: Case, here: Frame) -> str:
    """The verdict on a line of its own kind where it is unsure."""
    known = query.cars[0]
    return unsure_lead(case, known, here) or lead(cards, case, known, here, says_verdict_first=True)


def _again(cards: CityCards, query: Query, case: Case, number: int, here: Frame) -> str:
    """The answer for the next car or day, on one line; of one car only the day is said again."""
    frames = max(1, len(query.days))
    known = query.cars[number // frames]
    time = when(case.frame, here.start)
    label = time if len(query.cars) == 1 else known.subject if frames == 1 else f"{known.subject}，{time}"
    return f"{label}：{_short(cards, case, here)}。"


def _short(cards: CityCards, case: Case, here: Frame) -> str:
    found, text = groups(case), groups_text(cards, case, here)
    if len(found) == 1:
        names = listed([place.short_name for place in found[0][0]])
        return text.removeprefix(names).removeprefix("都")
    return text


def _about_the_bridges(cards: CityCards, case: Case, known: Known, here: Frame) -> list[str]:
    """For who asks about another place: which crossings have a tail rule, and what it says of this car."""
    ruled = restricted_crossings(cards, case.frame.start)
    if any(place in ruled for place in case.places) or case.vehicle.vehicle_class not in _CARS:
        return []
    theirs = case_of(cards, case.vehicle, ruled, case.frame)
    if not all(place.is_crossing for place in case.places):
        if case.passage is not Passage.UNKNOWN or needs_of([theirs]):
            return []
        told = lead(cards, theirs, known, here, says_verdict_first=False)
        return [f"过江{'' if told.startswith('能走') else '：'}{told}"]
    if case.passage is not Passage.ALLOWED:
        return []
    names = listed([place.short_name for place in ruled])
    if needs_of([theirs]) or not known.subject:
        return [f"分单双号的只有{names}。"]
    return [f"分单双号的只有{names}：{known.subject}{_short(cards, theirs, here)}。"]


def _next_ways(cards: CityCards, case: Case, here: Frame) -> str:
    """到时可走长江二桥、月湖桥, where a ban comes next."""
    if not case.frame.is_now or case.passage is not Passage.ALLOWED:
        return ""
    names = []
    for place, course in zip(case.places, case.courses, strict=True):
        then = after(cards, case.vehicle, place, course[0].decision)
        start = course[0].decision.until
        if start is None or then is None or then.until is None or then.passage is not Passage.BANNED:
            return ""
        later = case_of(cards, case.vehicle, (place,), Frame(start=start, end=then.until))
        names += [way.open_[0].short_name for way in instead(cards, (later,), towards=None) if way.open_]
    return f"到时可走{listed(list(dict.fromkeys(names)))}。" if names else ""


def _day_after(cards: CityCards, case: Case, here: Frame) -> str:
    """后天（11日 周日）是休息日，不分单双号: after a day that is unsure for its own sake."""
    if telling(case).cause is not Cause.MAKEUP_UNSAID:
        return ""
    start = case.frame.start.replace(hour=0, minute=0) + ONE_DAY
    next_day = case_of(cards, case.vehicle, case.places, Frame(start=start, end=start + ONE_DAY))
    decisions = [piece.decision for course in next_day.courses for piece in course]
    if any(one.cause is not Cause.DAY_FREE or one.day is None for one in decisions):
        return ""
    off = day_off(cards, next_day.courses[0][0].decision, start.date())
    return f"{day_name(start, here.start)}{off}。"


def basis(cards: CityCards, case: Case, known: Known, here: Frame, *, is_alone: bool = True) -> list[Line]:
    """Why, on what assumption, by which notice, and the caution where the notice was not looked at lately."""
    decision = telling(case)
    lines = []
    if decision.cause is Cause.DAY_FREE and decision.day is None:
        lines.append(Line(f"{case.frame.start.year}年的放假安排还没录入，可怎么算都能走。", Weight.WHY))
    elif decision.cause not in _NOT_EXPLAINED | _SAID_IN_LEAD:
        lines.append(Line(_why_line(cards, decision, known, is_alone=is_alone), Weight.WHY))
    elif known.assumed and decision.tail is not None:
        lines.append(Line(f"{known.assumed}。", Weight.WHY))
    if decision.cause is Cause.EXEMPT_NEW_ENERGY:
        lines.append(Line(night_line(cards, case), Weight.ASIDE))
        if any(place.kind is PlaceKind.AREA for place in cards.places.values()):
            lines.append(Line("景区的临时管制有时连绿牌也限，去之前问我一声。", Weight.ASIDE))
    source = source_text(decision.source)
    lines.append(Line(f"依据：{source}。" if source else "", Weight.SOURCE))
    lines.append(Line(_caution(cards, decision.source, here), Weight.CAUTION))
    return lines


def _caution(cards: CityCards, source: Source | None, here: Frame) -> str:
    """The line for a rule that, seen from today, was last looked at longer ago than the city allows."""
    if source is None or not cards.is_stale(source.checked_on, here.start.date()):
        return ""
    return f"{source.checked_line}。"


def _why_line(cards: CityCards, decision: Decision, known: Known, *, is_alone: bool) -> str:
    told = why(cards, decision)
    has_plate = known.vehicle.plate is not None and is_alone
    if decision.cause in _OF_THE_TAIL and has_plate and "尾号" not in told:
        told += f"，您尾号{decision.tail}"
    if decision.cause in _OF_THE_TAIL and is_from_elsewhere(cards, known):
        told += "；外地车和本地车一样算"
    return f"为什么：{told}。{f'{known.assumed}。' if known.assumed else ''}"


def is_from_elsewhere(cards: CityCards, known: Known) -> bool:
    """Whether the car is not one of the city's, as said or as its plate shows."""
    vehicle = known.vehicle
    if vehicle.is_local is not None:
        return not vehicle.is_local
    return vehicle.plate is not None and not cards.is_local(vehicle.plate)


def asked_back(cases: Sequence[Case], here: Frame, needs: Sequence[str]) -> list[Line]:
    """What is missing, the rule that it is missing for, and how to give it."""
    case = next(case for case in cases if needs_of([case]))
    unsettled = [
        (place, piece)
        for place, course in zip(case.places, case.courses, strict=True)
        for piece in course
        if piece.decision.needs
    ]
    names = listed(list(dict.fromkeys(place.short_name for place, _ in unsettled)))
    time, piece = when(case.frame, here.start), unsettled[0][1]
    if "tail" not in needs:
        missing = listed([texts.FACT_NAMES[need] for need in needs])
        return [
            Line(f"{names}{time}能不能走，要看{missing}。", Weight.ANSWER),
            Line(texts.ASK_FACT, Weight.WAY),
        ]
    hours = "" if case.frame.end is None else hours_between(piece.start, piece.end or case.frame.end)
    until = piece.decision.until
    if case.frame.end is None and until is not None and until.date() == case.frame.start.date():
        hours = f"{hour(until)}前"
    rule = piece.decision.reason.partition("，")[0]
    return [
        Line(f"{names}要看尾号：{time}{hours}{rule}。", Weight.ANSWER),
        Line(texts.ASK_TAIL, Weight.WAY),
    ]
