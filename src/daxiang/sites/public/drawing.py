"""The schematic of a city's crossings, marked with an answer.

Only what the answer itself decided is marked: the crossings under a rule, and those that it names as open
instead. The others are drawn without a mark, because nothing is green for want of data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from daxiang.domains.restrictions.queries import packs_folder
from daxiang.sites.public.tones import tone_of


class Decided(Protocol):
    """One restricted crossing, its passage, and what is open instead."""

    @property
    def place(self) -> str: ...
    @property
    def passage(self) -> str: ...
    @property
    def instead(self) -> tuple[str, ...]: ...


class Answered(Protocol):
    """As much of an advice as a drawing shows."""

    @property
    def passage(self) -> str: ...
    @property
    def until_text(self) -> str: ...
    @property
    def places(self) -> tuple[Any, ...]: ...


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A deck square to the stream, its mark and its name; `tone` is empty when nothing was decided for it."""

    name: str
    kind: str
    x1: float
    y1: float
    x2: float
    y2: float
    mark_x: float
    mark_y: float
    mark_size: float
    label_x: float
    label_y: float
    note_y: float
    anchor: str
    tone: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Crop:
    """One view of the schematic: `wide`, or `core` for a telephone."""

    key: str
    width: int
    height: int
    rivers: tuple[Mapping[str, Any], ...]
    names: tuple[Mapping[str, Any], ...]
    crossings: tuple[Crossing, ...]


@dataclass(frozen=True, kw_only=True)
class _Marks:
    tones: Mapping[str, str]
    notes: Mapping[str, str]


@cache
def _drawn(city: str) -> Mapping[str, Any] | None:
    path = packs_folder() / city / "drawing.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def drawing(city: str, *, advice: Answered | None, ruled: Iterable[str] = ()) -> tuple[Crop, ...]:
    """Both crops for an answer, or without one: then the `ruled` crossings say 看尾号. Empty: no drawing."""
    drawn = _drawn(city)
    if drawn is None:
        return ()
    marks = _marks_of(advice) if advice else _unanswered(ruled)
    return tuple(_crop(key, drawn[key], marks) for key in ("wide", "core"))


def _marks_of(advice: Answered) -> _Marks:
    tones: dict[str, str] = {}
    for decided in advice.places:
        tones |= dict.fromkeys(decided.instead, "may")
    tones |= {decided.place: tone_of(decided.passage) for decided in advice.places}
    notes = {d.place: advice.until_text for d in advice.places if d.passage == advice.passage}
    return _Marks(tones=tones, notes=notes)


def _unanswered(ruled: Iterable[str]) -> _Marks:
    places = tuple(ruled)
    return _Marks(tones=dict.fromkeys(places, "unknown"), notes=dict.fromkeys(places, "看尾号"))


def _crop(key: str, drawn: Mapping[str, Any], marks: _Marks) -> Crop:
    return Crop(
        key=key,
        width=drawn["width"],
        height=drawn["height"],
        rivers=tuple(drawn["rivers"]),
        names=tuple(drawn["names"]),
        crossings=tuple(_crossing(one, marks) for one in drawn["crossings"]),
    )


def _crossing(one: Mapping[str, Any], marks: _Marks) -> Crossing:
    (x1, y1, x2, y2), (x, y, size), (label_x, label_y) = one["deck"], one["mark"], one["label"]
    return Crossing(
        name=one["name"],
        kind=one["kind"],
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        mark_x=x - size / 2,
        mark_y=y - size / 2,
        mark_size=size,
        label_x=label_x,
        label_y=label_y,
        note_y=label_y + 20,
        anchor=one["anchor"],
        tone=marks.tones.get(one["id"], ""),
        note=marks.notes.get(one["id"], ""),
    )
