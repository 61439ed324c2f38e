"""What people write, as the platform would deliver it: one file of whole HTTP requests, made beforehand."""

from __future__ import annotations

import base64
import hashlib
import random
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.gateway.crypt import Account

PATH = "/wechat/service"
USERS = 500_000
_PROVINCES, _AREAS = "鄂京沪粤湘豫皖川", "ABCDEFGH"
_LETTERS, _DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One message; a repeat is the same object once more in the list."""

    number: int
    """Its MsgId."""
    openid: str
    text: str


def openid(user: int) -> str:
    digest = hashlib.blake2b(b"u%d" % user, digest_size=20).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]


def talk(rng: random.Random) -> str:
    """Half digits, half plates; of the plates a third is written as people write them."""
    if rng.random() < 0.5:
        return rng.choice(_DIGITS)
    signs = [rng.choice(_DIGITS) for _ in range(5)]
    for place in rng.sample(range(5), rng.randrange(3)):
        signs[place] = rng.choice(_LETTERS)
    area, number = rng.choice(_PROVINCES) + rng.choice(_AREAS), "".join(signs)
    way = rng.randrange(6)
    if way == 0:
        return f"{area} {number}".lower()
    return f"{area}·{number}" if way == 1 else area + number


def tail(text: str) -> str:
    """The digit that decides: the last one written, whatever letters follow it."""
    return next(sign for sign in reversed(text) if sign in _DIGITS)


def ask_for_help(_: random.Random) -> str:
    """A message whose answer never changes."""
    return "帮助"


def plan(
    *, count: int, seed: int, say: Callable[[random.Random], str], now: int, repeats: float = 0.0
) -> list[Asked]:
    """The messages in the order of sending. `repeats` adds that share of them once more, 50 to 250 later, as
    the platform does when no answer came in time.
    """
    rng = random.Random(seed)
    fresh = round(count / (1 + repeats))
    first = (now << 32) + (seed << 22)
    messages = [
        Asked(number=first + number, openid=openid(rng.randrange(USERS)), text=say(rng))
        for number in range(fresh)
    ]
    keyed: list[tuple[int, int, int]] = [(number, 0, number) for number in range(fresh)]
    for _ in range(count - fresh):
        again = rng.randrange(fresh)
        keyed.append((min(again + 50 + rng.randrange(200), fresh), 1, again))
    return [messages[number] for _, _, number in sorted(keyed)]


def write_requests(
    path: Path, messages: Sequence[Asked], *, account: Account, seed: int, now: int | None = None
) -> None:
    """Write the requests for `gwload`: safe mode, each with a nonce of its own, all valid at `now`."""
    moment, rng = int(time.time()) if now is None else now, random.Random(-seed)
    with path.open("wb") as file:
        for message in messages:
            request = _request(message, account, moment, str(rng.randrange(10**9, 10**10)))
            file.write(struct.pack("<I", len(request)) + request)


def _request(message: Asked, account: Account, moment: int, nonce: str) -> bytes:
    timestamp = str(moment)
    encrypted = account.encrypt(_plain(message, account))
    query = (
        f"signature={account.signature(timestamp, nonce)}&timestamp={timestamp}&nonce={nonce}"
        f"&openid={message.openid}&encrypt_type=aes"
        f"&msg_signature={account.signature(timestamp, nonce, encrypted)}"
    )
    body = (
        f"<xml>\n    <ToUserName><![CDATA[{account.original_id}]]></ToUserName>\n"
        f"    <Encrypt><![CDATA[{encrypted}]]></Encrypt>\n</xml>\n"
    )
    head = (
        f"POST {PATH}?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\n"
        "Pragma: no-cache\r\nConnection: Keep-Alive\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def _plain(message: Asked, account: Account) -> bytes:
    created = message.number >> 32
    return (
        f"<xml><ToUserName><![CDATA[{account.original_id}]]></ToUserName>\n"
        f"<FromUserName><![CDATA[{message.openid}]]></FromUserName>\n"
        f"<CreateTime>{created}</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n"
        f"<Content><![CDATA[{message.text}]]></Content>\n<MsgId>{message.number}</MsgId>\n</xml>"
    ).encode()
