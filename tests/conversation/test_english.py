"""English: words of danger bring the numbers, the usual question gets the answer that Chinese gets."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.conversation.meaning import Danger
from daxiang.domains.conversation.queries import english_places, reply_to_text
from daxiang.domains.conversation.replies import LONGEST_BUBBLE, Reply
from daxiang.domains.conversation.texts import danger
from daxiang.domains.conversation.understand import dangers_in
from daxiang.domains.conversation.understanding.english import in_chinese
from daxiang.domains.conversation.understanding.normal import normal

NOW = datetime.fromisoformat("2026-11-25T11:30+08:00")
PLACES = english_places("wuhan")
BRIDGES = [("Yangtze River Bridge", "长江大桥"), ("2nd bridge", "长江二桥"), ("Jianghan Bridge", "江汉桥")]
DAYS = [("today", "今天"), ("tomorrow", "明天"), ("on Saturday", "周六"), ("the day after tomorrow", "后天")]
HARMLESS = [
    "where is the nearest fire station",
    "traffic jam on the bridge",
    "crash test results",
    "blood donation",
    "is there a deadline",
    "accident insurance price",
    "can I smoke in my car",
    "emergency lane rules",
]


def ask(words: str) -> Reply:
    return reply_to_text(words, account_kind="service", city="wuhan", at=NOW)


@given(st.sampled_from("0123456789"), st.sampled_from(BRIDGES), st.sampled_from(DAYS))
def test_the_same_question_in_english_has_the_same_answer(
    tail: str, bridge: tuple[str, str], day: tuple[str, str]
) -> None:
    english = ask(f"Can I drive over the {bridge[0]} {day[0]}? My plate ends in {tail}.")
    assert english.text == ask(f"尾号{tail} {day[1]} {bridge[1]}").text


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("TRUCK TOMORROW 8 PM", "货车明天晚上8点"),
        ("5 AT 12 AM", "5 凌晨0点"),
        ("6 12:30 PM", "6 中午12点30分"),
        ("PARROT BRIDGE", "PARROT BRIDGE"),
        ("DAY AFTER TOMORROW", "后天"),
        ("ASDFGHJ", "ASDFGHJ"),
    ],
)
def test_known_words_are_put_into_chinese_and_the_rest_stays(english: str, chinese: str) -> None:
    assert in_chinese(english, PLACES) == chinese


@given(st.from_regex(r"[京沪鄂豫湘粤][A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}", fullmatch=True))
def test_no_plate_is_changed_by_english(plate: str) -> None:
    assert in_chinese(normal(plate), PLACES) == plate


@given(st.text(max_size=60))
def test_any_text_can_be_put_into_chinese(text: str) -> None:
    line = normal(text)
    assert in_chinese(line, PLACES) == line or any(sign.isascii() for sign in line)


@pytest.mark.parametrize("words", HARMLESS)
def test_harmless_english_is_left_in_peace(words: str) -> None:
    assert dangers_in(words) == frozenset()


def test_danger_in_english_is_answered_with_an_english_line_too() -> None:
    lines = ask("my car is on fire").text.splitlines()
    assert "119" in lines[0]
    assert lines[-1].startswith("Call 119 (fire)")


@pytest.mark.parametrize("number", ["110", "119", "120", "122"])
def test_who_types_a_number_is_told_to_dial_it(number: str) -> None:
    reply = ask(number)
    assert number in reply.text.splitlines()[0]
    assert "不能替您打" in reply.text.splitlines()[0]
    assert len(reply.text) <= LONGEST_BUBBLE


@pytest.mark.parametrize("kind", list(Danger))
def test_each_danger_alone_fits_into_a_bubble_with_its_english_line(kind: Danger) -> None:
    assert len(danger(frozenset({kind}))) <= LONGEST_BUBBLE
