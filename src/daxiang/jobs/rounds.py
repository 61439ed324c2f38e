"""Round after round of one piece of work, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import structlog

from daxiang.jobs.sending import sleep_or_stop

log = structlog.get_logger()


async def rounds(work: Callable[[], object], stop: asyncio.Event, *, every_s: float, waits: str) -> None:
    """Each in a thread; a database that is away is told as `waits`, and the next round tries again."""
    while not stop.is_set():
        try:
            await asyncio.to_thread(work)
        except psycopg.Error as error:
            log.warning(waits, reason=type(error).__name__)
        await sleep_or_stop(stop, every_s)
