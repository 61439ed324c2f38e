"""An urgent task to 3,500 officers: within three minutes each has acknowledged it, is handed up to who leads,
or is named as not reached, with why.

A whole copy with real processes. Some officers write 收到, some are silent, some have not written for two
days, some never bound themselves.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
from tests.officers.rolls import line_of, roll_of

from daxiang.domains.duty import tasks
from daxiang.domains.officers.people_queries import units
from daxiang.foundation.database.url import cluster_url
from daxiang.kernel.clock import SHANGHAI
from prove.instance import Instance, running
from prove.officers import ACCOUNT, Desk, command

FIRST = 10_000
WITHIN_S = 180
SHARES = {"answers": 0.6, "silent": 0.2, "away": 0.1, "unbound": 0.1}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--officers", type=int, default=3500)


async def campaign(*, seed: int, folder: Path, officers: int) -> dict[str, Any]:
    """One copy, one task."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    with running(home) as instance:
        return await _lived(instance, random.Random(seed), seed, officers)


async def _lived(instance: Instance, rand: random.Random, seed: int, officers: int) -> dict[str, Any]:
    numbers = [f"{number:06}" for number in range(FIRST, FIRST + officers)]
    rand.shuffle(numbers)
    parts = _parted(numbers)
    roll = instance.home / "roll.csv"
    roll.write_text(roll_of([int(one) for one in numbers]), encoding="utf-8")
    command(instance, "officers", "import", str(roll))
    written = command(instance, "officers", "codes", "--minutes", "600")
    codes = {row[0]: row[2] for row in csv.reader(written.splitlines()[1:])}
    command(instance, "officers", "roster", str(_roster(instance, numbers)))
    url = cluster_url(instance.home)
    async with aiohttp.ClientSession() as session:
        desk = Desk(instance, session)
        bound = [one for part in ("answers", "silent", "away") for one in parts[part]]
        users = dict(zip(bound, await desk.new_users(len(bound)), strict=True))
        await desk.everybody({users[one]: f"绑定 {codes[one]}" for one in bound})
        with psycopg.connect(url, autocommit=True) as link:
            _let_windows_close(link, len(parts["away"]))
            began = time.monotonic()
            task = _added(link)
            answering = {users[one] for one in parts["answers"]}
            settled_s = await _settled(desk, link, task, answering, began)
            counted = _counted(link, task)
    everybody = sum(counted.get(one, 0) for one in ("acknowledged", "escalated", "not_reached"))
    return {
        "campaign": "tasks",
        "seed": seed,
        "ok": everybody == officers and settled_s <= WITHIN_S and counted.get("acknowledged", 0) > 0,
        "officers": officers,
        **{f"expected_{name}": len(part) for name, part in parts.items()},
        **counted,
        "settled_s": round(settled_s, 1),
    }


def _parted(numbers: list[str]) -> dict[str, list[str]]:
    found, at = {}, 0
    for name, share in SHARES.items():
        many = round(len(numbers) * share)
        found[name] = numbers[at : at + many]
        at += many
    found["answers"] += numbers[at:]
    return found


def _roster(instance: Instance, numbers: list[str]) -> Path:
    """Somebody leads in every second unit; the silence of the others has nobody to go to."""
    now = datetime.now(SHANGHAI)
    start, end = now - timedelta(hours=1), now + timedelta(hours=8)
    leads: dict[str, str] = {}
    for number in numbers:
        leads.setdefault(line_of(int(number)).split(",")[2], number)
    rows = [
        f"岗位{place},{number},{start:%Y-%m-%d %H:%M},{end:%Y-%m-%d %H:%M},是"
        for place, (_, number) in enumerate(sorted(leads.items()))
        if place % 2 == 0
    ]
    file = instance.home / "roster.csv"
    file.write_text("\n".join(["岗位,警号,开始,结束,带班", *rows, ""]), encoding="utf-8")
    return file


def _let_windows_close(link: psycopg.Connection[Any], many: int) -> None:
    """The last of them bound themselves three days ago, for all that the contacts know."""
    link.execute(
        "UPDATE wechat_contact SET last_message_at = now() - interval '3 days',"
        " last_click_at = now() - interval '3 days'"
        " WHERE (account, person) IN (SELECT account, person FROM officer WHERE person IS NOT NULL"
        " ORDER BY bound_at DESC LIMIT %s)",
        [many],
    )


def _added(link: psycopg.Connection[Any]) -> int:
    with link.transaction(), link.cursor() as cursor:
        chosen = [one.id for one in units(cursor)]
        now = datetime.now(SHANGHAI)
        return tasks.add_task(cursor, "白沙洲大桥南向故障车占道", units=chosen, who="desk", now=now)[0]


async def _settled(
    desk: Desk, link: psycopg.Connection[Any], task: int, answering: set[str], began: float
) -> float:
    """Answer for those who do, as their messages arrive; the seconds until everybody is settled."""
    waiting = set(answering)
    while time.monotonic() - began < 2 * WITHIN_S:
        got = [user for user in waiting if await _has_task(desk, user)] if waiting else []
        await desk.everybody(dict.fromkeys(got, "收到"))
        waiting -= set(got)
        if link.execute("SELECT ended_at FROM duty_task WHERE id = %s", [task]).fetchone() != (None,):
            return time.monotonic() - began
        await asyncio.sleep(1)
    return time.monotonic() - began


async def _has_task(desk: Desk, user: str) -> bool:
    return "紧急任务" in str(await desk.get(f"/_sim/users/{user}/inbox?account={ACCOUNT}"))


def _counted(link: psycopg.Connection[Any], task: int) -> dict[str, int]:
    rows = link.execute(
        "SELECT status, count(*) FROM duty_task_person WHERE task = %s GROUP BY status", [task]
    ).fetchall()
    return {str(status): int(many) for status, many in rows}
