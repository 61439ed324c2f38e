"""The gateway: a plain ASGI application, because Django's ASGI handler costs ten times the whole message.

`GET|POST /wechat/{account}` and the three pages that every process has.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import structlog

from daxiang.domains.residents.operations import Resident, SpokenTalk, talks_along
from daxiang.domains.residents.queries import State, read_states
from daxiang.domains.restrictions.generations.watch import Watch
from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation import health, metrics
from daxiang.foundation.database.url import database_url
from daxiang.foundation.inbox.deferred import claim_deferred
from daxiang.foundation.inbox.operations import Received, keep_messages
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Account, Settings
from daxiang.foundation.watchers import may_watch
from daxiang.integrations.wechat.acts import Act
from daxiang.integrations.wechat.bodies import MAX_BODY
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.contacts.operations import Touch, touch_of, touches_along
from daxiang.integrations.wechat.conversing import conversation_of
from daxiang.integrations.wechat.protocol import CallbackRefused, Mode, Protocol
from daxiang.kernel.clock import clock_from
from daxiang.sites.gateway.callbacks import Callbacks
from daxiang.sites.gateway.connections import Connections
from daxiang.sites.gateway.gathering import Gathering
from daxiang.sites.gateway.lane import GroupLane, LaneUnavailable
from daxiang.sites.gateway.owed import relay_of
from daxiang.sites.gateway.relay import RelayLane
from daxiang.sites.gateway.spool_file import SpoolFile
from daxiang.sites.gateway.tally import Tally
from daxiang.sites.gateway.transactions import LEASE_S, TransactionLane

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, str, bytes]

_PREFIX = "/wechat/"
_XML, _TEXT, _JSON = "application/xml; charset=utf-8", "text/plain; charset=utf-8", "application/json"
REFUSED: Answer = (403, _TEXT, b"refused")
"""One answer to whatever is not genuine: it says nothing about what was wrong."""
_ANSWERED = (b"content-type", _XML.encode())
_CLOSE, _RETRY = (b"connection", b"close"), (b"retry-after", b"1")


class Gateway:
    """All accounts of this instance behind one ASGI callable."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sealer = Sealer(settings.data_keys)
        self._index = PersonIndex(settings.index_key)
        self._clock = clock_from(settings.clock_file)
        self.tally = Tally()
        url = database_url(settings)
        self._connections = Connections(url, application_name="daxiang-gateway")
        self._generations = Watch(lambda: database_url(settings), folder=settings.home / "packs")
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
        self._lane = GroupLane(self._keep, SpoolFile(settings.home / "spool", self._sealer))
        self._states: Gathering[Resident, State] = Gathering(self._read)
        self._conversation = conversation_of(settings, self._sealer)
        self._acts = TransactionLane(url=url, sealer=self._sealer, defer=self._defer)
        self._relays = {name: self._relay(account, url) for name, account in settings.accounts.items()}
        self._callbacks = {name: self._serving(account) for name, account in settings.accounts.items()}

    def _relay(self, account: Account, url: str) -> RelayLane | None:
        return relay_of(
            account,
            database=url,
            mode=Mode(self._settings.callback_mode),
            sealer=self._sealer,
            index=self._index,
            clock=self._clock,
        )

    def _serving(self, account: Account) -> Callbacks:
        protocol = Protocol(
            token=account.token,
            app_id=account.app_id,
            original_id=account.original_id,
            aes_key=account.aes_key,
            aes_key_previous=account.aes_key_previous,
            mode=Mode(self._settings.callback_mode),
            max_age_s=self._settings.callback_max_age_s,
        )
        return Callbacks(
            account=account,
            protocol=protocol,
            city=self._settings.city,
            clock=self._clock,
            index=self._index,
            conversation=self._conversation,
            states=self._states,
            group=self._lane,
            acts=self._acts,
            relay=self._relays[account.name],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        path: str = scope["path"]
        if path.startswith(_PREFIX):
            status, content_type, body = await self._callback(path[len(_PREFIX) :], scope, receive)
        else:
            status, content_type, body = await self._page(path, scope)
        length = (b"content-length", b"%d" % len(body))
        if status == 200:
            kind = _ANSWERED if content_type is _XML else (b"content-type", content_type.encode())
            headers = [kind, length]
        else:
            # Whoever is refused may have more to send: not read, and the connection ends.
            headers = [(b"content-type", content_type.encode()), length, _RETRY if status == 503 else _CLOSE]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def start(self) -> None:
        """Begin to keep messages; needs no database yet."""
        load_city(self._settings.city)
        await asyncio.to_thread(self._generations.start)
        self._conversation.warm(now=self._clock.now())
        self._lane.start()
        await self._lane.recover()
        # What is loaded stays: a message need not wait while the collector walks through all of it.
        gc.collect()
        gc.freeze()

    async def stop(self) -> None:
        """Let everybody who waits have an answer, then give everything back."""
        await self._acts.stop()
        for relay in self._relays.values():
            if relay is not None:
                await relay.stop()
        await self._states.stop()
        await self._lane.stop()
        await self._connections.close()
        await asyncio.to_thread(self._generations.stop)
        self.tally.flush()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _page(self, path: str, scope: Scope) -> Answer:
        if scope["method"] not in {"GET", "HEAD"}:
            return 405, _TEXT, b"method not allowed"
        if path == "/healthz":
            return 200, _JSON, b'{"alive":true}'
        if not may_watch(scope, self._settings.watchers):
            return 404, _TEXT, b"not found"
        if path == "/readyz":
            status, body = await self._readiness()
            return status, _JSON, body
        if path == "/metrics":
            self.tally.flush()
            content_type, body = await asyncio.to_thread(metrics.render)
            return 200, content_type, body
        return 404, _TEXT, b"not found"

    async def _callback(self, account: str, scope: Scope, receive: Receive) -> Answer:
        started = time.perf_counter()
        callbacks = self._callbacks.get(account)
        method = scope["method"]
        try:
            if callbacks is None:
                raise CallbackRefused("account")
            if method == "POST":
                answer = await callbacks.receive(scope["query_string"], await _body(receive))
                self.tally.callback(account, "answered", time.perf_counter() - started)
                return 200, _XML, answer
            if method != "GET":
                raise CallbackRefused("method")
            return 200, _TEXT, callbacks.check_url(scope["query_string"])
        except CallbackRefused as error:
            self.tally.refused(error.reason)
            return REFUSED
        except LaneUnavailable:
            self.tally.callback(account, "unavailable", time.perf_counter() - started)
            return 503, _TEXT, b"unavailable"

    async def _read(self, residents: Sequence[Resident]) -> Sequence[State]:
        async with self._connections.lent() as connection:
            return await read_states(connection, residents, sealer=self._sealer)

    async def _keep(
        self, messages: Sequence[Received], touches: Sequence[Touch], talks: Sequence[SpokenTalk]
    ) -> dict[bytes, bytes]:
        self.tally.batch(len(messages))
        along = [*talks_along(talks, self._sealer), *touches_along(touches, self._sealer)]
        async with self._connections.lent() as connection:
            return await keep_messages(connection, messages=messages, sealer=self._sealer, along=along)

    async def _defer(self, act: Act) -> None:
        """Make a message durable whose answer is still owed by this process."""
        touch = touch_of(act.message, account=act.sender.account, person=act.sender.person)
        async with self._connections.lent() as connection:
            await claim_deferred(
                connection,
                messages=[act.received],
                lane="transaction",
                owner=self._owner,
                lease_s=LEASE_S,
                sealer=self._sealer,
                along=touches_along([touch], self._sealer),
            )

    async def _readiness(self) -> tuple[int, bytes]:
        database = health.database_reachable(database_url(self._settings))
        pack = health.city_pack_loaded(lambda: load_city(self._settings.city))
        return await asyncio.to_thread(health.readiness, [database, pack, self._lane.is_ended])


async def _body(receive: Receive) -> bytes:
    """The request's body; refused as soon as it is too large, without reading the rest."""
    event = await receive()
    body: bytes = event.get("body", b"")
    while event.get("more_body", False) and len(body) <= MAX_BODY:
        event = await receive()
        body += event.get("body", b"")
    if event["type"] == "http.disconnect":
        raise CallbackRefused("disconnected")
    if len(body) > MAX_BODY:
        raise CallbackRefused("oversized")
    return body
