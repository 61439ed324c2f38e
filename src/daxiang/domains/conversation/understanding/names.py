"""The words of one city: its crossings' names, banks, districts, other cities; made once for each pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from daxiang.domains.calendars.rules import Calendar
from daxiang.domains.conversation.understanding import (
    cars,
    days,
    hours,
    places,
    plates,
    questions,
    small_talk,
    tails,
    wishes,
)
from daxiang.domains.conversation.understanding.normal import normal
from daxiang.domains.conversation.understanding.parts import Meaning, Part, Reader
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.values import PlaceKind

Lexicon = Mapping[str, tuple[tuple[int, ...], Mapping[str, Meaning]]]
"""First sign -> how long its words are, the longest first, and the words."""

_BASE: dict[str, Meaning] = (
    dict(questions.WORDS)
    | dict(tails.WORDS)
    | dict(places.WORDS)
    | dict(days.WORDS)
    | dict(hours.WORDS)
    | dict(small_talk.WORDS)
    | dict(cars.WORDS)
    | dict(wishes.WORDS)
)


def _readers() -> dict[str, tuple[Reader, ...]]:
    found: dict[str, tuple[Reader, ...]] = {}
    for module in (plates, cars, days, hours, tails):
        for signs, reader in module.READERS.items():
            for sign in signs:
                found[sign] = (*found.get(sign, ()), reader)
    return found


READERS = _readers()


@dataclass(frozen=True, kw_only=True, eq=False)
class Names:
    """What `understand` knows of a city. Immutable; `names_of` makes it."""

    city: str
    calendar: Calendar
    words: Lexicon
    places: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]
    """First sign -> (name, ids of the places that bear it), the longest first."""
    generic: frozenset[str]
    """Names that many bridges share behind a name of their own: 大桥, 长江大桥 (of 南京, of 汉南)."""
    slips: Mapping[str, tuple[str, ...]]
    """A name with one sign left open -> the places it means; only where that is one set."""
    signs: frozenset[str]
    """Every sign of these names."""


@lru_cache(maxsize=64)
def names_of(cards: CityCards) -> Names:
    """The words of this pack, made once for each generation of it."""
    by_name: dict[str, list[str]] = {}
    for name, place_id in _place_names(cards):
        ids = by_name.setdefault(normal(name).replace(" ", ""), [])
        if place_id not in ids:
            ids.append(place_id)
    named = {name: tuple(ids) for name, ids in by_name.items()}
    slips = _slips(named)
    return Names(
        city=cards.name,
        calendar=cards.calendar,
        words=_by_first_sign(_BASE | _city_words(cards)),
        places=_places_by_first_sign(named),
        generic=_generic(cards, named),
        slips=slips,
        signs=frozenset().union(*slips) - {"?"},
    )


def _generic(cards: CityCards, named: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    rivers = tuple({place.river for place in cards.places.values() if place.river})
    return frozenset(name for name in named if len(name) <= places.GENERIC_SIGNS or name.startswith(rivers))


def _place_names(cards: CityCards) -> Iterator[tuple[str, str]]:
    for place in cards.places.values():
        for name in (place.name, place.short_name, *place.aliases):
            yield name, place.id
    for place in cards.places.values():
        if place.kind is PlaceKind.TUNNEL and place.is_crossing:
            yield "隧道", place.id


def _city_words(cards: CityCards) -> dict[str, Meaning]:
    own = {cards.name, f"{cards.name}市"}
    found: dict[str, Meaning] = {}
    for city in places.CITIES:
        for name in (city, f"{city}市"):
            found[name] = (Part.CITY, city) if name not in own else (Part.FILLER, None)
    into: Meaning = (Part.FILLER, None) if "北京" in own else (Part.CITY, "北京")
    found |= dict.fromkeys(("进京", "进京证"), into)
    for district in cards.ground.districts:
        for name in (district.name, *district.aliases):
            found[name] = (Part.BANK, district.bank)
    for origin, target in cards.ground.ways:
        found |= {bank: (Part.BANK, bank) for bank in (origin, target)}
    return found


def _by_first_sign(words: Mapping[str, Meaning]) -> Lexicon:
    found: dict[str, dict[str, Meaning]] = {}
    for word, meaning in words.items():
        found.setdefault(word[0], {})[word] = meaning
    return {
        sign: (tuple(sorted({len(word) for word in entries}, reverse=True)), entries)
        for sign, entries in found.items()
    }


def _places_by_first_sign(
    named: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name in sorted(named, key=len, reverse=True):
        found.setdefault(name[0], []).append((name, named[name]))
    return {sign: tuple(entries) for sign, entries in found.items()}


def _slips(named: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    meant: dict[str, set[tuple[str, ...]]] = {}
    for name, ids in named.items():
        for spelling in places.spellings_of(name):
            meant.setdefault(spelling, set()).add(ids)
    return {spelling: next(iter(ids)) for spelling, ids in meant.items() if len(ids) == 1}
