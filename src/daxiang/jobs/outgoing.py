"""Everything of the worker that talks to the outside: token keeper, sending, resuming, menus, notices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import psycopg
import structlog

from daxiang.domains.calendars.china import china_calendar
from daxiang.foundation import metrics
from daxiang.foundation.alarms.channels import channels_of
from daxiang.foundation.database.url import database_url
from daxiang.foundation.inbox.sql import COUNT_DEFERRED, COUNT_ENDED
from daxiang.foundation.outbox.sql import COUNT_OPEN
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.client.figures import totals as wechat_totals
from daxiang.integrations.wechat.client.wiring import open_client, open_keeper
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.conversing import conversation_of
from daxiang.integrations.wechat.picture_delivery import PICTURE_CHANNEL
from daxiang.jobs.alarms import AlarmSending
from daxiang.jobs.briefing import BriefingDraft, BriefingSending
from daxiang.jobs.channels import channels
from daxiang.jobs.corrections import CorrectionSending
from daxiang.jobs.evening import Evening
from daxiang.jobs.evening_sending import EveningSending
from daxiang.jobs.menus import Menus, is_ours, wanted_menu
from daxiang.jobs.officer_tags import OfficerTags
from daxiang.jobs.pictures import PictureSending
from daxiang.jobs.readiness import Readiness
from daxiang.jobs.resuming import Resuming
from daxiang.jobs.sending import Sending, sleep_or_stop
from daxiang.jobs.tasks import TaskSending, reach_by
from daxiang.jobs.watching import Watching
from daxiang.jobs.windows import EVENING_CHANNEL
from daxiang.kernel.clock import clock_from

log = structlog.get_logger()

RESTART_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
"""Before a loop that failed is started again: doubled each time, until it has run for `HEALTHY_S`."""
HEALTHY_S = 10.0
STOP_S = 5.0

Run = Callable[[asyncio.Event], Awaitable[None]]
OpenLoops = Callable[[AsyncExitStack], Awaitable[dict[str, Run]]]
"""Opens what the loops need and gives them by their names."""


class Outgoing:
    """Loops on the worker's event loop; each, and their opening, is started again when it fails."""

    def __init__(self, settings: Settings, *, open_loops: OpenLoops | None = None) -> None:
        self._settings = settings
        self._open_loops = open_loops or (lambda stack: loops_of(settings, stack))
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._troubles: dict[str, str] = {}

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="outgoing")

    async def stop(self) -> None:
        """Let what is under way come to its end; what does not is taken back by its lease."""
        self._stop.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=STOP_S)
            self._task.cancel()

    def is_troubled(self) -> str | None:
        """Why nothing, or not everything, is sent at the moment; None while it is."""
        if self._task is None or self._task.done():
            return "sending has ended"
        return "; ".join(f"{name} failed: {why}" for name, why in sorted(self._troubles.items())) or None

    async def _run(self) -> None:
        await self._kept_going("opening", self._opened)

    async def _opened(self, stop: asyncio.Event) -> None:
        async with AsyncExitStack() as stack:
            loops = await self._open_loops(stack)
            self._troubles.pop("opening", None)
            await asyncio.gather(*(self._kept_going(name, run) for name, run in loops.items()))

    async def _kept_going(self, name: str, run: Run) -> None:
        pause_s = RESTART_PAUSE_S
        while not self._stop.is_set():
            well = asyncio.get_running_loop().call_later(HEALTHY_S, self._troubles.pop, name, None)
            began = time.monotonic()
            try:
                await run(self._stop)
            except Exception as error:  # outermost frame of a loop: the others must go on, and so must it
                self._troubles[name] = type(error).__name__
                log.exception("loop_failed", task=name, reason=type(error).__name__, retry_s=pause_s)
                await sleep_or_stop(self._stop, pause_s)
                is_healthy = time.monotonic() - began > HEALTHY_S
                pause_s = RESTART_PAUSE_S if is_healthy else min(pause_s * 2, LONGEST_PAUSE_S)
            finally:
                well.cancel()


async def loops_of(settings: Settings, stack: AsyncExitStack) -> dict[str, Run]:
    """The token keeper, sending and resuming, the briefing, menus and notices where they are switched on,
    with what they need opened; the stack closes it.
    """
    sealer, url, clock = Sealer(settings.data_keys), database_url(settings), clock_from(settings.clock_file)
    keeper = await stack.enter_async_context(open_keeper(settings))
    clients = {
        name: await stack.enter_async_context(open_client(settings, name)) for name in settings.accounts
    }
    pictures = PictureSending(clients, city=settings.city, clock=clock)
    others = {
        PICTURE_CHANNEL: pictures.send,
        EVENING_CHANNEL: EveningSending(clients, city=settings.city, sealer=sealer).send,
    }
    sending = Sending(url=url, sealer=sealer, clock=clock, channels=channels(clients, **others))
    resuming = Resuming(
        url=url,
        sealer=sealer,
        clock=clock,
        accounts=settings.accounts,
        index=PersonIndex(settings.index_key),
        city=settings.city,
        conversation=conversation_of(settings, sealer),
    )
    loops: dict[str, Run] = {"keeper": keeper.run, "sending": sending.run, "resuming": resuming.run}
    kept = {name: clients[name] for name, account in settings.accounts.items() if is_ours(account, settings)}
    if kept:
        loops["menus"] = Menus(kept, wanted=lambda: wanted_menu(settings)).run
    if "picture" in settings.features:
        loops["pictures"] = pictures.keep_warm
    if "evening" in settings.features:
        loops["evening"] = Evening(url=url, sealer=sealer, clock=clock, city=settings.city).run
    for name, account in settings.accounts.items():
        if account.kind == "subscription":
            reach = reach_by(settings.reach_webhook) if settings.reach_webhook else None
            loops["tasks"] = TaskSending(url=url, clock=clock, sealer=sealer, reach=reach).run
            loops["corrections"] = CorrectionSending(url=url, clock=clock, sealer=sealer).run
            names = settings.alarms.channels
            loops["watching"] = Watching(url=url, clock=clock, channels=names).run
            alarm_channels = channels_of(settings.alarms)
            loops["alarms"] = AlarmSending(url=url, clock=clock, channels=alarm_channels).run
            loops["briefing"] = BriefingSending(clients[name], url=url, clock=clock).run
            loops["readiness"] = Readiness(clients[name], url=url, clock=clock, channels=names).run
            loops["officer_tags"] = OfficerTags(
                clients[name], url=url, account=name, sealer=sealer, index=PersonIndex(settings.index_key)
            ).run
            loops["briefing_draft"] = BriefingDraft(url=url, clock=clock, calendar=china_calendar()).run
    return loops


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
