"""One connection to PostgreSQL for the client's few small statements, opened again when it breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import psycopg

from daxiang.integrations.outcomes import Unavailable

STATEMENT_S = 5.0


class Store:
    """Runs one statement at a time, each a transaction of its own. Safe for concurrent use in one process.

    A database that is away is `Unavailable`: what needed it was not done.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._turn = asyncio.Lock()

    async def rows(self, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The rows of one statement. Raises `Unavailable`."""
        async with self._turn:
            try:
                async with asyncio.timeout(STATEMENT_S):
                    connection = await self._open()
                    cursor = await connection.execute(statement.encode(), parameters, prepare=True)
                    return await cursor.fetchall() if cursor.description else []
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError, TimeoutError) as error:
                await self._drop()
                raise Unavailable("database", type(error).__name__) from None

    async def row(self, statement: str, parameters: Mapping[str, object]) -> tuple[Any, ...] | None:
        """The first row, or None. Raises `Unavailable`."""
        found = await self.rows(statement, parameters)
        return found[0] if found else None

    async def _open(self) -> psycopg.AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, connect_timeout=3, application_name="daxiang wechat client"
            )
        return self._connection

    async def _drop(self) -> None:
        if self._connection is not None:
            held, self._connection = self._connection, None
            await held.close()

    async def close(self) -> None:
        """Close the connection; the next statement opens another."""
        async with self._turn:
            await self._drop()
