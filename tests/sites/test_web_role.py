"""The web role as a process: it answers, heals, stops at once, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

pytestmark = pytest.mark.system
_WITHIN_S = 60.0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _until(true: Callable[[], bool], within_s: float = _WITHIN_S) -> bool:
    pause, end = 0.02, time.monotonic() + within_s
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


class Web:
    """`daxiang web` in a process of its own."""

    def __init__(self, home: Path) -> None:
        self.port = _free_port()
        env = {**os.environ, "DAXIANG_HOME": str(home), "DAXIANG_WEB_PORT": str(self.port)}
        self.master = subprocess.Popen(
            [sys.executable, "-m", "daxiang.config.cli", "web"], env=env, stdout=subprocess.DEVNULL
        )

    def status(self, address: str = "/healthz") -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", address)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()

    def answers(self) -> bool:
        return self.status() == 200

    def workers(self) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.master.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in listed.stdout.split()]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    role = Web(tmp_path)
    assert _until(role.answers)
    yield role
    role.master.kill()
    role.master.wait()


def test_it_ends_within_three_seconds_of_being_asked(web: Web) -> None:
    assert web.status("/?tail=5") == 200
    started = time.monotonic()
    web.master.terminate()
    assert web.master.wait(timeout=_WITHIN_S) == 0
    assert time.monotonic() - started < 3


@pytest.mark.skipif(sys.platform != "linux", reason="ps --ppid, and the kernel's own tie")
def test_a_killed_worker_is_replaced(web: Web) -> None:
    old = web.workers()
    os.kill(old[0], signal.SIGKILL)
    assert _until(lambda: web.answers() and web.workers() != old)


@pytest.mark.skipif(sys.platform != "linux", reason="ps --ppid, and the kernel's own tie")
def test_no_worker_outlives_a_killed_master(web: Web) -> None:
    web.master.kill()
    web.master.wait()
    assert _until(lambda: not web.answers(), within_s=3)
