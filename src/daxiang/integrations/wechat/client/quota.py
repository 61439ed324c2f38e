"""How often a call may be made: counted in PostgreSQL for all processes of an account together.

A process takes calls in chunks, so the database is asked seldom; a chunk that its process did not use up is
lost, so the count is never exceeded. Minutes and days are business time (Asia/Shanghai), as the platform's
limits are.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from daxiang.integrations.outcomes import Unavailable
from daxiang.integrations.wechat.client.codes import Policy, policy_of
from daxiang.integrations.wechat.client.sql import (
    COUNT_GRANTED,
    GRANT,
    LEARN_LIMIT,
    READ_LIMITS,
    RESUME_PATH,
    STOP_PATH,
)
from daxiang.integrations.wechat.client.store import Store
from daxiang.kernel.clock import SHANGHAI, Clock

MINUTE, DAY = "minute", "day"
FRESH_S = 1.0
"""Stops and limits read less than this ago are not read again (monotonic)."""
LARGEST_CHUNK = 50


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Calls allowed; None: no limit is known."""

    per_minute: int | None = None
    per_day: int | None = None


DOCUMENTED = {
    "/cgi-bin/message/template/send": Limit(per_day=100_000),
    "/cgi-bin/message/mass/sendall": Limit(per_minute=60),
    "/cgi-bin/message/mass/send": Limit(per_minute=60),
    "/sns/oauth2/access_token": Limit(per_minute=50_000),
}
"""What the platform's pages say. `Quota.learn` overrides it by what the platform itself answers."""


@dataclass(frozen=True)
class _Stop:
    until: datetime
    code: int


@dataclass
class _Chunk:
    starts_at: datetime
    left: int


class Quota:
    """The limits of one account in one process."""

    def __init__(
        self, *, store: Store, account: str, clock: Clock, limits: Mapping[str, Limit] = DOCUMENTED
    ) -> None:
        self._store = store
        self._account = account
        self._clock = clock
        self._documented = limits
        self._learned: dict[str, Limit] = {}
        self._stops: dict[str, _Stop] = {}
        self._read_at = float("-inf")
        self._chunks: dict[tuple[str, str], _Chunk] = {}
        self._turn = asyncio.Lock()

    def limit_of(self, path: str) -> Limit:
        """What holds for a path: what the platform answered, else what its pages say."""
        documented = self._documented.get(path, Limit())
        learned = self._learned.get(path, Limit())
        return Limit(
            per_minute=learned.per_minute if learned.per_minute is not None else documented.per_minute,
            per_day=learned.per_day if learned.per_day is not None else documented.per_day,
        )

    async def take(self, path: str) -> None:
        """Count one call. Raises `Unavailable` (45009 for the day, 45011 for the minute, with the seconds to
        wait) when none is left or the platform has stopped the path; the platform is then not asked.
        """
        async with self._turn:
            await self._reread()
            now = self._clock.now()
            stop = self._stops.get(path)
            if stop is not None and now < stop.until:
                raise _used_up(stop.code, stop.until - now)
            limit = self.limit_of(path)
            # Both first, then one of each: a call that the minute refuses must not use up the day.
            day = await self._chunk(path, DAY, limit.per_day, now)
            minute = await self._chunk(path, MINUTE, limit.per_minute, now)
            for chunk in (day, minute):
                if chunk is not None:
                    chunk.left -= 1

    async def is_left(self, path: str) -> bool:
        """Whether a call could be made now, as far as is known; none is counted."""
        async with self._turn:
            await self._reread()
            now = self._clock.now()
            stop = self._stops.get(path)
            most = self.limit_of(path).per_day
            if (stop is not None and now < stop.until) or most == 0:
                return False
            chunk = self._chunks.get((path, DAY))
            if most is None or (chunk is not None and chunk.starts_at == start_of(now, DAY) and chunk.left):
                return True
        return (await self.granted_today()).get((self._account, path), 0) < most

    async def stopped_by(self, path: str, code: int) -> float:
        """The platform said 45009 or 45011: the path rests in every process; seconds until it may go on."""
        now = self._clock.now()
        span = DAY if policy_of(code) is Policy.DAY_USED_UP else MINUTE
        until = _nextstart_of(now, span)
        await self._store.rows(STOP_PATH, self._named(path, until=until, code=code))
        self._stops[path] = _Stop(until, code)
        return (until - now).total_seconds()

    async def resume(self, path: str) -> None:
        """An operator has cleared the count at the platform: the path goes on."""
        await self._store.rows(RESUME_PATH, self._named(path))
        self._stops.pop(path, None)

    async def learn(self, path: str, limit: Limit) -> None:
        """Keep what the platform says its limit is (`quotas.quota_of`)."""
        given = {"per_day": limit.per_day, "per_minute": limit.per_minute}
        await self._store.rows(LEARN_LIMIT, self._named(path, **given))
        self._read_at = float("-inf")

    async def granted_today(self) -> dict[tuple[str, str], int]:
        """(account, path) → calls given out today, for all accounts of this city."""
        starts_at = start_of(self._clock.now(), DAY)
        rows = await self._store.rows(COUNT_GRANTED, {"starts_at": starts_at})
        return {(account, path): granted for account, path, granted in rows}

    async def _chunk(self, path: str, span: str, most: int | None, now: datetime) -> _Chunk | None:
        """A chunk with at least one call left; None when there is no limit. Raises `Unavailable`."""
        if most is None:
            return None
        starts_at = start_of(now, span)
        chunk = self._chunks.get((path, span))
        if chunk is None or chunk.starts_at != starts_at or chunk.left <= 0:
            wanted = max(1, min(LARGEST_CHUNK, most // 20))
            asked = self._named(path, span=span, starts_at=starts_at, wanted=wanted, most=most)
            found = await self._store.row(GRANT, asked) if most > 0 else None
            if found is None:
                code = 45009 if span == DAY else 45011
                raise _used_up(code, _nextstart_of(now, span) - now)
            chunk = self._chunks[path, span] = _Chunk(starts_at, int(found[0]))
        return chunk

    async def _reread(self) -> None:
        if time.monotonic() - self._read_at < FRESH_S:
            return
        began = time.monotonic()
        rows = await self._store.rows(READ_LIMITS, {"account": self._account})
        self._read_at = began
        self._learned = {path: Limit(per_day=day, per_minute=minute) for path, day, minute, _, _ in rows}
        self._stops = {path: _Stop(until, code) for path, _, _, until, code in rows if until is not None}

    def _named(self, path: str, **more: object) -> dict[str, object]:
        return {"account": self._account, "path": path, **more}


def start_of(now: datetime, span: str) -> datetime:
    """The beginning of the minute or of the day (Asia/Shanghai) that holds `now`."""
    local = now.astimezone(SHANGHAI)
    if span == DAY:
        return local.replace(hour=0, minute=0, second=0, microsecond=0)
    return local.replace(second=0, microsecond=0)


def _nextstart_of(now: datetime, span: str) -> datetime:
    return start_of(now, span) + (timedelta(days=1) if span == DAY else timedelta(minutes=1))


def _used_up(code: int, wait: timedelta) -> Unavailable:
    return Unavailable(code, "used up by our own count", retry_after_s=wait.total_seconds())
