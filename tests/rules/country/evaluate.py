"""The whole country's plate rules, question by question, in the most naive way: every reading, every value.

A card that does not speak of the vehicle says nothing. The gravest of what the cards in force say counts:
banned, unknown, allowed. Where no card speaks it is unknown, unless the place is on record as open. What
nobody knows is tried in every reading: where they differ the answer is unknown. What the person did not tell
is tried with every value: where the answers differ it is conditional.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from itertools import product
from typing import Any

from tests.rules.country import east, north, south, wuhan
from tests.rules.country.calendar import readings
from tests.rules.country.plates import is_green
from tests.rules.country.validity import is_in_force
from tests.rules.country.words import GRAVITY, Car, Now, Say

BEIJING = timezone(timedelta(hours=8))
ANY = ()
"""All places that the city's pack may list: each is one of the structures that the notice lists."""

Speaks = Callable[[Now], Say | None]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What must be answered.

    passage: allowed banned unknown conditional. rules: ids of the cards that may rightly be named, empty
    where no card decided. tail: the digit that decided, None where none did (an answer may name one still).
    needs: for conditional, the facts on which it hangs.
    """

    passage: str
    rules: frozenset[str] = frozenset()
    tail: str | None = None
    needs: frozenset[str] = frozenset()


CARDS: dict[str, list[tuple[str, tuple[str, ...], Speaks]]] = {
    "wuhan": [
        ("WH-BRIDGE-2011", wuhan.BRIDGES, wuhan.bridges_2011),
        ("WH-BRIDGE-2019", wuhan.BRIDGES, wuhan.bridges_2019),
        ("WH-2014-ADJ", wuhan.SECOND_CROSSINGS, wuhan.adjacent_2014),
        ("WH-TUNNEL", wuhan.TUNNELS, wuhan.tunnels),
        ("WH-TUNNEL", ("zuoan-avenue",), wuhan.left_bank),
        ("WH-EL-2022", wuhan.LAKE_2022, wuhan.lake_2022),
        ("WH-EL-2025", wuhan.LAKE_2025, wuhan.lake_2025),
    ],
    "beijing": [
        ("BJ-LOCAL", ("inside-5th-ring",), north.beijing_local),
        (
            "BJ-OUT",
            ("inside-5th-ring", *north.BEYOND_5TH_RING),
            north.beijing_from_elsewhere,
        ),
    ],
    "tianjin": [
        ("TJ", ("inside-outer-ring",), north.tianjin),
        ("TJ-TRUCK", ANY, north.tianjin_trucks),
    ],
    "shijiazhuang": [("SJZ", ("inside-3rd-ring",), north.shijiazhuang)],
    "tangshan": [
        ("TS-2018", ("city-roads",), north.tangshan_2018),
        ("TS-TRUCK-2016", ("national-roads",), north.tangshan_trucks),
        ("TS-PARITY-2020", ("city-roads",), north.tangshan_parity),
        ("TS-APEC", ("city-roads",), north.tangshan_apec),
    ],
    "handan": [("HD", ("inside-ring-road",), north.handan)],
    "anyang": [("AY-2023", ("restricted-area",), north.anyang)],
    "taiyuan": [
        ("TY-a", ("river-bank-segments",), north.taiyuan_river_banks),
        ("TY-b", ("binhe-road-segments",), north.taiyuan_binhe),
    ],
    "jinan": [("JN", ANY, north.jinan)],
    "shanghai": [("SH-OUT", ANY, east.shanghai)],
    "hangzhou": [
        ("HZ-ZA", ("peak-area", "elevated"), east.hangzhou_local),
        ("HZ-REGION", ("peak-area", "elevated"), east.hangzhou_regional),
        ("HZ-OUT", ("peak-area", "elevated"), east.hangzhou_from_elsewhere),
    ],
    "ningbo": [("NB", ("lingqiao", "jiangxia-bridge"), east.ningbo)],
    "nanchang": [("NC-2021", ("restricted-area",), east.nanchang)],
    "zhengzhou": [("ZZ-2023", ("inside-3rd-ring",), east.zhengzhou)],
    "guangzhou": [("GZ-44", ("control-area",), south.guangzhou)],
    "shenzhen": [("SZ-OUT", ("city-roads",), south.shenzhen)],
    "chongqing": [("CQ", ANY, south.chongqing)],
    "chengdu": [
        ("CD", ("inside-raocheng",), south.chengdu),
        ("CD-ALERT", ("inside-raocheng",), south.chengdu_alert),
    ],
    "guiyang": [
        ("GY-2014", ("inside-1st-ring",), south.guiyang_2014),
        ("GY-2026", ("inside-1st-ring",), south.guiyang_2026),
    ],
    "lanzhou": [
        ("LZ-2018", ("restricted-area",), south.lanzhou_2018),
        ("LZ-NEW", ("restricted-area",), south.lanzhou_new),
    ],
    "xian": [("XA-2025", ("inside-raocheng",), south.xian), ("XA-LINTONG", ("lintong",), south.xian)],
}
OPEN: dict[str, Callable[[Now], bool]] = {
    "beijing": north.beijing_is_open,
    "nanchang": east.nanchang_is_open,
    "wuhan": wuhan.is_open,
}
ALSO_NAMED: dict[str, tuple[str, ...]] = {
    "WH-BRIDGE-2011": ("WH-WAIVER-2018GW", "WH-WAIVER-2019SF"),
}
"""Cards that lift another one: where that one allows, they may be what decides."""

ASSUMED_NO = ("regional_plate", "novice", "transit", "exempt_day", "pass", "unloaded")
ASKED: dict[str, dict[str, tuple[Any, ...]]] = {
    "wuhan": {"seats": (5, 7, 8, 9), "height_m": (1.6, 3.5)},
    "beijing": {"entry_permit": (True, False)},
    "tangshan": {
        "axles": (2, 5),
        "tractor_plate": (*(f"冀B1234{digit}" for digit in range(10)), "京A12345"),
    },
    "guiyang": {"days_driven": ("never", "worst")},
    "guangzhou": {"days_driven": ("never", "worst")},
    "lanzhou": {"first_arrival": (True, False), "arrived_on": ("today", "before")},
}
"""Facts asked for where they were not told, with values that show every way it can turn out."""

OF_THE_CAR = {"seats": "seats", "height_m": "height", "axles": "axles", "tractor_plate": "tractor"}


def evaluate(
    city: str, place: str, at: datetime, vehicle: Mapping[str, Any], facts: Mapping[str, Any] | None = None
) -> Verdict:
    """The answer to one case: `vehicle` and `facts` in the form of the written cases, `at` aware."""
    car, told = _car(vehicle), _facts(facts or {})
    now = Now(at=at.astimezone(BEIJING), place=place, car=car, day=readings(at.astimezone(BEIJING).date())[0])
    asked = {name: values for name, values in ASKED.get(city, {}).items() if _is_missing(name, car, told)}
    found = {
        values: _under_every_reading(city, _with(now, told, dict(zip(asked, values, strict=True))))
        for values in product(*asked.values())
    }
    passages = {verdict.passage for verdict in found.values()}
    rules = frozenset(rule for verdict in found.values() for rule in verdict.rules)
    if len(passages) == 1:
        tails = {verdict.tail for verdict in found.values()}
        return Verdict(passage=passages.pop(), rules=rules, tail=tails.pop() if len(tails) == 1 else None)
    return Verdict(passage="conditional", rules=rules, needs=_needs(list(asked), found))


def _car(told: Mapping[str, Any]) -> Car:
    plate = told["plate"]
    green = told.get("new_energy")
    return Car(
        plate=plate,
        kind=told["class"],
        use=told.get("use") or "private",
        green=is_green(plate) if green is None else green,
        seats=told.get("seats"),
        axles=told.get("axles"),
        height=told.get("height_m"),
        tractor=told.get("tractor_plate"),
    )


def _facts(told: Mapping[str, Any]) -> dict[str, Any]:
    facts = {"alert": None, **dict.fromkeys(ASSUMED_NO, False), **told}
    if "arrived_on" in facts:
        facts["arrived_on"] = _date(facts["arrived_on"])
    if "days_driven" in facts:
        facts["days_driven"] = frozenset(_date(day) for day in facts["days_driven"])
    return facts


def _date(told: str | date) -> date:
    return told if isinstance(told, date) else date.fromisoformat(told)


def _is_missing(name: str, car: Car, told: dict[str, Any]) -> bool:
    if name == "tractor_plate" and car.kind != "trailer":
        return False
    return getattr(car, OF_THE_CAR[name]) is None if name in OF_THE_CAR else name not in told


def _with(now: Now, told: dict[str, Any], tried: dict[str, Any]) -> Now:
    """The question as it would be, had the person told these values."""
    of_car = {OF_THE_CAR[name]: value for name, value in tried.items() if name in OF_THE_CAR}
    facts = told | {name: value for name, value in tried.items() if name not in OF_THE_CAR}
    if facts.get("arrived_on") in ("today", "before"):
        facts["arrived_on"] = now.day.on - timedelta(days=facts["arrived_on"] == "before")
    return replace(now, car=replace(now.car, **of_car), facts=facts)


def _under_every_reading(city: str, now: Now) -> Verdict:
    found = [_gravest(city, replace(now, day=day)) for day in readings(now.day.on)]
    rules = frozenset(rule for verdict in found for rule in verdict.rules)
    tails = {verdict.tail for verdict in found}
    passages = {verdict.passage for verdict in found}
    return Verdict(
        passage=passages.pop() if len(passages) == 1 else "unknown",
        rules=rules,
        tail=tails.pop() if len(tails) == 1 else None,
    )


def _gravest(city: str, now: Now) -> Verdict:
    said = list(_said(city, now))
    if not said:
        is_open = city in OPEN and OPEN[city](now)
        return Verdict(passage="allowed" if is_open else "unknown")
    gravest = max((say.passage for _, say in said), key=GRAVITY.index)
    deciding = [(card, say) for card, say in said if say.passage == gravest]
    rules = {card for card, _ in deciding}
    if gravest == "allowed":
        rules |= {name for card in rules for name in ALSO_NAMED.get(card, ())}
    tail = next((say.tail for _, say in deciding if say.tail is not None), None)
    return Verdict(passage=gravest, rules=frozenset(rules), tail=None if tail is None else str(tail))


def _said(city: str, now: Now) -> Iterator[tuple[str, Say]]:
    for card, places, speak in CARDS.get(city, []):
        if (not places or now.place in places) and is_in_force(card, now.at.replace(tzinfo=None)):
            say = speak(now)
            if say is not None:
                yield card, say


def _needs(asked: list[str], found: dict[tuple[Any, ...], Verdict]) -> frozenset[str]:
    """The facts of which a change alone changes the answer; the day of arrival is asked with the arrival."""
    needs = {
        name
        for number, name in enumerate(asked)
        for values, verdict in found.items()
        for others, other in found.items()
        if verdict.passage != other.passage
        and values[:number] + values[number + 1 :] == others[:number] + others[number + 1 :]
    }
    return frozenset(needs - {"arrived_on"} if "first_arrival" in needs else needs)
