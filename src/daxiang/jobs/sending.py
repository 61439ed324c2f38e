"""The worker's sending loop: claim, send, settle; and what the dead have left."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import psycopg
import structlog

from daxiang.foundation.outbox.moves import Attempt, Ending
from daxiang.foundation.outbox.operations import (
    LEASE_S,
    Claimed,
    Outcome,
    claim,
    expire,
    settle,
    take_back,
)
from daxiang.foundation.sealing import Sealer
from daxiang.jobs.channels import Channel
from daxiang.kernel.clock import Clock

log = structlog.get_logger()

AT_ONCE = 32
PAUSE_S = 0.2
"""Between two looks at an empty outbox."""
TIDY_EVERY_S = 5.0
"""Between two looks for attempts whose worker is gone and for what waited too long."""
FAILED_PAUSE_S = 1.0


class Sending:
    """Sends what is in the outbox until it is told to stop. Several workers may run it at once."""

    def __init__(
        self,
        *,
        url: str,
        sealer: Sealer,
        clock: Clock,
        channels: Mapping[str, Channel],
        lease_s: float = LEASE_S,
        tidy_every_s: float = TIDY_EVERY_S,
    ) -> None:
        self._url = url
        self._sealer = sealer
        self._clock = clock
        self._channels = channels
        self._lease_s = lease_s
        self._tidy_every_s = tidy_every_s
        self._policies = {name: channel.policy for name, channel in channels.items()}
        self._under_way: set[asyncio.Task[Outcome]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """A lost database ends neither the loop nor what is under way: that is settled when it is back."""
        try:
            while not stop.is_set():
                try:
                    async with await self._connected() as connection, await self._connected() as asked:
                        await self._rounds(connection, asked, stop)
                except (psycopg.Error, OSError) as error:
                    log.warning("sending_waits", reason=type(error).__name__)
                    await sleep_or_stop(stop, FAILED_PAUSE_S)
        finally:
            for attempt in self._under_way:
                attempt.cancel()

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-sending"
        )

    async def _rounds(
        self,
        connection: psycopg.AsyncConnection[Any],
        asked: psycopg.AsyncConnection[Any],
        stop: asyncio.Event,
    ) -> None:
        loop = asyncio.get_running_loop()
        tidy_at = loop.time()
        while not stop.is_set():
            await self.settle_ended(connection)
            if loop.time() >= tidy_at:
                await self.tidy(connection)
                tidy_at = loop.time() + self._tidy_every_s
            if not await self.begin(connection, asked):
                await self._pause(stop)
        while self._under_way:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            await self.settle_ended(connection)

    async def _pause(self, stop: asyncio.Event) -> None:
        """Until an attempt ends, or a little while; with every place taken only an attempt's end matters."""
        if not self._under_way:
            await sleep_or_stop(stop, PAUSE_S)
            return
        seconds = self._tidy_every_s if len(self._under_way) >= AT_ONCE else PAUSE_S
        await asyncio.wait(self._under_way, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    async def tidy(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Take back what a dead worker held, and end what waited too long."""
        now = self._clock.now()
        back = await take_back(connection, policies=self._policies, now=now)
        over = await expire(connection, now=now)
        if back or over:
            log.warning("outbox_tidied", taken_back=back, expired=over)

    async def begin(
        self, connection: psycopg.AsyncConnection[Any], asked: psycopg.AsyncConnection[Any]
    ) -> int:
        """Claim as many as there are places free, and begin to send them; how many. Nothing waits for the
        slowest of a batch. The channels ask `asked`, a connection that is in no transaction.
        """
        free = AT_ONCE - len(self._under_way)
        if asked.closed:
            raise psycopg.OperationalError("the connection that the channels ask is closed")
        if free == 0:
            return 0
        batch = await claim(
            connection,
            channels=list(self._channels),
            most=free,
            now=self._clock.now(),
            sealer=self._sealer,
            lease_s=self._lease_s,
        )
        self._under_way |= {asyncio.create_task(self._attempt(asked, one)) for one in batch}
        return len(batch)

    async def settle_ended(self, connection: psycopg.AsyncConnection[Any]) -> int:
        """Write down how the attempts ended that have ended; how many. What cannot be written is written by
        the next call, after its lease too.
        """
        ended = {attempt for attempt in self._under_way if attempt.done()}
        if ended:
            outcomes = [attempt.result() for attempt in ended]
            await settle(connection, outcomes=outcomes, policies=self._policies, now=self._clock.now())
            self._under_way -= ended
        return len(ended)

    async def _attempt(self, asked: psycopg.AsyncConnection[Any], claimed: Claimed) -> Outcome:
        channel = self._channels[claimed.channel]
        try:
            attempt = await channel.send(asked, claimed, self._clock.now())
        except psycopg.Error as error:  # channels ask the database before they call, never afterwards
            attempt = Attempt(ending=Ending.NOT_NOW, code=type(error).__name__)
        except Exception as error:  # outermost frame of one attempt: nobody knows how far it came
            log.exception("attempt_failed", channel=claimed.channel, reason=type(error).__name__)
            attempt = Attempt(ending=Ending.IN_DOUBT, code=type(error).__name__)
        if attempt.ending is not Ending.SENT:
            log.warning(
                "not_sent",
                channel=claimed.channel,
                account=claimed.account,
                outcome=attempt.ending.value,
                code=attempt.code,
            )
        return Outcome(claimed, attempt)


async def sleep_or_stop(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not beyond the end."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
