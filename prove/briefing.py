"""The briefing is accepted once, between 08:00:00 and 08:00:30, on every day on which it was approved, and
never otherwise.

Day after day by discrete events on a real PostgreSQL: the business clock jumps to six, where the draft is
written, to when people act, and to two seconds before eight; from there it runs, faster than a real one, with
two workers at once, against a platform that behaves as the real one is told to: it may be busy, answer 502,
take the message and lose the answer, or be slow while a worker is killed; connections to the database are
cut, the clock is set back an hour, or a day ahead. The platform keeps the truth, and the truth is judged.

The days begin with 2024, for its leap day and its many worked Saturdays.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from aiohttp import web
from aiohttp.test_utils import TestServer

from daxiang.domains.briefings.content import SectionKind
from daxiang.domains.briefings.operations import act, edit
from daxiang.domains.briefings.queries import Edition, edition
from daxiang.domains.briefings.workflow import Action, Actor, Part, Status
from daxiang.domains.calendars.china import china_calendar
from daxiang.foundation.database.cluster import Cluster
from daxiang.foundation.database.url import cluster_url
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.client.client import Token, WeChatClient
from daxiang.integrations.wechat.client.transport import Timeouts, new_session
from daxiang.jobs.briefing import TAG, BriefingDraft, BriefingSending
from daxiang.kernel.clock import SHANGHAI
from prove.mornings import mornings as lived_mornings

FIRST_DAY = date(2024, 1, 1)
WITHIN = timedelta(seconds=30)
MOST_EXAMPLES = 10
ANNA = Actor(name="anna", parts=frozenset({Part.EDITOR}))
CARL = Actor(name="carl", parts=frozenset({Part.REVIEWER}))
ACCOUNT = Account(
    name="subscription",
    kind="subscription",
    app_id="wx0000000000000000",
    secret="secret",  # noqa: S106 (invented)
    token="token",  # noqa: S106 (invented)
    aes_key="a" * 43,
    aes_key_previous=None,
    original_id="gh_0",
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--rate", type=float, default=20.0, help="business seconds in a real one")
    parser.add_argument("--mornings", type=int, default=12, help="with real processes and real seconds")


class Clock:
    """Business time: it stands where it was put, or runs from there."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._at = datetime(2024, 1, 1, tzinfo=SHANGHAI)
        self._since: float | None = None

    def now(self) -> datetime:
        if self._since is None:
            return self._at
        return self._at + timedelta(seconds=(time.monotonic() - self._since) * self._rate)

    def put(self, at: datetime, *, runs: bool = False) -> None:
        self._at, self._since = at, time.monotonic() if runs else None


class Accepted(NamedTuple):
    """What the platform took on, and when by the business clock."""

    at: datetime
    number: str
    words: str


class Platform:
    """Tags and mass sending, as far as the briefing needs them; `faults` are what it does next, in order."""

    def __init__(self, clock: Clock) -> None:
        self.truth: list[Accepted] = []
        self.faults: list[str] = []
        self.calls = 0
        self._clock = clock
        self._known: dict[str, int] = {}
        app = web.Application()
        app.router.add_get("/cgi-bin/tags/get", self._tags)
        app.router.add_post("/cgi-bin/message/mass/sendall", self._send)
        self.server = TestServer(app)

    async def _tags(self, _request: web.Request) -> web.Response:
        return web.json_response({"tags": [{"id": 100, "name": TAG, "count": 3500}]})

    async def _send(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        body = await request.json()
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "busy":
            return web.json_response({"errcode": -1, "errmsg": "system error"})
        if fault == "bad_gateway":
            return web.Response(status=502)
        number = body["clientmsgid"]
        if number in self._known:
            return web.json_response(
                {"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": self._known[number]}
            )
        self._known[number] = len(self._known) + 1
        self.truth.append(Accepted(self._clock.now(), number, body["text"]["content"]))
        if fault == "slow":
            await asyncio.sleep(0.4)
        if fault in {"lost", "slow"}:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"errcode": 0, "msg_id": self._known[number], "msg_data_id": 1})


@dataclass
class OneToken:
    async def current(self) -> Token:
        return Token(value="token", generation=1)

    async def after(self, refused: Token) -> Token:
        return refused


@dataclass(kw_only=True)
class Found:
    """What came of the days."""

    days: int = 0
    accepted: int = 0
    silent: int = 0
    rich: int = 0
    wrong: int = 0
    latest_s: float = 0.0
    stories: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def differs(self, said: str) -> None:
        self.wrong += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(said)


