"""On which days and at which hours a clause is in force. Pure.

A notice speaks of workdays, rest days and holidays; of weekend days that are worked (调休上班) and of
weekdays that are off only by bridging it often says nothing, and then it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from daxiang.domains.calendars.rules import DayKind

DAY_MINUTES = 24 * 60
EVERY_WEEKDAY = frozenset(range(7))


class MakeupWorkday(StrEnum):
    """What the notice says of weekend days that are worked (调休上班)."""

    RESTRICTED = "restricted"
    FREE = "free"
    UNKNOWN = "unknown"
    AS_WEEKDAY = "as_weekday"  # as the weekday that the notice puts in its place, day by day


class BridgedDay(StrEnum):
    """What the notice says of weekdays that are off, but not core statutory days (全体公民放假日)."""

    RESTRICTED = "restricted"
    FREE = "free"
    UNKNOWN = "unknown"


class DayAs(NamedTuple):
    """A day, the kind it is taken for, and whether it is a core statutory day (None: not known)."""

    day: date
    kind: DayKind
    is_core: bool | None


@dataclass(frozen=True, kw_only=True)
class Days:
    """For each kind of day whether the clause is in force on it; None: the notice does not say.

    A notice that names days of the week is in force on those alone (Monday is 0). `bridged`: BridgedDay where
    the notice frees core statutory days alone, else None. `makeup_as`: the weekday as which a worked weekend
    day counts, None where all of them count by themselves; a day that is not in it is not known.
    """

    restricted: Mapping[DayKind, bool | None]
    weekdays: frozenset[int] = EVERY_WEEKDAY
    bridged: BridgedDay | None = None
    makeup_as: Mapping[date, int] | None = field(default=None)

    @property
    def is_daily(self) -> bool:
        return self.weekdays == EVERY_WEEKDAY and all(self.restricted[kind] is True for kind in DayKind)

    def in_force(self, of: DayAs) -> bool | None:
        """Whether it holds on such a day; None: the notice does not say."""
        if self.weekday(of.day) not in self.weekdays:
            return False
        if of.kind is DayKind.MAKEUP_WORKDAY and self.makeup_as is not None:
            return True if of.day in self.makeup_as else None
        if of.kind is DayKind.HOLIDAY and self.bridged is not None:
            return self._on_holiday(of)
        return self.restricted[of.kind]

    @cached_property
    def read_alike(self) -> tuple[Days, ...]:
        """The ways in which silence on bridged days can be read, each for all of them alike."""
        if self.bridged is not BridgedDay.UNKNOWN:
            return (self,)
        return replace(self, bridged=BridgedDay.RESTRICTED), replace(self, bridged=BridgedDay.FREE)

    def is_mapping_missing(self, of: DayAs) -> bool:
        """Whether it is a worked weekend day of which nobody says as which weekday it counts."""
        return of.kind is DayKind.MAKEUP_WORKDAY and of.day not in (self.makeup_as or {})

    def weekday(self, day: date) -> int:
        """The day of the week as which this day counts; Monday is 0."""
        return (self.makeup_as or {}).get(day, day.weekday())

    def _on_holiday(self, of: DayAs) -> bool | None:
        core = self.restricted[DayKind.HOLIDAY]
        if of.is_core:
            return core
        if of.day.weekday() >= 5:
            bridged = self.restricted[DayKind.WEEKEND]
        else:
            bridged = _BRIDGED[self.bridged or BridgedDay.UNKNOWN]
        return bridged if of.is_core is False or bridged is core else None


_BRIDGED = {BridgedDay.RESTRICTED: True, BridgedDay.FREE: False, BridgedDay.UNKNOWN: None}


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A half-open window in minutes from midnight of the day it belongs to; `end` may lie past 1440."""

    start: int
    end: int

    @property
    def is_all_day(self) -> bool:
        return self.start == 0 and self.end == DAY_MINUTES

    def __str__(self) -> str:
        return f"{self.start // 60}:{self.start % 60:02}–{clock_text(self.end)}"


def clock_text(minute: int) -> str:
    """A minute of the day as people write it: 7:00, 24:00, 次日6:00."""
    if minute > DAY_MINUTES:
        return f"次日{clock_text(minute - DAY_MINUTES)}"
    return f"{minute // 60}:{minute % 60:02}"
