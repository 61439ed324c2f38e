"""Who takes part: ours as an operator starts it, the peers as their documentation starts them."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.gateway.check import Expected
from bench.gateway.crypt import Account
from bench.gateway.messages import ask_for_help, tail, talk

PEERS = Path(__file__).with_name("peers")
_START_WITHIN_S = 40.0
_UVICORN = (
    "uvicorn --log-level error --no-access-log --loop uvloop --http httptools --workers 1 --port {port} "
)
_GUNICORN = "gunicorn --log-level error --workers 1 --bind 127.0.0.1:{port} "
_GTHREAD = _GUNICORN + "--worker-class gthread --threads 8 --keep-alive 75 "


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """One row of the table."""

    key: str
    label: str
    command: str | None
    """A peer's program and arguments; None: ours."""
    expected: Expected
    say: Callable[[random.Random], str] = talk

    @property
    def table(self) -> str:
        """Where its messages are kept: each peer has a table of its own, ours share the inbox."""
        return "inbox_message" if self.command is None else f"gw_{self.key}"


def _echoes(text: str) -> str:
    """Each peer's answer holds the text as it was sent."""
    return text


def _advises(text: str) -> str:
    """A digit is answered as a tail, a plate masked; one ending in a letter with the digit that decides."""
    if len(text) == 1:
        return f"尾号{text}"
    signs = [sign for sign in text.upper() if sign not in " ·"]
    counted = "" if signs[-1].isdigit() else f" 按{tail(text)}算"
    return f"{signs[0]}{signs[1]}·{signs[2]}***{signs[-1]}{counted}"


def _help(_: str) -> str:
    return "点一下您车牌的最后一位"


CONSTANT = Contestant(
    key="constant", label="daxiang, constant answer", command=None, expected=_help, say=ask_for_help
)
REAL = Contestant(key="real", label="daxiang, the real conversation", command=None, expected=_advises)
FAST = Contestant(
    key="fast",
    label="fast ASGI, uvicorn, psycopg, group insert",
    command=_UVICORN + "fast_asgi:app",
    expected=_echoes,
)
BARE = Contestant(
    key="bare",
    label="bare ASGI, uvicorn, psycopg, group insert",
    command=_UVICORN + "bare_asgi:app",
    expected=_echoes,
)
FASTAPI = Contestant(
    key="fastapi",
    label="wechatpy + FastAPI, uvicorn, insert",
    command=_UVICORN + "wechatpy_fastapi:app",
    expected=_echoes,
)
FLASK_SYNC = Contestant(
    key="flask_sync",
    label="wechatpy + Flask, gunicorn sync, insert",
    command=_GUNICORN + "wechatpy_flask:app",
    expected=_echoes,
)
FLASK_THREADS = Contestant(
    key="flask_threads",
    label="wechatpy + Flask, gunicorn gthread, insert",
    command=_GTHREAD + "wechatpy_flask:app",
    expected=_echoes,
)
OURS = (CONSTANT, REAL)
LIBRARIES = (FASTAPI, FLASK_SYNC, FLASK_THREADS)
"""What most would take; the faster one of each round is the measure."""
CONTESTANTS = (*OURS, FAST, BARE, *LIBRARIES)


class DidNotStart(Exception):
    """A server ended or did not answer in time; `str()` names it."""


class Server:
    """A running contestant: `with` starts and stops it, its process group and nothing else."""

    def __init__(
        self,
        contestant: Contestant,
        *,
        account: Account,
        environment: Mapping[str, str],
        programs: Path | None,
    ) -> None:
        self.contestant = contestant
        self.port = 0
        self._account = account
        self._environment = environment
        self._programs = programs
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._processes]

    def start(self, *, log: Path, processes: int = 1) -> None:
        if self.contestant.command is None:
            self._start_ours(log, processes)
        else:
            self._start_peer(self.contestant.command, log)
        self._wait()

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start_ours(self, log: Path, processes: int) -> None:
        """As the supervisor does: one listening socket, inherited by each gateway process."""
        with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
            self.port = listening.getsockname()[1]
            listening.set_inheritable(True)
            descriptor = listening.fileno()
            command = [sys.executable, "-m", "daxiang.config.cli", "gateway", "--fd", str(descriptor)]
            for _ in range(processes):
                self._spawn(command, dict(self._environment), log, (descriptor,))

    def _start_peer(self, command: str, log: Path) -> None:
        assert self._programs is not None
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        program, *arguments = command.format(port=self.port).split()
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(PEERS),
            "GW_TOKEN": self._account.token,
            "GW_AES_KEY": self._account.aes_key,
            "GW_APP_ID": self._account.app_id,
            "GW_DATABASE": self._environment["DATABASE_URL"],
            "GW_TABLE": self.contestant.table,
        }
        self._spawn([str(self._programs / program), *arguments], environment, log, ())

    def _spawn(
        self, command: list[str], environment: dict[str, str], log: Path, descriptors: tuple[int, ...]
    ) -> None:
        with log.open("ab") as file:
            self._processes.append(
                subprocess.Popen(
                    command,
                    env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=file,
                    pass_fds=descriptors,
                    cwd=log.parent,
                )
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_WITHIN_S
        while not self._answers():
            if any(process.poll() is not None for process in self._processes):
                raise DidNotStart(f"{self.contestant.label}: ended at its start")
            if time.monotonic() > deadline:
                raise DidNotStart(f"{self.contestant.label}: no answer after {_START_WITHIN_S:g} s")
            time.sleep(0.05)

    def _answers(self) -> bool:
        """Ours says when it is ready; of a peer any answer counts, for it has no such page."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                return True
        except urllib.error.HTTPError:
            return self.contestant.command is not None
        except OSError:
            return False
