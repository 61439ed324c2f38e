"""The load harness: what it sends, another implementation can open; what is wrong, it counts as wrong."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bench.gateway.check import Judged, judge
from bench.gateway.client import Answer, ClientMissing, Fired, client_binary, fire
from bench.gateway.crypt import Account
from bench.gateway.messages import Asked, openid, plan, tail, talk, write_requests
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

ACCOUNT = Account(
    token="InventedToken",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    app_id="wx0123456789abcdef",
    original_id="gh_0123456789ab",
)
CRYPTO = WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.app_id)
NOW = 1_795_479_000
Fault = Callable[[int, TextReply], None]


def no_fault(_: int, __: TextReply) -> None:
    return


@contextmanager
def little_server(fault: Fault = no_fault) -> Iterator[int]:
    """Answers every message with its own text through wechatpy; `fault` may spoil a reply by its MsgId."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with suppress(ConnectionResetError):  # how the client hangs up
                super().handle()

        def do_POST(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            body = self.rfile.read(int(self.headers["Content-Length"]))
            opened = CRYPTO.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
            message = parse_message(opened)
            reply = TextReply(content=f"收到{message.content}", message=message, time=NOW)
            fault(int(message.id), reply)
            sealed = CRYPTO.encrypt_message(reply.render(), query["nonce"], query["timestamp"]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(sealed)))
            self.end_headers()
            self.wfile.write(sealed)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def fired_at(port: int, folder: Path, asked: list[Asked]) -> Fired:
    try:
        client_binary()
    except ClientMissing as missing:
        pytest.skip(str(missing))
    write_requests(folder / "requests", asked, account=ACCOUNT, seed=1, now=NOW)
    return fire(folder / "requests", port=port, connections=4)


def judged(fired: Fired, asked: list[Asked]) -> Judged:
    return judge(fired.answers, asked, account=ACCOUNT, expected=lambda text: f"收到{text}")


def test_every_right_reply_of_two_hundred_counts_as_right(tmp_path: Path) -> None:
    asked = plan(count=200, seed=1, say=talk, now=NOW)
    with little_server() as port:
        fired = fired_at(port, tmp_path, asked)
    found = judged(fired, asked)
    assert (fired.failed, len(fired.answers), found.messages) == (0, 200, 200)
    assert (found.wrong.total(), found.never, found.doubled) == (0, 0, 0)


def test_a_reply_to_another_person_and_one_with_other_words_are_counted_as_wrong(tmp_path: Path) -> None:
    asked = plan(count=50, seed=2, say=talk, now=NOW)

    def fault(number: int, reply: TextReply) -> None:
        if number == asked[7].number:
            reply.target = openid(-1)
        if number == asked[30].number:
            reply.content = "别的话"

    with little_server(fault) as port:
        found = judged(fired_at(port, tmp_path, asked), asked)
    assert found.wrong == {"addressee": 1, "words": 1}
    assert found.never == 2


def test_a_repeat_that_is_answered_otherwise_is_a_double_and_the_same_answer_is_none(tmp_path: Path) -> None:
    asked = plan(count=110, seed=3, say=talk, now=NOW, repeats=0.1)
    repeated = next(message for message in asked if asked.count(message) > 1)
    seen: list[int] = []

    def fault(number: int, reply: TextReply) -> None:
        seen.append(number)
        if number == repeated.number and seen.count(number) > 1:
            reply.content = f"{reply.content}，又来了"

    with little_server(fault) as port:
        found = judged(fired_at(port, tmp_path, asked), asked)
    assert (found.messages, found.wrong.total()) == (100, 0)
    assert found.doubled == 1


@pytest.mark.parametrize(
    ("status", "spoil", "why"),
    [
        (503, lambda body: body, "status 503"),
        (200, lambda body: b"success", "empty"),
        (200, lambda body: b"<xml></xml>", "not encrypted"),
        (200, lambda body: body.replace(b"<TimeStamp>1", b"<TimeStamp>2"), "signature"),
    ],
)
def test_a_spoilt_reply_is_named(status: int, spoil: Callable[[bytes], bytes], why: str) -> None:
    asked = plan(count=1, seed=4, say=talk, now=NOW)
    sealed = CRYPTO.encrypt_message("<xml></xml>", "nonce", str(NOW)).encode()
    answer = Answer(index=0, status=status, latency_ns=1, body=spoil(sealed))
    found = judge([answer], asked, account=ACCOUNT, expected=str)
    assert found.wrong == {why: 1}


def test_repeats_come_after_the_message_that_they_repeat_and_are_the_share_asked_for() -> None:
    asked = plan(count=1100, seed=5, say=talk, now=NOW, repeats=0.1)
    numbers = [message.number for message in asked]
    fresh = list(dict.fromkeys(numbers))
    assert (len(numbers), len(fresh)) == (1100, 1000)
    assert fresh == sorted(fresh)


def test_the_tail_of_every_text_is_its_last_digit_whatever_follows() -> None:
    rng = random.Random(6)
    texts = [talk(rng) for _ in range(500)]
    assert {len(text) == 1 for text in texts} == {True, False}
    assert all(
        text.rstrip("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjklmnpqrstuvwxyz")[-1] == tail(text) for text in texts
    )
