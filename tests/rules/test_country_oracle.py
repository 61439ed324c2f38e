"""The judge of the country's rules, judged: by the written cases, by hand, by a second calendar."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from daxiang.kernel.plates import PlateKind, read_plate
from tests.rules import oracle
from tests.rules.country import validity
from tests.rules.country.calendar import CORE_DAYS, readings
from tests.rules.country.evaluate import CARDS, evaluate
from tests.rules.country.history import FRESH, after, may_drive
from tests.rules.country.questions import CITIES, Question, at_random, next_change, questions
from tests.rules.country.words import rotating

WRITTEN = (Path(__file__).parents[1] / "cases/restrictions.jsonl").read_text("utf-8").splitlines()
CASES = {case["id"]: case for case in map(json.loads, WRITTEN)}
EVERY_DAY = [date(2004, 1, 1) + timedelta(days=number) for number in range(23 * 366 - 17)]


def ask(
    city: str, place: str, at: str, plate: str, *, facts: dict[str, Any] | None = None, **car: Any
) -> str:
    """The passage for a private small car, or what `car` says of it."""
    vehicle = {"plate": plate, "class": car.pop("kind", "small_passenger"), **car}
    return evaluate(city, place, datetime.fromisoformat(at + ":00+08:00"), vehicle, facts).passage


def test_all_forty_two_written_cases_are_here() -> None:
    assert sorted(CASES) == [f"V{number:02}" for number in range(1, 43)]


@pytest.mark.parametrize("name", sorted(CASES))
def test_each_written_case_is_judged_as_expected(name: str) -> None:
    case = CASES[name]
    expected = case["expect"]

    found = evaluate(
        case["city"], case["place"], datetime.fromisoformat(case["at"]), case["vehicle"], case.get("facts")
    )

    assert found.passage == expected["passage"]
    assert expected.get("tail") in (None, found.tail)
    if "rule" in expected:
        assert expected["rule"] in (found.rules or {None})


def test_the_years_of_days_agree_with_the_calendar_of_another_author() -> None:
    assert EVERY_DAY[-1] == date(2026, 12, 31)

    wrong = []
    for day in EVERY_DAY:
        (found,) = readings(day)
        if (found.kind in ("workday", "makeup")) != chinese_calendar.is_workday(day):
            wrong.append(day)
        if (found.kind == "makeup") != (day.weekday() >= 5 and chinese_calendar.is_workday(day)):
            wrong.append(day)
    assert wrong == []


def test_days_off_by_law_are_off_and_none_of_them_is_off_only_by_arrangement() -> None:
    assert all(chinese_calendar.is_holiday(day) for day in CORE_DAYS)
    # The other author takes 2022-02-03 for a day in lieu; by the law of 2013 it is free of itself.
    assert [day for day in CORE_DAYS if chinese_calendar.is_in_lieu(day)] == [date(2022, 2, 3)]


@pytest.mark.parametrize(
    ("years", "count"),
    [
        ([2004, 2005, 2006, 2007, 2009, 2020], 10),
        ([2008, 2010, 2011, 2012, 2013, 2014, 2016, 2017, 2018, 2019, 2021, 2022, 2023, 2024], 11),
        ([2015], 12),
        ([2025, 2026], 13),
    ],
)
def test_each_year_has_as_many_days_off_as_the_law_of_its_time_gives(years: Any, count: int) -> None:
    """2015 had one day more by a notice; Mid-autumn fell into National Day in 2009 and 2020."""
    assert {sum(day.year == year for day in CORE_DAYS) for year in years} == {count}


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        ("2018-10-08", (2, 7)),
        ("2019-07-08", (4, 9)),
        ("2026-03-30", (2, 7)),
        ("2026-06-29", (1, 6)),
        ("2026-09-28", (5, 0)),
        ("2026-12-27", (5, 0)),
        ("2026-12-28", (4, 9)),
        ("2027-03-28", (4, 9)),
    ],
)
def test_the_rotation_has_the_published_pairs(day: str, monday: tuple[int, int]) -> None:
    assert rotating(date.fromisoformat(day))[0] == monday


@pytest.mark.parametrize(
    ("driven", "free"),
    [
        ([1, 2, 3, 4], [1, 2, 3, 4, 9, 10]),
        ([1, 2], [1, 2, 3, 7, 8, 9, 10]),
        ([1, 2, 4], [1, 2, 3, 9, 10]),
        ([], list(range(1, 11))),
    ],
)
def test_four_days_in_four_days_out_goes_as_in_the_worked_example(driven: list[int], free: list[int]) -> None:
    state, found = FRESH, []
    for day in range(1, 11):
        found += [day] if may_drive(state) else []
        state = after(state, driven=day in driven, enforced=True, free_days="reset")
    assert found == free


BY_HAND = """
beijing inside-5th-ring 2026-11-24T06:59 京A12341 allowed
beijing inside-5th-ring 2026-11-24T20:00 京A12341 allowed
beijing inside-5th-ring 2026-11-24T12:00 京A12346 banned
beijing inside-5th-ring 2026-11-24T12:00 京A12347 allowed
beijing inside-5th-ring 2026-11-23T12:00 京A临12342 banned
beijing inside-5th-ring 2026-10-01T12:00 京A12343 allowed
beijing inside-5th-ring 2026-11-24T12:00 京AD12341 unknown
beijing inside-5th-ring 2027-01-04T12:00 京A12344 unknown
beijing inside-5th-ring 2027-01-04T12:00 京A12343 allowed
beijing inside-5th-ring 2027-01-01T12:00 京A12343 allowed
beijing inside-5th-ring 2027-03-29T08:00 京A12343 unknown
beijing 5th-ring-main-road 2026-11-24T12:00 京A12341 allowed
beijing 5th-to-6th-ring 2026-11-24T12:00 冀B12341 conditional
beijing inside-5th-ring 2026-11-26T07:30 冀B12342 banned
tianjin inside-outer-ring 2026-11-23T12:00 津A1234K banned
tianjin inside-outer-ring 2026-11-23T08:00 京A12341 allowed
tianjin inside-outer-ring 2026-11-23T08:00 冀B12341 banned
tianjin inside-outer-ring 2026-11-23T12:00 冀B12341 allowed
tianjin inside-outer-ring 2026-10-10T12:00 津A12341 unknown
shanghai yanan-elevated 2025-10-03T12:00 苏E12345 allowed
shanghai yanan-elevated 2025-10-06T12:00 苏E12345 allowed
shanghai yanan-elevated 2025-10-07T12:00 苏E12345 unknown
shanghai yanan-elevated 2025-10-11T12:00 苏E12345 allowed
shanghai yanan-elevated 2025-06-12T12:00 沪A12345 allowed
hangzhou elevated 2024-05-14T09:30 浙A12348 allowed
hangzhou peak-area 2024-05-14T08:00 浙B12347 banned
hangzhou peak-area 2024-05-14T18:30 浙B12347 allowed
chongqing jiahua-bridge 2025-03-05T17:00 渝A1233K banned
chongqing jiahua-bridge 2026-03-04T17:00 渝A12343 unknown
chengdu inside-raocheng 2025-10-13T08:00 川A12341 banned
chengdu inside-raocheng 2025-10-13T08:00 川A1234K unknown
guiyang inside-1st-ring 2015-10-05T12:00 贵A1234K banned
guiyang inside-1st-ring 2025-07-02T12:00 湘A12341 conditional
guiyang inside-1st-ring 2015-10-05T12:00 湘A12341 allowed
guiyang inside-1st-ring 2026-02-02T12:00 贵A12341 banned
lanzhou restricted-area 2018-09-05T09:00 陕A12345 conditional
lanzhou restricted-area 2018-09-05T09:00 甘A12345 banned
lanzhou restricted-area 2018-09-29T09:00 甘A12344 banned
xian lintong 2026-11-13T12:00 陕A12345 banned
xian lintong 2026-11-14T00:00 陕A12345 unknown
xian inside-raocheng 2026-02-14T12:00 陕A12345 allowed
zhengzhou inside-3rd-ring 2023-10-07T12:00 豫A12345 unknown
jinan erhuan-east-elevated 2024-03-06T08:00 鲁B12345 banned
jinan erhuan-east-elevated 2024-03-06T12:00 鲁B12345 allowed
nanchang restricted-area 2022-05-09T12:00 赣A12341 banned
nanchang restricted-area 2022-11-07T12:00 赣A12341 unknown
nanchang restricted-area 2023-05-08T12:00 赣A12341 allowed
guangzhou control-area 2024-08-09T12:00 粤A12341 allowed
guangzhou control-area 2024-08-09T12:00 湘A12341 conditional
guangzhou control-area 2024-10-01T12:00 湘A12341 allowed
shenzhen city-roads 2024-08-09T08:00 湘A12341 banned
shenzhen city-roads 2023-02-03T08:00 湘A12341 allowed
shenzhen city-roads 2024-08-09T08:00 粤Z1234港 allowed
shijiazhuang inside-3rd-ring 2023-02-07T12:00 冀A12341 unknown
shijiazhuang inside-3rd-ring 2023-02-05T12:00 冀A12341 allowed
tangshan city-roads 2018-10-15T12:00 冀B12347 banned
tangshan city-roads 2018-10-15T12:00 冀B1232K banned
tangshan city-roads 2020-12-21T12:00 冀B12342 banned
handan inside-ring-road 2016-11-21T12:00 冀D12343 allowed
anyang restricted-area 2023-12-31T12:00 湘A12342 banned
taiyuan river-bank-segments 2024-03-05T08:00 晋A12342 banned
taiyuan binhe-road-segments 2024-03-05T18:00 晋A12342 banned
ningbo lingqiao 2026-10-02T12:00 浙B12343 banned
ningbo lingqiao 2021-06-30T12:00 浙BD12343 allowed
ningbo lingqiao 2021-07-01T12:00 浙BD12342 banned
mianyang anywhere 2026-10-02T12:00 川B12343 unknown
"""


@pytest.mark.parametrize("line", BY_HAND.split("\n")[1:-1])
def test_what_was_derived_by_hand_is_found(line: str) -> None:
    city, place, at, plate, expected = line.split()

    assert ask(city, place, at, plate) == expected


TRUCK = {"kind": "heavy_truck", "axles": 5}


@pytest.mark.parametrize(
    ("asked", "facts", "car", "expected"),
    [
        ("tianjin inside-outer-ring 2026-11-24T03:00 津A1234K", {"alert": "orange"}, TRUCK, "allowed"),
        ("tianjin inside-outer-ring 2026-11-25T03:00 津A1234K", {"alert": "orange"}, TRUCK, "banned"),
        ("tianjin inside-outer-ring 2026-11-25T03:00 津A1234K", {}, TRUCK, "unknown"),
        ("tangshan national-roads 2017-01-31T03:00 冀B12341", {}, TRUCK, "allowed"),
        ("tangshan national-roads 2017-01-26T03:00 冀B12341", {}, TRUCK, "banned"),
        ("tangshan national-roads 2017-01-26T03:00 冀B12341", {}, {"kind": "heavy_truck"}, "conditional"),
        ("hangzhou elevated 2024-05-14T09:30 浙A12347", {"regional_plate": True}, {}, "banned"),
        ("chengdu inside-raocheng 2025-10-13T06:30 川A12341", {"alert": "yellow"}, {}, "banned"),
        ("chengdu inside-raocheng 2025-10-13T04:00 川A12342", {"alert": "red"}, {}, "banned"),
        ("xian inside-raocheng 2026-11-06T09:00 陕A12345", {"transit": True}, {}, "allowed"),
        ("shenzhen city-roads 2024-08-09T08:00 湘A12341", {"exempt_day": True}, {}, "allowed"),
        ("beijing 5th-to-6th-ring 2026-11-28T03:00 冀B12341", {"entry_permit": False}, {}, "banned"),
        ("beijing 5th-to-6th-ring 2026-11-26T08:00 冀B12341", {"entry_permit": True}, {}, "allowed"),
        ("guangzhou control-area 2024-10-08T12:00 湘A12341", {"days_driven": ["2024-09-30"]}, {}, "allowed"),
        ("guangzhou control-area 2024-06-11T12:00 湘A12341", {"days_driven": ["2024-06-09"]}, {}, "banned"),
        ("anyang restricted-area 2023-12-31T12:00 湘A12342", {}, {"kind": "motorcycle"}, "banned"),
    ],
)
def test_facts_and_other_vehicles_count(
    asked: str, facts: dict[str, Any], car: dict[str, Any], expected: str
) -> None:
    city, place, at, plate = asked.split()

    assert ask(city, place, at, plate, facts=facts, **car) == expected


def test_a_missing_fact_is_named() -> None:
    at = datetime.fromisoformat("2018-09-05T09:00:00+08:00")
    found = evaluate("lanzhou", "restricted-area", at, {"plate": "陕A12345", "class": "small_passenger"})

    assert (found.passage, *found.needs) == ("conditional", "first_arrival")


def test_every_card_has_its_dates_and_every_date_its_card() -> None:
    assert {card for cards in CARDS.values() for card, *_ in cards} == set(validity.VALIDITY)


def test_wuhan_is_judged_as_by_the_older_judge() -> None:
    """Two evaluators of the same prose, at random; what either knows and the other does not is left out."""
    rand = random.Random(6)
    for _ in range(4_000):
        at = datetime(2011, 6, 1) + timedelta(seconds=rand.randrange(16 * 366 * 86400))  # noqa: DTZ001 wall time
        car = oracle.Car(
            tail=rand.randrange(10),
            is_letter=rand.random() < 0.2,
            kind=rand.choice(
                ["small_passenger"] * 5 + ["medium_passenger", "large_passenger", "light_truck"]
            ),
            use=rand.choice(["private", "private", "taxi", "bus"]),
            green=rand.random() < 0.2,
            seats=rand.randrange(2, 12),
            local=rand.random() < 0.7,
        )
        place = rand.choice(oracle.PLACES)
        told = {
            "plate": ("鄂A" if car.local else "湘A")
            + (f"123{car.tail}K" if car.is_letter else f"1234{car.tail}"),
            "class": car.kind,
            "use": car.use,
            "new_energy": car.green,
            "seats": car.seats,
            "height_m": car.height,
        }
        found = evaluate("wuhan", place, datetime.fromisoformat(at.isoformat() + "+08:00"), told)
        assert found.passage == oracle.passage(at, car, place), (at, place, told)


@pytest.mark.parametrize("city", CITIES)
def test_a_citys_questions_are_the_same_for_the_same_seed_and_ask_every_tail_and_place(city: str) -> None:
    asked, again = (list(questions(city, seed=6, every=400, minutes=30)) for _ in range(2))

    assert asked == again
    assert {question.place for question in asked} == set(CITIES[city].places)
    digits = {
        digit_told(question.vehicle.get("tractor_plate", question.vehicle["plate"])) for question in asked
    }
    assert digits == set("0123456789")


def digit_told(plate: str) -> str:
    return next(sign for sign in reversed(plate) if sign.isdigit())


def test_every_plate_that_is_asked_can_be_read_and_every_kind_but_one_is_asked() -> None:
    asked = [question for city in CITIES for question in questions(city, seed=6, every=300, minutes=20)]
    plates = [question.vehicle["plate"] for question in asked]
    plates += [question.vehicle.get("tractor_plate", plates[0]) for question in asked]

    kinds = {read_plate(plate).kind for plate in set(plates)}

    assert kinds == set(PlateKind) - {PlateKind.EMERGENCY}


@pytest.mark.parametrize(
    ("city", "card", "passages"),
    [
        ("beijing", "BJ-OUT", {"allowed", "banned", "unknown", "conditional"}),
        ("guangzhou", "GZ-44", {"allowed", "banned", "unknown", "conditional"}),
        ("lanzhou", "LZ-2018", {"allowed", "banned", "unknown", "conditional"}),
        ("tangshan", "TS-TRUCK-2016", {"allowed", "banned", "unknown", "conditional"}),
        ("tianjin", "TJ-TRUCK", {"allowed", "banned", "unknown"}),
        ("zhengzhou", "ZZ-2023", {"allowed", "banned", "unknown"}),
    ],
)
def test_a_cards_random_questions_meet_every_passage(city: str, card: str, passages: set[str]) -> None:
    asked = at_random(city, card, seed=6, count=800)

    assert {
        evaluate(one.city, one.place, one.at, one.vehicle, one.facts).passage for one in asked
    } == passages


def test_the_next_change_is_the_first_boundary_with_another_passage() -> None:
    car = {"plate": "京A12341", "class": "small_passenger"}
    at = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
    asked = Question(city="beijing", place="inside-5th-ring", at=at, vehicle=car, facts={})

    assert next_change(asked, within_days=9) == at.replace(hour=20)
    later = Question(city="beijing", place="inside-5th-ring", at=at.replace(hour=20), vehicle=car, facts={})
    assert next_change(later, within_days=9) == at.replace(day=1, month=12, hour=7)