async def campaign(
    *,
    seed: int,
    folder: Path,
    days: int,
    rate: float,
    database: str | None = None,
    mornings: int = 0,
) -> dict[str, Any]:
    """Day after day, then mornings of a whole copy. `database`: one whose tables exist; else a cluster of its
    own.
    """
    began, found = time.monotonic(), Found()
    async with _database(folder, database) as url:
        clock = Clock(rate)
        platform = Platform(clock)
        await platform.server.start_server()
        try:
            async with new_session() as session:
                client = WeChatClient(
                    account=ACCOUNT,
                    base_url=str(platform.server.make_url("")),
                    session=session,
                    tokens=OneToken(),
                    timeouts=Timeouts(connect_s=2.0, read_s=2.0, total_s=3.0),
                )
                for number in range(days):
                    morning = Morning(url, clock, platform, client, random.Random(f"{seed} {number}"), rate)
                    await morning.lived(FIRST_DAY + timedelta(days=number), found)
        finally:
            await platform.server.close()
    real = await lived_mornings(folder, mornings) if mornings else {}
    return {
        "campaign": "briefing",
        "seed": seed,
        "ok": not found.wrong and found.days == days and not real.get("mornings_wrong"),
        "days": found.days,
        "accepted": found.accepted,
        "silent": found.silent,
        "saturday_editions": found.rich,
        "latest_s": round(found.latest_s, 2),
        "calls": platform.calls,
        "stories": dict(found.stories),
        "faults": dict(found.faults),
        "wrong": found.wrong,
        "examples": found.examples,
        **real,
        "seconds": round(time.monotonic() - began, 1),
    }


@asynccontextmanager
async def _database(folder: Path, given: str | None) -> AsyncIterator[str]:
    if given is not None:
        yield given
        return
    home = folder / "home"
    cluster = Cluster(home)
    await asyncio.to_thread(cluster.purge)
    await asyncio.to_thread(cluster.start)
    try:
        url = cluster_url(home)
        environment = {**os.environ, "DAXIANG_HOME": str(home), "DATABASE_URL": url}
        for app in ("briefings", "recurring"):
            migrate = [sys.executable, "-m", "daxiang.config.cli", "manage", "migrate", app]
            await asyncio.to_thread(subprocess.run, migrate, env=environment, check=True, capture_output=True)
        yield url
    finally:
        await asyncio.to_thread(cluster.stop)
        await asyncio.to_thread(cluster.purge)
        shutil.rmtree(home, ignore_errors=True)


STORIES = (
    "approved",
    "approved",
    "approved",
    "edited and approved again",
    "not approved",
    "approved, then edited",
    "approved, not scheduled",
    "withdrawn",
    "scheduled for later",
)
"""What people do before eight; after the first four and the last one a briefing is sent."""
FAULTS = (
    "none",
    "none",
    "busy five times",
    "bad gateway",
    "answer lost",
    "answer lost twice",
    "killed before eight",
    "killed in the call",
    "database cut",
    "clock back an hour",
    "clock a day ahead",
)


