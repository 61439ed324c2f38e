"""Everything one simulator holds, opened and closed together."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from .accounts import Account, parse_accounts
from .callbacks import RETRY_PAUSE_S, TIMEOUT_S, CallbackSender
from .clock import SharedClock
from .conversations import Conversations
from .metrics import Metrics
from .people import People
from .store import Statement, Store


class NoSuchAccount(Exception):
    """No account of this name is registered; the message is the name."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a simulator is started. The two durations are for tests."""

    state: Path
    accounts: Path | None = None
    clock: Path | None = None
    web_url: str = ""
    retry_pause_s: float = RETRY_PAUSE_S
    timeout_s: float = TIMEOUT_S


@dataclass(kw_only=True)
class World:
    """The open simulator."""

    options: Options
    store: Store
    clock: SharedClock
    people: People
    sender: CallbackSender
    conversations: Conversations
    metrics: Metrics
    accounts: dict[str, Account] = field(default_factory=dict)

    @classmethod
    async def open(cls, options: Options) -> World:
        """Open the state and read it. Raises BadRequest or OSError when the accounts cannot be read."""
        store, clock, metrics = Store(options.state), SharedClock(options.clock), Metrics()
        sender = CallbackSender(
            now=clock.now, retry_pause_s=options.retry_pause_s, timeout_s=options.timeout_s
        )
        conversations = Conversations(store=store, clock=clock, sender=sender, metrics=metrics)
        world = cls(
            options=options,
            store=store,
            clock=clock,
            people=People(store),
            sender=sender,
            conversations=conversations,
            metrics=metrics,
        )
        try:
            await world.people.load()
            await world.conversations.load()
            await world._load_accounts()
        except BaseException:
            await world.close()
            raise
        return world

    async def close(self) -> None:
        """Close connections and state."""
        await self.sender.close()
        await self.store.close()

    def account(self, name: object) -> Account:
        """The account of this name. Raises NoSuchAccount."""
        if not isinstance(name, str) or name not in self.accounts:
            raise NoSuchAccount(str(name))
        return self.accounts[name]

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
        tables = ("received", "message", "following", "person", "truth")
        await self.store.write(*((f"DELETE FROM {table}", ()) for table in tables))  # noqa: S608 (fixed names)
        self.clock.reset()

    async def _load_accounts(self) -> None:
        """The accounts file speaks when it is new or has changed; else what was last registered stays."""
        rows = await self.store.read("SELECT body FROM account ORDER BY position")
        self.accounts = parse_accounts([json.loads(body) for (body,) in rows])
        if self.options.accounts is None:
            return
        content = await asyncio.to_thread(self.options.accounts.read_bytes)
        digest = hashlib.sha256(content).hexdigest()
        seen = await self.store.read("SELECT value FROM meta WHERE name = 'accounts_file'")
        if not self.accounts or seen != [(digest,)]:
            mark = ("INSERT OR REPLACE INTO meta VALUES ('accounts_file', ?)", (digest,))
            await self.register(parse_accounts(json.loads(content)), mark)
