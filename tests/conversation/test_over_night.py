"""A stretch whose end names its own day: 晚上10点半到明早8点 begins today."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.conversation.meaning import Asks
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.understand import names_of, understand
from daxiang.domains.restrictions.queries import load_city
from tests.conversation.people import instant

NOW = "2026-11-24T08:10"
"""A Tuesday; 尾号6 may drive on the 24th and may not from 7:00 to 22:00 on the 25th."""
DAYS = {"明天": 1, "后天": 2, "大后天": 3}


def stretch(text: str, at: str = NOW) -> tuple[str, str]:
    meant = understand(text, now=instant(at), names=names_of(load_city("wuhan")))
    assert isinstance(meant, Asks)
    assert not meant.readings
    assert not meant.unread
    assert len(meant.days) == 1
    assert meant.hours is not None
    assert meant.hours.end is not None
    midnight = datetime.combine(meant.days[0], datetime.min.time())
    ends = (midnight + timedelta(minutes=m) for m in (meant.hours.start, meant.hours.end))
    start, end = (f"{one:%d %H:%M}" for one in ends)
    return start, end


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("晚上10点半到明早8点 尾号6 大桥", "24 22:30", "25 08:00"),
        ("晚上11点到明早7点半 尾号6", "24 23:00", "25 07:30"),
        ("晚上十点到明天早上八点 尾号6", "24 22:00", "25 08:00"),
        ("22点到明天9点 尾号6", "24 22:00", "25 09:00"),
        ("夜里11点到后天早上8点 尾号6", "24 23:00", "26 08:00"),
        ("晚上9点到明早6点 尾号5 大桥", "24 21:00", "25 06:00"),
        ("晚上12点到明早5点 长江隧道 4", "25 00:00", "25 05:00"),
        ("夜里2点到明早8点 尾号6", "25 02:00", "25 08:00"),
        ("今晚11点出发明天早上8点到 尾号6 大桥", "24 23:00", "25 08:00"),
        ("今晚10点到明早7点 尾号6", "24 22:00", "25 07:00"),
        ("明晚10点到后天早上8点 尾号6", "25 22:00", "26 08:00"),
        ("周五晚上10点到周六早上8点 尾号6", "27 22:00", "28 08:00"),
        ("周五晚上10点到第二天早上8点 尾号6", "27 22:00", "28 08:00"),
        ("今天晚上10点到明天 尾号6", "24 22:00", "26 00:00"),
        ("今晚到明早 尾号6", "24 18:00", "25 09:00"),
    ],
)
def test_a_day_word_on_the_end_belongs_to_the_end(text: str, start: str, end: str) -> None:
    assert stretch(text) == (start, end)


@given(st.integers(7, 11), st.sampled_from(sorted(DAYS)), st.integers(1, 11))
def test_a_start_without_a_day_is_today_however_far_the_end_is(first: int, day: str, last: int) -> None:
    start, end = stretch(f"晚上{first}点到{day}早上{last}点 尾号6")
    assert (start, end) == (f"24 {first + 12}:00", f"{24 + DAYS[day]} {last:02}:00")


def test_an_hour_behind_a_range_of_days_counts_for_each_of_them() -> None:
    meant = understand("周四到周五早上8点 尾号5", now=instant(NOW), names=names_of(load_city("wuhan")))
    assert isinstance(meant, Asks)
    assert [day.day for day in meant.days] == [26, 27]


@pytest.mark.parametrize("end", ["明早8点", "明早7点半", "明天早上八点", "明天9点"])
def test_the_hours_of_the_next_morning_are_answered(end: str) -> None:
    text = f"晚上10点半到{end} 尾号6 大桥"
    reply = reply_to_text(text, account_kind="service", city="wuhan", at=instant(NOW))
    assert "今天（24日 周二）22:30–次日" in reply.text
    assert "次日7:00" in reply.text.split("不能走")[0]
    assert not reply.text.startswith("能走")
