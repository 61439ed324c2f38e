"""`daxiang up` with tiny roles: the real supervisor and, where a test says so, the real private database."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from daxiang.config import cli_database
from daxiang.foundation.database import migrate
from daxiang.foundation.database.cluster import Cluster
from daxiang.foundation.database.place import place_of

from .processes import FAKE_CLI, Started, free_ports, is_alive, wait_for

pytestmark = pytest.mark.system
ROLES = ("web", "gateway", "simulator", "worker", "router")


class Copy:
    """One home with ports of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports = dict(zip(ROLES, free_ports(5), strict=True))
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("DA")}
        if chosen := os.environ.get("DAXIANG_POSTGRES_BIN"):
            self.env["DAXIANG_POSTGRES_BIN"] = chosen
        self.env["DAXIANG_HOME"] = str(home)
        self.env |= {f"DAXIANG_{role.upper()}_PORT": str(port) for role, port in self.ports.items()}
        self._started: list[Started] = []

    def run(self, *arguments: str, **env: str) -> Started:
        one = Started([sys.executable, FAKE_CLI, *arguments], {**self.env, **env})
        self._started.append(one)
        return one

    def up(self, **env: str) -> Started:
        """Everything serves when this returns."""
        one = self.run("up", **env)
        one.wait_for_text(rf"http://127\.0\.0\.1:{self.ports['simulator']}/")
        return one

    def ask(self, role: str) -> tuple[str, int]:
        """What the process behind that port calls itself, and its pid."""
        address = f"http://127.0.0.1:{self.ports[role]}/"
        with urllib.request.urlopen(address, timeout=5) as answer:
            name, pid = answer.read().decode().split()
        return name, int(pid)

    def pid(self, role: str) -> int:
        return self.ask(role)[1]

    def close(self) -> None:
        for one in self._started:
            one.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("up") / "home"
    yield place
    Cluster(place).purge()


@pytest.fixture
def copy(home: Path) -> Iterator[Copy]:
    one = Copy(home)
    yield one
    one.close()


