"""Single parts: opening a callback and sealing its reply beside wechatpy (the library that most would pick),
and what a decision, a question and a picture of the day cost.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from bench import conversation
from bench.gateway.crypt import Account
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.values import Question, Vehicle
from daxiang.integrations.wechat.protocol import Protocol
from daxiang.integrations.wechat.replies import text_reply
from daxiang.kernel.clock import SHANGHAI

ROUNDS, CALLS, NOW = 7, 400, 1_795_479_000
ACCOUNT = Account(
    token="InventedToken",  # noqa: S106 (invented)
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    app_id="wx0123456789abcdef",
    original_id="gh_invented",
)
MESSAGE = (
    "<xml><ToUserName><![CDATA[gh_invented]]></ToUserName><FromUserName><![CDATA[oInvented]]></FromUserName>"
    f"<CreateTime>{NOW}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[5]]></Content>"
    "<MsgId>24501187302119</MsgId></xml>"
)
ANSWER = "尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。" * 4
Exchange = Callable[[], object]


def ours(query: bytes, body: bytes, *, is_strict: bool) -> Exchange:
    """The whole of it: query string, both signatures, age, recipient, and back."""
    protocol = Protocol(
        token=ACCOUNT.token,
        app_id=ACCOUNT.app_id,
        original_id=ACCOUNT.original_id,
        aes_key=ACCOUNT.aes_key,
        is_strict=is_strict,
    )

    def exchange() -> bytes:
        incoming = protocol.open(query, body, now=NOW)
        message = incoming.message
        reply = text_reply(to_user=message.from_user, from_user=message.to_user, created=NOW, content=ANSWER)
        return protocol.close(incoming, reply, now=NOW)

    return exchange


def wechatpy(body: bytes, signature: str) -> Exchange:
    """The query is taken apart for it beforehand."""
    crypto, timestamp = WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.app_id), str(NOW)

    def exchange() -> str:
        message = parse_message(crypto.decrypt_message(body, signature, timestamp, "2"))
        reply = TextReply(content=ANSWER, message=message).render()
        return str(crypto.encrypt_message(reply, "2", timestamp))

    return exchange


def exchanges() -> tuple[Exchange, Exchange, Exchange]:
    """The same message for ours, ours without its fast path, and wechatpy."""
    encrypted, timestamp = ACCOUNT.encrypt(MESSAGE.encode()), str(NOW)
    proof = ACCOUNT.signature(timestamp, "2", encrypted)
    query = (
        f"signature={ACCOUNT.signature(timestamp, '2')}&timestamp={timestamp}&nonce=2&openid=oInvented"
        f"&encrypt_type=aes&msg_signature={proof}"
    ).encode()
    body = (
        "<xml><ToUserName><![CDATA[gh_invented]]></ToUserName>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    ).encode()
    fast, strict = (ours(query, body, is_strict=is_strict) for is_strict in (False, True))
    return fast, strict, wechatpy(body, proof)


def microseconds(work: Exchange, calls: int = CALLS) -> float:
    began = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - began) / calls * 1e6


def decisions() -> Exchange:
    cards, start = load_city("wuhan"), datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
    questions = [
        Question(
            place="changjiang-bridge", at=start + timedelta(minutes=97 * n), vehicle=Vehicle(tail=str(n % 10))
        )
        for n in range(1000)
    ]

    def all_of_them() -> None:
        for question in questions:
            decide(cards, question)

    all_of_them()  # the day plans of a running process are there already
    return all_of_them


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Microseconds, medians of alternated rounds."""

    ours_us: float
    strict_us: float
    wechatpy_us: float
    ratio: float
    """wechatpy beside ours: the median of the rounds' own ratios."""
    decision_us: float
    question_us: float
    """CPU of one question, understood and answered: the mean over what people type."""
    picture_ms: float
    """CPU of a warm picture of the day."""


def measure_parts() -> Parts:
    """Some seconds, in this process, without a database."""
    works = exchanges()
    rounds = [tuple(microseconds(work) for work in works) for _ in range(ROUNDS)]
    mine, strict, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    return Parts(
        ours_us=mine,
        strict_us=strict,
        wechatpy_us=theirs,
        ratio=statistics.median(one[2] / one[0] for one in rounds),
        decision_us=statistics.median(microseconds(decisions(), 5) for _ in range(3)) / 1000,
        question_us=conversation.mean_us(conversation.kinds_of(conversation.measure())),
        picture_ms=conversation.picture_ms()[0],
    )


def lines(parts: Parts) -> list[str]:
    """The figures for a person at a terminal."""
    a_second = f"{1e6 / parts.decision_us:,.0f} a second on a core"
    return [
        f"{'one message: open, read, write, seal':44} µs, median of {ROUNDS} alternated rounds",
        f"{'  daxiang':44} {parts.ours_us:8.1f}",
        f"{'  daxiang, strict parser alone':44} {parts.strict_us:8.1f}",
        f"{'  wechatpy':44} {parts.wechatpy_us:8.1f}   ratio {parts.ratio:.2f}",
        f"{'one decision with its `until` and reason':44} {parts.decision_us:8.1f}   {a_second}",
        f"{'one question, understood and answered':44} {parts.question_us:8.1f}   µs of CPU, the mix's mean",
        f"{'a picture of the day, warm':44} {parts.picture_ms:8.1f}   ms of CPU",
    ]
