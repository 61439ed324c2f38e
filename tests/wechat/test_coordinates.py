"""The country's grid and the world's: there and back, and as far apart as is known."""

from __future__ import annotations

from math import cos, hypot, radians

from hypothesis import given
from hypothesis import strategies as st

from daxiang.kernel.coordinates import to_gcj02, to_wgs84

METRES = 111_320.0


def apart_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two near points (latitude, longitude)."""
    north = (one[0] - other[0]) * METRES
    return hypot(north, (one[1] - other[1]) * METRES * cos(radians(one[0])))


@given(lat=st.floats(18, 53), lon=st.floats(74, 135))
def test_what_a_phone_tells_comes_back_to_within_a_centimetre(lat: float, lon: float) -> None:
    assert apart_m(to_wgs84(*to_gcj02(lat, lon)), (lat, lon)) < 0.01


@given(lat=st.floats(29.9, 31.4), lon=st.floats(113.6, 115.1))
def test_around_wuhan_the_grids_lie_some_hundred_metres_apart(lat: float, lon: float) -> None:
    assert 300 < apart_m(to_gcj02(lat, lon), (lat, lon)) < 800


def test_a_known_point_is_where_others_have_it() -> None:
    """The example that goes around with this reconstruction: Beijing, 39.908823/116.397470 in GCJ-02."""
    assert apart_m(to_wgs84(39.908823, 116.397470), (39.907417, 116.391228)) < 5
