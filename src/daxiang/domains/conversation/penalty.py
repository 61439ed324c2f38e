"""闯限行罚多少: what the cards have on record of the city's tail rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.chinese import listed
from daxiang.domains.restrictions.city_cards import CityCards, cards_at
from daxiang.domains.restrictions.tails import TailRule
from daxiang.domains.restrictions.values import Card, Place, Sanction, SanctionKind


def penalty_text(cards: CityCards, now: datetime) -> str:
    """Points and fine, as far as an article or a notice gives them, place by place; never a guess."""
    told: dict[str, list[Place]] = {}
    bases: dict[str, None] = {}
    for place, sanction in _sanctions(cards, now):
        told.setdefault(_follows(sanction), []).append(place)
        bases |= dict.fromkeys([sanction.legal_basis] if sanction else [])
    lines = [
        f"{listed([one.short_name for one in places])}不该走的时候走了：{follows}。"
        for follows, places in told.items()
    ]
    lines = lines or [f"{cards.name}没有查到罚多少，以处罚决定为准。"]
    lines += [f"依据：{'；'.join(bases)}。"] if bases else []
    return "\n".join([*lines, texts.OWN_VIOLATIONS])


def _sanctions(cards: CityCards, now: datetime) -> Iterator[tuple[Place, Sanction | None]]:
    """For each place that a question about the whole city is about, that of its tail rule in force."""
    for place in cards.restricted_places():
        found = [
            card.sanction(clause, now)
            for card, start, end, _ in cards_at(cards.cards, place.id)
            if _is_in_force(card, start, end, now)
            for clause in card.clauses
            if clause.tail.rule is not TailRule.ALL and clause.is_about(place.id)
        ]
        if found:
            yield place, found[0]


def _is_in_force(card: Card, start: datetime, end: datetime | None, now: datetime) -> bool:
    return not card.alerts and start <= now and (end is None or now < end)


def _follows(sanction: Sanction | None) -> str:
    if sanction is None:
        return "罚多少没有查到，以处罚决定为准"
    if sanction.kind is SanctionKind.WARNING:
        return "警告"
    points = "" if sanction.points is None else f"记{sanction.points}分，" if sanction.points else "不记分，"
    fine = "罚多少以处罚决定为准" if sanction.fine_fen is None else f"罚{sanction.fine_fen // 100}元"
    return points + fine
