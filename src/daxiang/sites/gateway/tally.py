"""What the gateway counts, first in plain numbers: a counter that processes share costs 2 µs a move.

A flush a second carries them into the metrics, and one more when the process ends; a process that is killed
takes at most its last second of counts along. Nothing is armed while nothing happens.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter

from prometheus_client import Histogram

from daxiang.foundation import metrics

FLUSH_S = 1.0


class Spread:
    """Observations of one histogram, not yet carried over."""

    def __init__(self, histogram: Histogram) -> None:
        # The library has no call for many observations at once; a test holds that this equals its `observe`.
        self._histogram = histogram
        self._bounds: list[float] = histogram._upper_bounds
        self._counts = [0] * len(self._bounds)
        self._sum = 0.0

    def add(self, value: float) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def flush(self) -> None:
        for number, count in enumerate(self._counts):
            if count:
                self._histogram._buckets[number].inc(count)
                self._counts[number] = 0
        if self._sum:
            self._histogram._sum.inc(self._sum)
            self._sum = 0.0


class Tally:
    """Callbacks by outcome, refusals by reason, how long and how many together."""

    def __init__(self) -> None:
        self._callbacks: Counter[tuple[str, str]] = Counter()
        self._refused: Counter[str] = Counter()
        self._seconds = Spread(metrics.callback_seconds)
        self._rows = Spread(metrics.group_commit_rows)
        self._is_armed = False

    def callback(self, account: str, outcome: str, seconds: float) -> None:
        self._callbacks[account, outcome] += 1
        self._seconds.add(seconds)
        if not self._is_armed:
            self._arm()

    def refused(self, reason: str) -> None:
        """`reason` is one of our own few words, never anything that a caller chose."""
        self._refused[reason] += 1
        if not self._is_armed:
            self._arm()

    def batch(self, rows: int) -> None:
        self._rows.add(rows)
        if not self._is_armed:
            self._arm()

    def _arm(self) -> None:
        self._is_armed = True
        asyncio.get_running_loop().call_later(FLUSH_S, self.flush)

    def flush(self) -> None:
        """Carry everything into the metrics that the page shows."""
        self._is_armed = False
        callbacks, self._callbacks = self._callbacks, Counter()
        refused, self._refused = self._refused, Counter()
        for (account, outcome), count in callbacks.items():
            metrics.callbacks_total.labels(account=account, outcome=outcome).inc(count)
        for reason, count in refused.items():
            metrics.refused_total.labels(reason=reason).inc(count)
        self._seconds.flush()
        self._rows.flush()
