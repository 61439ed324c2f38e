"""Whether the platform would take the briefing: asked from an hour before it goes, so that people have time.

The token, the tag with somebody in it, the day's allowance. A look costs one cheap call that reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
import structlog

from daxiang.foundation.alarms.operations import close_alarm, raise_alarm
from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable
from daxiang.integrations.wechat.client import mass, tags
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.jobs.briefing import TAG
from daxiang.jobs.sending import sleep_or_stop
from daxiang.kernel.clock import SHANGHAI, Clock

log = structlog.get_logger()
EVERY_S = 5.0
BEFORE, CLOSE_BEFORE = timedelta(minutes=60), timedelta(minutes=5)
SELDOM, OFTEN = timedelta(minutes=10), timedelta(minutes=1)
"""Between two looks: in the hour before, and in the last minutes or as long as something is wrong."""
_OWNER = "运维、值班领导"
_MACHINE = "系统"

COMING = """
SELECT id, day, scheduled_for FROM briefing_edition
WHERE status = 'scheduled' AND scheduled_for > %(now)s AND scheduled_for <= %(until)s
"""


class Readiness:
    """Looks until it is told to stop. Several workers may: an alarm is raised once."""

    def __init__(self, client: WeChatClient, *, url: str, clock: Clock, channels: Sequence[str]) -> None:
        self._client = client
        self._url = url
        self._clock = clock
        self._channels = channels
        self._next_at: dict[bytes, datetime] = {}

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.round()
            except (psycopg.Error, OSError) as error:
                log.warning("readiness_waits", reason=type(error).__name__)
            await sleep_or_stop(stop, EVERY_S)

    async def round(self) -> str | None:
        """One look where one is due: what is wrong, empty where nothing is; None where none was due."""
        now = self._clock.now()
        coming = await asyncio.to_thread(self._coming, now)
        self._next_at = {one: at for one, at in self._next_at.items() if one in coming}
        due = [one for one in coming if now >= self._next_at.get(one, now)]
        if not due:
            return None
        fault = await self._fault()
        for one in due:
            close_at = coming[one] - CLOSE_BEFORE
            pause = OFTEN if fault or now >= close_at else min(SELDOM, close_at - now)
            self._next_at[one] = now + pause
            await asyncio.to_thread(self._tell, one, coming[one], fault, now)
        return fault

    async def _fault(self) -> str:
        """Why the platform would not take it now, as words for an alarm; empty where it would."""
        try:
            found = [one for one in await tags.every(self._client) if one.name == TAG]
        except (Refused, Unavailable, OutcomeUnknown) as failed:
            return f"微信平台叫不通（{failed.code}），多半是凭证或网络"
        if not found:
            return f"内部号上没有 {TAG} 标签，没有人收得到"
        if not found[0].members:
            return f"{TAG} 标签里一个人也没有"
        quota = self._client.quota
        if quota is not None and not await quota.is_left(mass.SEND_ALL):
            return "今天的群发次数用完了"
        return ""

    def _coming(self, now: datetime) -> dict[bytes, datetime]:
        with self._connected() as connection:
            rows = connection.execute(COMING, {"now": now, "until": now + BEFORE}).fetchall()
        return {bytes(edition): at for edition, _, at in rows}

    def _tell(self, edition: bytes, goes_at: datetime, fault: str, now: datetime) -> None:
        key = f"briefing-platform-{edition.hex()}"
        with self._connected() as connection, connection.transaction(), connection.cursor() as cursor:
            if not fault:
                close_alarm(cursor, key=key, who=_MACHINE, now=now)
                return
            at = goes_at.astimezone(SHANGHAI)
            words = f"{at.month}月{at.day}日{at.hour}:{at.minute:02}的简报：{fault}。现在不修，就发不出。"
            if raise_alarm(
                cursor,
                key=key,
                kind="briefing_platform",
                words=words,
                owner=_OWNER,
                channels=self._channels,
                now=now,
            ):
                log.warning("alarm_raised", kind="briefing_platform")

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-readiness"
        )
