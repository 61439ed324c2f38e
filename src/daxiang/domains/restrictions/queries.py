"""Where the city packs lie, and the one read of each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import daxiang
from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.restrictions.cards import read_city
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.errors import CardUnknown, CityUnknown
from daxiang.domains.restrictions.values import Card

_CITY_ID = re.compile(r"[a-z][a-z0-9-]{0,40}")


def packs_folder() -> Path:
    """The folder of the packs: inside the installed wheel, or at the top of the checkout."""
    package = Path(daxiang.__file__).resolve().parent
    carried = package / "cities"
    return carried if carried.is_dir() else package.parents[1] / "cities"


def city_ids() -> tuple[str, ...]:
    """The cities that have a pack, carried or activated, in order of their ids."""
    return tuple(sorted({*_carried(), *_ADOPTED}))


def _carried() -> frozenset[str]:
    return frozenset(path.parent.name for path in packs_folder().glob("*/city.toml"))


_ADOPTED: dict[str, tuple[CityCards, Path]] = {}
"""City -> the generation in force in this process, and the folder in which it lies."""


def load_city(city: str) -> CityCards:
    """The rules of a city that are in force in this process: the generation that was activated, else the
    seed that the program carries. Raises CityUnknown, or PackWrong naming file and field.

    Ask once for one answer: a switch between two calls would mix two generations.
    """
    known = _ADOPTED.get(city)
    return _seed(city) if known is None else known[0]


def pack_folder(city: str) -> Path:
    """The folder of the pack in force, for what is read from it besides the rules (the drawing, texts)."""
    known = _ADOPTED.get(city)
    return packs_folder() / city if known is None else known[1]


def adopt(city: str, cards: CityCards, folder: Path) -> None:
    """Put a generation in force in this process, by one assignment."""
    _ADOPTED[city] = (cards, folder)


def adopted(city: str) -> str:
    """The digest in force in this process; empty for the seed."""
    known = _ADOPTED.get(city)
    return "" if known is None else known[0].generation


def abandon(city: str) -> None:
    """Back to the seed in this process: for whoever looked at other generations and is done."""
    _ADOPTED.pop(city, None)


@cache
def _seed(city: str) -> CityCards:
    """The pack that the program carries, read once a process."""
    if not _CITY_ID.fullmatch(city) or city not in _carried():
        raise CityUnknown(f"没有录入这个城市：{city}。", city=city)
    return read_city(packs_folder() / city, china_calendar())


def city_named(name: str) -> CityCards | None:
    """The rules of the city that people call so (成都), as `load_city`; None where there is no pack of it."""
    for cards, _ in tuple(_ADOPTED.values()):
        if cards.name == name:
            return cards
    city = _ids_by_name().get(name)
    return None if city is None else load_city(city)


@cache
def _ids_by_name() -> Mapping[str, str]:
    """The Chinese name of each city that is carried -> its id; read once a process."""
    found = {}
    for city in _carried():
        with (packs_folder() / city / "city.toml").open("rb") as file:
            found[str(tomllib.load(file)["name"])] = city
    return found


def card_of(card_id: str) -> Card:
    """The card of this id, in whatever city. Raises CardUnknown."""
    for city in city_ids():
        for card in load_city(city).cards:
            if card.id == card_id:
                return card
    raise CardUnknown(f"没有这张规则卡：{card_id}。用 daxiang rules list 看有哪些。", card=card_id)
