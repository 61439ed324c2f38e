"""China's working days: the `chinese_calendar` package (2004 on) and our own table for what it lacks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import chinese_calendar

from daxiang.domains.calendars.errors import CalendarWrong
from daxiang.domains.calendars.rules import Calendar

NOTICES = Path(__file__).with_name("notices.toml")
OVERRIDES = Path(__file__).with_name("overrides.toml")
STATUTORY = Path(__file__).with_name("statutory.toml")
_FIELDS = {"year", "source", "issuer", "document_no", "off", "makeup"}


@cache
def china_calendar() -> Calendar:
    """Every year that is known, read once a process."""
    noticed = with_notices(_from_package(), tomllib.loads(NOTICES.read_text(encoding="utf-8")))
    known = with_statutory(noticed, tomllib.loads(STATUTORY.read_text(encoding="utf-8")))
    return with_overrides(known, _overrides(OVERRIDES))


def _overrides(path: Path) -> Mapping[str, Any]:
    """Raises CalendarWrong for what is no TOML: it is written by hand, once a year."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CalendarWrong(
            f'{path.name} 写得不对（{error}）。中文的节日名要加引号，比如 "元旦" = [2027-01-01]。'
        ) from error


def _from_package() -> Calendar:
    off = {
        day: str(chinese_calendar.Holiday(name).chinese) for day, name in chinese_calendar.holidays.items()
    }
    makeup = frozenset(chinese_calendar.workdays)
    return Calendar(years=frozenset(day.year for day in off), off=off, makeup=makeup)


def with_notices(calendar: Calendar, table: Mapping[str, Any]) -> Calendar:
    """The calendar with each `[[day]]` as the words of its notice have it: off by its `name`, or without one
    an ordinary day of a weekend.
    """
    off = dict(calendar.off)
    for entry in table["day"]:
        if "name" in entry:
            off[entry["day"]] = entry["name"]
        else:
            off.pop(entry["day"], None)
    return replace(calendar, off=off)


def with_statutory(calendar: Calendar, table: Mapping[str, Any]) -> Calendar:
    """The calendar with the core statutory days of each `[[year]]`; each of them is a day off."""
    named = {day: name for entry in table["year"] for name, days in entry["days"].items() for day in days}
    return replace(
        calendar,
        off={**named, **calendar.off},
        core=frozenset(named),
        core_years=frozenset(entry["year"] for entry in table["year"]),
    )


def with_overrides(calendar: Calendar, table: Mapping[str, Any]) -> Calendar:
    """The calendar with each `[[year]]` of the table put in place of that year.

    A notice may also name days at the end of the year before; those are added. Raises CalendarWrong.
    """
    years, off, makeup = set(calendar.years), dict(calendar.off), set(calendar.makeup)
    for entry in table.get("year", ()):
        year = _checked(entry)
        fresh_off = {day: name for name, days in entry["off"].items() for day in days}
        _check_days(year, fresh_off, entry["makeup"])
        _check_whole(year, fresh_off, calendar)
        off = {day: name for day, name in off.items() if day.year != year} | fresh_off
        makeup = {day for day in makeup if day.year != year and day not in fresh_off} | set(entry["makeup"])
        years.add(year)
    return replace(calendar, years=frozenset(years), off=off, makeup=frozenset(makeup))


def _checked(entry: Mapping[str, Any]) -> int:
    if wrong := entry.keys() ^ _FIELDS:
        raise CalendarWrong(
            f"补录的年份要正好写这些字段：{'、'.join(sorted(_FIELDS))}；请看 {'、'.join(sorted(wrong))}。"
        )
    year = entry["year"]
    if not isinstance(year, int):
        raise CalendarWrong("补录的 year 要写成数字，比如 2027。")
    return year


FEASTS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
"""The seven holidays of a year's notice, as their names begin."""


def _check_whole(year: int, off: Mapping[date, str], calendar: Calendar) -> None:
    """A year written down by half would turn days off into workdays, and makeup days into Saturdays."""
    lacking = [one for one in FEASTS if not any(name.startswith(one) for name in off.values())]
    if lacking:
        raise CalendarWrong(f"{year}年的补录还不全，缺：{'、'.join(lacking)}。一年要整年录。")
    law = sorted(day for day in calendar.core if day.year == year and day not in off)
    if law:
        raise CalendarWrong(f"{year}年的补录里缺 {law[0]}：法律规定这一天放假。")


def _check_days(year: int, off: Mapping[Any, str], makeup: list[Any]) -> None:
    for day in (*off, *makeup):
        if type(day) is not date or not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
            raise CalendarWrong(f"{year}年的补录里，{day} 要写成这一年的日期，比如 {year}-10-01。")
    for day in makeup:
        if day.weekday() < 5 or day in off:
            raise CalendarWrong(f"{year}年的 makeup 只写要上班的周六、周日，{day} 不是。")
