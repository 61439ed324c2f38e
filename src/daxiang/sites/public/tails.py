"""Today at a glance, before anybody has pressed a key: which tails may drive, which may not."""

from __future__ import annotations

from dataclasses import dataclass

from daxiang.domains.conversation.advice import days_ahead
from daxiang.domains.conversation.cars import known
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.sites.public.english_names import EnglishNames
from daxiang.sites.public.found import Found
from daxiang.sites.public.strip import hours_in_words
from daxiang.sites.public.tones import tone_of

_GRAVEST_FIRST = ("maynot", "unknown", "closed", "may")


@dataclass(frozen=True, kw_only=True)
class Tails:
    """The digits that fare alike today; `hours` as in the strip of days."""

    tone: str
    digits: tuple[str, ...]
    hours: str


def tails_today(found: Found, names: EnglishNames | None) -> tuple[Tails, ...]:
    """All ten digits, grouped, those that may drive last; one group when the tail does not matter today."""
    groups: dict[tuple[str, str], list[str]] = {}
    for digit in "0123456789":
        groups.setdefault(_fares(found.cards, digit, found, names), []).append(digit)
    made = [Tails(tone=tone, digits=tuple(same), hours=hours) for (tone, hours), same in groups.items()]
    return tuple(sorted(made, key=lambda one: _GRAVEST_FIRST.index(one.tone)))


def _fares(cards: CityCards, digit: str, found: Found, names: EnglishNames | None) -> tuple[str, str]:
    vehicle = known(Car(tail=digit), 0).vehicle
    (today,) = days_ahead(cards, vehicle, found.now.date(), 1)
    return tone_of(today.passage), hours_in_words(today, names)
