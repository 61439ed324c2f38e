"""What a city's page says first: today's tails in large type, what holds now, and when it changes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage
from daxiang.sites.public.cities.cars import Whose, vehicle_of
from daxiang.sites.public.cities.outlook import Chapter, Day, telling
from daxiang.sites.public.cities.words import (
    Said,
    beside,
    day_text,
    facts_text,
    kind_text,
    last_day,
    now_text,
    places_text,
    rest_text,
    said,
    whose_text,
)


@dataclass(frozen=True, kw_only=True)
class Today:
    """Today for one group of cars at places that are alike.

    `others`: how the tails fare that are not named; `now`: whether it holds at this minute; `then`: the
    next day on which it is something else; `last`: the notice that has run out, where nothing is known.
    """

    where: str
    whose: str
    said: Said
    others: str
    now: str
    why: str
    then: str
    source: str
    caution: str
    last: str


def todays(cards: CityCards, chapters: Sequence[Chapter], now: datetime) -> tuple[Today, ...]:
    """Today, chapter by chapter."""
    return tuple(_today(cards, chapter, now) for chapter in chapters)


def _today(cards: CityCards, chapter: Chapter, now: datetime) -> Today:
    day = chapter.days[0]
    worst, lucky = _decision(cards, chapter, day.fares[0].digits), _decision(cards, chapter, day.base.digits)
    what = said(day)
    source = worst.source or lucky.source
    last = worst.last
    return Today(
        where=places_text(chapter.places),
        whose=whose_text(cards, chapter.whose),
        said=what,
        others=_others(day, _needs(cards, chapter)),
        now=now_text(day.fares[0], now),
        why=_why(cards, day, worst, now),
        then=_then(chapter, what, now),
        source=f"{source.short_title}，最近核对 {source.checked_text}" if source else "",
        caution=worst.caution or lucky.caution or "",
        last=f"上一份“{last.short_title}”管到{last_day(last.until)}" if last and last.until else "",
    )


def _decision(cards: CityCards, chapter: Chapter, digits: str) -> Decision:
    """The engine's decision for a car of these tails, in the gravest stretch of today."""
    vehicle = vehicle_of(cards, chapter.kind, digits[0])
    fare = next(fare for fare in chapter.days[0].fares if digits[0] in fare.digits)
    return telling(cards, chapter.places[0].id, vehicle, fare.spans)


def _needs(cards: CityCards, chapter: Chapter) -> tuple[str, ...]:
    """What the answer for a lucky tail hangs on, where it hangs on anything today."""
    base = chapter.days[0].base
    spans = [span for span in base.spans if span.passage is Passage.CONDITIONAL]
    if not spans:
        return ()
    vehicle = vehicle_of(cards, chapter.kind, base.digits[0])
    return telling(cards, chapter.places[0].id, vehicle, spans).needs


def _others(day: Day, needs: Sequence[str]) -> str:
    """How the tails fare that are not named in large type."""
    if not day.out:
        if not needs:
            return ""
        rest = "" if day.base.passage is Passage.CONDITIONAL else "其余时间"
        return f"{rest}要看{facts_text(needs)}"
    return (
        f"{rest_text(day.out[0].digits)}能走" if day.base.passage is Passage.ALLOWED else beside(day, needs)
    )


def _why(cards: CityCards, day: Day, worst: Decision, now: datetime) -> str:
    """Why nothing is restricted today, or why nobody knows; a ban is said by its tails."""
    if worst.passage is Passage.BANNED:
        return ""
    if worst.passage is Passage.CONDITIONAL and day.out:
        return f"要看{facts_text(worst.needs)}"
    if worst.passage is Passage.CONDITIONAL:
        return ""
    is_over = worst.cause is Cause.OPEN and not cards.tail_places(now)
    return (_ended(cards, now) if is_over else "") or worst.reason


def _ended(cards: CityCards, now: datetime) -> str:
    """2022年12月29日起不再按尾号限行: of a city whose last tail rule is over; empty where none ever was."""
    ends = [card.valid_until for card in cards.cards if card.valid_until and card.valid_until <= now]
    if not ends:
        return ""
    end = max(ends)
    return f"{end.year}年{end.month}月{end.day}日起不再按尾号限行"


def _then(chapter: Chapter, what: Said, now: datetime) -> str:
    """明天（26日 周四）限4和9: the next day that is another one; empty where all thirty are alike."""
    for day in chapter.days[1:]:
        then = said(day)
        if (then.line, then.hours) != (what.line, what.hours):
            name = f"（{kind_text(day)}）" if day.holiday or day.passage is Passage.ALLOWED else ""
            return f"{day_text(day.day, now.date())}{name}{then.line}"
    return ""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A city's today on one line, for the list of the country. `kind`: how it is drawn on the map."""

    kind: str
    tone: str
    line: str
    where: str
    caution: str


_NOTHING = "没有查到按尾号限行的规定"
TAILS, PARITY, ORIGIN, NONE, UNKNOWN = "tails", "parity", "origin", "none", "unknown"


def brief(cards: CityCards, chapters: Sequence[Chapter], now: datetime) -> Brief:
    """The first headline place's today."""
    if not chapters:
        return Brief(kind=NONE, tone="may", line="没有尾号限行", where=_NOTHING, caution="")
    first = chapters[0]
    here = [chapter for chapter in chapters if chapter.places == first.places]
    kind = _kind(cards, first, here, now)
    shown = here[-1] if kind == ORIGIN else first
    today = _today(cards, shown, now)
    beside_ = "外地车另算" if kind != ORIGIN and len(here) > 1 else ""
    where = "，".join(part for part in (today.where, today.said.hours, beside_) if part)
    if kind == UNKNOWN:
        return Brief(kind=kind, tone="unknown", line="不确定", where=today.last or today.where, caution="")
    if kind == NONE:
        return Brief(
            kind=kind, tone="may", line="没有尾号限行", where=_ended(cards, now) or _NOTHING, caution=""
        )
    return Brief(kind=kind, tone=today.said.tone, line=_line(today, kind), where=where, caution=today.caution)


def _line(today: Today, kind: str) -> str:
    if kind == ORIGIN:
        if today.said.word == "看情况":
            return f"外地车{today.others or '看情况'}"
        return f"外地车{_part_of_day(today.said.hours)}{today.said.line.removeprefix('都')}"
    return f"今天{today.said.line}"


def _part_of_day(hours: str) -> str:
    """高峰, 白天: in place of the hours, which stand beside it."""
    if not hours or hours == "全天":
        return ""
    return "高峰" if "、" in hours else "白天"


def _kind(cards: CityCards, first: Chapter, here: Sequence[Chapter], now: datetime) -> str:
    days = [day for chapter in here for day in chapter.days]
    if all(chapter.days[0].base.passage is Passage.UNKNOWN for chapter in here):
        return UNKNOWN
    if not any(place in first.places for place in cards.tail_places(now)):
        visitor = [chapter for chapter in here if Whose.VISITOR in chapter.whose]
        return ORIGIN if len(here) > 1 and visitor else NONE if _is_free(days) else ORIGIN
    split = next((day for day in first.days if day.out), None)
    return PARITY if split and said(split).digits in ("单号", "双号") else TAILS


def _is_free(days: Sequence[Day]) -> bool:
    return all(day.passage is Passage.ALLOWED for day in days)
