"""What a connection may cost before anything of it is understood.

uvicorn waits for ever for a head or a body that does not come, reads heads of any size and bodies to their
end. Here a request has `REQUEST_S` from its first byte to its last, a connection `FIRST_S` for its first
byte; a head has `MAX_HEAD` bytes and `MAX_HEADERS` lines, a body that says that it is too long is not read,
and when all places are taken the request that has dawdled longest goes. All are answered as whatever is not
genuine is answered, and counted by kind; no line is logged for any of them, or a log could be filled so.
"""

from __future__ import annotations

import asyncio
import logging
import resource
from collections.abc import Callable
from typing import Any, cast

from uvicorn._types import ASGISendEvent, HTTPResponseStartEvent
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from daxiang.integrations.wechat.bodies import MAX_BODY

MAX_HEAD = 16 * 1024
MAX_HEADERS = 64
MAX_CONNECTIONS = 4096
REQUEST_S = 5.0
FIRST_S = 10.0
NEXT_S = 65.0
"""An idle connection is kept a little longer than a proxy in front keeps it (nginx: 60 s)."""
_SWEEP_S = 0.5
LINGER_S, LINGER_BYTES = 2.0, 32 * 1024 * 1024
"""A body that is not wanted is thrown away for so long and so much after the answer. Closed at once, the
connection would be reset by what is still coming, and the answer lost on its way."""
MOST_PIPELINED = 8
"""Requests that wait behind the one being answered on their connection. The platform sends none so."""

REFUSED = (
    b"HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 7\r\n"
    b"connection: close\r\n\r\nrefused"
)
"""Byte for byte what the application answers to whatever is not genuine."""

_LAST = b"connection: close\r\n\r\n"

Refused = Callable[[str], None]


