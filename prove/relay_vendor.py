"""The vendor of the relay campaign, and the two calls of the platform by which late answers are delivered.

A program of its own: `python -m prove.relay_vendor PLAN.json`. What it saw and said is in its truth log, a
line each, written before it answers. It fails by the plan: a list of (seconds, mode), from its first call on,
again and again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import socket
import struct
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from daxiang.integrations.wechat.envelope import Envelope

MODES = ("fine", "slow", "never", "error", "garbage", "reset", "away")
_ENCRYPTED = re.compile(rb"<Encrypt><!\[CDATA\[([^\]]+)\]\]></Encrypt>")
_FIELD = {
    name: re.compile(rb"<%b>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</%b>" % (name.encode(), name.encode()), re.DOTALL)
    for name in ("MsgId", "EventKey", "FromUserName", "ToUserName", "MsgType", "Content")
}
HEAD = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nContent-Type: text/xml\r\n%b\r\n"


def plan(seed: int) -> list[tuple[float, str]]:
    """Fine most of the time; between it each way of failing, in an order of its own, for seconds."""
    rng = random.Random(seed)
    steps: list[tuple[float, str]] = []
    for mode in rng.sample(MODES[1:], len(MODES) - 1):
        steps += [(rng.uniform(3.0, 6.0), "fine"), (rng.uniform(1.0, 3.0), mode)]
    return steps


class Vendor:
    """Opens what it is sent, notes it, and answers by the mode of the moment."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._envelope = Envelope(token=told["token"], app_id=told["app_id"], aes_key=told["aes_key"])
        self._plan = [(float(seconds), str(mode)) for seconds, mode in told["plan"]]
        self._port = int(told["vendor_port"])
        self._log = Path(told["log"]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 (until the end)
        self._rng = random.Random(int(told["seed"]))
        self._mode = "fine"
        self._began = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._held = held(self._port)

    async def run(self) -> None:
        await self._listen()
        await self._began.wait()
        while True:
            for seconds, mode in self._plan:
                await self._turn_to(mode)
                await asyncio.sleep(seconds)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port, backlog=1024)

    async def _turn_to(self, mode: str) -> None:
        self._mode = mode
        self._note({"mode": mode})
        if mode == "away" and self._server is not None:
            self._server.close()
            self._server = None
        elif mode != "away" and self._server is None:
            await self._listen()

    def _note(self, line: dict[str, Any]) -> None:
        self._log.write(json.dumps({**line, "at": time.time()}, ensure_ascii=False) + "\n")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                target, body = await _request(reader)
                if self._mode == "away":  # a connection that was open already
                    _reset(writer)
                    return
                self._began.set()
                if not await self._answer(writer, target, body):
                    return
                await writer.drain()
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, target: str, body: bytes) -> bool:
        """Whether the connection goes on."""
        query = {name: values[0].encode() for name, values in parse_qs(urlsplit(target).query).items()}
        if urlsplit(target).path != "/wx":
            self._note({"strayed": target})
            writer.write(HEAD % (404, 0, b""))
            return True
        opened = self._opened(query, body)
        mode, fields = self._mode, {name: _field(opened, name) for name in _FIELD}
        key = fields["MsgId"] or fields["EventKey"]
        if mode == "reset":
            self._note({"key": key, "mode": mode, "content": fields["Content"], "said": None})
            _reset(writer)
            return False
        said = self._words(fields, key)
        status, answer = 200, self._sealed(said, query["nonce"]) if said else b"success"
        if mode == "error":
            status, answer = 500, b"<html>500</html>"
        elif mode == "garbage":
            status, answer = self._garbage(fields, query["nonce"])
        usable = mode in {"fine", "slow"}
        kept = said.decode() if said and usable else ("" if usable else None)
        self._note({"key": key, "mode": mode, "content": fields["Content"], "said": kept})
        if mode in {"slow", "never"}:
            await asyncio.sleep(self._rng.uniform(3.2, 6.0) if mode == "slow" else 25)
        extra = b"Location: /strayed\r\n" if status == 302 else b""
        writer.write(HEAD % (status, len(answer), extra) + answer)
        return True

    def _opened(self, query: dict[str, bytes], body: bytes) -> bytes:
        encrypted = _ENCRYPTED.search(body)
        assert encrypted is not None
        return self._envelope.open(
            encrypted=encrypted[1],
            given=query["msg_signature"],
            timestamp=query["timestamp"],
            nonce=query["nonce"],
        ).message

    def _words(self, fields: dict[str, str], key: str) -> bytes | None:
        """What it says to a message: mostly a text that names it, sometimes a picture, sometimes nothing."""
        draw = self._rng.random()
        if draw < 0.1:
            return None
        content = f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[供应商答 {key}]]></Content>"
        if draw > 0.95:
            picture = f"<Image><MediaId><![CDATA[{key}]]></MediaId></Image>"
            content = f"<MsgType><![CDATA[image]]></MsgType>{picture}"
        return _reply(fields["FromUserName"], fields["ToUserName"], content)

    def _sealed(self, plain: bytes, nonce: bytes) -> bytes:
        timestamp = b"%d" % int(time.time())
        encrypted, proof = self._envelope.seal(plain, timestamp=timestamp, nonce=nonce)
        return (
            b"<xml><Encrypt><![CDATA[%b]]></Encrypt><MsgSignature><![CDATA[%b]]></MsgSignature>"
            b"<TimeStamp>%b</TimeStamp><Nonce><![CDATA[%b]]></Nonce></xml>"
        ) % (encrypted, proof, timestamp, nonce)

    def _garbage(self, fields: dict[str, str], nonce: bytes) -> tuple[int, bytes]:
        text = "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[GARBAGE]]></Content>"
        right = _reply(fields["FromUserName"], fields["ToUserName"], text)
        strange = right.replace(b"[text]", b"[hologram]")
        kinds: list[tuple[int, bytes]] = [
            (200, b'{"errcode":0}'),
            (200, b"<html><body>It works</body></html>"),
            (200, right),
            (200, self._sealed(right, nonce).replace(b"<TimeStamp>", b"<TimeStamp>1")),
            (200, self._sealed(_reply("oSomebodyElse", fields["ToUserName"], text), nonce)),
            (200, self._sealed(strange, nonce)),
            (200, b"x" * 70_000),
            (200, b"\xff\xfe\x00"),
            (302, b""),
        ]
        return self._rng.choice(kinds)


