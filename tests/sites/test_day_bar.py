"""The hours of a day as figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.public.day_bar import day_bar


@dataclass(frozen=True)
class Span:
    start_hour: float
    end_hour: float
    passage: str


DAY = (Span(0, 7, "allowed"), Span(7, 22, "banned"), Span(22, 24, "allowed"))
TEN_PAST_EIGHT = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)


def test_the_parts_fill_the_day() -> None:
    bar = day_bar(DAY, now=TEN_PAST_EIGHT)
    assert bar is not None
    assert sum(float(part.width[:-1]) for part in bar.parts) == pytest.approx(100, abs=0.02)
    assert [(part.tone, part.x) for part in bar.parts] == [
        ("may", "0.00%"),
        ("maynot", "29.17%"),
        ("may", "91.67%"),
    ]


def test_it_says_the_same_in_a_sentence() -> None:
    bar = day_bar(DAY, now=TEN_PAST_EIGHT)
    assert bar is not None
    assert bar.spoken == "这一天：0:00到7:00能走，7:00到22:00不能走，22:00到24:00能走。现在 8:10"


def test_a_day_with_one_answer_has_no_bar() -> None:
    assert day_bar((Span(0, 24, "allowed"),), now=TEN_PAST_EIGHT) is None


def test_another_day_has_no_mark_for_now() -> None:
    bar = day_bar(DAY, now=None)
    assert bar is not None
    assert bar.now is None


@pytest.mark.parametrize(("hour", "anchor"), [(0, "start"), (12, "middle"), (23, "end")])
def test_the_label_of_now_never_leaves_the_page(hour: int, anchor: str) -> None:
    bar = day_bar(DAY, now=TEN_PAST_EIGHT.replace(hour=hour))
    assert bar is not None
    assert bar.now is not None
    assert bar.now.anchor == anchor


def test_words_drop_before_hours_do() -> None:
    bar = day_bar((Span(0, 1, "banned"), Span(1, 24, "allowed")), now=None)
    assert bar is not None
    assert [part.word for part in bar.parts] == ["", "能走"]
    assert [tick.text for tick in bar.ticks] == ["0:00"]  # 1:00 would touch it


def test_a_passage_nobody_knows_is_drawn_as_uncertain() -> None:
    bar = day_bar((Span(0, 12, "new"), Span(12, 24, "allowed")), now=None)
    assert bar is not None
    assert (bar.parts[0].tone, bar.parts[0].word) == ("unknown", "不确定")
