"""One callback as the platform makes it: sealed, signed, given 5 s, tried three times, its reply checked.

Source: developers.weixin.qq.com, "被动回复用户消息" (5 s, three tries,
the sentence about a fault) and "消息加解密说明".
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiohttp
from yarl import URL

from . import bodies, envelope
from .accounts import Account
from .bodies import text_at
from .messages import Message
from .replies import Reply, ReplyRefused, read_reply, read_tree

TRIES = 3
TIMEOUT_S = 5.0
RETRY_PAUSE_S = 2.5
"""Pause after a try that found nobody listening, or a broken line; after a timeout the next leaves at once.

The real platform's pause is not published. Two pauses make 5 s, so a service that restarts within 5 s is
still met by the third try.
"""
CONNECTIONS = 2000
KEEP_ALIVE_S = 3.0
"""Shorter than the 5 s after which common servers close an idle line, lest we write into a closing one."""

_XML, _JSON = {"Content-Type": "text/xml"}, {"Content-Type": "application/json"}


class Outcome(StrEnum):
    """What a callback came to, once all its tries are over."""

    ANSWERED = "answered"
    EMPTY = "empty"
    SERVICE_ERROR = "service_error"


class TryFailed(Exception):
    """One try brought no usable answer; the message says why; `pause_s`: the wait before the next."""

    def __init__(self, reason: str, *, pause_s: float = 0.0) -> None:
        super().__init__(reason)
        self.pause_s = pause_s


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """The story of one callback. `request` and `response` are of the last try; `failures` one a bad try.

    `attempts` has each try as it went over the line: {started, elapsed_ms, url, sealed, answer, status,
    failure}.
    """

    outcome: Outcome
    reply: Reply | None
    tries: int
    elapsed_ms: float
    failures: tuple[str, ...]
    request: str
    response: str
    attempts: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Request:
    """One try, sealed and signed: fresh random, nonce and timestamp around the same plain body.

    `key` is the one that sealed it: while keys are changed, some callbacks already use the next one.
    """

    url: str
    body: str
    plain: str
    key: bytes
    is_json: bool


def build_request(account: Account, message: Message, *, timestamp: int) -> Request:
    """Seal and sign one try according to the account's mode."""
    is_json = account.setting("format") == "json"
    tree = message.tree(original_id=account.original_id)
    plain = bodies.write(tree, is_json=is_json)
    nonce = str(secrets.randbelow(10**10))
    key = _key_for(account, message)
    query = {
        "signature": envelope.sign(account.token, str(timestamp), nonce),
        "timestamp": str(timestamp),
        "nonce": nonce,
        "openid": message.openid,
    }
    body = plain
    if account.mode != "plain":
        random = secrets.token_hex(8).encode()
        sealed = envelope.seal(key=key, app_id=account.app_id, text=plain.encode(), random=random)
        query["encrypt_type"] = "aes"
        query["msg_signature"] = envelope.sign(account.token, str(timestamp), nonce, sealed)
        outer = tree if account.mode == "compatible" else {"ToUserName": account.original_id}
        body = bodies.write({**outer, "Encrypt": sealed}, is_json=is_json)
    mark = "&" if "?" in account.callback else "?"
    # Nothing here needs quoting: digits, hexadecimal, and an openid of letters, digits, - and _.
    joined = "&".join(f"{name}={value}" for name, value in query.items())
    return Request(url=f"{account.callback}{mark}{joined}", body=body, plain=plain, key=key, is_json=is_json)


def _key_for(account: Account, message: Message) -> bytes:
    """The key of a message, the same at every try; a share of all messages already has the next one."""
    share = (message.msg_id * 2654435761 % 2**32) / 2**32
    return account.next_key if account.next_key and share < account.setting("next_key_share") else account.key