class Platform:
    """stable_token and custom/send: everything is accepted and noted."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._port = int(told["platform_port"])
        self._log = Path(told["delivered"]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 (until the end)

    async def run(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self._port, backlog=1024)
        await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                target, body = await _request(reader)
                path = urlsplit(target).path
                answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
                if path == "/cgi-bin/stable_token":
                    answer = {"access_token": "invented-token", "expires_in": 7200}
                elif path == "/cgi-bin/message/custom/send":
                    self._log.write(json.dumps(json.loads(body), ensure_ascii=False) + "\n")
                told = json.dumps(answer).encode()
                writer.write(HEAD.replace(b"text/xml", b"application/json") % (200, len(told), b"") + told)
                await writer.drain()
        writer.close()


def held(port: int) -> socket.socket:
    """The port taken and not listened on: whoever calls is refused, and while the vendor is away nobody
    else's call can leave from it (the kernel would even connect the gateway's own call with itself).
    """
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", port))
    return kept


def _reply(to_user: str, from_user: str, content: str) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{to_user}]]></ToUserName><FromUserName><![CDATA[{from_user}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime>{content}</xml>"
    ).encode()


def _field(body: bytes, name: str) -> str:
    found = _FIELD[name].search(body)
    return found[1].decode() if found else ""


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of a polite end."""
    held = writer.get_extra_info("socket")
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return head.split(b" ", 2)[1].decode(), body


async def main() -> None:
    told = json.loads(await asyncio.to_thread(Path(sys.argv[1]).read_text))
    await asyncio.gather(Vendor(told).run(), Platform(told).run())


if __name__ == "__main__":
    asyncio.run(main())
