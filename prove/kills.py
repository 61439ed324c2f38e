"""kill -9 under load: no acknowledged message is lost or answered twice, nothing is orphaned, all serve
again.

Acknowledged means: the platform (the simulator) had our answer and gave it to the person, and its sender
was told. The judge is the simulator's truth log and the inbox, read after the last kill.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import psycopg

from prove.instance import Instance, is_role, request

TARGETS = ("gateway", "web", "worker", "simulator", "up", "postgres")
SENDERS = 6
TEXTS = ("5", "6", "尾号0", "鄂A12345", "鄂AD12346", "K", "帮助", "谢谢")
SERVING_WITHIN_S = 5.0


@dataclass
class Progress:
    """What is known so far; kept after every kill so that an interrupted campaign goes on."""

    seed: int
    kills: int
    done: list[dict[str, Any]] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    finished: bool = False

    def save(self, path: Path) -> None:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self)), encoding="utf-8")
        fresh.replace(path)


class Load:
    """People who keep asking, one message at a time each; what they were told is written down."""

    def __init__(self, instance: Instance, acknowledged: Path, seed: int) -> None:
        self._instance = instance
        self._file = acknowledged.open("a", encoding="utf-8")
        self._random = random.Random(seed)
        self.outcomes: Counter[str] = Counter()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=25)
        with self._file:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                await asyncio.gather(*(self._person(session) for _ in range(SENDERS)))

    def stop(self) -> None:
        self._stop.set()

    async def _post(self, session: aiohttp.ClientSession, path: str, body: object) -> dict[str, Any]:
        async with session.post(self._instance.url("simulator", path), json=body) as answer:
            if answer.status != 200:
                raise aiohttp.ClientError(str(answer.status))
            said: dict[str, Any] = await answer.json()
            return said

    async def _person(self, session: aiohttp.ClientSession) -> None:
        user = None
        while not self._stop.is_set():
            try:
                if user is None:
                    fresh = (await self._post(session, "/_sim/users", {"nickname": "王芳"}))["user"]
                    await self._post(session, f"/_sim/users/{fresh}/follow", {"account": "service"})
                    user = fresh
                text = self._random.choice(TEXTS)
                message = {"account": "service", "message": {"type": "text", "content": text}}
                said = await self._post(session, f"/_sim/users/{user}/send", message)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
                self.outcomes["not_told"] += 1  # the platform itself was away: nothing was acknowledged
                await asyncio.sleep(0.25)
                continue
            self.outcomes[said["outcome"]] += 1
            if said["outcome"] == "answered":
                self._write(user, text, said)
            await asyncio.sleep(0.01)

    def _write(self, user: str, text: str, said: dict[str, Any]) -> None:
        row = {"msg_id": str(said["msg_id"]), "user": user, "text": text, "reply": said["reply"]["content"]}
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.flush()


async def strike(instance: Instance, target: str, rng: random.Random) -> dict[str, Any]:
    """Kill one process, wait until all serve again; returns what was seen."""
    expected = _present(instance)
    victims = instance.of_role(target)
    if not victims:
        raise RuntimeError(f"no process of {target}:\n{instance.tail()}")
    victim = rng.choice(victims)
    before = instance.processes()
    went_with_it = before if target == "up" else [victim, *victim.children(recursive=True)]
    victim.kill()
    began = time.monotonic()
    if target == "up":
        assert instance.process is not None
        await asyncio.to_thread(instance.process.wait)
        began = time.monotonic()
        await asyncio.to_thread(instance.start, timeout=30)
    await asyncio.to_thread(_until_serving, instance, expected, victim.pid)
    seconds = time.monotonic() - began
    orphans = [process.pid for process in went_with_it if _alive(process)]
    return {"target": target, "seconds": round(seconds, 2), "orphans": orphans}


def _alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _until_serving(instance: Instance, expected: Counter[str], killed: int) -> None:
    """Ready, answering, and as many processes of each kind as before; cheap questions first, for they cost
    the machine that is starting up.
    """
    deadline = time.monotonic() + 30
    while instance.not_ready() or not _answers(instance) or not _complete(instance, expected, killed):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{instance.not_ready()} wanted {expected}\n{instance.tail()}")
        time.sleep(0.1)


def _complete(instance: Instance, expected: Counter[str], killed: int) -> bool:
    there = instance.processes()
    gone = not any(process.pid == killed and _alive(process) for process in there)
    return gone and _present(instance, there) == expected


def _present(instance: Instance, there: list[psutil.Process] | None = None) -> Counter[str]:
    found = instance.processes() if there is None else there
    return Counter(role for process in found for role in TARGETS if is_role(process, role))


def _answers(instance: Instance) -> bool:
    try:
        user = instance.new_user("探针")
        instance.follow(user)
        return bool(instance.send(user, "5")["outcome"] == "answered")
    except (OSError, ValueError):
        return False


def judge(instance: Instance, acknowledged: Path) -> dict[str, int]:
    """Compare what people were told with what is kept and with what the platform delivered."""
    rows = [json.loads(line) for line in acknowledged.read_text(encoding="utf-8").splitlines()]
    kept = kept_messages(instance)
    delivered = delivered_replies(instance)
    wrong = sum(
        1 for row in rows if row["msg_id"] in kept and not _same(kept[row["msg_id"]][0], row["reply"])
    )
    return {
        "acknowledged": len(rows),
        "kept": len(kept),
        "delivered": len(delivered),
        "lost": len(({row["msg_id"] for row in rows} | delivered.keys()) - kept.keys()),
        "kept_twice": sum(1 for answers in kept.values() if len(answers) > 1),
        "answered_twice": sum(1 for count in delivered.values() if count > 1),
        "answered_differently": wrong,
    }


def _same(stored: str, shown: str) -> bool:
    """The phone shows the text without the links that are its choices."""
    return bool(shown.strip()) and stored.startswith(shown.strip())


def kept_messages(instance: Instance) -> dict[str, list[str]]:
    """MsgId -> the stored answers, out of the sealed inbox."""
    from daxiang.foundation.database.url import database_url
    from daxiang.foundation.demo import with_demo_values
    from daxiang.foundation.inbox.operations import open_answer, open_body
    from daxiang.foundation.sealing import Sealer
    from daxiang.foundation.settings import read_settings
    from daxiang.integrations.wechat.bodies import parse_fields

    settings = read_settings(with_demo_values(instance.environment))
    sealer = Sealer(settings.data_keys)
    kept: dict[str, list[str]] = {}
    with psycopg.connect(database_url(settings)) as connection:
        for identity, body, answer in connection.execute("SELECT identity, body, answer FROM inbox_message"):
            message_id = parse_fields(open_body(body, identity=identity, sealer=sealer)).get("MsgId")
            if message_id:
                reply = parse_fields(open_answer(answer, identity=identity, sealer=sealer))["Content"]
                kept.setdefault(message_id, []).append(reply)
    return kept


def delivered_replies(instance: Instance) -> Counter[str]:
    """MsgId -> how many replies to it the platform gave to a person."""
    counted: Counter[str] = Counter()
    since = 0
    while True:
        page = request(instance.url("simulator", f"/_sim/truth?since={since}"))
        for entry in page["truth"]:
            if entry["kind"] == "delivered" and entry.get("msg_id"):
                counted[str(entry["msg_id"])] += 1
        if not page["truth"] or page["next"] == since:
            return counted
        since = page["next"]


def plan(seed: int, kills: int) -> list[str]:
    """Which process falls when: every kind in each round of six, in an order of its own."""
    rng = random.Random(seed)
    order: list[str] = []
    while len(order) < kills:
        order += rng.sample(TARGETS, len(TARGETS))
    return order[:kills]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=50)


async def campaign(*, seed: int, kills: int, folder: Path, quiet: bool = False) -> dict[str, Any]:
    """Run, or go on with, the campaign of one seed; returns its figures."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    state, acknowledged = folder / "progress.json", folder / "acknowledged.jsonl"
    progress = Progress(seed=seed, kills=kills)
    if state.exists():
        held = Progress(**json.loads(state.read_text(encoding="utf-8")))
        if not held.finished and (held.seed, held.kills) == (seed, kills):
            progress = held
    instance = Instance(folder / "home", ports=progress.ports or None)
    progress.ports = instance.ports
    if not progress.done:
        instance.purge()
        acknowledged.unlink(missing_ok=True)
    try:
        return await _run(instance, progress, state, acknowledged, quiet=quiet)
    finally:
        await asyncio.to_thread(instance.stop)
        if progress.finished:
            instance.purge()


