"""The calendar against the State Council's notices, and what it does not know."""

from __future__ import annotations

import re
import textwrap
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from daxiang.domains.calendars.china import china_calendar, with_overrides
from daxiang.domains.calendars.errors import CalendarWrong
from daxiang.domains.calendars.rules import DayKind
from tests.rules.country.calendar import FIRST_YEAR, LAST_YEAR, MAKEUP_DAYS, OFF_DAYS

NOTICE_2026 = [
    (date(2026, 1, 1), 3),
    (date(2026, 2, 15), 9),
    (date(2026, 4, 4), 3),
    (date(2026, 5, 1), 5),
    (date(2026, 6, 19), 3),
    (date(2026, 9, 25), 3),
    (date(2026, 10, 1), 7),
]
MAKEUP = {
    2025: {(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)},
    2026: {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)},
}


def days_of(year: int) -> list[date]:
    return [
        date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]


def test_every_day_of_2026_is_as_the_notice_says() -> None:
    off = {first + timedelta(days=n) for first, length in NOTICE_2026 for n in range(length)}
    for day in days_of(2026):
        if day in off:
            expected = DayKind.HOLIDAY
        elif (day.month, day.day) in MAKEUP[2026]:
            expected = DayKind.MAKEUP_WORKDAY
        else:
            expected = DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY
        assert china_calendar().kind(day) is expected, day


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_every_day_of_a_year_is_as_it_was_written_out_from_the_notices_once_more(year: int) -> None:
    for day in days_of(year):
        if day in OFF_DAYS:
            expected = DayKind.HOLIDAY
        elif day in MAKEUP_DAYS:
            expected = DayKind.MAKEUP_WORKDAY
        else:
            expected = DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY
        assert china_calendar().kind(day) is expected, day


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_makeup_workdays_of_a_year_are_as_the_notice_says(year: int) -> None:
    found = {day for day in days_of(year) if china_calendar().kind(day) is DayKind.MAKEUP_WORKDAY}

    assert {(day.month, day.day) for day in found} == MAKEUP[year]


def test_in_a_year_not_loaded_only_the_fixed_statutory_days_are_known() -> None:
    calendar = china_calendar()
    known = {(day.month, day.day) for day in days_of(2028) if calendar.kind(day) is not None}

    assert known == {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
    assert calendar.readings(date(2027, 10, 1)) == (DayKind.HOLIDAY,)
    assert calendar.readings(date(2027, 1, 5)) == (DayKind.WORKDAY, DayKind.HOLIDAY)
    assert calendar.readings(date(2027, 1, 9)) == (DayKind.WEEKEND, DayKind.HOLIDAY, DayKind.MAKEUP_WORKDAY)


def test_every_year_from_2004_to_2026_is_known_in_full() -> None:
    calendar = china_calendar()

    assert all(calendar.kind(day) is not None for year in range(2004, 2027) for day in days_of(year))


def days_by_law(year: int) -> dict[str, list[date]]:
    calendar = china_calendar()
    found: dict[str, list[date]] = {}
    for day in sorted(one for one in calendar.core if one.year == year):
        found.setdefault(str(calendar.holiday_name(day)), []).append(day)
    return found


def test_an_added_year_is_known_in_full() -> None:
    off = days_by_law(2027)
    off["元旦"] += [date(2027, 1, 2), date(2027, 1, 3)]
    entry = {
        "year": 2027,
        "source": "https://example.org/",
        "issuer": "国务院办公厅",
        "document_no": "试",
        "off": off,
        "makeup": [date(2027, 2, 20)],
    }
    calendar = with_overrides(china_calendar(), {"year": [entry]})

    assert calendar.kind(date(2027, 1, 5)) is DayKind.WORKDAY
    assert calendar.kind(date(2027, 2, 20)) is DayKind.MAKEUP_WORKDAY
    assert calendar.holiday_name(date(2027, 1, 3)) == "元旦"
    assert calendar.kind(date(2026, 10, 10)) is DayKind.MAKEUP_WORKDAY
    with pytest.raises(CalendarWrong, match="2027-02-22"):
        with_overrides(china_calendar(), {"year": [entry | {"makeup": [date(2027, 2, 22)]}]})
    with pytest.raises(CalendarWrong, match="surprise"):
        with_overrides(china_calendar(), {"year": [entry | {"surprise": 1}]})


@pytest.mark.parametrize("feast", list(days_by_law(2027)))
def test_half_a_year_is_refused(feast: str) -> None:
    off = days_by_law(2027)
    entry = {
        "year": 2027,
        "source": "https://example.org/",
        "issuer": "国务院办公厅",
        "document_no": "试",
        "makeup": [],
    }
    with_overrides(china_calendar(), {"year": [entry | {"off": off}]})
    lacking = {name: days for name, days in off.items() if name != feast}
    moved = off | {feast: [date(2027, 12, 30)]}
    with pytest.raises(CalendarWrong, match="不全"):
        with_overrides(china_calendar(), {"year": [entry | {"off": lacking}]})
    with pytest.raises(CalendarWrong, match="法律规定"):
        with_overrides(china_calendar(), {"year": [entry | {"off": moved}]})


def test_the_example_of_the_how_to_can_be_read() -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/load-next-years-holidays.md").read_text(encoding="utf-8")
    example = re.search(r"( {8}\[\[year\]\]\n(?: {8}.*\n)+)", page)
    assert example is not None
    assert tomllib.loads(textwrap.dedent(example[1]))["year"][0]["year"] == 2027


def test_every_core_statutory_day_is_off_and_known_to_be_one() -> None:
    calendar = china_calendar()

    assert {calendar.kind(day) for day in calendar.core} == {DayKind.HOLIDAY}
    assert {len([day for day in calendar.core if day.year == year]) for year in (2025, 2026)} == {13}
    assert calendar.holiday_name(date(2012, 6, 23)) == "端午节"


@pytest.mark.parametrize(
    ("day", "is_core"),
    [
        (date(2025, 1, 28), True),  # 除夕, since the law of 2024
        (date(2024, 2, 9), False),  # 除夕 before it
        (date(2025, 10, 6), True),  # 中秋 inside the golden week
        (date(2025, 10, 8), False),  # off by bridging
        (date(2025, 6, 11), False),
        (date(2031, 10, 2), True),  # fixed in any year
        (date(2031, 9, 30), None),
    ],
)
def test_a_day_off_is_told_from_one_that_the_law_names(day: date, is_core: bool | None) -> None:
    assert china_calendar().is_core(day) is is_core


def test_the_days_that_the_law_gives_by_the_moon_are_off_before_the_notice_of_the_year_is_out() -> None:
    calendar = china_calendar()
    spring = [date(2027, 2, day) for day in range(5, 9)]
    assert [calendar.holiday_name(day) for day in spring] == ["春节"] * 4
    assert all(calendar.is_core(day) for day in spring)
    assert calendar.kind(date(2027, 2, 9)) is None
