"""The group lane: messages whose answer has no side effect become durable in batches.

No timer: a batch gathers while the last one commits, so a lone message waits for nothing and a flood is
written in few transactions. One batch is under way at a time in a process, and arrivals keep their order,
so the messages of one sender are answered in order.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import psycopg
import structlog

from daxiang.foundation.inbox.operations import Received

log = structlog.get_logger()

Keep = Callable[[Sequence[Received]], Awaitable[dict[bytes, bytes]]]
MAX_BATCH = 200
BUDGET_S = 4.0
"""The platform gives 5 s; what is not durable by then is answered 503 and comes again."""
RETRY_PAUSE_S = 0.05


class LaneUnavailable(Exception):
    """The message could not be made durable in time. Nothing is promised; the platform will repeat it."""


class GroupLane:
    """Accepts messages one by one and keeps them in groups."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._waiting: dict[bytes, tuple[Received, float, asyncio.Future[bytes]]] = {}
        self._under_way: dict[bytes, asyncio.Future[bytes]] = {}
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._attempts: set[asyncio.Future[dict[bytes, bytes]]] = set()

    def is_ended(self) -> str | None:
        """Why nothing can be kept by this process any more; None while it can."""
        return "the group lane has ended" if self._task is None or self._task.done() else None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="group-lane")

    async def stop(self) -> None:
        """Finish what has arrived, then end."""
        while self._waiting or self._under_way:
            pending = [entry[2] for entry in self._waiting.values()] + list(self._under_way.values())
            await asyncio.wait(pending)
        if self._task:
            self._task.cancel()

    async def answer(self, message: Received) -> bytes:
        """The answer that holds for this message, once it is durable. Raises `LaneUnavailable`.

        A repeat that arrives while the first is still on its way waits for the same result.
        """
        future = self._under_way.get(message.identity)
        if future is None and message.identity in self._waiting:
            future = self._waiting[message.identity][2]
        if future is None:
            future = asyncio.get_running_loop().create_future()
            self._waiting[message.identity] = (message, time.monotonic() + BUDGET_S, future)
            self._arrived.set()
        return await asyncio.shield(future)

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            batch = [self._waiting.pop(key) for key in list(self._waiting)[:MAX_BATCH]]
            if not self._waiting:
                self._arrived.clear()
            self._under_way = {message.identity: future for message, _, future in batch}
            await self._settle(batch)
            self._under_way = {}

    async def _settle(self, batch: list[tuple[Received, float, asyncio.Future[bytes]]]) -> None:
        while batch:
            try:
                answers = await self._kept_in_time(batch)
                settled = [(future, answers[message.identity]) for message, _, future in batch]
            except (TimeoutError, psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                batch = self._give_up_late_ones(batch, error)
                await asyncio.sleep(RETRY_PAUSE_S if batch else 0)
            except Exception as error:  # outermost frame of the lane: one bad row must not stop the others
                await self._settle_one_by_one(batch, error)
                return
            else:
                for future, answer in settled:
                    _resolve(future, answer)
                return

    async def _kept_in_time(
        self, batch: list[tuple[Received, float, asyncio.Future[bytes]]]
    ) -> dict[bytes, bytes]:
        """Keep the batch; raises `TimeoutError` when the oldest one's time is over.

        The attempt is then left behind and not waited for: a server that hangs may hang on cancelling too.
        """
        messages = [message for message, _, _ in batch]
        attempt = asyncio.ensure_future(self._keep(messages))
        self._attempts.add(attempt)
        attempt.add_done_callback(self._forget)
        oldest = min(deadline for _, deadline, _ in batch)
        await asyncio.wait({attempt}, timeout=max(0.0, oldest - time.monotonic()))
        if attempt.done():
            return attempt.result()
        attempt.cancel()
        raise TimeoutError

    def _forget(self, attempt: asyncio.Future[dict[bytes, bytes]]) -> None:
        self._attempts.discard(attempt)
        if not attempt.cancelled():
            attempt.exception()  # looked at, so that nobody complains; its outcome no longer matters

    def _give_up_late_ones(
        self, batch: list[tuple[Received, float, asyncio.Future[bytes]]], error: Exception
    ) -> list[tuple[Received, float, asyncio.Future[bytes]]]:
        now = time.monotonic()
        for _, deadline, future in batch:
            if deadline <= now and not future.done():
                log.warning("database_unavailable", reason=type(error).__name__)
                future.set_exception(LaneUnavailable())
        return [entry for entry in batch if entry[1] > now]

    async def _settle_one_by_one(
        self, batch: list[tuple[Received, float, asyncio.Future[bytes]]], error: Exception
    ) -> None:
        if len(batch) == 1:
            log.error("message_not_kept", reason=type(error).__name__)
            if not batch[0][2].done():
                batch[0][2].set_exception(LaneUnavailable())
            return
        for entry in batch:
            await self._settle([entry])


def _resolve(future: asyncio.Future[bytes], answer: bytes) -> None:
    if not future.done():
        future.set_result(answer)
