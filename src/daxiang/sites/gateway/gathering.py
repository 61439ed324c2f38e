"""Work with the database in groups: what arrives while one group is under way forms the next. No timer.

The group lane's way, for work whose outcome differs from item to item.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from daxiang.sites.gateway.connections import AWAY
from daxiang.sites.gateway.lane import LaneUnavailable

log = structlog.get_logger()

In = TypeVar("In")
Out = TypeVar("Out")

MAX_GROUP = 200
ATTEMPT_S = 4.0
RETRY_PAUSE_S = 0.05


@dataclass(kw_only=True, slots=True)
class _Entry(Generic[In, Out]):
    item: In
    deadline: float
    future: asyncio.Future[Out]


class Gathering(Generic[In, Out]):
    """Does `work` on groups of items, one group at a time, in the order of their arrival.

    `work` gives an outcome for each item, in the same order, and may be called again with the same items:
    an attempt that failed may have been done all the same.
    """

    def __init__(self, work: Callable[[Sequence[In]], Awaitable[Sequence[Out]]]) -> None:
        self._work = work
        self._waiting: list[_Entry[In, Out]] = []
        self._task: asyncio.Task[None] | None = None
        self._attempts: set[asyncio.Future[Sequence[Out]]] = set()

    async def do(self, item: In, *, deadline: float) -> Out:
        """The outcome for this item. Raises `LaneUnavailable` when the database gave none before `deadline`
        (seconds of the monotonic clock).
        """
        future: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Entry(item=item, deadline=deadline, future=future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="gathering")
        return await future

    async def stop(self) -> None:
        """End; what waits is told that nothing was done."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        for entry in self._waiting:
            _fail(entry)
        self._waiting = []

    async def _run(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
            try:
                await self._settle(group)
            except asyncio.CancelledError:
                for entry in group:
                    _fail(entry)
                raise

    async def _settle(self, group: list[_Entry[In, Out]]) -> None:
        while group:
            try:
                outcomes = await self._attempted(group)
            except AWAY as error:
                group = self._without_late_ones(group, error)
                await asyncio.sleep(RETRY_PAUSE_S if group else 0)
            except Exception as error:  # outermost frame: one bad item must not stop the others
                await self._settle_one_by_one(group, error)
                return
            else:
                for entry, outcome in zip(group, outcomes, strict=True):
                    if not entry.future.done():
                        entry.future.set_result(outcome)
                return

    async def _attempted(self, group: list[_Entry[In, Out]]) -> Sequence[Out]:
        """One attempt; left behind when its time is over, because a server that hangs may hang on cancelling
        too.
        """
        attempt = asyncio.ensure_future(self._work([entry.item for entry in group]))
        self._attempts.add(attempt)
        attempt.add_done_callback(self._forget)
        left_s = max(entry.deadline for entry in group) - time.monotonic()
        await asyncio.wait({attempt}, timeout=max(0.0, min(left_s, ATTEMPT_S)))
        if attempt.done():
            return attempt.result()
        attempt.cancel()
        raise TimeoutError

    def _forget(self, attempt: asyncio.Future[Sequence[Out]]) -> None:
        self._attempts.discard(attempt)
        if not attempt.cancelled():
            attempt.exception()  # looked at, so that nobody complains; its outcome no longer matters

    def _without_late_ones(self, group: list[_Entry[In, Out]], error: Exception) -> list[_Entry[In, Out]]:
        now = time.monotonic()
        for entry in group:
            if entry.deadline <= now:
                log.warning("database_unavailable", reason=type(error).__name__)
                _fail(entry)
        return [entry for entry in group if entry.deadline > now]

    async def _settle_one_by_one(self, group: list[_Entry[In, Out]], error: Exception) -> None:
        if len(group) == 1:
            log.error("message_not_kept", reason=type(error).__name__)
            _fail(group[0])
            return
        for entry in group:
            await self._settle([entry])


def _fail(entry: _Entry[In, Out]) -> None:
    if not entry.future.done():
        entry.future.set_exception(LaneUnavailable())
