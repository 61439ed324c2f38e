"""The least that a careful Python gateway costs: plain ASGI, bytes all through, one anchored regexp for each
of the two shapes, a group insert. It understands nothing else and answers a fixed sentence: a yardstick, no
product.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import time
from binascii import a2b_base64, b2a_base64
from hmac import compare_digest
from typing import Any

from account import AES_KEY, APP_ID, TOKEN, answer
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from group_insert import lifespan, read_body, respond, rows

_KEY = base64.b64decode(AES_KEY + "=")
_CIPHER = Cipher(algorithms.AES(_KEY), modes.CBC(_KEY[:16]))
_TOKEN, _APP_ID = TOKEN.encode(), APP_ID.encode()
_PADDING = [32 - (20 + size + len(_APP_ID)) % 32 for size in range(32)]
_TAIL = [_APP_ID + bytes((padding,)) * padding for padding in _PADDING]
_CDATA = rb"<!\[CDATA\[%b\]\]>"
_TO = rb"<ToUserName>" + _CDATA % rb"([\w@.-]*)" + rb"</ToUserName>\s*"
_OUTER = re.compile(
    rb"\s*<xml>\s*" + _TO + rb"<Encrypt>" + _CDATA % rb"([A-Za-z0-9+/=]+)" + rb"</Encrypt>\s*</xml>\s*"
).fullmatch
_TEXT = re.compile(
    rb"\s*<xml>\s*"
    + _TO
    + rb"<FromUserName>"
    + _CDATA % rb"([\w@.-]+)"
    + rb"</FromUserName>\s*<CreateTime>(\d+)</CreateTime>\s*<MsgType>"
    + _CDATA % rb"(text)"
    + rb"</MsgType>\s*<Content>"
    + _CDATA % rb"((?:(?!\]\]>).)*)"
    + rb"</Content>\s*<MsgId>(\d+)</MsgId>\s*</xml>\s*",
    re.DOTALL,
).fullmatch
_REPLY = (
    b"<xml><ToUserName><![CDATA[%b]]></ToUserName><FromUserName><![CDATA[%b]]></FromUserName>"
    b"<CreateTime>%b</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%b]]></Content></xml>"
)
_SEALED = (
    b"<xml><Encrypt><![CDATA[%b]]></Encrypt><MsgSignature><![CDATA[%b]]></MsgSignature>"
    b"<TimeStamp>%b</TimeStamp><Nonce><![CDATA[%b]]></Nonce></xml>"
)
Query = dict[bytes, bytes]
Message = tuple[bytes, ...]
"""To, from, created, kind, content, MsgId."""


def _signature(*parts: bytes) -> bytes:
    return hashlib.sha1(b"".join(sorted((_TOKEN, *parts)))).hexdigest().encode()  # noqa: S324 (WeChat's)


def opened(query: Query, body: bytes) -> Message | None:
    """None when a signature or the shape is wrong."""
    timestamp, nonce = query[b"timestamp"], query[b"nonce"]
    outer = _OUTER(body)
    if outer is None or not compare_digest(_signature(timestamp, nonce), query[b"signature"]):
        return None
    if not compare_digest(_signature(timestamp, nonce, outer[2]), query[b"msg_signature"]):
        return None
    raw = _CIPHER.decryptor().update(a2b_base64(outer[2]))
    end = 20 + int.from_bytes(raw[16:20], "big")
    text = _TEXT(raw[20:end])
    return text.groups() if text is not None and raw[end : -raw[-1]] == _APP_ID else None


def sealed(query: Query, message: Message) -> bytes:
    now, nonce = b"%d" % time.time(), query[b"nonce"]
    words = answer(message[4].decode()).replace("]]>", "]]]]><![CDATA[>").encode()
    reply = _REPLY % (message[1], message[0], now, words)
    size = len(reply)
    raw = b"".join((os.urandom(16), size.to_bytes(4, "big"), reply, _TAIL[size % 32]))
    encrypted = b2a_base64(_CIPHER.encryptor().update(raw), newline=False)
    return _SEALED % (encrypted, _signature(now, nonce, encrypted), now, nonce)


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    if scope["method"] != "POST":
        await respond(send, 404, b"")
        return
    body = await read_body(receive)
    query = dict(part.split(b"=", 1) for part in scope["query_string"].split(b"&"))
    message = opened(query, body)
    if message is None:
        await respond(send, 403, b"")
        return
    row = int(message[5]), message[1].decode(), message[3].decode(), message[4].decode(), int(message[2])
    await respond(send, 200, sealed(query, message) if await rows.keep(row) else b"")
