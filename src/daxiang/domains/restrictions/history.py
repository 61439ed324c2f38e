"""Rules that look back: so many days in, so many days out (开四停四). Pure.

Source of the reading: the worked example of Guiyang's traffic police. Any idle day ends a run, and then the
full number of idle days must pass before the vehicle may be driven again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
LOOKS_BACK = timedelta(days=366)
"""Days driven longer ago are not looked at: a year without a rest of some days is no case of this rule."""


class FreeDays(StrEnum):
    """What days on which the clause is not in force do to the count."""

    COUNT_AS_STOP = "count_as_stop"  # idle days, whether driven or not
    RESET = "reset"  # the count begins anew


@dataclass(frozen=True, kw_only=True)
class Run:
    """At most `on` natural days in a row, then `off` idle ones."""

    on: int
    off: int
    free_days: FreeDays

    def may_be_over(
        self, driven: frozenset[date] | None, day: date, is_free: Callable[[date], bool | None]
    ) -> frozenset[bool]:
        """Whether this day must be an idle one, seen from the days driven before it; both where that is open.

        `driven` None: any days whatever. `is_free`: whether the clause is not in force on a day, None where
        that is not known. The day itself is not looked at in `driven`.
        """
        if driven is None:
            return self._over(day - (self.on + self.off) * ONE_DAY, day, lambda _day: (True, False), is_free)
        before = [one for one in driven if day - LOOKS_BACK <= one < day]
        if not before or (day - max(before)).days > self.off:
            return frozenset({False})
        return self._over(min(before), day, lambda one: (one in driven,), is_free)

    def _over(
        self,
        start: date,
        day: date,
        may_be_driven: Callable[[date], tuple[bool, ...]],
        is_free: Callable[[date], bool | None],
    ) -> frozenset[bool]:
        states, at = {(0, self.off)}, start
        while at < day:
            free = is_free(at)
            states = {
                self._after(*state, is_driven=driven, is_free=one)
                for state in states
                for driven in may_be_driven(at)
                for one in ((True, False) if free is None else (free,))
            }
            at += ONE_DAY
        return frozenset(run >= self.on if run else idle < self.off for run, idle in states)

    def _after(self, run: int, idle: int, *, is_driven: bool, is_free: bool) -> tuple[int, int]:
        """The count behind one more day: days of the running stretch, else the idle days since it ended."""
        if is_free and self.free_days is FreeDays.RESET:
            return 0, self.off
        if is_free or not is_driven:
            return 0, 1 if run else min(idle + 1, self.off)
        if not run and idle < self.off:  # driven where it should have rested: the rest begins anew
            return 0, 0
        return run + 1, 0
