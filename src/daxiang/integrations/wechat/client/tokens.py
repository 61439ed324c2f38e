"""The shared credentials of an account, as those see them who use them: `TokenReader`.

All processes read one row; only the keeper (`keeper.py`) asks the platform. A reader that is refused re-reads
the row once, and if nothing newer is there marks it stale, which calls the keeper.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from daxiang.foundation.sealing import SealBroken, Sealer
from daxiang.integrations.outcomes import Unavailable
from daxiang.integrations.wechat.client.client import Token
from daxiang.integrations.wechat.client.codes import code_of
from daxiang.integrations.wechat.client.sql import MARK_STALE, READ_TOKEN, TOKEN_HEALTH
from daxiang.integrations.wechat.client.store import Store

FRESH_S = 1.0
"""A row read less than this ago is not read again."""
POLL_S = 0.05
IN_A_REQUEST_S = 0.0
IN_THE_WORKER_S = 20.0
"""How long a caller waits for the keeper: never while a person waits for the answer."""


class TokenKind(StrEnum):
    ACCESS = "access_token"
    TICKET = "jsapi_ticket"


def seal_context(account: str, kind: TokenKind) -> bytes:
    """What a stored credential is bound to: another account's does not open in its place."""
    return f"wechat_token:{account}:{kind}".encode()


@dataclass(frozen=True)
class _Row:
    """The row as it was read at `read_at` (monotonic)."""

    read_at: float
    token: Token | None
    good_until: float
    health: int | None

    def usable(self, now: float) -> Token | None:
        return self.token if now < self.good_until else None


_NEVER_READ = _Row(read_at=float("-inf"), token=None, good_until=0.0, health=None)


class TokenReader:
    """One credential of one account for one process. Never asks the platform."""

    def __init__(
        self,
        *,
        store: Store,
        sealer: Sealer,
        account: str,
        kind: TokenKind = TokenKind.ACCESS,
        wait_s: float = IN_A_REQUEST_S,
    ) -> None:
        """`wait_s`: how long a call waits for the keeper when there is no good token."""
        self._store = store
        self._sealer = sealer
        self._account = account
        self._kind = kind
        self._wait_s = wait_s
        self._row = _NEVER_READ
        self._turn = asyncio.Lock()

    async def current(self) -> Token:
        """The shared token, at most a second old as read. Raises `Unavailable` when there is none in time."""
        return await self._newer_than(-1, fresh_s=FRESH_S)

    async def after(self, refused: Token) -> Token:
        """A newer token than the one that the platform refused: read again, else asked of the keeper.

        Raises `Unavailable` when none comes in time.
        """
        await self._read_if_older_than(0.0)
        token = self._row.usable(time.monotonic())
        if token is not None and token.generation > refused.generation:
            return token
        await self._store.rows(MARK_STALE, self._named(generation=refused.generation))
        return await self._newer_than(refused.generation, fresh_s=0.0)

    async def _newer_than(self, generation: int, *, fresh_s: float) -> Token:
        deadline = time.monotonic() + self._wait_s
        while True:
            await self._read_if_older_than(fresh_s)
            now = time.monotonic()
            token = self._row.usable(now)
            if token is not None and token.generation > generation:
                return token
            if self._row.health is not None:
                code = code_of(self._row.health)
                raise Unavailable(self._row.health, code.words, retry_after_s=60.0)
            if now >= deadline:
                raise Unavailable("no_token", f"{self._kind} is not there yet", retry_after_s=1.0)
            await asyncio.sleep(POLL_S)
            fresh_s = POLL_S / 2

    async def _read_if_older_than(self, age_s: float) -> None:
        """Many callers at once read the row once."""
        asked_at = time.monotonic()
        async with self._turn:
            if self._row.read_at >= asked_at - age_s:
                return
            began = time.monotonic()
            found = await self._store.row(READ_TOKEN, self._named())
            self._row = _NEVER_READ if found is None else self._opened(began, *found)

    def _opened(
        self,
        began: float,
        sealed: bytes | None,
        generation: int,
        is_stale: bool,
        health: int | None,
        left_s: float | None,
    ) -> _Row:
        if sealed is None or is_stale or left_s is None:
            return _Row(read_at=began, token=None, good_until=0.0, health=health)
        try:
            plain = self._sealer.open(bytes(sealed), seal_context(self._account, self._kind))
        except SealBroken:  # keys were changed without the old one; the keeper's next token opens
            return _Row(read_at=began, token=None, good_until=0.0, health=health)
        token = Token(value=plain.decode(), generation=generation)
        return _Row(read_at=began, token=token, good_until=began + left_s, health=health)

    def _named(self, **more: object) -> dict[str, object]:
        return {"account": self._account, "kind": self._kind.value, **more}


@dataclass(frozen=True, kw_only=True)
class TokenHealth:
    """One credential as an operator sees it."""

    account: str
    kind: str
    code: int | None
    """With which the platform refuses our credentials; None: it does not."""
    failures: int
    """Renewals that failed in a row."""
    generation: int
    is_good: bool
    left_s: float
    advice: str


async def token_health(store: Store) -> tuple[TokenHealth, ...]:
    """All credentials of this city. Raises `Unavailable` when the database is away."""
    return tuple(read_health(await store.rows(TOKEN_HEALTH, {})))


def read_health(rows: Iterable[tuple[object, ...]]) -> Iterable[TokenHealth]:
    """The rows of `TOKEN_HEALTH` as values."""
    for account, kind, code, failures, generation, is_stale, left_s in rows:
        left = float(left_s) if isinstance(left_s, float) else 0.0
        yield TokenHealth(
            account=str(account),
            kind=str(kind),
            code=code if isinstance(code, int) else None,
            failures=int(str(failures)),
            generation=int(str(generation)),
            is_good=left > 0 and not is_stale,
            left_s=left,
            advice=code_of(code).advice if isinstance(code, int) else "",
        )
