"""The country drawn by ourselves: cities by longitude and latitude, two rivers by a few bends, no borders.

Names are set so that none covers another, a dot, or the edge; a test holds that for every pack there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import NamedTuple

WIDE, CORE = "wide", "core"
"""For a wide screen, and for a telephone."""
_MIDDLE = cos(radians(32))
"""How much narrower a degree of longitude is than one of latitude, in the middle of the country."""
_YANGTZE = (
    *((103.0, 28.2), (104.6, 28.8), (106.6, 29.6), (108.4, 30.8), (111.3, 30.7), (112.9, 29.5)),
    *((114.3, 30.6), (116.0, 29.7), (117.9, 31.3), (119.4, 32.2), (121.1, 31.8), (122.6, 31.3)),
)
_YELLOW = (
    *((102.2, 35.6), (103.8, 36.1), (105.2, 37.5), (106.6, 39.3), (108.5, 40.8), (110.9, 40.3)),
    *(
        (110.4, 37.6),
        (110.3, 34.7),
        (112.4, 34.8),
        (113.7, 34.9),
        (115.4, 35.8),
        (117.0, 36.7),
        (119.2, 37.8),
    ),
)
"""A few bends each, from general knowledge; they help to find one's way and prove nothing."""


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A city to be drawn."""

    id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A city as drawn: its mark, and its name with where the text begins, in pixels of the crop."""

    id: str
    name: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    box: Box


@dataclass(frozen=True, kw_only=True)
class CountryMap:
    """One crop. `rivers`: paths; `names`: of the rivers, with their places."""

    key: str
    width: int
    height: int
    size: int
    rivers: tuple[str, ...]
    names: tuple[tuple[str, float, float], ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """How degrees become pixels. `size`: of a name's letters; `reach`: half a mark."""

    key: str
    width: int
    height: int
    west: float
    north: float
    scale: float
    size: int
    reach: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = (lon - self.west) * self.scale * _MIDDLE, (self.north - lat) * self.scale
        return round(x, 1), round(y, 1)


_WIDTHS = {WIDE: (760, 18, 9.0), CORE: (390, 15, 7.0)}
"""Width in pixels, size of letters, half a mark's width."""


def country_map(spots: Sequence[Spot], key: str) -> CountryMap:
    """The crop of that name with all these cities."""
    frame = _frame(spots, key)
    return CountryMap(
        key=key,
        width=frame.width,
        height=frame.height,
        size=round(2 * frame.reach),
        rivers=tuple(_curve([frame.at(*bend) for bend in river]) for river in (_YELLOW, _YANGTZE)),
        names=(("黄河", *frame.at(107.6, 39.5)), ("长江", *frame.at(109.6, 29.9))),
        dots=_placed(spots, frame),
    )


def _frame(spots: Sequence[Spot], key: str) -> _Frame:
    width, size, reach = _WIDTHS[key]
    west, east = min(one.lon for one in spots) - 1.8, max(one.lon for one in spots) + 2.0
    north, south = max(one.lat for one in spots) + 1.4, min(one.lat for one in spots) - 1.2
    scale = width / ((east - west) * _MIDDLE)
    height = round((north - south) * scale)
    return _Frame(
        key=key, width=width, height=height, west=west, north=north, scale=scale, size=size, reach=reach
    )


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """A smooth line through points (Catmull-Rom, as cubic curves)."""
    path = [f"M{points[0][0]:g} {points[0][1]:g}"]
    padded = [points[0], *points, points[-1]]
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        first = [start[axis] + (end[axis] - before[axis]) / 6 for axis in (0, 1)]
        second = [end[axis] - (after[axis] - start[axis]) / 6 for axis in (0, 1)]
        path.append("C" + " ".join(f"{one:.1f}" for one in (*first, *second, *end)))
    return "".join(path)


def _placed(spots: Sequence[Spot], frame: _Frame) -> tuple[Dot, ...]:
    """Each name where it covers nothing, tried city by city from the most crowded on."""
    at = {spot.id: frame.at(spot.lon, spot.lat) for spot in spots}
    marks = {
        one: Box(x - frame.reach, y - frame.reach, x + frame.reach, y + frame.reach)
        for one, (x, y) in at.items()
    }

    def crowd(spot: Spot) -> float:
        x, y = at[spot.id]
        return sorted((x - other[0]) ** 2 + (y - other[1]) ** 2 for other in at.values())[1:3][-1]

    ordered = sorted(spots, key=crowd) if len(spots) > 2 else list(spots)
    chosen: dict[str, Dot] = {}
    if not _settle(ordered, at, marks, frame, chosen):
        raise ValueError("the names of the cities do not find room")
    return tuple(chosen[spot.id] for spot in spots)


def _settle(
    left: Sequence[Spot],
    at: dict[str, tuple[float, float]],
    marks: dict[str, Box],
    frame: _Frame,
    chosen: dict[str, Dot],
) -> bool:
    if not left:
        return True
    spot, *rest = left
    taken = [*(dot.box for dot in chosen.values()), *(box for one, box in marks.items() if one != spot.id)]
    for dot in _candidates(spot, at[spot.id], frame):
        inside = dot.box.left >= 0 and dot.box.right <= frame.width and dot.box.top >= 0
        if not inside or dot.box.bottom > frame.height or any(dot.box.touches(box) for box in taken):
            continue
        chosen[spot.id] = dot
        if _settle(rest, at, marks, frame, chosen):
            return True
        del chosen[spot.id]
    return False


def _candidates(spot: Spot, at: tuple[float, float], frame: _Frame) -> tuple[Dot, ...]:
    """To the right, the left, below, above, and half a line up or down at either side."""
    (x, y), size, gap = at, frame.size, frame.reach + 4
    width, rise = len(spot.name) * size, size * 0.36
    offers = [
        (x + gap, y + rise, "start"),
        (x - gap, y + rise, "end"),
        (x, y + gap + size * 0.86, "middle"),
        (x, y - gap - size * 0.14, "middle"),
    ]
    for shift in (-0.6, 0.6, -1.0, 1.0):
        offers += [
            (x + gap, y + rise + shift * size, "start"),
            (x - gap, y + rise + shift * size, "end"),
        ]
    return tuple(_dot(spot, at, offer, width, size) for offer in offers)


def _dot(
    spot: Spot, at: tuple[float, float], offer: tuple[float, float, str], width: float, size: float
) -> Dot:
    x, y, anchor = offer
    left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
    return Dot(
        id=spot.id,
        name=spot.name,
        x=at[0],
        y=at[1],
        label_x=round(x, 1),
        label_y=round(y, 1),
        anchor=anchor,
        box=Box(left - 1, y - size * 0.9, left + width + 1, y + size * 0.2),
    )
