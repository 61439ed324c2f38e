"""What a connection may cost before anything of it is understood.

uvicorn waits for ever for a head or a body that does not come, reads heads of any size and bodies to their
end. Here a request has `REQUEST_S` from its first byte to its last, a connection `FIRST_S` for its first
byte; a head has `MAX_HEAD` bytes and `MAX_HEADERS` lines, a body that says that it is too long is not read,
and when all places are taken the request that has dawdled longest goes. All are answered as whatever is not
genuine is answered, and counted by kind; no line is logged for any of them, or a log could be filled so.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from daxiang.integrations.wechat.bodies import MAX_BODY

MAX_HEAD = 16 * 1024
MAX_HEADERS = 64
MAX_CONNECTIONS = 4096
REQUEST_S = 5.0
FIRST_S = 10.0
_SWEEP_S = 0.5

REFUSED = (
    b"HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 7\r\n"
    b"connection: close\r\n\r\nrefused"
)
"""Byte for byte what the application answers to whatever is not genuine."""

Refused = Callable[[str], None]


class _Unwanted(Exception):
    """Ends the parser: the request is not read any further."""


class Pending:
    """The connections of one process that owe the rest of a request, oldest first; cut when their time is
    over.
    """

    def __init__(self, refused: Refused) -> None:
        self.refused = refused
        self._since: dict[LimitedProtocol, float] = {}
        self._first: dict[LimitedProtocol, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def connected(self, protocol: LimitedProtocol) -> None:
        self._first[protocol] = protocol.loop.time()
        self._arm(protocol.loop)

    def began(self, protocol: LimitedProtocol) -> None:
        self._first.pop(protocol, None)
        self._since[protocol] = protocol.loop.time()
        self._arm(protocol.loop)

    def ended(self, protocol: LimitedProtocol) -> None:
        self._since.pop(protocol, None)

    def gone(self, protocol: LimitedProtocol) -> None:
        self._since.pop(protocol, None)
        self._first.pop(protocol, None)

    def make_room(self) -> bool:
        """Cut whoever has dawdled longest; False when everybody is at work."""
        for waiting in (self._first, self._since):
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
        for waiting, seconds in ((self._since, REQUEST_S), (self._first, FIRST_S)):
            late = []
            for protocol, since in waiting.items():
                if now - since < seconds:
                    break  # the oldest stand in front
                late.append(protocol)
            for protocol in late:
                protocol.refuse("slow")
        if self._since or self._first:
            self._arm(loop)


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits. Use through `limited`, which gives each process its `pending`."""

    pending: Pending

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], **more: Any):
        super().__init__(config, server_state, app_state, **more)
        self._head = -1
        """Bytes of the head so far; below zero outside of a head."""
        self._unwanted: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        super().connection_made(transport)
        self.pending.connected(self)
        if len(self.connections) > MAX_CONNECTIONS and not self.pending.make_room():
            self.refuse("connections")

    def connection_lost(self, exc: Exception | None) -> None:
        self.pending.gone(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._unwanted is not None:
            return
        super().data_received(data)
        if self._head >= 0:
            self._head += len(data)
            if self._head > MAX_HEAD:
                self.refuse("head")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head = 0
        self.pending.began(self)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if len(self.headers) > MAX_HEADERS:
            self._stop("head")
        if name.lower() == b"content-length" and not _fits(value):
            self._stop("oversized")

    def on_headers_complete(self) -> None:
        self._head = -1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.pending.ended(self)
        super().on_message_complete()

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
        self.transport.close()

    def _is_being_answered(self) -> bool:
        """Half of an answer has gone out: another one behind it would be read as its body."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and cycle.response_started and not cycle.response_complete


def _fits(length: bytes) -> bool:
    return length.isdigit() and len(length) < 10 and int(length) <= MAX_BODY


def limited(refused: Refused) -> type[LimitedProtocol]:
    """The protocol of one process; `refused` counts a reason."""
    _allow_files()
    return type("Limited", (LimitedProtocol,), {"pending": Pending(refused)})


def _allow_files() -> None:
    """As many open files as the system lets us have: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else 65536
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 65536), hard))
