"""Everything one simulator holds, opened and closed together."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .accounts import Account, parse_account, parse_accounts
from .callbacks import RETRY_PAUSE_S, TIMEOUT_S, CallbackSender
from .clock import SharedClock
from .conversations import Conversations
from .feed import Feed
from .jsontext import load
from .lock import hold
from .metrics import Metrics
from .people import People, Person
from .platform.families import Tokens
from .platform.faults import Faults
from .platform.followers import Followers
from .platform.later import Later
from .platform.media import MediaBook
from .platform.quotas import Quotas
from .platform.repeats import Repeats
from .platform.shelves import Shelves
from .received import Numbers, received_row
from .store import Statement, Store
from .texts import BadRequest

KEPT_NOUNS = frozenset({"token", "template", "notice_template"})
"""What a reset leaves alone: the console's own settings, and tokens that a running service holds."""


class NoSuchAccount(Exception):
    """No account of this name is registered; the message is the name."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a simulator is started: with a file of accounts, or with one that the command line made.

    `named`: what of `made` was said explicitly, and so counts even where the state knows the account
    already; the rest is as it was left. `hosts` are the names, besides addresses
    and localhost, by which it may be asked. The two durations are for tests.
    """

    state: Path
    accounts: Path | None = None
    made: dict[str, Any] | None = None
    named: frozenset[str] = frozenset({"callback"})
    clock: Path | None = None
    web_url: str = ""
    hosts: frozenset[str] = frozenset()
    retry_pause_s: float = RETRY_PAUSE_S
    timeout_s: float = TIMEOUT_S


class World:
    """The open simulator."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.lock = hold(options.state)
        self.store = Store(options.state)
        self.clock = SharedClock(options.clock)
        self.metrics = Metrics()
        self.feed = Feed()
        self.numbers = Numbers()
        self.people = People(self.store)
        self.accounts: dict[str, Account] = {}
        self.shelves = Shelves(self.store)
        self.tokens = Tokens(self.shelves)
        self.quotas = Quotas(self.shelves)
        self.repeats = Repeats(self.shelves)
        self.faults = Faults(self.shelves)
        self.followers = Followers(self.shelves)
        self.later = Later(self.shelves, self.store, self.clock)
        self.media = MediaBook(self.shelves, self.store)
        self.sender = CallbackSender(
            now=self.clock.now, retry_pause_s=options.retry_pause_s, timeout_s=options.timeout_s
        )
        self.conversations = Conversations(
            store=self.store,
            clock=self.clock,
            sender=self.sender,
            metrics=self.metrics,
            numbers=self.numbers,
            followers=self.followers,
            feed=self.feed,
        )

    @classmethod
    async def open(cls, options: Options) -> World:
        """Open the state and read it.

        Raises BadRequest or OSError when the accounts cannot be read, StateHeld when another has the state.
        """
        world = cls(options)
        try:
            await world.people.load()
            await world.conversations.load()
            await world.shelves.load()
            await world._load_accounts()
            world.tokens.load(list(world.accounts))
        except BaseException:
            await world.close()
            raise
        return world

    async def close(self) -> None:
        """Close connections and state."""
        await self.later.close()
        await self.sender.close()
        await self.store.close()
        self.lock.close()

    def account(self, name: object) -> Account:
        """The account of this name. Raises NoSuchAccount."""
        if not isinstance(name, str) or name not in self.accounts:
            raise NoSuchAccount(str(name))
        return self.accounts[name]

    def find_qr(self, which: str) -> tuple[Account, dict[str, Any]] | None:
        """The account and the QR code that a ticket or an address means."""
        for account in self.accounts.values():
            held = self.shelves["qr"].of(account.name)
            found = held.get(which) or next((one for one in held.values() if one["url"] == which), None)
            if found is not None:
                return account, found
        return None

    async def deliver(self, person: Person, account: Account, shown: dict[str, Any]) -> None:
        """Put something on a phone that the platform itself brings."""
        row = received_row(self.numbers.next(), person, account, at=self.clock.now(), shown=shown)
        await self.store.write(row)
        self.feed.wake([(person.user, account.name)])

    def by_app_id(self, app_id: object) -> Account | None:
        """The account with this app id."""
        return next((one for one in self.accounts.values() if one.app_id == app_id), None)

    async def change(self, changed: dict[str, Any]) -> None:
        """Register one account anew, the others as they are. Raises BadRequest."""
        await self.register({**self.accounts, changed["name"]: parse_account(changed)})

    async def register(self, accounts: dict[str, Account], *extra: Statement) -> None:
        """Replace all accounts."""
        rows: list[Statement] = [("DELETE FROM account", ())]
        for position, account in enumerate(accounts.values()):
            body = json.dumps(account.as_json(), ensure_ascii=False)
            rows.append(("INSERT INTO account VALUES (?, ?, ?)", (account.name, position, body)))
        await self.store.write(*rows, *extra)
        self.accounts = accounts

    async def reset(self) -> None:
        """Forget people, messages and truth, keep the accounts, let the clock be real again.

        The record goes on counting, so that whoever follows it by `since` misses nothing afterwards.
        """
        self.people.forget()
        self.later.forget()
        tables = ("received", "message", "following", "person", "truth", "rid", "blob")
        await self.store.write(*((f"DELETE FROM {table}", ()) for table in tables))  # noqa: S608 (fixed names)
        await self.shelves.clear(keep=KEPT_NOUNS)
        self.clock.reset()

    async def _load_accounts(self) -> None:
        """The accounts file speaks when it is new or has changed; else what was last registered stays."""
        rows = await self.store.read("SELECT body FROM account ORDER BY position")
        self.accounts = parse_accounts([json.loads(body) for (body,) in rows])
        if self.options.made is not None:
            await self.change(self._as_left(self.options.made))
        if self.options.accounts is None:
            return
        content = await asyncio.to_thread(self.options.accounts.read_bytes)
        digest = hashlib.sha256(content).hexdigest()
        seen = await self.store.read("SELECT value FROM meta WHERE name = 'accounts_file'")
        if not self.accounts or seen != [(digest,)]:
            mark = ("INSERT OR REPLACE INTO meta VALUES ('accounts_file', ?)", (digest,))
            await self.register(_filed(self.options.accounts, content), mark)

    def _as_left(self, made: dict[str, Any]) -> dict[str, Any]:
        """The account that the command line makes; of one that is known already only what was named."""
        known = self.accounts.get(made["name"])
        if known is None:
            return made
        return known.as_json() | {name: made[name] for name in self.options.named}


def _filed(path: Path, content: bytes) -> dict[str, Account]:
    """The accounts of a file. Raises BadRequest with a sentence that names the file."""
    try:
        return parse_accounts(load(content))
    except ValueError as error:
        raise BadRequest(f"账号表 {path} 不是能读的 JSON。") from error
    except BadRequest as error:
        raise BadRequest(f"账号表 {path}：{error}") from error
