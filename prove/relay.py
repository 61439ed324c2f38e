"""A whole gateway with an old vendor behind it that is slow, failing and away: nothing lost, nothing twice.

Two gateway processes, a worker and PostgreSQL serve mixed messages: half ours, half for the vendor, some in
danger, some repeated, some of a kind that nobody knows. The vendor is a program of its own with a truth log;
gateway processes are killed meanwhile. Judges: the vendor's log, what every call was answered, the outbox,
and the log of the platform's custom/send, to which the worker delivers what came late.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import Settings, read_settings
from prove.instance import ROOT, Instance, free_ports
from prove.relay_judge import OPEN, judge
from prove.relay_vendor import plan

DRAIN_S = 150
START_S = 300
"""The copy starts beside other campaigns too; how fast it starts is judged elsewhere."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--connections", type=int, default=200)


async def campaign(
    *,
    seed: int,
    folder: Path,
    messages: int,  # the option's name
    kills: int,
    connections: int,
    steps: list[tuple[float, str]] | None = None,
) -> dict[str, Any]:
    """Run the campaign of one seed; `steps` replaces the vendor's plan."""
    await asyncio.to_thread(_clear, folder)
    ports = dict(zip(("vendor", "platform"), free_ports(2), strict=True))
    instance = Instance(
        folder / "home",
        DAXIANG_SERVICE_RELAY_URL=f"http://127.0.0.1:{ports['vendor']}/wx",
        DAXIANG_WECHAT_URL=f"http://127.0.0.1:{ports['platform']}",
        DAXIANG_GATEWAY_PROCESSES="2",
        DAXIANG_CALLBACK_MAX_AGE_S="86400",
    )
    instance.purge()
    settings = read_settings(with_demo_values(instance.environment))
    told = _told(settings, seed=seed, count=messages, folder=folder, steps=steps or plan(seed))
    told["kills"] = kills
    (folder / "vendor.json").write_text(json.dumps({**told, **{f"{k}_port": v for k, v in ports.items()}}))
    vendor = _program("prove.relay_vendor", folder / "vendor.json", folder / "vendor.log")
    try:
        await asyncio.to_thread(instance.start, timeout=START_S)
        began = time.monotonic()
        killed = await _fire(instance, told, folder, connections=connections, kills=kills, seed=seed)
        seconds = time.monotonic() - began
        drained_s = await asyncio.to_thread(_drain, settings)
        if vendor.poll() is not None:
            raise RuntimeError(f"the vendor ended:\n{(folder / 'vendor.log').read_text()[-2000:]}")
        verdict = await asyncio.to_thread(judge, told, folder, settings)
    finally:
        vendor.kill()
        vendor.wait()
        await asyncio.to_thread(instance.stop)
        instance.purge()
    verdict |= {"kills": killed, "seconds": round(seconds, 1), "drained_s": round(drained_s, 1)}
    return {"campaign": "relay", "seed": seed, **verdict}


def _clear(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json*"):
        old.unlink()


def _told(
    settings: Settings, *, seed: int, count: int, folder: Path, steps: list[tuple[float, str]]
) -> dict[str, Any]:
    """What the vendor and the senders must know."""
    account = settings.accounts["service"]
    return {
        "token": account.token,
        "aes_key": account.aes_key,
        "app_id": account.app_id,
        "original_id": account.original_id,
        "seed": seed,
        "count": count,
        "now": int(time.time()),
        "port": settings.ports.gateway,
        "plan": steps,
        "log": str(folder / "vendor.jsonl"),
        "delivered": str(folder / "delivered.jsonl"),
    }


def _program(module: str, told: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen([sys.executable, "-m", module, str(told)], cwd=ROOT, stderr=output)


async def _fire(
    instance: Instance, told: dict[str, Any], folder: Path, *, connections: int, kills: int, seed: int
) -> int:
    """Two senders with half of the messages each; meanwhile gateway processes are killed. How many were."""
    half = told["count"] // 2
    senders = []
    for number, (first, last) in enumerate(((0, half), (half, told["count"]))):
        share = {
            **told,
            "from": first,
            "to": last,
            "connections": connections // 2,
            "output": str(folder / f"sent{number}.jsonl"),
        }
        path = folder / f"sender{number}.json"
        path.write_text(json.dumps(share))
        senders.append(_program("prove.relay_sender", path, folder / "senders.log"))
    rng, killed = random.Random(seed + 1), 0
    next_kill = time.monotonic() + rng.uniform(15, 30)
    while any(sender.poll() is None for sender in senders):
        await asyncio.sleep(0.25)
        if killed < kills and time.monotonic() > next_kill:
            victims = instance.of_role("gateway")
            rng.choice(victims).kill()
            killed += 1
            next_kill = time.monotonic() + rng.uniform(15, 45)
    if any(sender.returncode for sender in senders):
        raise RuntimeError((folder / "senders.log").read_text()[-2000:])
    return killed


def _drain(settings: Settings) -> float:
    """Wait until nothing is owed any more; how long that took."""
    began = time.monotonic()
    with psycopg.connect(database_url(settings), autocommit=True) as connection:
        while time.monotonic() - began < DRAIN_S:
            row = connection.execute(OPEN).fetchone()
            if row is not None and row[0] == 0:
                break
            time.sleep(0.5)
    return time.monotonic() - began
