"""The answer about driving, reckoned from the cards and kept for the minute. Pure.

What is kept holds for every plate of a kind: `cars.with_plates` puts the masked plates in afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.bubbles import Line, Weight
from daxiang.domains.conversation.cars import Known
from daxiang.domains.conversation.cases import (
    GRAVITY,
    Case,
    Frame,
    case_of,
    frame_of,
    grave,
    is_open_throughout,
    rank,
)
from daxiang.domains.conversation.chinese import hour, hours_between, listed, moment
from daxiang.domains.conversation.meaning import Hours, Topic
from daxiang.domains.conversation.replies import Advice, ReplyKind
from daxiang.domains.conversation.unsure import unsure_lead, unsure_lines
from daxiang.domains.conversation.ways import Instead, elsewhere_line, instead, night_line, way_lines
from daxiang.domains.conversation.wording import (
    group_text,
    groups,
    lead,
    next_text,
    source_text,
    when,
    why,
    word,
)
from daxiang.domains.restrictions.rules import CityCards, Decision, closures_at
from daxiang.domains.restrictions.timeline import Cause
from daxiang.domains.restrictions.values import Passage, Place, PlaceKind

MOST_CASES = 4


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
    is_follow_up: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer in lines, and what it rests on. `needs`: facts of the vehicle that would settle it."""

    kind: ReplyKind
    lines: tuple[Line, ...]
    advice: tuple[Advice, ...]
    passage: Passage
    needs: tuple[str, ...]
    cause: Cause
    short: str
    """The verdict with the places and without the day, for a second reading."""
    when: str
    verdicts: tuple[tuple[str, str], ...]
    """(place, word) of every case: two readings with the same have the same answer."""


@lru_cache(maxsize=8192)
def said(cards: CityCards, query: Query, now: datetime) -> Said:
    """The answer to one reading of a question. `now` in Beijing."""
    cases = _cases(cards, query, now)
    moment_now = Frame(start=now, is_now=True)
    needs = _needs(cases)
    if query.origin and query.destination:
        lines, cases = _route(cards, query, now)
    elif query.topic is Topic.OPEN and _shuts(cards, cases[0]):
        lines = _open(cards, query, cases[0], moment_now)
    elif needs:
        lines = _asked_back(cards, cases[0], moment_now, needs)
    else:
        lines = _plain(cards, query, cases, moment_now)
    ways = instead(cards, cases, towards=query.destination)
    worst = min(cases, key=lambda case: GRAVITY.index(case.passage))
    needs = _needs(cases)
    return Said(
        kind=ReplyKind.ASK_BACK if needs else ReplyKind.ADVICE,
        lines=tuple(lines),
        advice=() if needs else tuple(advice for case in cases for advice in advice_of(case, ways)),
        passage=worst.passage,
        needs=needs,
        cause=min((grave(course) for course in worst.courses), key=rank).decision.cause,
        short=_groups_text(cards, cases[0], moment_now),
        when=when(cases[0].frame, now),
        verdicts=tuple(
            (piece.decision.place, word(piece.decision))
            for case in cases
            for course in case.courses
            for piece in course
        ),
    )


def _cases(cards: CityCards, query: Query, now: datetime) -> list[Case]:
    places = answered_places(cards, query.places)
    frames = [
        frame_of(day=day, hours=query.hours, is_now=query.is_now, now=now) for day in query.days or (None,)
    ]
    cases = [case_of(cards, car.vehicle, places, frame) for car in query.cars for frame in frames]
    return cases[:MOST_CASES]


def answered_places(cards: CityCards, named: Sequence[str]) -> tuple[Place, ...]:
    """The places that were named, as far as the pack still has them; else the city's restricted crossings."""
    return tuple(cards.places[one] for one in named if one in cards.places) or cards.restricted_places()


def _needs(cases: Sequence[Case]) -> tuple[str, ...]:
    """What is missing of the vehicle, when nothing worse settles it."""
    needs: dict[str, None] = {}
    for case in cases:
        for course in case.courses:
            for piece in course:
                needs |= dict.fromkeys(piece.decision.needs)
    return tuple(needs)


