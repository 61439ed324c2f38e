"""What the picture of the day shows: positions in its own units, words, and the tone of each answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The four answers, named as the tokens are. Each has a shape of its own, so colour only helps."""

    MAY = "may"
    MAYNOT = "maynot"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class River:
    """A stream: an SVG path of one M and any C, and its width, both in the map's units."""

    path: str
    width: float


@dataclass(frozen=True, kw_only=True)
class MapName:
    """A name on the map: `kind` land, river-name or "river-name small"; `turn` in degrees, clockwise."""

    kind: str
    text: str
    x: float
    y: float
    turn: float
    anchor: str


@dataclass(frozen=True, kw_only=True)
class MapCrossing:
    """A crossing's deck (x1, y1, x2, y2), the middle and size of its mark, and where its name stands."""

    id: str
    name: str
    kind: str
    deck: tuple[float, float, float, float]
    mark: tuple[float, float, float]
    label: tuple[float, float]
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Map:
    """The rivers and crossings of a city, as its pack draws them."""

    width: int
    height: int
    rivers: tuple[River, ...]
    names: tuple[MapName, ...]
    crossings: tuple[MapCrossing, ...]


@dataclass(frozen=True, kw_only=True)
class Marked:
    """What holds at one crossing. `is_strong`: banned or recommended; `note`: when it opens, if it does."""

    tone: Tone
    is_strong: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OpenWays:
    """过长江走: the names of what is open instead."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DayCard:
    """Everything on one picture, word for word. Nothing in it goes stale: it names its day.

    `marks`: crossing id -> what holds there; a crossing that is not in it is drawn without a mark, because
    nothing is green for want of data. `notes`: why, source, last check, in that order.
    """

    date: str
    organisation: str
    subject: str
    tone: Tone
    headline: str
    until: str
    map: Map
    marks: dict[str, Marked]
    ways: tuple[OpenWays, ...]
    family: str
    notes: tuple[str, ...]