def alive_below(pid: int) -> set[int]:
    """Every live descendant of that process."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True).stdout
    rows = [line.split() for line in told.splitlines()]
    found = {pid}
    while more := {int(p) for p, parent, s in rows if int(parent) in found and s[0] != "Z"} - found:
        found |= more
    return found - {pid}


def test_everything_comes_up_and_a_stop_leaves_nothing(copy: Copy) -> None:
    up = copy.up()
    assert [copy.ask(role)[0] for role in ("web", "gateway", "worker", "simulator")] == [
        "web",
        "gateway",
        "worker",
        "simulator",
    ]
    below = alive_below(up.pid)
    assert len(below) >= 6
    assert up.end(signal.SIGINT) == 0
    assert not [pid for pid in below if is_alive(pid)]


def test_a_killed_gateway_process_refuses_no_connection_and_comes_back(copy: Copy) -> None:
    up = copy.up()
    killed = copy.pid("gateway")
    os.kill(killed, signal.SIGKILL)
    assert all(copy.ask("gateway")[0] == "gateway" for _ in range(20))
    up.wait_for_text(r"gateway-\d was killed by SIGKILL; starting it again now")


def test_a_killed_database_comes_back_at_once(copy: Copy) -> None:
    up = copy.up()
    place = Cluster(copy.home).place
    postmaster = int((place.data / "postmaster.pid").read_text().split("\n")[0])
    os.kill(postmaster, signal.SIGKILL)
    up.wait_for_text("database ended with status 1; starting it again now")

    def new_one_is_ready() -> bool:
        lock = place.data / "postmaster.pid"
        lines = lock.read_text().split("\n") if lock.exists() else []
        return len(lines) > 7 and lines[0] != str(postmaster) and lines[7].strip() == "ready"

    wait_for(new_one_is_ready)


def test_a_killed_supervisor_leaves_nothing_and_the_next_serves(copy: Copy) -> None:
    up = copy.up(FAKE_WEB="child")
    below = alive_below(up.pid)
    up.kill()
    again = copy.run("up")
    again.wait_for_text("http://127")
    assert not [pid for pid in below if is_alive(pid)]


def test_a_second_up_in_the_same_home_is_refused(copy: Copy) -> None:
    up = copy.up()
    second = copy.run("up")
    assert second.process.wait(10) == 1
    assert second.said.strip() == (
        f"daxiang: Daxiang is already up in {copy.home} (process {up.pid}); `daxiang down` stops it."
    )


def test_a_taken_port_is_one_sentence_with_its_variable(copy: Copy) -> None:
    with socket.create_server(("127.0.0.1", copy.ports["web"])):
        up = copy.run("up")
        assert up.process.wait(10) == 1
    port = copy.ports["web"]
    assert up.said.strip() == f"daxiang: Port {port} is taken; set DAXIANG_WEB_PORT to another."


def test_a_child_that_finds_a_setting_wrong_stops_everything_with_its_sentence(copy: Copy) -> None:
    up = copy.run("up", FAKE_WEB="status 2")
    assert up.process.wait(20) == 2
    assert "daxiang: web refused to start: daxiang: DAXIANG_CITY: wanted a city." in up.said


def test_a_child_that_ignores_the_stop_is_killed_in_time(copy: Copy) -> None:
    up = copy.up(FAKE_WORKER="deaf")
    worker = copy.pid("worker")
    assert up.end(within_s=10) == 0
    assert not is_alive(worker)
    assert "worker does not end by itself and is killed." in up.said


def test_a_second_ctrl_c_kills_at_once(copy: Copy) -> None:
    up = copy.up(FAKE_WORKER="deaf")
    up.process.send_signal(signal.SIGINT)
    up.wait_for_text("stopping")
    assert up.end(signal.SIGINT, within_s=3) == 0


def test_down_stops_what_is_up(copy: Copy) -> None:
    up = copy.up()
    down = copy.run("down")
    assert down.process.wait(15) == 0
    assert down.said == "Stopped.\n"
    assert up.process.wait(1) == 0


def test_down_purge_deletes_only_a_home_that_we_made(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    (tmp_path / "photo.jpg").touch()
    down = copy.run("down", "--purge")
    assert down.process.wait(10) == 1
    assert "was there before daxiang used it" in down.said
    assert (tmp_path / "photo.jpg").exists()
    copy.close()


def test_without_the_simulator_time_is_real_and_the_banner_names_the_website(copy: Copy) -> None:
    up = copy.run("up", "--no-simulator")
    up.wait_for_text(rf"http://127\.0\.0\.1:{copy.ports['web']}/")
    assert "phone" not in up.said
    assert not (copy.home / "clock.json").exists()


def test_the_start_value_of_the_clock_is_written_and_an_old_file_goes(copy: Copy) -> None:
    copy.home.mkdir(exist_ok=True)
    (copy.home / "clock.json").write_text('{"real": 0, "simulated": 0, "rate": 9}')
    up = copy.run("up", DAXIANG_NOW="2026-11-24T08:10:00+08:00")
    up.wait_for_text("http://127")
    assert json.loads((copy.home / "clock.json").read_text())["simulated"] == 1795479000


def test_accounts_are_told_as_json_with_their_callbacks(copy: Copy) -> None:
    told = copy.run("accounts", "--json")
    assert told.process.wait(10) == 0
    accounts = json.loads(told.said)
    gateway = f"http://127.0.0.1:{copy.ports['gateway']}/wechat"
    assert [one["callback"] for one in accounts] == [f"{gateway}/service", f"{gateway}/subscription"]
    assert {len(one["aes_key"]) for one in accounts} == {43}


def test_what_is_kept_in_a_home_is_for_its_owner_only(copy: Copy) -> None:
    copy.up()
    assert stat.S_IMODE((copy.home / "demo.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((copy.home / "run").stat().st_mode) == 0o700


def test_no_connection_is_tried_before_the_database_says_that_it_accepts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def accepts(place: object) -> bool:
        order.append("asked")
        return len(order) == 4

    def connects(url: str, apps: object) -> bool:
        order.append("connected")
        return True

    monkeypatch.setattr(cli_database, "accepts_connections", accepts)
    monkeypatch.setattr(migrate, "is_up_to_date", connects)
    monkeypatch.setattr(cli_database, "_is_seeded", lambda env: True)
    env = {name: os.environ[name] for name in ("DAXIANG_HOME", "DATABASE_URL")}
    assert cli_database.look_at_tables(env, place_of(tmp_path), 60.0, threading.Event())
    assert order == ["asked"] * 4 + ["connected"]
