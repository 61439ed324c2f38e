"""A drawing of a city with marks on it: rivers and crossings of the pack, nobody's map data. Pure.

Geometry only: the page draws it in the colours of its own theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import NamedTuple

WIDTH, HEIGHT = 560, 380
_MARGIN = 24
_NARROWEST = 0.12
"""Degrees: so much is shown at least, or a single incident would fill the sheet with nothing."""


class Line(NamedTuple):
    """A river: its name, its SVG path, and where the name is written."""

    name: str
    path: str
    x: float
    y: float


class Tick(NamedTuple):
    """A crossing, as a short bar."""

    name: str
    x: float
    y: float


class Mark(NamedTuple):
    """An incident. `label`: empty for a mark alone; `number`: of the labelled ones, from 1."""

    x: float
    y: float
    is_grave: bool
    label: str
    number: int
    is_left: bool
    """The label stands to the left of the mark."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    rivers: tuple[Line, ...]
    crossings: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT


Degrees = tuple[float, float]


def draw(
    *,
    rivers: Iterable[tuple[str, Sequence[Degrees]]],
    crossings: Iterable[tuple[str, float, float]],
    points: Sequence[tuple[float, float, int, str]],
) -> Drawing:
    """The sheet that shows every crossing and point. Longitudes and latitudes are WGS-84 degrees."""
    bridges = list(crossings)
    places = [(lon, lat) for _, lon, lat in bridges] + [(lon, lat) for lon, lat, _, _ in points]
    to = _Sheet(places or [(0.0, 0.0)])
    lines = [_line(name, line, to) for name, line in rivers if len(line) > 1]
    marks, number = [], 0
    for lon, lat, severity, label in points:
        x, y = to(lon, lat)
        number += bool(label)
        marks.append(Mark(x, y, severity >= 3, label, number if label else 0, x > WIDTH * 0.6))
    return Drawing(
        rivers=tuple(lines),
        crossings=tuple(Tick(name, *to(lon, lat)) for name, lon, lat in bridges),
        marks=tuple(sorted(marks, key=lambda one: one.is_grave)),
    )


class _Sheet:
    """From degrees to pixels: as wide as it is high in metres, everything inside the margin."""

    def __init__(self, places: Sequence[Degrees]) -> None:
        lons, lats = [lon for lon, _ in places], [lat for _, lat in places]
        self._lat = (max(lats) + min(lats)) / 2
        self._lon = (max(lons) + min(lons)) / 2
        self._shrink = cos(radians(self._lat))
        across = max((max(lons) - min(lons)) * self._shrink, _NARROWEST)
        along = max(max(lats) - min(lats), _NARROWEST * HEIGHT / WIDTH)
        self._scale = min((WIDTH - 2 * _MARGIN) / across, (HEIGHT - 2 * _MARGIN) / along)

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        x = WIDTH / 2 + (lon - self._lon) * self._shrink * self._scale
        y = HEIGHT / 2 - (lat - self._lat) * self._scale
        return round(x, 1), round(y, 1)


def _line(name: str, line: Sequence[Degrees], to: _Sheet) -> Line:
    points = [to(lon, lat) for lon, lat in line]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    inside = [(x, y) for x, y in points if 60 < x < WIDTH - 60 and 30 < y < HEIGHT - 30] or points
    x, y = inside[len(inside) // 3]
    return Line(name, path, x, y)
