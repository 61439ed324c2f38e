"""What kind of day a date is. Pure: a calendar is a value, and what it does not know it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class DayKind(StrEnum):
    """The four kinds of day that notices speak of."""

    WORKDAY = "workday"
    WEEKEND = "weekend"  # 休息日: a Saturday or Sunday that is neither a holiday nor worked
    HOLIDAY = "holiday"  # a day off in the State Council's notice, bridged days and their weekends included
    MAKEUP_WORKDAY = "makeup_workday"  # 调休上班: a Saturday or Sunday that is worked


FIXED_STATUTORY_DAYS = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节"} | {
    (10, day): "国庆节" for day in (1, 2, 3)
}
"""Days off in any year without a yearly notice: 全国年节及纪念日放假办法 (2024), article 2."""

_READINGS_OF_A_WEEKDAY = (DayKind.WORKDAY, DayKind.HOLIDAY)
_READINGS_OF_A_WEEKEND = (DayKind.WEEKEND, DayKind.HOLIDAY, DayKind.MAKEUP_WORKDAY)


@dataclass(frozen=True, kw_only=True, eq=False)
class Calendar:
    """The days of the years whose notices are loaded.

    `years`: the years that are known in full. `off`: date -> name of the holiday. `makeup`: the
    weekend days that are worked. `core`: the core statutory days (全体公民放假日) of the years in
    `core_years`; the other days off are so by bridging, or are weekend days.
    """

    years: frozenset[int]
    off: Mapping[date, str] = field(default_factory=dict)
    makeup: frozenset[date] = frozenset()
    core: frozenset[date] = frozenset()
    core_years: frozenset[int] = frozenset()

    def kind(self, day: date) -> DayKind | None:
        """The kind of this day; None in a year not loaded, where any plain day may yet become another."""
        if day in self.off:
            return DayKind.HOLIDAY
        if day in self.makeup:
            return DayKind.MAKEUP_WORKDAY
        if day.year not in self.years:
            return DayKind.HOLIDAY if (day.month, day.day) in FIXED_STATUTORY_DAYS else None
        return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY

    def readings(self, day: date) -> tuple[DayKind, ...]:
        """Every kind that this day can be, the likeliest first: one when it is known, more when it is not."""
        known = self.kind(day)
        if known is not None:
            return (known,)
        return _READINGS_OF_A_WEEKEND if day.weekday() >= 5 else _READINGS_OF_A_WEEKDAY

    def is_core(self, day: date) -> bool | None:
        """Whether it is one of the days off that the law itself names; None where that is not known."""
        if day.year in self.core_years:
            return day in self.core
        return True if (day.month, day.day) in FIXED_STATUTORY_DAYS else None

    def holiday_name(self, day: date) -> str | None:
        """The Chinese name of the holiday that this day belongs to (国庆节), or None."""
        if day in self.off:
            return self.off[day]
        if self.kind(day) is DayKind.HOLIDAY:
            return FIXED_STATUTORY_DAYS[day.month, day.day]
        return None


FIRST_ALARM = (11, 1)
"""Month and day from which next year's notice is missed: it has come out by mid-November in most years."""


def years_due(today: date) -> tuple[int, ...]:
    """The years whose notices must be loaded on that day: its own, and from 1 November on the next."""
    is_late = (today.month, today.day) >= FIRST_ALARM
    return (today.year, today.year + 1) if is_late else (today.year,)


def years_missing(calendar: Calendar, today: date) -> tuple[int, ...]:
    """Of those, the ones that are not loaded: their makeup workdays are unknown until they are."""
    return tuple(year for year in years_due(today) if year not in calendar.years)
