"""Single parts: opening a callback and sealing its reply beside wechatpy (the library that most would pick),
and what a decision costs.
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

from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.values import Question, Vehicle
from daxiang.integrations.wechat.bodies import parse_fields
from daxiang.integrations.wechat.envelope import Envelope
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.replies import sealed_reply, text_reply
from daxiang.kernel.clock import SHANGHAI

ROUNDS, CALLS = 7, 400
TOKEN, KEY, APP_ID = "InventedToken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx0123456789abcdef"
MESSAGE = (
    "<xml><ToUserName><![CDATA[gh_invented]]></ToUserName><FromUserName><![CDATA[oInvented]]></FromUserName>"
    "<CreateTime>1795479000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[5]]></Content>"
    "<MsgId>24501187302119</MsgId></xml>"
)
ANSWER = "尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。" * 4


def ours(outer: bytes, signature: str) -> Callable[[], object]:
    envelope = Envelope(token=TOKEN, app_id=APP_ID, aes_key=KEY)

    def exchange() -> bytes:
        encrypted = parse_fields(outer)["Encrypt"].encode()
        opened = envelope.open(encrypted=encrypted, given=signature.encode(), timestamp=b"1", nonce=b"2")
        message = read_message(opened.message)
        reply = text_reply(to_user=message.from_user, from_user=message.to_user, created=1, content=ANSWER)
        sealed, proof = envelope.seal(reply, timestamp=b"1", nonce=b"2")
        return sealed_reply(encrypted=sealed, signature=proof, timestamp=b"1", nonce=b"2")

    return exchange


def wechatpy(outer: bytes, signature: str) -> Callable[[], object]:
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)

    def exchange() -> str:
        message = parse_message(crypto.decrypt_message(outer, signature, "1", "2"))
        reply = TextReply(content=ANSWER, message=message).render()
        return str(crypto.encrypt_message(reply, "2", "1"))

    return exchange


def microseconds(work: Callable[[], object], calls: int = CALLS) -> float:
    began = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - began) / calls * 1e6


def decisions() -> Callable[[], object]:
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
    wechatpy_us: float
    ratio: float
    """Median of the rounds' own ratios."""
    decision_us: float


def measure_parts() -> Parts:
    """Some seconds, in this process, without a database."""
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    outer = parse_fields(crypto.encrypt_message(MESSAGE, "2", "1").encode())
    body = f"<xml><Encrypt><![CDATA[{outer['Encrypt']}]]></Encrypt></xml>".encode()
    pair = (ours(body, outer["MsgSignature"]), wechatpy(body, outer["MsgSignature"]))
    rounds = [tuple(microseconds(work) for work in pair) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    return Parts(
        ours_us=mine,
        wechatpy_us=theirs,
        ratio=statistics.median(their / my for my, their in rounds),
        decision_us=statistics.median(microseconds(decisions(), 5) for _ in range(3)) / 1000,
    )


def lines(parts: Parts) -> list[str]:
    """The figures for a person at a terminal."""
    a_second = f"{1e6 / parts.decision_us:,.0f} a second on a core"
    return [
        f"{'one message: open, read, write, seal':44} µs, median of {ROUNDS} alternated rounds",
        f"{'  daxiang (strict parser)':44} {parts.ours_us:8.1f}",
        f"{'  wechatpy':44} {parts.wechatpy_us:8.1f}   ratio {parts.ratio:.2f}",
        f"{'one decision with its `until` and reason':44} {parts.decision_us:8.1f}   {a_second}",
    ]
