"""A case in the words of the chat: the answer and its hour, what comes next, why, on what it rests. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.conversation.cars import Known
from daxiang.domains.conversation.cases import (
    GRAVITY,
    Case,
    Frame,
    Piece,
    after,
    at_instant,
    course_of,
    free_since,
    grave,
)
from daxiang.domains.conversation.chinese import day_name, days_between, hour, hours_between, listed, moment
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.reasons import day_text
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.sources import Source
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.tails import TailRule
from daxiang.domains.restrictions.values import Passage, Place, PlaceKind

WORDS = {
    Passage.ALLOWED: "能走",
    Passage.BANNED: "不能走",
    Passage.UNKNOWN: "不确定",
    Passage.CONDITIONAL: "要看情况",
}
CLOSED = "封闭"
SAFE_COURSE = "拿不准的时候，请按不能走安排。"
_EXEMPT = {Cause.EXEMPT_NEW_ENERGY, Cause.EXEMPT_USE}
_OF_THE_TAIL = {Cause.TAIL, Cause.TAIL_FREE}
_DAY_WORDS = "昨今明后"
"""A stretch whose own words name the day (今晚) is said by its hours: the day stands before it."""

Group = tuple[tuple[Place, ...], tuple[Piece, ...]]


def word(decision: Decision) -> str:
    """能走, 不能走, 封闭, 不确定; 要看尾号 where that alone is missing."""
    if decision.needs == ("tail",):
        return "要看尾号"
    return CLOSED if decision.is_closed else WORDS[decision.passage]


def when(frame: Frame, now: date) -> str:
    """今天（24日 周二）, 明天（25日 周三）22:30, 明天（25日 周三）早高峰（7:00–9:00）."""
    return day_name(frame.start, now) + clock(frame)


def clock(frame: Frame) -> str:
    """22:30, 早高峰（7:00–9:00）; empty for now and for a whole day."""
    if frame.is_now or frame.is_whole_day:
        return ""
    if frame.end is None:
        return hour(frame.start)
    hours = hours_between(frame.start, frame.end)
    is_a_part = bool(frame.said) and frame.said[0] not in _DAY_WORDS
    return f"{frame.said}（{hours}）" if is_a_part else hours


def groups(case: Case) -> tuple[Group, ...]:
    """The places that fare alike, the gravest first."""
    alike: dict[object, list[Place]] = {}
    for place, course in zip(case.places, case.courses, strict=True):
        shape = tuple(
            (piece.start, piece.end, piece.decision.passage, piece.decision.is_closed) for piece in course
        )
        alike.setdefault(shape, []).append(place)
    found = [(tuple(places), case.course(places[0])) for places in alike.values()]
    return tuple(sorted(found, key=lambda group: GRAVITY.index(grave(group[1]).decision.passage)))


def lead(cards: CityCards, case: Case, known: Known, now: Frame, *, says_verdict_first: bool) -> str:
    """The first line: the verdict, the day in full, the places and the hour at which it changes."""
    time = when(case.frame, now.start)
    told = f"{known.subject}，{time}" if known.subject else time
    said = groups_text(cards, case, now)
    if case.passage is not Passage.ALLOWED:
        return f"{told}：{said}。"
    causes = {piece.decision.cause for course in case.courses for piece in course}
    first = case.courses[0][0].decision
    if causes == {Cause.DAY_FREE} and first.day is not None:
        day = day_name(case.frame.start, now.start)
        off = day_off(cards, first, case.frame.start.date())
        return f"能走。{day}{off}，{clock(case.frame)}{said}。"
    if len(causes) == 1 and causes <= _EXEMPT:
        return f"能走。{first.reason}，{time}{said}。"
    if causes == {Cause.OPEN} and all(place.kind is PlaceKind.BRIDGE for place in case.places):
        names = listed([place.short_name for place in case.places])
        return f"能走。{time}：{names}{'都' if len(case.places) > 1 else ''}不分单双号。"
    return f"{'能走。' if says_verdict_first else ''}{told}：{said}。"


def group_text(cards: CityCards, case: Case, group: Group, now: Frame) -> str:
    """长江大桥、江汉桥不能走，22:00后能走; over a stretch 7:00–22:00不能走，其他时间能走."""
    places, course = group
    names = listed([place.short_name for place in places])
    if len(course) > 1:
        return names + pieces_text(case.frame, course)
    decision = course[0].decision
    is_free = decision.passage is Passage.ALLOWED
    said = f"{names}{'都' if is_free and len(places) > 1 else ''}"
    if case.frame.is_whole_day:
        return f"{said}{'' if is_free else '全天'}{word(decision)}"
    if case.frame.end is not None:
        return f"{said}{word(decision)}"
    until = until_text(decision, after(cards, case.vehicle, places[0], decision), case.frame, now)
    return f"{said}{word(decision)}{'，' if until else ''}{until}"


def groups_text(cards: CityCards, case: Case, now: Frame) -> str:
    """All groups on one line, the gravest first."""
    return "；".join(group_text(cards, case, group, now) for group in groups(case))


def short_text(cards: CityCards, case: Case, now: Frame) -> str:
    """The verdict without its day: 不分单双号，长江大桥、江汉桥都能走."""
    said = groups_text(cards, case, now)
    causes = {piece.decision.cause for course in case.courses for piece in course}
    if causes != {Cause.DAY_FREE} or case.courses[0][0].decision.day is None:
        return said
    return f"{case.courses[0][0].decision.reason.rpartition('，')[2]}，{said}"


def pieces_text(frame: Frame, course: Sequence[Piece]) -> str:
    """7:00–22:00不能走，其他时间能走; piece by piece where the rest is not all one."""
    worst = grave(course)
    rest = [piece for piece in course if word(piece.decision) != word(worst.decision)]
    if len({word(piece.decision) for piece in rest}) == 1:
        held = [piece for piece in course if word(piece.decision) == word(worst.decision)]
        hours = listed([_hours(frame, piece) for piece in held])
        return f"{hours}{word(worst.decision)}，{rest_of(frame)}{word(rest[0].decision)}"
    return "，".join(f"{_hours(frame, piece)}{word(piece.decision)}" for piece in course)


def rest_of(frame: Frame) -> str:
    """What is left of the time that was asked about, and of no other: of a morning not the whole day."""
    return "其他时间" if frame.is_whole_day else "这段里其他时间"


def _hours(frame: Frame, piece: Piece) -> str:
    return hours_between(piece.start, piece.end or piece.start, of=frame.start.date())


def until_text(decision: Decision, then: Decision | None, frame: Frame, now: Frame) -> str:
    """22:00后能走 only when that is what comes; a change into the unknown promises nothing."""
    if decision.until is None or then is None:
        return ""
    is_same_day = decision.until.date() == frame.start.date()
    at = hour(decision.until) if is_same_day else moment(decision.until, now.start)
    if decision.passage is Passage.ALLOWED:
        return f"到{at}"
    if decision.passage is Passage.BANNED and then.passage is Passage.ALLOWED:
        return f"{at}开" if decision.is_closed else f"{at}后能走"
    return ""


def day_off(cards: CityCards, decision: Decision, day: date) -> str:
    """是休息日，不分单双号; 国庆节放假（10月1日–7日），不分单双号."""
    off = decision.reason.rpartition("，")[2].removeprefix(day_text(day))
    holiday = cards.calendar.holiday_name(day)
    if holiday:
        return f"{holiday}放假（{days_between(*_holiday(cards, day))}），{off}"
    if decision.day is DayKind.WEEKEND:
        return f"是休息日，{off}"
    return f"，{decision.reason}"


def _holiday(cards: CityCards, day: date) -> tuple[date, date]:
    name, one = cards.calendar.holiday_name(day), timedelta(days=1)
    first = last = day
    while cards.calendar.holiday_name(first - one) == name:
        first -= one
    while cards.calendar.holiday_name(last + one) == name:
        last += one
    return first, last


def next_text(cards: CityCards, case: Case, known: Known, now: Frame) -> str:
    """What comes after the answer: after an instant the next passage, round a day the free run."""
    if not _is_uniform(case):
        return ""
    place, piece = case.places[0], case.courses[0][0]
    if case.frame.end is not None:
        return _run_text(cards, case, known, now)
    then = after(cards, case.vehicle, place, piece.decision)
    if piece.decision.until is None or then is None:
        return ""
    if not case.frame.is_now and piece.decision.passage is Passage.ALLOWED:
        if rest := _rest_of_day(cards, case, now):
            return rest
        if then.passage is not Passage.BANNED:
            return ""
    begins = moment(piece.decision.until, now.start)
    if then.passage is Passage.ALLOWED:
        return "" if then.until is None else f"{begins}起，一直能走到{moment(then.until, now.start)}。"
    if then.passage is Passage.BANNED and then.until is not None:
        start = piece.decision.until
        is_same = then.until.date() == start.date()
        ends = hour(then.until) if is_same else moment(then.until, now.start)
        return f"{day_name(start, now.start)}{hour(start)}–{ends}{word(then)}。"
    return f"{begins}起{word(then)}。"


def _is_uniform(case: Case) -> bool:
    return len(groups(case)) == 1 and len(case.courses[0]) == 1


def _run_text(cards: CityCards, case: Case, known: Known, now: Frame) -> str:
    """尾号5从26日（周四）22:00到30日（周一）7:00都能走."""
    place, decision = case.places[0], case.courses[0][0].decision
    end = at_instant(cards, case.vehicle, place, case.frame.start).until
    if decision.passage is not Passage.ALLOWED or end is None or not case.vehicle.tail_digit:
        return ""
    since = free_since(cards, case.vehicle, place, case.frame.start)
    until = moment(end, now.start)
    if since is None or since <= now.start:
        return f"{known.subject}一直能走到{until}。"
    return f"{known.subject}从{moment(since, now.start)}到{until}都能走。"


def _rest_of_day(cards: CityCards, case: Case, now: Frame) -> str:
    """明天（25日 周三）7:00–22:00不能走: what else that day brings, beside an hour at which one may.

    What is over by now is not told, nor a closure that is over by the hour asked about.
    """
    day = case.frame.start.replace(hour=0, minute=0)
    whole = Frame(start=day, end=day + timedelta(days=1), is_whole_day=True)
    held = [
        piece
        for piece in course_of(cards, case.vehicle, case.places[0], whole)
        if piece.decision.passage is not Passage.ALLOWED
        and (piece.end is None or piece.end > (case.frame if piece.decision.is_closed else now).start)
    ]
    said = "，".join(f"{_hours(whole, piece)}{word(piece.decision)}" for piece in held)
    return f"{day_name(day, now.start)}{said}。" if said else ""


def why(cards: CityCards, decision: Decision) -> str:
    """双日只准双号; whatever else the rules give as the reason."""
    if decision.cause in _OF_THE_TAIL and is_parity(cards, decision.rule):
        return decision.reason.partition("，")[0]
    return decision.reason.rstrip("。")


def is_parity(cards: CityCards, rule: str | None) -> bool:
    """Whether that card is about odd and even tails."""
    return any(
        clause.tail.rule is TailRule.PARITY
        for card in cards.cards
        if card.id == rule
        for clause in card.clauses
    )


def source_text(source: Source | None) -> str:
    """两桥单双号通告，2019年11月2日起; a statement of ours as it is; empty when nothing decided."""
    if source is None:
        return ""
    if source.issuer is None:
        return source.title
    return f"{source.short_title}，{source.since.year}年{source.since.month}月{source.since.day}日起"
