"""The relay lane: what we do not handle goes to the city's former vendor, once, and its answer comes back.

A message is durable before the vendor is asked, so that nobody ever asks it again: not a repeat, not another
process, not a restart. The vendor has until `BUDGET_S` after the callback's arrival; then the platform is
told `success` and the vendor's answer goes out through the outbox when it comes. Where it fails, the person
gets the cover: what the conversation would have said had there been no vendor.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from daxiang.foundation import metrics
from daxiang.foundation.inbox.operations import Received
from daxiang.integrations.wechat.protocol import Incoming
from daxiang.integrations.wechat.replies import PassiveReply, render
from daxiang.sites.gateway.gathering import Gathering
from daxiang.sites.gateway.lane import LaneUnavailable
from daxiang.sites.gateway.vendor import VendorClient, VendorFailed

log = structlog.get_logger()

BUDGET_S = 2.8
"""From the callback's arrival to our answer, whatever the vendor does: the platform gives 5 s."""
TURN_S = 2.4
"""So long a message may wait for its turn with a busy vendor; then it is covered inside the budget."""
LAST_TURN_S = 0.3
"""Even a message that has waited behind its sender's earlier one gets this long for its turn."""
DURABLE_S = 4.2
"""An answer that could not be made durable by then is not given: the platform is told nothing false."""
REPEAT_S = 3.5
"""So long a repeat waits for what another process settles: longer than the other's budget, and with room for
a queue before us, such as there is after a kill.
"""
POLL_S = 0.15
LEASE_S = 40
"""Longer than a vendor is waited for (`LIMIT_S`) and our settling takes. When it is over and nothing was
settled, the process is gone: the worker covers the message."""


@dataclass(kw_only=True, eq=False)
class Work:
    """One message on its way through the relay."""

    incoming: Incoming
    received: Received
    cover: bytes
    arrived: float
    """Moments are seconds of the monotonic clock."""
    reply: PassiveReply | None = None
    """What the vendor said."""
    is_covered: bool = False
    """The vendor said nothing usable: `cover` is the answer."""
    is_decided: bool = False
    """One of the two is known. Whoever sets this or `is_late` first decides how the answer travels; both
    are set between two awaits of one event loop, so exactly one is first.
    """
    is_late: bool = False
    """The platform has `success` already (or nothing): the answer goes through the outbox."""
    passive: asyncio.Task[bytes] = field(init=False, repr=False)
    """What everybody who calls with this message waits for."""
    carrying: asyncio.Task[bytes] | None = field(default=None, repr=False)

    def rendered(self, created: int) -> bytes:
        """The answer as a passive reply, addressed to who wrote the message; empty when none is owed."""
        if self.is_covered:
            return self.cover
        if self.reply is None:
            return b""
        message = self.incoming.message
        return render(
            self.reply,
            to_user=message.from_user,
            from_user=message.to_user,
            created=created,
            format=self.incoming.format,
        )


class Owed(Protocol):
    """Where answers that are owed are kept. Each outcome stands where its message stands."""

    async def claim(self, works: Sequence[Work]) -> Sequence[bool]:
        """Make the messages durable; whether each is ours to pass on: nobody else has it or has had it."""

    async def settle(self, works: Sequence[Work]) -> Sequence[bytes]:
        """Keep each message with its answer, and what is late in the outbox, in one transaction; the answer
        that holds (another's, where that came first). Doing it again changes nothing.
        """

    async def look(self, works: Sequence[Work]) -> Sequence[bytes | None]:
        """The answers that are kept; None where none is yet."""

    async def close(self) -> None:
        """Nothing more will be asked for."""