class _Quiet(logging.Filter):
    """Drops uvicorn's line for what is no HTTP: it is counted, and strangers must not fill a log."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.msg != "Invalid HTTP request received."


_QUIET = _Quiet()


class _Unwanted(Exception):
    """Ends the parser: the request is not read any further."""


class Pending:
    """The connections of one process that owe something, by what they owe, oldest first: a first byte, the
    rest of a request, the next request, their own end. One sweep cuts those whose time is over; a timer each
    would cost more than everything else here.
    """

    def __init__(self, refused: Refused) -> None:
        self.refused = refused
        self._first: dict[LimitedProtocol, float] = {}
        self._rest: dict[LimitedProtocol, float] = {}
        self._next: dict[LimitedProtocol, float] = {}
        self._over: dict[LimitedProtocol, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def connected(self, protocol: LimitedProtocol) -> None:
        self._first[protocol] = protocol.loop.time()
        self._arm(protocol.loop)

    def began(self, protocol: LimitedProtocol) -> None:
        if self._next.pop(protocol, None) is None:
            self._first.pop(protocol, None)
        self._rest[protocol] = protocol.loop.time()
        self._arm(protocol.loop)

    def arrived(self, protocol: LimitedProtocol) -> None:
        """The request is whole; its answer is ours to give."""
        self._rest.pop(protocol, None)

    def answered(self, protocol: LimitedProtocol) -> None:
        self._next[protocol] = protocol.loop.time()

    def lingering(self, protocol: LimitedProtocol) -> None:
        """Answered for good; what still comes is thrown away."""
        self.gone(protocol)
        self._over[protocol] = protocol.loop.time()
        self._arm(protocol.loop)

    def gone(self, protocol: LimitedProtocol) -> None:
        for waiting in (self._first, self._rest, self._next, self._over):
            waiting.pop(protocol, None)

    def make_room(self) -> bool:
        """Cut whoever has idled longest; False when everybody is at work."""
        for protocol in self._over:
            protocol.transport.abort()
            return True
        for waiting in (self._next, self._first, self._rest):
            for protocol in waiting:
                protocol.refuse("connections")
                return True
        return False

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is None:
            self._timer = loop.call_later(_SWEEP_S, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        for protocol in _late(self._rest, now - REQUEST_S) + _late(self._first, now - FIRST_S):
            protocol.refuse("slow")
        for protocol in _late(self._next, now - NEXT_S):
            protocol.transport.close()
        for protocol in _late(self._over, now - LINGER_S):
            protocol.transport.abort()
        if self._rest or self._first or self._next or self._over:
            self._arm(loop)


def _late(waiting: dict[LimitedProtocol, float], limit: float) -> list[LimitedProtocol]:
    late = []
    for protocol, since in waiting.items():
        if since > limit:
            break  # the oldest stand in front
        late.append(protocol)
    return late


class WholeAnswer(RequestResponseCycle):
    """uvicorn's cycle for an application that gives its answer at once: head and body leave in one write,
    which is a system call less, a sixth of all that an answer costs.
    """

    _start: HTTPResponseStartEvent
    end: Callable[[bool], None]
    """Ends the connection after the answer; told whether more of the request is on its way."""

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body" or message.get("more_body", False):
            raise RuntimeError("an answer of the gateway is one piece")
        if self.flow.write_paused and not self.disconnected:
            await self._until_read()
        if self.disconnected or self.transport.is_closing():
            return
        self.response_started = self.response_complete = True
        self.transport.write(self._whole(message.get("body", b"")))
        self.message_event.set()
        if not self.keep_alive:
            self.end(self.more_body)
        self.on_response()

    async def _until_read(self) -> None:
        """Whoever asks and does not read what is answered is cut like whoever does not finish asking."""
        try:
            async with asyncio.timeout(REQUEST_S):
                await self.flow.drain()
        except TimeoutError:
            self.transport.abort()

    def _whole(self, body: bytes) -> bytes:
        parts = [STATUS_LINE[self._start["status"]]]
        for name, value in self._start.get("headers", ()):
            if name == b"connection":  # nobody says anything but `close` here
                self.keep_alive = False
            else:
                parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n" if self.keep_alive else _LAST)
        if self.scope["method"] != "HEAD":
            parts.append(body)
        return b"".join(parts)


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits. Use through `limited`, which gives each process its `pending`."""

    pending: Pending

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], **more: Any):
        super().__init__(config, server_state, app_state, **more)
        self._head = -1
        """Bytes of the head so far, in whole chunks; below zero outside of a head."""
        self._lines = 0
        """Bytes of the head's lines."""
        self._discarded = 0
        self._unwanted: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS and not self.pending.make_room():
            self.refuse("connections")
        else:
            self.pending.connected(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.pending.gone(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._unwanted is not None:
            self._discarded += len(data)
            if self._discarded > LINGER_BYTES:
                self.transport.abort()
            return
        super().data_received(data)
        if self._head >= 0 and self._unwanted is None:
            self._head += len(data)
            if self._head > MAX_HEAD:
                self.refuse("head")

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= MOST_PIPELINED:
            self._stop("pipelined")
        super().on_message_begin()
        self._head = self._lines = 0
        self.pending.began(self)

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self.headers.append((name, value))
        self._lines += len(name) + len(value) + 4
        if name == b"content-length" and not _fits(value):
            self._stop("oversized")
        elif name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        if len(self.headers) > MAX_HEADERS:
            self._stop("head")

    def on_headers_complete(self) -> None:
        self._head = -1
        if self._lines + len(self.url) > MAX_HEAD:  # it came whole, in one chunk
            self._stop("head")
        super().on_headers_complete()
        answer = cast(WholeAnswer, self.cycle)
        answer.__class__ = WholeAnswer  # uvicorn names its class in the middle of a long method
        answer.end = self._end

    def on_message_complete(self) -> None:
        self.pending.arrived(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """As uvicorn's, with one sweep for idle connections in place of a timer an answer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing() or self._unwanted is not None:
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self.pending.answered(self)

    def _stop(self, reason: str) -> None:
        self._unwanted = reason
        raise _Unwanted

    def _unsupported_upgrade_warning(self) -> None:
        """Not a word: the request is answered as if it had not asked for another protocol."""

    def send_400_response(self, msg: str) -> None:
        """The parser has stopped: by us, or because what came is no HTTP."""
        reason, self._unwanted = self._unwanted or "http", None
        self.refuse(reason)

    def refuse(self, reason: str) -> None:
        """Answer, count and end the connection."""
        self._unwanted = reason
        self.pending.gone(self)
        if self.transport.is_closing():
            return
        self.pending.refused(reason)
        if not self._is_being_answered():
            self.transport.write(REFUSED)
        cycle: RequestResponseCycle | None = self.cycle
        self._end(reason == "oversized" and (cycle is None or cycle.response_complete))

    def _end(self, is_more_coming: bool) -> None:
        """At once, or, where the request was answered before it was whole, when the rest has come."""
        if not is_more_coming:
            self.transport.close()
            return
        self._unwanted = self._unwanted or "answered"
        self.flow.resume_reading()
        self.transport.write_eof()
        self.pending.lingering(self)

    def _is_being_answered(self) -> bool:
        """Half of an answer has gone out: another one behind it would be read as its body."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and cycle.response_started and not cycle.response_complete


def _fits(length: bytes) -> bool:
    return length.isdigit() and len(length) < 10 and int(length) <= MAX_BODY


def limited(refused: Refused) -> type[LimitedProtocol]:
    """The protocol of one process; `refused` counts a reason."""
    _allow_files()
    logging.getLogger("uvicorn.error").addFilter(_QUIET)
    return type("Limited", (LimitedProtocol,), {"pending": Pending(refused)})


def _allow_files() -> None:
    """As many open files as the system lets us have: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else 65536
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 65536), hard))
