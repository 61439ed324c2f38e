"""The city's former vendor over HTTP: asked at most once for each message, never trusted, never waited for
long.
"""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from daxiang.foundation import metrics
from daxiang.integrations.wechat.relayed import AnswerUnusable, Passed, Vendor, fresh_nonce
from daxiang.integrations.wechat.replies import PassiveReply
from daxiang.integrations.wechat.values import Message
from daxiang.sites.gateway.breaker import Breaker
from daxiang.sites.gateway.places import NoPlace, Places

MAX_ANSWER = 64 * 1024
CONNECT_S, LIMIT_S = 2.0, 15.0
"""A vendor that has not answered after `LIMIT_S` never will."""
AT_ONCE, LATE_AT_ONCE, LATE_AFTER_S = 64, 192, 2.0
"""Questions of one process that are under way: those that somebody may still wait for, and late ones beside
them. Old programs have few workers; the rest wait their turn.
"""
KEEP_ALIVE_S = 3.0
"""Shorter than servers keep an idle connection (Node 5 s, nginx 75 s): a request on a connection that is
just being closed would fail, and is never sent again."""


class VendorFailed(Exception):
    """No usable answer. `reason` is a short word for the counters; whether the vendor has seen the message
    is unknown, so it is not asked again.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class VendorClient:
    """Asks one vendor. Times are seconds of the monotonic clock."""

    def __init__(
        self,
        vendor: Vendor,
        *,
        at_once: int = AT_ONCE,
        late_at_once: int = LATE_AT_ONCE,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._vendor = vendor
        self._places = Places(at_once, late_at_once=late_at_once, late_after_s=LATE_AFTER_S)
        self._limit_s = limit_s
        self._breaker = Breaker()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(self, body: bytes, message: Message, *, now: int, turn_until: float) -> PassiveReply | None:
        """The vendor's reply to the decrypted `body`; None when it has nothing to say.

        Waits for its turn until `turn_until` at most. Raises `VendorFailed`.
        """
        async with self._turn(turn_until):
            if not self._breaker.may_ask(time.monotonic()):
                raise VendorFailed("resting")
            passed = self._vendor.request(
                body, openid=message.from_user, now=now, nonce=fresh_nonce(os.urandom(5))
            )
            began = time.monotonic()
            try:
                reply = self._vendor.open(await self._post(passed), message=message)
            except (AnswerUnusable, VendorFailed) as error:
                self._breaker.failed(time.monotonic())
                raise VendorFailed(error.reason) from error
            finally:
                metrics.relay_seconds.observe(time.monotonic() - began)
            self._breaker.succeeded()
            return reply

    @asynccontextmanager
    async def _turn(self, until: float) -> AsyncIterator[None]:
        if self._breaker.is_open and self._places.is_full:
            raise VendorFailed("resting")
        try:
            async with self._places.taken(until=until):
                yield
        except NoPlace as error:
            raise VendorFailed("busy") from error

    async def _post(self, passed: Passed) -> bytes:
        headers = {
            "Content-Type": passed.content_type,
            "Accept-Encoding": "identity",
            "User-Agent": "Mozilla/4.0",  # as the platform's own calls
        }
        try:
            async with self._opened().post(
                URL(passed.url, encoded=True), data=passed.body, headers=headers, allow_redirects=False
            ) as response:
                if 300 <= response.status < 400:
                    raise VendorFailed("redirect")
                if response.status != 200:
                    raise VendorFailed("http")
                return await _limited(response)
        except TimeoutError as error:
            raise VendorFailed("timeout") from error
        except aiohttp.ClientConnectorError as error:
            raise VendorFailed("refused") from error
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            raise VendorFailed("reset") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise VendorFailed("http") from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S),
                timeout=aiohttp.ClientTimeout(total=self._limit_s, sock_connect=CONNECT_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for part in response.content.iter_any():
        body += part
        if len(body) > MAX_ANSWER:
            response.close()
            raise VendorFailed("oversized")
    return body
