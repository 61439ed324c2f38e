"""How often an account may call what: by day in Chinese time, by minute, and what is left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from daxiang_simulator.clock import SHANGHAI

from .refusals import Refused
from .shelves import Shelves

MINUTE_S = 60


def day_of(at: float) -> str:
    """The day in China, 2026-11-24; quotas begin anew at its midnight."""
    return datetime.fromtimestamp(at, SHANGHAI).strftime("%Y-%m-%d")


def month_of(at: float) -> str:
    """The month in China, 2026-11."""
    return day_of(at)[:7]


class Quotas:
    """What each account has used. A refused call counts too, as on the platform."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelf = shelves["quota"]
        self._today = (0, "")

    def take(self, account: str, path: str, *, at: float, daily: float | None, minutely: int | None) -> None:
        """Count one call. Raises Refused 45011 over the minute's limit, 45009 over the day's."""
        used = self.used(account, path, at=at)
        minute = int(at // MINUTE_S)
        if used["minute"] != minute:
            used["minute"], used["in_minute"] = minute, 0
        if minutely is not None and used["in_minute"] >= minutely:
            raise Refused(45011)
        used["in_minute"] += 1
        if daily is not None and used["used"] >= daily:
            raise Refused(45009)
        used["used"] += 1
        self._shelf.touch(account, path)

    def used(self, account: str, path: str, *, at: float) -> dict[str, Any]:
        """The counter of a path, of today."""
        held = self._shelf.of(account)
        day = self._day(at)
        used: dict[str, Any] | None = held.get(path)
        if used is None or used["day"] != day:
            used = held[path] = {"day": day, "used": 0, "minute": 0, "in_minute": 0}
        return used

    def clear(self, account: str, path: str | None = None) -> None:
        """Begin the day anew for one path, or for all."""
        for name in [name for name in self._shelf.of(account) if path in {None, name}]:
            self._shelf.drop(account, name)

    def _day(self, at: float) -> str:
        hour = int(at // 3600)
        if self._today[0] != hour:
            self._today = (hour, day_of(at))
        return self._today[1]
