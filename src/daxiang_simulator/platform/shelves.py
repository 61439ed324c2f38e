"""Values by noun, account and key: read from memory, written through with the next commit.

A value is JSON. Who changes one says so by `touch`; the store asks for all that was touched when it begins a
commit, so that a change and the truth rows that speak of it are on disk together, before the answer leaves.
"""

from __future__ import annotations

import json
from typing import Any

from daxiang_simulator.jsontext import dump
from daxiang_simulator.store import Statement, Store

Value = Any

_PUT = (
    "INSERT INTO thing (noun, account, key, body) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (noun, account, key) DO UPDATE SET body = excluded.body"
)
_DROP = "DELETE FROM thing WHERE noun = ? AND account = ? AND key = ?"


class Shelf:
    """All values of one noun."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._held: dict[str, dict[str, Value]] = {}
        self._touched: dict[tuple[str, str], None] = {}

    def of(self, account: str) -> dict[str, Value]:
        """The account's values by key, in the order in which they came. Change them, then `touch`."""
        return self._held.setdefault(account, {})

    def accounts(self) -> list[tuple[str, dict[str, Value]]]:
        """Every account that has values, and these."""
        return list(self._held.items())

    def put(self, account: str, key: str, value: Value) -> None:
        """Set a value."""
        self.of(account)[key] = value
        self._touched[account, key] = None

    def drop(self, account: str, key: str) -> Value | None:
        """Take a value away; the value, or None when there was none."""
        self._touched[account, key] = None
        return self.of(account).pop(key, None)

    def touch(self, account: str, key: str) -> None:
        """Say that a value has changed."""
        self._touched[account, key] = None

    def clear(self) -> None:
        """Forget everything; whoever calls deletes the rows."""
        self._held.clear()
        self._touched.clear()

    def collect(self) -> list[Statement]:
        """The statements that bring the disk up to date."""
        touched, self._touched = self._touched, {}
        statements: list[Statement] = []
        for account, key in touched:
            value = self._held.get(account, {}).get(key)
            if value is None:
                statements.append((_DROP, (self.noun, account, key)))
            else:
                statements.append((_PUT, (self.noun, account, key, dump(value))))
        return statements


class Shelves:
    """Every noun's shelf, made when it is first asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shelves: dict[str, Shelf] = {}
        store.collectors.append(self.collect)

    def __getitem__(self, noun: str) -> Shelf:
        shelf = self._shelves.get(noun)
        if shelf is None:
            shelf = self._shelves[noun] = Shelf(noun)
        return shelf

    async def load(self) -> None:
        """Read everything from the store, at the start."""
        for noun, account, key, body in await self._store.read(
            "SELECT noun, account, key, body FROM thing ORDER BY rowid"
        ):
            self[noun].of(account)[key] = json.loads(body)

    def collect(self) -> list[Statement]:
        """What was touched since the last commit."""
        return [statement for shelf in self._shelves.values() for statement in shelf.collect()]

    async def clear(self, *, keep: frozenset[str]) -> None:
        """Forget every noun that is not kept."""
        gone = [noun for noun in self._shelves if noun not in keep]
        for noun in gone:
            self._shelves[noun].clear()
        await self._store.write(*(("DELETE FROM thing WHERE noun = ?", (noun,)) for noun in gone))
