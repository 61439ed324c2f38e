"""The client against the simulator, against a small platform of our own, and the database in between."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from django.db import connection as django_connection
from psycopg.conninfo import make_conninfo

from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Account
from daxiang.integrations.outcomes import Unavailable
from daxiang.integrations.wechat.client.client import Token, WeChatClient
from daxiang.integrations.wechat.client.store import Store
from daxiang.integrations.wechat.client.transport import Timeouts, new_session
from daxiang_simulator.app import make_app
from daxiang_simulator.world import Options
from tests.simulator.callee import APP_ID, KEY, ORIGINAL_ID, TOKEN
from tests.simulator.conftest import Simulator
from tests.simulator.conftest import account as simulated

SEALER = Sealer({"k1": b"1" * 32})
ACCOUNT = Account(
    name="service",
    kind="service",
    app_id=APP_ID,
    secret="secret",
    token=TOKEN,
    aes_key=KEY,
    aes_key_previous=None,
    original_id=ORIGINAL_ID,
)
QUICK = Timeouts(connect_s=2.0, read_s=0.3, total_s=0.5)


def conninfo() -> str:
    held = django_connection.settings_dict
    parts = {"dbname": held["NAME"], "user": held["USER"], "password": held["PASSWORD"], "host": held["HOST"]}
    if held["PORT"]:
        parts["port"] = held["PORT"]
    return make_conninfo(**parts)


class FixedTokens:
    """Tokens 1, 2, 3 …: a newer one whenever one is refused, up to `last`."""

    def __init__(self, last: int = 9) -> None:
        self.last = last
        self.number = 1

    async def current(self) -> Token:
        return Token(value=f"token-{self.number}", generation=self.number)

    async def after(self, refused: Token) -> Token:
        if refused.generation >= self.last:
            raise Unavailable("no_token", "")
        self.number = max(self.number, refused.generation + 1)
        return await self.current()


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    raw: bytes
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


Reply = dict[str, Any] | bytes | web.Response | Callable[[web.Request], Any]


class Platform:
    """Answers what a test says, in order; the last answer for ever. Keeps every request."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._replies: list[Reply] = [{"errcode": 0, "errmsg": "ok"}]
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.server = TestServer(app)

    def says(self, *replies: Reply) -> None:
        self._replies = list(replies)

    @property
    def last(self) -> Seen:
        return self.seen[-1]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(await self._kept(request))
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if callable(reply):
            reply = await reply(request)
        if isinstance(reply, bytes):
            return web.Response(body=reply, content_type="application/octet-stream")
        if isinstance(reply, web.StreamResponse):
            return reply
        return web.Response(body=json.dumps(reply, ensure_ascii=False).encode(), content_type="text/plain")

    async def _kept(self, request: web.Request) -> Seen:
        files: dict[str, tuple[str, bytes]] = {}
        raw, body = b"", None
        if request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                files[part.name] = (part.filename or "", bytes(await part.read()))
        else:
            raw = await request.read()
            body = json.loads(raw) if raw else None
        return Seen(request.method, request.path, dict(request.query), body, raw, files)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    made = Platform()
    await made.server.start_server()
    yield made
    await made.server.close()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with new_session() as made:
        yield made


@pytest.fixture
def client(platform: Platform, session: ClientSession) -> WeChatClient:
    base = str(platform.server.make_url("/"))
    return WeChatClient(account=ACCOUNT, base_url=base, session=session, tokens=FixedTokens(), timeouts=QUICK)


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    made = Store(conninfo())
    yield made
    await made.close()


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[Simulator]:
    accounts = tmp_path / "accounts.json"
    accounts.write_text(json.dumps([simulated("http://127.0.0.1:9/nobody")]), encoding="utf-8")
    options = Options(
        state=tmp_path / "simulator.db",
        accounts=accounts,
        clock=tmp_path / "clock.json",
        retry_pause_s=0.0,
        timeout_s=1.0,
    )
    async with TestClient(TestServer(make_app(options))) as opened:
        yield Simulator(opened)


def address(simulator: Simulator) -> str:
    return str(simulator.client.make_url("/"))  # type: ignore[union-attr]
