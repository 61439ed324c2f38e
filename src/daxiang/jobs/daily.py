"""Work that is due at an hour of every day, in business time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from daxiang.kernel.clock import SHANGHAI

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Daily:
    """Due every day at `at` in Beijing, and of no use any more `useful_for` later."""

    name: str
    at: time
    useful_for: timedelta

    def last_due(self, now: datetime) -> datetime:
        """The last moment, not after `now`, at which it was due. Whatever the clock did in between, an
        earlier one is not asked for any more.
        """
        here = now.astimezone(SHANGHAI)
        today = datetime.combine(here.date(), self.at, SHANGHAI)
        return today if today <= here else today - ONE_DAY

    def is_over(self, due_at: datetime, now: datetime) -> bool:
        """Whether it is too late to do what was due at that moment."""
        return now >= due_at + self.useful_for
