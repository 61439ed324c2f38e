"""China's own grid (GCJ-02), in which phones tell places, and the world's (WGS-84), in which packs do.

GCJ-02 shifts a point by up to some 700 m, by sums of sines on the ellipsoid of Krasovsky. The formula was
never published; this one is the reconstruction that everybody uses (Wikipedia, "Restrictions on geographic
data in China", GCJ-02), good to about a metre.
"""

from __future__ import annotations

from math import cos, pi, radians, sin, sqrt

_AXIS_M = 6378245.0
"""Half the longer axis of Krasovsky's ellipsoid."""
_ECCENTRICITY_2 = 0.00669342162296594323


def to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """A point of GCJ-02 in WGS-84 degrees, to about a metre: (latitude, longitude).

    Only for points in China; elsewhere the two grids are the same, and this must not be asked.
    """
    lat, lon = latitude, longitude
    for _ in range(3):  # the shift hardly differs from one place to the next: a second look is enough
        north, east = _shift(lat, lon)
        lat, lon = latitude - north, longitude - east
    return lat, lon


def to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """A point of WGS-84 in China as a Chinese phone tells it: (latitude, longitude)."""
    north, east = _shift(latitude, longitude)
    return latitude + north, longitude + east


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """How far GCJ-02 lies to the north and to the east of WGS-84, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    flat = 1 - _ECCENTRICITY_2 * sin(radians(lat)) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_2) / (flat * sqrt(flat))
    parallel_m = _AXIS_M / sqrt(flat) * cos(radians(lat))
    return north * 180 / (meridian_m * pi), east * 180 / (parallel_m * pi)
