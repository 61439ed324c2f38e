"""English names of a city's places, cards and days, from its pack; what it leaves out stays Chinese."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from daxiang.domains.restrictions.queries import pack_folder
from daxiang.domains.restrictions.values import Card, Place

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True, eq=False)
class EnglishNames:
    """The tables of `texts/en.toml`."""

    tables: Mapping[str, Any]

    def _of(self, table: str, name: str) -> str:
        return str(self.tables.get(table, {}).get(name, name))

    @property
    def service(self) -> str:
        """The account that speaks; empty when the pack does not say."""
        return str(self.tables.get("city", {}).get("service", ""))

    @property
    def city(self) -> str:
        return str(self.tables.get("city", {}).get("name", ""))

    def place(self, place: Place) -> str:
        return str(self.tables.get("places", {}).get(place.id, place.short_name))

    def label(self, place_id: str, otherwise: str) -> str:
        """The short name that fits on the drawing."""
        return str(self.tables.get("labels", {}).get(place_id, otherwise))

    def river(self, name: str) -> str:
        return self._of("rivers", name)

    def bank(self, name: str) -> str:
        return self._of("banks", name)

    def on_map(self, name: str) -> str:
        return self._of("map", name)

    def holiday(self, name: str) -> str:
        return self._of("holidays", name)

    def card_title(self, card_id: str, otherwise: str) -> str:
        return str(self.tables.get("cards", {}).get(card_id, {}).get("title", otherwise))

    def clauses(self, card: Card) -> tuple[tuple[str, bool], ...]:
        """Each sentence of a card, and whether it is in English."""
        said = self.tables.get("cards", {}).get(card.id, {}).get("says", {})
        ours = [(clause.id, clause.says) for clause in card.clauses]
        return tuple((str(said.get(name, chinese)), name in said) for name, chinese in ours)


def english_names(city: str) -> EnglishNames:
    """Those of the pack in force."""
    return _read(pack_folder(city) / "texts" / "en.toml")


@lru_cache(maxsize=32)
def _read(path: Path) -> EnglishNames:
    return EnglishNames(tables=tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {})


def day_in_english(day: date, *, today: date) -> str:
    """Tue 24 Nov; with its year when that is another."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"


def listed_in_english(names: list[str]) -> str:
    """A, B and C."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
