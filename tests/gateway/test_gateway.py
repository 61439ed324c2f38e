"""The gateway as the platform meets it: another implementation seals the message and opens the reply."""

from __future__ import annotations

import hashlib
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from wechatpy.crypto import WeChatCrypto

from daxiang.config import django_settings
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.bodies import parse_fields
from daxiang.sites.gateway import app as gateway_module
from daxiang.sites.gateway import lane as lane_module
from daxiang.sites.gateway import spool as spool_module
from daxiang.sites.gateway.app import Gateway
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

OPENID = "oInventedOpenidOfNobody12345"


class Platform:
    """Calls the gateway as WeChat does, in this process."""

    def __init__(self, gateway: Gateway, settings: Settings) -> None:
        self._gateway = gateway
        self.account = settings.accounts["service"]
        self._crypto = WeChatCrypto(self.account.token, self.account.aes_key, self.account.app_id)

    async def call(
        self, method: str, path: str, query: dict[str, str], body: bytes = b""
    ) -> tuple[int, bytes]:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(event: Any) -> None:
            sent.append(event)

        scope = {"type": "http", "method": method, "path": path, "query_string": urlencode(query).encode()}
        await self._gateway(scope, receive, send)
        return sent[0]["status"], sent[1]["body"]

    def sealed(self, content: str, *, msg_id: int, age_s: int = 0) -> tuple[dict[str, str], bytes]:
        now = str(int(time.time()) - age_s)
        message = (
            f"<xml><ToUserName><![CDATA[{self.account.original_id}]]></ToUserName>"
            f"<FromUserName><![CDATA[{OPENID}]]></FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>"
            f"<MsgId>{msg_id}</MsgId></xml>"
        )
        outer = parse_fields(self._crypto.encrypt_message(message, "nonce1", now).encode())
        signature = hashlib.sha1("".join(sorted((self.account.token, now, "nonce1"))).encode()).hexdigest()
        query = {
            "signature": signature,
            "timestamp": now,
            "nonce": "nonce1",
            "openid": OPENID,
            "encrypt_type": "aes",
            "msg_signature": outer["MsgSignature"],
        }
        body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{outer['Encrypt']}]]></Encrypt></xml>"
        return query, body.encode()

    async def say(self, content: str, *, msg_id: int) -> str:
        query, body = self.sealed(content, msg_id=msg_id)
        status, reply = await self.call("POST", "/wechat/service", query, body)
        assert status == 200
        outer = parse_fields(reply)
        opened = self._crypto.decrypt_message(
            reply.decode(), outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
        )
        inner = parse_fields(opened.encode())
        assert (inner["ToUserName"], inner["FromUserName"]) == (OPENID, self.account.original_id)
        return inner["Content"]


@pytest.fixture
async def platform(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Platform]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute("TRUNCATE inbox_message, wechat_contact")
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: conninfo())
    gateway = Gateway(django_settings.DAXIANG)
    await gateway.start()
    yield Platform(gateway, django_settings.DAXIANG)
    await gateway.stop()


def rows() -> int:
    with psycopg.connect(conninfo()) as connection:
        counted = connection.execute("SELECT count(*) FROM inbox_message").fetchone()
    assert counted is not None
    return int(counted[0])


async def test_a_message_sealed_by_another_implementation_is_answered(platform: Platform) -> None:
    assert "尾号5，今天" in await platform.say("5", msg_id=1)
    assert rows() == 1


async def test_a_repeat_gets_the_stored_answer_from_another_process_too(platform: Platform) -> None:
    query, body = platform.sealed("5", msg_id=1)
    first = await platform.call("POST", "/wechat/service", query, body)
    other = Platform(Gateway(django_settings.DAXIANG), django_settings.DAXIANG)
    await other._gateway.start()
    again = await other.call("POST", "/wechat/service", query, body)
    await other._gateway.stop()
    opened = [
        platform._crypto.decrypt_message(
            reply.decode(), *(parse_fields(reply)[name] for name in ("MsgSignature", "TimeStamp", "Nonce"))
        )
        for _, reply in (first, again)
    ]
    assert opened[0] == opened[1]
    assert rows() == 1


async def test_the_address_check_returns_the_very_text(platform: Platform) -> None:
    query, _ = platform.sealed("", msg_id=1)
    status, body = await platform.call("GET", "/wechat/service", {**query, "echostr": "4375120948345356249"})
    assert (status, body) == (200, b"4375120948345356249")


async def test_everything_that_is_not_genuine_is_refused_alike_and_leaves_nothing(platform: Platform) -> None:
    query, body = platform.sealed("5", msg_id=1)
    old_query, old_body = platform.sealed("5", msg_id=2, age_s=301)
    plain = b"<xml><FromUserName>x</FromUserName></xml>"
    attempts = [
        ("/wechat/nobody", query, body),
        ("/wechat/subscription", query, body),
        ("/wechat/service", {**query, "msg_signature": "0" * 40}, body),
        ("/wechat/service", {**query, "nonce": "other"}, body),
        ("/wechat/service", {**query, "encrypt_type": "raw"}, body),
        ("/wechat/service", {}, body),
        ("/wechat/service", {**query, "timestamp": "9" * 400}, body),
        ("/wechat/service", {**query, "timestamp": "9" * 5000}, body),
        ("/wechat/service", query, plain),
        ("/wechat/service", query, b""),
        ("/wechat/service", query, b"x" * 70_000),
        ("/wechat/service", old_query, old_body),
    ]
    answers = {await platform.call("POST", *attempt) for attempt in attempts}
    assert answers == {(403, b"refused")}
    assert rows() == 0


@pytest.mark.parametrize("room", [spool_module.MOST_BYTES, 0])
async def test_danger_is_answered_while_the_database_is_away_whether_or_not_it_can_be_spooled(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    async def nothing(messages: object, touches: object, talks: object) -> dict[bytes, bytes]:
        raise psycopg.OperationalError("away")

    monkeypatch.setattr(lane_module, "BUDGET_S", 0.0)
    monkeypatch.setattr(spool_module, "MOST_BYTES", room)
    monkeypatch.setattr(platform._gateway._lane, "_keep", nothing)
    first_line = (await platform.say("我被撞了", msg_id=1)).splitlines()[0]
    assert "120" in first_line
    assert "122" in first_line
    query, body = platform.sealed("5", msg_id=2)
    assert (await platform.call("POST", "/wechat/service", query, body))[0] == 503
