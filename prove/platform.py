"""Random histories of platform calls: the simulator over HTTP against a small model of the rules.

hypothesis draws the histories from the seed: people who follow, leave, write and tap, tokens of both
families, tags, customer-service and template messages, mass sends, cleared quotas, time that passes. After
every step the codes, the record, what the service heard and the state that can be asked for must be the
model's. A difference is shrunk and printed as a list of steps. The run also counts which rules and refusals
were met; one that was never met fails the campaign, for then it would have proved nothing of it.

It goes on where it was stopped: batches that are done stand in batches.jsonl of its folder.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from prove.platform_desk import Desk, Difference, Ears
from prove.platform_histories import History, histories
from prove.platform_looks import see_everything
from prove.platform_met import REQUIRED
from prove.platform_steps import listing

BATCH = 100
SHRINK_S = 60.0


@dataclass(kw_only=True)
class Batch:
    """What some histories brought."""

    histories: int = 0
    steps: int = 0
    calls: int = 0
    met: Counter[str] = field(default_factory=Counter)
    difference: str | None = None


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--histories", type=int, default=2_000)


async def campaign(*, seed: int, folder: Path, histories: int) -> dict[str, Any]:
    """Play the histories; the verdict."""
    begun = time.monotonic()
    done = _read(folder / "batches.jsonl", seed)
    differences = 0
    for number, size in enumerate(_sizes(histories)):
        if number < len(done) and done[number].histories == size:
            continue
        del done[number:]
        batch = await asyncio.to_thread(play_batch, seed * 1_000_003 + number, size)
        if batch.difference is not None:
            differences += 1
            print(batch.difference, file=sys.stderr, flush=True)
            break
        done.append(batch)
        _append(folder / "batches.jsonl", seed, batch)
        print(f"{sum(one.histories for one in done)} histories", file=sys.stderr, flush=True)
    return verdict(seed, done, differences, histories, time.monotonic() - begun)


def verdict(seed: int, done: list[Batch], differences: int, wanted: int, seconds: float) -> dict[str, Any]:
    met: Counter[str] = sum((one.met for one in done), Counter())
    never = sorted(what for what in REQUIRED if not met[what])
    played = sum(one.histories for one in done)
    return {
        "campaign": "platform",
        "seed": seed,
        "ok": differences == 0 and played >= wanted and not never,
        "histories": played,
        "steps": sum(one.steps for one in done),
        "calls": sum(one.calls for one in done),
        "differences": differences,
        "rules_met": len(REQUIRED) - len(never),
        "never_met": never,
        "met": dict(sorted(met.items())),
        "seconds": round(seconds),
    }


def play_batch(seed: int, size: int) -> Batch:
    """So many histories of one seed; a difference is shrunk."""
    batch = Batch()
    failed: list[History] = []

    @seeded(seed)
    @settings(
        max_examples=size,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(histories())
    def holds(history: History) -> None:
        if not failed and _differs(table, history, batch):
            failed.append(history)

    with asyncio.Runner() as runner:
        table = Table(runner, *runner.run(_open()))
        try:
            holds()
            if failed:
                batch.difference = _shrunk(table, failed[0])
        finally:
            runner.run(_close(table.ears, table.session))
    return batch


@dataclass(frozen=True)
class Table:
    """What a batch's histories have in common."""

    runner: asyncio.Runner
    ears: Ears
    session: ClientSession


def _differs(table: Table, history: History, batch: Batch) -> str | None:
    """How simulator and model differ over this history."""
    try:
        table.runner.run(_play(history, table.ears, table.session, batch))
    except Difference as difference:
        return str(difference)
    return None


def _shrunk(table: Table, history: History) -> str:
    """The same with as few steps as still differ, for a person to read."""
    until, length = time.monotonic() + SHRINK_S, len(history.steps)
    said = _differs(table, history, Batch()) or "it did not differ when it was played again"
    while length := length // 2:
        start = 0
        while start < len(history.steps) and time.monotonic() < until:
            fewer = replace(history, steps=history.steps[:start] + history.steps[start + length :])
            found = _differs(table, fewer, Batch())
            if found:
                history, said = fewer, found
            else:
                start += length
    return f"{said}\nafter {history.heading()}\n{listing(history.steps)}"


async def _open() -> tuple[Ears, ClientSession]:
    ears = Ears()
    await ears.start()
    return ears, ClientSession()


async def _close(ears: Ears, session: ClientSession) -> None:
    await session.close()
    await ears.stop()


async def _play(history: History, ears: Ears, session: ClientSession, batch: Batch) -> None:
    desk = Desk(session, ears, history.rules, Counter())
    async with desk.opened():
        await desk.begin(history.begins_at)
        for number, step in enumerate(history.steps, 1):
            try:
                await step.play(desk)
                await desk.settle()
            except Difference as difference:
                raise Difference(f"step {number}: {difference}") from None
        await see_everything(desk)
    batch.histories += 1
    batch.steps += len(history.steps)
    batch.calls += desk.calls
    batch.met += desk.met


def _sizes(histories: int) -> list[int]:
    whole, rest = divmod(histories, BATCH)
    return [BATCH] * whole + [rest] * (rest > 0)


def _read(path: Path, seed: int) -> list[Batch]:
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Batch(histories=row["histories"], steps=row["steps"], calls=row["calls"], met=Counter(row["met"]))
        for row in rows
        if row["seed"] == seed
    ]


def _append(path: Path, seed: int, batch: Batch) -> None:
    row = {"seed": seed, "histories": batch.histories, "steps": batch.steps, "calls": batch.calls}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**row, "met": batch.met}, ensure_ascii=False) + "\n")
