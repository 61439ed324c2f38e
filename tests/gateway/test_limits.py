"""The limits of the server itself, over real sockets: what is refused, how, and that it costs nobody else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn

from daxiang.integrations.wechat.bodies import MAX_BODY
from daxiang.sites.gateway import limits
from daxiang.sites.gateway.limits import REFUSED, limited

GOOD = b"POST /wechat/service?a=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"


@dataclass
class Running:
    pending: limits.Pending
    port: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)

    async def talk(self, *parts: bytes) -> bytes:
        """Everything the server says until it ends the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        said = asyncio.ensure_future(reader.read())
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
        except ConnectionError:
            pass  # the server has ended it already
        try:
            return await said
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def is_well(self) -> bool:
        close = GOOD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        return (await self.talk(close)).endswith(b"\r\n\r\nanswered")


@pytest.fixture
async def server() -> AsyncIterator[Running]:
    protocol = limited(lambda reason: running.refused.update([reason]))
    running = Running(protocol.pending)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        if scope["path"] == "/early":
            more = False
        while more:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            body, more = body + event["body"], event["more_body"]
        running.bodies.append(body)
        headers = [(b"content-length", b"8")]
        if scope["path"] == "/early":
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"answered"})

    config = uvicorn.Config(
        app,
        port=0,
        http=protocol,
        lifespan="off",
        log_config=None,
        log_level="critical",
        server_header=False,
        date_header=False,
    )
    serving = uvicorn.Server(config)
    task = asyncio.create_task(serving.serve())
    while not serving.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    running.port = serving.servers[0].sockets[0].getsockname()[1]
    yield running
    serving.should_exit = True
    await task


async def test_two_requests_on_one_connection_have_two_answers(server: Running) -> None:
    last = GOOD.replace(b"Host: x", b"Connection: close")
    said = await server.talk(GOOD + last)
    assert (said.count(b"200 OK"), said.count(b"answered"), server.bodies) == (2, 2, [b"hi", b"hi"])


@pytest.mark.parametrize(
    ("reason", "request_"),
    [
        ("oversized", b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY + 1)),
        ("http", b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        ("head", b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100),
        ("head", b"GET / HTTP/1.1\r\nX: " + b"y" * 40_000),
        ("head", b"GET /" + b"y" * 40_000),
        ("head", b"GET /" + b"y" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("head", b"GET / HTTP/1.1\r\nX: " + b"y" * 40_000 + b"\r\n\r\n"),
        ("http", b"\x16\x03\x01\x02\x00\x01\x00"),
        ("http", b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
        ("http", b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        ("http", b"GET /\x00 HTTP/1.1\r\n\r\n"),
        ("http", b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("http", b"CONNECT x:443 HTTP/1.1\r\n\r\n"),
        ("oversized", b"POST / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n"),
    ],
)
async def test_what_no_platform_sends_is_refused_alike_and_counted_by_kind(
    server: Running, reason: str, request_: bytes
) -> None:
    assert await server.talk(request_) == REFUSED
    assert server.refused == {reason: 1}
    assert server.bodies == []
    assert await server.is_well()


HUGE = 20_000_000


async def test_whoever_sends_a_huge_body_reads_the_refusal_and_not_a_reset(server: Running) -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % HUGE
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head + bytes(HUGE))
    await writer.drain()  # all of it has been taken
    assert await reader.read() == REFUSED
    writer.close()
    assert (server.refused, server.bodies) == ({"oversized": 1}, [])


async def test_what_is_answered_before_it_is_whole_is_answered_and_not_reset(server: Running) -> None:
    chunk = b"%x\r\n%b\r\n" % (100_000, bytes(100_000))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"POST /early HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(200):
        writer.write(chunk)
        await writer.drain()
    assert (await reader.read()).endswith(b"\r\n\r\nanswered")
    writer.close()


@pytest.mark.parametrize("limit", ["LINGER_S", "LINGER_BYTES"])
async def test_nobody_is_listened_to_for_ever(
    server: Running, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(limits, limit, 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % HUGE)
    assert await reader.read() == REFUSED
    async with asyncio.timeout(30):
        while not writer.transport.is_closing():
            writer.write(bytes(1000))
            await asyncio.sleep(0.01)


async def test_whoever_does_not_finish_a_request_is_cut(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REQUEST_S", 0.0)
    monkeypatch.setattr(limits, "FIRST_S", 0.0)
    said = await asyncio.gather(
        server.talk(b"POST / HTTP/1.1\r\nHost:"),
        server.talk(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"),
        server.talk(),
    )
    assert said == [REFUSED] * 3
    assert server.refused == {"slow": 3}


async def test_a_connection_that_idles_too_long_after_an_answer_is_closed_without_a_word(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NEXT_S", 0.0)
    assert (await server.talk(GOOD)).endswith(b"answered")
    assert server.refused == {}


async def test_when_all_places_are_taken_the_longest_idle_makes_room(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_CONNECTIONS", 3)
    dawdling = [asyncio.ensure_future(server.talk(b"POST / HTTP/1.1\r\nHost:")) for _ in range(3)]
    while len(server.pending._rest) < 3:  # noqa: ASYNC110 (nobody tells that bytes arrived)
        await asyncio.sleep(0.01)
    assert await server.is_well()
    done, waiting = await asyncio.wait(dawdling, return_when=asyncio.FIRST_COMPLETED)
    assert ({one.result() for one in done}, len(waiting)) == ({REFUSED}, 2)
    assert server.refused == {"connections": 1}
    for one in waiting:
        one.cancel()


async def test_a_thousand_requests_in_one_write_are_not_worked_off(server: Running) -> None:
    said = await server.talk(GOOD * 1000)
    assert server.refused["pipelined"] == 1
    assert said.count(b"200 OK") <= limits.MOST_PIPELINED + 1
    assert len(server.bodies) <= limits.MOST_PIPELINED + 1
    assert await server.is_well()


async def test_whoever_does_not_read_the_answers_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUEST_S", 0.01)
    aborted = asyncio.Event()

    class Flow:
        async def drain(self) -> None:
            await asyncio.Event().wait()

    class Transport:
        def abort(self) -> None:
            aborted.set()

    answer = limits.WholeAnswer.__new__(limits.WholeAnswer)
    answer.flow, answer.transport = Flow(), Transport()  # type: ignore[assignment] # as far as it is used
    await answer._until_read()
    assert aborted.is_set()
