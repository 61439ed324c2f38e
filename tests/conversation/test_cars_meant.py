"""Which car a message means: tails, plates, parity, and the kind of vehicle."""

from __future__ import annotations

import pytest

from daxiang.domains.conversation.meaning import (
    Asks,
    Car,
    PlateNotReadable,
)
from daxiang.domains.restrictions.values import VehicleClass
from tests.conversation.meant import asked, meant, plate, tail


@pytest.mark.parametrize(
    "text",
    [
        "5",
        " 5 ",
        "５",
        "尾号5",
        "尾号是5",
        "我的尾号是５",
        "车牌尾号5",
        "5。",
        "五",
        "尾号五",
        "尾号是五",
        "车尾数5",
        "我尾号5",
        "尾号为5",
        "尾号:5",
        "尾号 5",
        "5?",
        "5号车",
        "尾号5的车",
        "71B5Z",
        "A12345",
        "微号五",
    ],
)
def test_a_tail_is_understood_in_any_spelling(text: str) -> None:
    assert asked(text).cars == (tail("5"),)
    assert not asked(text).unread


@pytest.mark.parametrize(
    "text",
    [
        "鄂A12345",
        "鄂a12345",
        "鄂A·１２３４５",
        "鄂A 123 45",
        "鄂A-12345",
        "鄂 A 1 2 3 4 5",
        "鄂A幺二三四五",
        "饿A12345",
    ],
)
def test_a_plate_is_understood_in_any_spelling(text: str) -> None:
    assert asked(text).cars == (plate("鄂A12345"),)


@pytest.mark.parametrize(
    "number",
    [
        "鄂A1234K",
        "鄂AD12345",
        "鄂A12345D",
        "鄂A1234学",
        "鄂A1234警",
        "鄂A1234挂",
        "粤Z1234港",
        "粤Z1234澳",
        "鄂A1234领",
        "123456使",
        "鄂A临12345",
        "鄂AX1234",
    ],
)
@pytest.mark.parametrize("around", ["{}", "明天{}能走吗", "{} 长江大桥", "我的车是{}，现在走得吗"])
def test_a_plate_of_any_kind_is_read_among_other_words(number: str, around: str) -> None:
    asks = asked(around.format(number))
    assert asks.cars == (plate(number),)
    assert not asks.unread


@pytest.mark.parametrize(
    ("text", "tails"),
    [
        ("尾号5和8", "58"),
        ("5、8", "58"),
        ("5 8", "58"),
        ("5和6能走吗", "56"),
        ("尾号5跟6明天走得吗", "56"),
        ("尾号3,5,7", "357"),
    ],
)
def test_several_tails_stand_in_the_order_said(text: str, tails: str) -> None:
    assert asked(text).cars == tuple(tail(digit) for digit in tails)


def test_a_letter_alone_is_kept_as_a_letter() -> None:
    assert asked("k").cars == (Car(letter="K"),)
    assert asked("尾号是字母K").cars == (Car(letter="K"),)


def test_parity_said_instead_of_the_digit_is_kept() -> None:
    assert asked("我是单号，明天能走吗").cars == (Car(is_odd=True),)
    assert asked("双号车今天能走不").cars == (Car(is_odd=False),)


def test_a_plate_with_the_letter_o_is_explained() -> None:
    assert isinstance(meant("鄂A1234O"), PlateNotReadable)


def test_a_correction_counts_by_what_is_right_and_leans() -> None:
    assert asked("不是5是6") == Asks(cars=(tail("6"),), leans=True)


@pytest.mark.parametrize("vehicle", ["自行车", "电动车", "电瓶车", "救护车", "黄牌", "临牌", "三轮车"])
def test_a_vehicle_without_a_card_of_its_own_stays_unread(vehicle: str) -> None:
    assert asked(f"{vehicle}明天能走长江大桥吗").unread == vehicle


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("绿牌", {"is_green": True}),
        ("蓝牌", {"is_green": False}),
        ("9座", {"seats": 9}),
        ("七座", {"seats": 7}),
        ("轻卡", {"vehicle_class": VehicleClass.LIGHT_TRUCK}),
        ("皮卡", {"vehicle_class": VehicleClass.LIGHT_TRUCK}),
        ("大客车", {"vehicle_class": VehicleClass.LARGE_PASSENGER}),
        ("摩托车", {"vehicle_class": VehicleClass.MOTORCYCLE}),
        ("挂车", {"vehicle_class": VehicleClass.TRAILER}),
        ("外地车", {"is_local": False}),
        ("车高3米2", {"height_m": 3.2}),
        ("高3.2米", {"height_m": 3.2}),
        ("三米二高", {"height_m": 3.2}),
        ("不是绿牌", {"is_green": False}),
    ],
)
@pytest.mark.parametrize("around", ["尾号5 {}能走吗", "{} 尾号5", "{}，尾号5，明天走得吗"])
def test_a_kind_of_vehicle_belongs_to_the_car_that_is_named(
    text: str, facts: dict[str, object], around: str
) -> None:
    asks = asked(around.format(text))
    assert asks.cars == (Car(tail="5", **facts),)  # type: ignore[arg-type]
    assert not asks.unread


def test_kinds_go_with_the_car_beside_them() -> None:
    assert asked("绿牌5和蓝牌8").cars == (Car(tail="5", is_green=True), Car(tail="8", is_green=False))


def test_a_truck_of_unknown_size_is_read_in_every_size() -> None:
    classes = [one.cars[0].vehicle_class for one in asked("货车 尾号5").readings]
    assert classes == [VehicleClass.LIGHT_TRUCK, VehicleClass.MEDIUM_TRUCK, VehicleClass.HEAVY_TRUCK]
