"""The two bridges of Wuhan: the written cases, and brute force over years."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import Decision, closures_at, day_spans, decide
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage, Question, Vehicle, VehicleClass
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate
from tests.rules import oracle

WRITTEN = (Path(__file__).parents[1] / "cases/restrictions.jsonl").read_text("utf-8").splitlines()
CASES = [case for case in map(json.loads, WRITTEN) if case["city"] == "wuhan"]
TUNNEL = {"place": "changjiang-tunnel", "tail": "5", "seats": 5}
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
        seats=told.get("seats"),
    )

    assert {key: getattr(decision, key) for key in expected} == expected


@given(
    day=st.dates(date(2013, 12, 1), date(2027, 12, 31)),
    tail=st.integers(0, 9),
    place=st.sampled_from(oracle.PLACES),
)
def test_the_spans_of_a_day_are_gapless_and_say_what_decide_says(day: date, tail: int, place: str) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    question = Question(place=place, at=midnight, vehicle=Vehicle(tail=str(tail)))

    spans = day_spans(load_city("wuhan"), question, day)

    assert [spans[0].start, *(span.end for span in spans)] == [
        *(span.start for span in spans),
        midnight + timedelta(days=1),
    ]
    for span in spans:
        assert ask(span.start, place=place, tail=str(tail)).passage is span.passage
        assert ask(span.end - SECOND, place=place, tail=str(tail)).passage is span.passage


def test_without_a_tail_the_answer_is_conditional_only_where_the_tail_matters() -> None:
    by_day, by_night = ask(beijing(2026, 11, 24, 8)), ask(beijing(2026, 11, 24, 23))

    assert (by_day.passage, by_day.needs) == (Passage.CONDITIONAL, ("tail",))
    assert (by_night.passage, by_night.needs) == (Passage.ALLOWED, ())


def test_a_day_of_a_year_not_loaded_is_unknown_with_its_readings() -> None:
    found = ask(beijing(2027, 1, 5, 8), tail="6")

    assert (found.passage, found.cause, found.day) == (Passage.UNKNOWN, Cause.CALENDAR_MISSING, None)
    assert found.readings == ((DayKind.WORKDAY, Passage.BANNED), (DayKind.HOLIDAY, Passage.ALLOWED))
    assert found.reason == "2027年的放假和调休安排还没录入，不知道那天上不上班"


def test_a_truck_on_the_second_bridge_is_unknown_and_in_a_tunnel_it_is_banned() -> None:
    at = beijing(2026, 11, 25, 9)

    found = [
        ask(at, place=place, vehicle_class=VehicleClass.LIGHT_TRUCK, tail="1")
        for place in ("changjiang-second-bridge", "changjiang-tunnel")
    ]

    assert [(one.passage, one.rule) for one in found] == [("unknown", None), ("banned", "WH-TUNNEL")]


def test_on_the_second_bridge_its_own_rule_ends_and_leave_is_on_record_from_then_on() -> None:
    edge = beijing(2015, 7, 22)

    before = ask(edge - SECOND, place="changjiang-second-bridge", tail="1", is_local=True)
    after = ask(edge, place="changjiang-second-bridge", tail="1")

    assert (before.rule, before.passage) == ("WH-2014-ADJ", Passage.ALLOWED)
    assert (after.rule, after.passage, after.cause) == (None, Passage.ALLOWED, Cause.OPEN)


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


def test_a_rule_that_nobody_signed_for_says_so_on_a_page_and_in_the_chat_only_when_it_is_old() -> None:
    line = "这条规定最近核对于 2025-12-09，请留意现场标志"
    fresh, old = ask(beijing(2026, 12, 9, 8), tail="5"), ask(beijing(2026, 12, 10, 8), tail="5")

    assert (fresh.caution, fresh.page_caution) == (None, line)
    assert (old.caution, old.page_caution) == (line, line)
    assert fresh.source is not None
    assert fresh.source.line.startswith("武汉长江大桥、江汉桥单双号通行通告")


def test_a_tunnel_is_open_until_its_works_begin_and_then_shut_to_everybody() -> None:
    before, inside = ask(beijing(2026, 11, 26, 0, 20), **TUNNEL), ask(beijing(2026, 11, 26, 1), **TUNNEL)

    assert (before.passage, before.until, before.is_closed) == ("allowed", beijing(2026, 11, 26, 1), False)
    assert (inside.passage, inside.until, inside.is_closed) == ("banned", beijing(2026, 11, 26, 5), True)
    assert inside.reason == "长江隧道每天1:00–5:00封闭养护，5:00开"
    assert inside.cause is Cause.CLOSED
    assert inside.sanction is None
    assert before.caution == "这条规定最近核对于 2021年，请留意现场标志"


@pytest.mark.parametrize(
    ("place", "vehicle", "passage", "reason"),
    [
        ("changjiang-tunnel", {"seats": 9}, "banned", "长江隧道只准9座以下的车，9座及以上不能走"),
        ("changjiang-tunnel", {"seats": 8}, "allowed", "长江隧道不在限行范围内，能走"),
        ("changjiang-tunnel", {}, "conditional", "要知道座位数才能答"),
        ("east-lake-tunnel", {"seats": 5, "height_m": 3.1}, "banned", "东湖隧道限高3米，高过的车不能走"),
        ("east-lake-tunnel", {"seats": 5, "height_m": 3.0}, "allowed", "东湖隧道不在限行范围内，能走"),
        ("east-lake-tunnel", {}, "conditional", "要知道座位数、车高才能答"),
        (
            "changjiang-tunnel",
            {"vehicle_class": VehicleClass.LIGHT_TRUCK},
            "banned",
            "货车全天禁行，跟尾号、时间没关系",
        ),
    ],
)
def test_seats_and_height_settle_a_tunnel_and_are_asked_for_when_they_are_missing(
    place: str, vehicle: dict[str, Any], passage: str, reason: str
) -> None:
    found = ask(beijing(2026, 11, 26, 9), place=place, tail="5", **vehicle)

    assert (found.passage, found.reason) == (passage, reason)


def test_a_plate_says_itself_whether_it_is_local() -> None:
    peak = beijing(2014, 1, 8, 7, 30)

    found = [
        ask(peak, place="changjiang-second-bridge", plate=read_plate(number))
        for number in ("鄂A12342", "湘A12342")
    ]
    bare = ask(peak, place="changjiang-second-bridge", tail="2")

    assert [one.passage for one in found] == ["allowed", "banned"]
    assert (bare.passage, bare.needs, bare.reason) == (
        "conditional",
        ("is_local",),
        "要知道是本地车还是外地车才能答",
    )


def test_a_notice_of_the_east_lake_that_has_run_out_is_named_and_decides_nothing() -> None:
    found = ask(beijing(2026, 11, 28, 10), place="east-lake-moshan", tail="5", seats=5)

    assert (found.passage, found.cause, found.rule, found.source) == ("unknown", Cause.RUN_OUT, None, None)
    assert found.last is not None
    assert (found.last.since, found.last.until) == (beijing(2025, 5, 1), beijing(2025, 5, 6))


def test_a_reading_of_a_notice_that_could_be_another_is_marked_as_ours() -> None:
    found = ask(beijing(2022, 5, 7, 10), place="east-lake", tail="6", seats=5, is_local=True)

    assert found.passage is Passage.ALLOWED
    assert found.reason.endswith("这是我们的理解")


def test_places_with_a_tail_rule_are_two_today_and_were_four_in_2014() -> None:
    cards = load_city("wuhan")

    assert [place.id for place in cards.restricted_places()] == list(oracle.BRIDGES)
    assert [place.id for place in cards.tail_places(beijing(2026, 11, 24))] == list(oracle.BRIDGES)
    assert {place.id for place in cards.tail_places(beijing(2014, 3, 3))} == {
        *oracle.BRIDGES,
        "changjiang-second-bridge",
        "changjiang-tunnel",
    }


@pytest.mark.parametrize(
    ("place", "hours"),
    [
        ("changjiang-tunnel", ["1:00–5:00"]),
        ("gongtie-tunnel", ["0:00–5:00"]),
        ("shuiguohu-tunnel", []),
        ("changjiang-bridge", []),
    ],
)
def test_the_works_of_a_tunnel_can_be_asked_for(place: str, hours: list[str]) -> None:
    found = closures_at(load_city("wuhan"), place, beijing(2026, 11, 25))

    assert [str(window) for clause in found for window in clause.hours] == hours
