"""What one message may cost: counted in readings and cases, for texts of whatever words are known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from math import prod
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.conversation import cases, driving
from daxiang.domains.conversation.asking import MOST_OPEN_CASES
from daxiang.domains.conversation.cases import MOST_CASES, MOST_CASES_OF_READINGS, Case
from daxiang.domains.conversation.meaning import Asks
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.replies import Reply, ReplyKind
from daxiang.domains.conversation.understand import LONGEST_QUESTION, names_of, understand
from daxiang.domains.conversation.understanding.readings import MOST_READINGS, combined
from daxiang.domains.conversation.understanding.when import LONGEST_STRETCH
from daxiang.domains.restrictions.queries import load_city
from tests.conversation.people import instant

NAMES = names_of(load_city("wuhan"))
PIECES = (
    *("5", "尾号6", "尾号1和2和3", "鄂A12345", "豫S1234K", "12", "K", "单号", "双号", "货车", "客车", "校车"),
    *(
        "出租或货车",
        "绿牌",
        "9座",
        "外地车",
        "不是",
        "28号",
        "3号",
        "1号",
        "25号到28号",
        "12.3",
        "周六",
        "国庆",
    ),
    *("下周", "明天", "下个月8号", "8点", "8:30", "早高峰", "高峰", "晚上10点到明早8点", "半小时后", "现在"),
    *("二桥", "大桥", "长江隧道", "隧道", "武昌", "汉口", "医院", "北京", "到", "从", "去", "和", "，", " "),
    *("能走吗", "开着没", "什么时候能走", "那", "呢", "不对", "依维柯"),
)
WORDS = (*PIECES, *sorted(word for _, words in NAMES.words.values() for word in words), *NAMES.signs)
NOW = instant("2026-11-25T00:00")
MOST_WORK = MOST_CASES_OF_READINGS + 5 * MOST_OPEN_CASES + MOST_CASES


@contextmanager
def counted() -> Iterator[list[Case]]:
    """The cases that are reckoned for questions, with nothing kept from before."""
    driving.forget()
    found: list[Case] = []
    asked = cases.cases_of

    def count(*args: Any) -> list[Case]:
        reckoned = asked(*args)
        found.extend(reckoned)
        return reckoned

    with (
        patch.object(driving, "cases_of", count),
        patch("daxiang.domains.conversation.routes.cases_of", count),
    ):
        yield found


def reply(text: str, minutes: int = 0) -> Reply:
    at = NOW + timedelta(minutes=minutes)
    return reply_to_text(text, account_kind="service", city="wuhan", at=at)


texts = st.builds(
    lambda pieces, joint: joint.join(pieces),
    st.lists(st.sampled_from(PIECES) | st.sampled_from(WORDS), min_size=1, max_size=60),
    st.sampled_from(("", " ", "，", "和")),
).map(lambda text: text[:LONGEST_QUESTION])


@given(text=texts, minutes=st.integers(0, 60 * 24 * 90))
@settings(max_examples=250, deadline=None)
def test_no_text_costs_more_than_a_few_cases(text: str, minutes: int) -> None:
    meant = understand(text, now=NOW + timedelta(minutes=minutes), names=NAMES)
    if isinstance(meant, Asks):
        assert len(meant.readings) <= MOST_READINGS
        hours = [one.hours for one in (meant, *meant.readings) if one.hours and one.hours.end]
        assert all((one.end or 0) - one.start <= LONGEST_STRETCH for one in hours)
    with counted() as found:
        reply(text, minutes)
    assert len(found) <= MOST_WORK


@given(options=st.lists(st.lists(st.integers(), min_size=1, max_size=4), max_size=40))
def test_readings_are_bounded_and_say_when_something_is_left_out(options: list[list[int]]) -> None:
    found, is_cut = combined(options)
    words = next((n for n in range(len(options), 1, -1) if prod(map(len, options[:n])) <= MOST_READINGS), 1)
    assert found == list(product(*options[:words]))[:MOST_READINGS]
    assert is_cut is (prod(map(len, options)) > MOST_READINGS)


@pytest.mark.parametrize(
    "text",
    [
        "、".join(f"{day}号" for day in range(1, 25)),
        "和".join(f"货车{number % 10}" for number in range(20)),
        "客车和" * 40,
        "单号和双号和" * 15 + "25号到28号",
    ],
)
def test_a_list_without_end_is_cut_and_given_no_certain_verdict(text: str) -> None:
    meant = understand(text, now=NOW, names=NAMES)
    assert isinstance(meant, Asks)
    assert len(meant.readings) <= MOST_READINGS
    assert reply(text).kind is ReplyKind.ASK_BACK


@pytest.mark.parametrize(
    "text", ["5 28号晚上8点到2098年5月1日10点", "6 今天晚上8点到国庆10点", "5 今晚10点到12月20号8点"]
)
def test_a_stretch_of_weeks_is_asked_day_by_day(text: str) -> None:
    with counted() as found:
        said = reply(text)
    assert (said.kind, found) == (ReplyKind.ASK_BACK, [])
    assert "一天一天问我" in said.text


@pytest.mark.parametrize(
    ("text", "says_rest", "lines"),
    [
        ("25号到28号 6", False, 2),
        ("25号到12月20号 6", True, 3),
        ("25号到27号 6", False, 3),
        ("尾号1、2、3 25号到27号", True, 4),
        ("尾号1、2 25号到26号", False, 4),
        ("尾号1、2、3、4", True, 3),
    ],
)
def test_more_cars_or_days_than_are_answered_are_asked_to_come_by_themselves(
    text: str, says_rest: bool, lines: int
) -> None:
    said = reply(text, minutes=690).text.splitlines()
    assert ("其余的请分开问我。" in said) is says_rest
    assert (
        sum("能走" in line and not line.startswith(("过", "明天（26日 周四）7:00")) for line in said) >= lines
    )
