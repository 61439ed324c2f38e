"""The two bridges of Wuhan: the written cases, and brute force over years."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import Decision, day_spans, decide
from daxiang.domains.restrictions.timeline import Cause
from daxiang.domains.restrictions.values import Passage, Question, Vehicle, VehicleClass
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate
from tests.rules import oracle

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases/restrictions.jsonl").read_text("utf-8").splitlines()
]
TAILS = [Vehicle(tail=str(digit)) for digit in range(10)]
BRIDGES = ("changjiang-bridge", "jianghan-bridge")
SECOND = timedelta(seconds=1)


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]  # year, month, day at least


def ask(at: datetime, *, place: str = "changjiang-bridge", **vehicle: Any) -> Decision:
    return decide(load_city("wuhan"), Question(place=place, at=at, vehicle=Vehicle(**vehicle)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_each_written_case_is_answered_as_expected(case: dict[str, Any]) -> None:
    told, expected = case["vehicle"], case["expect"]

    decision = ask(
        datetime.fromisoformat(case["at"]),
        place=case["place"],
        plate=read_plate(told["plate"]),
        vehicle_class=VehicleClass(told["class"]),
        use=told["use"],
        new_energy=told["new_energy"],
    )

    assert {key: getattr(decision, key) for key in expected} == expected


def test_five_years_of_both_bridges_agree_with_brute_force() -> None:
    cards, rand = load_city("wuhan"), random.Random(20191102)
    wrong = []
    for number in range(5 * 365 + 1):
        midnight = beijing(2022, 1, 1) + timedelta(days=number)
        edges = [midnight + timedelta(hours=hour) for hour in (7, 22)]
        instants = [edge + step for edge in edges for step in (-SECOND, timedelta(0), SECOND)]
        instants += [midnight, midnight + timedelta(minutes=rand.randrange(1440))]
        for at in instants:
            for tail, vehicle in enumerate(TAILS):
                found = decide(cards, Question(place=BRIDGES[number % 2], at=at, vehicle=vehicle))
                if found.passage != oracle.passage(at, tail=tail):
                    wrong.append((at, tail, found.passage))
    assert wrong == []


@given(
    at=st.datetimes(datetime(2019, 10, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - the zone is put on below
    tail=st.integers(0, 9),
    kind=st.sampled_from(list(VehicleClass)),
    use=st.sampled_from(
        ["private", "taxi", "ride_hailing", "bus", "school_bus", "rental", "training", "马车"]
    ),
    green=st.booleans(),
)
def test_every_class_use_and_colour_agrees_with_brute_force(
    at: datetime, tail: int, kind: VehicleClass, use: str, green: bool
) -> None:
    at = at.replace(tzinfo=SHANGHAI)
    found = ask(at, tail=str(tail), vehicle_class=kind, use=use, new_energy=green)

    assert found.passage == oracle.passage(at, tail=tail, kind=kind, use=use, green=green)
    assert (found.sanction is not None) is (found.passage is Passage.BANNED)


@given(at=st.datetimes(datetime(2019, 10, 1), datetime(2028, 1, 1)), tail=st.integers(0, 9))  # noqa: DTZ001
def test_until_is_the_very_next_change_that_brute_force_finds(at: datetime, tail: int) -> None:
    at = at.replace(tzinfo=SHANGHAI)

    assert ask(at, tail=str(tail)).until == oracle.next_change(at, tail=tail, within_days=369)


@given(day=st.dates(date(2019, 10, 1), date(2027, 12, 31)), tail=st.integers(0, 9))
def test_the_spans_of_a_day_are_gapless_and_say_what_decide_says(day: date, tail: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    question = Question(place="jianghan-bridge", at=midnight, vehicle=Vehicle(tail=str(tail)))

    spans = day_spans(load_city("wuhan"), question, day)

    assert [spans[0].start, *(span.end for span in spans)] == [
        *(span.start for span in spans),
        midnight + timedelta(days=1),
    ]
    for span in spans:
        assert ask(span.start, tail=str(tail)).passage is span.passage
        assert ask(span.end - SECOND, tail=str(tail)).passage is span.passage


def test_without_a_tail_the_answer_is_conditional_only_where_the_tail_matters() -> None:
    by_day, by_night = ask(beijing(2026, 11, 24, 8)), ask(beijing(2026, 11, 24, 23))

    assert (by_day.passage, by_day.needs) == (Passage.CONDITIONAL, ("tail",))
    assert (by_night.passage, by_night.needs) == (Passage.ALLOWED, ())


def test_a_day_of_a_year_not_loaded_is_unknown_with_its_readings() -> None:
    found = ask(beijing(2027, 1, 5, 8), tail="6")

    assert (found.passage, found.cause, found.day) == (Passage.UNKNOWN, Cause.CALENDAR_MISSING, None)
    assert found.readings == ((DayKind.WORKDAY, Passage.BANNED), (DayKind.HOLIDAY, Passage.ALLOWED))
    assert found.reason == "2027年的放假和调休安排还没录入，不知道那天上不上班"


def test_a_truck_on_the_second_bridge_is_unknown_and_so_is_any_car_in_the_tunnel() -> None:
    at = beijing(2026, 11, 25, 9)

    truck = ask(at, place="changjiang-second-bridge", vehicle_class=VehicleClass.LIGHT_TRUCK, tail="1")
    tunnel = ask(at, place="changjiang-tunnel", tail="1")

    assert [(found.passage, found.rule) for found in (truck, tunnel)] == [(Passage.UNKNOWN, None)] * 2


def test_the_second_bridge_is_on_record_as_open_only_since_its_own_rule_ended() -> None:
    edge = beijing(2015, 7, 22)

    before = ask(edge - SECOND, place="changjiang-second-bridge", tail="1")
    after = ask(edge, place="changjiang-second-bridge", tail="1")

    assert (before.passage, before.until, after.passage) == (Passage.UNKNOWN, edge, Passage.ALLOWED)


@pytest.mark.parametrize(
    ("at", "points"),
    [(beijing(2022, 3, 31, 10), None), (beijing(2022, 4, 1, 10), 1)],
    ids=["before", "since"],
)
def test_the_one_point_holds_only_since_the_ministry_said_so(at: datetime, points: int | None) -> None:
    sanction = ask(at, vehicle_class=VehicleClass.HEAVY_TRUCK).sanction

    assert sanction is not None
    assert (sanction.points, sanction.fine_fen) == (points, None)


@pytest.mark.parametrize(
    ("at", "vehicle", "reason"),
    [
        (beijing(2026, 11, 24, 8, 10), {"tail": "5"}, "双日只准双号，尾号5要到22:00后才能走"),
        (beijing(2026, 11, 28, 10), {"tail": "5"}, "28日（周六）是休息日，不分单双号"),
        (beijing(2026, 10, 3, 10), {"tail": "5"}, "国庆节放假，不分单双号"),
        (beijing(2026, 11, 25, 22, 30), {"tail": "6"}, "单双号只管7:00–22:00，这个时候能走"),
        (beijing(2026, 11, 25, 9), {"tail": "6", "use": "taxi"}, "出租车不受单双号限制"),
        (beijing(2026, 11, 25, 9), {"tail": "6", "new_energy": True}, "绿牌小客车不受单双号限制"),
    ],
)
def test_the_reason_is_one_plain_sentence(at: datetime, vehicle: dict[str, Any], reason: str) -> None:
    assert ask(at, **vehicle).reason == reason


def test_a_rule_that_nobody_signed_for_comes_with_the_day_it_was_last_looked_at() -> None:
    found = ask(beijing(2026, 11, 24, 8), tail="5")

    assert found.caution == "这条规定最近核对于 2025-12-09，请留意现场标志"
    assert found.source is not None
    assert found.source.line.startswith("武汉长江大桥、江汉桥单双号通行通告")
