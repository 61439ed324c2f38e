"""The cars that a city's page speaks of: local ones and those from elsewhere, one of each tail.

The engine answers for a car with a plate. The plates here are invented: they stand for all that begin so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from daxiang.domains.conversation.cars import known
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.values import Vehicle
from daxiang.kernel.plates import read_plate
from daxiang.sites.public.asked import KINDS

DIGITS = "0123456789"
_ELSEWHERE = ("湘A", "桂A", "琼A", "青A", "藏A", "新A", "吉A")


class Whose(StrEnum):
    """Where a car is from, seen from the city."""

    LOCAL = "local"
    VISITOR = "visitor"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of car as an address names it: `kind` of the site's own, and whose."""

    kind: str = "car"
    whose: Whose = Whose.LOCAL


@lru_cache(maxsize=4096)
def vehicle_of(cards: CityCards, kind: Kind, digit: str) -> Vehicle:
    """An ordinary vehicle of that kind whose plate ends in that digit."""
    like = KINDS[kind.kind]
    serial = f"D1234{digit}" if like.is_green else f"1234{digit}"
    plate = read_plate(begins(cards, kind.whose) + serial)
    return known(replace(like, plate=plate), 0).vehicle


def vehicle_of_car(cards: CityCards, car: Car, whose: Whose) -> Vehicle:
    """The vehicle that a person named; of a bare tail it must be said whose it is."""
    if car.plate is not None or car.is_local is not None or car.tail is None:
        return known(car, 0).vehicle
    serial = f"D1234{car.tail}" if car.is_green else f"1234{car.tail}"
    return known(replace(car, tail=None, plate=read_plate(begins(cards, whose) + serial)), 0).vehicle


def begins(cards: CityCards, whose: Whose) -> str:
    """How such a plate begins; of another place, one that no notice of the city names."""
    if whose is Whose.LOCAL:
        first = cards.local_plates[0]
        return first if len(first) > 1 else f"{first}A"
    named = {prefix for card in cards.cards for clause in card.clauses for prefix in clause.who.prefixes}
    taken = tuple(named | set(cards.local_plates))
    return next(one for one in _ELSEWHERE if not one.startswith(taken))
