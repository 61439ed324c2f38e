"""What the language can say of other cities: pairs, tables, groups, origin, permits, history, alerts."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.restrictions.aloud import card_lines
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.errors import PackWrong
from daxiang.domains.restrictions.facts import ASKED
from daxiang.domains.restrictions.history import FreeDays, Run
from daxiang.domains.restrictions.reasons import FACT_NAMES
from daxiang.domains.restrictions.rules import Decision, decide
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Question, Vehicle, VehicleClass
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate
from tests.rules.packs import CARD, pack

TUESDAY = datetime(2026, 11, 24, 8, tzinfo=SHANGHAI)
PARITY = 'rule = "parity"\nletter = "last_digit_before"'
PAIRS = """rule = "weekday_pairs"
letter = "zero"
[clause.tail.pairs]
monday = [1, 6]
tuesday = [2, 7]
"""
ROTATION = """rule = "rotation"
letter = "zero"
[[clause.tail.period]]
from = 2026-09-28
to = 2026-12-27
monday = [5, 0]
tuesday = [1, 6]
"""
GROUPS = """rule = "date_groups"
letter = "last_digit_before"
[[clause.tail.group]]
tails = [1, 6]
dates = [1, 6, 11, 16, 21, 26, 31]
[[clause.tail.group]]
tails = [4, 9]
dates = [4, 9, 14, 19, 24, 29]
"""
ALL = 'rule = "all"'


def card(tail: str = PARITY, who: str = "", *, top: str = "", clause: str = "") -> str:
    """The small card with another tail rule, and more said of whom it binds."""
    text = CARD.replace(PARITY, tail.strip()).replace("[clause.who]\n", f"[clause.who]\n{who}\n")
    return text.replace("[provenance]", f"{top}\n[provenance]").replace("[[clause]]", f"[[clause]]\n{clause}")


def ask(cards: CityCards, at: datetime = TUESDAY, plate: str = "鄂A12347", **told: Any) -> Decision:
    facts = told.pop("facts", {})
    vehicle = Vehicle(plate=read_plate(plate), **told) if plate else Vehicle(**told)
    return decide(cards, Question(place="bridge", at=at, vehicle=vehicle, facts=facts))


@pytest.mark.parametrize(
    ("tail", "plate", "at", "passage", "digit"),
    [
        (PAIRS, "鄂A12347", TUESDAY, "banned", "7"),
        (PAIRS, "鄂A12346", TUESDAY, "allowed", "6"),
        (PAIRS, "鄂A1234K", TUESDAY, "allowed", "0"),
        (PAIRS, "鄂A12347", TUESDAY + timedelta(days=1), "allowed", "7"),  # no digits on a Wednesday
        (ROTATION, "鄂A12346", TUESDAY, "banned", "6"),
        (ROTATION, "鄂A1234K", TUESDAY - timedelta(days=1), "banned", "0"),
        (GROUPS, "鄂A12349", TUESDAY, "banned", "9"),
        (GROUPS, "鄂A12346", datetime(2026, 8, 31, 8, tzinfo=SHANGHAI), "banned", "6"),
        (GROUPS, "鄂A12346", datetime(2026, 8, 25, 8, tzinfo=SHANGHAI), "allowed", "6"),
    ],
)
def test_the_digits_of_the_day_are_those_that_the_card_names(
    tmp_path: Path, tail: str, plate: str, at: datetime, passage: str, digit: str
) -> None:
    found = ask(pack(tmp_path, T_1=card(tail)), at, plate)

    assert (found.passage, found.tail) == (passage, digit)


def test_a_day_that_no_published_period_reaches_is_unknown_and_says_so(tmp_path: Path) -> None:
    cards = pack(tmp_path, T_1=card(ROTATION))
    last, first = datetime(2026, 12, 25, 8, tzinfo=SHANGHAI), datetime(2026, 12, 28, 8, tzinfo=SHANGHAI)

    inside, beyond = ask(cards, last), ask(cards, first)

    assert (inside.passage, beyond.passage, beyond.cause) == ("allowed", "unknown", Cause.TABLE_ENDED)
    assert ask(cards, first.replace(hour=23)).passage == "allowed"


def test_worked_weekend_days_count_as_the_weekday_that_the_notice_puts_in_their_place(
    tmp_path: Path,
) -> None:
    text = card(PAIRS).replace('makeup_workday = "free"', 'makeup_workday = "as_weekday"')
    cards = pack(
        tmp_path, T_1=text.replace("[[clause]]", '[makeup_as]\n"2026-09-20" = "tuesday"\n[[clause]]')
    )
    mapped, unmapped = datetime(2026, 9, 20, 8, tzinfo=SHANGHAI), datetime(2026, 10, 10, 8, tzinfo=SHANGHAI)

    assert [ask(cards, mapped, plate).passage for plate in ("鄂A12347", "鄂A12346")] == ["banned", "allowed"]
    assert [ask(cards, unmapped, plate).passage for plate in ("鄂A12347", "鄂A12346")] == ["unknown"] * 2


@pytest.mark.parametrize(
    ("bridged", "bridge", "core"),
    [("restricted", "banned", "allowed"), ("free", "allowed", "allowed"), ("unknown", "unknown", "allowed")],
)
def test_a_notice_that_frees_core_statutory_days_alone_is_read_for_bridged_ones_as_it_says(
    tmp_path: Path, bridged: str, bridge: str, core: str
) -> None:
    cards = pack(tmp_path, T_1=card(ALL, clause=f'bridged_day = "{bridged}"'))
    days = [datetime(2026, 10, day, 10, tzinfo=SHANGHAI) for day in (6, 1, 3)]  # bridged, core, core Saturday

    assert [ask(cards, day).passage for day in days] == [bridge, core, "allowed"]


@pytest.mark.parametrize(
    ("who", "plate", "passage", "cause"),
    [
        ('exempt_plates = ["鲁A", "鲁S"]', "鲁S12347", "allowed", Cause.EXEMPT_PLATE),
        ('exempt_plates = ["鲁A", "鲁S"]', "鲁B12347", "banned", Cause.ORIGIN),
        ('plates = ["京"]', "京N12347", "banned", Cause.ORIGIN),
        ('plates = ["京"]', "津A12347", "unknown", Cause.NO_CARD),
        ('not_plates = ["京"]', "京N12347", "unknown", Cause.NO_CARD),
        ('exempt_plate_kinds = ["police"]', "鄂A1234警", "allowed", Cause.EXEMPT_PLATE),
        ('ends_in = "letter"', "鄂A1234K", "banned", Cause.CLASS),
        ('ends_in = "letter"', "鄂A12347", "unknown", Cause.NO_CARD),
        ('ends_in = "digit"', "鄂A临1234", "banned", Cause.CLASS),
        ('plate_kinds = ["temporary"]', "鄂A临1234", "banned", Cause.CLASS),
        ('plate_kinds = ["temporary"]', "鄂A12347", "unknown", Cause.NO_CARD),
        ('not_plate_kinds = ["coach"]', "鄂A1234学", "unknown", Cause.NO_CARD),
        ('plates = ["京"]\nexempt_plate_kinds = ["embassy"]', "123456使", "allowed", Cause.EXEMPT_PLATE),
        ("given = { regional_plate = true }", "鄂A12347", "unknown", Cause.NO_CARD),
        ("given = { regional_plate = false }", "鄂A12347", "banned", Cause.CLASS),
    ],
)
def test_the_plate_and_what_the_driver_tells_decide_whom_a_clause_binds(
    tmp_path: Path, who: str, plate: str, passage: str, cause: Cause
) -> None:
    found = ask(pack(tmp_path, T_1=card(ALL, who)), plate=plate)

    assert (found.passage, found.cause) == (passage, cause)


def test_a_class_that_the_notice_frees_is_allowed(tmp_path: Path) -> None:
    cards = pack(tmp_path, T_1=card(ALL, 'exempt_classes = ["large_passenger"]'))

    found = ask(cards, vehicle_class=VehicleClass.LARGE_PASSENGER)

    assert (found.passage, found.cause, ask(cards).passage) == ("allowed", Cause.EXEMPT_CLASS, "banned")


@pytest.mark.parametrize(
    ("facts", "passage", "needs"),
    [
        ({}, "conditional", ("entry_permit",)),
        ({"entry_permit": True}, "allowed", ()),
        ({"entry_permit": False}, "banned", ()),
    ],
)
def test_a_permit_that_nobody_spoke_of_leaves_the_answer_open_and_is_asked_for(
    tmp_path: Path, facts: dict[str, object], passage: str, needs: tuple[str, ...]
) -> None:
    found = ask(pack(tmp_path, T_1=card(ALL, 'exempt_given = ["entry_permit"]')), facts=facts)

    assert (found.passage, found.needs) == (passage, needs)


def test_the_day_of_arrival_alone_leaves_open_only_that_day(tmp_path: Path) -> None:
    cards = pack(tmp_path, T_1=card(ALL, 'exempt_first_arrival = "ever"'))

    days = [ask(cards, TUESDAY + timedelta(days=n), facts={"arrived_on": "2026-11-24"}) for n in (0, 1)]

    assert [(one.passage, one.needs) for one in days] == [("conditional", ("first_arrival",)), ("banned", ())]


def test_the_day_of_the_first_arrival_is_free_and_no_other(tmp_path: Path) -> None:
    cards = pack(tmp_path, T_1=card(ALL, 'exempt_first_arrival = "ever"'))
    told = {"arrived_on": "2026-11-24", "first_arrival": True}

    days = [ask(cards, TUESDAY + timedelta(days=n), facts=told).passage for n in (-1, 0, 1)]

    assert days == ["banned", "allowed", "banned"]
    assert ask(cards).needs == ("first_arrival",)


def test_a_run_of_days_needs_the_days_driven_and_knows_when_it_is_over(tmp_path: Path) -> None:
    text = card(ALL).replace(
        "[[sanction]]", '[clause.run]\non = 4\noff = 4\nfree_days = "reset"\n[[sanction]]'
    )
    cards = pack(tmp_path, T_1=text.replace('["workday"]', '["daily"]').replace('"free"', '"restricted"'))
    driven = [f"2026-11-{day}" for day in (20, 21, 22, 23)]

    found = ask(cards, facts={"days_driven": driven})

    assert (found.passage, found.cause) == ("banned", Cause.RUN_OVER)
    assert ask(cards, facts={"days_driven": driven[1:]}).passage == "allowed"
    assert ask(cards, TUESDAY + timedelta(days=4), facts={"days_driven": driven}).passage == "allowed"
    assert ask(cards).needs == ("days_driven",)


@given(st.sets(st.integers(0, 40)), st.integers(1, 5), st.integers(1, 5))
def test_the_count_of_days_agrees_with_trying_out_every_day_in_turn(
    driven: set[int], on: int, off: int
) -> None:
    start = date(2026, 1, 1)
    run = Run(on=on, off=off, free_days=FreeDays.COUNT_AS_STOP)
    days = frozenset(start + timedelta(days=n) for n in driven)
    history = ""
    for n in range(45):
        # By the letters of the days so far: D driven, - idle. A rest is `off` idle days in a row; between two
        # rests the car may be driven on at most `on` days, and those in a row.
        since = re.split("-" * off, history)[-1] if history else ""
        since = since.lstrip("-")
        is_over = bool(since) and (len(since) >= on or "-" in since or "D" not in since)
        found = run.may_be_over(days, start + timedelta(days=n), lambda _day: False)
        assert found == {is_over}, (history, n)
        history += "D" if n in driven else "-"


def test_a_card_for_an_alert_is_silent_until_one_is_on_and_then_takes_the_place_of_the_other(
    tmp_path: Path,
) -> None:
    alert = card(ALL, top='alert = ["red"]\nreplaces = ["T-1"]').replace('id = "T-1"', 'id = "A-1"')
    alert = alert.replace('hours = ["07:00-22:00"]', 'hours = ["03:00-24:00"]')
    cards = pack(tmp_path, T_1=card(), A_1=alert)
    at = TUESDAY.replace(hour=6)

    assert (ask(cards, at).passage, ask(cards, at, facts={"alert": "orange"}).passage) == ("allowed",) * 2
    found = ask(cards, at, facts={"alert": "red"})
    assert (found.passage, found.rule) == ("banned", "A-1")


def test_a_gap_and_a_card_in_doubt_make_nothing_certain(tmp_path: Path) -> None:
    gap = pack(tmp_path / "gap", T_1=card(ALL, clause='outcome = "unknown"'))
    doubt = pack(tmp_path / "doubt", T_1=card(ALL).replace('confidence = "L"', 'confidence = "K?"'))

    assert (ask(gap).cause, ask(gap, TUESDAY.replace(hour=23)).passage) == (Cause.GAP, "allowed")
    assert {ask(doubt, TUESDAY.replace(hour=hour)).cause for hour in (8, 23)} == {Cause.DOUBTED}


def test_the_first_breaches_cost_nothing_where_the_notice_lets_them_off(tmp_path: Path) -> None:
    cards = pack(tmp_path, T_1=card(ALL).replace("points = 1", "points = 1\nfirst_free = 2"))

    kinds = [
        (found := ask(cards, facts={"violation_days_this_period": days}).sanction) and found.kind
        for days in ([], ["2026-11-02"], ["2026-11-02", "2026-11-03"])
    ]

    assert kinds == ["none", "none", "fine"]


@pytest.mark.parametrize("tail", [PARITY, PAIRS, ROTATION, GROUPS, ALL])
def test_any_card_reads_aloud(tmp_path: Path, tail: str) -> None:
    cards = pack(tmp_path, T_1=card(tail, 'exempt_plates = ["鲁A"]\nexempt_given = ["pass"]'))

    text = "\n".join(card_lines(cards.cards[0], cards.places))

    assert "鲁A号牌车、有通行证的" in text
    assert "None" not in text


@settings(max_examples=40)
@given(
    tail=st.sampled_from([PARITY, PAIRS, ROTATION, GROUPS]),
    hours=st.integers(0, 24 * 200),
    plate=st.sampled_from(["鄂A12347", "鄂A1234K", "鄂AD12340", "湘A12341", "鄂A1234学"]),
)
def test_until_is_exact_whatever_the_rule_of_the_tail(
    tmp_path_factory: pytest.TempPathFactory, tail: str, hours: int, plate: str
) -> None:
    cards = pack(tmp_path_factory.mktemp("pack"), T_1=card(tail))
    at = datetime(2026, 6, 1, 0, 30, tzinfo=SHANGHAI) + timedelta(hours=hours)

    found = ask(cards, at, plate)

    if found.until is not None:
        assert ask(cards, found.until, plate).passage != found.passage
        just_before = found.until - timedelta(seconds=1)
        step = max((just_before - at) / 50, timedelta(seconds=1))
        tried = [at + step * n for n in range(50) if at + step * n < found.until] + [just_before]
        assert {ask(cards, one, plate).passage for one in tried} == {found.passage}


@pytest.mark.parametrize(
    ("right", "slip", "said"),
    [
        (PAIRS, PAIRS.replace("[2, 7]", "[2, 17]"), "tail.pairs.tuesday 要写成一列0到9之间的整数"),
        (PAIRS, PAIRS.replace("tuesday", "tuseday"), "tail.pairs.tuseday 没有这个字段"),
        (ROTATION, ROTATION.replace("to = 2026-12-27", "to = 2026-09-27"), "period[1].to 不能早于 from"),
        (GROUPS, GROUPS.replace("[4, 9, 14", "[4, 6, 14"), "group[2].dates 里有一天已经写在别的组里"),
        (PAIRS, PAIRS.replace('"zero"', '"banned"'), "tail.letter 不能写 'banned'"),
    ],
)
def test_a_slip_in_a_table_of_digits_is_named(tmp_path: Path, right: str, slip: str, said: str) -> None:
    assert right != slip

    with pytest.raises(PackWrong, match=re.escape(said)):
        pack(tmp_path, T_1=card(slip))


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ('plates = ["鲁山"]', "who.plates 里的 '鲁山' 不是车牌开头"),
        ("given = { permit = true }", "who.given.permit 没有这件事，可写的有：entry_permit"),
        ('exempt_given = ["days_driven"]', "里不写 days_driven，要写成 [clause.run]"),
        ('exempt_first_arrival = "once"', "who.exempt_first_arrival 不能写 'once'，可写的有：ever、month"),
        ("exempt_new_energy_until = 2021-07-01T00:00:00", "只在 exempt_new_energy = true 时写"),
    ],
)
def test_a_slip_in_whom_a_clause_binds_is_named(tmp_path: Path, who: str, said: str) -> None:
    with pytest.raises(PackWrong, match=re.escape(said)):
        pack(tmp_path, T_1=card(ALL, who))


def test_every_fact_that_an_answer_can_hang_on_has_a_name_in_chinese() -> None:
    facts = {"tail", "seats", "height_m", "axles", "is_local", "origin", "tractor_plate"}

    assert facts | set(ASKED) <= set(FACT_NAMES)


def test_a_trailer_without_its_tractor_asks_for_that_plate(tmp_path: Path) -> None:
    tail = PAIRS.replace('letter = "zero"', 'letter = "zero"\nplate = "tractor"')
    text = card(tail).replace('classes = ["small_passenger"]', 'classes = ["trailer"]')
    cards = pack(tmp_path, T_1=text)

    found = ask(cards, plate="鄂A1234挂", vehicle_class=VehicleClass.TRAILER)
    pulled = ask(
        cards,
        plate="鄂A1234挂",
        vehicle_class=VehicleClass.TRAILER,
        tractor_plate=read_plate("鄂A12347"),
    )

    assert (found.passage, found.needs) == ("conditional", ("tractor_plate",))
    assert "牵引车的车牌" in found.reason
    assert (pulled.passage, pulled.tail) == ("banned", "7")


@pytest.mark.parametrize(
    ("plate", "said"),
    [("鄂A1234K", "尾号是字母的"), ("鄂A1234学", "尾号是汉字的"), ("鄂A临1234", "临时号牌")],
)
def test_what_the_notice_does_not_say_of_a_plate_is_named(tmp_path: Path, plate: str, said: str) -> None:
    tail = PAIRS.replace('letter = "zero"', 'letter = "unknown"\nhanzi = "unknown"\ntemporary = "unknown"')
    found = ask(pack(tmp_path, T_1=card(tail)), plate=plate)

    assert (found.cause, said in found.reason) == (Cause.LETTER_UNSAID, True)
