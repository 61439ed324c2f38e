"""Where a place lies: the banks of a city's rivers, its districts, which crossings lead over.

The lines of the rivers are coarse (a kilometre or so); a point too near to one is not given to either bank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, hypot, radians

from daxiang.domains.restrictions.values import Confidence

NEAR_RIVER_M = 600
"""Nearer to a river's coarse line than this, a point's bank is not told."""

_METRES_A_DEGREE = 111_320


@dataclass(frozen=True, kw_only=True)
class River:
    """A river as a line of (lon, lat) in WGS-84, upstream first. A side without bank: the next river says."""

    name: str
    left: str | None
    right: str | None
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class District:
    """A district that addresses name, and the bank on which its centre lies."""

    name: str
    aliases: tuple[str, ...]
    bank: str
    lon: float
    lat: float
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Route:
    """A diversion that the police published: coming from these roads, by those, over these crossings."""

    around: str
    from_bank: str
    to: tuple[str, ...]
    from_roads: tuple[str, ...]
    via: tuple[str, ...]
    crossings: tuple[str, ...]
    source: str
    url: str
    confidence: Confidence


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """A city's ground. `ways`: (from bank, to bank) -> ids of crossings, the first to be named first."""

    rivers: tuple[River, ...] = ()
    districts: tuple[District, ...] = ()
    ways: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()

    def district_in(self, label: str) -> District | None:
        """The district whose name stands in an address, the longest name first; None without one."""
        named = [
            (len(name), district)
            for district in self.districts
            for name in (district.name, *district.aliases)
            if name in label
        ]
        return max(named, key=lambda found: found[0])[1] if named else None

    def bank_at(self, *, lon: float, lat: float) -> str | None:
        """The bank of a point in WGS-84 degrees; None where no river is drawn or one is too near to tell."""
        for river in self.rivers:
            is_left, metres = _beside(river.line, lon, lat)
            bank = river.left if is_left else river.right
            if metres < NEAR_RIVER_M:
                return None
            if bank is not None:
                return bank
        return None

    def bank_of(self, *, label: str, lon: float, lat: float) -> str | None:
        """The bank of a location as a phone sends it: its address first, then its point."""
        district = self.district_in(label)
        return district.bank if district else self.bank_at(lon=lon, lat=lat)

    def routes_from(self, *, label: str, bank: str | None, to: str, around: str) -> tuple[Route, ...]:
        """Published diversions towards a bank for whoever is at this address; those of a named road alone."""
        return tuple(
            route
            for route in self.routes
            if route.around == around
            and to in route.to
            and bank in (None, route.from_bank)
            and any(road in label for road in route.from_roads)
        )


def _beside(line: tuple[tuple[float, float], ...], lon: float, lat: float) -> tuple[bool, float]:
    """Whether the point lies left of the line as the water flows, and its distance from it in metres."""
    shrink = cos(radians(lat))
    nearest, is_left = float("inf"), False
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise(line):
        flow = ((lon_b - lon_a) * shrink, lat_b - lat_a)
        to = ((lon - lon_a) * shrink, lat - lat_a)
        along = (flow[0] * to[0] + flow[1] * to[1]) / (flow[0] ** 2 + flow[1] ** 2)
        foot = min(max(along, 0.0), 1.0)
        away = hypot(to[0] - foot * flow[0], to[1] - foot * flow[1]) * _METRES_A_DEGREE
        if away < nearest:
            nearest, is_left = away, flow[0] * to[1] - flow[1] * to[0] > 0
    return is_left, nearest
