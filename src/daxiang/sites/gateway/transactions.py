"""The transaction lane: messages that call an operation, each in one transaction on a thread of its own.

The platform waits 5 s. After `LATE_AFTER_S` it gets `success`, and the answer goes out by the outbox when the
operation is done. Which of the two ways an answer takes is decided once, by `HandOver`.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog

from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.acts import Act, KeptMeanwhile, carry_out
from daxiang.integrations.wechat.replies import PassiveReply
from daxiang.sites.gateway.connections import AWAY
from daxiang.sites.gateway.lane import LaneUnavailable

log = structlog.get_logger()

LATE_AFTER_S = 3.0
DURABLE_S = 4.2
"""An answer, or a message, that could not be made durable by then is not confirmed: the platform repeats."""
LEASE_S = 60.0
"""Longer than an operation may take (`_OPTIONS`): afterwards its process is taken for dead."""
THREADS = 8
MOST_UNDER_WAY = 256
_OPTIONS = "-c statement_timeout=20s -c idle_in_transaction_session_timeout=30s"

Defer = Callable[[Act], Awaitable[None]]
"""Make the message durable as one whose answer is owed; returns when it is."""


class HandOver:
    """Whether an answer goes back in the callback or later: whoever asks first decides, for good.

    The thread asks just before it writes the answer, the event loop when the time is over. Without this an
    answer written as a passive one in the very moment in which the platform is told `success` would be lost.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_late: bool | None = None

    def is_passive(self) -> bool:
        """Asked by the thread: True when the answer is to be written as the callback's own."""
        return not self._decided(is_late=False)

    def is_late(self) -> bool:
        """Asked by the event loop: True when the answer will go out by the outbox."""
        return self._decided(is_late=True)

    def _decided(self, *, is_late: bool) -> bool:
        with self._lock:
            if self._is_late is None:
                self._is_late = is_late
            return self._is_late


@dataclass(kw_only=True, eq=False)
class _Work:
    act: Act
    arrived: float
    hand_over: HandOver
    done: asyncio.Future[bytes]


class TransactionLane:
    """Bounded threads, each with a connection of its own."""

    def __init__(
        self,
        *,
        url: str,
        sealer: Sealer,
        defer: Defer,
        late_after_s: float = LATE_AFTER_S,
        durable_s: float = DURABLE_S,
        threads: int = THREADS,
        hand_over: Callable[[], HandOver] = HandOver,
    ) -> None:
        self._url = url
        self._sealer = sealer
        self._defer = defer
        self._late_after_s = late_after_s
        self._durable_s = durable_s
        self._hand_over = hand_over
        self._threads = ThreadPoolExecutor(threads, "transactions")
        self._under_way: dict[bytes, asyncio.Task[bytes]] = {}
        self._idle: list[psycopg.Connection[Any]] = []

    async def stop(self) -> None:
        """Let those who wait have their answer; what is late is taken over by the worker."""
        if self._under_way:
            await asyncio.wait(self._under_way.values())
        self._threads.shutdown(wait=False, cancel_futures=True)
        while self._idle:
            self._idle.pop().close()

    async def answer(
        self,
        act: Act,
        render: Callable[[PassiveReply | None], bytes],
        *,
        arrived: float | None = None,
    ) -> bytes:
        """The rendered passive answer; empty for `success`. Raises `LaneUnavailable` when nothing may be
        promised.

        `arrived`: when the callback came, in seconds of the monotonic clock. A repeat in this process waits
        for the same work.
        """
        told = self._under_way.get(act.received.identity)
        if told is None:
            if len(self._under_way) >= MOST_UNDER_WAY:
                raise LaneUnavailable
            told = self._begin(act, render, time.monotonic() if arrived is None else arrived)
        return await asyncio.shield(told)

    def _begin(
        self, act: Act, render: Callable[[PassiveReply | None], bytes], arrived: float
    ) -> asyncio.Task[bytes]:
        loop = asyncio.get_running_loop()
        hand_over = self._hand_over()
        done = loop.run_in_executor(self._threads, self._carry_out, act, render, hand_over)
        work = _Work(act=act, arrived=arrived, hand_over=hand_over, done=done)
        told = self._under_way[act.received.identity] = asyncio.create_task(self._passive(work))
        told.add_done_callback(lambda told: told.cancelled() or told.exception())
        done.add_done_callback(lambda done: self._ended(act, done))
        return told

    async def _passive(self, work: _Work) -> bytes:
        await _wait(work.done, until=work.arrived + self._late_after_s)
        if work.done.done():
            return work.done.result()
        durable_until = work.arrived + self._durable_s
        if not work.hand_over.is_late():
            # The thread is writing the passive answer at this moment: it alone may say what holds.
            await _wait(work.done, until=durable_until)
            if work.done.done():
                return work.done.result()
            raise LaneUnavailable
        # Durable first, `success` afterwards: were the process killed in between, the platform would repeat.
        await self._deferred(work, durable_until)
        return b""

    async def _deferred(self, work: _Work, until: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                await self._defer(work.act)
        except AWAY as error:
            log.warning("message_not_deferred", reason=type(error).__name__)
            raise LaneUnavailable from error

    def _ended(self, act: Act, done: asyncio.Future[bytes]) -> None:
        if not done.cancelled() and (error := done.exception()) is not None:
            log.warning("act_not_carried_out", kind=act.message.kind, reason=type(error).__name__)
        self._under_way.pop(act.received.identity, None)

    def _carry_out(
        self, act: Act, render: Callable[[PassiveReply | None], bytes], hand_over: HandOver
    ) -> bytes:
        """On a thread. A connection that failed is closed; the next act gets a new one."""
        try:
            connection = self._taken()
            try:
                done = carry_out(
                    connection, act, sealer=self._sealer, render=render, is_passive=hand_over.is_passive
                )
            except BaseException:
                connection.close()
                raise
        except (*AWAY, KeptMeanwhile) as error:
            raise LaneUnavailable from error
        self._idle.append(connection)
        return done.answer

    def _taken(self) -> psycopg.Connection[Any]:
        try:
            return self._idle.pop()
        except IndexError:
            return psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=3,
                application_name="daxiang-gateway-acts",
                options=_OPTIONS,
            )


async def _wait(future: asyncio.Future[bytes], *, until: float) -> None:
    await asyncio.wait({future}, timeout=max(0.0, until - time.monotonic()))
