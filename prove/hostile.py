"""Strangers at the door: forged, hostile, replayed and slow requests of many kinds; genuine ones meanwhile.

Nothing forged is accepted, nothing breaks, everybody refused is told the same, and who is genuine is served.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
from bench.gateway.crypt import Account

from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import Settings, read_settings
from prove.hostile_kinds import KINDS, Forger
from prove.instance import Instance, request

AT_ONCE = 32
SLOW = 200
"""Connections that begin a request and do not go on."""
REFUSED = (403, b"refused")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--replays", type=int, default=10_000)
    parser.add_argument("--timings", type=int, default=5_000)


async def campaign(*, seed: int, folder: Path, requests: int, replays: int, timings: int) -> dict[str, Any]:
    """One siege; its figures."""
    instance = Instance(folder / "home")
    await asyncio.to_thread(instance.purge)
    try:
        await asyncio.to_thread(instance.start)
        settings = read_settings(with_demo_values(instance.environment))
        siege = Siege(instance, settings, seed)
        figures = await siege.forged(requests)
        figures |= await siege.replayed(replays)
        figures |= await siege.timed(timings)
        figures |= await asyncio.to_thread(siege.kept)
        figures |= await siege.replayed_too_late(replays)
    finally:
        await asyncio.to_thread(instance.stop)
        await asyncio.to_thread(instance.purge)
    return {"campaign": "hostile", "seed": seed, "ok": holds(figures, requests, replays), **figures}


def holds(figures: dict[str, Any], requests: int, replays: int) -> bool:
    """Whether the siege came to what it must."""
    return bool(
        figures["refused"] == requests
        and not figures["otherwise"]
        and figures["genuine_unserved"] == 0
        and figures["genuine"] > 0
        and figures["slow_cut"] == figures["slow"]
        and figures["replays_answered_alike"] == replays
        and figures["late_replays_refused"] == replays
        and figures["kept"] == figures["contacts"] == figures["genuine"] + 1
        and figures["timing_p"] > 0.01
    )


class Siege:
    """One copy of the product and who comes to its door."""

    def __init__(self, instance: Instance, settings: Settings, seed: int) -> None:
        self._instance = instance
        self._settings = settings
        self._account, other = (_account(settings, name) for name in ("service", "subscription"))
        self._port = settings.ports.gateway
        self._forger = Forger(account=self._account, other=other, rng=random.Random(seed))
        self._replay = b""
        self._answer = b""

    async def forged(self, count: int) -> dict[str, Any]:
        """Every kind in turn, many at once, while genuine messages go on and slow ones hang about."""
        names = list(KINDS)
        queue = iter([names[number % len(names)] for number in range(count)])
        outcomes: Counter[tuple[str, str]] = Counter()
        over = asyncio.Event()
        genuine = asyncio.create_task(self._genuine(over))
        slow = [asyncio.create_task(self._slow(number % 3)) for number in range(SLOW)]

        async def line() -> None:
            for name in queue:
                outcomes[name, _told(await self._sent(KINDS[name](self._forger)))] += 1

        await asyncio.gather(*(line() for _ in range(AT_ONCE)))
        cut = sum(await asyncio.gather(*slow))
        over.set()
        served = await genuine
        refused = sum(count for (_, told), count in outcomes.items() if told in {"refused", "closed"})
        otherwise = {
            f"{name}: {told}": n for (name, told), n in outcomes.items() if told not in {"refused", "closed"}
        }
        closed = sum(n for (_, told), n in outcomes.items() if told == "closed")
        return {
            "kinds": len(names),
            "refused": refused,
            "closed_without_a_word": closed,
            "otherwise": otherwise,
            "slow": SLOW,
            "slow_cut": cut,
            **served,
        }

    async def _genuine(self, over: asyncio.Event) -> dict[str, Any]:
        """One message after the other on connections of their own, until the strangers are gone."""
        times, unserved = [], 0
        while not over.is_set():
            began = time.monotonic()
            status, body = await self._sent(self._forger.genuine("帮助"))
            times.append((time.monotonic() - began) * 1000)
            unserved += not (status == 200 and b"Encrypt" in body)
        return {
            "genuine": len(times),
            "genuine_unserved": unserved,
            "genuine_p50_ms": round(statistics.median(times), 1),
            "genuine_p99_ms": round(sorted(times)[len(times) * 99 // 100], 1),
        }

    async def _slow(self, way: int) -> bool:
        """Begin and stop: nothing, half a head, half a body. True when the gateway ended it."""
        begun = (b"", b"POST /wechat/service HTTP/1.1\r\nHost: x\r\n", self._forger.genuine()[:-20])[way]
        try:
            async with asyncio.timeout(30):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                writer.write(begun)
                answer = await reader.read()
                writer.close()
        except TimeoutError:
            return False
        except OSError:
            return True
        return b" 200 " not in answer.split(b"\r\n")[0]

    async def replayed(self, count: int) -> dict[str, Any]:
        """The very same call again and again, many at once: the stored answer each time."""
        self._replay = self._forger.genuine("5")
        status, body = await self._sent(self._replay)
        self._answer = self._account.open_reply(body)
        queue, alike = iter(range(count)), 0

        async def line() -> None:
            nonlocal alike
            for _ in queue:
                status, body = await self._sent(self._replay)
                alike += status == 200 and self._account.open_reply(body) == self._answer

        await asyncio.gather(*(line() for _ in range(AT_ONCE)))
        return {"replays": count, "first_status": status, "replays_answered_alike": alike}

    async def replayed_too_late(self, count: int) -> dict[str, Any]:
        """The same call when its time is over: refused like anything else."""
        await asyncio.to_thread(request, self._instance.url("simulator", "/_sim/clock"), {"offset_s": 3600})
        queue, refused = iter(range(count)), 0

        async def line() -> None:
            nonlocal refused
            for _ in queue:
                told = _told(await self._sent(self._replay))
                refused += told == "refused"

        await asyncio.gather(*(line() for _ in range(AT_ONCE)))
        return {"late_replays_refused": refused}

    async def timed(self, count: int) -> dict[str, Any]:
        """Does the time of a refusal tell which part under the cipher was wrong? (the padding oracle)

        Both kinds are signed rightly: nothing is decrypted for somebody who does not know the token, so a
        wrong signature may be refused sooner and tells nothing.
        """
        kinds = ("padding that disagrees", "app id of another")
        times: tuple[list[float], list[float]] = ([], [])
        order = random.Random(1)
        for _ in range(count):
            for number in order.sample((0, 1), 2):
                raw = KINDS[kinds[number]](self._forger)
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                began = time.perf_counter()
                writer.write(raw)
                await reader.read()
                times[number].append((time.perf_counter() - began) * 1e6)
                writer.close()
        medians = [round(statistics.median(one), 1) for one in times]
        return {"timing_n": count, "timing_medians_us": medians, "timing_p": round(rank_sum_p(*times), 4)}

    def kept(self) -> dict[str, Any]:
        """What the database holds: the genuine ones and the one that was replayed."""
        with psycopg.connect(database_url(self._settings), autocommit=True) as connection:
            counts = [
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 (fixed)
                for table in ("inbox_message", "wechat_contact", "inbox_deferred", "outbox_delivery")
            ]
        names = ("kept", "contacts", "owed", "to_send")
        return {name: int(row[0]) if row else -1 for name, row in zip(names, counts, strict=True)}

    async def _sent(self, raw: bytes) -> tuple[int, bytes]:
        """Status and body; (0, b"") when the connection ended without an answer."""
        try:
            async with asyncio.timeout(15):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                writer.write(raw)
                return await _answer(reader, writer)
        except OSError:
            return 0, b""


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[int, bytes]:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(lengths[0].split(b":")[1]) if lengths else 0
        return status, await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0, b""
    finally:
        writer.close()


def _told(answer: tuple[int, bytes]) -> str:
    if answer == REFUSED:
        return "refused"
    status, body = answer
    return "closed" if status == 0 else f"{status} {body[:40]!r}"


def _account(settings: Settings, name: str) -> Account:
    held = settings.accounts[name]
    return Account(token=held.token, aes_key=held.aes_key, app_id=held.app_id, original_id=held.original_id)


def rank_sum_p(one: list[float], other: list[float]) -> float:
    """Two-sided p of the Wilcoxon rank-sum test by its normal approximation (ties share their mean rank)."""
    marked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks, place = 0.0, 0
    while place < len(marked):
        last = place
        while last + 1 < len(marked) and marked[last + 1][0] == marked[place][0]:
            last += 1
        mean = (place + last) / 2 + 1
        ranks += mean * sum(1 for _, group in marked[place : last + 1] if group == 0)
        place = last + 1
    n, m = len(one), len(other)
    z = (ranks - n * (n + m + 1) / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))
