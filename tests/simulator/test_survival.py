"""What was true stays true: over a restart, and over a kill -9 in the middle of a conversation."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, unused_port

from daxiang_simulator.app import make_app
from daxiang_simulator.store import Store
from daxiang_simulator.world import Options
from tests.simulator.callee import Call, Callee
from tests.simulator.conftest import Simulator, account


async def test_a_restart_keeps_people_inbox_and_truth(options: Options) -> None:
    async with TestClient(TestServer(make_app(options))) as client:
        before = Simulator(client)
        user = await before.follower()
        first = await before.send(user, "5")
        paths = ("/_sim/users", f"/_sim/users/{user}/inbox", "/_sim/truth?since=0")
        held = [await before.get(path) for path in paths]
    async with TestClient(TestServer(make_app(options))) as client:
        after = Simulator(client)
        assert [await after.get(path) for path in paths] == held
        second = await after.send(user, "6")
        assert second["outcome"] == "answered"
        assert int(second["msg_id"]) > int(first["msg_id"])


async def test_the_accounts_file_speaks_again_only_when_it_changed(options: Options, callee: Callee) -> None:
    put, filed = account("http://127.0.0.1:1/put"), account(callee.url(), display_name="改过的")
    async with TestClient(TestServer(make_app(options))) as client:
        await Simulator(client).call("PUT", "/_sim/accounts", [put])
    async with TestClient(TestServer(make_app(options))) as client:
        assert (await Simulator(client).get("/_sim/accounts"))["accounts"] == [put]
    changed = replace(options, accounts=options.state.with_name("changed.json"))
    assert changed.accounts is not None
    changed.accounts.write_text(json.dumps([filed]), encoding="utf-8")
    async with TestClient(TestServer(make_app(changed))) as client:
        assert (await Simulator(client).get("/_sim/accounts"))["accounts"] == [filed]


async def test_a_message_never_gets_two_replies(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    insert = "INSERT INTO received (id, user, account, answers_to, at, body) VALUES (?, 'u', 'a', 7, 0, '{}')"
    await store.write((insert, (1,)))
    with pytest.raises(sqlite3.IntegrityError):
        await store.write((insert, (2,)))
    await store.close()


async def test_one_bad_write_does_not_take_its_neighbours_with_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    insert = "INSERT INTO following (user, account) VALUES (?, 'a')"
    writes = [store.write((insert, (user,))) for user in ("a", "b", "a", "c")]
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(one) for one in results] == [type(None), type(None), sqlite3.IntegrityError, type(None)]
    assert await store.read("SELECT user FROM following ORDER BY user") == [("a",), ("b",), ("c",)]
    await store.close()


def command(options: Options, port: int) -> list[str]:
    files = ("--state", str(options.state), "--accounts", str(options.accounts))
    return [sys.executable, "-m", "daxiang_simulator", "--port", str(port), *files]


@asynccontextmanager
async def started(options: Options, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """The simulator as a process of its own, once it says where its phone is."""
    child = await asyncio.create_subprocess_exec(*command(options, port), stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        assert "手机" in (await child.stdout.readline()).decode()
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


@pytest.mark.system
async def test_kill_9_in_the_middle_keeps_all_that_was_true(options: Options, callee: Callee) -> None:
    async def never(_call: Call) -> web.Response:
        return await asyncio.Future()

    port = unused_port()
    async with started(options, port) as child, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        simulator = Simulator(session)
        user = await simulator.follower()
        answered = await simulator.send(user, "5")
        callee.behaviours = [never]
        callee.reached.clear()
        waiting = asyncio.create_task(simulator.send(user, "6"))
        await callee.reached.wait()
        child.kill()
        with pytest.raises(aiohttp.ClientError):
            await waiting
    async with TestClient(TestServer(make_app(options))) as client:
        truth = await Simulator(client).truth()
    assert [(row["kind"], row["words"]) for row in truth[-3:]] == [
        ("sent", "5"),
        ("delivered", "5"),
        ("sent", "6"),
    ]
    assert truth[-2]["msg_id"] == answered["msg_id"]


@pytest.mark.system
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_it_cleanly(options: Options, number: signal.Signals) -> None:
    async with started(options, unused_port()) as child:
        child.send_signal(number)
        assert await asyncio.wait_for(child.wait(), 10) == 0


@pytest.mark.system
async def test_accounts_that_cannot_be_read_stop_the_start_with_one_line(options: Options) -> None:
    assert options.accounts is not None
    options.accounts.write_text('[{"name": "service"}]', encoding="utf-8")
    child = await asyncio.create_subprocess_exec(*command(options, unused_port()), stderr=subprocess.PIPE)
    _, said = await child.communicate()
    assert child.returncode == 2
    assert len(said.decode().splitlines()) == 1


@pytest.mark.system
async def test_it_runs_alone_with_an_account_that_it_invents(options: Options, callee: Callee) -> None:
    port = unused_port()
    more = ("--port", str(port), "--state", str(options.state), "--callback", callee.url())
    command = (sys.executable, "-m", "daxiang_simulator", *more)
    child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert child.stdout is not None
    await child.stdout.readline()
    made = json.loads(await child.stdout.readline())
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        assert (await Simulator(session).get("/_sim/accounts"))["accounts"] == [made]
        assert await Simulator(session).token()
    child.terminate()
    assert await child.wait() == 0
