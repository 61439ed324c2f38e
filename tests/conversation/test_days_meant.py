"""Which days and hours a message means."""

from __future__ import annotations

from datetime import date

import pytest

from daxiang.domains.conversation.meaning import (
    Hours,
)
from tests.conversation.meant import asked, days, plate, tail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天", days("2026-11-24")),
        ("明天", days("2026-11-25")),
        ("后天", days("2026-11-26")),
        ("大后天", days("2026-11-27")),
        ("昨天", days("2026-11-23")),
        ("周六", days("2026-11-28")),
        ("星期六", days("2026-11-28")),
        ("礼拜六", days("2026-11-28")),
        ("这周六", days("2026-11-28")),
        ("周一", days("2026-11-30")),
        ("下周一", days("2026-11-30")),
        ("下周六", days("2026-12-05")),
        ("下下周一", days("2026-12-07")),
        ("星期天", days("2026-11-29")),
        ("周末", days("2026-11-28", "2026-11-29")),
        ("28号", days("2026-11-28")),
        ("28日", days("2026-11-28")),
        ("二十八号", days("2026-11-28")),
        ("11月28日", days("2026-11-28")),
        ("十一月二十八号", days("2026-11-28")),
        ("11.28", days("2026-11-28")),
        ("11/28", days("2026-11-28")),
        ("11-28", days("2026-11-28")),
        ("2027年1月5日", days("2027-01-05")),
        ("2027-1-5", days("2027-01-05")),
        ("1月5号", days("2027-01-05")),
        ("31号", days("2026-12-31")),
        ("元旦", days("2027-01-01")),
        ("国庆", days("2027-10-01", "2027-10-02", "2027-10-03")),
        ("28号周六", days("2026-11-28")),
        ("明天后天", days("2026-11-25", "2026-11-26")),
        ("周六周日", days("2026-11-28", "2026-11-29")),
        ("28号到30号", days("2026-11-28", "2026-11-29", "2026-11-30")),
        ("3天后", days("2026-11-27")),
        ("明年1月5日", days("2027-01-05")),
    ],
)
@pytest.mark.parametrize("around", ["{}5能走吗", "尾号5，{}走得吗", "{} 尾号5 长江大桥"])
def test_a_day_is_read_in_any_spelling_and_place(text: str, expected: tuple[date, ...], around: str) -> None:
    asks = asked(around.format(text if "{}5" not in around else text + " "))
    assert (asks.days, asks.cars, asks.unread) == (expected, (tail("5"),), "")


def test_a_holiday_that_is_on_means_the_days_that_are_left() -> None:
    assert asked("国庆5能走吗", "2026-10-03T10:00").days == tuple(date(2026, 10, day) for day in range(3, 8))


def test_a_day_of_the_month_that_is_past_has_two_readings() -> None:
    readings = asked("尾号5，20号能走吗").readings
    assert [one.days for one in readings] == [days("2026-12-20"), days("2026-11-20")]


def test_two_figures_alone_are_a_tail_first_and_then_a_day() -> None:
    readings = asked("12").readings
    assert [(one.cars, one.days) for one in readings] == [((tail("2"),), ()), ((), days("2026-12-12"))]


def test_a_day_that_contradicts_its_weekday_has_both_readings() -> None:
    readings = asked("尾号5明天星期六能走吗").readings
    assert [one.days for one in readings] == [days("2026-11-25"), days("2026-11-28")]


@pytest.mark.parametrize("text", ["2月30号", "13月5日", "32号"])
def test_a_date_that_does_not_exist_is_not_read(text: str) -> None:
    asks = asked(f"尾号5 {text}能走吗")
    assert asks.unread or asks.days == ()
    assert asks.unread


def at(start: int, end: int | None = None) -> tuple[int, int | None]:
    return start * 60, None if end is None else end * 60


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("晚上十点半", 22 * 60 + 30, None),
        ("下午3点", 15 * 60, None),
        ("22点", 22 * 60, None),
        ("凌晨1点", 60, None),
        ("上午七点半", 450, None),
        ("19:30", 19 * 60 + 30, None),
        ("07:30", 450, None),
        ("早高峰", 420, 540),
        ("晚高峰", 1020, 1140),
        ("中午", 660, 780),
        ("晚上", 1080, 1440),
        ("中午12点", 720, None),
        ("晚上12点", 1440, None),
        ("下午四点一刻", 16 * 60 + 15, None),
        ("晚上8点15分", 20 * 60 + 15, None),
        ("22点以后", 22 * 60, 1440),
        ("早上7点前", 0, 420),
        ("早上7点到晚上10点", 420, 1320),
        ("晚上10点到早上6点", 1320, 1800),
    ],
)
def test_an_hour_is_read(text: str, start: int, end: int | None) -> None:
    asks = asked(f"尾号5明天{text}能走吗")
    hours = asks.hours
    assert hours is not None
    assert (hours.start, hours.end, asks.days, asks.unread) == (start, end, days("2026-11-25"), "")


@pytest.mark.parametrize(
    ("text", "day", "start"),
    [
        ("明早", "2026-11-25", 360),
        ("今晚", "2026-11-24", 1080),
        ("明晚", "2026-11-25", 1080),
        ("明晚10点", "2026-11-25", 1320),
        ("今晚1点", "2026-11-24", 1500),
        ("今晚十二点", "2026-11-24", 1440),
    ],
)
def test_a_word_can_name_day_and_hour_together(text: str, day: str, start: int) -> None:
    asks = asked(f"5 {text} 走得吗")
    assert asks.hours is not None
    assert (asks.days, asks.hours.start, asks.unread) == (days(day), start, "")


def test_an_hour_that_may_be_of_morning_or_evening_has_two_readings() -> None:
    starts = [one.hours and one.hours.start for one in asked("尾号5明天7点能走吗").readings]
    assert starts == [420, 19 * 60]


def test_of_today_only_the_hour_that_is_left_is_meant() -> None:
    asks = asked("尾号5今天7点能走吗")
    assert asks.readings == ()
    assert asks.hours == Hours(start=19 * 60, said="7点")


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("車牌鄂AK4006　１/５", "鄂AK4006", "2027-01-05"),
        ("皖H·E4840 9.18", "皖HE4840", "2027-09-18"),
        ("鄂A·B2810  12月20日", "鄂AB2810", "2026-12-20"),
        ("下个月4号 车牌号是鄂A12345", "鄂A12345", "2026-12-04"),
        ("27號 車牌京A12345", "京A12345", "2026-11-27"),
    ],
)
def test_a_blank_ends_a_plate_and_a_date(text: str, number: str, day: str) -> None:
    asks = asked(text)
    assert (asks.cars, asks.days, asks.unread) == ((plate(number),), days(day), "")


def test_from_tonight_till_tomorrow_is_one_stretch() -> None:
    asks = asked("尾号5今晚10点到明早7点")
    assert asks.hours is not None
    assert (asks.days, asks.hours.start, asks.hours.end) == (days("2026-11-24"), 1320, 1860)


def test_two_hours_that_are_no_stretch_are_not_halved() -> None:
    asks = asked("尾号5早上去晚上11点回")
    assert asks.hours is None
    assert asks.unread