def open_reply(body: str, account: Account, message: Message, sent: Request) -> tuple[Reply | None, str]:
    """The reply in a response body, and its readable text; (None, …) for an acknowledgement without words.

    Raises ReplyRefused for anything the platform would not accept: a forged signature, another key or app id,
    a reply to somebody else, plain words in safe mode.
    """
    if body.strip() in {"", "success"}:
        return None, body
    plain = body
    tree = read_tree(body, is_json=sent.is_json)
    sealed = text_at(tree, "Encrypt")
    if sealed and account.mode != "plain":
        expected = envelope.sign(account.token, text_at(tree, "TimeStamp"), text_at(tree, "Nonce"), sealed)
        if not envelope.same_signature(text_at(tree, "MsgSignature"), expected):
            raise ReplyRefused("答复的 MsgSignature 不对")
        try:
            plain = envelope.unseal(key=sent.key, app_id=account.app_id, sealed=sealed).decode()
        except (envelope.EnvelopeRefused, UnicodeDecodeError) as error:
            raise ReplyRefused(f"答复解不开：{error}") from error
    elif account.mode == "safe":
        raise ReplyRefused("安全模式的答复没有加密")
    if plain.strip() in {"", "success"}:
        return None, plain
    reply = read_reply(plain, openid=message.openid, original_id=account.original_id, is_json=sent.is_json)
    if reply["kind"] == "news" and not message.is_event and account.setting("one_article_replies"):
        reply["articles"] = reply["articles"][:1]
    return reply, plain


class CallbackSender:
    """Makes callbacks over kept-alive connections. `now` is business time; the durations are for tests."""

    def __init__(
        self, *, now: Callable[[], float], retry_pause_s: float = RETRY_PAUSE_S, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._now = now
        self._retry_pause_s = retry_pause_s
        self._timeout_s = timeout_s
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Mozilla/4.0"},
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def deliver(
        self, account: Account, message: Message, before_try: Callable[[int], Awaitable[None]]
    ) -> Exchange:
        """Bring a message to the account's service. `before_try` records each try before it leaves."""
        begun = time.monotonic()
        attempts: list[dict[str, Any]] = []
        request, reply, response = "", None, ""
        for number in range(1, TRIES + 1):
            await before_try(number)
            built = build_request(account, message, timestamp=int(self._now()))
            request = f"POST {built.url}\n\n{built.plain}"
            attempt = {"started": time.time(), "elapsed_ms": 0.0, "url": built.url, "sealed": built.body}
            attempt |= {"answer": "", "status": None, "failure": None}
            attempts.append(attempt)
            try:
                response = await self._post(built, attempt)
                reply, response = _judged(response, account, message, built)
            except TryFailed as failure:
                attempt["failure"] = str(failure)
                if number < TRIES:
                    await asyncio.sleep(failure.pause_s)
                continue
            outcome = Outcome.EMPTY if reply is None else Outcome.ANSWERED
            return _exchange(outcome, reply, begun, attempts, request, response)
        return _exchange(Outcome.SERVICE_ERROR, None, begun, attempts, request, response)

    async def _post(self, built: Request, attempt: dict[str, Any]) -> str:
        """The body of a 200; what came and how long it took is noted in `attempt`. Raises TryFailed."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_s):
                async with self._session.post(
                    URL(built.url, encoded=True),
                    data=built.body.encode(),
                    headers=_JSON if built.is_json else _XML,
                    allow_redirects=False,
                ) as response:
                    attempt["status"] = response.status
                    body = (await response.read()).decode("utf-8", "replace")
        except TimeoutError as error:
            raise TryFailed(f"{self._timeout_s:g} 秒没有答复") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise TryFailed(f"连不上：{type(error).__name__}", pause_s=self._retry_pause_s) from error
        finally:
            attempt["elapsed_ms"] = round((time.monotonic() - begun) * 1000, 1)
        attempt["answer"] = body
        if response.status != 200:
            raise TryFailed(f"HTTP {response.status}")
        return body


def _judged(body: str, account: Account, message: Message, sent: Request) -> tuple[Reply | None, str]:
    try:
        return open_reply(body, account, message, sent)
    except ReplyRefused as refused:
        raise TryFailed(str(refused)) from refused


def _exchange(
    outcome: Outcome,
    reply: Reply | None,
    begun: float,
    attempts: list[dict[str, Any]],
    request: str,
    response: str,
) -> Exchange:
    return Exchange(
        outcome=outcome,
        reply=reply,
        tries=len(attempts),
        elapsed_ms=round((time.monotonic() - begun) * 1000, 1),
        failures=tuple(one["failure"] for one in attempts if one["failure"] is not None),
        request=request,
        response=response,
        attempts=tuple(attempts),
    )
