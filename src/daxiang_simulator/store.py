"""State and truth in one SQLite file: what is committed here survives a kill -9 of the process.

One connection on one thread. Writers queue; what gathered while the last commit ran is committed together.
WAL with synchronous NORMAL loses nothing when the process dies; only a power cut may take the last moments.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

Statement = tuple[str, Sequence[Any]]
_Waiting = tuple[tuple[Statement, ...], "asyncio.Future[None] | None"]

_FAILURES = (sqlite3.Error, ValueError, OverflowError)
"""How a statement fails: the last two are texts and numbers that SQLite cannot hold."""

CHECKPOINT_PAGES = 8_000
"""Pages in the log before they go to their places: one that many commits touch goes there once. With SQLite's
own 1,000 a row takes half as long again."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, position INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS person (user TEXT PRIMARY KEY, nickname TEXT NOT NULL, made_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS following (
  user TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (user, account)) WITHOUT ROWID;
-- What a person did. outcome is null until the service answered, for ever if we were killed.
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY, user TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
  is_event INTEGER NOT NULL, words TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL, outcome TEXT,
  tries INTEGER, elapsed_ms REAL, request TEXT, response TEXT);
CREATE INDEX IF NOT EXISTS message_of_person ON message (user, account, id);
-- What a person received. The unique answers_to is the guard: never two replies to one message.
CREATE TABLE IF NOT EXISTS received (
  id INTEGER PRIMARY KEY, user TEXT NOT NULL, account TEXT NOT NULL, answers_to INTEGER UNIQUE,
  at REAL NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS received_by_person ON received (user, account, id);
CREATE TABLE IF NOT EXISTS truth (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
-- Values of the platform by noun, account and key; in memory they are shelves.
CREATE TABLE IF NOT EXISTS thing (
  noun TEXT NOT NULL, account TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
  UNIQUE (noun, account, key));
-- The bytes of uploaded media; what they are is a value of the nouns media and material.
CREATE TABLE IF NOT EXISTS blob (id TEXT PRIMARY KEY, content_type TEXT NOT NULL, body BLOB NOT NULL);
-- A refused call by its request id, for seven days.
CREATE TABLE IF NOT EXISTS rid (
  rid TEXT PRIMARY KEY, account TEXT, at REAL NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
"""
ADDED = (
    ("message", "origin", "TEXT NOT NULL DEFAULT 'person'"),
    ("received", "origin", "TEXT"),
    ("message", "attempts", "TEXT"),
)
"""Columns that older state files lack."""


class Store:
    """The open state file. Every method may be awaited from any task of the loop it was made in.

    `collectors` are asked at the beginning of each commit for what else has changed since the last one.
    """

    def __init__(self, path: Path) -> None:
        self._thread = ThreadPoolExecutor(1, "sqlite")
        self._waiting: list[_Waiting] = []
        self._flushing: asyncio.Task[None] | None = None
        self.collectors: list[Callable[[], list[Statement]]] = []
        self._connection = self._thread.submit(_open, path).result()

    async def write(self, *statements: Statement) -> None:
        """Commit the statements, all or none; returns when they are on disk."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((statements, done))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
        await done

    async def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; it sees every write that was awaited before."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._thread, lambda: self._connection.execute(sql, parameters).fetchall()
        )

    async def close(self) -> None:
        """Commit what waits, then close the file."""
        if self._flushing is not None:
            await self._flushing
        await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown()

    async def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            changed = [statement for collect in self.collectors for statement in collect()]
            if changed:
                batch.insert(0, (tuple(changed), None))
            try:
                await loop.run_in_executor(self._thread, self._commit, [one for one, _ in batch])
                _settle(batch, None)
            except _FAILURES as error:
                await self._flush_singly(batch, error)
        self._flushing = None

    async def _flush_singly(self, batch: list[_Waiting], error: Exception) -> None:
        """A group failed: commit its members one by one, so that only the guilty one fails."""
        if len(batch) == 1:
            _settle(batch, error)
            return
        for one in batch:
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, [one[0]])
                _settle([one], None)
            except _FAILURES as guilty:
                _settle([one], guilty)

    def _commit(self, groups: list[tuple[Statement, ...]]) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            for statements in groups:
                for sql, parameters in statements:
                    execute(sql, parameters)
        except BaseException:
            execute("ROLLBACK")
            raise
        execute("COMMIT")


def _settle(batch: list[_Waiting], error: Exception | None) -> None:
    for _, done in batch:
        if done is None or done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=256, timeout=10
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.executescript(SCHEMA)
    for table, column, kind in ADDED:
        held = connection.execute(f"SELECT name FROM pragma_table_info('{table}')")  # noqa: S608 (fixed names)
        if (column,) not in held.fetchall():
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    return connection
