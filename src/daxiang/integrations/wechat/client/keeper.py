"""The keeper: the only one who asks the platform for credentials, one at a time for each of them.

Any number of processes may run it; a lease in PostgreSQL lets one of them ask. Whoever held a lease that is
over writes nothing (the lease's number is compared), and gives up asking before it ends, so that requests of
two keepers never overlap. stable_token in normal mode gives the same token until five minutes before its end,
so a lost answer costs nothing but a repeat. force_refresh is never used.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import psycopg
import structlog

from daxiang.foundation.sealing import SealBroken, Sealer
from daxiang.foundation.settings import Account
from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable, VendorFailure
from daxiang.integrations.wechat.client.answers import need, read_json
from daxiang.integrations.wechat.client.codes import Policy, code_of, policy_of
from daxiang.integrations.wechat.client.sql import (
    ENSURE_TOKEN,
    FAIL_TOKEN,
    LEASE_TOKEN,
    MARK_STALE,
    RETRY_NOW,
    STORE_TOKEN,
)
from daxiang.integrations.wechat.client.store import Store
from daxiang.integrations.wechat.client.tokens import TokenKind, TokenReader, seal_context
from daxiang.integrations.wechat.client.transport import Timeouts, Transport

log = structlog.get_logger()

BEFORE_END_S = 300.0
"""From five minutes before a token's end the platform gives a new one, and both hold."""
TRIES = 3
FIRST_REST_S, MOST_REST_S = 1.0, 60.0
UNCHANGED_REST_S = 5.0
CREDENTIALS_REST_S = {89506: 86400.0, 89507: 3600.0}
"""How long the platform itself says that the address is shut out."""
OTHER_CREDENTIALS_REST_S = 600.0
REFUSED_REST_S = 300.0
MINUTE_S, HOUR_S = 60.0, 3600.0
LONGEST = 2048


@dataclass(frozen=True, kw_only=True)
class KeeperTimes:
    """Seconds. A request must end before the lease it is made under: `lease_s - margin_s` is its limit."""

    lease_s: float = 20.0
    margin_s: float = 2.0
    tick_s: float = 1.0
    request: Timeouts = field(default_factory=lambda: Timeouts(read_s=5.0, total_s=5.0))