async def _run(
    instance: Instance, progress: Progress, state: Path, acknowledged: Path, *, quiet: bool
) -> dict[str, Any]:
    await asyncio.to_thread(instance.start)
    rng = random.Random(progress.seed * 1000 + len(progress.done))
    load = Load(instance, acknowledged, progress.seed + len(progress.done))
    running = asyncio.create_task(load.run())
    for number, target in enumerate(plan(progress.seed, progress.kills)):
        if number < len(progress.done):
            continue
        await asyncio.sleep(rng.uniform(0.2, 0.9))
        seen = await strike(instance, target, rng)
        progress.done.append(seen)
        progress.save(state)
        if not quiet:
            print(
                f"{number + 1:3} of {progress.kills}  {target:10} serving again after {seen['seconds']:.2f} s"
            )
    load.stop()
    await running
    figures = await asyncio.to_thread(judge, instance, acknowledged)
    await asyncio.to_thread(instance.stop)
    leftovers = instance.leftovers()
    progress.finished = True
    progress.save(state)
    return _verdict(progress, figures, load.outcomes, leftovers)


def _verdict(
    progress: Progress, figures: dict[str, int], outcomes: Counter[str], leftovers: list[str]
) -> dict[str, Any]:
    slowest = max(progress.done, key=lambda seen: float(seen["seconds"]))
    orphans = sum(len(seen["orphans"]) for seen in progress.done) + len(leftovers)
    faults = sum(figures[name] for name in ("lost", "kept_twice", "answered_twice", "answered_differently"))
    ok = (
        faults == 0
        and orphans == 0
        and slowest["seconds"] <= SERVING_WITHIN_S
        and figures["acknowledged"] > 0
    )
    return {
        "campaign": "kills",
        "seed": progress.seed,
        "ok": ok,
        "kills": len(progress.done),
        **figures,
        "orphans": orphans,
        "slowest_s": slowest["seconds"],
        "slowest_target": slowest["target"],
        "outcomes": dict(outcomes),
    }
