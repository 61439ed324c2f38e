"""Requests that no genuine platform sends, by kind. Each is one raw HTTP request; seeded, all invented."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from bench.gateway.crypt import Account
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PATH = "/wechat/service"
FIRST_MSG_ID = 26_000_000_000_000_000


@dataclass(kw_only=True)
class Forger:
    """Knows the account as its owner does; a kind leaves out, or spoils, one thing that a stranger lacks."""

    account: Account
    other: Account
    rng: random.Random
    number: int = 0

    def plain(self, text: str = "5", *, to: str | None = None, created: int | None = None) -> bytes:
        self.number += 1
        return (
            f"<xml><ToUserName><![CDATA[{to or self.account.original_id}]]></ToUserName>"
            f"<FromUserName><![CDATA[oForged{self.number:08}Nobody]]></FromUserName>"
            f"<CreateTime>{created or int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{text}]]></Content><MsgId>{FIRST_MSG_ID + self.number}</MsgId></xml>"
        ).encode()

    def raw(self, message: bytes, *, app_id: bytes | None = None, length: int | None = None) -> bytes:
        """The bytes under the cipher, without padding."""
        size = len(message) if length is None else length
        tail = self.account.app_id.encode() if app_id is None else app_id
        return self.rng.randbytes(16) + size.to_bytes(4, "big") + message + tail

    def padded(self, raw: bytes) -> bytes:
        pad = 32 - len(raw) % 32
        return raw + bytes((pad,)) * pad

    def sealed(self, under_the_cipher: bytes) -> str:
        key = base64.b64decode(self.account.aes_key + "=")
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(encryptor.update(under_the_cipher) + encryptor.finalize()).decode()

    def nonce(self) -> str:
        return str(self.rng.randrange(10**9, 10**10))

    def query(
        self,
        encrypted: str,
        *,
        signer: Account | None = None,
        timestamp: str | None = None,
        changed: Mapping[str, str | None] | None = None,
    ) -> str:
        """The query of a genuine call; `changed` replaces a parameter, None leaves it out."""
        signer, nonce = signer or self.account, self.nonce()
        moment = str(int(time.time())) if timestamp is None else timestamp
        words: dict[str, str | None] = {
            "signature": signer.signature(moment, nonce),
            "timestamp": moment,
            "nonce": nonce,
            "openid": "oForgedNobody",
            "encrypt_type": "aes",
            "msg_signature": signer.signature(moment, nonce, encrypted),
        }
        words |= changed or {}
        return "&".join(
            f"{name}={quote(value, safe='')}" for name, value in words.items() if value is not None
        )

    def request(
        self,
        query: str,
        body: bytes,
        *,
        method: str = "POST",
        path: str = PATH,
        headers: str = "",
        length: int | None = None,
    ) -> bytes:
        size = len(body) if length is None else length
        head = f"{method} {path}?{query} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {size}\r\n\r\n"
        return head.encode("latin-1") + body

    def genuine(self, text: str = "5", **more: str) -> bytes:
        encrypted = self.sealed(self.padded(self.raw(self.plain(text))))
        return self.request(self.query(encrypted), outer(encrypted), **more)  # type: ignore[arg-type] # all words


Kind = Callable[[Forger], bytes]


def outer(encrypted: str) -> bytes:
    return f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


def _query(**changed: str | None) -> Kind:
    """A sealed message whose query is wrong."""

    def make(forger: Forger) -> bytes:
        encrypted = forger.account.encrypt(forger.plain())
        return forger.request(forger.query(encrypted, changed=changed), outer(encrypted))

    return make


def _age(seconds: int) -> Kind:
    def make(forger: Forger) -> bytes:
        encrypted = forger.account.encrypt(forger.plain())
        return forger.request(
            forger.query(encrypted, timestamp=str(int(time.time()) + seconds)), outer(encrypted)
        )

    return make


def _stamp(timestamp: str) -> Kind:
    def make(forger: Forger) -> bytes:
        encrypted = forger.account.encrypt(forger.plain())
        return forger.request(forger.query(encrypted, timestamp=timestamp), outer(encrypted))

    return make


def _cipher(spoil: Callable[[Forger], bytes]) -> Kind:
    """Signed rightly, wrong under the cipher."""

    def make(forger: Forger) -> bytes:
        encrypted = forger.sealed(spoil(forger))
        return forger.request(forger.query(encrypted), outer(encrypted))

    return make


def _encrypt(spoil: Callable[[Forger, str], str]) -> Kind:
    """Signed rightly over an `Encrypt` that is none."""

    def make(forger: Forger) -> bytes:
        encrypted = spoil(forger, forger.account.encrypt(forger.plain()))
        return forger.request(forger.query(encrypted), outer(encrypted))

    return make


def _inside(plain: Callable[[Forger], bytes]) -> Kind:
    """Sealed and signed rightly around a body that no platform writes."""
    return _cipher(lambda forger: forger.padded(forger.raw(plain(forger))))


def _outside(body: Callable[[Forger], bytes]) -> Kind:
    """A hostile outer body under a query that was right for another."""

    def make(forger: Forger) -> bytes:
        return forger.request(forger.query(forger.account.encrypt(forger.plain())), body(forger))

    return make


def _signed_by_other(forger: Forger) -> bytes:
    encrypted = forger.other.encrypt(forger.plain())
    return forger.request(forger.query(encrypted, signer=forger.other), outer(encrypted))


def _sealed_by_other(forger: Forger) -> bytes:
    encrypted = forger.other.encrypt(forger.plain())
    return forger.request(forger.query(encrypted), outer(encrypted))


def _reused_query(forger: Forger) -> bytes:
    query = forger.query(forger.account.encrypt(forger.plain()))
    return forger.request(query, outer(forger.account.encrypt(forger.plain("6"))))


def _signature_in_its_place(forger: Forger) -> bytes:
    encrypted, nonce, moment = forger.account.encrypt(forger.plain()), forger.nonce(), str(int(time.time()))
    proof = forger.account.signature(moment, nonce)
    query = f"signature={proof}&timestamp={moment}&nonce={nonce}&encrypt_type=aes&msg_signature={proof}"
    return forger.request(query, outer(encrypted))


def _twice(name: str) -> Kind:
    def make(forger: Forger) -> bytes:
        encrypted = forger.account.encrypt(forger.plain())
        return forger.request(forger.query(encrypted) + f"&{name}=1", outer(encrypted))

    return make


def _plain_in_safe_mode(forger: Forger) -> bytes:
    query = forger.query("", changed={"encrypt_type": None, "msg_signature": None})
    return forger.request(query, forger.plain())


def _forged_copies(forger: Forger) -> bytes:
    spoiled = forger.other.encrypt(forger.plain())
    body = forger.plain("我要转账").replace(b"</xml>", b"<Encrypt>%b</Encrypt></xml>" % spoiled.encode())
    return forger.request(forger.query(spoiled), body)


def _bit_flipped(forger: Forger) -> bytes:
    encrypted = bytearray(base64.b64decode(forger.account.encrypt(forger.plain())))
    encrypted[-20] ^= 1 << forger.rng.randrange(8)
    again = base64.b64encode(bytes(encrypted)).decode()
    return forger.request(forger.query(again), outer(again))


def _method(method: str) -> Kind:
    return lambda forger: forger.genuine(method=method)


def _path(path: str) -> Kind:
    return lambda forger: forger.genuine(path=path)


def _laughs(_: Forger) -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE xml [<!ENTITY l0 "ha">{lines}]><xml><Encrypt>&l11;</Encrypt></xml>'.encode()


def _quadratic(_: Forger) -> bytes:
    return f'<!DOCTYPE x [<!ENTITY a "{"a" * 20000}">]><xml><Encrypt>{"&a;" * 5000}</Encrypt></xml>'.encode()


def _external(_: Forger) -> bytes:
    return b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml><Encrypt>&e;</Encrypt></xml>'


def _deep(_: Forger) -> bytes:
    return b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>"


def _bad_padding(pad: Callable[[bytes], bytes]) -> Kind:
    return _cipher(lambda forger: pad(forger.padded(forger.raw(forger.plain()))))


KINDS: dict[str, Kind] = {
    "signed with another token": _signed_by_other,
    "sealed with another key": _sealed_by_other,
    "no msg_signature": _query(msg_signature=None),
    "empty msg_signature": _query(msg_signature=""),
    "cut msg_signature": _query(msg_signature="0" * 39),
    "msg_signature not ASCII": _query(msg_signature="签" * 20),
    "signature in place of msg_signature": _signature_in_its_place,
    "query of another body": _reused_query,
    "no timestamp": _query(timestamp=None),
    "no nonce": _query(nonce=None),
    "timestamp twice": _twice("timestamp"),
    "nonce twice": _twice("nonce"),
    "msg_signature twice": _twice("msg_signature"),
    "encrypt_type raw": _query(encrypt_type="raw"),
    "encrypt_type unknown": _query(encrypt_type="des"),
    "old": _age(-301),
    "very old": _age(-86_400),
    "of the future": _age(400),
    "timestamp of 400 digits": _stamp("9" * 400),
    "timestamp below zero": _stamp("-1"),
    "timestamp in words": _stamp("now"),
    "timestamp of Arabic digits": _stamp("١٧٩٥٤٧٩٠٠٠"),
    "padding of zero": _bad_padding(lambda raw: raw[:-1] + b"\0"),
    "padding over 32": _bad_padding(lambda raw: raw[:-1] + b"\x21"),
    "padding that disagrees": _bad_padding(lambda raw: raw[:-2] + b"\xff" + b"\x10"),
    "app id of another": _cipher(
        lambda forger: forger.padded(forger.raw(forger.plain(), app_id=b"wx" + b"0" * 16))
    ),
    "no app id": _cipher(lambda forger: forger.padded(forger.raw(forger.plain(), app_id=b""))),
    "length too large": _cipher(lambda forger: forger.padded(forger.raw(forger.plain(), length=60_000))),
    "length of four gigabytes": _cipher(
        lambda forger: forger.padded(forger.raw(forger.plain(), length=2**32 - 1))
    ),
    "length too small": _cipher(lambda forger: forger.padded(forger.raw(forger.plain(), length=3))),
    "nothing but padding": _cipher(lambda _: b"\x20" * 32),
    "ciphertext cut": _encrypt(lambda _, text: text[: len(text) // 2 // 4 * 4 - 4]),
    "ciphertext empty": _encrypt(lambda _, __: ""),
    "ciphertext not base64": _encrypt(lambda _, text: "!" + text[1:]),
    "ciphertext with a bit flipped": _bit_flipped,
    "plain body in safe mode": _plain_in_safe_mode,
    "forged plain copies": _forged_copies,
    "external entity": _outside(_external),
    "billion laughs": _outside(_laughs),
    "quadratic blow-up": _outside(_quadratic),
    "deep nesting": _outside(_deep),
    "UTF-16": _outside(lambda forger: outer("x").decode().encode("utf-16")),
    "UTF-7": _outside(lambda _: b'<?xml version="1.0" encoding="utf-7"?><xml><Encrypt>+ADw-</Encrypt></xml>'),
    "NUL bytes": _outside(lambda _: b"\0" * 500),
    "no body": _outside(lambda _: b""),
    "JSON bomb": _outside(lambda _: b'{"Encrypt":' + b"[" * 30_000),
    "JSON of numbers": _outside(lambda _: b'{"Encrypt":' + b"9" * 60_000 + b"}"),
    "entity inside the seal": _inside(_external),
    "laughs inside the seal": _inside(_laughs),
    "deep inside the seal": _inside(lambda _: b"<xml>" + b"<a>" * 500 + b"</a>" * 500 + b"</xml>"),
    "another recipient inside the seal": _inside(lambda forger: forger.plain(to="gh_somebodyelse")),
    "no fields inside the seal": _inside(lambda _: b"<xml></xml>"),
    "garbage inside the seal": _inside(lambda forger: forger.rng.randbytes(300)),
    "account that is not there": _path("/wechat/nobody"),
    "path below the account": _path("/wechat/service/x"),
    "path with dots": _path("/wechat/../wechat/service"),
    "account of another key": _path("/wechat/subscription"),
    "PUT": _method("PUT"),
    "DELETE": _method("DELETE"),
    "PATCH": _method("PATCH"),
    "GET with a forged signature": lambda forger: forger.request(
        forger.query("", changed={"signature": "0" * 40, "echostr": "1"}), b"", method="GET"
    ),
    "body of 70 KB": _outside(lambda _: b"<xml>" + b"x" * 70_000),
    "length of 10 MB announced": lambda forger: forger.request(
        forger.query("x"), b"<xml>", length=10_000_000
    ),
    "two lengths": lambda forger: forger.request(
        forger.query("x"), b"<xml></xml>", headers="Content-Length: 5\r\n"
    ),
    "length in words": lambda forger: forger.request(forger.query("x"), b"").replace(
        b"Length: 0", b"Length: ten"
    ),
    "chunks without end": lambda forger: (
        f"POST {PATH}?{forger.query('x')} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        + (b"4000\r\n" + b"x" * 0x4000 + b"\r\n") * 6
    ),
    "a hundred headers": lambda forger: forger.request(
        forger.query("x"), b"", headers="".join(f"X-{n}: {n}\r\n" for n in range(100))
    ),
    "a head of 20 KB": lambda forger: forger.request(
        forger.query("x"), b"", headers=f"X: {'x' * 20_000}\r\n"
    ),
    "query of 20 KB": lambda forger: forger.request("a=" + "x" * 20_000, b""),
    "no HTTP at all": lambda forger: (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + forger.rng.randbytes(64)
    ),
    "HTTP that ends in the middle": lambda _: b"POST /wechat/service HTTP/1.1\r\nHost x\r\n\r\n",
}
"""What it is -> how one is made."""
