"""One role in the foreground: `daxiang gateway | web | worker | simulator`.

Each is what `daxiang up` starts, and what a second machine runs against the same DATABASE_URL.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import Settings, own_address, read_settings
from daxiang.foundation.supervisor.lifeline import hold_on

if TYPE_CHECKING:
    from collections.abc import Callable


def register(commands: argparse._SubParsersAction[Any]) -> None:
    gateway = commands.add_parser("gateway", help="answer the platform's callbacks")
    gateway.add_argument(
        "--fd", type=int, help="an inherited listening socket (else the gateway binds its own)"
    )
    gateway.set_defaults(run=run_gateway)
    commands.add_parser("web", help="the website and the pages inside WeChat").set_defaults(run=run_web)
    commands.add_parser("worker", help="recurring work").set_defaults(run=run_worker)
    commands.add_parser("simulator", help="WeChat on this machine").set_defaults(run=run_simulator)


def _prepared(role: str) -> Settings:
    """What every role does first: die with its parent, read the settings, speak in structured lines."""
    hold_on()
    values = with_demo_values()
    os.environ.update(values)  # Django's settings and our children read the same values
    settings = read_settings(values)
    from daxiang.foundation.logs import configure_logs  # structlog is not needed by --help

    configure_logs(role, settings.log_format)
    return settings


def _serve(
    app: Callable[..., Any],
    settings: Settings,
    *,
    port: int,
    fd: int | None = None,
    http: type[asyncio.Protocol] | str = "httptools",
) -> int:
    import uvicorn  # only the two ASGI roles pay for it

    # uvicorn would open a bare descriptor as a local socket, without TCP_NODELAY: 40 ms more an answer.
    sockets = None if fd is None else [socket.socket(fileno=fd)]
    config = uvicorn.Config(
        app,
        host=settings.bind,
        port=port,
        loop="uvloop",
        http=http,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=3,
        backlog=2048,
    )
    uvicorn.Server(config).run(sockets=sockets)
    return 0


def run_gateway(args: argparse.Namespace) -> int:
    settings = _prepared("gateway")
    from daxiang.sites.gateway.app import Gateway  # each role imports its own world
    from daxiang.sites.gateway.limits import limited

    gateway = Gateway(settings)
    protocol = limited(gateway.tally.refused)
    return _serve(gateway, settings, port=settings.ports.gateway, fd=args.fd, http=protocol)


def run_worker(args: argparse.Namespace) -> int:
    settings = _prepared("worker")
    from daxiang.jobs.worker import WorkerApp  # each role imports its own world

    return _serve(WorkerApp(settings), settings, port=settings.ports.worker)


def run_web(args: argparse.Namespace) -> int:
    settings = _prepared("web")
    from daxiang.config.web import serve_web  # each role imports its own world

    serve_web(settings)
    return 0


def simulated_accounts(settings: Settings) -> list[dict[str, object]]:
    """The accounts as the platform holds them, with the address that it calls back."""
    from daxiang.domains.restrictions.queries import load_city  # packs are read where needed

    shown = load_city(settings.city).accounts
    return [
        {
            "name": account.name,
            "kind": account.kind,
            "display_name": shown[account.name],
            "app_id": account.app_id,
            "secret": account.secret,
            "token": account.token,
            "aes_key": account.aes_key,
            "original_id": account.original_id,
            "callback": f"http://{own_address(settings.bind)}:{settings.ports.gateway}/wechat/{account.name}",
            "mode": "safe",
            "settings": {"speech_recognition": True},
        }
        for account in settings.accounts.values()
    ]


def run_simulator(args: argparse.Namespace) -> int:
    """The simulator is an independent program: this writes its accounts and becomes it."""
    settings = _prepared("simulator")
    accounts = _write_secret(settings.home / "simulator-accounts.json", simulated_accounts(settings))
    command = [
        *(sys.executable, "-m", "daxiang_simulator", "--bind", settings.bind),
        *("--port", str(settings.ports.simulator), "--state", str(settings.home / "simulator.db")),
        *("--accounts", str(accounts), "--web-url", settings.public_url),
    ]
    for url in (settings.wechat_url, settings.public_url):
        command += ["--host", urlsplit(url).hostname or ""]
    if settings.clock_file:
        command += ["--clock", str(settings.clock_file)]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 (our own interpreter, no shell)


def _write_secret(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    fresh.replace(path)
    return path