class Morning:
    """One day, from six to after eight."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        platform: Platform,
        client: WeChatClient,
        rand: random.Random,
        rate: float,
    ) -> None:
        self._url = url
        self._clock = clock
        self._platform = platform
        self._client = client
        self._rand = rand
        self._rate = rate
        self._workers: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()

    async def lived(self, day: date, found: Found) -> None:
        story, fault = self._rand.choice(STORIES), self._rand.choice(FAULTS)
        found.stories[story] += 1
        found.faults[fault] += 1
        eight = datetime(day.year, day.month, day.day, 8, tzinfo=SHANGHAI)
        held = await asyncio.to_thread(self._drafted, day)
        goes_at = await asyncio.to_thread(self._story, held, story, eight)
        before = len(self._platform.truth)
        await self._eight(held, goes_at, eight, fault)
        fresh = self._platform.truth[before:]
        self._platform.faults.clear()
        await asyncio.to_thread(self._judge, day, held, goes_at, fresh, f"{story}, {fault}", found)

    def _drafted(self, day: date) -> bytes:
        """Two schedulers at six; one of them writes the draft."""
        self._clock.put(datetime(day.year, day.month, day.day, 6, tzinfo=SHANGHAI))
        calendar = china_calendar()
        both = [BriefingDraft(url=self._url, clock=self._clock, calendar=calendar).round() for _ in range(2)]
        [held] = [one for one in both if one is not None]
        return held

    def _story(self, held: bytes, story: str, eight: datetime) -> datetime | None:
        """When it is to be sent; None: not at all."""
        self._clock.put(eight - timedelta(minutes=50))
        goes_at = eight + timedelta(minutes=5) if story == "scheduled for later" else eight
        self._written(held, "定稿")
        if story == "not approved":
            self._does(held, Action.SEND_FOR_REVIEW, ANNA)
            return None
        self._does(held, Action.SEND_FOR_REVIEW, ANNA)
        self._does(held, Action.APPROVE, CARL)
        if story == "approved, not scheduled":
            return None
        self._does(held, Action.SCHEDULE, CARL, at=goes_at)
        if story == "withdrawn":
            self._does(held, Action.WITHDRAW, ANNA)
            return None
        if story in {"approved, then edited", "edited and approved again"}:
            self._written(held, "又改了一句")
            if story == "approved, then edited":
                return None
            self._does(held, Action.SEND_FOR_REVIEW, ANNA)
            self._does(held, Action.APPROVE, CARL)
            self._does(held, Action.SCHEDULE, ANNA, at=goes_at)
        return goes_at

    def _written(self, held: bytes, words: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection, connection.cursor() as cursor:
            content = edition(cursor, held).content
            with connection.transaction():
                text = replace(content, teaser=f"{content.teaser}{words}")
                edit(cursor, held, content=text, actor=ANNA, now=self._clock.now())

    def _does(self, held: bytes, action: Action, actor: Actor, *, at: datetime | None = None) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection, connection.cursor() as cursor:
            seen = edition(cursor, held).digest
            with connection.transaction():
                act(cursor, held, action, actor, now=self._clock.now(), seen=seen, at=at)

    async def _eight(self, held: bytes, goes_at: datetime | None, eight: datetime, fault: str) -> None:
        self._platform.faults += {
            "busy five times": ["busy"] * 5,
            "bad gateway": ["bad_gateway"],
            "answer lost": ["lost"],
            "answer lost twice": ["lost", "bad_gateway"],
            "killed in the call": ["slow"],
        }.get(fault, [])
        at = (goes_at or eight) - timedelta(seconds=2)
        self._clock.put(at, runs=True)
        self._workers = [self._worker(), self._worker()]
        if fault == "killed before eight":
            await asyncio.sleep(1 / self._rate)
            await self._killed()
        if fault == "database cut":
            await asyncio.sleep(2 / self._rate)
            await asyncio.to_thread(self._cut)
        if fault == "killed in the call":
            await self._until(lambda: bool(self._platform.calls), (goes_at or eight) + timedelta(seconds=1))
            await self._killed()
        await self._over(held, goes_at, (goes_at or eight) + WITHIN)
        if fault == "clock back an hour":
            self._clock.put(at - timedelta(hours=1), runs=True)
            await asyncio.sleep(0.1)
            self._clock.put(at, runs=True)
            await asyncio.sleep(4 / self._rate)
        if fault == "clock a day ahead":
            self._clock.put(at + timedelta(days=1), runs=True)
            await asyncio.sleep(0.1)
        self._stop.set()
        await asyncio.wait(self._workers)
        self._stop = asyncio.Event()

    def _worker(self) -> asyncio.Task[None]:
        sending = BriefingSending(
            self._client,
            url=self._url,
            clock=self._clock,
            speed=self._rate,
        )
        return asyncio.create_task(sending.run(self._stop))

    async def _killed(self) -> None:
        """Both workers are gone at once, in the middle of whatever they do; two others begin."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.wait(self._workers)
        self._workers = [self._worker(), self._worker()]

    def _cut(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'daxiang-briefing' AND pid <> pg_backend_pid()"
            )

    async def _over(self, held: bytes, goes_at: datetime | None, until: datetime) -> None:
        """Until it is settled, or, where nothing may be sent, until its half minute is over."""
        if goes_at is None:
            until -= timedelta(seconds=25)  # a worker looks four times a second
        await self._until(lambda: goes_at is not None and self._read(held).status is Status.SENT, until)

    async def _until(self, is_so: Any, until: datetime) -> None:
        while self._clock.now() < until and not await asyncio.to_thread(is_so):  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # other tasks and PostgreSQL work

    def _read(self, held: bytes) -> Edition:
        with psycopg.connect(self._url, autocommit=True) as connection, connection.cursor() as cursor:
            return edition(cursor, held)

    def _judge(
        self,
        day: date,
        held: bytes,
        goes_at: datetime | None,
        fresh: list[Accepted],
        what: str,
        found: Found,
    ) -> None:
        stands = self._read(held)
        found.days += 1
        found.rich += any(one.kind is SectionKind.CLASSROOM for one in stands.content.sections)
        if goes_at is None:
            found.silent += 1
            if fresh or stands.status in {Status.SENDING, Status.SENT}:
                found.differs(f"{day} {what}: sent without an approval, {stands.status}")
            return
        if len(fresh) != 1 or stands.status is not Status.SENT:
            found.differs(f"{day} {what}: accepted {len(fresh)} times, {stands.status}")
            return
        late = (fresh[0].at - goes_at).total_seconds()
        found.accepted += 1
        found.latest_s = max(found.latest_s, late)
        if not 0 <= late <= WITHIN.total_seconds():
            found.differs(f"{day} {what}: accepted {late:.1f} s after its time")
        if fresh[0].words != stands.content.teaser:
            found.differs(f"{day} {what}: other words were sent than approved")
