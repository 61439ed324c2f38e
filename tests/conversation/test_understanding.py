"""What a line means: certain things only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.conversation.understand import (
    AsksByTail,
    Danger,
    GaveLetter,
    InDanger,
    NotUnderstood,
    PlateNotReadable,
    understand,
)


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
    ("text", "danger"),
    [
        ("我被撞了", Danger.CRASH),
        ("撞车了怎么办", Danger.CRASH),
        ("有人受伤了", Danger.INJURY),
        ("5 我流血了", Danger.INJURY),
        ("车着火了", Danger.FIRE),
        ("有人持刀", Danger.CRIME),
    ],
)
def test_danger_comes_before_everything_else(text: str, danger: Danger) -> None:
    assert understand(text) == InDanger(danger=danger)


@given(st.text(max_size=60))
def test_every_text_has_a_meaning(text: str) -> None:
    understand(text)
