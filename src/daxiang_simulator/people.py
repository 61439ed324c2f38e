"""The people who hold the phones. All are in memory; the store has what survives a restart."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from itertools import islice
from typing import Any

from .accounts import Account
from .store import Statement, Store


class NoSuchPerson(Exception):
    """The simulator does not know this user, perhaps because it was reset; make a new one."""


class Person:
    """One person: who they are, whom they follow, and the lock that keeps what they do in order."""

    __slots__ = ("following", "forgotten", "in_order", "nickname", "user")

    def __init__(self, *, user: str, nickname: str) -> None:
        self.user = user
        self.nickname = nickname
        self.following: set[str] = set()
        self.in_order = asyncio.Lock()
        self.forgotten = False

    def openid(self, account: Account) -> str:
        """How this account knows the person: 28 characters, one for each app id, kept over restarts."""
        digest = hashlib.sha256(f"{self.user}\n{account.app_id}".encode()).digest()
        return "o" + base64.urlsafe_b64encode(digest).decode()[:27]


class People:
    """Everybody, by user id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[str, Person] = {}
        self._openids: dict[str, tuple[dict[str, Person], int]] = {}

    def __len__(self) -> int:
        return len(self._held)

    async def load(self) -> None:
        """Read everybody from the store, at the start."""
        for user, nickname in await self._store.read("SELECT user, nickname FROM person ORDER BY made_at"):
            self._held[user] = Person(user=user, nickname=nickname)
        for user, account in await self._store.read("SELECT user, account FROM following"):
            self._held[user].following.add(account)

    async def create(self, *, nickname: str, at: float) -> Person:
        """A new person who follows nobody yet."""
        person = Person(user=f"u{secrets.token_hex(8)}", nickname=nickname)
        await self._store.write(
            ("INSERT INTO person (user, nickname, made_at) VALUES (?, ?, ?)", (person.user, nickname, at))
        )
        self._held[person.user] = person
        return person

    async def crowd(self, account: Account, count: int, *, at: float) -> list[Person]:
        """Many people at once who follow an account, of whom nobody is told: for load and for mass sends."""
        made = [Person(user=f"u{secrets.token_hex(8)}", nickname=f"群众{n}") for n in range(1, count + 1)]
        people = "INSERT INTO person (user, nickname, made_at) VALUES (?, ?, ?)"
        following = "INSERT INTO following (user, account) VALUES (?, ?)"
        rows: list[Statement] = [(people, (one.user, one.nickname, at)) for one in made]
        rows += [(following, (one.user, account.name)) for one in made]
        await self._store.write(*rows)
        for one in made:
            one.following.add(account.name)
            self._held[one.user] = one
        return made

    def find(self, user: str) -> Person:
        """The person with this id. Raises NoSuchPerson."""
        if user not in self._held:
            raise NoSuchPerson(user)
        return self._held[user]

    def get(self, user: str) -> Person | None:
        """The person with this id, None when they are not known any more."""
        return self._held.get(user)

    def by_openid(self, account: Account, openid: object) -> Person | None:
        """Whom this account means by an openid; None for one that is not its own."""
        known, seen = self._openids.get(account.app_id, ({}, 0))
        if seen < len(self._held):
            for person in islice(self._held.values(), seen, None):
                known[person.openid(account)] = person
            self._openids[account.app_id] = (known, len(self._held))
        return known.get(openid) if isinstance(openid, str) else None

    def everyone(self) -> list[Person]:
        """All people, in the order in which they came."""
        return list(self._held.values())

    def forget(self) -> None:
        """Forget everybody; whoever is waiting for an answer learns that it no longer counts."""
        for person in self._held.values():
            person.forgotten = True
        self._held = {}
        self._openids = {}


def describe(person: Person, accounts: dict[str, Account]) -> dict[str, Any]:
    """A person as the API shows them."""
    return {
        "user": person.user,
        "nickname": person.nickname,
        "openids": {name: person.openid(account) for name, account in accounts.items()},
        "following": sorted(person.following & accounts.keys()),
    }
