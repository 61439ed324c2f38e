"""Connections to PostgreSQL that are lent for one piece of work and come back only after it went well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg

MOST_IDLE = 4
_OPTIONS = "-c statement_timeout=4000 -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
"""Every statement of the lanes finds rows by their keys. A plan is kept, and one that was made while a
partition was still empty would read it from end to end when it is full."""
AWAY = (TimeoutError, psycopg.OperationalError, psycopg.InterfaceError, OSError)
"""How it shows that the database is away: the work may be tried again."""


class Connections:
    """As many as are in use at once, in autocommit mode. Work that failed, or hangs and was left behind,
    keeps its connection; the next one gets a new one.
    """

    def __init__(self, url: str, *, application_name: str) -> None:
        self._url = url
        self._application_name = application_name
        self._idle: list[psycopg.AsyncConnection[Any]] = []
        self._is_closed = False

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        connection = await self._take()
        try:
            yield connection
        except BaseException:
            connection.pgconn.finish()  # at once: closing politely may hang with the server
            raise
        if self._is_closed or len(self._idle) >= MOST_IDLE:
            await connection.close()
        else:
            self._idle.append(connection)

    async def _take(self) -> psycopg.AsyncConnection[Any]:
        while self._idle:
            connection = self._idle.pop()
            if not connection.closed:
                return connection
        return await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            connect_timeout=3,
            application_name=self._application_name,
            options=_OPTIONS,
        )

    async def close(self) -> None:
        self._is_closed = True
        while self._idle:
            await self._idle.pop().close()