class TokenKeeper:
    """Renews the credentials of the accounts given, until it is told to stop."""

    def __init__(
        self,
        *,
        store: Store,
        listen_url: str,
        sealer: Sealer,
        accounts: Sequence[Account],
        base_url: str,
        session: aiohttp.ClientSession,
        tickets: Collection[str] = (),
        times: KeeperTimes | None = None,
    ) -> None:
        """`listen_url`: the database, directly and not through a pooler, for LISTEN. `tickets`: names of the
        accounts whose jsapi_ticket is kept too.
        """
        self._store = store
        self._listen_url = listen_url
        self._sealer = sealer
        self._times = times or KeeperTimes()
        self._transport = Transport(base_url=base_url, session=session, timeouts=self._times.request)
        self._owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._kept = [(account, TokenKind.ACCESS) for account in accounts]
        self._kept += [(account, TokenKind.TICKET) for account in accounts if account.name in tickets]
        self._called = {account.name: asyncio.Event() for account in accounts}

    async def run(self, stop: asyncio.Event) -> None:
        """Keep all credentials until `stop` is set. A failure of any kind is logged and tried again."""
        work = [asyncio.create_task(self._keep(account, kind)) for account, kind in self._kept]
        work.append(asyncio.create_task(self._listen()))
        try:
            await stop.wait()
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def turn(self, account: Account, kind: TokenKind = TokenKind.ACCESS) -> bool:
        """Renew one credential if that is due and nobody else is at it; whether it was renewed.

        Raises `Unavailable` when the database is away.
        """
        began = time.monotonic()
        await self._store.rows(ENSURE_TOKEN, _named(account, kind))
        lease = {"owner": self._owner, "lease_s": self._times.lease_s}
        leased = await self._store.row(LEASE_TOKEN, {**_named(account, kind), **lease})
        if leased is None:
            return False
        number, held = leased
        until = began + self._times.lease_s - self._times.margin_s
        try:
            value, life_s = await self._asked(account, kind, until)
        except VendorFailure as failed:
            await self._rest(account, kind, number, failed)
            return False
        return await self._keep_new(account, kind, number, held, value, life_s)

    async def retry_now(self, account: Account) -> None:
        """An operator has mended the credentials: ask at once and forget the failure."""
        await self._store.rows(RETRY_NOW, {"account": account.name})
        self._called[account.name].set()

    async def _keep(self, account: Account, kind: TokenKind) -> None:
        called = self._called[account.name]
        while True:
            try:
                await self.turn(account, kind)
            except Exception as error:  # outermost frame of the task: tried again at the next tick
                log.warning("wechat_keeper_waits", account=account.name, kind=kind, error=error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(called.wait(), self._times.tick_s)
            called.clear()

    async def _listen(self) -> None:
        """Who finds a token refused calls; without this the next tick would notice it."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._listen_url, autocommit=True, connect_timeout=3, application_name="daxiang keeper"
                ) as connection:
                    await connection.execute("LISTEN wechat_token")
                    async for notice in connection.notifies():
                        if notice.payload in self._called:
                            self._called[notice.payload].set()
            except (psycopg.Error, OSError) as error:
                log.warning("wechat_keeper_deaf", error=error)
            await asyncio.sleep(self._times.tick_s)

    async def _asked(self, account: Account, kind: TokenKind, until: float) -> tuple[str, float]:
        """The platform's answer. A lost one is asked for again inside the lease; one that did not come in
        time is not, because the platform may still be at it.
        """
        for number in range(1, TRIES + 1):
            try:
                return await self._ask(account, kind, until)
            except VendorFailure as failed:
                is_mended = isinstance(failed, OutcomeUnknown) and failed.code != "timeout"
                if not is_mended or number == TRIES:
                    raise
            pause = 0.05 * 2**number * (1 + random.random())  # noqa: S311 (jitter)
            await asyncio.sleep(min(pause, max(0.0, until - time.monotonic())))
        raise AssertionError("unreachable: the last try returns or raises")

    async def _ask(self, account: Account, kind: TokenKind, until: float) -> tuple[str, float]:
        left = until - time.monotonic()
        if left <= 0:  # this process stood still for so long that its lease may be over
            raise Unavailable("late", "the lease is nearly over")
        within = self._times.request.within(left)
        if kind is TokenKind.TICKET:
            return await self._ask_ticket(account, within)
        body = {
            "grant_type": "client_credential",
            "appid": account.app_id,
            "secret": account.secret,
            "force_refresh": False,
        }
        answer = await self._transport.exchange(
            "POST", "/cgi-bin/stable_token", params={}, body=body, timeouts=within
        )
        return _credential(read_json(answer), "access_token")

    async def _ask_ticket(self, account: Account, within: Timeouts) -> tuple[str, float]:
        reader = TokenReader(store=self._store, sealer=self._sealer, account=account.name)
        token = await reader.current()
        answer = await self._transport.exchange(
            "GET",
            "/cgi-bin/ticket/getticket",
            params={"type": "jsapi", "access_token": token.value},
            timeouts=within,
        )
        try:
            return _credential(read_json(answer), "ticket")
        except Unavailable as failed:
            if policy_of(failed.code) is Policy.TOKEN:
                stale = {**_named(account, TokenKind.ACCESS), "generation": token.generation}
                await self._store.rows(MARK_STALE, stale)
            raise

    async def _keep_new(
        self, account: Account, kind: TokenKind, number: int, held: bytes | None, value: str, life_s: float
    ) -> bool:
        context = seal_context(account.name, kind)
        is_unchanged = held is not None and self._opens_to(bytes(held), context) == value
        new = {
            "token": self._sealer.seal(value.encode(), context),
            "life_s": life_s,
            "refresh_s": max(life_s - BEFORE_END_S, min(UNCHANGED_REST_S, life_s / 2)),
            "rest_s": UNCHANGED_REST_S if is_unchanged else 0.0,
            "number": number,
        }
        stored = await self._store.row(STORE_TOKEN, {**_named(account, kind), **new})
        if stored is None:
            log.warning("wechat_token_came_late", account=account.name, kind=kind)
            return False
        told: dict[str, Any] = {"account": account.name, "kind": kind.value, "generation": stored[0]}
        log.info("wechat_token_unchanged" if is_unchanged else "wechat_token_renewed", **told)
        return True

    def _opens_to(self, sealed: bytes, context: bytes) -> str | None:
        try:
            return self._sealer.open(sealed, context).decode()
        except SealBroken:
            return None

    async def _rest(self, account: Account, kind: TokenKind, number: int, failed: VendorFailure) -> None:
        is_blocked = policy_of(failed.code) is Policy.CREDENTIALS or _is_wrong_secret(kind, failed)
        resting = {
            "number": number,
            "rest_s": _rest_s(failed, is_blocked=is_blocked),
            "first_s": FIRST_REST_S,
            "most_s": MOST_REST_S,
            "health": failed.code if is_blocked else None,
        }
        await self._store.rows(FAIL_TOKEN, {**_named(account, kind), **resting})
        told = {"account": account.name, "kind": kind.value, "code": failed.code}
        if is_blocked:
            log.error("wechat_credentials_blocked", **told, reason=code_of(failed.code).advice)
        else:
            log.warning("wechat_token_not_renewed", **told)


def _named(account: Account, kind: TokenKind) -> dict[str, object]:
    return {"account": account.name, "kind": kind.value}


def _credential(fields: dict[str, Any], name: str) -> tuple[str, float]:
    value, life_s = need(fields, name, str), need(fields, "expires_in", int)
    if not 0 < len(value) <= LONGEST or life_s <= 0:
        raise OutcomeUnknown("unreadable", f"a success without a usable {name}")
    return value, float(life_s)


def _is_wrong_secret(kind: TokenKind, failed: VendorFailure) -> bool:
    """40001 in answer to app id and secret speaks of the secret, not of a token."""
    return kind is TokenKind.ACCESS and policy_of(failed.code) is Policy.TOKEN


def _rest_s(failed: VendorFailure, *, is_blocked: bool) -> float | None:
    """How long to rest; None: by the number of failures in a row, from one second to a minute."""
    if is_blocked:
        return CREDENTIALS_REST_S.get(int(failed.code), OTHER_CREDENTIALS_REST_S)
    match policy_of(failed.code):
        case Policy.MINUTE_USED_UP:
            return MINUTE_S
        case Policy.DAY_USED_UP:
            return HOUR_S
    return REFUSED_REST_S if isinstance(failed, Refused) else None
