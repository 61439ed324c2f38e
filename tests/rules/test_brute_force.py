"""Every rule of Wuhan against an evaluator of its own, at every edge and at random."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import Decision, decide
from daxiang.domains.restrictions.values import Passage, Question, Vehicle, VehicleClass
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import Plate, read_plate
from tests.rules import oracle
from tests.rules.oracle import Car

SECOND = timedelta(seconds=1)
USES = ["private", "taxi", "ride_hailing", "bus", "school_bus", "rental", "training", "马车"]
EDGES = [0, 60, 300, 420, 480, 510, 540, 1020, 1140, 1200, 1320]
"""Minutes of a day at which any rule begins or ends."""


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]  # year, month, day at least


def plate_of(car: Car) -> Plate:
    """A plate that looks like this car's."""
    area = "鄂A" if car.local else "湘A"
    return read_plate(f"{area}123{car.tail}K" if car.is_letter else f"{area}1234{car.tail}")


def vehicle_of(car: Car, **changes: Any) -> Vehicle:
    return Vehicle(
        **{
            "plate": plate_of(car),
            "vehicle_class": VehicleClass(car.kind),
            "use": car.use,
            "new_energy": car.green,
            "seats": car.seats,
            "height_m": car.height,
        }
        | changes
    )


def ask(at: datetime, car: Car, place: str, **changes: Any) -> Decision:
    vehicle = vehicle_of(car, **changes)
    return decide(load_city("wuhan"), Question(place=place, at=at, vehicle=vehicle))


cars = st.builds(
    Car,
    tail=st.integers(0, 9),
    is_letter=st.booleans(),
    kind=st.sampled_from(list(VehicleClass)) | st.just("small_passenger"),
    use=st.sampled_from(USES) | st.just("private"),
    green=st.booleans(),
    seats=st.integers(1, 12),
    height=st.sampled_from([1.6, 3.0, 3.01]),
    local=st.booleans(),
)


def edge_of(day: int, minute: int, second: int) -> datetime:
    return beijing(2011, 7, 1) + timedelta(days=day, minutes=minute, seconds=second)


instants = st.one_of(
    st.datetimes(datetime(2011, 6, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=SHANGHAI)),  # noqa: DTZ001
    st.builds(edge_of, st.integers(0, 5900), st.sampled_from(EDGES), st.sampled_from([-1, 0, 1])),
    st.builds(edge_of, st.integers(3850, 4080), st.sampled_from(EDGES), st.sampled_from([-1, 0, 1])),
    st.builds(edge_of, st.integers(900, 1490), st.sampled_from(EDGES), st.sampled_from([-1, 0, 1])),
)


@settings(max_examples=300, deadline=None)
@given(at=instants, car=cars, place=st.sampled_from(oracle.PLACES))
def test_any_car_anywhere_at_any_instant_is_judged_as_the_prose_says(
    at: datetime, car: Car, place: str
) -> None:
    found = ask(at, car, place)

    assert found.passage == oracle.passage(at, car, place)
    assert found.is_closed is oracle.is_closed(at, place)


PERIODS = [
    (oracle.BRIDGES, beijing(2018, 9, 25), 20),
    (oracle.BRIDGES, beijing(2019, 2, 1), 14),
    (oracle.BRIDGES, beijing(2019, 10, 28), 10),
    (oracle.BRIDGES, beijing(2026, 9, 18), 26),
    (oracle.TUNNELS, beijing(2019, 8, 28), 8),
    (oracle.TUNNELS, beijing(2026, 11, 20), 12),
    (("changjiang-second-bridge", "changjiang-tunnel"), beijing(2014, 1, 1), 45),
    (("changjiang-second-bridge", "changjiang-tunnel"), beijing(2015, 7, 15), 12),
    (("zuoan-avenue",), beijing(2026, 9, 10), 40),
    (oracle.LAKE_2022, beijing(2022, 3, 8), 12),
    (oracle.LAKE_2022, beijing(2022, 4, 28), 12),
    (oracle.LAKE_2022, beijing(2022, 6, 25), 8),
    (oracle.LAKE_2025, beijing(2025, 4, 28), 10),
]


@pytest.mark.parametrize(("places", "first", "days"), PERIODS)
def test_every_edge_of_a_rule_agrees_for_every_tail(
    places: tuple[str, ...], first: datetime, days: int
) -> None:
    rand, wrong = random.Random(first.toordinal()), []
    for number in range(days):
        midnight, place = first + timedelta(days=number), places[number % len(places)]
        instants = [
            midnight + timedelta(minutes=edge) + step
            for edge in EDGES
            for step in (-SECOND, timedelta(0), SECOND)
        ]
        instants += [midnight + timedelta(minutes=rand.randrange(1440)) for _ in range(3)]
        for at, tail in product(instants, range(10)):
            car = Car(tail=tail, local=rand.random() < 0.7, is_letter=rand.random() < 0.2)
            if ask(at, car, place).passage != oracle.passage(at, car, place):
                wrong.append((at, place, car))
    assert wrong == []


@settings(max_examples=60, deadline=None)
@given(at=instants, car=cars, place=st.sampled_from(oracle.PLACES))
def test_until_is_the_very_next_change_that_brute_force_finds(at: datetime, car: Car, place: str) -> None:
    found = ask(at, car, place)

    expected = oracle.next_change(at, car, place, within_days=200)

    horizon = at + timedelta(days=200)
    assert (found.until if found.until and found.until <= horizon else None) == expected


@settings(max_examples=200, deadline=None)
@given(
    at=instants,
    car=cars,
    place=st.sampled_from(oracle.PLACES),
    lacks=st.sets(st.sampled_from(["tail", "seats", "height_m", "is_local"]), min_size=1),
)
def test_without_a_fact_the_answer_is_what_every_value_of_it_agrees_on_or_names_it(
    at: datetime, car: Car, place: str, lacks: set[str]
) -> None:
    if "tail" in lacks or "is_local" in lacks:  # a plate tells both
        lacks = lacks | {"tail", "is_local"}
        car = replace(car, is_letter=False)
    changes = dict.fromkeys(lacks & {"seats", "height_m"})
    found = ask(at, car, place, **changes, **({"plate": None} if "tail" in lacks else {}))
    values = {"tail": range(10), "seats": range(1, 13), "height": (1.0, 3.0, 3.5), "local": (True, False)}
    names = {"tail": "tail", "seats": "seats", "height_m": "height", "is_local": "local"}

    open_facts = [names[fact] for fact in names if fact in lacks]
    seen = {
        combination: oracle.passage(
            at, replace(car, **dict(zip(open_facts, combination, strict=True))), place
        )
        for combination in product(*(values[fact] for fact in open_facts))
    }

    if len(set(seen.values())) == 1:
        assert {found.passage} == set(seen.values())
        assert found.needs == ()
    else:
        assert found.passage is Passage.CONDITIONAL
        assert set(found.needs) == {fact for fact in lacks if hangs_on(seen, open_facts.index(names[fact]))}


def hangs_on(seen: dict[tuple[Any, ...], str], number: int) -> bool:
    """Whether changing this one value alone ever changes the answer."""
    groups: dict[tuple[Any, ...], set[str]] = {}
    for combination, found in seen.items():
        groups.setdefault(combination[:number] + combination[number + 1 :], set()).add(found)
    return any(len(group) > 1 for group in groups.values())


def test_every_place_of_the_pack_is_judged() -> None:
    assert set(load_city("wuhan").places) == set(oracle.PLACES)
