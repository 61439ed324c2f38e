"""The drawing of a city's rivers and crossings, as its pack draws it: several crops of one schematic."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from daxiang.design.day_card.values import Map, MapCrossing, MapName, River

PICTURE = "picture"
"""The crop of the picture of the day; the site has `wide` and `core`."""


def read_drawing(folder: Path) -> Mapping[str, Any] | None:
    """The file as it stands, or None for a pack without a drawing."""
    path = folder / "drawing.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


@lru_cache(maxsize=64)
def map_of(folder: Path, crop: str = PICTURE) -> Map | None:
    """One crop as values; kept, because the folder of a generation never changes."""
    drawn = (read_drawing(folder) or {}).get(crop)
    if drawn is None:
        return None
    return Map(
        width=drawn["width"],
        height=drawn["height"],
        rivers=tuple(River(path=river["path"], width=river["width"]) for river in drawn["rivers"]),
        names=tuple(MapName(**name) for name in drawn["names"]),
        crossings=tuple(_crossing(one) for one in drawn["crossings"]),
    )


def _crossing(one: Mapping[str, Any]) -> MapCrossing:
    return MapCrossing(
        id=one["id"],
        name=one["name"],
        kind=one["kind"],
        deck=tuple(one["deck"]),
        mark=tuple(one["mark"]),
        label=tuple(one["label"]),
        anchor=one["anchor"],
    )
