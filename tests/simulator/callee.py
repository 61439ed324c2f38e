"""A service for the simulator to call back: it opens and seals by itself, and can be told to fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web
from aiohttp.test_utils import TestServer
from defusedxml.ElementTree import fromstring

from daxiang_simulator import envelope

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
NEXT_KEY = "B" * 43
TOKEN = "token"
APP_ID = "wx0123456789abcdef"
ORIGINAL_ID = "gh_0123456789ab"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One try as the service saw it, opened."""

    query: dict[str, str]
    body: str
    plain: str
    fields: dict[str, str]
    content_type: str = ""
    key: str = ""


Behaviour = Callable[[Call], Awaitable[web.Response]]


def plain_reply(call: Call, content: str, *, to: str | None = None) -> str:
    return (
        f"<xml><ToUserName>{to or call.fields['FromUserName']}</ToUserName>"
        f"<FromUserName>{call.fields['ToUserName']}</FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[{content}]]></Content></xml>"
    )


def sealed(plain: str, *, app_id: str = APP_ID, token: str = TOKEN) -> web.Response:
    """The plain reply sealed; another app id or token makes a forgery."""
    key = envelope.decode_key(KEY)
    inner = envelope.seal(key=key, app_id=app_id, text=plain.encode(), random=b"0123456789abcdef")
    signature = envelope.sign(token, "1", "nonce", inner)
    return web.Response(
        text=f"<xml><Encrypt>{inner}</Encrypt><MsgSignature>{signature}</MsgSignature>"
        "<TimeStamp>1</TimeStamp><Nonce>nonce</Nonce></xml>"
    )


def saying(content: str) -> Behaviour:
    async def answer(call: Call) -> web.Response:
        return sealed(plain_reply(call, content))

    return answer


def body(text: str, *, status: int = 200) -> Behaviour:
    async def answer(_call: Call) -> web.Response:
        return web.Response(text=text, status=status)

    return answer


def choice(label: str, number: str = "1") -> str:
    address = f"weixin://bizmsgmenu?msgmenucontent={quote(label)}&msgmenuid={number}"
    return f'<a href="{address}">{label}</a>'


class Callee:
    """The service. `behaviours` are used up one a call, the last one stays."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.behaviours: list[Behaviour] = [saying("好")]
        self.reached = asyncio.Event()
        app = web.Application()
        app.router.add_post("/wechat/service", self._answer)
        self.server = TestServer(app)

    def url(self) -> str:
        return str(self.server.make_url("/wechat/service"))

    async def _answer(self, request: web.Request) -> web.Response:
        text = await request.text()
        plain, key = self._opened(text)
        call = Call(
            query=dict(request.query),
            body=text,
            plain=plain,
            fields=_fields(plain),
            content_type=request.content_type,
            key=key,
        )
        self.calls.append(call)
        self.reached.set()
        behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        return await behaviour(call)

    def _opened(self, text: str) -> tuple[str, str]:
        """The plain body, and the key that opened it; a service in the middle of a change has two."""
        secret = _fields(text).get("Encrypt")
        if secret is None:
            return text, ""
        for key in (KEY, NEXT_KEY):
            try:
                held = envelope.decode_key(key)
                return envelope.unseal(key=held, app_id=APP_ID, sealed=secret).decode(), key
            except envelope.EnvelopeRefused:
                continue
        raise AssertionError("no key opens it")


def _fields(body: str) -> dict[str, str]:
    if body.startswith("{"):
        return {name: str(value) for name, value in json.loads(body).items()}
    return {one.tag: one.text or "" for one in fromstring(body)}
