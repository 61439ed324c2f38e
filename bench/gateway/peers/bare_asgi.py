"""The same job written plainly: ASGI, expat, hand-written envelope, a group insert."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
from typing import Any
from urllib.parse import parse_qsl
from xml.parsers import expat

from account import AES_KEY, APP_ID, TOKEN, answer
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from group_insert import lifespan, read_body, respond, rows

_KEY = base64.b64decode(AES_KEY + "=")
_CIPHER = Cipher(algorithms.AES(_KEY), modes.CBC(_KEY[:16]))
Fields = dict[str, str]


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted((TOKEN, *parts))).encode()).hexdigest()  # noqa: S324 (WeChat's)


def parse(xml: bytes) -> Fields:
    """One level of elements; a DOCTYPE is refused."""
    found: Fields = {}
    text: list[str] = []

    def end(name: str) -> None:
        found[name] = "".join(text)

    def doctype(*_: object) -> None:
        raise ValueError("doctype")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, _: text.clear()
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(xml, True)
    return found


def opened(query: Fields, body: bytes) -> Fields | None:
    """None when a signature or the app id is wrong."""
    timestamp, nonce = query["timestamp"], query["nonce"]
    if not hmac.compare_digest(signature(timestamp, nonce), query["signature"]):
        return None
    encrypted = parse(body)["Encrypt"]
    if not hmac.compare_digest(signature(timestamp, nonce, encrypted), query["msg_signature"]):
        return None
    raw = _CIPHER.decryptor().update(base64.b64decode(encrypted))
    end = 20 + int.from_bytes(raw[16:20], "big")
    return parse(raw[20:end]) if raw[end : -raw[-1]] == APP_ID.encode() else None


def sealed(query: Fields, message: Fields) -> bytes:
    words, now = answer(message["Content"]).replace("]]>", "]]]]><![CDATA[>"), str(int(time.time()))
    reply = (
        f"<xml><ToUserName><![CDATA[{message['FromUserName']}]]></ToUserName>"
        f"<FromUserName><![CDATA[{message['ToUserName']}]]></FromUserName><CreateTime>{now}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content></xml>"
    ).encode()
    raw = os.urandom(16) + len(reply).to_bytes(4, "big") + reply + APP_ID.encode()
    padding = 32 - len(raw) % 32
    encrypted = base64.b64encode(_CIPHER.encryptor().update(raw + bytes((padding,)) * padding)).decode()
    proof = signature(now, query["nonce"], encrypted)
    return (
        f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{proof}]]></MsgSignature>"
        f"<TimeStamp>{now}</TimeStamp><Nonce><![CDATA[{query['nonce']}]]></Nonce></xml>"
    ).encode()


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    if scope["method"] != "POST":
        await respond(send, 404, b"")
        return
    body = await read_body(receive)
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    message = opened(query, body)
    if message is None:
        await respond(send, 403, b"")
        return
    numbers = int(message["MsgId"]), int(message["CreateTime"])
    row = numbers[0], message["FromUserName"], message["MsgType"], message["Content"], numbers[1]
    await respond(send, 200, sealed(query, message) if await rows.keep(row) else b"")
