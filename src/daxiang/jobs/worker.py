"""The worker: recurring work in one thread, and the three pages that every process has."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any

import psycopg
import structlog

from daxiang.domains.restrictions.generations.watch import Watch
from daxiang.foundation import health, metrics
from daxiang.foundation.database.url import database_url
from daxiang.foundation.inbox.sql import COUNT_DAY
from daxiang.foundation.settings import Settings
from daxiang.foundation.watchers import may_watch
from daxiang.jobs.calendar_alarm import missing_totals
from daxiang.jobs.outgoing import Outgoing, register_totals
from daxiang.jobs.schedule import SCHEDULE, Recurring, due
from daxiang.kernel.clock import Clock, clock_from

log = structlog.get_logger()

TICK_S = 1.0
BUSY_PAUSE = timedelta(minutes=1)
LATE_S = 120.0
"""Work that has been due for so long without being done is overdue; real time, whatever the clock's rate."""
_MESSAGES = "daxiang_inbox_messages_today"


class Worker:
    """Runs what is due, once a second, until it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._url = database_url(settings)
        self._clock: Clock = clock_from(settings.clock_file)
        self._retention = settings.retention
        self._last: dict[str, datetime] = {}
        self._waiting: dict[str, float] = {}
        """Since when (monotonic clock) each piece of work has been due."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recurring", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._due()
            try:
                with psycopg.connect(self._url, autocommit=True, connect_timeout=3) as connection:
                    self._work(connection)
            except Exception as error:  # outermost frame of the thread: whatever fails now is due again later
                log.warning("recurring_work_waits", reason=type(error).__name__)
            self._stop.wait(TICK_S)

    def _work(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stop.is_set():
            now, waiting = self._due()
            for entry in waiting:
                try:
                    entry.work(connection, now, self._retention)
                    self._last[entry.name] = now
                    self._waiting.pop(entry.name, None)
                except psycopg.errors.LockNotAvailable:
                    # The table is busy: asked again in a minute, because asking holds up its writers.
                    self._last[entry.name] = now - entry.every + BUSY_PAUSE
            self._stop.wait(TICK_S)

    def _due(self) -> tuple[datetime, list[Recurring]]:
        now = self._clock.now()
        waiting = due(SCHEDULE, self._last, now)
        for entry in waiting:
            self._waiting.setdefault(entry.name, time.monotonic())
        return now, waiting

    def is_behind(self) -> str | None:
        """Why the worker cannot be relied on at the moment; None when it can."""
        if not self._thread.is_alive():
            return "the recurring thread has ended"
        missing = [entry.name for entry in SCHEDULE if entry.name not in self._last]
        if missing:
            return f"not run yet: {', '.join(missing)}"
        before = time.monotonic() - LATE_S
        late = sorted(name for name, since in list(self._waiting.items()) if since < before)
        return f"overdue: {', '.join(late)}" if late else None

    def messages_today(self) -> list[tuple[tuple[str, ...], float]]:
        """Counted in PostgreSQL: true whatever processes have died."""
        with psycopg.connect(self._url, autocommit=True, connect_timeout=3) as connection:
            counted = connection.execute(COUNT_DAY, {"day": self._clock.now().date()}).fetchall()
        return [((account,), float(count)) for account, count in counted]


class WorkerApp:
    """ASGI: health, readiness and metrics of the worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._worker = Worker(settings)
        self._outgoing = Outgoing(settings)
        self._generations = Watch(lambda: database_url(settings), folder=settings.home / "packs")
        register_totals(settings)
        metrics.register_totals(missing_totals(clock_from(settings.clock_file)))
        metrics.register_totals(
            metrics.Totals(
                name=_MESSAGES,
                meaning="Messages kept today, by account",
                labels=("account",),
                read=self._worker.messages_today,
            )
        )

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        status, content_type, body = await asyncio.to_thread(self._page, scope)
        headers = [(b"content-type", content_type.encode()), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _lifespan(
        self,
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await asyncio.to_thread(self._generations.start)
                self._worker.start()
                self._outgoing.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._outgoing.stop()
                await asyncio.to_thread(self._worker.stop)
                await asyncio.to_thread(self._generations.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _page(self, scope: Mapping[str, Any]) -> tuple[int, str, bytes]:
        if scope["path"] == "/healthz":
            return 200, "application/json", health.ALIVE
        if not may_watch(scope, self._settings.watchers):
            return 404, "text/plain; charset=utf-8", b"not found"
        match scope["path"]:
            case "/readyz":
                checks = [
                    health.database_reachable(database_url(self._settings)),
                    self._worker.is_behind,
                    self._outgoing.is_troubled,
                ]
                status, body = health.readiness(checks)
                return status, "application/json", body
            case "/metrics":
                content_type, body = metrics.render()
                return 200, content_type, body
        return 404, "text/plain; charset=utf-8", b"not found"
