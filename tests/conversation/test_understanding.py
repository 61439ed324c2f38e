"""What a line means: certain things only."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.understand import (
    AsksByTail,
    GaveLetter,
    InDanger,
    NotUnderstood,
    PlateNotReadable,
    understand,
)
from daxiang.kernel.clock import SHANGHAI

TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", ["5", " 5 ", "５", "尾号5", "尾号是5", "我的尾号是５", "车牌尾号5", "5。"])
def test_a_tail_is_understood_in_any_spelling(text: str) -> None:
    assert understand(text) == AsksByTail(tail="5")


@pytest.mark.parametrize("text", ["鄂A12345", "鄂a12345", "鄂A·１２３４５", "鄂A 123 45", "鄂A-12345"])
def test_a_plate_is_understood_in_any_spelling(text: str) -> None:
    intent = understand(text)
    assert isinstance(intent, AsksByTail)
    assert (intent.tail, intent.plate and intent.plate.number) == ("5", "鄂A12345")


def test_a_plate_that_ends_in_letters_counts_by_its_last_digit() -> None:
    intent = understand("鄂A71B2Z")
    assert isinstance(intent, AsksByTail)
    assert intent.tail == "2"


def test_a_letter_alone_is_asked_back() -> None:
    assert understand("k") == GaveLetter(letter="K")


@pytest.mark.parametrize(
    "text", ["明天 5", "5 6", "12", "那周六呢", "长江大桥 5", "", "。。。", "😀", "٣", "५"]
)
def test_anything_more_than_is_certain_is_not_guessed_at(text: str) -> None:
    assert understand(text) == NotUnderstood()


def test_a_plate_with_the_letter_o_is_explained() -> None:
    assert isinstance(understand("鄂A1234O"), PlateNotReadable)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("我被撞了", "120 122"),
        ("撞车了怎么办", "120 122"),
        ("追尾了怎么处理", "120 122"),
        ("新闻路有人被撞", "120 122"),
        ("撞到护栏了", "120 122"),
        ("有人受伤了", "120 122"),
        ("有人受傷", "120 122"),
        ("5 我流血了", "120 122"),
        ("出车祸了有人受伤怎么处理", "120 122"),
        ("怎么预防受伤的人感染", "120 122"),
        ("车着火了", "119 120 122"),
        ("撞车着火了有人受伤", "119 120 122"),
        ("有人持刀", "110 120 122"),
        ("追尾了对方打人", "110 120 122"),
    ],
)
def test_danger_puts_every_number_on_the_first_line_whatever_else_is_said(text: str, numbers: str) -> None:
    for kind in ("service", "subscription"):
        reply = reply_to_text(text, account_kind=kind, city="no such city", at=TUESDAY)
        assert reply.kind == "danger"
        assert all(number in reply.text.splitlines()[0] for number in numbers.split())


@pytest.mark.parametrize(
    "text", ["轮胎没气了", "抢车位", "我要打人工", "预防追尾讲座", "5", "谢谢", "鄂A12345"]
)
def test_harmless_words_are_not_danger(text: str) -> None:
    assert not isinstance(understand(text), InDanger)


@given(st.text(max_size=60))
def test_every_text_has_a_meaning(text: str) -> None:
    understand(text)
