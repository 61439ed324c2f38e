"""What the tests of processes share: start one, wait for a condition, see who is alive."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

FAKE_CLI = str(Path(__file__).with_name("fake_cli.py"))
T = TypeVar("T")
WAIT_S = 60.0
"""How long a test waits for what must happen: how fast it happens on a busy machine is not its matter."""


def wait_for(found: Callable[[], T | None], *, within_s: float = WAIT_S, what: str = "it") -> T:
    """The first truthy value; fails after the deadline."""
    deadline = time.monotonic() + within_s
    while not (value := found()):
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what} did not happen within {within_s:g} s")
        time.sleep(0.01)
    return value


def is_alive(pid: int) -> bool:
    """Running, and not merely a zombie that nobody reaps."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(told.strip()) and not told.startswith("Z")


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class Started:
    """One process whose output goes to a file, so that nothing blocks on a pipe."""

    def __init__(self, argv: list[str], env: Mapping[str, str]) -> None:
        self._file = tempfile.NamedTemporaryFile(mode="w+b")  # noqa: SIM115 - closed by `close`
        self.process = subprocess.Popen(
            argv, env=dict(env), stdin=subprocess.DEVNULL, stdout=self._file, stderr=subprocess.STDOUT
        )
        self.pid = self.process.pid

    @property
    def said(self) -> str:
        return Path(self._file.name).read_text(encoding="utf-8", errors="replace")

    def wait_for_text(self, pattern: str, *, within_s: float = WAIT_S) -> re.Match[str]:
        try:
            return wait_for(lambda: re.search(pattern, self.said), within_s=within_s, what=pattern)
        except AssertionError as error:
            raise AssertionError(f"{error}; it said:\n{self.said}") from None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self, number: signal.Signals = signal.SIGTERM, *, within_s: float = 12.0) -> int:
        self.process.send_signal(number)
        return self.process.wait(within_s)

    def close(self) -> None:
        if self.process.poll() is None:
            self.end()
        self._file.close()


@contextmanager
def started(argv: list[str], env: Mapping[str, str] | None = None) -> Iterator[Started]:
    one = Started([sys.executable, *argv], env or os.environ)
    try:
        yield one
    finally:
        one.close()
