"""One HTTP exchange with the platform: bounded in time and size, and honest about how it ended.

An exchange ends with an answer whose bytes were read to the end, or it raises `Unavailable` (nothing left
this machine) or `OutcomeUnknown` (the request left). What an answer says is read in `answers.py`.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp.client_middlewares import ClientHandlerType

from daxiang.integrations.outcomes import OutcomeUnknown, Unavailable
from daxiang.integrations.wechat.client.checks import Unfit

CONNECT_S, READ_S, TOTAL_S = 3.0, 6.0, 10.0
LARGEST_ANSWER = 1024 * 1024
LARGEST_MEDIA = 32 * 1024 * 1024
"""Bytes of an answer that are read at most; a photo or a video has a limit of its own."""
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # refused, no route, no such name, TLS not agreed
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


class _AnswerLost(Exception):
    """The connection ended after the request had left."""


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds, on the monotonic clock."""

    connect_s: float = CONNECT_S
    read_s: float = READ_S
    total_s: float = TOTAL_S

    def within(self, seconds: float) -> Timeouts:
        """The same, but over after `seconds` at the latest."""
        return Timeouts(
            connect_s=min(self.connect_s, seconds),
            read_s=min(self.read_s, seconds),
            total_s=min(self.total_s, seconds),
        )


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file for a multipart form, with the form fields that go beside it."""

    form_name: str
    filename: str
    content: bytes = field(repr=False)
    content_type: str
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, read to its end."""

    status: int
    content_type: str
    filename: str | None
    body: bytes = field(repr=False)


async def _no_hidden_repeat(
    request: aiohttp.ClientRequest, handler: ClientHandlerType
) -> aiohttp.ClientResponse:
    """aiohttp repeats a GET by itself when a kept connection breaks; some of the platform's GETs are acts
    (a sign-in code holds once), so the failure is handed to us under a name that it does not repeat.
    """
    try:
        return await handler(request)
    except _NEVER_LEFT:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _AnswerLost(type(error).__name__) from None


def new_session() -> aiohttp.ClientSession:
    """A session for this client: no cookies, no proxy from the environment, kept connections."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        connector=aiohttp.TCPConnector(limit=100, ttl_dns_cache=60),
        headers={"User-Agent": "daxiang"},
    )


def encoded(body: object) -> bytes:
    """JSON as the platform wants it: UTF-8, never with Unicode escapes (code 40033). Raises `Unfit`."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise Unfit("文字里有半个字符（单独的代理项），发不出去。") from None


class Transport:
    """Sends requests below one base address."""

    def __init__(
        self, *, base_url: str, session: aiohttp.ClientSession, timeouts: Timeouts | None = None
    ) -> None:
        self._base = base_url.rstrip("/")
        self._session = session
        self.timeouts = timeouts or Timeouts()

    async def exchange(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str],
        body: object = None,
        upload: Upload | None = None,
        limit: int = LARGEST_ANSWER,
        timeouts: Timeouts | None = None,
    ) -> Answer:
        """One request, one answer of at most `limit` bytes.

        Raises `Unavailable` when the request certainly did not leave, `OutcomeUnknown` when it may have
        arrived and no whole answer came. Never follows a redirection.
        """
        within = timeouts or self.timeouts
        try:
            async with asyncio.timeout(within.total_s):
                async with self._session.request(
                    method,
                    self._base + path,
                    params=params,
                    allow_redirects=False,
                    timeout=_aiohttp_timeout(within),
                    middlewares=(_no_hidden_repeat,),
                    **_payload(body, upload),
                ) as response:
                    return await _read(response, limit)
        except _NEVER_LEFT as error:
            raise Unavailable("no_connection", type(error).__name__) from None
        except TimeoutError:
            raise OutcomeUnknown("timeout", f"no answer within {within.total_s:g} s") from None
        except (_AnswerLost, aiohttp.ClientError, OSError) as error:
            raise OutcomeUnknown("answer_lost", type(error).__name__) from None


def _aiohttp_timeout(within: Timeouts) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=None, connect=within.connect_s, sock_connect=within.connect_s, sock_read=within.read_s
    )


def _payload(body: object, upload: Upload | None) -> dict[str, Any]:
    if upload is not None:
        form = aiohttp.FormData()
        form.add_field(
            upload.form_name,
            io.BytesIO(upload.content),
            filename=upload.filename,
            content_type=upload.content_type,
        )
        for name, value in upload.beside.items():
            form.add_field(name, value)
        return {"data": form}
    if body is None:
        return {}
    return {"data": encoded(body), "headers": {"Content-Type": "application/json; charset=utf-8"}}


async def _read(response: aiohttp.ClientResponse, limit: int) -> Answer:
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise OutcomeUnknown("oversized", f"an answer of more than {limit} bytes")
    named = response.content_disposition
    return Answer(
        status=response.status,
        content_type=response.content_type,
        filename=named.filename if named else None,
        body=bytes(body),
    )
