"""The group lane: messages whose answer has no side effect become durable in batches.

No timer: a batch gathers while the last one commits, so a lone message waits for nothing and a flood is
written in few transactions. One batch is under way at a time in a process, and arrivals keep their order,
so the messages of one sender are answered in order.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import structlog

from daxiang.domains.residents.operations import SpokenTalk
from daxiang.foundation.inbox.operations import Received
from daxiang.integrations.wechat.contacts.operations import Touch
from daxiang.sites.gateway.connections import AWAY
from daxiang.sites.gateway.spool import Spool
from daxiang.sites.gateway.spool_file import SpoolFile

log = structlog.get_logger()

Keep = Callable[[Sequence[Received], Sequence[Touch], Sequence[SpokenTalk]], Awaitable[dict[bytes, bytes]]]
MAX_BATCH = 200
BUDGET_S = 4.0
"""The platform gives 5 s; what is not durable by then is answered 503 and comes again."""
RETRY_PAUSE_S = 0.05


class LaneUnavailable(Exception):
    """The message could not be made durable in time. Nothing is promised; the platform will repeat it."""


class Entry:
    """One message on its way, and who waits for it."""

    __slots__ = ("deadline", "future", "message", "talk", "touch")

    def __init__(
        self,
        message: Received,
        touch: Touch | None,
        talk: SpokenTalk | None,
        deadline: float,
        future: asyncio.Future[bytes],
    ) -> None:
        self.message = message
        self.touch = touch
        self.talk = talk
        self.deadline = deadline
        self.future = future


class GroupLane:
    """Accepts messages one by one and keeps them in groups."""

    def __init__(self, keep: Keep, spool_file: SpoolFile | None = None) -> None:
        self._keep = keep
        self._entries: dict[bytes, Entry] = {}  # waiting and under way
        self._waiting: deque[Entry] = deque()
        self._spool = Spool(
            lambda messages, touches: self._within(messages, touches, (), BUDGET_S), spool_file
        )
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._attempts: set[asyncio.Future[dict[bytes, bytes]]] = set()

    def is_ended(self) -> str | None:
        """Why nothing can be kept by this process any more; None while it can."""
        return "the group lane has ended" if self._task is None or self._task.done() else None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="group-lane")
        self._task.add_done_callback(self._has_ended)

    async def stop(self) -> None:
        """Finish what has arrived, then end. What is spooled gets one more try."""
        while self._entries:
            await asyncio.wait([entry.future for entry in self._entries.values()])
            await asyncio.sleep(0)
        if self._task:
            self._task.cancel()
        await self._spool.stop()

    async def answer(
        self,
        message: Received,
        touch: Touch | None = None,
        talk: SpokenTalk | None = None,
        deadline: float | None = None,
        *,
        leave_at: float | None = None,
    ) -> bytes:
        """The answer that holds for this message, once it is durable. Raises `LaneUnavailable`, at the latest
        at `deadline` (seconds of the monotonic clock; None: the whole budget from now on), and at `leave_at`
        to whoever waits no longer; the message itself is tried until its deadline all the same.

        A repeat that arrives while the first is still on its way waits for the same result.
        """
        entry = self._entries.get(message.identity)
        if entry is None:
            if self._task is not None and self._task.done():
                raise LaneUnavailable
            until = time.monotonic() + BUDGET_S if deadline is None else deadline
            entry = Entry(message, touch, talk, until, asyncio.get_running_loop().create_future())
            self._entries[message.identity] = entry
            self._waiting.append(entry)
            self._arrived.set()
        if leave_at is not None:
            await asyncio.wait({entry.future}, timeout=max(0.0, leave_at - time.monotonic()))
            if not entry.future.done():
                entry.future.add_done_callback(_looked_at)
                raise LaneUnavailable
        # Not shielded: nobody cancels the task of a request, and shielding costs as much as the rest of this.
        return await entry.future

    async def keep_later(self, message: Received, touch: Touch | None) -> None:
        """Keep a message that was answered from memory because the database was away (danger words): on disk
        when this returns, unless the disk is away too.

        The person is answered whether or not there is room for it; see `spool.py`.
        """
        if self._spool.add(message, touch):
            await self._spool.durable()

    async def recover(self) -> None:
        """Take over the danger messages that a dead process left on disk; needs no database yet."""
        await self._spool.recover()

    def _has_ended(self, task: asyncio.Task[None]) -> None:
        """By `stop`, or by a fault of ours: then nobody may wait for what will not come."""
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("group_lane_ended", reason=type(fault).__name__)
        for entry in list(self._entries.values()):
            self._fail(entry)

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            waiting = self._waiting
            batch = [waiting.popleft() for _ in range(min(MAX_BATCH, len(waiting)))]
            if not waiting:
                self._arrived.clear()
            if batch:
                await self._settle(batch)

    async def _settle(self, batch: list[Entry]) -> None:
        while batch:
            try:
                answers = await self._kept_in_time(batch)
                settled = [(entry, answers[entry.message.identity]) for entry in batch]
            except AWAY as error:
                batch = self._give_up_late_ones(batch, error)
                await asyncio.sleep(RETRY_PAUSE_S if batch else 0)
            except Exception as error:  # outermost frame of the lane: one bad row must not stop the others
                await self._settle_one_by_one(batch, error)
                return
            else:
                for entry, answer in settled:
                    del self._entries[entry.message.identity]
                    if not entry.future.done():
                        entry.future.set_result(answer)
                return

    async def _kept_in_time(self, batch: list[Entry]) -> dict[bytes, bytes]:
        """Keep the batch; raises `TimeoutError` when the oldest one's time is over."""
        messages = [entry.message for entry in batch]
        touches = [entry.touch for entry in batch if entry.touch is not None]
        talks = [entry.talk for entry in batch if entry.talk is not None]
        oldest = min(entry.deadline for entry in batch)
        return await self._within(messages, touches, talks, oldest - time.monotonic())

    async def _within(
        self,
        messages: Sequence[Received],
        touches: Sequence[Touch],
        talks: Sequence[SpokenTalk],
        seconds: float,
    ) -> dict[bytes, bytes]:
        """One attempt, left behind and not waited for when it takes longer: a server that hangs may hang on
        cancelling too.
        """
        attempt = asyncio.ensure_future(self._keep(messages, touches, talks))
        self._attempts.add(attempt)
        attempt.add_done_callback(self._forget)
        await asyncio.wait({attempt}, timeout=max(0.0, seconds))
        if attempt.done():
            return attempt.result()
        attempt.cancel()
        raise TimeoutError

    def _forget(self, attempt: asyncio.Future[dict[bytes, bytes]]) -> None:
        self._attempts.discard(attempt)
        if not attempt.cancelled():
            attempt.exception()  # looked at, so that nobody complains; its outcome no longer matters

    def _give_up_late_ones(self, batch: list[Entry], error: Exception) -> list[Entry]:
        now = time.monotonic()
        for entry in batch:
            if entry.deadline <= now:
                log.warning("database_unavailable", reason=type(error).__name__)
                self._fail(entry)
        return [entry for entry in batch if entry.deadline > now]

    def _fail(self, entry: Entry) -> None:
        self._entries.pop(entry.message.identity, None)
        if not entry.future.done():
            entry.future.set_exception(LaneUnavailable())

    async def _settle_one_by_one(self, batch: list[Entry], error: Exception) -> None:
        if len(batch) == 1:
            log.error("message_not_kept", reason=type(error).__name__)
            self._fail(batch[0])
            return
        for entry in batch:
            await self._settle([entry])


def _looked_at(future: asyncio.Future[bytes]) -> None:
    """Its outcome no longer matters to anybody: so that nobody complains."""
    if not future.cancelled():
        future.exception()
