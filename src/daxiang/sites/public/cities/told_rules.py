"""A city's cards by paragraph: what each says, where it was read, and how sure we are. Values for a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from daxiang.domains.restrictions.aloud import CONFIDENCE_NAMES, clause_parts, standing
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.reasons import days_text, digits_text, hours_text, weekday_text
from daxiang.domains.restrictions.tails import Period, Tail, TailRule
from daxiang.domains.restrictions.values import Card, Confidence, Layer, Place
from daxiang.sites.public.cities.words import last_day

IN_FORCE = "有效"


@dataclass(frozen=True, kw_only=True)
class ToldClause:
    """One sentence of a notice, and the same by paragraph: label and text."""

    says: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ToldCard:
    """One card. `state`: 有效, 还没开始, 已过期, or by what it was replaced.

    `until`: the last day; empty until further notice.
    """

    id: str
    title: str
    short: str
    state: str
    since: str
    until: str
    issuer: str
    document_no: str
    address: str
    quote: str
    confidence: str
    is_weak: bool
    checked: str
    checked_by: str
    is_stale: bool
    only: str
    clauses: tuple[ToldClause, ...]

    @property
    def is_in_force(self) -> bool:
        return self.state == IN_FORCE


@lru_cache(maxsize=64)
def told_cards(cards: CityCards, now: datetime) -> tuple[ToldCard, ...]:
    """Every card of the city, those in force first, then the latest. Kept for the minute of `now`."""
    told = [_card(cards, card, now) for card in cards.cards]
    latest = sorted(told, key=lambda card: card.since, reverse=True)
    return tuple(sorted(latest, key=lambda card: not card.is_in_force))


def _card(cards: CityCards, card: Card, now: datetime) -> ToldCard:
    read = card.provenance
    return ToldCard(
        id=card.id,
        title=card.title,
        short=card.short_title,
        state=_state(cards, card, now),
        since=card.valid_from.date().isoformat(),
        until=last_day(card.valid_until).isoformat() if card.valid_until else "",
        issuer=read.issuer,
        document_no=read.document_no or "",
        address=read.url if read.url.startswith(("https://", "http://")) else "",
        quote=read.quote or "",
        confidence=CONFIDENCE_NAMES[read.confidence],
        is_weak=read.confidence not in (Confidence.LAW, Confidence.PAGE),
        checked=read.verified_text,
        checked_by=read.verified_by or "",
        is_stale=cards.is_stale(read.verified_on, now.date()),
        only="只在重污染天气预警期间" if card.alerts else "",
        clauses=tuple(_clauses(card, cards, now)),
    )


def _state(cards: CityCards, card: Card, now: datetime) -> str:
    later = [one for one in cards.cards if card.id in one.supersedes and one.valid_from <= now]
    return f"已由{later[0].short_title}代替" if later else standing(card, now)


def _clauses(card: Card, cards: CityCards, now: datetime) -> Iterable[ToldClause]:
    for clause in card.clauses:
        parts = list(clause_parts(card, clause, cards.places, now))
        parts += zip(("这一轮", "下一轮"), rotation_text(clause.tail, now.date()), strict=False)
        yield ToldClause(says=clause.says, parts=tuple(parts))
    for lift in card.lifts:
        when = ("什么时候", f"{days_text(lift.days)}，{hours_text(lift.hours)}")
        yield ToldClause(says=lift.says, parts=(when,) if card.layer is Layer.WAIVER else ())


def rotation_text(tail: Tail, today: date) -> tuple[str, ...]:
    """The published stretch that today is in, and the next: 9月28日–12月27日：周一限5和0，…"""
    if tail.rule is not TailRule.ROTATION:
        return ()
    left = [period for period in tail.periods if period.last >= today][:2]
    return tuple(_period_text(period) for period in left if period.pairs)


def _period_text(period: Period) -> str:
    pairs = "，".join(
        f"{weekday_text(day)}{digits_text(digits)}" for day, digits in sorted(period.pairs.items())
    )
    return f"{_day(period.first)}–{_day(period.last)}：{pairs}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def bounded_places(cards: CityCards) -> tuple[Place, ...]:
    """The places of which a notice draws the edge, those of the headline first."""
    first = cards.restricted_places()
    rest = (place for place in cards.places.values() if place not in first)
    return tuple(place for place in (*first, *rest) if place.bounds)
