"""What a card can say beyond odd and even: closures, waivers, bounds, days of the week, silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.rules import Decision, decide
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage, Question, Vehicle
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate
from tests.rules.packs import CARD, CROSSINGS, WAIVER, pack, refusal

SECOND = timedelta(seconds=1)
TUESDAY = datetime(2026, 11, 24, 8, tzinfo=SHANGHAI)
ODD = Vehicle(tail="5")
CLOSURE = """
[[closure]]
id = "works"
says = "夜里封闭"
days = ["saturday", "sunday"]
makeup_workday = "restricted"
hours = ["23:00-05:00"]
"""


def ask(cards: CityCards, at: datetime = TUESDAY, vehicle: Vehicle = ODD) -> Decision:
    return decide(cards, Question(place="bridge", at=at, vehicle=vehicle))


def test_a_waiver_lifts_a_clause_within_its_hours_and_is_the_rule_that_decided(tmp_path: Path) -> None:
    cards = pack(tmp_path, T_1=CARD, W_1=WAIVER)

    before, inside = ask(cards), ask(cards, TUESDAY.replace(hour=9))

    assert (before.passage, before.until, before.rule) == ("banned", TUESDAY.replace(hour=9), "T-1")
    assert (inside.passage, inside.until, inside.rule) == ("allowed", TUESDAY.replace(hour=17), "W-1")
    assert inside.reason == "这段时间临时放开，不分单双号"


def test_a_waiver_that_does_not_say_how_makeup_workdays_count_leaves_them_unknown(tmp_path: Path) -> None:
    card = CARD.replace('makeup_workday = "free"', 'makeup_workday = "restricted"')
    waiver = WAIVER.replace('["daily"]', '["workday"]').replace('"restricted"', '"unknown"')
    waiver = waiver.replace("from = 2026-11-01", "from = 2026-10-01")
    cards = pack(tmp_path, T_1=card, W_1=waiver)

    found = ask(cards, datetime(2026, 10, 10, 10, tzinfo=SHANGHAI))

    assert (found.passage, found.cause) == ("unknown", Cause.MAKEUP_UNSAID)


def test_a_closure_on_days_of_the_week_holds_on_holidays_too_and_runs_on_past_midnight(
    tmp_path: Path,
) -> None:
    cards = pack(tmp_path, T_1=CARD + CLOSURE)
    sunday_in_golden_week = datetime(2026, 10, 4, 23, tzinfo=SHANGHAI)

    closed = [ask(cards, sunday_in_golden_week + timedelta(hours=hours)) for hours in (-1, 0, 5, 6, 24)]

    assert [found.is_closed for found in closed] == [False, True, True, False, False]
    assert closed[1].until == datetime(2026, 10, 5, 5, tzinfo=SHANGHAI)


def test_a_closure_gives_nobody_leave_outside_its_hours(tmp_path: Path) -> None:
    only_closed = CARD[: CARD.index("[[clause]]")] + CLOSURE
    found = ask(pack(tmp_path, T_1=only_closed))

    assert (found.passage, found.cause) == ("unknown", Cause.NO_CARD)


def test_where_a_notice_is_silent_on_letters_only_a_plate_with_a_letter_is_unknown(tmp_path: Path) -> None:
    cards = pack(tmp_path, T_1=CARD.replace('"last_digit_before"', '"unknown"'))

    digit, letter = (ask(cards, vehicle=Vehicle(plate=read_plate(one))) for one in ("鄂A12345", "鄂A1235K"))

    assert (digit.passage, letter.passage, letter.cause) == ("banned", "unknown", Cause.LETTER_UNSAID)
    assert ask(cards, TUESDAY.replace(hour=23), Vehicle(plate=read_plate("鄂A1235K"))).passage == "allowed"


@pytest.mark.parametrize(
    ("vehicle", "passage"),
    [
        (Vehicle(tail="5"), "banned"),
        (Vehicle(tail="5", use="taxi"), "unknown"),
        (Vehicle(tail="4", use="taxi"), "allowed"),
        (Vehicle(tail="5", new_energy=True), "unknown"),
        (Vehicle(tail="4", new_energy=True), "allowed"),
    ],
)
def test_an_exemption_that_nobody_read_of_makes_a_ban_unknown_and_leaves_leave(
    tmp_path: Path, vehicle: Vehicle, passage: str
) -> None:
    text = CARD.replace("exempt_new_energy = false", 'exempt_new_energy = "unknown"\nunsaid_uses = ["taxi"]')

    assert ask(pack(tmp_path, T_1=text), vehicle=vehicle).passage == passage


@pytest.mark.parametrize(
    ("bound", "inside", "outside"),
    [
        ("seats_at_least = 7", {"seats": 7}, {"seats": 6}),
        ("seats_at_most = 7", {"seats": 7}, {"seats": 8}),
        ("taller_than_m = 2.5", {"height_m": 2.51}, {"height_m": 2.5}),
        ('origin = "non_local"', {"is_local": False}, {"is_local": True}),
        ('origin = "local"', {"is_local": True}, {"is_local": False}),
    ],
)
def test_a_bound_takes_in_what_it_says_and_of_the_rest_the_card_says_nothing(
    tmp_path: Path, bound: str, inside: dict[str, Any], outside: dict[str, Any]
) -> None:
    cards = pack(tmp_path, T_1=CARD.replace("[clause.who]\n", f"[clause.who]\n{bound}\n"))

    found = [ask(cards, vehicle=Vehicle(tail="5", **facts)) for facts in (inside, outside, {})]

    assert [one.passage for one in found] == ["banned", "unknown", "conditional"]
    assert found[2].needs == tuple(inside)


@pytest.mark.parametrize(
    ("right", "slip", "said"),
    [
        ("[clause.who]", '[clause.who]\nseats_at_least = "九"', "who.seats_at_least 要写成2到99之间的整数"),
        ("[clause.who]", "[clause.who]\ntaller_than_m = 300", "who.taller_than_m 要写成1到6之间的数"),
        (
            "[clause.who]",
            '[clause.who]\norigin = "鄂A"',
            "who.origin 不能写 '鄂A'，可写的有：local、non_local",
        ),
        ("[clause.who]", '[clause.who]\nunsaid_uses = ["cab"]', "who.unsaid_uses 不能写 'cab'"),
        (
            "exempt_uses = []",
            'exempt_uses = ["taxi"]\nunsaid_uses = ["taxi"]',
            "who.unsaid_uses 里的 taxi 也写在 exempt_uses 里，只留一处",
        ),
        ('["workday"]', '["saturday", "workday"]', "clause[1].days 不能写 'saturday'，可写的有：workday"),
        ('["workday"]', '["caturday"]', "或者只写星期几（monday…），或者只写"),
        ('sanction = "sign"', "", "clause[1].sanction 没有写"),
        ("[[clause]]", '[[clause]]\nplaces = ["tunnel"]', "clause[1].places 里的 tunnel 不在这张卡的 places"),
        ('layer = "base"', 'layer = "waiver"', "lift 没有写"),
        (
            'layer = "base"',
            'layer = "exception"',
            "layer 不能写 'exception'，可写的有：base、addition、waiver",
        ),
        ("points = 1", "points = 1\nyear = 2026", "sanction[1].year 没有这个字段"),
        (
            "from = 2026-01-01T00:00:00\nkind",
            "from = 2026-01-01T08:00:00\nkind",
            "sanction[1].from 要写成零点",
        ),
        ("verified_on = 2026-06-01", 'verified_on = "2026-13"', "只知道年月就写"),
    ],
)
def test_a_slip_in_the_wider_language_is_named_with_what_would_be_right(
    tmp_path: Path, right: str, slip: str, said: str
) -> None:
    assert right in CARD

    told = refusal(tmp_path, said, T_1=CARD.replace(right, slip, 1))

    assert told.startswith("testtown/restrictions/T-1.toml：")


@pytest.mark.parametrize(
    ("right", "slip", "said"),
    [
        ('of = "T-1"', 'of = "T-9"', "lift[1].of 写的 T-9 没有这张卡"),
        ('["only"]', '["other"]', "lift[1].clauses 里的 other 不是 T-1 的一段，可写的有：only"),
        ("[[lift]]", "[[clause]]", "lift 没有写"),
    ],
)
def test_a_waiver_names_a_card_and_clauses_that_there_are(
    tmp_path: Path, right: str, slip: str, said: str
) -> None:
    assert "testtown" in refusal(tmp_path, said, T_1=CARD, W_1=WAIVER.replace(right, slip, 1))


@pytest.mark.parametrize(
    ("right", "slip", "said"),
    [
        (
            'kind = "bridge"',
            'kind = "ferry"',
            "place[1].kind 不能写 'ferry'，可写的有：bridge、tunnel、road、area",
        ),
        ('["北岸", "南岸"]', '["北岸"]', "place[1].banks 要写两岸，顺水看先左后右"),
        ("order = 1\n", "", "place[1].order 没有写"),
        ('datum = "WGS-84"', 'datum = "GCJ-02"', "datum 要写 WGS-84"),
        (
            "stand_ins = []",
            'stand_ins = []\n[place.stand_ins_to]\n"东岸" = ["bridge"]',
            "place[1].stand_ins 里的 bridge 不是另一个录入的地方",
        ),
        (
            "stand_ins = []",
            'stand_ins = []\n[[way]]\nfrom = "北岸"\nto = "东岸"\ncrossings = ["bridge"]',
            "way[1].to 里的 东岸 不是哪条江的一岸，可写的有：北岸、南岸",
        ),
        (
            "stand_ins = []",
            'stand_ins = []\n[[way]]\nfrom = "北岸"\nto = "南岸"\ncrossings = ["ferry"]',
            "way[1].crossings 里的 ferry 没有录入，可写的有：bridge",
        ),
        (
            "stand_ins = []",
            'stand_ins = []\n[[river]]\nname = "江"\nleft = "北岸"\nline = [[114.2, 30.5]]',
            "river[1].line 要写成一串点",
        ),
    ],
)
def test_a_slip_in_the_crossings_is_named_with_what_would_be_right(
    tmp_path: Path, right: str, slip: str, said: str
) -> None:
    assert right in CROSSINGS

    told = refusal(tmp_path, said, crossings=CROSSINGS.replace(right, slip, 1))

    assert told.startswith("testtown/crossings.toml：")


@settings(max_examples=40, deadline=None)
@given(
    rule=st.sampled_from(["parity", "next_to_date"]),
    shut=st.tuples(st.integers(0, 1439), st.integers(1, 1439)),
    weekdays=st.sets(st.sampled_from(["monday", "wednesday", "saturday", "sunday"]), min_size=1),
    lifted=st.tuples(st.integers(0, 1439), st.integers(1, 1439)),
    first=st.integers(0, 40 * 1440),
    tail=st.sampled_from([*"0123456789", None]),
    seats=st.sampled_from([5, 9, None]),
    asked=st.integers(0, 60 * 86400),
    tried=st.lists(st.floats(0, 0.999999), min_size=20, max_size=20),
)
def test_until_is_exact_whatever_is_closed_lifted_bounded_or_missing(
    rule: str,
    shut: tuple[int, int],
    weekdays: set[str],
    lifted: tuple[int, int],
    first: int,
    tail: str | None,
    seats: int | None,
    asked: int,
    tried: list[float],
) -> None:
    start = datetime(2026, 8, 20, tzinfo=SHANGHAI)
    begins = (start + timedelta(minutes=first)).replace(tzinfo=None)
    card = CARD.replace('"parity"', f'"{rule}"').replace(
        "[clause.who]\n", "[clause.who]\nseats_at_most = 7\n"
    )
    closure = CLOSURE.replace('"saturday", "sunday"', ", ".join(f'"{day}"' for day in sorted(weekdays)))
    waiver = WAIVER.replace('"09:00-17:00"', window(lifted))
    waiver = waiver.replace("2026-11-01T00:00:00", begins.isoformat())
    waiver = waiver.replace("2026-12-01T00:00:00", (begins + timedelta(days=9)).isoformat())
    with TemporaryDirectory() as folder:
        cards = pack(Path(folder), T_1=card + closure.replace('"23:00-05:00"', window(shut)), W_1=waiver)
    at, vehicle = start + timedelta(seconds=asked), Vehicle(tail=tail, seats=seats)

    found = ask(cards, at, vehicle)

    until = found.until or at + timedelta(days=360)
    between = [at + (until - at) * part for part in tried]
    assert {ask(cards, instant, vehicle).passage for instant in between} == {found.passage}
    if found.until:
        assert ask(cards, found.until, vehicle).passage is not found.passage
        assert ask(cards, max(at, found.until - SECOND), vehicle).passage is found.passage
    assert (found.passage is Passage.CONDITIONAL) is bool(found.needs)


def window(of: tuple[int, int]) -> str:
    start, length = of
    end = (start + length) % 1440
    return f'"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"'
