"""The form of a card: what it can say, and how a slip of the pen is caught."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.errors import PackWrong, PlaceUnknown, TimeUnusable
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage, Question, Vehicle
from daxiang.kernel.clock import SHANGHAI
from tests.rules.packs import CARD, CROSSINGS, pack, refusal

SECOND = timedelta(seconds=1)
NOON_24 = datetime(2026, 11, 24, 12, tzinfo=SHANGHAI)


def passage_at(cards: CityCards, at: datetime, tail: str = "2") -> Passage:
    return decide(cards, Question(place="bridge", at=at, vehicle=Vehicle(tail=tail))).passage


@pytest.mark.parametrize(
    ("right", "slip", "said"),
    [
        ('["07:00-22:00"]', '["7点到22点"]', "clause[1].hours 不能写 '7点到22点'，要写成 \"07:00-22:00\""),
        ('["07:00-22:00"]', '["07:00-25:00"]', "clause[1].hours 里的 '07:00-25:00' 不是一段钟点"),
        ('["07:00-22:00"]', '["07:60-22:00"]', "clause[1].hours 里的"),
        ('["workday"]', '["makeup_workday"]', "clause[1].days 不能写 'makeup_workday'"),
        ('["workday"]', '["daily"]', "clause[1].makeup_workday 要写"),
        ('makeup_workday = "free"', "", "clause[1].makeup_workday 没有写"),
        (
            '"small_passenger"',
            '"small_car"',
            "clause[1].who.classes 不能写 'small_car'，可写的有：small_passenger",
        ),
        ("exempt_new_energy = false", 'exempt_new_energy = "no"', "exempt_new_energy 要写成 true 或 false"),
        ("exempt_new_energy = false", "exempt_green = false", "who.exempt_new_energy 没有写"),
        ('letter = "last_digit_before"', "", "clause[1].tail.letter 没有写"),
        ('layer = "base"', 'layer = "base"\nlayr = "base"', "layr 没有这个字段"),
        ('id = "T-1"', 'id = "T-2"', "id 要和文件名一样：T-1"),
        ('city = "testtown"', 'city = "wuhan"', "city 要和城市文件夹一样：testtown"),
        ("from = 2026-01-01T00:00:00\nuntil", "from = 2026-01-01\nuntil", "validity.from 要写成北京时间"),
        ('until = "further_notice"', "until = 2025-01-01T00:00:00", "validity.until 要晚于 from"),
        ('sanction = "sign"', 'sanction = "sing"', "clause[1].sanction 写的 sing 没有对应"),
        ("points = 1", "points = -1", "sanction[1].points 要写成不小于0的整数"),
        ('places = ["bridge"]', 'places = ["brige"]', "places 里的 brige 没有录入，可写的有：bridge"),
        ("verified_on = 2026-06-01", 'verified_on = "去年"', "provenance.verified_on 要写成日期"),
        ('title = "试验通告"', "title = 试验通告", "不是 UTF-8 的 TOML 文件"),
    ],
)
def test_a_broken_card_names_file_and_field_and_what_would_be_right(
    tmp_path: Path, right: str, slip: str, said: str
) -> None:
    assert right in CARD

    told = refusal(tmp_path, said, T_1=CARD.replace(right, slip, 1))

    assert told.startswith("testtown/restrictions/T-1.toml：")


def test_a_stand_in_must_be_another_place_of_the_pack(tmp_path: Path) -> None:
    with pytest.raises(PackWrong, match="bridge 不是另一个录入的地方"):
        pack(tmp_path, crossings=CROSSINGS.replace("stand_ins = []", 'stand_ins = ["bridge"]'))


def test_a_window_across_midnight_belongs_to_the_day_it_began_on(tmp_path: Path) -> None:
    cards = pack(tmp_path, T_1=CARD.replace("07:00-22:00", "22:00-06:00"))
    friday_night = datetime(2026, 11, 27, 23, tzinfo=SHANGHAI)

    nights = [passage_at(cards, friday_night + timedelta(hours=hours)) for hours in (0, 6, 7, 24)]

    assert nights == [Passage.BANNED, Passage.BANNED, Passage.ALLOWED, Passage.ALLOWED]


def test_a_card_that_has_run_out_leaves_unknown_and_never_leave_to_pass(tmp_path: Path) -> None:
    cards = pack(tmp_path, T_1=CARD.replace('"further_notice"', "2026-11-25T14:00:00"))
    end = datetime(2026, 11, 25, 14, tzinfo=SHANGHAI)

    last = decide(cards, Question(place="bridge", at=end - SECOND, vehicle=Vehicle(tail="2")))
    after = decide(cards, Question(place="bridge", at=end, vehicle=Vehicle(tail="2")))

    assert (last.passage, last.until, last.reason) == (Passage.BANNED, end, "单日只准单号，尾号2不能走")
    assert (after.passage, after.cause, after.rule, after.until) == (
        Passage.UNKNOWN,
        Cause.RUN_OUT,
        None,
        None,
    )


def test_a_lasting_rule_that_has_run_out_is_still_asked_for_and_a_passing_one_is_not(tmp_path: Path) -> None:
    ended = CARD.replace('"further_notice"', "2026-11-25T14:00:00")
    lasting = pack(tmp_path / "lasting", T_1=ended)
    passing = pack(tmp_path / "passing", T_1=ended.replace('layer = "base"', 'layer = "addition"'))

    assert [place.id for place in lasting.restricted_places()] == ["bridge"]
    assert passing.restricted_places() == ()
    for cards in (lasting, passing):
        assert [len(cards.tail_places(beijing)) for beijing in (NOON_24, NOON_24 + timedelta(days=2))] == [
            1,
            0,
        ]


def test_a_successor_ends_the_card_it_supersedes(tmp_path: Path) -> None:
    later = (
        CARD.replace('id = "T-1"', 'id = "T-2"')
        .replace("supersedes = []", 'supersedes = ["T-1"]')
        .replace("from = 2026-01-01T00:00:00\nuntil", "from = 2026-11-25T00:00:00\nuntil")
        .replace("07:00-22:00", "07:00-09:00")
    )
    cards = pack(tmp_path, T_1=CARD, T_2=later)
    ten = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)

    assert [passage_at(cards, ten + timedelta(days=days)) for days in (0, 2)] == ["banned", "allowed"]


def test_a_checked_and_fresh_card_needs_no_caution(tmp_path: Path) -> None:
    cards = pack(tmp_path)
    at = datetime(2026, 11, 24, 8, tzinfo=SHANGHAI)

    fresh = decide(cards, Question(place="bridge", at=at, vehicle=Vehicle(tail="5")))
    old = decide(cards, Question(place="bridge", at=at + timedelta(days=300), vehicle=Vehicle(tail="5")))

    assert fresh.caution is None
    assert old.caution == "这条规定最近核对于 2026-06-01，请留意现场标志"
    assert fresh.source is not None
    assert fresh.source.line == "试验通告，试〔2026〕1号"


@settings(max_examples=40)
@given(
    starts=st.lists(st.integers(0, 1439), min_size=1, max_size=3, unique=True),
    length=st.integers(1, 1439),
    days=st.sampled_from(['["workday"]', '["weekend", "holiday"]', '["workday", "weekend"]']),
    makeup=st.sampled_from(["restricted", "free", "unknown"]),
    ends=st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 1)),  # noqa: DTZ001 - written without a zone
    tail=st.sampled_from("0123456789"),
    asked=st.integers(0, 90 * 86400),
    tried=st.lists(st.floats(0, 0.999999), min_size=20, max_size=20),
)
def test_until_is_exact_for_any_hours_days_and_end(
    starts: list[int],
    length: int,
    days: str,
    makeup: str,
    ends: datetime,
    tail: str,
    asked: int,
    tried: list[float],
) -> None:
    # Windows that overlap are refused: of those, the ones drawn first are kept.
    kept: list[int] = []
    for start in starts:
        if all(length <= (start - other) % 1440 <= 1440 - length for other in kept):
            kept.append(start)
    hours = [f'"{clock(start)}-{clock((start + length) % 1440)}"' for start in kept]
    text = CARD.replace('"07:00-22:00"', ", ".join(hours)).replace('["workday"]', days)
    text = text.replace('makeup_workday = "free"', f'makeup_workday = "{makeup}"')
    text = text.replace('"further_notice"', f"{ends.replace(microsecond=0).isoformat()}")
    with TemporaryDirectory() as folder:
        cards = pack(Path(folder), T_1=text)
    at = datetime(2026, 8, 15, tzinfo=SHANGHAI) + timedelta(seconds=asked)

    found = decide(cards, Question(place="bridge", at=at, vehicle=Vehicle(tail=tail)))

    until = found.until or at + timedelta(days=360)
    between = [at + (until - at) * part for part in tried]
    assert {passage_at(cards, instant, tail) for instant in between} == {found.passage}
    if found.until:
        assert passage_at(cards, found.until, tail) is not found.passage
        assert passage_at(cards, max(at, found.until - SECOND), tail) is found.passage


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def test_a_place_or_time_that_cannot_be_answered_is_named(tmp_path: Path) -> None:
    cards = pack(tmp_path)
    at = datetime(2026, 11, 24, 8, tzinfo=SHANGHAI)

    with pytest.raises(PlaceUnknown, match="no-such-bridge"):
        decide(cards, Question(place="no-such-bridge", at=at, vehicle=Vehicle()))
    for bad in (at.replace(tzinfo=None), at.replace(year=9999), at.replace(year=1)):
        with pytest.raises(TimeUnusable):
            decide(cards, Question(place="bridge", at=bad, vehicle=Vehicle()))
