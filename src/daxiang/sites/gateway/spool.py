"""Danger messages that were answered from memory because the database was away: kept as soon as it is back.

They wait in this process, up to `MOST_BYTES`, and on disk (`spool_file`), so that a kill takes none along;
they are tried once a second. A message that is never kept is told as an error and counted
(`daxiang_danger_unkept_total`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice

import structlog

from daxiang.foundation import metrics
from daxiang.foundation.inbox.operations import Received
from daxiang.integrations.wechat.contacts.operations import Touch
from daxiang.sites.gateway.connections import AWAY
from daxiang.sites.gateway.spool_file import Held, SpoolFile

log = structlog.get_logger()

PAUSE_S = 1.0
MOST_AT_ONCE = 200
MOST_BYTES = 32 * 2**20
ROW_BYTES = 1024
"""What a message costs besides its body and its answer."""
DISK_S = 0.5
"""So long an answer waits for the disk; a disk that hangs keeps nobody from 120."""

Keep = Callable[[Sequence[Received], Sequence[Touch]], Awaitable[object]]


class Spool:
    """Keeps later what could not be kept at once, in the order of arrival. `keep` must end by itself.

    `file`: where it waits meanwhile; None: in memory alone.
    """

    def __init__(self, keep: Keep, file: SpoolFile | None = None) -> None:
        self._keep = keep
        self._file = file
        self._held: deque[Held] = deque()
        self._bytes = 0
        self._is_full = False
        self._task: asyncio.Task[None] | None = None
        self._unwritten: list[Held] = []
        self._writing: asyncio.Task[None] | None = None
        self._disk = asyncio.Lock()
        self._is_on_disk = file is not None
        """Whether everything that waits is on disk too."""

    def add(self, message: Received, touch: Touch | None) -> bool:
        """Whether there was room; where there is none, that is told and counted."""
        if self._bytes + _size(message) > MOST_BYTES:
            _count_lost([message], "spool_full", is_told=not self._is_full)
            self._is_full = True  # one line, not one for each that comes while it stays so
            return False
        self._hold((message, touch))
        if self._file is not None:
            self._unwritten.append((message, touch))
            if self._writing is None or self._writing.done():
                self._writing = asyncio.create_task(self._write(self._file), name="spool-file")
        return True

    async def durable(self) -> None:
        """Wait, `DISK_S` at most, until what was added is on disk."""
        if self._writing is not None:
            await asyncio.wait({self._writing}, timeout=DISK_S)

    async def recover(self) -> int:
        """Take over what dead processes left; how many messages."""
        if self._file is None:
            return 0
        try:
            async with self._disk:
                left = await asyncio.to_thread(self._file.adopt, room=MOST_BYTES - self._bytes)
        except OSError as error:
            log.error("danger_spool_not_read", reason=type(error).__name__)
            return 0
        for one in left:
            self._hold(one)
        if left:
            log.warning("danger_messages_taken_over", count=len(left))
        return len(left)

    async def stop(self) -> None:
        """One more try; what is left waits on disk for the next process, or is told."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self.durable()
        await self._keep_all()
        await self._empty_file()
        if self._held and not self._is_on_disk:
            _count_lost([message for message, _ in self._held], "stopped")
        elif self._held:
            log.warning("danger_messages_wait_on_disk", count=len(self._held))
        self._held.clear()
        if self._file is not None:
            await asyncio.to_thread(self._file.close)

    def _hold(self, one: Held) -> None:
        self._held.append(one)
        self._bytes += _size(one[0])
        if self._task is None or self._task.done():
            log.warning("danger_message_spooled", account=one[0].account)
            self._task = asyncio.create_task(self._empty(), name="spool")

    async def _write(self, file: SpoolFile) -> None:
        """What gathers while one write is under way forms the next."""
        while self._unwritten:
            async with self._disk:
                group, self._unwritten = self._unwritten, []
                try:
                    is_written = await asyncio.to_thread(file.append, group)
                    reason = "file_full"
                except OSError as error:
                    is_written, reason = False, type(error).__name__
            if not is_written:
                self._is_on_disk = False
                log.error("danger_messages_in_memory_only", reason=reason, count=len(group))
        await self._empty_file()

    async def _empty_file(self) -> None:
        """When nothing waits any more, nothing in the file does."""
        if self._file is None:
            return
        async with self._disk:
            if self._held or self._unwritten:
                return
            try:
                await asyncio.to_thread(self._file.clear)
                self._is_on_disk = True
            except OSError as error:  # kept twice after a restart, which is once in the inbox
                log.error("danger_spool_not_emptied", reason=type(error).__name__)

    async def _empty(self) -> None:
        while self._held:
            await asyncio.sleep(PAUSE_S)
            await self._keep_all()
            if not self._held:
                await self._empty_file()
                await self.recover()  # what had no room before, or was left meanwhile

    async def _keep_all(self) -> None:
        """Until nothing waits or the database is away."""
        while self._held:
            group = list(islice(self._held, MOST_AT_ONCE))
            try:
                await self._kept(group)
            except AWAY:
                return
            except Exception:  # one of them can never be kept; it must not take the others along
                if not await self._kept_one_by_one(group):
                    return

    async def _kept_one_by_one(self, group: list[Held]) -> bool:
        """False when the database went away in between."""
        for one in group:
            try:
                await self._kept([one])
            except AWAY:
                return False
            except Exception as error:  # outermost frame: a row that nothing can keep must not stay for ever
                _count_lost([one[0]], type(error).__name__)
                self._drop([one])
        return True

    async def _kept(self, group: list[Held]) -> None:
        await self._keep([message for message, _ in group], [touch for _, touch in group if touch])
        self._drop(group)

    def _drop(self, group: list[Held]) -> None:
        """They stand in front: what comes meanwhile goes behind."""
        for message, _ in group:
            self._held.popleft()
            self._bytes -= _size(message)
        self._is_full = False


def _size(message: Received) -> int:
    return len(message.body) + len(message.answer) + ROW_BYTES


def _count_lost(messages: Sequence[Received], reason: str, *, is_told: bool = True) -> None:
    for account in sorted({message.account for message in messages}):
        count = sum(message.account == account for message in messages)
        if is_told:
            log.error("danger_messages_not_kept", account=account, reason=reason, count=count)
        metrics.danger_unkept_total.labels(account=account, reason=reason).inc(count)
