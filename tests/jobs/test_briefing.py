"""The briefing of the morning: a slice of `prove briefing`, and what the campaign does not meet."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from prove import briefing
from prove.briefing import ACCOUNT, Clock, Morning, OneToken, Platform

from daxiang.domains.briefings.queries import edition
from daxiang.domains.briefings.sends import USEFUL_FOR, Missed
from daxiang.domains.briefings.workflow import Action, Status
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.transport import new_session
from daxiang.jobs.briefing import BriefingSending
from daxiang.kernel.clock import SHANGHAI
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

EIGHT = datetime(2024, 1, 8, 8, tzinfo=SHANGHAI)
TABLES = "briefing_edition, briefing_revision, briefing_move, briefing_send, briefing_incident"


@pytest.fixture(autouse=True)
def _empty() -> None:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute(f"TRUNCATE {TABLES}, recurring_occasion CASCADE")


async def test_on_some_mornings_it_is_accepted_once_whenever_approved_and_never_otherwise(
    tmp_path: Path,
) -> None:
    # Slower than the campaign: half a minute of business time is six seconds here, whatever the machine does.
    found = await briefing.campaign(seed=3, folder=tmp_path, days=8, rate=5.0, database=conninfo())
    assert found["ok"], found["examples"]
    assert found["accepted"] > 0
    assert found["silent"] > 0


class Desk:
    """An edition that is approved and scheduled for eight, and one worker."""

    def __init__(self, client: WeChatClient, platform: Platform, clock: Clock) -> None:
        self.platform = platform
        self.clock = clock
        self.sending = BriefingSending(client, url=conninfo(), clock=clock, speed=50)
        self.morning = Morning(conninfo(), clock, platform, client, random.Random(1), 50)
        self.held = self.morning._drafted(EIGHT.date())
        assert self.morning._story(self.held, "approved", EIGHT) == EIGHT

    async def round(self) -> bool:
        return await self.sending.round(asyncio.Event())

    def read(self) -> Any:
        with psycopg.connect(conninfo()) as connection, connection.cursor() as cursor:
            return edition(cursor, self.held)

    def sends(self) -> list[Any]:
        with psycopg.connect(conninfo()) as connection:
            return connection.execute("SELECT attempts, code, msg_id FROM briefing_send").fetchall()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    clock = Clock(1.0)
    platform = Platform(clock)
    await platform.server.start_server()
    async with new_session() as session:
        url = str(platform.server.make_url(""))
        client = WeChatClient(account=ACCOUNT, base_url=url, session=session, tokens=OneToken())
        yield Desk(client, platform, clock)
    await platform.server.close()


async def test_nothing_leaves_before_its_time(desk: Desk) -> None:
    desk.clock.put(EIGHT - timedelta(seconds=1))
    assert await desk.round() is False
    desk.clock.put(EIGHT)
    assert await desk.round() is True
    assert await desk.round() is False
    assert len(desk.platform.truth) == 1
    assert desk.sends() == [(1, "", 1)]


async def test_what_was_not_sent_by_noon_is_a_persons_matter(desk: Desk) -> None:
    desk.clock.put(EIGHT + USEFUL_FOR)
    with pytest.raises(Missed):
        await desk.round()
    assert desk.read().status is Status.APPROVED
    assert await desk.round() is False
    assert desk.platform.truth == []


async def test_what_the_platform_refuses_is_not_asked_again(desk: Desk) -> None:
    calls = 0

    async def refuses(_request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        return web.json_response({"errcode": 45002, "errmsg": "content size out of limit"})

    async def tags(_request: web.Request) -> web.Response:
        return web.json_response({"tags": [{"id": 100, "name": "officers", "count": 1}]})

    app = web.Application()
    app.router.add_post("/cgi-bin/message/mass/sendall", refuses)
    app.router.add_get("/cgi-bin/tags/get", tags)
    async with TestServer(app) as server, new_session() as session:
        url = str(server.make_url(""))
        client = WeChatClient(account=ACCOUNT, base_url=url, session=session, tokens=OneToken())
        sending = BriefingSending(client, url=conninfo(), clock=desk.clock, speed=50)
        desk.clock.put(EIGHT)
        assert await sending.round(asyncio.Event()) is False
        assert await sending.round(asyncio.Event()) is False
    assert calls == 1
    assert desk.read().status is Status.APPROVED
    assert desk.sends() == [(1, "45002", None)]


async def test_while_it_is_being_sent_nobody_changes_it(desk: Desk) -> None:
    desk.clock.put(EIGHT)
    claimed = desk.sending._claim()
    assert claimed is not None
    for action in (Action.WITHDRAW, Action.SEND_BACK, Action.UNSCHEDULE):
        with pytest.raises(Exception, match="现在做不了"):
            desk.morning._does(desk.held, action, briefing.CARL)
    assert desk.read().status is Status.SENDING
