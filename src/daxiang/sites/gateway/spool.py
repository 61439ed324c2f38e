"""Danger messages that were answered from memory because the database was away: kept as soon as it is back.

They wait in this process, up to `MOST_BYTES`, and are tried once a second. A message that is never kept is
told as an error and counted (`daxiang_danger_unkept_total`); a kill alone takes what waits along unseen (the
person had the answer).
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

log = structlog.get_logger()

PAUSE_S = 1.0
MOST_AT_ONCE = 200
MOST_BYTES = 32 * 2**20
ROW_BYTES = 1024
"""What a message costs besides its body and its answer."""

Keep = Callable[[Sequence[Received], Sequence[Touch]], Awaitable[object]]
_Held = tuple[Received, Touch | None]


class Spool:
    """Keeps later what could not be kept at once, in the order of arrival. `keep` must end by itself."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._held: deque[_Held] = deque()
        self._bytes = 0
        self._is_full = False
        self._task: asyncio.Task[None] | None = None

    def add(self, message: Received, touch: Touch | None) -> bool:
        """Whether there was room; where there is none, that is told and counted."""
        if self._bytes + _size(message) > MOST_BYTES:
            _count_lost([message], "spool_full", is_told=not self._is_full)
            self._is_full = True  # one line, not one for each that comes while it stays so
            return False
        self._held.append((message, touch))
        self._bytes += _size(message)
        if self._task is None or self._task.done():
            log.warning("danger_message_spooled", account=message.account)
            self._task = asyncio.create_task(self._empty(), name="spool")
        return True

    async def stop(self) -> None:
        """One more try, then what is left is told."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self._keep_all()
        if self._held:
            _count_lost([message for message, _ in self._held], "stopped")
        self._held.clear()

    async def _empty(self) -> None:
        while self._held:
            await asyncio.sleep(PAUSE_S)
            await self._keep_all()

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

    async def _kept_one_by_one(self, group: list[_Held]) -> bool:
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

    async def _kept(self, group: list[_Held]) -> None:
        await self._keep([message for message, _ in group], [touch for _, touch in group if touch])
        self._drop(group)

    def _drop(self, group: list[_Held]) -> None:
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
