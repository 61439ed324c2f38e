"""A whole copy of Daxiang on this machine, started and stopped from outside, as an operator would."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from daxiang.foundation.database.place import place_of

ROOT = Path(__file__).resolve().parent.parent
ROLES = ("web", "gateway", "simulator", "worker")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at this moment, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def request(url: str, body: object = None, *, method: str | None = None, timeout: float = 20) -> Any:
    """One JSON request; raises `urllib.error.URLError` as urllib does."""
    payload = None if body is None else json.dumps(body).encode()
    call = urllib.request.Request(  # noqa: S310 (addresses of our own copy)
        url, payload, {"Content-Type": "application/json"}, method=method or ("POST" if payload else "GET")
    )
    with urllib.request.urlopen(call, timeout=timeout) as answer:  # noqa: S310
        return json.loads(answer.read())


class Instance:
    """One copy with a home and ports of its own."""

    def __init__(self, home: Path, *, ports: dict[str, int] | None = None, **extra: str) -> None:
        self.home = home
        names = (*ROLES, "router")
        self.ports = ports or dict(zip(names, free_ports(len(names)), strict=True))
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DAXIANG_")},
            "DAXIANG_HOME": str(home),
            "PYTHONUNBUFFERED": "1",
            **{f"DAXIANG_{name.upper()}_PORT": str(port) for name, port in self.ports.items()},
            **extra,
        }
        if "DAXIANG_POSTGRES_BIN" in os.environ:
            self.environment["DAXIANG_POSTGRES_BIN"] = os.environ["DAXIANG_POSTGRES_BIN"]
        if "DATABASE_URL" not in extra:
            self.environment.pop("DATABASE_URL", None)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, role: str, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.ports[role]}{path}"

    @property
    def log(self) -> Path:
        return self.home.parent / f"{self.home.name}.log"

    def start(self, *, timeout: float = 60) -> float:
        """Start and wait until all roles serve; returns the seconds that took."""
        began = time.monotonic()
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "daxiang.config.cli", "up"],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
                start_new_session=True,
            )
        self.wait_ready(timeout=timeout)
        return time.monotonic() - began

    def not_ready(self) -> list[str]:
        """Why the copy does not serve yet; empty when all roles do."""
        reasons = []
        for role in ROLES:
            try:
                request(self.url(role, "/readyz"), timeout=2)
            except (OSError, ValueError) as error:
                reasons.append(f"{role}: {error}")
        return reasons

    def wait_ready(self, *, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while reasons := self.not_ready():
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"`daxiang up` ended with {self.process.returncode}:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"not serving after {timeout} s: {reasons}\n{self.tail()}")
            time.sleep(0.1)

    def tail(self, lines: int = 30) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        if self.process is None:
            return []
        try:
            supervisor = psutil.Process(self.process.pid)
            return [supervisor, *supervisor.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def of_role(self, role: str) -> list[psutil.Process]:
        """The processes whose command line is that role's (`postgres`: the server's; `database`: its
        launcher).
        """
        return [process for process in self.processes() if is_role(process, role)]

    def stop(self, *, timeout: float = 20) -> int:
        """Ask the supervisor to end, as `kill` does; returns its exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=timeout)
        except subprocess.TimeoutExpired:
            for process in self.processes():
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            raise

    def leftovers(self) -> list[str]:
        """Processes of this copy that live although nothing should: by home or data folder in what started
        them.
        """
        found = []
        marks = (str(self.home), *([str(self.state)] if self.state != self.home else []))
        for process in psutil.process_iter(["pid", "cmdline"]):
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            with contextlib.suppress(psutil.Error, OSError):
                home = process.environ().get("DAXIANG_HOME")
                line = " ".join(process.cmdline())
                if home == str(self.home) or any(mark in line for mark in marks):
                    found.append(f"{process.pid} {line}")
        return found

    @property
    def state(self) -> Path:
        return place_of(self.home).state

    def purge(self) -> None:
        """Remove the home and the cluster of a copy that is down."""
        subprocess.run(
            [sys.executable, "-m", "daxiang.config.cli", "down", "--purge"],
            env=self.environment,
            cwd=ROOT,
            check=False,
            capture_output=True,
        )
        shutil.rmtree(self.home, ignore_errors=True)

    # What a person does, through the simulator.

    def new_user(self, nickname: str = "李强") -> str:
        user: str = request(self.url("simulator", "/_sim/users"), {"nickname": nickname})["user"]
        return user

    def follow(self, user: str, account: str = "service") -> dict[str, Any]:
        answer: dict[str, Any] = request(
            self.url("simulator", f"/_sim/users/{user}/follow"), {"account": account}
        )
        return answer

    def send(self, user: str, text: str, account: str = "service") -> dict[str, Any]:
        body = {"account": account, "message": {"type": "text", "content": text}}
        answer: dict[str, Any] = request(self.url("simulator", f"/_sim/users/{user}/send"), body)
        return answer

    def set_clock(self, instant: str) -> None:
        request(self.url("simulator", "/_sim/clock"), {"now": instant})


def is_role(process: psutil.Process, role: str) -> bool:
    try:
        line = process.cmdline()
    except psutil.Error:
        return False
    if role == "simulator":
        return "daxiang_simulator" in line
    if role == "postgres":
        return bool(line) and Path(line[0]).name == "postgres" and "-D" in line
    return "daxiang.config.cli" in line and role in line


@contextlib.contextmanager
def running(home: Path, **extra: str) -> Iterator[Instance]:
    """A copy for the length of a with-block; it leaves nothing behind."""
    instance = Instance(home, **extra)
    try:
        instance.start()
        yield instance
    finally:
        try:
            instance.stop()
        finally:
            instance.purge()
