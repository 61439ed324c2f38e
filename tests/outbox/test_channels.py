"""Customer-service messages out of the outbox: only inside a window, and each outcome as what it is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from daxiang.foundation.outbox.moves import Ending
from daxiang.foundation.outbox.operations import Claimed, Delivery, Outcome, claim, enqueuing, settle
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.transport import new_session
from daxiang.integrations.wechat.contacts.windows import Moments, open_windows
from daxiang.jobs.channels import channels
from tests.inbox.test_inbox import SEALER, conninfo
from tests.wechat_client.conftest import ACCOUNT, QUICK, FixedTokens, Platform

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PERSON = b"p" * 32
Connection = psycopg.AsyncConnection[Any]


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        await opened.execute("TRUNCATE outbox_delivery, outbox_move, wechat_contact")
        yield opened


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    made = Platform()
    async with made.server:
        yield made


async def wrote(connection: Connection, **moments: datetime) -> None:
    await connection.execute(
        "INSERT INTO wechat_contact"
        " (account, person, openid, last_message_at, last_click_at, last_click_kind, unfollowed_at)"
        " VALUES ('service', %s, 'sealed', %s, %s, %s, %s)",
        (
            PERSON,
            moments.get("message"),
            moments.get("click"),
            "click" if "click" in moments else None,
            moments.get("unfollowed"),
        ),
    )


async def one_claimed(connection: Connection, number: int = 1, *, now: datetime = NOW) -> Claimed:
    payload = {"openid": "oNobody", "content": {"msgtype": "text", "text": {"content": "记住了"}}}
    delivery = Delivery(
        channel="wechat.custom",
        account="service",
        person=PERSON,
        payload=json.dumps(payload).encode(),
        dedup=number.to_bytes(32, "big"),
        created_at=NOW,
        not_before=NOW,
        expires_at=NOW + timedelta(hours=48),
    )
    await connection.execute(*enqueuing([delivery], SEALER))
    [claimed] = await claim(connection, channels=["wechat.custom"], most=9, now=now, sealer=SEALER)
    return claimed


async def ending(
    connection: Connection, platform: Platform, claimed: Claimed, *, now: datetime = NOW
) -> tuple[Ending, str]:
    async with new_session() as session:
        client = WeChatClient(
            account=ACCOUNT,
            base_url=str(platform.server.make_url("/")),
            session=session,
            tokens=FixedTokens(),
            timeouts=QUICK,
        )
        found = channels({"service": client})
        attempt = await found[claimed.channel].send(connection, claimed, now)
    policies = {name: channel.policy for name, channel in found.items()}
    await settle(connection, outcomes=[Outcome(claimed, attempt)], policies=policies, now=now)
    return attempt.ending, attempt.code


async def test_the_words_arrive_with_the_person_they_are_for(
    connection: Connection, platform: Platform
) -> None:
    await wrote(connection, message=NOW)
    assert await ending(connection, platform, await one_claimed(connection)) == (Ending.SENT, "")
    expected = {"touser": "oNobody", "msgtype": "text", "text": {"content": "记住了"}}
    assert (platform.last.path, platform.last.body) == ("/cgi-bin/message/custom/send", expected)


async def test_the_sixth_message_of_a_window_is_not_sent(connection: Connection, platform: Platform) -> None:
    await wrote(connection, message=NOW)
    endings = [
        await ending(connection, platform, await one_claimed(connection, number)) for number in range(1, 7)
    ]
    assert endings == [(Ending.SENT, "")] * 5 + [(Ending.TOO_LATE, "window_used_up")]
    assert len(platform.seen) == 5


@pytest.mark.parametrize(
    ("moments", "after"),
    [
        ({}, timedelta(0)),
        ({"message": NOW - timedelta(hours=47)}, timedelta(hours=1)),
        ({"click": NOW}, timedelta(minutes=1)),
        ({"message": NOW, "unfollowed": NOW + timedelta(seconds=1)}, timedelta(minutes=1)),
    ],
)
async def test_outside_every_window_the_platform_is_not_asked(
    connection: Connection, platform: Platform, moments: dict[str, datetime], after: timedelta
) -> None:
    await wrote(connection, **moments)
    claimed = await one_claimed(connection)
    assert await ending(connection, platform, claimed, now=NOW + after) == (Ending.TOO_LATE, "window_closed")
    assert platform.seen == []


async def _hangs_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ({"errcode": 45015, "errmsg": "out of response rid: 1-2-3"}, (Ending.REFUSED, "45015")),
        ({"errcode": -1, "errmsg": "system error"}, (Ending.NOT_NOW, "-1")),
        (b"garbage", (Ending.IN_DOUBT, None)),
        (_hangs_up, (Ending.IN_DOUBT, None)),
    ],
)
async def test_each_outcome_of_the_call_is_kept_as_what_it_is(
    connection: Connection, platform: Platform, reply: Any, expected: tuple[Ending, str | None]
) -> None:
    await wrote(connection, message=NOW)
    platform.says(reply)
    outcome, code = await ending(connection, platform, await one_claimed(connection))
    assert outcome is expected[0]
    assert expected[1] in {None, code}


moments = st.none() | st.integers(0, 3 * 86400).map(lambda seconds: NOW - timedelta(seconds=seconds))


@given(message=moments, click=moments)
def test_a_window_is_open_exactly_as_long_as_the_platform_says(
    message: datetime | None, click: datetime | None
) -> None:
    found = open_windows(Moments(last_message_at=message, last_click_at=click), NOW)
    expected = []
    if message is not None and (NOW - message).total_seconds() < 172_800:
        expected.append((message, 5))
    if click is not None and (NOW - click).total_seconds() < 60:
        expected.append((click, 3))
    assert [(window.opened_at, window.most) for window in found] == expected


async def test_what_does_not_open_is_refused_and_does_not_hold_up_the_rest(
    connection: Connection, platform: Platform
) -> None:
    await wrote(connection, message=NOW)
    claimed = await one_claimed(connection)
    await connection.execute("UPDATE outbox_delivery SET status = 'waiting', lease_until = NULL")
    await connection.execute("UPDATE outbox_delivery SET payload = 'moved from another row'")
    [broken] = await claim(connection, channels=["wechat.custom"], most=9, now=NOW, sealer=SEALER)
    assert (claimed.id, broken.payload) == (broken.id, b"")
    assert (await ending(connection, platform, broken))[0] is Ending.REFUSED
    assert platform.seen == []
