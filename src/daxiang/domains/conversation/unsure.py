"""不确定 is an answer: what is missing, what holds in either case, what is safe. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.conversation.bubbles import Line, Weight
from daxiang.domains.conversation.cars import Known
from daxiang.domains.conversation.cases import Case, Frame, Piece, grave
from daxiang.domains.conversation.chinese import days_between, hour, hours_between, listed
from daxiang.domains.conversation.wording import SAFE_COURSE, WORDS, when
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.reasons import CLASS_NAMES
from daxiang.domains.restrictions.sources import Source
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage, Place

KINDS = {
    DayKind.WORKDAY: "上班",
    DayKind.WEEKEND: "照常休息",
    DayKind.HOLIDAY: "放假",
    DayKind.MAKEUP_WORKDAY: "调休上班",
}
_REST_DAYS = "休息日除外"


def unsure_lead(case: Case, known: Known, now: Frame) -> str:
    """The first line where it is not the plain one; empty where it is."""
    piece = _unsure(case)
    if piece is None:
        return ""
    places = listed([place.short_name for place in unsure_places(case)])
    if piece.decision.cause is Cause.MAKEUP_UNSAID and len(unsure_places(case)) == len(case.places):
        whom = f"{known.subject}，" if known.subject else ""
        return f"{when(case.frame, now.start)}不确定，请按限行走：{whom}{_hours(case, piece)}不要上{places}。"
    if piece.decision.cause is Cause.RUN_OUT and len(unsure_places(case)) == len(case.places):
        return f"{places}不确定：没有查到{when(case.frame, now.start)}有效的通告。"
    return ""


def unsure_lines(cards: CityCards, case: Case) -> list[Line]:
    """What is missing and what is safe, for the gravest thing that is not known."""
    piece = _unsure(case)
    if piece is None:
        return []
    say = _SAY.get(piece.decision.cause)
    if say is not None:
        return say(cards, case, piece)
    return [Line(f"{piece.decision.reason.rstrip('。')}。", Weight.WAY), Line(SAFE_COURSE, Weight.WAY)]


def unsure_places(case: Case) -> tuple[Place, ...]:
    """The places about which something is not known."""
    pairs = zip(case.places, case.courses, strict=True)
    return tuple(place for place, course in pairs if grave(course).decision.passage is Passage.UNKNOWN)


def _unsure(case: Case) -> Piece | None:
    pieces = [grave(course) for course in case.courses]
    return next((piece for piece in pieces if piece.decision.passage is Passage.UNKNOWN), None)


def _hours(case: Case, piece: Piece) -> str:
    if case.frame.end is not None:
        return hours_between(piece.start, piece.end or case.frame.end)
    until = piece.decision.until
    return f"{hour(until)}前" if until is not None and until.date() == case.frame.start.date() else ""


def _makeup(_cards: CityCards, _case: Case, piece: Piece) -> list[Line]:
    weekday = "周六" if piece.start.weekday() == 5 else "周日"
    quote = piece.decision.source.quote if piece.decision.source else None
    says = f"通告写“{_REST_DAYS}”，没写" if quote and _REST_DAYS in quote else "通告没写"
    return [Line(f"这一天是调休上班的{weekday}。{says}调休上班怎么算，所以我不敢说能走。", Weight.WAY)]


def _calendar(cards: CityCards, _case: Case, piece: Piece) -> list[Line]:
    year = piece.start.year
    lines = [Line(f"{year}年的放假和调休安排还没录入，我不知道那天上不上班。", Weight.WAY)]
    by_word: dict[str, list[DayKind]] = {}
    for kind, passage in piece.decision.readings:
        by_word.setdefault(_reading(piece, passage), []).append(kind)
    for said, kinds in by_word.items():
        lines.append(Line(f"要是{'或'.join(KINDS[kind] for kind in kinds)}：{said}。", Weight.WAY))
    return lines


def _reading(piece: Piece, passage: Passage) -> str:
    if passage is not Passage.BANNED:
        return WORDS[passage]
    day = piece.start
    rule = "双日只准双号" if day.day % 2 == 0 else "单日只准单号"
    hours = "" if piece.end is None else hours_between(piece.start, piece.end)
    return f"{rule}，{hours}不能走"


def _run_out(_cards: CityCards, _case: Case, piece: Piece) -> list[Line]:
    last = piece.decision.last
    told = f"上一份只管{_span(last)}，已经过期，不能照着走。" if last is not None and last.until else ""
    return [Line(told, Weight.WAY), Line("到那里请看路口标志。", Weight.WAY)]


def _span(source: Source) -> str:
    if source.until is None:
        return f"{source.since.year}年起"
    last: date = (source.until - timedelta(seconds=1)).date()
    if last.year != source.since.year:
        first = source.since
        return f"{first.year}年{first.month}月{first.day}日–{last.year}年{last.month}月{last.day}日"
    return f"{source.since.year}年{days_between(source.since.date(), last)}"


def _no_card(_cards: CityCards, case: Case, _piece: Piece) -> list[Line]:
    places = listed([place.short_name for place in unsure_places(case)])
    name = CLASS_NAMES[case.vehicle.vehicle_class]
    return [Line(f"手上没有{name}走{places}的规定，不敢说能走。请看路口标志，或者问民警。", Weight.WAY)]


_SAY: dict[Cause, Callable[[CityCards, Case, Piece], list[Line]]] = {
    Cause.MAKEUP_UNSAID: _makeup,
    Cause.CALENDAR_MISSING: _calendar,
    Cause.RUN_OUT: _run_out,
    Cause.NO_CARD: _no_card,
}
