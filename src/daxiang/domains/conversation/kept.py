"""What is kept of a person as `Facts` know it, and as whoever keeps it writes it down. Pure."""

from __future__ import annotations

import json

from daxiang.domains.conversation.facts import OwnCar
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.talk import car_json, car_of
from daxiang.kernel.plates import PlateUnreadable

CONSENT_VERSION = "2026-11"
"""Of the words by which `personal` asks whether a car may be remembered; a change of what they promise gets a
new one.
"""


def own_car_json(car: Car) -> str:
    """A remembered car; whoever keeps it seals it."""
    return json.dumps(car_json(car), ensure_ascii=False, separators=(",", ":"))


def own_car(text: str) -> OwnCar | None:
    """The car that `own_car_json` gave; None for a form that this version does not know."""
    try:
        return OwnCar(car=car_of(json.loads(text)))
    except (ValueError, KeyError, TypeError, AttributeError, PlateUnreadable):
        return None


def name_for_mark(car: Car) -> str:
    """What tells a remembered car from a person's others: its plate, else its tail."""
    return car.plate.number if car.plate else f"tail {car.tail_digit}"
