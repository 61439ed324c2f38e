"""Start and stop everything: `daxiang up`, `down`; and `daxiang accounts`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daxiang.config.cli_database import look_at_tables, migration_failures, refuse
from daxiang.foundation.database.cluster import Cluster
from daxiang.foundation.database.failures import ClusterFailure
from daxiang.foundation.database.place import place_of
from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.environment import SettingWrong
from daxiang.foundation.settings import Settings, own_address, read_home, read_settings
from daxiang.foundation.supervisor.bytecode import keeping_bytecode
from daxiang.foundation.supervisor.child import Child
from daxiang.foundation.supervisor.home import (
    AlreadyUp,
    NoRoom,
    NotOurs,
    check_ours,
    check_room,
    delete_home,
    fresh_metrics,
    lock_file,
    prepare_home,
    take_home,
)
from daxiang.foundation.supervisor.output import Output, qr_code, wants_colour
from daxiang.foundation.supervisor.ports import (
    AddressUnusable,
    PortTaken,
    announced,
    check_free,
    in_url,
    listen,
    reachable,
    until_ready,
)
from daxiang.foundation.supervisor.single import holder_of
from daxiang.foundation.supervisor.supervisor import GaveUp, Supervisor
from daxiang.kernel.clock import write_clock

_COMMAND: tuple[str, ...] = (sys.executable, "-m", "daxiang.config.cli")
_LEFTOVERS_S = 2.0
"""Children of a supervisor that was just killed may hold their ports for a moment."""
_READY_WITHIN_S = 30.0


def register(commands: argparse._SubParsersAction[Any]) -> None:
    up = commands.add_parser("up", help="start everything in this home; Ctrl-C stops it")
    up.add_argument("--no-simulator", action="store_true", help="the platforms are real, or run elsewhere")
    up.set_defaults(run=run_up)
    down = commands.add_parser("down", help="stop what `up` started in this home")
    down.add_argument("--purge", action="store_true", help="delete the home and its database too")
    down.set_defaults(run=run_down)
    accounts = commands.add_parser("accounts", help="ids, tokens and keys of this copy's accounts")
    accounts.add_argument("--json", action="store_true", help="as JSON")
    accounts.set_defaults(run=run_accounts)


_NEED_TABLES = ("gateway", "worker")
"""The others start beside the database, whose start leaves a processor idle: after a crash each second
counts.
"""


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What one `up` starts."""

    settings: Settings
    env: dict[str, str]
    gateway: socket.socket
    roles: tuple[tuple[str, int], ...]
    """Name and port of each role that serves, the gateway first."""

    @property
    def has_simulator(self) -> bool:
        return any(name == "simulator" for name, _ in self.roles)

    def child(
        self, name: str, role: str, *arguments: str, stage: int = 1, fds: tuple[int, ...] = ()
    ) -> Child:
        argv = [*_COMMAND, role, *arguments]
        folder = Path(self.env["DAXIANG_METRICS"]) / role
        folder.mkdir(exist_ok=True, mode=0o700)
        env = {**self.env, "PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
        return Child(name=name, argv=argv, env=env, fds=fds, stage=stage)


def run_up(args: argparse.Namespace) -> int:
    """Until Ctrl-C or `daxiang down`. 0 after a clean stop, 1 when it cannot run, 2 for a wrong setting."""
    home = read_home()
    try:
        prepare_home(home)
        held = take_home(home)
    except AlreadyUp as error:
        return refuse(error)
    except OSError as error:
        return refuse(SettingWrong(f"DAXIANG_HOME: cannot use {home} ({error.strerror})."), 2)
    try:
        plan = _plan(home, simulator=not args.no_simulator)
    except (PortTaken, AddressUnusable, NoRoom) as error:
        return refuse(error)
    output = Output(1, width=10, colour=wants_colour(1, os.environ))
    try:
        return asyncio.run(_supervise(plan, output))
    finally:
        output.close()
        plan.gateway.close()
        held.release()


def _plan(home: Path, *, simulator: bool) -> _Plan:
    env = keeping_bytecode(with_demo_values(os.environ), home)
    env["DAXIANG_HOME"] = str(home)
    if not env.get("DAXIANG_CLOCK") and (simulator or env.get("DAXIANG_NOW")):
        clock = home / "clock.json"
        clock.unlink(missing_ok=True)
        env["DAXIANG_CLOCK"] = str(clock)
    settings = read_settings(env)
    if settings.starts_at and settings.clock_file:
        write_clock(settings.clock_file, simulated=settings.starts_at)
    check_room(home)
    ports = settings.ports
    roles = [("gateway", ports.gateway), ("web", ports.web), ("worker", ports.worker)]
    roles += [("simulator", ports.simulator)] if simulator else []
    for role, port in roles[1:]:
        check_free(settings.bind, port, f"DAXIANG_{role.upper()}_PORT", patience_s=_LEFTOVERS_S)
    env["DATABASE_URL"] = database_url(settings)
    env["DAXIANG_METRICS"] = str(fresh_metrics(home))
    gateway = listen(settings.bind, ports.gateway, "DAXIANG_GATEWAY_PORT", patience_s=_LEFTOVERS_S)
    return _Plan(settings=settings, env=env, gateway=gateway, roles=tuple(roles))


async def _supervise(plan: _Plan, output: Output) -> int:
    try:
        async with Supervisor(output) as supervisor:
            if await supervisor.unless_over(_start(plan, supervisor, output)):
                await supervisor.until_over()
            output.say("daxiang: 正在停止 stopping …")
    except GaveUp as error:
        output.say(f"daxiang: {error}")
        return error.status
    return 0


async def _start(plan: _Plan, supervisor: Supervisor, output: Output) -> None:
    if plan.settings.database_url is None:
        supervisor.start(plan.child("database", "database", stage=0))
    for role, _ in plan.roles:
        if role not in _NEED_TABLES:
            supervisor.start(plan.child(role, role))
    await _bring_tables_up_to_date(plan, supervisor)
    number = plan.gateway.fileno()
    for i in range(1, plan.settings.gateway_processes + 1):
        supervisor.start(plan.child(f"gateway-{i}", "gateway", "--fd", str(number), fds=(number,)))
    supervisor.start(plan.child("worker", "worker"))
    await _until_ready(plan, output)
    for line in _banner(plan):
        output.say(line)


async def _bring_tables_up_to_date(plan: _Plan, supervisor: Supervisor) -> None:
    """The quick look first; only when there is something to do does a child load Django and do it."""
    own = place_of(plan.settings.home) if plan.settings.database_url is None else None
    patience_s = 10.0 if own is None else 60.0
    given_up = threading.Event()
    try:
        current = await asyncio.to_thread(look_at_tables, plan.env, own, patience_s, given_up)
    except migration_failures() as error:
        raise GaveUp(f"{error}") from error
    finally:
        given_up.set()  # a stop in the middle must not wait for the thread's patience
    if current:
        return
    status = await supervisor.run_once(plan.child("migrate", "migrate"))
    if status != 0:
        raise GaveUp("The tables could not be brought up to date, so nothing was started.")


async def _until_ready(plan: _Plan, output: Output) -> None:
    def tell(why: dict[str, str]) -> None:
        told = "; ".join(f"{role}: {reason}" for role, reason in why.items())
        output.line("up", f"Not ready after {_READY_WITHIN_S:g} s ({told}); waiting on.")

    await until_ready(reachable(plan.settings.bind), dict(plan.roles), every_s=_READY_WITHIN_S, tell=tell)


def _banner(plan: _Plan) -> list[str]:
    settings = plan.settings
    host = in_url(announced(settings.bind))
    phone = f"http://{host}:{settings.ports.simulator}/"
    web = f"http://{host}:{settings.ports.web}/"
    lines = [""]
    if plan.has_simulator:
        lines += [*(qr_code(phone) if os.isatty(1) else []), f"  手机 phone    {phone}"]
    return [*lines, f"  网站 website  {web}", "  按 Ctrl-C 停止 · Ctrl-C stops everything", ""]


def run_down(args: argparse.Namespace) -> int:
    home = read_home()
    pid = holder_of(lock_file(home))
    if pid is None:
        print("Nothing is up in this home.")
    else:
        os.kill(pid, signal.SIGTERM)
        if not _within(20.0, lambda: holder_of(lock_file(home)) is None):
            return refuse(RuntimeError(f"Process {pid} has not stopped after 20 s."))
        print("Stopped.")
    return _purge(home) if args.purge else 0


def _within(seconds: float, is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)
    return True


def _purge(home: Path) -> int:
    try:
        check_ours(home)
        Cluster(home).purge()
        delete_home(home)
    except (ClusterFailure, NotOurs, OSError) as error:
        return refuse(error)
    print(f"Deleted {home} and its database.")
    return 0


def run_accounts(args: argparse.Namespace) -> int:
    settings = read_settings(with_demo_values())
    gateway = f"http://{own_address(settings.bind)}:{settings.ports.gateway}/wechat"
    found = [
        {
            "name": account.name,
            "kind": account.kind,
            "app_id": account.app_id,
            "secret": account.secret,
            "token": account.token,
            "aes_key": account.aes_key,
            "original_id": account.original_id,
            "callback": f"{gateway}/{account.name}",
        }
        for account in settings.accounts.values()
    ]
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for account in found:
        print("\n".join(f"{name:<12} {value}" for name, value in account.items()), end="\n\n")
    return 0
