"""A simulator in this process, a service for it to call, and the few calls that every story makes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from daxiang_simulator.app import make_app
from daxiang_simulator.world import Options
from tests.simulator.callee import APP_ID, KEY, ORIGINAL_ID, TOKEN, Callee
from tests.simulator.proofs import HEARD, Heard, missing


def account(callback: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "service",
        "kind": "service",
        "display_name": "武汉交警",
        "app_id": APP_ID,
        "secret": "secret",
        "token": TOKEN,
        "aes_key": KEY,
        "original_id": ORIGINAL_ID,
        "callback": callback,
        "mode": "safe",
    } | changes


class Simulator:
    """The simulator over HTTP, as an outside program drives it."""

    def __init__(self, client: TestClient[Any, Any] | ClientSession) -> None:
        self.client = client

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        async with self.client.request(method, path, json=body) as response:
            return response.status, await response.json()

    async def get(self, path: str) -> Any:
        return (await self.call("GET", path))[1]

    async def post(self, path: str, body: object = None) -> Any:
        return (await self.call("POST", path, body))[1]

    async def person(self, nickname: str = "李强") -> str:
        user: str = (await self.post("/_sim/users", {"nickname": nickname}))["user"]
        return user

    async def follower(self) -> str:
        user = await self.person()
        await self.post(f"/_sim/users/{user}/follow", {"account": "service"})
        return user

    async def send(self, user: str, content: str) -> Any:
        message = {"type": "text", "content": content}
        return await self.post(f"/_sim/users/{user}/send", {"account": "service", "message": message})

    async def token(self, account: str = "service") -> str:
        """An access_token of the stable family."""
        held = (await self.get("/_sim/accounts"))["accounts"]
        one = next(each for each in held if each["name"] == account)
        asked = {"grant_type": "client_credential", "appid": one["app_id"], "secret": one["secret"]}
        said = await self.post("/cgi-bin/stable_token", asked)
        text: str = said["access_token"]
        return text

    async def api(self, path: str, body: object = None, *, account: str = "service", **query: str) -> Any:
        """A call of the platform with a token; without a body it is a GET."""
        query = {"access_token": await self.token(account), **query}
        method = "GET" if body is None else "POST"
        raw = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        async with self.client.request(method, path, params=query, data=raw) as response:
            assert response.status == 200
            return await response.json()

    async def openid(self, user: str, account: str = "service") -> str:
        openid: str = (await self.get(f"/_sim/users/{user}"))["openids"][account]
        return openid

    async def set(self, **settings: object) -> None:
        """Change settings of the service account."""
        status, said = await self.call("PUT", "/_sim/accounts/service/settings", settings)
        assert status == 200, said

    async def at(self, now: str, rate: float = 0) -> None:
        """Stop business time at an instant."""
        await self.post("/_sim/clock", {"now": now, "rate": rate})

    async def inbox(self, user: str) -> list[dict[str, Any]]:
        held: list[dict[str, Any]] = (await self.get(f"/_sim/users/{user}/inbox"))["inbox"]
        return held

    async def truth(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = (await self.get("/_sim/truth?since=0"))["truth"]
        return rows


@pytest.fixture
async def callee() -> AsyncIterator[Callee]:
    made = Callee()
    await made.server.start_server()
    yield made
    await made.server.close()


@pytest.fixture
def options(tmp_path: Path, callee: Callee) -> Options:
    accounts = tmp_path / "accounts.json"
    accounts.write_text(json.dumps([account(callee.url())]), encoding="utf-8")
    return Options(
        state=tmp_path / "simulator.db",
        accounts=accounts,
        clock=tmp_path / "clock.json",
        retry_pause_s=0.0,
        timeout_s=2.0,
    )


@pytest.fixture
def heard(request: pytest.FixtureRequest) -> Heard:
    """What the simulator of this test answers, to hold the test to what it says that it proves."""
    made = Heard()
    request.node.stash[HEARD] = made
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """A test that declares a proof (tests/simulator/proofs.py) must have made the call."""
    yield
    if lacking := missing(item):
        pytest.fail("; ".join(lacking), pytrace=False)


@pytest.fixture
async def simulator(options: Options, heard: Heard) -> AsyncIterator[Simulator]:
    app = make_app(options)
    heard.listen(app)
    async with TestClient(TestServer(app)) as client:
        yield Simulator(client)
