"""The morning's briefing: the draft at six, and the one message at eight.

The message goes out only from an edition that was approved and scheduled, once: it is claimed before the call
and settled after it, and every call about it carries the same number, by which the platform recognises a
repeat. A worker that dies in between leaves a lease; whoever comes after it asks with that number again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import structlog

from daxiang.domains.briefings.compose import is_saturday_edition
from daxiang.domains.briefings.drafting import draft_of
from daxiang.domains.briefings.operations import WORKER, EditionKind, Review, add_edition, is_written
from daxiang.domains.briefings.sends import (
    LEASE_S,
    USEFUL_FOR,
    Claimed,
    Missed,
    claim_send,
    hold_send,
    settle_accepted,
    settle_refused,
)
from daxiang.domains.briefings.times import DRAFTED_AT, DUE_BY
from daxiang.domains.calendars.rules import Calendar
from daxiang.foundation.recurring.operations import is_settled, settle_occasion
from daxiang.foundation.recurring.outcomes import Outcome
from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable
from daxiang.integrations.wechat.client import mass, tags
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.jobs.daily import Daily
from daxiang.jobs.rounds import rounds
from daxiang.jobs.sending import sleep_or_stop
from daxiang.kernel.clock import SHANGHAI, Clock

log = structlog.get_logger()

DRAFT = Daily(name="briefing_draft", at=DRAFTED_AT, useful_for=timedelta(hours=2))
TAG = "officers"
"""Whoever wears it gets the briefing."""
EVERY_S = 0.25
PAUSE_S, LONGEST_PAUSE_S = 1.0, 61.0
"""Before the next call about an edition that the platform did not take, or of which that is not known."""


class BriefingDraft:
    """Writes the draft of the day at six, once, whatever restarts. Several workers may run it at once."""

    def __init__(self, *, url: str, clock: Clock, calendar: Calendar) -> None:
        self._url = url
        self._clock = clock
        self._calendar = calendar

    async def run(self, stop: asyncio.Event) -> None:
        await rounds(self.round, stop, every_s=PAUSE_S, waits="briefing_draft_waits")

    def round(self) -> bytes | None:
        """The id of the draft that was written; None where none was due, or it lies there already."""
        now = self._clock.now()
        due_at = DRAFT.last_due(now)
        is_over = DRAFT.is_over(due_at, now)
        with psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-briefing"
        ) as connection:
            if is_settled(connection, job=DRAFT.name, due_at=due_at, now=now, is_over=is_over):
                return None
            outcome = Outcome.MISSED if is_over else Outcome.DONE
            with connection.transaction(), connection.cursor() as cursor:
                many = 0 if is_over else 1
                if not settle_occasion(
                    connection, job=DRAFT.name, due_at=due_at, outcome=outcome, many=many, now=now
                ):
                    return None
                if is_over or is_written(cursor, day=due_at.astimezone(SHANGHAI).date()):
                    return None  # somebody was before us
                return self._draft(cursor, due_at, now)

    def _draft(self, cursor: psycopg.Cursor[tuple[object, ...]], due_at: datetime, now: datetime) -> bytes:
        day = due_at.astimezone(SHANGHAI).date()
        is_rich = is_saturday_edition(day, self._calendar)
        return add_edition(
            cursor,
            day=day,
            kind=EditionKind.SATURDAY if is_rich else EditionKind.WEEKDAY,
            content=draft_of(cursor, day, is_saturday_edition=is_rich),
            review=Review(reviewer="", deputy="", due_at=datetime.combine(day, DUE_BY, SHANGHAI)),
            who=WORKER.name,
            now=now,
        )


class BriefingSending:
    """Hands due editions to the platform until it is told to stop. Several workers may run it at once."""

    def __init__(
        self,
        client: WeChatClient,
        *,
        url: str,
        clock: Clock,
        speed: float = 1.0,
    ) -> None:
        """`speed`: business seconds in a real one; every pause and lease is so many times as short."""
        self._client = client
        self._url = url
        self._clock = clock
        self._speed = speed
        self._lease_s = LEASE_S / speed
        self._pause_s = PAUSE_S / speed
        self._every_s = EVERY_S / speed
        self._tag: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """A lost database ends neither the loop nor what is known of a call: that is settled later."""
        while not stop.is_set():
            try:
                await self.round(stop)
            except Missed as error:
                log.error("briefing_missed", reason=str(error))
            except (psycopg.Error, OSError) as error:
                log.warning("briefing_waits", reason=type(error).__name__)
            await sleep_or_stop(stop, self._every_s)

    async def round(self, stop: asyncio.Event) -> bool:
        """Hand over what is due; whether an edition was accepted. Raises `Missed`, `psycopg.Error`."""
        claimed = await asyncio.to_thread(self._claim)
        if claimed is None:
            return False
        while not stop.is_set():
            try:
                accepted = await self._called(claimed)
            except Refused as failed:
                await self._settled_refused(claimed, str(failed.code), stop)
                return False
            except Unavailable as failed:
                asked_s = min(failed.retry_after_s or 0.0, LONGEST_PAUSE_S) / self._speed
                pause_s = max(self._pause_s, asked_s)
                log.warning("briefing_not_now", code=str(failed.code), retry_s=pause_s)
            except OutcomeUnknown as failed:
                pause_s = self._pause_s
                log.warning("briefing_in_doubt", code=str(failed.code), retry_s=pause_s)
            else:
                await self._settled_accepted(claimed, accepted, stop)
                return True
            is_over = self._clock.now() >= claimed.scheduled_for + USEFUL_FOR
            if is_over or not await self._held(claimed, pause_s, stop):
                return False
            await sleep_or_stop(stop, pause_s)
        return False

    async def _called(self, claimed: Claimed) -> mass.Accepted:
        tag = await self._tag_number()
        words = mass.Text(content=claimed.content.teaser)
        return await mass.send_to_tag(
            self._client, tag=tag, content=words, client_msg_id=claimed.client_msg_id
        )

    async def _tag_number(self) -> int:
        """Raises `Unavailable` where the account has no such tag yet."""
        if self._tag is None:
            found = [one.number for one in await tags.every(self._client) if one.name == TAG]
            if not found:
                raise Unavailable("no_tag", f"the account has no tag {TAG}")
            self._tag = found[0]
        return self._tag

    async def _settled_accepted(self, claimed: Claimed, accepted: mass.Accepted, stop: asyncio.Event) -> None:
        now, number = self._clock.now(), accepted.msg_id
        await self._database(lambda link: settle_accepted(link, claimed, msg_id=number, now=now), stop)
        log.info("briefing_accepted", count=claimed.attempts)

    async def _settled_refused(self, claimed: Claimed, code: str, stop: asyncio.Event) -> None:
        log.error("briefing_refused", code=code)
        now = self._clock.now()
        await self._database(lambda link: settle_refused(link, claimed, code=code, now=now), stop)

    async def _held(self, claimed: Claimed, pause_s: float, stop: asyncio.Event) -> bool:
        """Whether it is still this worker's, and will be when the pause is over."""
        lease_s = pause_s + self._lease_s
        return await self._database(lambda link: hold_send(link, claimed, lease_s=lease_s), stop)

    def _claim(self) -> Claimed | None:
        with self._connected() as connection:
            return claim_send(connection, now=self._clock.now(), lease_s=self._lease_s)

    async def _database(
        self, work: Callable[[psycopg.Connection[tuple[object, ...]]], bool], stop: asyncio.Event
    ) -> bool:
        """Done when the database is there; what is known of a call is not lost because it is away."""

        def once() -> bool:
            with self._connected() as connection:
                return work(connection)

        while True:
            try:
                return await asyncio.to_thread(once)
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                log.warning("briefing_waits", reason=type(error).__name__)
                if stop.is_set():
                    raise
                await sleep_or_stop(stop, self._pause_s)

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-briefing"
        )
