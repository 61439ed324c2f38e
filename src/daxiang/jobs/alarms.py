"""Tells alarms on their channels until it is told to stop. Several workers may run it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import psycopg
import structlog

from daxiang.foundation.alarms.channels import Tell
from daxiang.foundation.alarms.operations import Message, claim_messages, settle_message
from daxiang.jobs.rounds import rounds
from daxiang.kernel.clock import Clock

log = structlog.get_logger()
EVERY_S = 1.0


class AlarmSending:
    """A channel that fails holds up no other; a message is told once on each, but for a worker that dies."""

    def __init__(self, *, url: str, clock: Clock, channels: Mapping[str, Tell]) -> None:
        self._url = url
        self._clock = clock
        self._channels = channels

    async def run(self, stop: asyncio.Event) -> None:
        await rounds(self.round, stop, every_s=EVERY_S, waits="alarms_wait")

    def round(self) -> int:
        """Tell what is due; how many messages were told."""
        told = 0
        with psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-alarms"
        ) as connection:
            with connection.cursor() as cursor:
                claimed = claim_messages(cursor, now=self._clock.now())
            for message in claimed:
                fault = self._told(message)
                told += not fault
                with connection.cursor() as cursor:
                    settle_message(cursor, message, fault=fault, now=self._clock.now())
        return told

    def _told(self, message: Message) -> str:
        """Empty, or why not."""
        tell = self._channels.get(message.channel)
        if tell is None:
            return "channel_not_set"
        try:
            tell(message)
        except Exception as error:  # outermost frame of one channel: the others must be told
            log.warning("alarm_not_told", channel=message.channel, reason=type(error).__name__)
            return type(error).__name__
        return ""
