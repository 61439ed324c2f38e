"""Cars, days and hours in English: what `told_english` makes its sentences of. Pure."""

from __future__ import annotations

from datetime import datetime

from daxiang.domains.conversation.cars import is_green_car
from daxiang.domains.conversation.cases import Frame
from daxiang.domains.conversation.chinese import hours_between
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.values import Passage, VehicleClass, VehicleUse
from daxiang.sites.public.english_names import day_in_english

_USES = {
    VehicleUse.TAXI: "Taxi",
    VehicleUse.RIDE_HAILING: "Ride-hailing car",
    VehicleUse.BUS: "City bus",
    VehicleUse.SCHOOL_BUS: "School bus",
    VehicleUse.RENTAL: "Rental car",
    VehicleUse.TRAINING: "Driving-school car",
}
_CLASSES = {
    VehicleClass.MEDIUM_PASSENGER: "Medium bus",
    VehicleClass.LARGE_PASSENGER: "Large bus",
    VehicleClass.LIGHT_TRUCK: "Truck",
    VehicleClass.MEDIUM_TRUCK: "Truck",
    VehicleClass.HEAVY_TRUCK: "Truck",
    VehicleClass.SPECIAL: "Special vehicle",
    VehicleClass.MOTORCYCLE: "Motorcycle",
    VehicleClass.TRAILER: "Trailer",
}


def subject_in_english(car: Car) -> str:
    """Plate ending in 5, Truck, Green-plate car ending in 5, 鄂A·1***5."""
    kind = _USES.get(car.use, "") if car.use else ""
    kind = kind or (_CLASSES.get(car.vehicle_class, "") if car.vehicle_class else "")
    if is_green_car(car) and not (car.plate and car.plate.is_new_energy):
        kind = f"Green-plate {kind.lower() or 'car'}"
    if car.seats is not None:
        kind = f"{car.seats}-seat {kind.lower() or 'vehicle'}"
    if car.plate is not None:
        digit = car.plate.tail_digit
        counts = f", counted as {digit}" if digit and car.plate.number[-1].isalpha() else ""
        return f"{kind} {car.plate.masked}{counts}".strip()
    if car.tail is None:
        return kind
    return f"{kind or 'Plate'} ending in {car.tail}"


def time_in_english(frame: Frame, now: datetime) -> str:
    """today (Tue 24 Nov), Thu 26 Nov 7:00–9:00."""
    day = day_in_english(frame.start.date(), today=now.date())
    relative = {0: "today", 1: "tomorrow"}.get((frame.start.date() - now.date()).days)
    said = f"{relative} ({day})" if relative else day
    if frame.is_now or frame.is_whole_day:
        return said
    end = hours_between(frame.start, frame.end) if frame.end else _hour(frame.start)
    return f"{said} {end.replace('次日', 'next day ')}"


def until_in_english(decision: Decision, then: Decision | None, now: datetime) -> str:
    """allowed again after 22:00, opens at 5:00, until Wed 25 Nov 7:00: only when that is what comes."""
    if decision.until is None or then is None:
        return ""
    at = moment_in_english(decision.until, now)
    if decision.passage is Passage.ALLOWED:
        return f"until {at}"
    if decision.passage is Passage.BANNED and then.passage is Passage.ALLOWED:
        return f"opens at {at}" if decision.is_closed else f"open to you after {at}"
    return ""


def note_in_english(decision: Decision, then: Decision | None, now: datetime) -> str:
    """The same on a drawing, where there is little room: after 22:00, opens 5:00, until 1:00."""
    said = until_in_english(decision, then, now)
    return said.removeprefix("open to you ").replace("opens at", "opens")


def moment_in_english(instant: datetime, now: datetime) -> str:
    """22:00, Thu 26 Nov 7:00."""
    if instant.date() == now.date():
        return _hour(instant)
    return f"{day_in_english(instant.date(), today=now.date())} {_hour(instant)}"


def _hour(instant: datetime) -> str:
    return f"{instant.hour}:{instant.minute:02}"


def checked_in_english(day: str) -> str:
    """2021年 -> 2021, 2021年5月 -> 2021-5; a whole date stays."""
    return day.replace("年", "-").replace("月", "-").rstrip("-日")
