"""The car that a person named, as the rules ask for it and as an answer names it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.talk import MOST_CARS
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.reasons import CLASS_NAMES, USE_NAMES
from daxiang.domains.restrictions.values import Vehicle, VehicleClass, VehicleUse
from daxiang.kernel.plates import Plate, PlateKind

SEATS_ASSUMED = 5
HEIGHT_ASSUMED_M = 2.0
"""Of a small passenger car of which nothing else is said. The answer says 按…小客车算."""

_LIKE_A_CAR = frozenset(
    {PlateKind.ORDINARY, PlateKind.NEW_ENERGY_SMALL, PlateKind.TEMPORARY, PlateKind.TRAILER}
)
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MARK = 0xE000
"""Where a masked plate stands in a text that is kept for all plates of its kind: one private sign a car."""
_MARKS = tuple(chr(_MARK + number) for number in range(MOST_CARS))
PLATE_WIDTH = 8
"""Characters of a masked plate, at most: 鄂A·1***5."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Known:
    """A car without the signs of its plate that no rule asks for, so that answers can be kept.

    Equal only to itself: `known` gives one value for all cars alike, and what is kept is found fast.
    """

    vehicle: Vehicle
    subject: str
    """尾号5, 货车, 鄂A·1***5 with the plate as a mark; empty when nothing was said of the car."""
    assumed: str
    """按蓝牌小客车算; empty when the person said what it is."""


def is_clear(car: Car) -> bool:
    """Whether we can tell what kind of vehicle it is: of some plates the number does not say."""
    if car.vehicle_class is not None or car.plate is None:
        return True
    return car.plate.kind in _LIKE_A_CAR and car.plate.tail_digit is not None


def known(car: Car, number: int, cards: CityCards | None = None) -> Known:
    """The car as `number`-th of a question; for the rules of one city, where its `cards` are given."""
    if car.plate is not None:
        alike = _stand_in_plate(car.plate, cards)
        car = _of_plate(alike) if car == Car(plate=car.plate) else replace(car, plate=alike)
    return _known(car, number)


@lru_cache(maxsize=8192)
def _known(car: Car, number: int) -> Known:
    is_green = is_green_car(car)
    vehicle_class = class_of(car)
    is_small = vehicle_class is VehicleClass.SMALL_PASSENGER
    return Known(
        vehicle=Vehicle(
            vehicle_class=vehicle_class,
            plate=car.plate,
            tail=None if car.plate else _tail(car),
            use=car.use or VehicleUse.PRIVATE,
            new_energy=is_green,
            seats=car.seats if car.seats is not None else SEATS_ASSUMED if is_small else None,
            height_m=car.height_m if car.height_m is not None else HEIGHT_ASSUMED_M if is_small else None,
            is_local=car.is_local,
        ),
        subject=_subject(car, chr(_MARK + number)),
        assumed=_assumed(car, is_green),
    )


def _tail(car: Car) -> str | None:
    """The tail; of 单号 or 双号 one digit, which `asking` uses only where all five fare alike."""
    if car.tail is None and car.is_odd is not None:
        return "1" if car.is_odd else "2"
    return car.tail


def class_of(car: Car) -> VehicleClass:
    """The class that was said, or that the seats or the plate tell; else a small passenger car."""
    if car.vehicle_class is not None:
        return car.vehicle_class
    if car.plate is not None and car.plate.kind is PlateKind.TRAILER:
        return VehicleClass.TRAILER
    if car.use is VehicleUse.BUS:
        return VehicleClass.LARGE_PASSENGER
    seats = car.seats or 0
    if seats >= 20:
        return VehicleClass.LARGE_PASSENGER
    return VehicleClass.MEDIUM_PASSENGER if seats >= 10 else VehicleClass.SMALL_PASSENGER


def is_green_car(car: Car) -> bool:
    """Whether it has a green plate: as said, else as the plate shows."""
    if car.is_green is not None:
        return car.is_green
    return car.plate is not None and car.plate.is_new_energy


def name_of(car: Car) -> str:
    """The car as an answer names it, its plate masked: 鄂A·1***5, 尾号5, 绿牌货车."""
    return with_plates(_subject(car, chr(_MARK)), (car,)) or "这辆车"


def with_plates(text: str, cars: tuple[Car, ...]) -> str:
    """The text with every mark replaced by the masked plate of its car."""
    for number, car in enumerate(cars):
        if car.plate is not None:
            text = text.replace(chr(_MARK + number), car.plate.masked)
    return text


def length(text: str) -> int:
    """Characters of a text once its marks are replaced, at most."""
    return len(text) + (PLATE_WIDTH - 1) * sum(text.count(mark) for mark in _MARKS)


def kind_name(car: Car) -> str:
    """What was said of the kind of vehicle: 绿牌货车, 出租车, 9座车; empty when nothing was."""
    name = ""
    if car.use is not None and car.use is not VehicleUse.PRIVATE:
        name = USE_NAMES[car.use]
    elif car.vehicle_class is not None and car.vehicle_class is not VehicleClass.SMALL_PASSENGER:
        name = CLASS_NAMES[car.vehicle_class]
    if car.seats is not None:
        name = f"{car.seats}座{name or '车'}"
    if car.is_green and not (car.plate and car.plate.is_new_energy):
        name = f"绿牌{name}"
    return name


def _subject(car: Car, mark: str) -> str:
    kind = kind_name(car)
    if car.plate is not None:
        digit = car.plate.tail_digit
        counts = (
            f" 按{digit}算" if digit and car.plate.number[-1] in _LETTERS and not is_green_car(car) else ""
        )
        return f"{kind}{' ' if kind else ''}{mark}{counts}"
    tail = f"尾号{car.tail}" if car.tail else ""
    if car.is_odd is not None and not tail:
        tail = "单号" if car.is_odd else "双号"
    if kind and tail and not kind.endswith("牌"):
        return f"{kind}{tail}"
    return kind + tail


def _assumed(car: Car, is_green: bool) -> str:
    if car.vehicle_class is not None or car.use is not None or car.seats is not None:
        return ""
    if car.plate is not None and car.plate.kind is PlateKind.TRAILER:
        return ""
    return "按绿牌小客车算" if is_green else "按蓝牌小客车算"


@lru_cache(maxsize=8192)
def _alike(area: str, digit: str, is_letter: bool, kind: PlateKind) -> Plate:
    serial = f"A00{digit}K" if is_letter else f"A000{digit}"
    return Plate(number=f"{area}{serial}", kind=kind)


@lru_cache(maxsize=8192)
def _of_plate(plate: Plate) -> Car:
    return Car(plate=plate)


def _stand_in_plate(plate: Plate, cards: CityCards | None) -> Plate:
    """A plate that every rule treats like this one: rules ask for area, digit, end and kind."""
    if plate.tail_digit is None:
        return plate
    area = plate.number[:2] if cards is None else cards.stand_in_area(plate.number)
    return _alike(area, plate.tail_digit, plate.number[-1] in _LETTERS, plate.kind)
