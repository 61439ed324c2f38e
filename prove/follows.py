"""A whole city follows within a minute: none is lost, each is counted once, everybody is answered in time.

The follow events are sealed beforehand and fired at a fixed rate, whether or not the gateway keeps up; one in
ten comes twice, as the platform repeats when it saw no answer in time. The judge counts PostgreSQL's rows and
opens every answer.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import struct
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
from bench.gateway.client import Answer, fire
from bench.gateway.crypt import Account, field

from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import Settings, read_settings
from prove.instance import Instance

REPEATS = 0.1
ANSWERED_WITHIN_S = 5.0
GREETING = "有人受伤打120"
_COUNTS = {
    "kept": "SELECT count(*) FROM inbox_message WHERE kind = 'event:subscribe'",
    "counted": "SELECT count(*) FROM wechat_contact WHERE followed_at IS NOT NULL AND unfollowed_at IS NULL",
    "people": "SELECT count(DISTINCT (account, person)) FROM wechat_contact",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--follows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="in which all of them come")


async def campaign(*, seed: int, folder: Path, follows: int, seconds: float) -> dict[str, Any]:
    """One flood of follows; its figures."""
    instance = Instance(folder / "home")
    instance.purge()
    try:
        await asyncio.to_thread(instance.start)
        settings = read_settings(with_demo_values(instance.environment))
        return await asyncio.to_thread(_flood, settings, folder, seed, follows, seconds)
    finally:
        await asyncio.to_thread(instance.stop)
        instance.purge()


def _flood(settings: Settings, folder: Path, seed: int, follows: int, seconds: float) -> dict[str, Any]:
    held = settings.accounts["service"]
    account = Account(
        token=held.token, aes_key=held.aes_key, app_id=held.app_id, original_id=held.original_id
    )
    order, path = _order(follows, seed), folder / "follows.requests"
    _write(path, order, account, seed)
    fired = fire(
        path, port=settings.ports.gateway, connections=256, rate=len(order) / seconds if seconds else 0
    )
    path.unlink()
    late = sorted(answer.latency_ns for answer in fired.answers)
    wrong, answered = _judged(fired.answers, order, account, seed)
    counts = _counted(database_url(settings))
    figures = {
        "follows": follows,
        "repeats": len(order) - follows,
        "seconds": round(fired.seconds, 1),
        **counts,
        "never_answered": follows - len(answered),
        "wrong": dict(wrong),
        "no_answer": fired.failed,
        "p50_ms": round(late[len(late) // 2] / 1e6, 1),
        "p99_ms": round(late[len(late) * 99 // 100] / 1e6, 1),
        "slowest_s": round(late[-1] / 1e9, 3),
    }
    ok = (
        all(count == follows for count in counts.values())
        and not wrong
        and fired.failed == 0
        and len(answered) == follows
        and late[-1] < ANSWERED_WITHIN_S * 1e9
    )
    return {"campaign": "follows", "seed": seed, "ok": ok, **figures}


def _openid(number: int, seed: int) -> str:
    return f"oFollow{seed:04}x{number:07}Nobody"


def _order(follows: int, seed: int) -> list[int]:
    """Who follows when; a repeat stands some hundred places behind its first."""
    rng = random.Random(seed)
    places = [(float(number), number) for number in range(follows)]
    again = rng.sample(range(follows), round(follows * REPEATS))
    places += [(number + rng.uniform(1, 600), number) for number in again]
    return [number for _, number in sorted(places)]


def _write(path: Path, order: list[int], account: Account, seed: int) -> None:
    moment, rng = int(time.time()), random.Random(-seed)
    with path.open("wb") as file:
        for number in order:
            request = _request(_openid(number, seed), account, moment, str(rng.randrange(10**9, 10**10)))
            file.write(struct.pack("<I", len(request)) + request)


def _request(openid: str, account: Account, moment: int, nonce: str) -> bytes:
    plain = (
        f"<xml><ToUserName><![CDATA[{account.original_id}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{moment}</CreateTime>"
        "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event>"
        "<EventKey><![CDATA[]]></EventKey></xml>"
    )
    encrypted = account.encrypt(plain.encode())
    query = (
        f"signature={account.signature(str(moment), nonce)}&timestamp={moment}&nonce={nonce}&openid={openid}"
        f"&encrypt_type=aes&msg_signature={account.signature(str(moment), nonce, encrypted)}"
    )
    body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    head = f"POST /wechat/service?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


def _judged(
    answers: list[Answer], order: list[int], account: Account, seed: int
) -> tuple[Counter[str], set[int]]:
    """What was wrong with answers, and who was greeted; a repeat must be told the very same."""
    wrong: Counter[str] = Counter()
    told: dict[int, bytes] = {}
    for answer in answers:
        number = order[answer.index]
        if answer.status != 200:
            wrong[f"status {answer.status}"] += 1
            continue
        plain = account.open_reply(answer.body)
        if field(plain, b"ToUserName") != _openid(number, seed).encode():
            wrong["addressee"] += 1
        if GREETING.encode() not in (field(plain, b"Content") or b""):
            wrong["words"] += 1
        if told.setdefault(number, plain) != plain:
            wrong["told in two ways"] += 1
    return wrong, set(told)


def _counted(url: str) -> dict[str, int]:
    with psycopg.connect(url, autocommit=True) as connection:
        rows = {name: connection.execute(statement).fetchone() for name, statement in _COUNTS.items()}
    return {name: int(row[0]) if row else -1 for name, row in rows.items()}
