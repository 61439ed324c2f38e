"""What is remembered of a talk for half an hour, so that 那周六呢 has a meaning. Pure.

A talk may hold a whole plate. It lives in memory as a value; whoever keeps it seals what `to_json` gives.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any

from daxiang.domains.conversation.meaning import Asks, Car, Hours, Topic
from daxiang.domains.restrictions.values import VehicleClass, VehicleUse
from daxiang.kernel.plates import PlateUnreadable, read_plate

TALK_LIFETIME = timedelta(minutes=30)
MOST_CARS = 3
MOST_DAYS = 3
MOST_PLACES = 4
Told = tuple[tuple[str, Any], ...]
"""What a driver told for the rules of the talk's city: names as `restrictions.facts` has them, with the
values that it takes (booleans, days as 2026-11-25, several of these), in the order of the names.
"""
LARGEST_TALK = 400
"""Bytes of `to_json`, at most."""


class Step(StrEnum):
    """Where the talk waits for a certain answer."""

    CRASH = "crash"  # hurt or not, can the car move
    REMEMBER = "remember"  # consent to keep the car
    FORGET = "forget"  # really forget everything
    EVENING = "evening"  # consent to the evening notice
    MESSAGE = "message"  # the words for the officers
    CAR = "car"  # the tail, for the question that is kept
    FACT = "fact"  # where the plate is from, what only the driver knows: for the other city that is kept


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """The last question, as far as a follow-up can lean on it. `misses`: how often in a row nothing was
    understood. `city`: another city that it was about; then `places` and `told` are of that city, and `wants`
    is the fact that was asked for. `offered`: the car of a consent that is still open, behind whatever was
    asked since; `is_offered_evening`: along with the evening notice.
    """

    at: datetime
    cars: tuple[Car, ...] = ()
    days: tuple[date, ...] = ()
    hours: Hours | None = None
    places: tuple[str, ...] = ()
    topic: Topic = Topic.PASSAGE
    origin: str | None = None
    destination: str | None = None
    city: str | None = None
    told: Told = ()
    wants: str | None = None
    step: Step | None = None
    misses: int = 0
    offered: Car | None = None
    is_offered_evening: bool = False

    def is_alive(self, now: datetime) -> bool:
        """Whether a follow-up may still lean on it."""
        return timedelta() <= now - self.at <= TALK_LIFETIME


def lean(asks: Asks, talk: Talk | None) -> Asks:
    """The question with what it leaves out taken from a living talk.

    The car always comes from there: without one nothing could be answered. Day, hours and places come only
    with a follow-up (那…呢, 明天呢), else a question without a day is about today. An answer to our own
    question (the tail that was asked for) takes everything.
    """
    if talk is None:
        return asks
    cars = _cars(asks.cars, talk.cars)
    if not (asks.leans or talk.step in {Step.CAR, Step.FACT}):
        return replace(asks, cars=cars)
    return replace(
        asks,
        cars=cars,
        days=asks.days or talk.days,
        hours=asks.hours or (None if asks.is_now else talk.hours),
        places=asks.places or talk.places,
        topic=talk.topic if asks.topic is Topic.PASSAGE else asks.topic,
        origin=asks.origin or (None if asks.places else talk.origin),
        destination=asks.destination or (None if asks.places else talk.destination),
        city=asks.city or (None if asks.places or asks.destination else talk.city),
    )


def away_from(talk: Talk) -> Talk:
    """The talk as it counts for another city than its own: places, what was told for its rules, and whether
    the car is local there stay behind.
    """
    cars = tuple(replace(car, is_local=None, begins=None) for car in talk.cars)
    return replace(
        talk, cars=cars, places=(), origin=None, destination=None, city=None, told=(), wants=None, step=None
    )


def _cars(said: tuple[Car, ...], before: tuple[Car, ...]) -> tuple[Car, ...]:
    if not said:
        return before
    if len(said) == 1 and len(before) == 1:
        return (together(said[0], before[0]),)
    return said


def together(said: Car, before: Car) -> Car:
    """One car told in two messages: 5, then 我是绿牌; or 货车, then 5. What is said later wins."""
    if said.tail_digit is not None:
        if before.tail_digit is not None or said.plate is not None:
            return said  # another car
        return replace(before, tail=said.tail, is_odd=None, **_told(said))
    if before.tail_digit is None:
        is_odd = before.is_odd if said.is_odd is None else said.is_odd
        return replace(before, is_odd=is_odd, **_told(said))
    if said.letter is not None or said.is_odd is not None:
        return said
    return replace(before, **_told(said))


def _told(car: Car) -> dict[str, Any]:
    parts = ("vehicle_class", "use", "is_green", "seats", "height_m", "is_local", "begins")
    return {part: value for part in parts if (value := getattr(car, part)) is not None}


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_KEYS_OF_CAR = (
    ("t", attrgetter("tail")),
    ("l", attrgetter("letter")),
    ("c", attrgetter("vehicle_class")),
    ("u", attrgetter("use")),
    ("g", attrgetter("is_green")),
    ("s", attrgetter("seats")),
    ("h", attrgetter("height_m")),
    ("o", attrgetter("is_local")),
    ("p", attrgetter("is_odd")),
    ("b", attrgetter("begins")),
)


_beside = attrgetter(*(field.name for field in fields(Talk) if field.name not in ("at", "cars")))
_NOTHING = tuple(field.default for field in fields(Talk) if field.name not in ("at", "cars"))


def to_json(talk: Talk) -> str:
    """The talk in at most LARGEST_TALK bytes; of many cars, days or places the first few are kept.

    Written for nearly every message: what is not there costs nothing.
    """
    at = int(talk.at.timestamp())
    if len(talk.cars) == 1 and _beside(talk) == _NOTHING:  # a tail or a plate: what most people say
        return f'{{"a":{at},"c":[{_encode(car_json(talk.cars[0]))}]}}'
    kept: dict[str, Any] = {"a": at}
    if talk.cars:
        kept["c"] = [car_json(car) for car in talk.cars[:MOST_CARS]]
    if talk.days:
        kept["d"] = [day.toordinal() for day in talk.days]
    if talk.hours:
        kept["h"] = [talk.hours.start, talk.hours.end, talk.hours.said[:8]]
    if talk.places:
        kept["p"] = list(talk.places[:MOST_PLACES])
    if talk.topic is not Topic.PASSAGE:
        kept["t"] = talk.topic
    if talk.origin:
        kept["o"] = talk.origin
    if talk.destination:
        kept["z"] = talk.destination
    if talk.city:
        kept["y"] = talk.city[:8]
    if talk.told:
        kept["f"] = [list(one) for one in talk.told]
    if talk.wants:
        kept["w"] = talk.wants
    if talk.step:
        kept["s"] = talk.step
    if talk.misses:
        kept["m"] = min(talk.misses, 9)
    if talk.offered:
        kept["r"] = car_json(talk.offered)
    if talk.is_offered_evening:
        kept["e"] = 1
    return _dump(kept)


def _dump(kept: dict[str, Any]) -> str:
    text = _encode(kept)
    if 3 * len(text) <= LARGEST_TALK or len(text.encode()) <= LARGEST_TALK:
        return text
    longest = max(("c", "d", "p", "f"), key=lambda part: len(_encode(kept.get(part, ())).encode()))
    return _dump(kept | {longest: kept[longest][:-1]})


def from_json(text: str, *, zone_of: datetime) -> Talk | None:
    """The talk that `to_json` gave; None for anything else (an older form): then there was no talk.

    `zone_of`: an instant in the zone of which the talk's instant is given.
    """
    try:
        kept = json.loads(text)
        return _talk(kept, zone_of)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, PlateUnreadable):
        return None


def _talk(kept: dict[str, Any], zone_of: datetime) -> Talk:
    hours = kept.get("h")
    return Talk(
        at=datetime.fromtimestamp(kept["a"], zone_of.tzinfo),
        cars=tuple(car_of(one) for one in kept.get("c", ())),
        days=tuple(date.fromordinal(day) for day in kept.get("d", ())),
        hours=Hours(start=hours[0], end=hours[1], said=hours[2]) if hours else None,
        places=tuple(kept.get("p", ())),
        topic=Topic(kept.get("t", Topic.PASSAGE)),
        origin=kept.get("o"),
        destination=kept.get("z"),
        city=kept.get("y"),
        told=tuple((str(name), _as_told(value)) for name, value in kept.get("f", ())),
        wants=kept.get("w"),
        step=Step(kept["s"]) if "s" in kept else None,
        misses=kept.get("m", 0),
        offered=car_of(kept["r"]) if "r" in kept else None,
        is_offered_evening="e" in kept,
    )


def _as_told(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def car_json(car: Car) -> dict[str, Any]:
    """The car as it stands in a talk's JSON, and wherever else it is kept; whoever keeps it seals it."""
    kept: dict[str, Any] = {"n": car.plate.number} if car.plate else {}
    for key, value_of in _KEYS_OF_CAR:
        if (value := value_of(car)) is not None:
            kept[key] = value
    return kept


def car_of(kept: dict[str, Any]) -> Car:
    """The car that `car_json` gave.

    Raises ValueError, KeyError, TypeError or PlateUnreadable for anything else.
    """
    return Car(
        plate=read_plate(kept["n"]) if "n" in kept else None,
        tail=kept.get("t"),
        letter=kept.get("l"),
        vehicle_class=VehicleClass(kept["c"]) if "c" in kept else None,
        use=VehicleUse(kept["u"]) if "u" in kept else None,
        is_green=kept.get("g"),
        seats=kept.get("s"),
        height_m=kept.get("h"),
        is_local=kept.get("o"),
        is_odd=kept.get("p"),
        begins=kept.get("b"),
    )
