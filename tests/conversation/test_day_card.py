"""What the picture of the day says: every mark and name holds for each minute of the day's traffic hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.design.day_card.draw import draw_day
from daxiang.design.day_card.values import DayCard, Tone
from daxiang.domains.conversation.day_card import DAYTIME, day_card
from daxiang.domains.restrictions.drawing import map_of
from daxiang.domains.restrictions.queries import load_city, pack_folder
from daxiang.domains.restrictions.rules import Decision, decide
from daxiang.domains.restrictions.values import Passage, Question, Vehicle
from daxiang.kernel.clock import SHANGHAI

CARDS = load_city("wuhan")
TUESDAY = date(2026, 11, 24)
days = st.dates(date(2026, 1, 1), date(2027, 3, 1))
tails = st.sampled_from("0123456789")


def drawn(tail: str, day: date, *, is_green: bool = False) -> DayCard:
    city_map = map_of(pack_folder("wuhan"))
    assert city_map is not None
    vehicle = Vehicle(tail=tail, new_energy=is_green, seats=5, height_m=2.0)
    return day_card(CARDS, vehicle=vehicle, subject=f"尾号{tail}", day=day, city_map=city_map)


def through_the_day(place: str, tail: str, day: date, *, is_green: bool = False) -> list[Decision]:
    """The decision at every ten minutes of the hours for which a mark holds."""
    vehicle = Vehicle(tail=tail, new_energy=is_green, seats=5, height_m=2.0)
    start, end = (datetime.combine(day, hour, SHANGHAI) for hour in DAYTIME)
    instants = [start + timedelta(minutes=10 * n) for n in range((end - start) // timedelta(minutes=10))]
    return [decide(CARDS, Question(place=place, at=at, vehicle=vehicle)) for at in instants]


@given(tails, days, st.booleans())
def test_a_green_mark_holds_the_whole_daytime(tail: str, day: date, is_green: bool) -> None:
    for place, marked in drawn(tail, day, is_green=is_green).marks.items():
        passages = {one.passage for one in through_the_day(place, tail, day, is_green=is_green)}
        assert (marked.tone is Tone.MAY) == (passages == {Passage.ALLOWED})


@given(tails, days)
def test_whatever_is_named_as_open_is_open_the_whole_daytime(tail: str, day: date) -> None:
    named = {name for way in drawn(tail, day).ways for name in way.names}
    for place in CARDS.places.values():
        if place.short_name in named:
            assert {one.passage for one in through_the_day(place.id, tail, day)} == {Passage.ALLOWED}


@given(tails, days)
def test_the_line_for_the_family_is_true_of_every_tail_that_it_names(tail: str, day: date) -> None:
    line = drawn(tail, day).family
    if not line.startswith("家里尾号"):
        return
    digits = line.removeprefix("家里尾号").split("的车")[0].split()
    for digit in digits:
        said = {
            place.short_name: {one.passage for one in through_the_day(place.id, digit, day)}
            for place in CARDS.restricted_places()
        }
        if line.endswith("都能走。"):
            assert set.union(*said.values()) == {Passage.ALLOWED}
        if line.endswith("不能走。"):
            assert all(Passage.BANNED in said[name] for name in said if name in line)


def test_the_words_of_a_restricted_tuesday() -> None:
    card = drawn("5", TUESDAY)
    assert (card.headline, card.until) == ("长江大桥、江汉桥不能走", "7:00–22:00")
    assert card.family == "家里尾号0 2 4 6 8的车，这一天都能走。"
    assert [(way.label, way.names) for way in card.ways] == [
        ("过长江走", ("鹦鹉洲大桥", "长江二桥", "长江隧道")),
        ("过汉江走", ("月湖桥", "晴川桥")),
    ]
    assert card.notes[1] == "依据：两桥单双号通告，2019年11月2日起。最近核对于 2025-12-09。"


@pytest.mark.parametrize(
    ("day", "headline"),
    [
        (date(2026, 11, 28), "长江大桥、江汉桥都能走"),
        (date(2026, 10, 10), "长江大桥、江汉桥不确定"),
        (date(2027, 1, 5), "长江大桥、江汉桥不确定"),
    ],
)
def test_rest_days_makeup_workdays_and_years_not_loaded(day: date, headline: str) -> None:
    assert drawn("6" if day.day == 5 else "5", day).headline == headline


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2027, 1, 1)])
def test_a_picture_that_is_kept_over_the_new_year_still_says_which_day_it_is_for(day: date) -> None:
    assert drawn("5", day).date.startswith(f"{day.year}年{day.month}月{day.day}日")


def test_no_picture_says_today_or_shows_a_plate() -> None:
    card = drawn("5", TUESDAY)
    words = "".join((card.date, card.subject, card.headline, card.until, card.family, *card.notes))
    assert not {"今天", "明天", "现在", "鄂A"} & {words[i : i + 2] for i in range(len(words))}


def test_every_kind_of_day_is_small_enough_for_a_family_group() -> None:
    kinds = [("5", TUESDAY), ("6", TUESDAY), ("5", date(2026, 11, 28)), ("5", date(2026, 10, 10))]
    assert max(len(draw_day(drawn(tail, day))) for tail, day in kinds) <= 100_000
