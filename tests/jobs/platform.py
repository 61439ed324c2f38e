"""A platform that takes messages and files, and judges what arrived."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import psycopg
from aiohttp import web
from aiohttp.test_utils import TestServer

from daxiang.foundation.outbox.operations import LEASE_S
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.transport import new_session
from daxiang.jobs.channels import Send, channels
from daxiang.jobs.sending import Sending
from tests.inbox.test_inbox import SEALER, conninfo
from tests.wechat_client.conftest import ACCOUNT, FixedTokens

SEND, UPLOAD = "/cgi-bin/message/custom/send", "/cgi-bin/media/upload"
Says = dict[str, Any] | Callable[[web.Request], Awaitable[web.StreamResponse]]


async def hangs_up(request: web.Request) -> web.StreamResponse:
    """Takes it, and its answer is lost."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


class Told:
    """A clock that is told what it is."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Platform:
    """`says`: what it answers next on a path instead of taking the message."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.files: list[bytes] = []
        self.says: dict[str, list[Says]] = {SEND: [], UPLOAD: []}
        app = web.Application()
        app.router.add_post(SEND, self._send)
        app.router.add_post(UPLOAD, self._upload)
        self.server = TestServer(app)

    def arrived(self) -> Counter[str]:
        return Counter(message["touser"] for message in self.messages)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        message = await request.json()
        said = self._next(SEND)
        if said is None or callable(said):
            self.messages.append(message)
        return await self._answer(request, said, {"errcode": 0, "errmsg": "ok"})

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        part = await (await request.multipart()).next()
        content = bytes(await part.read())  # type: ignore[union-attr] # a file, no nested form
        said = self._next(UPLOAD)
        if said is None or callable(said):
            self.files.append(content)
        return await self._answer(
            request, said, {"type": "image", "media_id": f"media-{len(self.files)}", "created_at": 1}
        )

    def _next(self, path: str) -> Says | None:
        return self.says[path].pop(0) if self.says[path] else None

    async def _answer(
        self, request: web.Request, said: Says | None, good: dict[str, Any]
    ) -> web.StreamResponse:
        if callable(said):
            return await said(request)
        return web.json_response(good if said is None else said)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[WeChatClient]:
        async with new_session() as session:
            yield WeChatClient(
                account=ACCOUNT,
                base_url=str(self.server.make_url("/")),
                session=session,
                tokens=FixedTokens(),
            )


async def send_all(
    clock: Told, client: WeChatClient, *, until: Callable[[], bool] = lambda: False, **others: Send
) -> None:
    """Send what is due at that moment, as the worker does, until nothing more is."""
    sending = Sending(
        url=conninfo(),
        sealer=SEALER,
        clock=clock,
        channels=channels({"service": client}, **others),
        lease_s=LEASE_S,
    )
    async with (
        await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection,
        await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as asked,
    ):
        while await sending.begin(connection, asked):
            while sending._under_way and not until():
                await asyncio.wait(sending._under_way, return_when=asyncio.FIRST_COMPLETED)
                await sending.settle_ended(connection)
        await sending.tidy(connection)
