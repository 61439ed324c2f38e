"""The schematic of a city's crossings, each marked with the answer for this vehicle at this time.

A crossing that the pack does not know is drawn without a mark, because nothing is green for want of data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from daxiang.design.day_card.values import Map, MapCrossing, River
from daxiang.domains.restrictions.drawing import map_of
from daxiang.domains.restrictions.queries import pack_folder
from daxiang.sites.public.english_names import EnglishNames
from daxiang.sites.public.marks import Mark

WIDE = "wide"
CROPS = (WIDE, "core")
"""For a wide screen, and for a telephone."""
_WEAK = 0.74
"""How large the mark of a crossing is that nobody asked about, against one that matters."""
_LINE = 20


@dataclass(frozen=True, kw_only=True)
class Name:
    kind: str
    text: str
    x: float
    y: float
    turn: float
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A deck square to the stream, its mark and its name; `tone` is empty where nothing was decided."""

    name: str
    kind: str
    deck: tuple[float, float, float, float]
    mark_x: float
    mark_y: float
    mark_size: float
    label_x: float
    label_y: float
    note_y: float
    anchor: str
    tone: str
    is_strong: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Crop:
    """One view of the schematic."""

    key: str
    width: int
    height: int
    rivers: tuple[River, ...]
    names: tuple[Name, ...]
    crossings: tuple[Crossing, ...]


def drawing(city: str, marks: Iterable[Mark], names: EnglishNames | None = None) -> tuple[Crop, ...]:
    """Every crop with these marks. Empty: the pack has no drawing."""
    by_place = {mark.place: mark for mark in marks}
    drawn = ((key, map_of(pack_folder(city), key)) for key in CROPS)
    return tuple(_crop(key, one, by_place, names) for key, one in drawn if one is not None)


def _crop(key: str, drawn: Map, marks: Mapping[str, Mark], names: EnglishNames | None) -> Crop:
    return Crop(
        key=key,
        width=drawn.width,
        height=drawn.height,
        rivers=drawn.rivers,
        names=tuple(
            Name(
                kind=name.kind,
                text=names.on_map(name.text) if names else name.text,
                x=name.x,
                y=name.y,
                turn=name.turn,
                anchor=name.anchor,
            )
            for name in drawn.names
        ),
        crossings=tuple(_crossing(one, marks.get(one.id), names) for one in drawn.crossings),
    )


def _crossing(one: MapCrossing, mark: Mark | None, names: EnglishNames | None) -> Crossing:
    is_strong = mark is not None and mark.is_strong
    size = round(one.mark[2] * (1 if is_strong else _WEAK), 1)
    return Crossing(
        name=names.label(one.id, one.name) if names else one.name,
        kind=one.kind,
        deck=one.deck,
        mark_x=round(one.mark[0] - size / 2, 1),
        mark_y=round(one.mark[1] - size / 2, 1),
        mark_size=size,
        label_x=one.label[0],
        label_y=one.label[1],
        note_y=one.label[1] + _LINE,
        anchor=one.anchor,
        tone=mark.tone if mark else "",
        is_strong=is_strong,
        note=mark.note if mark else "",
    )
