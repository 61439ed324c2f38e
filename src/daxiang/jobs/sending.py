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
        self.is_connected = False

    async def run(self, stop: asyncio.Event) -> None:
        """A lost database ends one round, not the loop: the claimed rows are taken back by their leases."""
        while not stop.is_set():
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, connect_timeout=3, application_name="daxiang-sending"
                ) as connection:
                    self.is_connected = True
                    await self._rounds(connection, stop)
            except (psycopg.Error, OSError) as error:
                log.warning("sending_waits", reason=type(error).__name__)
            self.is_connected = False
            await sleep_or_stop(stop, FAILED_PAUSE_S)

    async def _rounds(self, connection: psycopg.AsyncConnection[Any], stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        tidy_at = loop.time()
        while not stop.is_set():
            if loop.time() >= tidy_at:
                await self.tidy(connection)
                tidy_at = loop.time() + self._tidy_every_s
            if not await self.round(connection):
                await sleep_or_stop(stop, PAUSE_S)

    async def tidy(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Take back what a dead worker held, and end what waited too long."""
        now = self._clock.now()
        back = await take_back(connection, policies=self._policies, now=now)
        over = await expire(connection, now=now)
        if back or over:
            log.warning("outbox_tidied", taken_back=back, expired=over)

    async def round(self, connection: psycopg.AsyncConnection[Any]) -> int:
        """One batch; how many were attempted."""
        batch = await claim(
            connection,
            channels=list(self._channels),
            most=AT_ONCE,
            now=self._clock.now(),
            sealer=self._sealer,
            lease_s=self._lease_s,
        )
        if not batch:
            return 0
        ended = await asyncio.gather(*(self._one(connection, one) for one in batch), return_exceptions=True)
        for failure in ended:
            if isinstance(failure, BaseException):
                raise failure
        return len(batch)

    async def _one(self, connection: psycopg.AsyncConnection[Any], claimed: Claimed) -> None:
        """Attempt and settle at once: what is known of one does not wait for the slowest of the others."""
        outcome = Outcome(claimed, await self._attempt(connection, claimed))
        await settle(connection, outcomes=[outcome], policies=self._policies, now=self._clock.now())

    async def _attempt(self, connection: psycopg.AsyncConnection[Any], claimed: Claimed) -> Attempt:
        channel = self._channels[claimed.channel]
        try:
            attempt = await channel.send(connection, claimed, self._clock.now())
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
        return attempt


async def sleep_or_stop(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not beyond the end."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