class RelayLane:
    """Passes the messages of one account on to its vendor."""

    def __init__(self, *, account: str, vendor: VendorClient, owed: Owed, budget_s: float = BUDGET_S) -> None:
        self._account = account
        self._vendor = vendor
        self._owed = owed
        self._budget_s = budget_s
        self._under_way: dict[bytes, Work] = {}
        self._carrying: set[asyncio.Task[bytes]] = set()
        self._claims: Gathering[Work, bool] = Gathering(owed.claim)
        self._settling: Gathering[Work, bytes] = Gathering(owed.settle)
        self._looks: Gathering[Work, bytes | None] = Gathering(owed.look)

    async def stop(self) -> None:
        """Let those who wait have their answer; what is late is the worker's when its lease is over."""
        waiting = {work.passive for work in self._under_way.values()}
        if waiting:
            await asyncio.wait(waiting, timeout=self._budget_s)
        for task in self._carrying:
            task.cancel()
        if self._carrying:
            await asyncio.wait(self._carrying)
        for gathering in (self._claims, self._settling, self._looks):
            await gathering.stop()
        await self._vendor.close()
        await self._owed.close()

    async def answer(
        self, incoming: Incoming, received: Received, cover: bytes, *, arrived: float | None = None
    ) -> bytes:
        """The passive reply, rendered and plain; empty for `success`. Raises `LaneUnavailable` when nothing
        could be made durable.

        `cover`: the rendered reply for the person when the vendor fails, empty when none is owed. `arrived`:
        when the callback came, in seconds of the monotonic clock; what it waited since then counts.
        """
        work = self._under_way.get(received.identity)
        if work is None:
            moment = time.monotonic() if arrived is None else arrived
            work = Work(incoming=incoming, received=received, cover=cover, arrived=moment)
            self._under_way[received.identity] = work
            work.passive = asyncio.create_task(self._passive(work))
            work.passive.add_done_callback(lambda _: self._forget_unless_carried(work))
        elif work.is_late and work.carrying is not None:
            return await self._late(work, work.carrying)
        return await asyncio.shield(work.passive)

    async def _passive(self, work: Work) -> bytes:
        durable_until = work.arrived + DURABLE_S
        if not await self._claims.do(work, deadline=durable_until):
            return await self._anothers(work)
        work.carrying = carrying = asyncio.create_task(self._carry(work))
        self._carrying.add(carrying)
        carrying.add_done_callback(lambda done: self._carried(work, done))
        await _wait(carrying, until=work.arrived + self._budget_s)
        if work.is_decided and not carrying.done():
            await _wait(carrying, until=durable_until)
        if carrying.done():
            return carrying.result()
        work.is_late = True
        if work.is_decided:  # known, but not durable in time
            raise LaneUnavailable
        return b""

    async def _late(self, work: Work, carrying: asyncio.Task[bytes]) -> bytes:
        """To a repeat in this process after we gave up waiting. Where the answer was known by then, it may
        have been kept as a passive one after all: only the settling can tell.
        """
        if not work.is_decided:
            return b""
        await _wait(carrying, until=time.monotonic() + DURABLE_S)
        if carrying.done():
            return carrying.result()
        raise LaneUnavailable

    async def _carry(self, work: Work) -> bytes:
        """Ask the vendor, then settle, however long that takes; the passive answer that holds."""
        try:
            work.reply = await self._vendor.ask(
                work.incoming.body,
                work.incoming.message,
                now=int(work.received.received_at.timestamp()),
                turn_until=max(work.arrived + TURN_S, time.monotonic() + LAST_TURN_S),
            )
            outcome = "empty" if work.reply is None else "answered"
        except VendorFailed as error:
            work.is_covered, outcome = True, error.reason
        except (
            Exception
        ) as error:  # outermost frame of the task: a fault of ours is covered like the vendor's
            log.error("relay_failed", reason=type(error).__name__)
            work.is_covered, outcome = True, "fault"
        work.is_decided = True
        metrics.relay_total.labels(
            account=self._account, outcome=f"late_{outcome}" if work.is_late else outcome
        ).inc()
        return await self._settling.do(work, deadline=work.arrived + LEASE_S)

    async def _anothers(self, work: Work) -> bytes:
        """The answer to a repeat: what whoever has the message settles; `success` when that takes long,
        because the message is durable.
        """
        metrics.relay_total.labels(account=self._account, outcome="repeat").inc()
        until = work.arrived + REPEAT_S
        while True:
            stored = await self._looks.do(work, deadline=work.arrived + DURABLE_S)
            if stored is not None:
                return stored
            if time.monotonic() + POLL_S > until:
                return b""
            await asyncio.sleep(POLL_S)

    def _carried(self, work: Work, done: asyncio.Task[bytes]) -> None:
        self._carrying.discard(done)
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error("relayed_answer_not_kept", reason=type(error).__name__)
        self._forget(work)

    def _forget_unless_carried(self, work: Work) -> None:
        if not work.is_late:
            self._forget(work)

    def _forget(self, work: Work) -> None:
        if self._under_way.get(work.received.identity) is work:
            del self._under_way[work.received.identity]


async def _wait(task: asyncio.Task[bytes], *, until: float) -> None:
    await asyncio.wait({task}, timeout=max(0.0, until - time.monotonic()))
