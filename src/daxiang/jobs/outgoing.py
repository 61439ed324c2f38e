"""Everything of the worker that talks to the outside: the token keeper, sending, resuming."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import psycopg
import structlog

from daxiang.foundation import metrics
from daxiang.foundation.database.url import database_url
from daxiang.foundation.inbox.sql import COUNT_DEFERRED, COUNT_ENDED
from daxiang.foundation.outbox.sql import COUNT_OPEN
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.client.figures import totals as wechat_totals
from daxiang.integrations.wechat.client.wiring import open_client, open_keeper
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.jobs.channels import channels
from daxiang.jobs.resuming import Resuming
from daxiang.jobs.sending import Sending, sleep_or_stop
from daxiang.kernel.clock import clock_from

log = structlog.get_logger()

RESTART_PAUSE_S = 2.0
STOP_S = 5.0

_Run = Callable[[asyncio.Event], Awaitable[None]]


class Outgoing:
    """Three loops on the worker's event loop; each is started again when it fails."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="outgoing")

    async def stop(self) -> None:
        """Let what is under way come to its end; what does not is taken back by its lease."""
        self._stop.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=STOP_S)
            self._task.cancel()

    def is_ended(self) -> str | None:
        """Why nothing is sent any more; None while it is."""
        return "sending has ended" if self._task is None or self._task.done() else None

    async def _run(self) -> None:
        settings, sealer = self._settings, Sealer(self._settings.data_keys)
        url, clock = database_url(settings), clock_from(settings.clock_file)
        async with AsyncExitStack() as stack:
            keeper = await stack.enter_async_context(open_keeper(settings))
            clients = {
                name: await stack.enter_async_context(open_client(settings, name))
                for name in settings.accounts
            }
            sending = Sending(url=url, sealer=sealer, clock=clock, channels=channels(clients))
            resuming = Resuming(
                url=url,
                sealer=sealer,
                clock=clock,
                accounts=settings.accounts,
                index=PersonIndex(settings.index_key),
                city=settings.city,
            )
            loops = {"keeper": keeper.run, "sending": sending.run, "resuming": resuming.run}
            await asyncio.gather(*(self._kept_going(name, run) for name, run in loops.items()))

    async def _kept_going(self, name: str, run: _Run) -> None:
        while not self._stop.is_set():
            try:
                await run(self._stop)
            except Exception as error:  # outermost frame of a loop: the others must go on, and so must it
                log.exception("loop_failed", name=name, reason=type(error).__name__)
                await sleep_or_stop(self._stop, RESTART_PAUSE_S)


def register_totals(settings: Settings) -> None:
    """What waits, what nobody knows, what is owed: counted in PostgreSQL when the metrics page is asked."""
    url, clock = database_url(settings), clock_from(settings.clock_file)

    def read(statement: str) -> list[tuple[str | float, ...]]:
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            return list(connection.execute(statement, {"now": clock.now()}).fetchall())

    def figures(statement: str, column: int) -> Callable[[], list[tuple[tuple[str, ...], float]]]:
        return lambda: [
            (tuple(str(word) for word in row[:-2]), float(row[column])) for row in read(statement)
        ]

    outbox, owed, ended = ("channel", "status"), ("lane",), ("lane", "reason")
    for name, meaning, labels, statement, column in (
        ("daxiang_outbox_open", "Deliveries not settled, or unknown", outbox, COUNT_OPEN, -2),
        ("daxiang_outbox_oldest_seconds", "Age of the oldest of them", outbox, COUNT_OPEN, -1),
        ("daxiang_owed_answers", "Messages acknowledged, not answered", owed, COUNT_DEFERRED, -2),
        ("daxiang_owed_oldest_seconds", "Age of the oldest of them", owed, COUNT_DEFERRED, -1),
        ("daxiang_owed_given_up", "Of those, given up: look at them", ended, COUNT_ENDED, -2),
    ):
        metrics.register_totals(
            metrics.Totals(name=name, meaning=meaning, labels=labels, read=figures(statement, column))
        )
    for totals in wechat_totals(url, clock):
        metrics.register_totals(totals)
