"""When somebody else's server keeps failing, stop asking it for a while, then try with one question."""

from __future__ import annotations

FAILURES_IN_A_ROW = 5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 10.0


class Breaker:
    """Asks freely until so many questions in a row have failed; then one question a pause, until one is
    answered.

    The pauses double, whatever becomes of the questions that were under way when it opened. Moments are
    seconds of the monotonic clock.
    """

    def __init__(self, failures_in_a_row: int = FAILURES_IN_A_ROW) -> None:
        self._limit = failures_in_a_row
        self._failures = 0
        self._pause_s = FIRST_PAUSE_S
        self._next_try = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= self._limit

    def may_ask(self, now: float) -> bool:
        """Whether to ask now. While open, a yes uses up the try: the others wait for the next one."""
        if not self.is_open:
            return True
        if now < self._next_try:
            return False
        self._next_try = now + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        return True

    def succeeded(self) -> None:
        self._failures, self._pause_s = 0, FIRST_PAUSE_S

    def failed(self, now: float) -> None:
        self._failures += 1
        if self._failures == self._limit:
            self._next_try = now + self._pause_s
