"""A second evaluation of the Wuhan cards, for judging the answers. It shares no code with the product.

Written from the notices themselves and from the pack's list of crossings, read as plain data. It knows the
calendar of 2026 by heart, of 2027 only what the law itself fixes, and only cards in force since late 2019.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

WUHAN = Path(__file__).resolve().parents[2] / "cities" / "wuhan"

ALLOWED, UNKNOWN, BANNED = "allowed", "unknown", "banned"
GRAVITY = (ALLOWED, UNKNOWN, BANNED)
HOURS_OF_CHANGE = (0, 1, 5, 7, 22)
"""Every card begins and ends at one of these."""


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


OFF_2026 = (
    _days(date(2026, 1, 1), date(2026, 1, 3))
    | _days(date(2026, 2, 15), date(2026, 2, 23))
    | _days(date(2026, 4, 4), date(2026, 4, 6))
    | _days(date(2026, 5, 1), date(2026, 5, 5))
    | _days(date(2026, 6, 19), date(2026, 6, 21))
    | _days(date(2026, 9, 25), date(2026, 9, 27))
    | _days(date(2026, 10, 1), date(2026, 10, 7))
)
MAKEUP_2026 = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}
FIXED_BY_LAW_2027 = {
    date(2027, 1, 1),
    date(2027, 5, 1),
    date(2027, 5, 2),
    *_days(date(2027, 10, 1), date(2027, 10, 3)),
    *_days(date(2027, 2, 5), date(2027, 2, 8)),  # 除夕 to 初三
    date(2027, 4, 5),
    date(2027, 6, 9),
    date(2027, 9, 15),
}
"""Whatever the State Council arranges for 2027, these are days off (国务院令第795号)."""


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """A vehicle as far as it matters for the cards."""

    kind: str = "small_passenger"
    tail: int | None = None
    green: bool = False
    use: str | None = None
    seats: int = 5
    height_m: float = 2.0


def day_kind(day: date) -> str:
    """workday, off, makeup, or unknown where the calendar has not been announced."""
    if day in OFF_2026 or day in FIXED_BY_LAW_2027:
        return "off"
    if day in MAKEUP_2026:
        return "makeup"
    if day.year != 2026:
        return "unknown"
    return "off" if day.weekday() >= 5 else "workday"


def passage(place: str, car: Vehicle, at: datetime) -> str:
    """The gravest of what closures, bridges' and tunnels' cards say; unknown where nobody says anything."""
    if _is_shut(place, at):
        return BANNED
    if place in ("changjiang-bridge", "jianghan-bridge"):
        return _bridge(car, at)
    if place.endswith("-tunnel"):
        return _tunnel(place, car)
    if place == "zuoan-avenue" and car.kind in ("medium_passenger", "large_passenger"):
        return BANNED
    return ALLOWED if car.kind in open_to().get(place, ()) else UNKNOWN


def _is_shut(place: str, at: datetime) -> bool:
    clock = at.time()
    if place in ("changjiang-tunnel", "east-lake-tunnel"):
        return time(1) <= clock < time(5)
    if place == "gongtie-tunnel":
        return clock < time(5)
    return place == "zuoan-avenue" and at.weekday() >= 5 and clock < time(5)


def _bridge(car: Vehicle, at: datetime) -> str:
    if car.kind == "large_passenger":
        return ALLOWED if car.green or car.use == "bus" else BANNED
    if car.kind not in ("small_passenger", "medium_passenger"):
        return BANNED
    if car.green or car.use == "taxi" or not time(7) <= at.time() < time(22):
        return ALLOWED
    kind = day_kind(at.date())
    if kind == "off":
        return ALLOWED
    if car.tail is None:
        return UNKNOWN
    if car.tail % 2 == at.day % 2:
        return ALLOWED
    return BANNED if kind == "workday" else UNKNOWN


def _tunnel(place: str, car: Vehicle) -> str:
    if car.kind != "small_passenger" or car.seats >= 9:
        return BANNED
    return BANNED if place == "east-lake-tunnel" and car.height_m > 3 else ALLOWED


def over(place: str, car: Vehicle, start: datetime, end: datetime | None) -> set[str]:
    """Every passage between start and end (exclusive); end None: at that one instant."""
    if end is None:
        return {passage(place, car, start)}
    found, at = set(), start
    while at < end:
        found.add(passage(place, car, at))
        at = at.replace(minute=0) + timedelta(hours=1)
    return found


def gravest(passages: set[str]) -> str:
    return max(passages, key=GRAVITY.index)


def change_after(place: str, car: Vehicle, at: datetime, days: int = 40) -> datetime | None:
    """The next instant at which the passage differs; None when it stays for all these days."""
    now, midnight = passage(place, car, at), at.replace(hour=0, minute=0)
    for ahead in range(days):
        for hour in HOURS_OF_CHANGE:
            then = midnight + timedelta(days=ahead, hours=hour)
            if then > at and passage(place, car, then) != now:
                return then
    return None


@cache
def crossings() -> dict[str, dict[str, Any]]:
    """The pack's places by id, as the file has them."""
    found = tomllib.loads((WUHAN / "crossings.toml").read_text(encoding="utf-8"))
    return {one["id"]: one for one in found["place"]}


@cache
def open_to() -> dict[str, tuple[str, ...]]:
    """For each place the classes for which no further rule exists, of those entries that hold by 2026."""
    return {
        name: tuple(kind for entry in place.get("open_to", ()) for kind in entry["classes"])
        for name, place in crossings().items()
    }


@cache
def named(alias: str) -> tuple[str, ...]:
    """Every place that bears this name."""
    return tuple(
        name
        for name, place in crossings().items()
        if alias in (place["name"], place["short_name"], *place["aliases"])
    )
