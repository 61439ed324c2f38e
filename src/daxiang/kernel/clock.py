"""Business time: one clock that every process reads, so that a test can stand at 07:59:59 on any day.

Three kinds of time exist and are never mixed: business time (this module), leases (PostgreSQL's own clock)
and timeouts (the monotonic clock of a process).
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one zone and no daylight saving since 1992, so a fixed offset is exact for every rule we
hold.
"""


class ClockUnreadable(Exception):
    """The file named by DAXIANG_CLOCK does not hold {"real", "simulated", "rate"}."""


class Clock(Protocol):
    """Anything that tells business time."""

    def now(self) -> datetime:
        """The present business instant, aware, in Asia/Shanghai."""
        ...


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        return datetime.now(SHANGHAI)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still: for tests and for `--at`."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant.astimezone(SHANGHAI)


class FileClock:
    """Simulated time, shared through a file by every process of one instance.

    The file holds {"real", "simulated", "rate"}: at the real Unix second `real` it was `simulated` (a Unix
    second too), and since then business time runs `rate` times as fast as real time. Without the file time
    is real. A change is seen at the next call: a stat a call, a read only when the file has changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._real = self._simulated = 0.0
        self._rate = 1.0

    def now(self) -> datetime:
        self._reread()
        real = time.time()
        if self._stamp is None:
            return datetime.fromtimestamp(real, SHANGHAI)
        return datetime.fromtimestamp(self._simulated + (real - self._real) * self._rate, SHANGHAI)

    def _reread(self) -> None:
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
            if stamp == self._stamp:
                return
            raw = self._path.read_bytes()
        except FileNotFoundError:
            self._stamp = None
            return
        try:
            held = json.loads(raw)
            self._real, self._simulated, self._rate = (float(held[k]) for k in ("real", "simulated", "rate"))
        except (ValueError, KeyError, TypeError) as error:
            raise ClockUnreadable(f"{self._path} does not hold a clock: {error}") from error
        self._stamp = stamp


def clock_from(path: Path | None) -> Clock:
    """The clock for a `DAXIANG_CLOCK` value: real time when it is not set."""
    return FileClock(path) if path else SystemClock()


def write_clock(path: Path, *, simulated: datetime, rate: float = 1.0) -> None:
    """Set the shared clock in one step, so that no reader ever sees half a file."""
    held = {"real": time.time(), "simulated": simulated.astimezone(UTC).timestamp(), "rate": rate}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(held), encoding="utf-8")
    fresh.replace(path)
