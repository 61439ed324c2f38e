"""Business time: read from a file that every process of an instance shares, written here.

The file holds {"real", "simulated", "rate"}: at the real Unix second `real` it was `simulated`, and since
then business time runs `rate` times as fast. Without the file, time is real. Timeouts never use this clock.
"""

from __future__ import annotations

import json
import logging
import math
import os
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

logger = logging.getLogger(__name__)
MOST_S = 32_503_651_200.0
"""The year 3000, Chinese time: beyond it no date is written."""
SHANGHAI = timezone(timedelta(hours=8))


class NoClockFile(Exception):
    """The simulator was started without a shared clock, so time cannot be moved."""


def iso(seconds: float) -> str:
    """A Unix second as people in China write it: ISO 8601 with +08:00, to the millisecond."""
    return datetime.fromtimestamp(seconds, SHANGHAI).isoformat(timespec="milliseconds")


class SharedClock:
    """The clock of one instance. `path` is None where time is always real."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._held: tuple[float, float, float] | None = None

    def now(self) -> float:
        """The present business instant, in Unix seconds."""
        real = time.time()
        held = self._read()
        return held[1] + (real - held[0]) * held[2] if held else real

    def rate(self) -> float:
        """How many business seconds pass in a real one."""
        held = self._read()
        return held[2] if held else 1.0

    def set(
        self, *, now: float | None = None, offset_s: float | None = None, rate: float | None = None
    ) -> None:
        """Set the present instant, or its distance from real time, or its pace; what is not named stays.

        Raises NoClockFile, and OSError when the file cannot be written.
        """
        if self._path is None:
            raise NoClockFile
        pace = self.rate() if rate is None else rate
        simulated = self.now() if now is None else now
        real = time.time()
        if offset_s is not None:
            simulated = real + offset_s
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        fresh.write_text(json.dumps({"real": real, "simulated": simulated, "rate": pace}), encoding="utf-8")
        fresh.replace(self._path)

    def reset(self) -> None:
        """Back to real time: the file is removed."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _read(self) -> tuple[float, float, float] | None:
        """What the file says, read again only when it changed; None when there is none.

        A file that cannot be read changes nothing: the last good one counts, and the log says so once.
        """
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._held = _parsed(self._path.read_bytes())
            except (ValueError, LookupError, TypeError, RecursionError, OSError) as error:
                logger.warning("时钟文件 %s 读不懂，照上一次读到的走：%r", self._path, error)
        return self._held


def _parsed(raw: bytes) -> tuple[float, float, float]:
    """The three numbers of a clock file. Raises ValueError, LookupError or TypeError."""
    held = json.loads(raw)
    real, simulated, rate = (float(held[name]) for name in ("real", "simulated", "rate"))
    if not (math.isfinite(real) and 0 <= simulated <= MOST_S and 0 <= rate <= MOST_S):
        raise ValueError("a number out of range")
    return real, simulated, rate
