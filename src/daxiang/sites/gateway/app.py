"""The gateway: a plain ASGI application, because Django's ASGI handler costs ten times the whole message.

`GET|POST /wechat/{account}` and the three pages that every process has.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import psycopg
import structlog

from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation import health, metrics
from daxiang.foundation.database.url import database_url
from daxiang.foundation.inbox.operations import Received, keep_messages
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.bodies import MAX_BODY
from daxiang.kernel.clock import clock_from
from daxiang.sites.gateway.callbacks import CallbackRefused, Callbacks
from daxiang.sites.gateway.lane import GroupLane, LaneUnavailable

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, str, bytes]

_PREFIX = "/wechat/"
_XML, _TEXT, _JSON = "application/xml; charset=utf-8", "text/plain; charset=utf-8", "application/json"
_REFUSED: Answer = (403, _TEXT, b"refused")


class Database:
    """The lane's connection: taken for a batch, given back only after it went well.

    A batch that failed, or hangs and was left behind, keeps its connection; the next one gets a new one.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: psycopg.AsyncConnection[Any] | None = None

    async def take(self) -> psycopg.AsyncConnection[Any]:
        idle, self._idle = self._idle, None
        if idle is not None and not idle.closed:
            return idle
        return await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            connect_timeout=3,
            application_name="daxiang-gateway",
            options="-c statement_timeout=4000",
        )

    def give_back(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._idle = connection

    async def close(self) -> None:
        if self._idle is not None:
            await self._idle.close()


class Gateway:
    """All accounts of this instance behind one ASGI callable."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sealer = Sealer(settings.data_keys)
        self._database = Database(database_url(settings))
        self._lane = GroupLane(self._keep)
        clock = clock_from(settings.clock_file)
        self._callbacks = {
            name: Callbacks(
                account=account,
                city=settings.city,
                clock=clock,
                lane=self._lane,
                max_age_s=settings.callback_max_age_s,
            )
            for name, account in settings.accounts.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            status, content_type, body = await self._answer(scope, receive)
            headers = [(b"content-type", content_type.encode()), (b"content-length", b"%d" % len(body))]
            if status == 503:
                headers.append((b"retry-after", b"1"))
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                load_city(self._settings.city)
                self._lane.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._lane.stop()
                await self._database.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path, method = scope["path"], scope["method"]
        if path.startswith(_PREFIX):
            return await self._callback(path.removeprefix(_PREFIX), method, scope, receive)
        if method not in {"GET", "HEAD"}:
            return 405, _TEXT, b"method not allowed"
        if path == "/healthz":
            return 200, _JSON, b'{"alive":true}'
        if path == "/readyz":
            status, body = await self._readiness()
            return status, _JSON, body
        if path == "/metrics":
            content_type, body = await asyncio.to_thread(metrics.render)
            return 200, content_type, body
        return 404, _TEXT, b"not found"

    async def _callback(self, account: str, method: str, scope: Scope, receive: Receive) -> Answer:
        started = time.perf_counter()
        callbacks = self._callbacks.get(account)
        try:
            if callbacks is None:
                raise CallbackRefused("account")
            query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
            if method == "GET":
                return 200, _TEXT, callbacks.check_url(query)
            if method != "POST":
                return 405, _TEXT, b"method not allowed"
            answer = await callbacks.receive(query, await _body(receive))
        except CallbackRefused as error:
            metrics.refused_total.labels(reason=error.reason).inc()
            return _REFUSED
        except LaneUnavailable:
            metrics.callbacks_total.labels(account=account, outcome="unavailable").inc()
            return 503, _TEXT, b"unavailable"
        metrics.callbacks_total.labels(account=account, outcome="answered").inc()
        metrics.callback_seconds.observe(time.perf_counter() - started)
        return 200, _XML, answer

    async def _keep(self, messages: Sequence[Received]) -> dict[bytes, bytes]:
        metrics.group_commit_rows.observe(len(messages))
        connection = await self._database.take()
        try:
            answers = await keep_messages(connection, messages=messages, sealer=self._sealer)
        except BaseException:
            connection.pgconn.finish()  # at once: closing politely may hang with the server
            raise
        self._database.give_back(connection)
        return answers

    async def _readiness(self) -> tuple[int, bytes]:
        database = health.database_reachable(database_url(self._settings))
        pack = health.city_pack_loaded(lambda: load_city(self._settings.city))
        return await asyncio.to_thread(health.readiness, [database, pack, self._lane.is_ended])


async def _body(receive: Receive) -> bytes:
    """The request's body; refused as soon as it is too large, without reading the rest."""
    body: bytes = b""
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise CallbackRefused("disconnected")
        body += event.get("body", b"")
        if len(body) > MAX_BODY:
            raise CallbackRefused("oversized")
        if not event.get("more_body", False):
            return body
