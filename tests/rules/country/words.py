"""The few words in which the prose is written down here. A condition is true, false, or not known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.rules.country import plates
from tests.rules.country.calendar import Day

Known = bool | None
"""None: nobody knows it, the notice does not say."""

GRAVITY = ("allowed", "unknown", "banned")
PASSENGER = ("small_passenger", "medium_passenger", "large_passenger")
SERVICE_USES = {
    *("taxi", "ride_hailing", "bus", "school_bus", "rental", "training"),
    *("mail", "enforcement", "rescue", "sanitation"),
}
"""Uses that a notice may free; any other word for a use is an ordinary car."""

P1 = ((1, 6), (2, 7), (3, 8), (4, 9), (5, 0))
HANGZHOU = ((1, 9), (2, 8), (3, 7), (4, 6), (5, 0))


@dataclass(frozen=True, kw_only=True)
class Car:
    """A vehicle as a case has it."""

    plate: str
    kind: str
    use: str = "private"
    green: bool = False
    seats: int | None = None
    axles: int | None = None
    height: float | None = None
    tractor: str | None = None


@dataclass(frozen=True, kw_only=True)
class Now:
    """One question under one reading of what is not known. `at` is wall time in Beijing."""

    at: datetime
    place: str
    car: Car
    day: Day
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Say:
    """What a card says. `tail`: the digit that decided, None where none did."""

    passage: str
    tail: int | None = None


def ban(*conditions: Known) -> str:
    """Banned if all of it holds, allowed if one does not, else unknown."""
    if False in conditions:
        return "allowed"
    return "banned" if all(conditions) else "unknown"


def tail_ban(digit: int | None, hit: Known, *others: Known) -> Say:
    """A ban that hangs on the tail; the tail is named only where the rest leaves it to the tail."""
    return Say(passage=ban(hit, *others), tail=digit if ban(*others) != "allowed" else None)


def worst(*said: Say) -> Say:
    """The gravest of several clauses of one card; of equals the first."""
    return max(said, key=lambda say: GRAVITY.index(say.passage))


def within(at: datetime, *windows: str) -> bool:
    """Whether the clock stands in one of the windows "07:00-09:00", end excluded."""
    clock = at.strftime("%H:%M:%S")
    return any(window[:5] <= clock < window[6:] + ":00" for window in windows)


def works(day: Day, makeup: str) -> Known:
    """Whether a rule "on workdays" holds. makeup: free, restricted or unknown."""
    if day.kind == "makeup":
        return {"free": False, "restricted": True, "unknown": None}[makeup]
    return day.kind == "workday"


def in_pair(day: Day, digit: int | None, pairs: tuple[tuple[int, ...], ...] | None) -> Known:
    """Whether the tail is out by day of the week. A makeup day could count as any weekday. pairs None: not
    published.
    """
    if day.kind == "makeup":
        return None
    if day.weekday >= 5:
        return False
    return None if digit is None or pairs is None else digit in pairs[day.weekday]


def wrong_parity(day: Day, digit: int | None) -> Known:
    """Odd tails are out on even dates, even ones on odd dates; 31st and 1st are two odd days."""
    return None if digit is None else digit % 2 != day.on.day % 2


def in_date_group(day: Day, digit: int | None) -> Known:
    """1 and 6 are out on 1, 6, 11, 16, 21, 26, 31; 2 and 7 on 2, 7, 12 …"""
    return None if digit is None else digit % 5 == day.on.day % 5


def rotating(day: date) -> tuple[tuple[int, ...], ...] | None:
    """Beijing's pairs Monday to Friday: 13 weeks each, counted from Monday 2019-07-08 with 4 and 9.

    None from 2027-03-29 on: not yet published.
    """
    if day > date(2027, 3, 28):
        return None
    step = (day - date(2019, 7, 8)) // timedelta(days=91) % 5
    groups = ((4, 9), (3, 8), (2, 7), (1, 6), (5, 0))
    onward = ((1, 6), (2, 7), (3, 8), (4, 9), (5, 0))
    first = onward.index(groups[step])
    return tuple(onward[(first + number) % 5] for number in range(5))


def bound_by_use(car: Car, *free: str) -> Known:
    """Whether the use leaves it bound: not if the notice frees it, not known for a service it leaves out."""
    if car.use in free:
        return False
    return None if car.use in SERVICE_USES else True


def bound_by_energy(car: Car, *, green_is_free: Known) -> Known:
    """Whether a green plate leaves the car bound."""
    if not car.green:
        return True
    return None if green_is_free is None else not green_is_free


def is_from(car: Car, *prefixes: str) -> bool:
    """Whether the plate, the tractor's of a semi-trailer where told, begins so."""
    return (car.tractor or car.plate).startswith(prefixes)


def digit_of(car: Car, *, letter: str, temporary: str = "last") -> int | None:
    """The digit of the car's own plate that counts."""
    return plates.tail(car.plate, letter=letter, temporary=temporary)
