"""`python -m bench.simulator`: how many messages a second the simulator takes on one core, truth recorded.

The simulator runs as a process of its own, pinned to one core; the client, on another, keeps a number of
connections busy. Afterwards the record must hold each accepted message exactly once; else the exit status
is 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CONNECTIONS, SECONDS, FOLLOWERS = 64, 8.0, 2_000
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
        "answers_to_moment": 10**9,
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
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with started() as (port, process):
        openids, token = _prepare(port), _token(port)
        failed = False
        for kind in ("template", "custom"):
            requests = [_request(token, kind, openid) for openid in openids]
            before = _cpu(process)
            begun = time.monotonic()
            accepted, refused = asyncio.run(_load(port, requests, options.seconds, options.connections))
            took = time.monotonic() - begun
            cpu = (_cpu(process) - before) / max(accepted + refused, 1) * 1e6
            true = _true(port, f"{kind}_message")
            print(
                f"{kind:10} {accepted / took:8,.0f} a second   {cpu:5.0f} µs of CPU each   "
                f"accepted {accepted}, in the record {true}, refused {refused}"
            )
            failed |= true != accepted or refused > 0
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.simulator")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    return parser.parse_args()


@contextmanager
def started() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A simulator on a free port, on the first core alone."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        accounts = Path(folder) / "accounts.json"
        accounts.write_text(json.dumps([ACCOUNT]), encoding="utf-8")
        files = ("--state", f"{folder}/simulator.db", "--accounts", str(accounts))
        command = [sys.executable, "-m", "daxiang_simulator", "--port", str(port), *files]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            process.stdout.readline()
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), {min(os.sched_getaffinity(process.pid))})
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


async def _load(port: int, requests: list[bytes], seconds: float, connections: int) -> tuple[int, int]:
    """Accepted and refused sends within the time."""
    until = time.monotonic() + seconds
    counts = {"accepted": 0, "refused": 0}
    feed = iter(range(10**9))

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < until:
            writer.write(requests[next(feed) % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
            counts["accepted" if b'"errcode": 0' in body else "refused"] += 1
        writer.close()

    await asyncio.gather(*(worker() for _ in range(connections)))
    return counts["accepted"], counts["refused"]


def _true(port: int, kind: str) -> int:
    """How many rows of this kind the record holds."""
    since, found = 0, 0
    while True:
        page = _call(port, f"/_sim/truth?since={since}&limit=20000")
        if not page["truth"]:
            return found
        found += sum(row["kind"] == kind for row in page["truth"])
        since = page["next"]


def _cpu(process: subprocess.Popen[str]) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
