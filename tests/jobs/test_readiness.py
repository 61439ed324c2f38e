"""An hour before the briefing goes, the platform is asked whether it would take it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from prove.briefing import ACCOUNT, OneToken
from prove.workflow import text_of

from daxiang.domains.briefings.operations import EditionKind, Review, act, add_edition
from daxiang.domains.briefings.workflow import Action, Actor, Part
from daxiang.foundation.alarms.operations import LOG, alarms
from daxiang.integrations.wechat.client import mass
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.quota import Limit, Quota
from daxiang.integrations.wechat.client.store import Store
from daxiang.integrations.wechat.client.transport import new_session
from daxiang.jobs.readiness import Readiness
from daxiang.kernel.clock import SHANGHAI
from tests.inbox.test_inbox import conninfo
from tests.jobs.test_watching import At

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
EIGHT = datetime(2026, 11, 25, 8, tzinfo=SHANGHAI)
OFFICERS = {"tags": [{"id": 100, "name": "officers", "count": 3500}]}


class Desk:
    """An edition scheduled for eight; the platform answers `says`, and counts."""

    def __init__(self) -> None:
        self.says: dict[str, Any] = OFFICERS
        self.asked = 0
        self.clock = At(EIGHT - timedelta(hours=2))
        self.job: Readiness

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        return web.json_response(self.says)

    async def look(self, before: timedelta) -> list[str]:
        self.clock.at = EIGHT - before
        await self.job.round()
        with psycopg.connect(conninfo()) as connection, connection.cursor() as cursor:
            return [one.words for one in alarms(cursor, only_open=True)]


@asynccontextmanager
async def desk_at(quota: Limit | None = None) -> AsyncIterator[Desk]:
    desk = Desk()
    app = web.Application()
    app.router.add_get("/cgi-bin/tags/get", desk.answer)
    store = Store(conninfo())
    limits = {} if quota is None else {mass.SEND_ALL: quota}
    counted = Quota(store=store, account=ACCOUNT.name, clock=desk.clock, limits=limits)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        server = await stack.enter_async_context(TestServer(app))
        session = await stack.enter_async_context(new_session())
        url = str(server.make_url(""))
        client = WeChatClient(
            account=ACCOUNT, base_url=url, session=session, tokens=OneToken(), quota=counted
        )
        desk.job = Readiness(client, url=conninfo(), clock=desk.clock, channels=[LOG])
        yield desk


@pytest.fixture(autouse=True)
def _scheduled() -> None:
    before = EIGHT - timedelta(hours=3)
    with psycopg.connect(conninfo(), autocommit=True) as link, link.cursor() as cursor:
        link.execute("TRUNCATE alarm, briefing_edition, wechat_quota, wechat_quota_limit CASCADE")
        held = add_edition(
            cursor,
            day=date(2026, 11, 25),
            kind=EditionKind.WEEKDAY,
            content=text_of(0),
            review=Review(reviewer="carl", deputy="", due_at=EIGHT),
            who="anna",
            now=before,
        )
        digest = cursor.execute("SELECT digest FROM briefing_edition").fetchone()
        assert digest is not None
        for action, name, part in (
            (Action.SEND_FOR_REVIEW, "anna", Part.EDITOR),
            (Action.APPROVE, "carl", Part.REVIEWER),
            (Action.SCHEDULE, "anna", Part.EDITOR),
        ):
            actor = Actor(name=name, parts=frozenset({part}))
            act(cursor, held, action, actor, now=before, seen=bytes(digest[0]), at=EIGHT)


async def test_nothing_is_asked_before_the_hour_and_seldom_within_it() -> None:
    async with desk_at() as desk:
        assert await desk.look(timedelta(minutes=61)) == []
        assert desk.asked == 0
        for minutes in (60, 58, 51, 50, 45, 6):
            assert await desk.look(timedelta(minutes=minutes)) == []
        assert desk.asked == 3
        for minutes in (5, 4, 3):
            await desk.look(timedelta(minutes=minutes))
        assert desk.asked == 3 + 3
        assert await desk.look(timedelta(minutes=-1)) == []
        assert desk.asked == 3 + 3


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"errcode": 40001, "errmsg": "invalid credential"}, "凭证"),
        ({"errcode": 48001, "errmsg": "api unauthorized"}, "48001"),
        ({"tags": []}, "没有 officers 标签"),
        ({"tags": [{"id": 100, "name": "officers", "count": 0}]}, "一个人也没有"),
    ],
)
async def test_what_is_wrong_is_an_alarm_that_closes_when_it_is_mended(
    says: dict[str, Any], words: str
) -> None:
    async with desk_at() as desk:
        desk.says = says
        [told] = await desk.look(timedelta(minutes=59))
        assert words in told
        assert "8:00的简报" in told
        assert await desk.look(timedelta(minutes=58)) == [told]
        desk.says = OFFICERS
        assert await desk.look(timedelta(minutes=57)) == []


async def test_a_used_up_allowance_is_seen_before_it_is_needed() -> None:
    async with desk_at(Limit(per_day=1)) as desk:
        assert await desk.look(timedelta(minutes=59)) == []
        quota = desk.job._client.quota
        assert quota is not None
        desk.clock.at = EIGHT - timedelta(minutes=30)
        await quota.take(mass.SEND_ALL)
        [told] = await desk.look(timedelta(minutes=29))
        assert "次数用完" in told


async def test_a_path_that_the_platform_has_stopped_is_seen() -> None:
    async with desk_at() as desk:
        desk.clock.at = EIGHT - timedelta(minutes=40)
        quota = desk.job._client.quota
        assert quota is not None
        await quota.stopped_by(mass.SEND_ALL, 45009)
        [told] = await desk.look(timedelta(minutes=39))
        assert "次数用完" in told
