"""Counters in Prometheus's text format, by hand: three lines do not need a library."""

from __future__ import annotations

from collections import Counter

from .callbacks import Exchange


class Metrics:
    """What this process has done since it started."""

    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._tries = 0
        self._seconds = 0.0

    def count(self, exchange: Exchange) -> None:
        """Count one callback, all its tries over."""
        self._outcomes[exchange.outcome.value] += 1
        self._tries += exchange.tries
        self._seconds += exchange.elapsed_ms / 1000

    def text(self, *, people: int) -> str:
        """The page that Prometheus reads."""
        lines = [
            "# HELP simulator_people People known to the simulator.",
            "# TYPE simulator_people gauge",
            f"simulator_people {people}",
            "# HELP simulator_tries_total Tries of callbacks.",
            "# TYPE simulator_tries_total counter",
            f"simulator_tries_total {self._tries}",
            "# HELP simulator_callbacks_total Callbacks by what came of them.",
            "# TYPE simulator_callbacks_total counter",
            *(f'simulator_callbacks_total{{outcome="{o}"}} {n}' for o, n in sorted(self._outcomes.items())),
            "# HELP simulator_callback_seconds_total Seconds spent in callbacks, pauses included.",
            "# TYPE simulator_callback_seconds_total counter",
            f"simulator_callback_seconds_total {self._seconds:.3f}",
        ]
        return "\n".join(lines) + "\n"
