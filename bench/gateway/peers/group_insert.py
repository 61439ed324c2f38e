"""The group insert of the hand-written peers: while a commit is under way the next batch gathers."""

from __future__ import annotations

import asyncio
from typing import Any

from account import CREATE, DATABASE, INSERT_MANY, POOL
from psycopg_pool import AsyncConnectionPool

PAUSE_S, MOST_UNDER_WAY = 0.002, 2
Row = tuple[int, str, str, str, int]


class GroupInsert:
    """`keep(row)` is a future: True when the row is new, set after the commit."""

    def __init__(self) -> None:
        self._pool: AsyncConnectionPool[Any] | None = None
        self._waiting: list[tuple[Row, asyncio.Future[bool]]] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._timer = False

    async def start(self) -> None:
        self._pool = AsyncConnectionPool(DATABASE, min_size=8, max_size=8, open=False, kwargs=POOL)
        await self._pool.open(wait=True)
        async with self._pool.connection() as connection:
            await connection.execute(CREATE)

    def keep(self, row: Row) -> asyncio.Future[bool]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((row, future))
        if not self._timer:
            self._timer = True
            loop.call_later(PAUSE_S, self._begin)
        return future

    def _begin(self) -> None:
        self._timer = False
        if not self._waiting or len(self._under_way) >= MOST_UNDER_WAY:
            return
        batch, self._waiting = self._waiting, []
        task = asyncio.ensure_future(self._insert(batch))
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if self._waiting:
            self._begin()

    async def _insert(self, batch: list[tuple[Row, asyncio.Future[bool]]]) -> None:
        assert self._pool is not None
        try:
            columns = [list(column) for column in zip(*(row for row, _ in batch), strict=True)]
            async with self._pool.connection() as connection:
                cursor = await connection.execute(INSERT_MANY, columns)
                new = {row[0] for row in await cursor.fetchall()}
            for row, future in batch:
                future.set_result(row[0] in new)
                new.discard(row[0])
        except Exception as error:  # whoever waits for a row is told
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)


rows = GroupInsert()


async def lifespan(receive: Any, send: Any) -> None:
    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            await rows.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return


async def read_body(receive: Any) -> bytes:
    body: bytes = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            return body


async def respond(send: Any, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/xml; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
