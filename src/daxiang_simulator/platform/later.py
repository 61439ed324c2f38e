"""What the platform does a while after a call: ends of sends, checks before publishing, time that runs out.

A job is a row until it is done, so a restart goes on with it. Due times are business time: whoever moves the
clock forward sees the jobs of the leapt-over time run, in the order of their times.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from daxiang_simulator.clock import SharedClock
from daxiang_simulator.store import Store

from .shelves import Shelves

Job = dict[str, Any]
Work = Callable[[str, Job], Awaitable[None]]
POLL_S = 0.05
AT_ONCE = 64
logger = logging.getLogger(__name__)


class Later:
    """All jobs. `works` has what to do by kind; it is filled when the world is put together."""

    def __init__(self, shelves: Shelves, store: Store, clock: SharedClock) -> None:
        self._shelf = shelves["later"]
        self._store = store
        self._clock = clock
        self.works: dict[str, Work] = {}
        self._heap: list[tuple[float, int, str, str]] = []
        self._number = 0
        self._changed = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take up what the store held, and begin."""
        for account, held in self._shelf.accounts():
            for key, job in held.items():
                self._number = max(self._number, int(key))
                heapq.heappush(self._heap, (job["due"], int(key), account, key))
        self._loop = asyncio.create_task(self._run())

    def add(self, account: str, kind: str, *, due: float, **facts: Any) -> str:
        """A new job; committed with whatever else changes now."""
        self._number += 1
        key = str(self._number)
        self._shelf.put(account, key, {"kind": kind, "due": due, **facts})
        heapq.heappush(self._heap, (due, self._number, account, key))
        self._changed.set()
        return key

    def done(self, account: str, key: str) -> None:
        """The job is over; a job calls it so that its end is committed with its effect."""
        self._shelf.drop(account, key)

    async def settle(self) -> None:
        """Wait until nothing that is due is left."""
        while self._running or (self._heap and self._heap[0][0] <= self._clock.now()):
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(0)
                self._changed.set()

    def forget(self) -> None:
        """Drop all jobs that wait; the shelf itself is cleared by the world."""
        self._heap.clear()

    async def close(self) -> None:
        """Stop; what is under way begins anew after the next start."""
        tasks = [*self._running, *([self._loop] if self._loop else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            now = self._clock.now()
            while self._heap and self._heap[0][0] <= now:
                await self._slots.acquire()
                if not self._heap:
                    self._slots.release()
                    break
                _, _, account, key = heapq.heappop(self._heap)
                task = asyncio.create_task(self._do(account, key))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            timeout = POLL_S if self._heap else None
            try:
                await asyncio.wait_for(self._changed.wait(), timeout)
            except TimeoutError:
                continue

    async def _do(self, account: str, key: str) -> None:
        try:
            job = self._shelf.of(account).get(key)
            if job is not None:
                await self.works[job["kind"]](account, {**job, "key": key})
                if key in self._shelf.of(account):
                    self.done(account, key)
                    await self._store.write()
        except asyncio.CancelledError:
            raise
        except Exception:  # outermost frame of a job: the others must go on
            logger.exception("job %s of %s", key, account)
        finally:
            self._slots.release()
