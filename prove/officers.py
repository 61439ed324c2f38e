"""3,500 officers are imported, bound by their codes through the chat, and tagged within five minutes; a
leaver loses access and tags within a minute; strangers get one line and nothing internal.

A whole copy with real processes: the command imports and gives codes, every officer follows the internal
account of the simulator and types her code, the worker puts the tags on, the simulator says who wears them.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
from tests.officers.rolls import roll_of

from prove.instance import ROOT, Instance, running

FIRST = 10_000
AT_ONCE = 8
TAGGED_WITHIN_S, GONE_WITHIN_S = 300, 60
STRANGER = "只对本单位民警开放"
ACCOUNT = "subscription"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--officers", type=int, default=3500)
    parser.add_argument("--strangers", type=int, default=200)
    parser.add_argument("--leavers", type=int, default=10)


async def campaign(*, seed: int, folder: Path, officers: int, strangers: int, leavers: int) -> dict[str, Any]:
    """One copy, one roll, everybody once."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    with running(home) as instance:
        return await _lived(instance, random.Random(seed), seed, officers, strangers, leavers)


async def _lived(
    instance: Instance, rand: random.Random, seed: int, officers: int, strangers: int, leavers: int
) -> dict[str, Any]:
    numbers = list(range(FIRST, FIRST + officers))
    roll = instance.home / "roll.csv"
    roll.write_text(roll_of(numbers), encoding="utf-8")
    began = time.monotonic()
    command(instance, "officers", "import", str(roll))
    written = command(instance, "officers", "codes", "--minutes", "600")
    codes = {row[0]: row[2] for row in csv.reader(written.splitlines()[1:])}
    imported_s = time.monotonic() - began
    async with aiohttp.ClientSession() as session:
        desk = Desk(instance, session)
        users = dict(zip(codes, await desk.new_users(len(codes)), strict=True))
        began = time.monotonic()
        told = await desk.everybody({users[number]: f"绑定 {code}" for number, code in codes.items()})
        bound = sum("绑定好了" in words for words in told.values())
        bound_s = time.monotonic() - began
        await desk.until(lambda: desk.wearing("officers"), officers, TAGGED_WITHIN_S)
        tagged_s, tagged = time.monotonic() - began, await desk.wearing("officers")
        leaks = await _strangers(desk, rand, strangers)
        gone = rand.sample(numbers, leavers)
        slowest_s, still = await _leave(instance, desk, users, gone, officers)
    total_s = imported_s + tagged_s
    is_good = bound == tagged == officers and total_s <= TAGGED_WITHIN_S
    return {
        "campaign": "officers",
        "seed": seed,
        "ok": is_good and not leaks and not still and slowest_s <= GONE_WITHIN_S,
        "officers": officers,
        "imported_s": round(imported_s, 1),
        "bound": bound,
        "bound_s": round(bound_s, 1),
        "tagged": tagged,
        "total_s": round(total_s, 1),
        "strangers": strangers,
        "leaks": leaks,
        "leavers": leavers,
        "leaver_slowest_s": round(slowest_s, 1),
        "leavers_with_access": still,
    }


class Desk:
    """What the simulator is asked and told."""

    def __init__(self, instance: Instance, session: aiohttp.ClientSession) -> None:
        self._base = instance.url("simulator", "")
        self._session = session
        self._places = asyncio.Semaphore(AT_ONCE)
        self._token = ""

    async def post(self, path: str, body: Any) -> Any:
        async with self._places, self._session.post(self._base + path, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def get(self, path: str) -> Any:
        async with self._session.get(self._base + path) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def new_users(self, count: int) -> list[str]:
        """People who follow the internal account."""
        made = await asyncio.gather(*(self.post("/_sim/users", {"nickname": "民警"}) for _ in range(count)))
        users = [one["user"] for one in made]
        await asyncio.gather(
            *(self.post(f"/_sim/users/{user}/follow", {"account": ACCOUNT}) for user in users)
        )
        return users

    async def says(self, user: str, words: str) -> str:
        body = {"account": ACCOUNT, "message": {"type": "text", "content": words}}
        answer = await self.post(f"/_sim/users/{user}/send", body)
        return str((answer.get("reply") or {}).get("content", ""))

    async def everybody(self, said: dict[str, str]) -> dict[str, str]:
        told = await asyncio.gather(*(self.says(user, words) for user, words in said.items()))
        return dict(zip(said, told, strict=True))

    async def wearing(self, tag: str) -> int:
        """How many wear a tag, by the platform itself."""
        if not self._token:
            accounts = (await self.get("/_sim/accounts"))["accounts"]
            held = next(one for one in accounts if one["name"] == ACCOUNT)
            asked = {"grant_type": "client_credential", "appid": held["app_id"], "secret": held["secret"]}
            self._token = (await self.post("/cgi-bin/stable_token", asked))["access_token"]
        answer = await self.get(f"/cgi-bin/tags/get?access_token={self._token}")
        return next((one["count"] for one in answer.get("tags", []) if one["name"] == tag), 0)

    async def until(self, look: Callable[[], Any], wanted: int, within_s: float) -> bool:
        ends = time.monotonic() + within_s
        while time.monotonic() < ends:
            if await look() == wanted:
                return True
            await asyncio.sleep(0.5)
        return False


async def _strangers(desk: Desk, rand: random.Random, count: int) -> int:
    """How many of them heard anything but the one line."""
    words = [
        "今日",
        "往期",
        "值班 长江大桥",
        "我的班",
        "收到",
        "绑定 ABCD2345",
        "帮助",
        "意见箱",
        "换班 010001",
    ]
    users = await desk.new_users(count)
    told = await desk.everybody({user: rand.choice(words) for user in users})
    return sum(STRANGER not in one and "绑定码用不了" not in one for one in told.values())


async def _leave(
    instance: Instance, desk: Desk, users: dict[str, str], gone: list[int], officers: int
) -> tuple[float, int]:
    """The slowest of them, in seconds until access and tag were gone; and how many still had access."""
    slowest_s, still = 0.0, 0
    for left, number in enumerate(gone, start=1):
        began = time.monotonic()
        await asyncio.to_thread(command, instance, "officers", "end", f"{number:06}")
        still += STRANGER not in await desk.says(users[f"{number:06}"], "今日")
        away = await desk.until(lambda: desk.wearing("officers"), officers - left, GONE_WITHIN_S * 2)
        slowest_s = max(slowest_s, time.monotonic() - began if away else GONE_WITHIN_S * 2)
    return slowest_s, still


def command(instance: Instance, *arguments: str) -> str:
    command = [sys.executable, "-m", "daxiang.config.cli", *arguments]
    done = subprocess.run(command, env=instance.environment, cwd=ROOT, capture_output=True, check=True)
    return done.stdout.decode()
