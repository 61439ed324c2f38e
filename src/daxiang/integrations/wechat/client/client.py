"""The one way through which every call goes: quota, token, exchange, answer, and the allowed repeats.

Calls themselves stand in modules by noun (`menus`, `users`, `customer_service` …); each is a function that
takes a `WeChatClient` first.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

import aiohttp
import structlog

from daxiang.foundation import metrics
from daxiang.foundation.settings import Account
from daxiang.integrations.outcomes import OutcomeUnknown, Unavailable, VendorFailure
from daxiang.integrations.wechat.client.answers import read_json
from daxiang.integrations.wechat.client.codes import Policy, policy_of
from daxiang.integrations.wechat.client.transport import (
    LARGEST_ANSWER,
    Answer,
    Timeouts,
    Transport,
    Upload,
)

log = structlog.get_logger()
T = TypeVar("T")

TRIES = 3
PAUSE_S = 0.2
"""Before the second try; doubled for the third; each time a random share of it more."""


class Kind(StrEnum):
    """What a repeat of the call would do."""

    READ = "read"  # nothing: its failure is never more than "not now"
    REPEATABLE = "repeatable"  # no more than the first: same state, or recognised by an id of ours
    ACT = "act"  # it again: never repeated here


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One of the platform's addresses."""

    path: str
    kind: Kind
    method: str = "POST"
    limit: int = LARGEST_ANSWER
    """Bytes of its answer at most."""
    read_s: float | None = None
    """Seconds for an answer that takes longer than others (files)."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """A credential that all processes share; `generation` grows with each renewal."""

    value: str
    generation: int

    def __repr__(self) -> str:
        return f"Token(generation={self.generation})"


class Tokens(Protocol):
    """Where the client gets the account's access_token: `tokens.TokenReader`, or a test's own."""

    async def current(self) -> Token:
        """The shared token. Never asks the platform. Raises `Unavailable`."""
        ...

    async def after(self, refused: Token) -> Token:
        """A newer one than that which the platform refused. Raises `Unavailable`."""
        ...


class Limits(Protocol):
    """Who says whether a call may be made now: `quota.Quota`."""

    async def take(self, path: str) -> None:
        """Count one call. Raises `Unavailable` when none is left."""
        ...

    async def is_left(self, path: str) -> bool:
        """Whether a call could be made now, as far as is known; none is counted."""
        ...

    async def stopped_by(self, path: str, code: int) -> float:
        """The platform said that the call is used up; seconds until it makes sense again."""
        ...


class WeChatClient:
    """One account's connection to the platform. Share one in a process; it is safe for concurrent use."""

    def __init__(
        self,
        *,
        account: Account,
        base_url: str,
        session: aiohttp.ClientSession,
        tokens: Tokens,
        quota: Limits | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self.account = account
        self.tokens = tokens
        self.quota = quota
        self._transport = Transport(base_url=base_url, session=session, timeouts=timeouts)

    async def call(
        self,
        endpoint: Endpoint,
        *,
        body: object = None,
        params: Mapping[str, str] | None = None,
        upload: Upload | None = None,
        kind: Kind | None = None,
        is_open: bool = False,
    ) -> dict[str, Any]:
        """One call whose answer is JSON; its fields. `is_open`: without an access_token.

        `kind` overrides the endpoint's where an id of ours in `body` lets the platform recognise a repeat.
        Raises `Refused`, `Unavailable` or `OutcomeUnknown`.
        """

        async def once() -> dict[str, Any]:
            return read_json(await self._exchange(endpoint, body, params, upload, is_open=is_open))

        return await self._settled(endpoint, kind or endpoint.kind, once)

    async def fetch(
        self, endpoint: Endpoint, *, body: object = None, params: Mapping[str, str] | None = None
    ) -> Answer:
        """One reading call whose answer may be a file; the caller looks at it with `read_bytes`."""

        async def once() -> Answer:
            answer = await self._exchange(endpoint, body, params, None, is_open=False)
            if answer.status != 200:
                raise OutcomeUnknown("http", f"HTTP {answer.status}")
            return answer

        return await self._settled(endpoint, Kind.READ, once)

    async def _settled(self, endpoint: Endpoint, kind: Kind, once: Callable[[], Awaitable[T]]) -> T:
        began = time.monotonic()
        outcome = "done"
        try:
            return await self._tried(endpoint, kind, once)
        except VendorFailure as failed:
            outcome = type(failed).__name__
            log.warning(
                "wechat_call_failed",
                account=self.account.name,
                path=endpoint.path,
                outcome=outcome,
                code=failed.code,
                reason=failed.rid,
            )
            raise
        finally:
            metrics.wechat_calls_total.labels(self.account.name, endpoint.path, outcome).inc()
            metrics.wechat_call_seconds.observe(time.monotonic() - began)

    async def _tried(self, endpoint: Endpoint, kind: Kind, once: Callable[[], Awaitable[T]]) -> T:
        is_in_doubt = False
        for number in range(1, TRIES + 1):
            try:
                return await self._counted(endpoint, once)
            except VendorFailure as failed:
                is_in_doubt |= isinstance(failed, OutcomeUnknown)
                if kind is Kind.ACT or number == TRIES or not _may_succeed_at_once(failed):
                    raise _truly(failed, kind, is_in_doubt=is_in_doubt) from None
            await asyncio.sleep(PAUSE_S * 2 ** (number - 1) * (1 + random.random()))  # noqa: S311 (jitter)
        raise AssertionError("unreachable: the last try returns or raises")

    async def _counted(self, endpoint: Endpoint, once: Callable[[], Awaitable[T]]) -> T:
        if self.quota is not None:
            await self.quota.take(endpoint.path)
        try:
            return await once()
        except Unavailable as failed:
            if self.quota is None or policy_of(failed.code) not in _USED_UP:
                raise
            wait = await self.quota.stopped_by(endpoint.path, int(failed.code))
            raise Unavailable(failed.code, failed.message, failed.rid, retry_after_s=wait) from None

    async def _exchange(
        self,
        endpoint: Endpoint,
        body: object,
        params: Mapping[str, str] | None,
        upload: Upload | None,
        *,
        is_open: bool,
    ) -> Answer:
        """The exchange, and once more with a newer token when the platform does not know the first."""
        if is_open:
            return await self._sent(endpoint, body, dict(params or {}), upload)
        token = await self.tokens.current()
        answer = await self._sent(endpoint, body, {**(params or {}), "access_token": token.value}, upload)
        if not _is_token_refused(answer):
            return answer
        token = await self.tokens.after(token)
        return await self._sent(endpoint, body, {**(params or {}), "access_token": token.value}, upload)

    async def _sent(
        self, endpoint: Endpoint, body: object, params: Mapping[str, str], upload: Upload | None
    ) -> Answer:
        timeouts = self._transport.timeouts
        if endpoint.read_s is not None:
            timeouts = Timeouts(
                connect_s=timeouts.connect_s, read_s=endpoint.read_s, total_s=endpoint.read_s * 2
            )
        return await self._transport.exchange(
            endpoint.method,
            endpoint.path,
            params=params,
            body=body,
            upload=upload,
            limit=endpoint.limit,
            timeouts=timeouts,
        )


_USED_UP = frozenset({Policy.DAY_USED_UP, Policy.MINUTE_USED_UP})


def _is_token_refused(answer: Answer) -> bool:
    if answer.status != 200 or b'"errcode"' not in answer.body[:200]:
        return False
    try:
        read_json(answer)
    except VendorFailure as failed:
        return policy_of(failed.code) is Policy.TOKEN
    return False


def _may_succeed_at_once(failed: VendorFailure) -> bool:
    """An answer that was lost, a connection that was refused, or "busy"; not what needs a minute or a day."""
    if isinstance(failed, Unavailable):
        return failed.code == "no_connection" or policy_of(failed.code) is Policy.BUSY
    return isinstance(failed, OutcomeUnknown)


def _truly(failed: VendorFailure, kind: Kind, *, is_in_doubt: bool) -> VendorFailure:
    """How the whole call ended: a read is never in doubt, and of an act one doubtful try keeps it so."""
    if kind is Kind.READ:
        if isinstance(failed, OutcomeUnknown):
            return Unavailable(failed.code, failed.message, failed.rid)
        return failed
    if is_in_doubt and not isinstance(failed, OutcomeUnknown):
        return OutcomeUnknown(failed.code, f"after a lost answer: {failed.message}", failed.rid)
    return failed
