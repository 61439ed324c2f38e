"""`python -m bench.simulator`: how many messages a second the simulator takes on one core, truth recorded.

The simulator runs as a process of its own, pinned to one core; the client, on another, keeps a number of
connections busy. A message is accepted when its answer has arrived, and the answer leaves only when the
record is on disk. Afterwards the record must hold each accepted message exactly once; then the simulator is
killed with signal 9 in the middle of a last stream, started again, and the record must hold every answered
number of that, too; else the exit status is 1. The events that tell how a template message ended are switched
off: they are calls of the service, which the service's own bench measures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

Process = subprocess.Popen[str]
CONNECTIONS, SECONDS, FOLLOWERS = 64, 8.0, 2_000
CORES = os.sched_getaffinity(0)
_MSGID = re.compile(rb'"msgid": (\d+)')
ACCOUNT = {
    "name": "service",
    "kind": "service",
    "display_name": "压测",
    "app_id": "wx0123456789abcdef",
    "secret": "secret",
    "token": "token",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "original_id": "gh_0123456789ab",
    "callback": "http://127.0.0.1:9/nobody",
    "settings": {
        "template_daily": 10**9,
        "custom_daily": 10**9,
        "template_events": False,
        "answers_to_moment": 1000,
        "moment_window_s": 10**6,
    },
}
TEMPLATE = {
    "template_id": "bench",
    "title": "交通违法处理提醒",
    "content": "车牌号:{{car_number1.DATA}}\n违法时间:{{time2.DATA}}\n违法地点:{{thing3.DATA}}",
}
PATHS = {"template": "/cgi-bin/message/template/send", "custom": "/cgi-bin/message/custom/send"}


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        with started(Path(folder)) as (port, process):
            openids, token = _prepare(port), _token(port)
            failed = [_measured(port, process, kind, openids, token, options) for kind in PATHS]
            answered = _killed(port, process, openids, token)
        with started(Path(folder)) as (port, _):
            lost = answered - _numbers(port)
        print(f"kill -9    {len(answered)} answered before it, {len(lost)} of them lost")
    return 1 if any(failed) or lost or not answered else 0


def _measured(
    port: int, process: Process, kind: str, openids: list[str], token: str, options: argparse.Namespace
) -> bool:
    """Print the figures of one kind; whether something was refused or is not in the record."""
    requests = [_request(token, kind, openid) for openid in openids]
    before, begun = _cpu(process), time.monotonic()
    load = asyncio.run(_load(port, requests, options.seconds, options.connections))
    took, used = time.monotonic() - begun, _cpu(process) - before
    accepted, true = len(load.accepted), _true(port, f"{kind}_message")
    print(
        f"{kind:10} {accepted / took:8,.0f} a second   {used / max(accepted, 1) * 1e6:5.0f} µs of CPU each   "
        f"{used / took:4.0%} of the core   accepted {accepted}, in the record {true}, refused {load.refused}"
    )
    return true != accepted or load.refused > 0


def _killed(port: int, process: Process, openids: list[str], token: str) -> set[int]:
    """The numbers that were answered before the simulator was killed in the middle."""
    requests = [_request(token, "template", openid) for openid in openids]

    async def stream() -> Load:
        asyncio.get_running_loop().call_later(1.0, process.kill)
        return await _load(port, requests, 30.0, CONNECTIONS)

    return {int(found[1]) for body in asyncio.run(stream()).accepted if (found := _MSGID.search(body))}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.simulator")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    return parser.parse_args()


@contextmanager
def started(folder: Path) -> Iterator[tuple[int, Process]]:
    """A simulator on a free port, on the first core alone; this process keeps to the last."""
    first, last = min(CORES), max(CORES)
    os.sched_setaffinity(0, {last})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    accounts = folder / "accounts.json"
    accounts.write_text(json.dumps([ACCOUNT]), encoding="utf-8")
    files = ("--state", f"{folder}/simulator.db", "--accounts", str(accounts))
    command = [sys.executable, "-m", "daxiang_simulator", "--port", str(port), *files]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, preexec_fn=partial(os.sched_setaffinity, 0, {first})
    )
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise SystemExit("the simulator did not start")
        yield port, process
    finally:
        process.terminate()
        process.wait()


def _call(port: int, path: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data) as response:
        return json.load(response)


def _prepare(port: int) -> list[str]:
    _call(port, "/_sim/accounts/service/templates", TEMPLATE)
    openids: list[str] = _call(port, "/_sim/crowd", {"account": "service", "count": FOLLOWERS})["openids"]
    return openids


def _token(port: int) -> str:
    asked = {"grant_type": "client_credential", "appid": ACCOUNT["app_id"], "secret": "secret"}
    token: str = _call(port, "/cgi-bin/stable_token", asked)["access_token"]
    return token


def _request(token: str, kind: str, openid: str) -> bytes:
    data = {
        "car_number1": {"value": "鄂A12345"},
        "time2": {"value": "2026-11-24 08:10"},
        "thing3": {"value": "解放大道江汉路口"},
    }
    bodies = {
        "template": {"touser": openid, "template_id": "bench", "url": "https://example.org/m/", "data": data},
        "custom": {"touser": openid, "msgtype": "text", "text": {"content": "尾号5，今天长江大桥不能走。"}},
    }
    body = json.dumps(bodies[kind], ensure_ascii=False).encode()
    head = f"POST {PATHS[kind]}?access_token={token} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass
class Load:
    """The answers that arrived."""

    accepted: list[bytes] = field(default_factory=list)
    refused: int = 0


async def _load(port: int, requests: list[bytes], seconds: float, connections: int) -> Load:
    """Send for so long, or until the other side is gone."""
    until = time.monotonic() + seconds
    load, feed = Load(), count()

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < until:
            writer.write(requests[next(feed) % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
            if b'"errcode": 0' in body:
                load.accepted.append(body)
            else:
                load.refused += 1
        writer.close()

    ends = await asyncio.gather(*(worker() for _ in range(connections)), return_exceptions=True)
    strange = [one for one in ends if one is not None and not isinstance(one, EOFError | OSError)]
    if strange:
        raise strange[0]
    return load


def _true(port: int, kind: str) -> int:
    """How many rows of this kind the record holds."""
    return sum(row["kind"] == kind for row in _record(port))


def _numbers(port: int) -> set[int]:
    """The msgid of every template message in the record."""
    return {int(row["msg_id"]) for row in _record(port) if row["kind"] == "template_message"}


def _record(port: int) -> Iterator[dict[str, Any]]:
    since = 0
    while (page := _call(port, f"/_sim/truth?since={since}&limit=20000"))["truth"]:
        yield from page["truth"]
        since = page["next"]


def _cpu(process: Process) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
