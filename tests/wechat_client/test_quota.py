"""Calls are counted for all processes together, in business time, and never exceed the limit."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from daxiang.integrations.outcomes import Unavailable
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient
from daxiang.integrations.wechat.client.figures import totals
from daxiang.integrations.wechat.client.forgetting import forget_old
from daxiang.integrations.wechat.client.quota import Limit, Quota
from daxiang.integrations.wechat.client.store import Store
from daxiang.kernel.clock import SHANGHAI
from tests.wechat_client.conftest import Platform, conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATH = "/cgi-bin/message/mass/get"


class HandClock:
    """Business time that a test moves by hand."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 24, 23, 58, 30, tzinfo=SHANGHAI)

    def now(self) -> datetime:
        return self.instant

    def forward(self, **by: float) -> None:
        self.instant += timedelta(**by)


@pytest.fixture(autouse=True)
async def _nothing_counted(store: Store) -> None:
    await store.rows("TRUNCATE wechat_quota, wechat_quota_limit, wechat_token", {})


def quota_of(store: Store, clock: HandClock, **limit: int) -> Quota:
    return Quota(store=store, account="service", clock=clock, limits={PATH: Limit(**limit)})


async def taken(quota: Quota, tries: int) -> int:
    count = 0
    for _ in range(tries):
        with contextlib.suppress(Unavailable):
            await quota.take(PATH)
            count += 1
    return count


async def test_eight_processes_together_never_exceed_the_day_nor_waste_much_of_it() -> None:
    clock = HandClock()
    async with contextlib.AsyncExitStack() as stack:
        stores = [Store(conninfo()) for _ in range(8)]
        for one in stores:
            stack.push_async_callback(one.close)
        quotas = [quota_of(one, clock, per_day=400) for one in stores]
        counts = await asyncio.gather(*(taken(quota, 100) for quota in quotas))
    assert 400 - 8 * 20 <= sum(counts) <= 400


async def test_a_single_process_can_use_every_call_of_the_limit(store: Store) -> None:
    assert await taken(quota_of(store, HandClock(), per_minute=30, per_day=1000), 100) == 30


async def test_the_next_minute_brings_new_calls_until_the_day_is_used_up(store: Store) -> None:
    clock = HandClock()
    quota = quota_of(store, clock, per_minute=10, per_day=15)
    first = await taken(quota, 20)
    clock.forward(minutes=1)
    second = await taken(quota, 20)
    clock.forward(minutes=1)  # the next day
    assert (first, second, await taken(quota, 20)) == (10, 5, 10)


@pytest.mark.parametrize(
    ("limit", "code", "wait_s"), [({"per_day": 0}, 45009, 90.0), ({"per_minute": 0}, 45011, 30.0)]
)
async def test_what_is_used_up_says_when_it_makes_sense_again(
    store: Store, limit: dict[str, int], code: int, wait_s: float
) -> None:
    with pytest.raises(Unavailable) as failed:
        await quota_of(store, HandClock(), **limit).take(PATH)
    assert (failed.value.code, failed.value.retry_after_s) == (code, wait_s)


@pytest.mark.parametrize(("code", "rests_s"), [(45009, 90), (45011, 30), (45028, 90)])
async def test_a_stop_of_the_platform_holds_in_every_process_until_its_end(
    store: Store, client: WeChatClient, platform: Platform, code: int, rests_s: int
) -> None:
    clock = HandClock()
    client.quota = quota_of(store, clock)
    other = quota_of(store, clock)
    platform.says({"errcode": code, "errmsg": "reach max rid: 6566-a-b"})
    with pytest.raises(Unavailable) as failed:
        await client.call(Endpoint(path=PATH, kind=Kind.READ))
    assert (failed.value.retry_after_s, len(platform.seen)) == (float(rests_s), 1)
    assert await taken(other, 3) == 0
    clock.forward(seconds=rests_s)
    assert await taken(other, 3) == 3


async def test_a_call_that_is_stopped_does_not_reach_the_platform(
    store: Store, client: WeChatClient, platform: Platform
) -> None:
    client.quota = quota_of(store, HandClock())
    await client.quota.stopped_by(PATH, 45009)
    with pytest.raises(Unavailable):
        await client.call(Endpoint(path=PATH, kind=Kind.ACT))
    assert platform.seen == []


async def test_an_operator_who_cleared_the_count_sets_the_path_going(store: Store) -> None:
    quota = quota_of(store, HandClock())
    await quota.stopped_by(PATH, 45009)
    await quota.resume(PATH)
    assert await taken(quota, 1) == 1


async def test_what_the_platform_says_of_its_limit_beats_what_its_pages_say(store: Store) -> None:
    quota = quota_of(store, HandClock(), per_day=1000)
    await quota.learn(PATH, Limit(per_day=3))
    assert await taken(quota, 10) == 3


async def test_old_counts_are_forgotten_and_todays_stay(store: Store) -> None:
    clock = HandClock()
    quota = quota_of(store, clock, per_minute=10, per_day=100)
    await quota.take(PATH)
    clock.forward(hours=2)
    await quota.take(PATH)
    with psycopg.connect(conninfo(), autocommit=True) as worker:
        forget_old(worker, now=clock.now())
    rows: list[tuple[Any, ...]] = await store.rows("SELECT span FROM wechat_quota ORDER BY span", {})
    assert rows == [("day",), ("day",), ("minute",)]
    assert await quota.granted_today() == {("service", PATH): 5}


async def test_operators_see_what_was_given_out_and_how_the_credentials_are(store: Store) -> None:
    clock = HandClock()
    await quota_of(store, clock, per_day=100).take(PATH)
    await store.rows(
        "INSERT INTO wechat_token (account, kind, generation, is_stale, lease_number, failures, health)"
        " VALUES ('service', 'access_token', 0, false, 0, 3, 40164)",
        {},
    )
    seen = {one.name: list(one.read()) for one in totals(conninfo(), clock)}
    token = ("service", "access_token")
    assert seen == {
        "daxiang_wechat_credential_good": [(token, 0.0)],
        "daxiang_wechat_credential_refused_code": [(token, 40164.0)],
        "daxiang_wechat_credential_left_seconds": [(token, 0.0)],
        "daxiang_wechat_calls_granted_today": [(("service", PATH), 5.0)],
    }
