"""Wuhan's ground: which bank a location lies on, and which crossings lead over from it."""

from __future__ import annotations

from datetime import datetime

import pytest

from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.values import Passage, Question, Vehicle
from daxiang.kernel.clock import SHANGHAI

CARDS = load_city("wuhan")
MORNING = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)


def open_of(ids: tuple[str, ...], vehicle: Vehicle, at: datetime = MORNING) -> list[str]:
    """The short names of those that are open to this car, in order."""
    return [
        CARDS.places[one].short_name
        for one in ids
        if decide(CARDS, Question(place=one, at=at, vehicle=vehicle)).passage is Passage.ALLOWED
    ]


@pytest.mark.parametrize(
    ("lon", "lat", "bank"),
    [
        (114.262, 30.553, "汉阳"),  # 琴台大道
        (114.207, 30.558, "汉阳"),  # 王家湾
        (114.030, 30.580, "汉阳"),  # 蔡甸
        (114.080, 30.310, "汉阳"),  # 纱帽
        (114.283, 30.583, "汉口"),  # 江汉路
        (114.136, 30.635, "汉口"),  # 吴家山
        (114.310, 30.620, "汉口"),  # 后湖
        (114.335, 30.556, "武昌"),  # 楚河汉街
        (114.400, 30.506, "武昌"),  # 光谷
        (114.390, 30.630, "武昌"),  # 青山
        (114.288, 30.549, None),  # on the bridge itself
        (114.260, 30.565, None),  # on the Han
    ],
)
def test_a_point_is_given_to_its_bank_and_on_the_water_to_none(
    lon: float, lat: float, bank: str | None
) -> None:
    assert CARDS.ground.bank_at(lon=lon, lat=lat) == bank


def test_the_centre_of_each_district_lies_on_its_bank_or_too_near_to_tell() -> None:
    for district in CARDS.ground.districts:
        assert CARDS.ground.bank_at(lon=district.lon, lat=district.lat) in (district.bank, None), (
            district.name
        )


def test_an_address_with_a_district_goes_before_the_point() -> None:
    on_the_bridge = {"lon": 114.288, "lat": 30.549}

    assert CARDS.ground.bank_of(label="湖北省武汉市汉阳区琴台大道", **on_the_bridge) == "汉阳"
    assert CARDS.ground.bank_of(label="江汉区江汉路", **on_the_bridge) == "汉口"
    assert CARDS.ground.bank_of(label="长江上", **on_the_bridge) is None
    district = CARDS.ground.district_in("东湖新技术开发区珞喻路")
    assert district is not None
    assert district.name == "东湖新技术开发区"


def test_every_way_leads_from_bank_to_bank() -> None:
    for (start, end), ids in CARDS.ground.ways.items():
        for one in ids:
            assert {start, end} <= reach(CARDS.places[one].banks), (start, end, one)


def reach(banks: tuple[str, ...]) -> set[str]:
    """Both ends of a crossing of the Yangtze may lie beyond the Han: 汉口 and 汉阳 share its left bank."""
    return {*banks, "汉口", "汉阳"} if "武昌" in banks else set(banks)


def test_stand_ins_lead_over_the_same_river() -> None:
    for place in CARDS.places.values():
        others = {*place.stand_ins, *(one for ids in place.stand_ins_to.values() for one in ids)}
        assert {CARDS.places[one].river for one in others} <= {place.river}, place.id


def test_crossings_are_numbered_from_upstream_without_a_gap() -> None:
    for river in ("长江", "汉江"):
        orders = [place.order for place in CARDS.places.values() if place.river == river]
        assert orders == list(range(1, len(orders) + 1))


def test_two_places_answer_to_one_name() -> None:
    named = [place.id for place in CARDS.places.values() if "二桥" in place.aliases]

    assert named == ["changjiang-second-bridge", "zhiyin-bridge"]


@pytest.mark.parametrize(
    ("vehicle", "to", "names"),
    [
        (Vehicle(tail="5", seats=5), None, ["鹦鹉洲大桥", "长江二桥", "长江隧道"]),
        (Vehicle(tail="5", seats=9), "武昌", ["鹦鹉洲大桥", "长江二桥", "二七长江大桥"]),
        (Vehicle(tail="6", seats=5), "汉口", ["长江隧道", "公铁隧道", "长江二桥"]),
    ],
)
def test_the_first_three_that_are_open_instead_of_the_bridge_are_those_of_the_dialogues(
    vehicle: Vehicle, to: str | None, names: list[str]
) -> None:
    bridge = CARDS.places["changjiang-bridge"]
    ids = bridge.stand_ins_to[to] if to else bridge.stand_ins

    assert open_of(ids, vehicle)[:3] == names


def test_what_is_open_at_night_is_never_a_tunnel_that_is_shut() -> None:
    at = datetime(2026, 11, 26, 2, tzinfo=SHANGHAI)

    names = open_of(CARDS.ground.ways["武昌", "汉口"], Vehicle(tail="5", seats=5), at)

    assert names == ["长江二桥", "二七长江大桥"]


def test_a_published_diversion_is_found_by_the_road_one_is_on() -> None:
    [route] = CARDS.ground.routes_from(
        label="汉阳区琴台大道", bank="汉阳", to="武昌", around="changjiang-bridge"
    )

    assert (route.via[0], route.crossings) == ("江城大道", ("yingwuzhou-bridge",))
    nowhere = CARDS.ground.routes_from(label="汉阳区", bank="汉阳", to="武昌", around="changjiang-bridge")
    assert nowhere == ()
