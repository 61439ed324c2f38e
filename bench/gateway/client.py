"""Fires a file of requests with `gwload.c`, which is compiled at its first use."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("gwload.c")
BUILD = Path(__file__).resolve().parent.parent.parent / "build" / "bench"
_RECORD = struct.Struct("<IIQQI")


class ClientMissing(Exception):
    """The load generator cannot run here; `str()` says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back for one request."""

    index: int
    """Its place in the file."""
    status: int
    latency_ns: int
    """Closed loop: since it was sent; open loop: since it was due."""
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Fired:
    answers: list[Answer]
    seconds: float
    """From the end of the warm-up to the last answer."""
    failed: int
    """Requests that got no answer at all."""
    reconnects: int
    client_cpu_s: float


def client_binary() -> Path:
    """The compiled load generator. Raises `ClientMissing`."""
    compiler = os.environ.get("CC") or shutil.which("cc")
    if not sys.platform.startswith("linux"):
        raise ClientMissing("the load generator needs Linux (epoll)")
    if compiler is None:
        raise ClientMissing("no C compiler (cc); Debian: apt install gcc libc6-dev")
    BUILD.mkdir(parents=True, exist_ok=True)
    target = BUILD / f"gwload-{hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]}"
    if not target.exists():
        fresh = target.with_suffix(f".{os.getpid()}")
        done = subprocess.run(
            [compiler, "-O2", "-o", str(fresh), str(SOURCE)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise ClientMissing(f"{compiler} failed: {(done.stderr.splitlines() or ['no reason'])[0]}")
        fresh.replace(target)
    return target


def fire(
    requests: Path,
    *,
    port: int,
    connections: int = 64,
    seconds: float = 0,
    rate: float = 0,
    warm_up: int = 0,
) -> Fired:
    """Send the file once, or as much of it as fits into `seconds`.

    `rate` 0 is a closed loop: each connection sends its next request when its reply is in. Else that many a
    second are due, whether or not the server keeps up.
    """
    replies = requests.with_suffix(".replies")
    numbers = (port, connections, 0, seconds, rate, warm_up)
    command = [str(client_binary()), str(requests), str(replies), "127.0.0.1", *map(str, numbers)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    answers = list(_answers(replies.read_bytes()))
    replies.unlink()
    return Fired(
        answers=answers,
        seconds=said["seconds"],
        failed=said["failed"],
        reconnects=said["reconnects"],
        client_cpu_s=said["client_cpu_s"],
    )


def _answers(raw: bytes) -> Iterator[Answer]:
    place = 0
    while place < len(raw):
        index, status, _, latency, length = _RECORD.unpack_from(raw, place)
        place += _RECORD.size
        yield Answer(index=index, status=status, latency_ns=latency, body=raw[place : place + length])
        place += length
