"""A vendor's server on this machine, whose behaviour a test decides call by call."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import BaseReply, TextReply

from tests.relay.accounts import AES_KEY, APP_ID, NOW, TOKEN

Behave = Callable[[Any], Awaitable[bytes | None]]
"""From the message, as wechatpy reads it, to the whole HTTP answer; None resets the connection."""


def http(body: bytes, status: int = 200, extra: bytes = b"") -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n%b\r\n%b" % (status, len(body), extra, body)


def sealed(reply: BaseReply, message: Any) -> bytes:
    """What wechatpy sends back."""
    reply.source, reply.target = message.target, message.source
    answer: str = WeChatCrypto(TOKEN, AES_KEY, APP_ID).encrypt_message(reply.render(), "nonce", str(NOW))
    return http(answer.encode())


async def says_hello(message: Any) -> bytes:
    return sealed(TextReply(content=f"供应商答 {message.id}"), message)


class TheirServer:
    """Counts what it has seen; behaves as it is told."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.paths: list[str] = []
        self.behave: Behave = says_hello
        self.url = ""
        self.asked = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                answer = await self._answer(head.split(b" ", 2)[1].decode(), body)
                if answer is None:
                    held = writer.get_extra_info("socket")
                    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    writer.transport.abort()
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()

    async def _answer(self, target: str, body: bytes) -> bytes | None:
        words = dict(parse_qsl(urlsplit(target).query))
        self.paths.append(urlsplit(target).path)
        opened = WeChatCrypto(TOKEN, AES_KEY, APP_ID).decrypt_message(
            body, words["msg_signature"], words["timestamp"], words["nonce"]
        )
        message = parse_message(opened)
        self.seen.append(int(message.id or 0))
        self.asked.set()
        return await self.behave(message)

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()


@asynccontextmanager
async def their_server() -> AsyncIterator[TheirServer]:
    theirs = TheirServer()
    server = await asyncio.start_server(theirs.serve, "127.0.0.1", 0)
    theirs.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/wx"
    try:
        yield theirs
    finally:
        server.close()
        theirs.hang_up()
