"""The draft that lies ready at six: yesterday's incidents in figures and words. Pure.

The figures are compared with those of the same weekday a week before, because a Monday is no Sunday.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from daxiang.domains.briefings.content import (
    SATURDAY,
    Article,
    Content,
    Figure,
    Point,
    Section,
    SectionKind,
)
from daxiang.domains.briefings.incidents import IMPORTANT, Incident
from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.kernel.clock import SHANGHAI

WEEKDAYS = "一二三四五六日"
MOST_IMPORTANT = 8
"""Told in words; more are counted."""
MOST_POINTS = 400
"""Drawn; more would be a blot."""
TITLES = {
    SectionKind.CLASSROOM: "微信课堂：实战教学",
    SectionKind.LAW: "微信课堂：法律知识解读",
    SectionKind.FUN: "轻松一刻",
    SectionKind.HEALTH: "健康提示",
}
TO_WRITE = "（待写）"
"""Stands where a person has to write; an edition that holds it is not scheduled."""


class Period(NamedTuple):
    """The stretch [start, end) that an edition tells of."""

    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the draft is made of. `before`: the incidents of the same hours a week earlier; None: nothing is
    on record of that day, so nothing is compared.
    """

    day: date
    is_saturday_edition: bool
    incidents: Sequence[Incident]
    before: Sequence[Incident] | None
    corrections: Sequence[str] = ()
    """Of the edition before: they lead this one."""


def yesterday(day: date) -> Period:
    """The day before an edition's, from midnight to midnight in Beijing."""
    end = datetime.combine(day, time(), SHANGHAI)
    return Period(end - timedelta(days=1), end)


def week_before(period: Period) -> Period:
    """The same hours a week earlier."""
    return Period(period.start - timedelta(days=7), period.end - timedelta(days=7))


def is_saturday_edition(day: date, calendar: Calendar) -> bool:
    """Whether the richer edition comes on that day: on a Saturday, unless it is worked instead of another
    day; then on the Sunday behind it, if that one is free. One day a week at most.
    """
    if day.weekday() == 5:
        return calendar.kind(day) is not DayKind.MAKEUP_WORKDAY
    if day.weekday() != 6 or calendar.kind(day) is DayKind.MAKEUP_WORKDAY:
        return False
    return calendar.kind(day - timedelta(days=1)) is DayKind.MAKEUP_WORKDAY


def compose(facts: Facts, period: Period) -> Content:
    """The draft of an edition. Incidents outside of the period are left out."""
    told = [one for one in facts.incidents if period.start <= one.happened_at < period.end]
    important = sorted(
        (one for one in told if one.severity >= IMPORTANT),
        key=lambda one: (-one.severity, one.happened_at, one.source_key),
    )
    sections = [
        *_corrections(facts.corrections),
        Section(kind=SectionKind.FIGURES, title="昨日数字", figures=_figures(told, facts.before)),
        Section(
            kind=SectionKind.INCIDENTS,
            title="重要警情",
            articles=tuple(_article(one) for one in important[:MOST_IMPORTANT]),
        ),
    ]
    points = _points(told, important)
    if points:
        sections.append(Section(kind=SectionKind.MAP, title="城市图", points=points))
    if facts.is_saturday_edition:
        sections += [_to_write(kind) for kind in SATURDAY]
    name = "周六简报" if facts.is_saturday_edition else "简报"
    return Content(
        title=f"{facts.day.month}月{facts.day.day}日 周{WEEKDAYS[facts.day.weekday()]} {name}",
        teaser=_teaser(told, facts.before, len(important), period),
        sections=tuple(sections),
    )


def _figures(told: Sequence[Incident], before: Sequence[Incident] | None) -> tuple[Figure, ...]:
    """All of them, then kind by kind, the most frequent first; a kind that is gone is told too."""
    now, then = Counter(one.kind for one in told), Counter(one.kind for one in before or ())
    kinds = sorted(now.keys() | then.keys(), key=lambda kind: (-now[kind], -then[kind], kind))
    return (
        Figure(name="全部警情", count=len(told), before=None if before is None else len(before)),
        *(
            Figure(name=kind, count=now[kind], before=None if before is None else then[kind])
            for kind in kinds
        ),
    )


def _teaser(
    told: Sequence[Incident], before: Sequence[Incident] | None, important: int, period: Period
) -> str:
    day = f"上周{WEEKDAYS[period.start.weekday()]}"
    compared = "" if before is None else f"，{_compared(len(told) - len(before), day)}"
    grave = f"重要警情{important}件" if important else "没有重要警情"
    return f"昨日警情{len(told)}起{compared}；{grave}。"


def _compared(difference: int, day: str) -> str:
    if difference == 0:
        return f"和{day}一样多"
    return f"比{day}{'多' if difference > 0 else '少'}{abs(difference)}起"


def _article(one: Incident) -> Article:
    at = one.happened_at.astimezone(SHANGHAI)
    where = f" {one.place}" if one.place else ""
    title = f"{at.hour}:{at.minute:02}{where} {one.kind}"
    return Article(title=title, paragraphs=(one.summary,), media=one.photos)


def _corrections(corrections: Sequence[str]) -> list[Section]:
    if not corrections:
        return []
    told = tuple(Article(title="更正", paragraphs=(one,)) for one in corrections)
    return [Section(kind=SectionKind.CORRECTION, title="更正", articles=told)]


def _points(told: Sequence[Incident], important: Sequence[Incident]) -> tuple[Point, ...]:
    """Every incident whose place is known, as a mark; the important ones that are told in words, by name."""
    named = {one.source_key for one in important[:MOST_IMPORTANT]}
    at = sorted((one for one in told if one.lon is not None), key=lambda one: (-one.severity, one.source_key))
    return tuple(
        Point(
            lon=float(one.lon or 0),
            lat=float(one.lat or 0),
            severity=one.severity,
            label=one.place if one.source_key in named else "",
        )
        for one in at[:MOST_POINTS]
    )


def _to_write(kind: SectionKind) -> Section:
    return Section(kind=kind, title=TITLES[kind], articles=(Article(title=TO_WRITE, paragraphs=()),))
