"""A message once more, with the places of another city: what it asks there, and what it tells. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from daxiang.domains.conversation.cases import ONE_DAY
from daxiang.domains.conversation.elsewhere_cases import places_of
from daxiang.domains.conversation.facts import Facts
from daxiang.domains.conversation.meaning import Asks, Car
from daxiang.domains.conversation.talk import Told
from daxiang.domains.conversation.told import answered_by_days, may_tell, told_by_days, told_in
from daxiang.domains.conversation.understand import Spelt, in_city, names_of
from daxiang.domains.conversation.understanding.normal import normal
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.kernel.plates import PROVINCES

_BEGINS = re.compile(f"(?P<begins>[{PROVINCES}][A-HJ-NP-Z]?)(?:牌照?|牌的?车|牌子|的车)")
"""京牌, 沪C牌: how the plate begins, and no more of it."""


_MAY_HIDE = re.compile("[牌桥环]|隧道|高架|通道|立交")
"""What the words of home may have taken for something of their own."""


class Read(NamedTuple):
    """A message with the words of another city: what it asks, and what it tells of the driver."""

    asks: Asks
    told: Told
    is_home: bool
    """It names the home city."""


def is_read_already(asks: Asks, there: CityCards, facts: Facts) -> bool:
    """Whether the words of home have told all that a message about that city says, so that no second look is
    needed: nothing was left unread, no place of ours stands in it, nothing of what only the driver knows.
    """
    is_whole = not (asks.unread or asks.places or asks.beside or asks.area or asks.origin or asks.destination)
    is_plain = not _MAY_HIDE.search(facts.words)
    return is_whole and is_plain and not may_tell(facts.words, of=there.facts)


def read_there(there: CityCards, facts: Facts, *, wants: str | None, day: date) -> Read | None:
    """The words once more, with the places of that city; None where there is nothing of a question in them.

    `wants`: the fact that was asked for, of the question for `day`.
    """
    line = _RING.sub(lambda found: f"{_RINGS[int(found[1]) - 1]}环", normal(facts.words))
    if not line:
        return None
    told: Told = answered_by_days(line, wants, now=facts.now.date())
    if told:
        return Read(Asks(leans=True), told, is_home=False)
    by_days, line = told_by_days(line, of=there.facts, now=facts.now.date())
    told, line = told_in(line, of=there.facts, wants=wants, day=min(day, facts.now.date() + ONE_DAY))
    told = tuple(sorted({**dict(told), **dict(by_days)}.items()))
    begins, line = _begins(line)
    line = _without_generic(there, line)
    meant = in_city(Spelt(line, line), now=facts.now, names=names_of(there)) if line.strip() else None
    asks = meant if isinstance(meant, Asks) else None
    if asks is None and not told and begins is None and line.strip():
        return None
    asks = asks or Asks(leans=True)
    if begins is not None:
        asks = _with_beginning(asks, begins)
    is_home = asks.city == facts.cards.name or (asks.city is None and facts.cards.name in line)
    if asks.city not in {None, facts.cards.name, there.name} and f"从{asks.city}" not in line:
        asks = replace(asks, unread=f"{asks.unread} {asks.city}".strip())
    return Read(replace(asks, city=None), told, is_home=is_home)


_RING, _RINGS = re.compile("(?<![0-9])([1-6]) ?环"), "一二三四五六"
"""5环 is 五环."""


def _begins(line: str) -> tuple[str | None, str]:
    said = _BEGINS.search(line)
    if said is None:
        return None, line
    return said["begins"], f"{line[: said.start()]} {line[said.end() :]}"


def _with_beginning(asks: Asks, begins: str) -> Asks:
    cars = asks.cars or (Car(),)
    return replace(
        asks,
        leans=asks.leans or not asks.cars,
        cars=tuple(car if car.plate else replace(car, begins=begins, is_local=None) for car in cars),
        readings=tuple(
            replace(one, cars=tuple(replace(car, begins=begins) for car in one.cars)) for one in asks.readings
        ),
    )


_GENERIC = ("高架路", "高架", "快速路", "越江桥隧", "桥隧", "隧道", "大桥", "桥", "高速", "环线", "环")


def _without_generic(there: CityCards, line: str) -> str:
    """上海能上高架吗: a word that says no more than what the whole city is asked about says nothing."""
    generic = _generic_words(there)
    return generic.sub(" ", line) if generic is not None else line


@lru_cache(maxsize=64)
def _generic_words(there: CityCards) -> re.Pattern[str] | None:
    named = {
        name for place in there.places.values() for name in (place.name, place.short_name, *place.aliases)
    }
    city_wide = "".join(place.name for place in places_of(there, ()))
    words = [word for word in _GENERIC if word in city_wide and word not in named]
    return re.compile(f"(?<=[上走过进开去])(?:{'|'.join(words)})(?![一-龥]?[内路上段])") if words else None
