"""Callbacks as the platform makes them: an account, sealed bodies, signed addresses."""

from __future__ import annotations

from typing import Any

from daxiang.integrations.wechat.envelope import Envelope, signature
from daxiang.integrations.wechat.protocol import Protocol

TOKEN, APP_ID, ORIGINAL_ID = "InventedToken", "wx0123456789abcdef", "gh_invented12345"
KEY, OLD_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "A" * 43
NOW = 1795479000
NONCE = b"415670741"
TEXT = (
    f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName><FromUserName><![CDATA[oInvented]]></FromUserName>"
    f"<CreateTime>{NOW}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[尾号5]]></Content>"
    "<MsgId>24501187302119</MsgId></xml>"
).encode()


def protocol(**changed: Any) -> Protocol:
    account = {"token": TOKEN, "app_id": APP_ID, "original_id": ORIGINAL_ID, "aes_key": KEY}
    return Protocol(**{**account, **changed})


def envelope(**changed: Any) -> Envelope:
    return Envelope(**{"token": TOKEN, "app_id": APP_ID, "aes_key": KEY, **changed})


def signed_query(
    encrypted: bytes | None, *, at: int = NOW, token: str = TOKEN, nonce: bytes = NONCE
) -> bytes:
    """The address of a callback; sealed unless `encrypted` is None."""
    timestamp = b"%d" % at
    plain = b"signature=%b&timestamp=%b&nonce=%b&openid=oInvented" % (
        signature(token.encode(), timestamp, nonce),
        timestamp,
        nonce,
    )
    if encrypted is None:
        return plain
    proof = signature(token.encode(), timestamp, nonce, encrypted)
    return plain + b"&encrypt_type=aes&msg_signature=" + proof


def outer(encrypted: bytes, copies: bytes = b"") -> bytes:
    """A sealed body; `copies` are the plain fields that compatible mode adds."""
    copies = copies or f"<ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>".encode()
    return b"<xml>%b<Encrypt><![CDATA[%b]]></Encrypt></xml>" % (copies, encrypted)


def sealed(message: bytes = TEXT, *, at: int = NOW, **changed: Any) -> tuple[bytes, bytes]:
    """(query, body) of a genuine safe-mode callback of the account, but for what is changed."""
    encrypted, _ = envelope(**changed).seal(message, timestamp=b"1", nonce=b"2")
    return signed_query(encrypted, at=at, token=changed.get("token", TOKEN)), outer(encrypted)
