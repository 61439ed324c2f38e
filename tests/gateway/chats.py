"""People who chat with a gateway in this process: their messages sealed, and its replies opened, by another
implementation. Every gateway has its own lanes, so two of them are two processes to each other.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from wechatpy.crypto import WeChatCrypto

from daxiang.config import django_settings
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.bodies import parse_fields
from daxiang.kernel.clock import write_clock
from daxiang.sites.gateway.app import Gateway

NONCE = "nonce1"
_NUMBERS = count(9000)
_CHOICE = re.compile(r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^&]+)&msgmenuid=\d+">[^<]*</a>')


def settings_at(folder: Path, at: str, **changes: Any) -> Settings:
    """The settings of the tests with a home and a business clock of their own, which stands at that hour of
    Beijing.
    """
    clock = folder / "clock.json"
    write_clock(clock, simulated=datetime.fromisoformat(f"{at}+08:00"), rate=0.0)
    return replace(django_settings.DAXIANG, **{"clock_file": clock, "home": folder, **changes})


def seal(settings: Settings, account: str, plain: str, now: int) -> tuple[bytes, bytes]:
    """Query and body of a callback as the platform would send them."""
    held = settings.accounts[account]
    crypto, timestamp = WeChatCrypto(held.token, held.aes_key, held.app_id), str(now)
    outer = parse_fields(crypto.encrypt_message(plain, NONCE, timestamp).encode())
    signature = hashlib.sha1("".join(sorted((held.token, timestamp, NONCE))).encode()).hexdigest()
    query = {
        "signature": signature,
        "timestamp": timestamp,
        "nonce": NONCE,
        "encrypt_type": "aes",
        "msg_signature": outer["MsgSignature"],
    }
    body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{outer['Encrypt']}]]></Encrypt></xml>"
    return urlencode(query).encode(), body.encode()


async def post(gateway: Gateway, account: str, query: bytes, body: bytes) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    path = f"/wechat/{account}"
    scope = {"type": "http", "method": "POST", "path": path, "query_string": query}
    await gateway(scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


@dataclass
class Chat:
    """One person at one account. Every message is a new one; `at` is the hour on her phone."""

    settings: Settings
    gateway: Gateway
    openid: str = "oInventedOpenidOfNobody12345"
    account: str = "service"
    choices: tuple[str, ...] = ()
    """Of the last reply."""
    sent: list[str] = field(default_factory=list)

    def now(self) -> int:
        return int(self.gateway._clock.now().timestamp())

    def message(self, fields: str, *, number: int | None = None) -> str:
        """The XML of a message; `number` is its MsgId, a new one each time unless given."""
        if number is None:
            number = next(_NUMBERS)
        to = self.settings.accounts[self.account].original_id
        is_event = "<Event>" in fields
        return (
            f"<xml><ToUserName><![CDATA[{to}]]></ToUserName>"
            f"<FromUserName><![CDATA[{self.openid}]]></FromUserName><CreateTime>{self.now()}</CreateTime>"
            f"{fields}{'' if is_event else f'<MsgId>{number}</MsgId>'}</xml>"
        )

    async def deliver(self, plain: str) -> tuple[int, str]:
        """Status and words of the answer to that very message; delivered again, it is a repeat."""
        self.sent.append(plain)
        query, body = seal(self.settings, self.account, plain, self.now())
        status, reply = await post(self.gateway, self.account, query, body)
        if status != 200 or not reply or reply == b"success":
            return status, ""
        held = self.settings.accounts[self.account]
        outer = parse_fields(reply)
        opened = WeChatCrypto(held.token, held.aes_key, held.app_id).decrypt_message(
            reply.decode(), outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
        )
        content = parse_fields(opened.encode())["Content"]
        self.choices = tuple(unquote(found) for found in _CHOICE.findall(content))
        return status, _CHOICE.sub("", content).strip("\n　")

    async def _said(self, fields: str) -> str:
        status, words = await self.deliver(self.message(fields))
        assert status == 200
        return words

    async def says(self, words: str) -> str:
        return await self._said(f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content>")

    async def taps(self, choice: str) -> str:
        assert choice in self.choices, self.choices
        number = self.choices.index(choice)
        return await self._said(
            f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{choice}]]></Content>"
            f"<bizmsgmenuid>{number}</bizmsgmenuid>"
        )

    async def speaks(self, recognised: str) -> str:
        return await self._said(
            "<MsgType><![CDATA[voice]]></MsgType><MediaId><![CDATA[m]]></MediaId>"
            f"<Format><![CDATA[amr]]></Format><Recognition><![CDATA[{recognised}]]></Recognition>"
        )

    async def is_at(self, lat: float, lon: float, label: str) -> str:
        return await self._said(
            f"<MsgType><![CDATA[location]]></MsgType><Location_X>{lat}</Location_X>"
            f"<Location_Y>{lon}</Location_Y><Scale>16</Scale><Label><![CDATA[{label}]]></Label>"
        )

    async def does(self, event: str, key: str = "") -> str:
        return await self._said(
            f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{event}]]></Event>"
            f"<EventKey><![CDATA[{key}]]></EventKey>"
        )

    def waits(self, **time: float) -> None:
        """Her phone's clock, and everybody's, goes on by so much."""
        assert self.settings.clock_file is not None
        later = self.gateway._clock.now() + timedelta(**time)
        write_clock(self.settings.clock_file, simulated=later, rate=0.0)
