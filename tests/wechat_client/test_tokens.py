"""The shared credentials: one row, one keeper at a time, readers that never ask the platform."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from aiohttp import ClientSession

from daxiang.integrations.outcomes import Unavailable
from daxiang.integrations.wechat.client import customer_service
from daxiang.integrations.wechat.client.client import Token, WeChatClient
from daxiang.integrations.wechat.client.keeper import KeeperTimes, TokenKeeper
from daxiang.integrations.wechat.client.sql import STATEMENTS, STORE_TOKEN
from daxiang.integrations.wechat.client.store import Store
from daxiang.integrations.wechat.client.tokens import TokenKind, TokenReader, seal_context, token_health
from daxiang.integrations.wechat.client.transport import Timeouts
from tests.simulator.conftest import Simulator
from tests.wechat_client.conftest import ACCOUNT, SEALER, Platform, address, conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TIMES = KeeperTimes(
    lease_s=5, margin_s=1, tick_s=0.05, request=Timeouts(connect_s=1, read_s=0.3, total_s=0.3)
)


@pytest.fixture(autouse=True)
async def _no_tokens(store: Store) -> None:
    await store.rows("TRUNCATE wechat_token", {})


def keeper_of(base_url: str, session: ClientSession, store: Store, **changes: Any) -> TokenKeeper:
    given = {"store": store, "listen_url": conninfo(), "sealer": SEALER, "accounts": (ACCOUNT,)}
    return TokenKeeper(**(given | {"base_url": base_url, "session": session, "times": TIMES} | changes))


@contextlib.asynccontextmanager
async def kept(keeper: TokenKeeper) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(keeper.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


def reader_of(store: Store, *, wait_s: float = 0.0) -> TokenReader:
    return TokenReader(store=store, sealer=SEALER, account="service", wait_s=wait_s)


async def stable_tokens(simulator: Simulator) -> list[dict[str, Any]]:
    return [row for row in await simulator.truth() if row["kind"] == "token"]


async def the_row(store: Store) -> dict[str, Any]:
    names = "generation, is_stale, lease_number, failures, health, token"
    asked = f"SELECT {names}, retry_at > now() + interval '1 minute' FROM wechat_token"  # noqa: S608 (fixed names)
    found = await store.row(asked, {})
    assert found is not None
    return dict(zip([*names.split(", "), "rests"], found, strict=True))


async def test_a_reader_without_a_token_says_so_and_asks_nobody(store: Store, simulator: Simulator) -> None:
    with pytest.raises(Unavailable) as failed:
        await reader_of(store).current()
    assert failed.value.code == "no_token"
    assert await stable_tokens(simulator) == []


async def test_a_token_is_fetched_once_sealed_and_shared(
    store: Store, simulator: Simulator, session: ClientSession
) -> None:
    keeper = keeper_of(address(simulator), session, store)
    assert [await keeper.turn(ACCOUNT), await keeper.turn(ACCOUNT)] == [True, False]
    tokens = [await reader_of(store).current() for _ in range(3)]
    assert len({token.value for token in tokens}) == 1
    assert tokens[0].value.encode() not in (await the_row(store))["token"]
    assert len(await stable_tokens(simulator)) == 1


async def test_ten_keepers_at_once_ask_once(
    store: Store, simulator: Simulator, session: ClientSession
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        stores = [Store(conninfo()) for _ in range(10)]
        for one in stores:
            stack.push_async_callback(one.close)
        keepers = [keeper_of(address(simulator), session, one) for one in stores]
        renewed = await asyncio.gather(*(keeper.turn(ACCOUNT) for keeper in keepers))
    assert sorted(renewed) == [False] * 9 + [True]
    assert len(await stable_tokens(simulator)) == 1


async def test_a_refused_token_calls_the_keeper_and_the_call_succeeds(
    store: Store, simulator: Simulator, session: ClientSession
) -> None:
    user = await simulator.follower()
    openid = (await simulator.get(f"/_sim/users/{user}"))["openids"]["service"]
    await simulator.send(user, "5")
    base = address(simulator)
    client = WeChatClient(
        account=ACCOUNT, base_url=base, session=session, tokens=reader_of(store, wait_s=5.0)
    )
    async with kept(keeper_of(base, session, store, times=KeeperTimes(tick_s=5.0))):
        for _ in range(3):
            await customer_service.send(client, openid=openid, message=customer_service.Text(content="在"))
            await simulator.post("/_sim/tokens/expire", {"account": "service"})
    assert [row["kind"] for row in await simulator.truth()].count("custom_message") == 3
    assert len(await stable_tokens(simulator)) == 3


async def test_a_hundred_callers_with_the_same_refused_token_bring_one_renewal(
    store: Store, simulator: Simulator, session: ClientSession
) -> None:
    reader = reader_of(store, wait_s=5.0)
    async with kept(keeper_of(address(simulator), session, store)):
        old = await reader.current()
        await simulator.post("/_sim/tokens/expire", {"account": "service"})
        fresh = await asyncio.gather(*(reader.after(old) for _ in range(100)))
    assert {token.generation for token in fresh} == {old.generation + 1}
    assert len(await stable_tokens(simulator)) == 2


async def test_whoever_comes_with_an_older_token_gets_the_newer_one_and_voids_nothing(
    store: Store, simulator: Simulator, session: ClientSession
) -> None:
    keeper = keeper_of(address(simulator), session, store)
    await keeper.turn(ACCOUNT)
    token = await reader_of(store).current()
    assert await reader_of(store).after(Token(value="old", generation=token.generation - 1)) == token
    assert not (await the_row(store))["is_stale"]


async def test_a_keeper_whose_lease_was_taken_over_writes_nothing(store: Store) -> None:
    await store.rows(
        "INSERT INTO wechat_token (account, kind, generation, is_stale, lease_number, failures)"
        " VALUES ('service', 'access_token', 7, false, 8, 0)",
        {},
    )
    late = {"account": "service", "kind": "access_token", "token": b"old", "number": 7}
    assert await store.row(STORE_TOKEN, late | {"life_s": 7200.0, "refresh_s": 1.0, "rest_s": 0.0}) is None
    assert (await the_row(store))["token"] is None


async def test_a_keeper_that_stood_still_until_its_lease_was_nearly_over_asks_nothing(
    store: Store, platform: Platform, session: ClientSession
) -> None:
    slept = KeeperTimes(lease_s=1.0, margin_s=1.0)
    keeper = keeper_of(str(platform.server.make_url("/")), session, store, times=slept)
    assert not await keeper.turn(ACCOUNT)
    assert platform.seen == []


async def test_nobody_takes_the_lease_of_a_keeper_that_was_killed_before_it_is_over(
    store: Store, simulator: Simulator, session: ClientSession
) -> None:
    keeper = keeper_of(address(simulator), session, store)
    await store.rows(
        "INSERT INTO wechat_token (account, kind, generation, is_stale, lease_number, failures, lease_owner,"
        " lease_until) VALUES ('service', 'access_token', 0, false, 4, 0, 'gone', now() + interval '1 hour')",
        {},
    )
    assert not await keeper.turn(ACCOUNT)
    await store.rows("UPDATE wechat_token SET lease_until = now() - interval '1 ms'", {})
    assert await keeper.turn(ACCOUNT)
    assert (await the_row(store))["generation"] == 5


async def test_a_lost_answer_is_asked_for_again_and_gives_the_same_token(
    store: Store, simulator: Simulator, session: ClientSession
) -> None:
    fault = {"path": "/cgi-bin/stable_token", "kind": "lost_answer", "count": 2}
    await simulator.post("/_sim/faults", fault)
    assert await keeper_of(address(simulator), session, store).turn(ACCOUNT)
    told = await stable_tokens(simulator)
    assert (len(told), len({row["token"] for row in told})) == (3, 1)


@pytest.mark.parametrize("code", [40164, 40243, 40125, 40001, 89503, 89506, 89507])
async def test_bad_credentials_stop_the_asking_and_are_told(
    store: Store, platform: Platform, session: ClientSession, code: int
) -> None:
    platform.says({"errcode": code, "errmsg": "no rid: 6566-a-b"})
    keeper = keeper_of(str(platform.server.make_url("/")), session, store)
    assert [await keeper.turn(ACCOUNT) for _ in range(5)] == [False] * 5
    assert len(platform.seen) == 1
    assert (await the_row(store))["rests"]
    with pytest.raises(Unavailable) as failed:
        await reader_of(store, wait_s=60.0).current()
    assert failed.value.code == code
    (health,) = await token_health(store)
    assert (health.code, health.is_good) == (code, False)


async def test_an_operator_who_mended_the_credentials_need_not_wait(
    store: Store, platform: Platform, session: ClientSession
) -> None:
    platform.says({"errcode": 40164}, {"access_token": "good", "expires_in": 7200})
    keeper = keeper_of(str(platform.server.make_url("/")), session, store)
    await keeper.turn(ACCOUNT)
    await keeper.retry_now(ACCOUNT)
    assert await keeper.turn(ACCOUNT)
    (health,) = await token_health(store)
    assert (health.code, health.is_good) == (None, True)


@pytest.mark.parametrize(
    "reply",
    [
        {"access_token": "", "expires_in": 7200},
        {"access_token": "a", "expires_in": 0},
        {"access_token": "a"},
        {"expires_in": 7200},
        {"access_token": "a" * 5000, "expires_in": 7200},
        {"errcode": 0},
    ],
)
async def test_a_success_without_a_usable_token_stores_nothing(
    store: Store, platform: Platform, session: ClientSession, reply: dict[str, Any]
) -> None:
    platform.says(reply)
    assert not await keeper_of(str(platform.server.make_url("/")), session, store).turn(ACCOUNT)
    assert (await the_row(store))["token"] is None


async def test_what_is_asked_for_is_the_normal_mode(
    store: Store, platform: Platform, session: ClientSession
) -> None:
    platform.says({"access_token": "good", "expires_in": 7200})
    await keeper_of(str(platform.server.make_url("/")), session, store).turn(ACCOUNT)
    assert platform.last.body["force_refresh"] is False
    assert platform.last.query == {}


async def test_a_token_is_renewed_five_minutes_before_its_end(
    store: Store, platform: Platform, session: ClientSession
) -> None:
    platform.says(
        {"access_token": "first", "expires_in": 7200}, {"access_token": "second", "expires_in": 7200}
    )
    keeper = keeper_of(str(platform.server.make_url("/")), session, store)
    await keeper.turn(ACCOUNT)
    due = await store.row("SELECT extract(epoch FROM expires_at - refresh_at)::int FROM wechat_token", {})
    await store.rows("UPDATE wechat_token SET refresh_at = now()", {})
    assert due == (300,)
    assert (await reader_of(store).current()).value == "first"
    assert await keeper.turn(ACCOUNT)
    assert (await reader_of(store).current()).value == "second"


async def test_a_token_past_its_end_is_given_to_nobody(
    store: Store, platform: Platform, session: ClientSession
) -> None:
    platform.says({"access_token": "first", "expires_in": 7200})
    await keeper_of(str(platform.server.make_url("/")), session, store).turn(ACCOUNT)
    await store.rows("UPDATE wechat_token SET expires_at = now()", {})
    with pytest.raises(Unavailable):
        await reader_of(store).current()


async def test_the_ticket_for_pages_is_kept_the_same_way_with_the_shared_token(
    store: Store, platform: Platform, session: ClientSession
) -> None:
    platform.says(
        {"access_token": "good", "expires_in": 7200},
        {"errcode": 0, "errmsg": "ok", "ticket": "bxLdikRXVbTPdHSM", "expires_in": 7200},
    )
    keeper = keeper_of(str(platform.server.make_url("/")), session, store, tickets={"service"})
    await keeper.turn(ACCOUNT)
    assert await keeper.turn(ACCOUNT, TokenKind.TICKET)
    assert platform.last.query == {"type": "jsapi", "access_token": "good"}
    reader = TokenReader(store=store, sealer=SEALER, account="service", kind=TokenKind.TICKET)
    assert (await reader.current()).value == "bxLdikRXVbTPdHSM"


async def test_a_ticket_call_with_a_refused_token_has_the_token_renewed(
    store: Store, platform: Platform, session: ClientSession
) -> None:
    platform.says({"access_token": "good", "expires_in": 7200}, {"errcode": 40001})
    keeper = keeper_of(str(platform.server.make_url("/")), session, store, tickets={"service"})
    await keeper.turn(ACCOUNT)
    assert not await keeper.turn(ACCOUNT, TokenKind.TICKET)
    stale = await store.rows("SELECT kind FROM wechat_token WHERE is_stale", {})
    assert stale == [("access_token",)]


async def test_a_database_that_is_away_is_unavailable_and_comes_back(store: Store) -> None:
    away = Store("postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=1")
    with pytest.raises(Unavailable):
        await reader_of(away).current()
    await store.rows("SELECT 1", {})
    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'daxiang wechat client' AND pid <> pg_backend_pid()"
        )
    with pytest.raises(Unavailable):
        await store.rows("SELECT 1", {})
    assert await store.rows("SELECT 1", {}) == [(1,)]


def test_a_sealed_token_opens_only_as_its_own_accounts() -> None:
    contexts = {seal_context(name, kind) for name in ("service", "subscription") for kind in TokenKind}
    assert len(contexts) == 4


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_raw_statement_prepares_on_this_server(name: str) -> None:
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
    text = re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", STATEMENTS[name])
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        result = opened.pgconn.prepare(b"checked", text.encode())
    assert result.error_message == b""
