"""Tokens: eight processes, one database, a platform that voids all tokens again and again and loses answers.

Each process runs a keeper and makes calls. Now and then one is killed with -9, mostly the one that holds the
lease. Judged: at the platform no two token requests ever overlap, force_refresh is never used, and no call is
without success for longer than the refresh: while a good token lies in the shared row, a call succeeds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from daxiang.foundation.database.cluster import Cluster
from daxiang.foundation.database.url import cluster_url
from daxiang.foundation.settings import Account
from prove.instance import ROOT, free_ports, request
from prove.tokens_judge import Span, judge, read_diaries

PROCESSES, EXPIRIES, A_ROUND = 8, 1000, 250
KILL_SHARE, AIMED_SHARE = 0.05, 0.7
PATH = "/cgi-bin/stable_token"
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "lost_answer", "rate": 0.2},
    {"kind": "garbage", "rate": 0.05},
    {"kind": "http", "rate": 0.03},
    {"kind": "slow", "rate": 0.05, "value": 0.3},
    {"kind": "errcode", "rate": 0.02, "value": -1},
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--expiries", type=int, default=EXPIRIES)
    parser.add_argument("--processes", type=int, default=PROCESSES)


async def campaign(
    *,
    seed: int,
    folder: Path,
    expiries: int = EXPIRIES,
    processes: int = PROCESSES,
    database: str | None = None,
    quiet: bool = False,
) -> dict[str, Any]:
    """Run what is not done yet of one seed, in rounds, and judge. `database`: one whose tables exist; else a
    cluster of its own is made and removed again.
    """
    done = await asyncio.to_thread(_done, folder, seed, expiries, processes)
    async with _database(folder, database) as url:
        while sum(one["expiries"] for one in done) < expiries:
            left = expiries - sum(one["expiries"] for one in done)
            round_folder = folder / f"round-{len(done) + 1}"
            shutil.rmtree(round_folder, ignore_errors=True)
            one = Round(
                folder=round_folder,
                url=url,
                seed=seed * 1000 + len(done),
                expiries=min(A_ROUND, left),
                processes=processes,
            )
            done.append(await one.run())
            if not quiet:
                print(json.dumps(done[-1]), flush=True)
            await asyncio.to_thread(_keep, folder, seed, expiries, processes, done)
    return verdict(seed, done)


def _done(folder: Path, seed: int, expiries: int, processes: int) -> list[dict[str, Any]]:
    path = folder / "progress.json"
    if not path.exists():
        return []
    held = json.loads(path.read_text(encoding="utf-8"))
    is_same = (held["seed"], held["expiries"], held["processes"]) == (seed, expiries, processes)
    rounds: list[dict[str, Any]] = held["rounds"]
    is_over = sum(one["expiries"] for one in rounds) >= expiries
    return rounds if is_same and not is_over else []


def _keep(folder: Path, seed: int, expiries: int, processes: int, rounds: list[dict[str, Any]]) -> None:
    fresh = folder / "progress.new"
    held = {"seed": seed, "expiries": expiries, "processes": processes, "rounds": rounds}
    fresh.write_text(json.dumps(held), encoding="utf-8")
    fresh.replace(folder / "progress.json")


def verdict(seed: int, rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """All rounds in one line."""
    summed = (
        "expiries",
        "orders",
        "kills",
        "aimed_kills",
        "requests",
        "faulted",
        "overlapping",
        "forced",
        "renewals",
    )
    figures: dict[str, Any] = {name: sum(one[name] for one in rounds) for name in (*summed, "calls")}
    figures["late_calls"] = sum(one["late_calls"] for one in rounds)
    figures["longest_call_s"] = max(one["longest_call_s"] for one in rounds)
    figures["p99_call_s"] = max(one["p99_call_s"] for one in rounds)
    failures: Counter[str] = Counter()
    for one in rounds:
        failures.update(one["failures"])
    is_good = figures["overlapping"] == figures["forced"] == figures["late_calls"] == 0
    ok = is_good and figures["calls"] > figures["expiries"] / 10 and figures["renewals"] > 0
    return {"campaign": "tokens", "seed": seed, "ok": ok, **figures, "failures": dict(failures)}


@contextlib.asynccontextmanager
async def _database(folder: Path, given: str | None) -> AsyncIterator[str]:
    if given is not None:
        yield given
        return
    home = folder / "home"
    cluster = Cluster(home)
    await asyncio.to_thread(cluster.purge)
    await asyncio.to_thread(cluster.start)
    try:
        url = cluster_url(home)
        environment = {**os.environ, "DAXIANG_HOME": str(home), "DATABASE_URL": url}
        migrate = [sys.executable, "-m", "daxiang.config.cli", "manage", "migrate", "wechat_client"]
        await asyncio.to_thread(
            subprocess.run, migrate, env=environment, cwd=ROOT, check=True, capture_output=True
        )
        yield url
    finally:
        await asyncio.to_thread(cluster.stop)
        await asyncio.to_thread(cluster.purge)
        shutil.rmtree(home, ignore_errors=True)


class Round:
    """A platform and the processes, for some of the expiries."""

    def __init__(self, *, folder: Path, url: str, seed: int, expiries: int, processes: int) -> None:
        self.folder = folder
        self.url = url
        self.seed = seed
        self.expiries = expiries
        self.processes = processes
        self.rng = random.Random(seed)
        self.running: list[subprocess.Popen[bytes]] = []
        self.started = 0
        self.kills = self.aimed = 0
        self.platform = f"http://127.0.0.1:{free_ports(1)[0]}"

    async def run(self) -> dict[str, Any]:
        await asyncio.to_thread(self._prepare)
        simulator = await asyncio.to_thread(self._start_simulator)
        try:
            self.running = [self._start_worker() for _ in range(self.processes)]
            await self._settled(0)
            spans = await self._expire_again_and_again()
            await self._settled(time.time())
            until = time.time()
        finally:
            await asyncio.to_thread(self._stop_workers)
            truth = await asyncio.to_thread(self._truth, simulator)
        diaries = await asyncio.to_thread(read_diaries, self.folder)
        told = {
            "expiries": self.expiries,
            "orders": len(spans),
            "kills": self.kills,
            "aimed_kills": self.aimed,
        }
        return told | judge(diaries, truth, spans, until)

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True)
        account = Account(
            name="service",
            kind="service",
            app_id="wx" + secrets.token_hex(8),
            secret=secrets.token_hex(16),
            token=secrets.token_hex(16),
            aes_key="A" * 43,
            aes_key_previous=None,
            original_id="gh_" + secrets.token_hex(6),
        )
        config = {"account": asdict(account), "key": secrets.token_hex(32)}
        config |= {"platform": self.platform, "database": self.url}
        (self.folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        named = ("name", "kind", "app_id", "secret", "token", "aes_key", "original_id")
        told = {name: getattr(account, name) for name in named}
        told |= {"display_name": "武汉交警", "callback": "http://127.0.0.1:9/nobody"}
        (self.folder / "accounts.json").write_text(json.dumps([told]), encoding="utf-8")
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("TRUNCATE wechat_token")

    def _start_simulator(self) -> subprocess.Popen[bytes]:
        port = self.platform.rpartition(":")[2]
        state, accounts = self.folder / "simulator.db", self.folder / "accounts.json"
        command = [sys.executable, "-m", "daxiang_simulator", "--port", port]
        with (self.folder / "simulator.log").open("ab") as log:
            started = subprocess.Popen(
                [*command, "--state", str(state), "--accounts", str(accounts)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + 30
        while True:
            try:
                request(f"{self.platform}/healthz", timeout=1)
                break
            except (OSError, ValueError):
                if time.monotonic() > deadline or started.poll() is not None:
                    started.kill()
                    raise
                time.sleep(0.05)
        for number, fault in enumerate(FAULTS):
            body = {"path": PATH, "seed": self.seed * 10 + number, **fault}
            request(f"{self.platform}/_sim/faults", body)
        return started

    def _start_worker(self) -> subprocess.Popen[bytes]:
        self.started += 1
        diary = self.folder / f"diary-{self.started}.jsonl"
        with (self.folder / "workers.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "prove.tokens_worker", str(self.folder / "config.json"), str(diary)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    async def _settled(self, since: float) -> None:
        """Until every process that runs has made a call since then."""
        deadline = time.monotonic() + 60
        while True:
            rows = await asyncio.to_thread(read_diaries, self.folder)
            calls = [row for row in rows if row["kind"] == "call" and row["began"] >= since]
            if len(calls) >= 2 * self.processes:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"no calls in 60 s; see {self.folder}/workers.log")
            await asyncio.sleep(0.2)

    async def _expire_again_and_again(self) -> list[Span]:
        """Until so many expiries have each voided a token in force; (before, after) of all of them."""
        spans, voided = [], 0
        while voided < self.expiries:
            await asyncio.sleep(self.rng.choice((0.02, 0.2, 0.4, 0.6)) * (0.5 + self.rng.random()))
            before = time.time()
            url = f"{self.platform}/_sim/tokens/expire"
            ended = await asyncio.to_thread(request, url, {"account": "service"})
            spans.append((before, time.time()))
            voided += ended["expired"] > 0
            if ended["expired"] and self.rng.random() < KILL_SHARE:
                await self._kill(is_aimed=self.rng.random() < AIMED_SHARE)
        return spans

    async def _kill(self, *, is_aimed: bool) -> None:
        place = self.rng.randrange(len(self.running))
        holder = await asyncio.to_thread(self._holder) if is_aimed else None
        pids = [process.pid for process in self.running]
        if holder in pids:
            place = pids.index(holder)
            self.aimed += 1
        self.running[place].kill()
        await asyncio.to_thread(self.running[place].wait)
        self.kills += 1
        self.running[place] = self._start_worker()

    def _holder(self) -> int | None:
        """The process that holds the lease now, waited for a little while."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for _ in range(200):
                row = connection.execute("SELECT lease_owner FROM wechat_token").fetchone()
                if row is not None and row[0] is not None:
                    return int(row[0].partition("-")[0])
                time.sleep(0.005)
        return None

    def _stop_workers(self) -> None:
        for process in self.running:
            if process.stdin is not None:
                process.stdin.close()
        for process in self.running:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _truth(self, simulator: subprocess.Popen[bytes]) -> list[dict[str, Any]]:
        try:
            rows: list[dict[str, Any]] = []
            while True:
                since = rows[-1]["seq"] if rows else 0
                page = request(f"{self.platform}/_sim/truth?since={since}")["truth"]
                if not page:
                    return rows
                rows += page
        finally:
            simulator.terminate()
            simulator.wait(timeout=10)
