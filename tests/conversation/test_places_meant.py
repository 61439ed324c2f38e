"""Which places, banks and cities a message means."""

from __future__ import annotations

import pytest

from daxiang.domains.conversation.meaning import (
    Car,
)
from tests.conversation.meant import BRIDGE, SECOND, TUNNEL, asked, tail


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("长江大桥", BRIDGE),
        ("大桥", BRIDGE),
        ("一桥", BRIDGE),
        ("過長江大橋", BRIDGE),
        ("长江二桥", SECOND),
        ("长江隧道", TUNNEL),
        ("过江汉桥", "jianghan-bridge"),
        ("二七长江大桥", "erqi-bridge"),
        ("鹦武洲大桥", "yingwuzhou-bridge"),
        ("长江遂道", TUNNEL),
        ("磨山", "east-lake-moshan"),
        ("江汉二桥", "zhiyin-bridge"),
    ],
)
@pytest.mark.parametrize("around", ["{}5", "明天{}尾号5能走吗", "5走{}"])
def test_a_place_is_known_by_any_of_its_names(text: str, place: str, around: str) -> None:
    asks = asked(around.format(text))
    assert (asks.places, asks.cars, asks.unread) == ((place,), (tail("5"),), "")


def test_a_name_that_two_places_bear_is_kept_with_both() -> None:
    asks = asked("二桥 5")
    assert (asks.alias, asks.places) == ("二桥", (SECOND, "zhiyin-bridge"))


@pytest.mark.parametrize(
    "text", ["尾号5走沙湖大桥", "尾号5 解放大道限行吗", "尾号5 北京路能走吗", "5 黄鹤大桥"]
)
def test_a_place_that_nobody_told_us_of_stays_unread(text: str) -> None:
    asks = asked(text)
    assert asks.unread
    assert asks.places == ()
    assert asks.city is None


@pytest.mark.parametrize(
    ("text", "origin", "destination"),
    [
        ("5 从武昌去汉口", "武昌", "汉口"),
        ("5 武昌到汉口", "武昌", "汉口"),
        ("5 去汉口", None, "汉口"),
        ("5 从武昌走", "武昌", None),
        ("5 光谷去汉口", "武昌", "汉口"),
        ("5 汉口 武昌", "汉口", "武昌"),
        ("我在汉阳，尾号5，要去武昌", "汉阳", "武昌"),
    ],
)
def test_the_banks_of_a_way_are_told_apart(text: str, origin: str | None, destination: str | None) -> None:
    asks = asked(text)
    assert (asks.origin, asks.destination, asks.unread) == (origin, destination, "")


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("明天去北京 鄂A12345", "北京"),
        ("5去襄阳限行吗", "襄阳"),
        ("上海限行吗", "上海"),
        ("5 武汉限行吗", None),
    ],
)
def test_another_city_is_named_and_our_own_says_nothing(text: str, city: str | None) -> None:
    assert asked(text).city == city


@pytest.mark.parametrize("text", ["北京牌照能走吗 尾号5", "北京车能走吗 5", "尾号5北京的车今天能走吗"])
def test_the_car_of_another_city_is_not_a_journey_there(text: str) -> None:
    asks = asked(text)
    assert (asks.city, asks.cars) == (None, (Car(tail="5", is_local=False),))


@pytest.mark.parametrize(
    "text",
    [
        "北京牌照尾号5能走吗",
        "北京 车牌尾号5 周四能走吗",
        "北京的车牌尾号5限行吗",
        "北京 车辆尾号5",
        "北京 车号京A12345",
    ],
)
def test_a_city_before_the_word_for_a_plate_and_its_tail_is_asked_about(text: str) -> None:
    assert asked(text).city == "北京"


@pytest.mark.parametrize("text", ["5不走长江大桥走哪", "别走长江大桥 5", "除了长江大桥5走哪"])
def test_a_negation_of_something_that_counts_stays_unread(text: str) -> None:
    assert asked(text).unread


@pytest.mark.parametrize(
    ("text", "city"),
    [("尾号5南京长江大桥", "南京"), ("重庆长江大桥限行吗", "重庆"), ("尾号5汉南长江大桥", None)],
)
def test_a_bridge_of_another_name_is_never_taken_for_ours(text: str, city: str | None) -> None:
    asks = asked(text)
    assert (asks.places, asks.city) == ((), city)
    assert city or asks.unread