def _plain(cards: CityCards, query: Query, cases: Sequence[Case], now: Frame) -> list[Line]:
    """Verdict, ways, what comes next, why, source."""
    known, case = query.cars[0], cases[0]
    first = unsure_lead(case, known, now) or lead(cards, case, known, now, is_follow_up=query.is_follow_up)
    lines = [Line(first, Weight.ANSWER)]
    lines += [
        Line(_again(cards, query, other, number, now), Weight.ANSWER)
        for number, other in enumerate(cases[1:], start=1)
    ]
    lines += unsure_lines(cards, case, now)
    lines += way_lines(cards, cases, instead(cards, cases, towards=query.destination))
    lines.append(Line(elsewhere_line(cards, case), Weight.NEXT))
    if len(cases) == 1:
        lines.append(Line(next_text(cards, case, known, now), Weight.NEXT))
    return lines + _basis(cards, case, known)


def _again(cards: CityCards, query: Query, case: Case, number: int, now: Frame) -> str:
    """The answer for the next car or day, on one line; of one car only the day is said again."""
    frames = max(1, len(query.days))
    known = query.cars[number // frames]
    time = when(case.frame, now.start)
    label = time if len(query.cars) == 1 else known.subject if frames == 1 else f"{known.subject}，{time}"
    return f"{label}：{_short(cards, case, now)}。"


def _short(cards: CityCards, case: Case, now: Frame) -> str:
    found, text = groups(case), _groups_text(cards, case, now)
    if len(found) == 1:
        names = listed([place.short_name for place in found[0][0]])
        return text.removeprefix(names).removeprefix("都")
    return text


def _groups_text(cards: CityCards, case: Case, now: Frame) -> str:
    return "；".join(group_text(cards, case, group, now) for group in groups(case))


def _basis(cards: CityCards, case: Case, known: Known) -> list[Line]:
    """Why, on what assumption, by which notice, and the caution where the notice was not looked at lately."""
    decision = _telling(case)
    lines = []
    if decision.cause not in _UNSURE and decision.cause not in _SAID_IN_LEAD:
        lines.append(Line(_why_line(cards, decision, known), Weight.WHY))
    elif known.assumed and decision.tail is not None:
        lines.append(Line(f"{known.assumed}。", Weight.WHY))
    if decision.cause is Cause.EXEMPT_NEW_ENERGY:
        lines.append(Line(night_line(cards, case), Weight.ASIDE))
        if any(place.kind is PlaceKind.AREA for place in cards.places.values()):
            lines.append(Line("景区的临时管制有时连绿牌也限，去之前问我一声。", Weight.ASIDE))
    source = source_text(decision.source)
    lines.append(Line(f"依据：{source}。" if source else "", Weight.SOURCE))
    lines.append(Line(f"{decision.caution}。" if decision.caution else "", Weight.CAUTION))
    return lines


_UNSURE = {Cause.MAKEUP_UNSAID, Cause.CALENDAR_MISSING, Cause.RUN_OUT, Cause.NO_CARD}
_SAID_IN_LEAD = {Cause.DAY_FREE, Cause.EXEMPT_NEW_ENERGY, Cause.EXEMPT_USE, Cause.OPEN}


def _why_line(cards: CityCards, decision: Decision, known: Known) -> str:
    assumed = f"{known.assumed}。" if known.assumed else ""
    return f"为什么：{why(cards, decision)}。{assumed}"


def _telling(case: Case) -> Decision:
    return min((grave(course) for course in case.courses), key=rank).decision


def _asked_back(cards: CityCards, case: Case, now: Frame, needs: Sequence[str]) -> list[Line]:
    """What is missing, the rule that it is missing for, and how to give it."""
    open_pieces = [
        (place, piece)
        for place, course in zip(case.places, case.courses, strict=True)
        for piece in course
        if piece.decision.needs
    ]
    names = listed(list(dict.fromkeys(place.short_name for place, _ in open_pieces)))
    piece = open_pieces[0][1]
    time = when(case.frame, now.start)
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
    rule = why(cards, piece.decision).partition("，")[0]
    return [
        Line(f"{names}要看尾号：{time}{hours}{rule}。", Weight.ANSWER),
        Line(texts.ASK_TAIL, Weight.WAY),
    ]


def advice_of(case: Case, ways: Sequence[Instead]) -> tuple[Advice, ...]:
    """Every place of the case as other programs read it."""
    found = []
    for place, course in zip(case.places, case.courses, strict=True):
        piece = grave(course)
        is_last = piece.end is None or piece.end == case.frame.end
        open_ = next((way.open_ for way in ways if way.place is place), ())
        is_free = piece.decision.passage is Passage.ALLOWED
        found.append(
            Advice(
                place=place.id,
                passage=piece.decision.passage,
                until=piece.decision.until if is_last else piece.end,
                rule=piece.decision.rule,
                instead=() if is_free else tuple(other.id for other in open_),
            )
        )
    return tuple(found)


def _route(cards: CityCards, query: Query, now: datetime) -> tuple[list[Line], list[Case]]:
    """From bank to bank: the restricted crossing of that river, then every crossing that is open."""
    crossings = [
        cards.places[one] for one in cards.ground.ways.get((query.origin or "", query.destination or ""), ())
    ]
    rivers = {place.river for place in crossings}
    ruled = [place for place in cards.restricted_places() if place.river in rivers]
    named = [cards.places[one] for one in query.places if one in cards.places]
    cases = _cases(cards, replace(query, places=tuple(place.id for place in named or ruled)), now)
    case, known, frame_now = cases[0], query.cars[0], Frame(start=now, is_now=True)
    needs = _needs(cases)
    open_ = [
        place
        for place in crossings
        if place not in case.places and is_open_throughout(cards, case.vehicle, place, case.frame)
    ]
    time = "现在" if case.frame.is_now else when(case.frame, now)
    names = listed([place.short_name for place in open_[:4]])
    way = f"{query.origin}到{query.destination}，{time}{'这几条都' if len(open_) > 1 else ''}能走：{names}。"
    if not open_:
        way = f"{query.origin}到{query.destination}，{time}别的桥我不确定，请看路口标志，或者问民警。"
    if needs:
        lines = [Line(way, Weight.ANSWER), *_asked_back(cards, case, frame_now, needs)]
        return lines, cases
    first = unsure_lead(case, known, frame_now) or lead(
        cards, case, known, frame_now, is_follow_up=query.is_follow_up
    )
    lines = [Line(first, Weight.ANSWER), Line(way, Weight.WAY), *unsure_lines(cards, case, frame_now)]
    return lines + _basis(cards, case, known), cases


def _shuts(cards: CityCards, case: Case) -> bool:
    return any(closures_at(cards, place.id, case.frame.start) for place in case.places)


def _open(cards: CityCards, query: Query, case: Case, now: Frame) -> list[Line]:
    """长江隧道现在开着没: the place first, then the other one that shuts at night, then the bridges."""
    lines = [
        Line(f"{_open_text(cards, case, place)}。", Weight.ANSWER)
        for place in case.places
        if closures_at(cards, place.id, case.frame.start)
    ]
    river = case.places[0].river
    for other in cards.places.values():
        if river and other.river == river and other not in case.places:
            alone = case_of(cards, case.vehicle, (other,), case.frame)
            if closures_at(cards, other.id, case.frame.start):
                lines.append(Line(f"{_open_text(cards, alone, other)}。", Weight.WAY))
    if query.cars[0].vehicle.tail_digit:
        ruled = case_of(cards, case.vehicle, cards.restricted_places(), case.frame)
        text = lead(cards, ruled, query.cars[0], now, is_follow_up=False)
        lines += [Line(text, Weight.WAY), Line(next_text(cards, ruled, query.cars[0], now), Weight.NEXT)]
    lines.append(Line(_tunnel_rule(case), Weight.WHY))
    return lines


def _open_text(cards: CityCards, case: Case, place: Place) -> str:
    """长江隧道开着，到1:00；1:00–5:00封闭养护."""
    decision = case.course(place)[0].decision
    hours = listed(
        [str(one) for clause in closures_at(cards, place.id, case.frame.start) for one in clause.hours]
    )
    until = decision.until
    at = (
        ""
        if until is None
        else hour(until)
        if until.date() == case.frame.start.date()
        else moment(until, case.frame.start)
    )
    if decision.is_closed:
        return f"{place.short_name}封闭养护{f'，{at}开' if at else ''}"
    if decision.passage is Passage.ALLOWED:
        return f"{place.short_name}开着{f'，到{at}' if at else ''}；{hours}封闭养护"
    return f"{place.short_name}{word(decision)}：{decision.reason.rstrip('。')}"


def _tunnel_rule(case: Case) -> str:
    place = next((place for place in case.places if place.speed_kmh), None)
    return f"{place.short_name}限速{place.speed_kmh}。" if place else ""
