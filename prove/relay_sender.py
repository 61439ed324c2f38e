"""One of the campaign's processes that call the gateway as the platform does: sealed, three tries, 5 s each.

`python -m prove.relay_sender TOLD.json`: seals its share of the messages first, fires them over many
connections, opens every answer, and writes a line a message: what came back, try by try.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from daxiang.integrations.wechat.envelope import Envelope, signature
from prove.relay_messages import Sent, messages

TRY_S = 5.0
_FIELD = {
    name: re.compile(rb"<%b>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</%b>" % (name.encode(), name.encode()), re.DOTALL)
    for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce", "Content", "MediaId", "ToUserName")
}


class Sender:
    """Seals, sends, opens; what a person was told is a list, a try each."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self._token = told["token"].encode()
        self._envelope = Envelope(token=told["token"], app_id=told["app_id"], aes_key=told["aes_key"])
        self._output = Path(told["output"]).open("w", encoding="utf-8")  # noqa: SIM115 (until the end)

    def prepare(self) -> list[tuple[Sent, bytes]]:
        told = self._told
        mine = messages(seed=told["seed"], count=told["count"], now=told["now"])[told["from"] : told["to"]]
        return [(message, self._request(message)) for message in mine]

    def _request(self, message: Sent) -> bytes:
        timestamp, nonce = b"%d" % self._told["now"], b"%d" % random.randrange(10**9)
        sealed, proof = self._envelope.seal(
            message.body(self._told["original_id"]), timestamp=timestamp, nonce=nonce
        )
        body = b"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[%b]]></Encrypt></xml>" % sealed
        query = b"signature=%b&timestamp=%b&nonce=%b&openid=%b&encrypt_type=aes&msg_signature=%b" % (
            signature(self._token, timestamp, nonce),
            timestamp,
            nonce,
            message.openid.encode(),
            proof,
        )
        head = b"POST /wechat/service?%b HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
        return head % (query, len(body)) + body

    async def run(self) -> None:
        prepared = await asyncio.to_thread(self.prepare)
        queue = iter(prepared)
        await asyncio.gather(*(self._line(queue) for _ in range(self._told["connections"])))
        self._output.close()

    async def _line(self, queue: Iterator[tuple[Sent, bytes]]) -> None:
        """One connection's worth of calls: the next message when the last one is answered."""
        connection = Connection(self._told["port"])
        for message, request in queue:
            repeat = None
            if message.repeat_after_s is not None:
                repeat = asyncio.create_task(self._repeated(request, message.repeat_after_s))
            tries = await self._called(connection, request)
            if repeat is not None:
                tries += await repeat
            self._output.write(
                json.dumps({"number": message.number, "tries": tries}, ensure_ascii=False) + "\n"
            )
        connection.close()

    async def _repeated(self, request: bytes, after_s: float) -> list[dict[str, Any]]:
        await asyncio.sleep(after_s)
        connection = Connection(self._told["port"])
        tries = await self._called(connection, request)
        connection.close()
        return tries

    async def _called(self, connection: Connection, request: bytes) -> list[dict[str, Any]]:
        tries: list[dict[str, Any]] = []
        while len(tries) < 3 and (not tries or tries[-1]["said"] is None):
            if tries:
                await asyncio.sleep(0.5)
            began = time.monotonic()
            status, body = await connection.call(request)
            tries.append(
                {
                    "ms": round((time.monotonic() - began) * 1000, 1),
                    "status": status,
                    "said": self._said(body) if status == 200 else None,
                }
            )
        return tries

    def _said(self, body: bytes) -> str:
        """`success` is the empty text; a text is its words, a picture its id; anything else is told as
        wrong.
        """
        if body in {b"", b"success"}:
            return ""
        parts = {name: _of(body, name) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")}
        plain = self._envelope.open(
            encrypted=parts["Encrypt"],
            given=parts["MsgSignature"],
            timestamp=parts["TimeStamp"],
            nonce=parts["Nonce"],
        ).message
        return (_of(plain, "Content") or _of(plain, "MediaId") or b"WRONG " + plain).decode()


class Connection:
    """One keep-alive connection; a new one after a failure. A try that fails has status 0."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(self, request: bytes) -> tuple[int, bytes]:
        try:
            async with asyncio.timeout(TRY_S):
                return await self._exchange(request)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            self.close()
            return 0, b""

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        if b"connection: close" in head.lower():
            self.close()
        return int(head.split(b" ", 2)[1]), body

    def close(self) -> None:
        if self._streams is not None:
            with contextlib.suppress(OSError):
                self._streams[1].close()
        self._streams = None


def _of(body: bytes, name: str) -> bytes:
    found = _FIELD[name].search(body)
    return found[1] if found else b""


if __name__ == "__main__":
    asyncio.run(Sender(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))).run())
