"""How many questions somebody else's server may have from one process at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class NoPlace(Exception):
    """No place in time, or none to be expected."""


class Places:
    """At most `at_once` questions that are young; one that takes longer than `late_after_s` makes room for
    the next, as long as not more than `late_at_once` are late.

    So a server that hung for a moment is asked again as soon as it answers, and not only when all that it
    will never answer has timed out; and one that hangs for good holds few connections. Moments are seconds of
    the monotonic clock.
    """

    def __init__(self, at_once: int, *, late_at_once: int, late_after_s: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._late_at_once = late_at_once
        self._late_after_s = late_after_s
        self._young: set[object] = set()
        self._stuck: set[object] = set()
        self._late: set[object] = set()

    @property
    def is_full(self) -> bool:
        return self._free.locked()

    @property
    def is_stuck(self) -> bool:
        """Whether everything is taken and what takes it is late: no place will be free soon."""
        return self.is_full and not self._young

    @asynccontextmanager
    async def taken(self, *, until: float) -> AsyncIterator[None]:
        """A place for the length of the block. Raises `NoPlace` when there is none until that moment."""
        if self.is_stuck:
            raise NoPlace
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                await self._free.acquire()
        except TimeoutError as error:
            raise NoPlace from error
        question = object()
        self._young.add(question)
        timer = asyncio.get_running_loop().call_later(self._late_after_s, self._grow_late, question)
        try:
            yield
        finally:
            timer.cancel()
            self._leave(question)

    def _grow_late(self, question: object) -> None:
        self._young.discard(question)
        if len(self._late) < self._late_at_once:
            self._late.add(question)
            self._free.release()
        else:
            self._stuck.add(question)

    def _leave(self, question: object) -> None:
        if question not in self._late:
            self._young.discard(question)
            self._stuck.discard(question)
            self._free.release()
            return
        self._late.discard(question)
        if self._stuck:  # it has waited for this
            self._late.add(self._stuck.pop())
            self._free.release()
