"""这周哪几天能走: every day is told once, on the line of what the cards say of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.conversation.chinese import weekday
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.replies import Reply, ReplyKind
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import day_spans
from daxiang.domains.restrictions.values import Passage, Question, Vehicle, VehicleClass
from daxiang.kernel.clock import SHANGHAI

WUHAN = load_city("wuhan")
NOON = datetime(2026, 11, 25, 11, 30, tzinfo=SHANGHAI)


def reply(text: str, at: datetime = NOON, before: Reply | None = None) -> Reply:
    talk = before.talk if before else None
    return reply_to_text(text, account_kind="service", city="wuhan", at=at, talk=talk)


def banned_on(day: date, tail: str) -> bool:
    """By the bare spans of the day, whatever the words are."""
    car = Vehicle(vehicle_class=VehicleClass.SMALL_PASSENGER, tail=tail, seats=5, height_m=2.0)
    at = datetime.combine(day, datetime.min.time(), SHANGHAI)
    questions = [Question(place=place.id, at=at, vehicle=car) for place in WUHAN.restricted_places()]
    return any(span.passage is Passage.BANNED for one in questions for span in day_spans(WUHAN, one, day))


def label(day: date, today: date) -> str:
    dated = f"{day.day}日" if day.month == today.month else f"{day.month}月{day.day}日"
    return {0: "今天", 1: "明天"}.get((day - today).days, dated) + weekday(day)


@settings(max_examples=120, deadline=None)
@given(tail=st.sampled_from("0123456789"), ahead=st.integers(0, 29), minute=st.integers(0, 1439))
def test_each_of_the_seven_days_stands_on_the_line_of_its_own_verdict(
    tail: str, ahead: int, minute: int
) -> None:
    at = datetime(2026, 11, 25, tzinfo=SHANGHAI) + timedelta(days=ahead, minutes=minute)
    said = reply(f"尾号{tail}哪几天能走", at)
    lines = said.text.splitlines()
    for number in range(7):
        day = at.date() + timedelta(days=number)
        if day.year == 2027:
            continue
        line = next(one for one in lines if label(day, at.date()) in one)
        assert sum(label(day, at.date()) in one.partition("：")[0] for one in lines) == 1
        assert ("不能走" in line) is banned_on(day, tail), (day, line)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("尾号5这周哪天不能走", "尾号5，明天周四：长江大桥、江汉桥7:00–22:00不能走，其他时间能走。"),
        ("5这几天能走吗", "尾号5，明天周四、30日周一：长江大桥、江汉桥7:00–22:00不能走，其他时间能走。"),
        ("鄂A12345下周哪几天限行", "鄂A·1***5，30日周一、12月2日周三、12月4日周五：长江大桥"),
        (
            "绿牌这周哪天不能走",
            "绿牌，今天周三、明天周四、27日周五、28日周六、29日周日：长江大桥",
        ),
    ],
)
def test_days_that_fare_alike_stand_on_one_line(text: str, first: str) -> None:
    said = reply(text)
    assert said.kind is ReplyKind.ADVICE
    assert said.text.startswith(first)


def test_without_a_tail_it_is_asked_for_and_the_week_is_told_then() -> None:
    asked = reply("下周哪几天能走")
    assert asked.kind is ReplyKind.ASK_BACK
    told = reply("6", before=asked).text
    assert told.startswith("尾号6，12月1日周二、12月3日周四：长江大桥、江汉桥7:00–22:00不能走")
    assert "12月6日周日：长江大桥、江汉桥都能走。" in told


def test_days_of_a_year_without_a_calendar_are_unsure() -> None:
    said = reply("尾号5哪几天能走", datetime(2026, 12, 29, 9, tzinfo=SHANGHAI)).text
    unsure = next(line for line in said.splitlines() if "2027年1月4日周一" in line)
    assert "不确定" in unsure


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "成都 川A12345 下周哪几天限行",
            "成都，川A·1***5，12月4日周五：绕城内7:30–20:00不能走，其他时间能走。",
        ),
        ("兰州 甘A12348 下周", "兰州，甘A·1***8，12月2日周三：限行区7:30–19:30不能走，其他时间能走。"),
        ("成都尾号3周几不能走", "成都，尾号3，今天周三：绕城内7:30–20:00不能走，其他时间能走。"),
        ("成都下周哪几天限行", "成都30日（周一）：绕城内7:30–20:00尾号1和6不能走，其他时间能走。"),
    ],
)
def test_the_days_of_another_city_are_told_together_too(text: str, first: str) -> None:
    assert reply(text).text.splitlines()[0] == first


def test_every_day_asked_about_in_another_city_is_told() -> None:
    said = reply("成都 川A12345 下周哪几天限行").text
    for day in (
        "30日周一",
        "12月1日周二",
        "12月2日周三",
        "12月3日周四",
        "12月4日周五",
        "12月5日周六",
        "12月6日周日",
    ):
        assert said.count(day) == 1


def test_four_days_on_and_four_off_is_no_tail() -> None:
    assert "尾号4" not in reply("广州开四停四怎么算").text
