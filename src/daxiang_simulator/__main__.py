"""`daxiang-simulator`: the platform on one port, until SIGTERM or SIGINT.

Alone: `daxiang-simulator --account service --callback http://127.0.0.1:8010/wechat/service` makes an account
with an invented id, secret, token and key, and prints them.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import json
import logging
import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from aiohttp import web

from .accounts import KINDS, MODES, invented
from .app import make_app
from .keys import WORLD
from .lock import StateHeld
from .texts import BadRequest
from .world import Options

if sys.platform != "win32":
    from uvloop import new_event_loop
else:
    from asyncio import new_event_loop

GRACE_S = 2.0
"""How long requests in hand may still take after the signal; shorter than any supervisor's patience."""


def main(argv: list[str] | None = None) -> int:
    """Run until told to stop. Returns 0 after a clean stop; with one line, 1 when another simulator has the
    state, 2 when it could not start otherwise."""
    options, bind, port = _read_arguments(argv)
    os.umask(0o077)  # the state holds what people wrote
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_serve(options, bind, port))
    except StateHeld as error:
        print(f"模拟器没有启动：{error}", file=sys.stderr)
        return 1
    except (BadRequest, OSError, ValueError, sqlite3.Error) as error:
        print(f"模拟器没有启动：{error}", file=sys.stderr)
        return 2
    return 0


def _look_for_garbage_less_often() -> None:
    """What is loaded by now stays, and a request leaves few circles: looking took a tenth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def _serve(options: Options, bind: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(make_app(options), access_log=None, shutdown_timeout=GRACE_S)
    try:
        await runner.setup()
        _look_for_garbage_less_often()
        await _listen(runner, bind, port)
        print(f"手机：http://{bind}:{port}/", flush=True)
        if options.made is not None:
            held = runner.app[WORLD].account(options.made["name"])
            print(json.dumps(held.as_json(), ensure_ascii=False), flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, bind: str, port: int) -> None:
    """Raises BadRequest when another process listens there, OSError otherwise."""
    try:
        await web.TCPSite(runner, bind, port, backlog=4096).start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise BadRequest(f"{bind} 的端口 {port} 已经有人在用，请换一个 --port。") from error


class _Arguments(argparse.ArgumentParser):
    """Says what is wrong in one line, without the list of all options."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"模拟器没有启动：{message}\n")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError("要在 1 和 65535 之间")
    return int(text)


def _web_url(text: str) -> str:
    """An address, or nothing. Raises ArgumentTypeError."""
    try:
        parts = urlsplit(text)
        is_fit = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        is_fit = False
    if text and not is_fit:
        raise argparse.ArgumentTypeError("要是 http 或 https 地址")
    return text


def _read_arguments(argv: list[str] | None) -> tuple[Options, str, int]:
    parser = _Arguments(prog="daxiang_simulator", description="一台机器上的微信")
    parser.add_argument("--port", type=_port, default=8020)
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--host", action="append", default=[], help="除了地址和 localhost，还用哪个名字打开")
    parser.add_argument(
        "--state",
        type=Path,
        default=Path("simulator.db"),
        help="SQLite 文件，没有就新建",
    )
    parser.add_argument("--accounts", type=Path, help="账号表，JSON")
    parser.add_argument("--account", choices=KINDS, default="service", help="和 --callback 一起用的账号种类")
    parser.add_argument("--callback", help="没有账号表时，一个账号的回调地址；其余的由模拟器编好，打印出来")
    parser.add_argument("--mode", choices=MODES, help="回调的模式；不写就照旧，头一次是 safe")
    parser.add_argument("--web-url", type=_web_url, default="", help="网站地址，手机页上有一个链接")
    parser.add_argument(
        "--clock", type=Path, default=os.environ.get("DAXIANG_CLOCK") or None, help="共用的时钟文件"
    )
    found = parser.parse_args(argv)
    made = invented(found.account, found.callback, found.mode or "safe") if found.callback else None
    options = Options(
        state=found.state,
        accounts=found.accounts,
        made=made,
        named=frozenset({"callback", "mode"} if found.mode else {"callback"}),
        clock=found.clock,
        web_url=found.web_url,
        hosts=frozenset(name.lower() for name in (found.bind, *found.host)),
    )
    return options, found.bind, found.port


if __name__ == "__main__":
    sys.exit(main())
