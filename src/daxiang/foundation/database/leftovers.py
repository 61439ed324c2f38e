"""What an earlier postmaster of this data folder left behind: itself, its backends, its lock and its socket.

PostgreSQL trusts `kill(pid, 0)`, which a zombie answers, and then refuses to start. We look closer and clear
the lock, but only when no process of that folder is left: two servers on one folder would destroy it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

_PROC = Path("/proc")
_HAS_PROC = Path("/proc/self/cwd").exists()
_FAST, _IMMEDIATE = signal.SIGINT, signal.SIGQUIT


def clear_leftovers(data: Path, socket_dir: Path) -> None:
    """Afterwards nothing of an earlier postmaster is in the way; takes some seconds while it still drains."""
    pid = recorded_pid(data)
    if pid is not None and is_postmaster(pid, data):
        stop_postmaster(pid, lambda: is_postmaster(pid, data))
    _wait(lambda: bool(backends(data)), 3.0)
    for left in backends(data):
        _signal(left, signal.SIGKILL)
    _wait(lambda: bool(backends(data)), 2.0)
    if _HAS_PROC or (pid is not None and _is_alive(pid)):
        # elsewhere PostgreSQL finds by its shared memory whether backends of a dead postmaster are left
        (data / "postmaster.pid").unlink(missing_ok=True)
    for socket_file in socket_dir.glob(".s.PGSQL.*"):
        socket_file.unlink(missing_ok=True)


def stop_postmaster(pid: int, is_there: Callable[[], bool]) -> None:
    """Fast, then immediate, then outright: recovery makes good whatever the later ones cut off."""
    for number, patience_s in ((_FAST, 2.5), (_IMMEDIATE, 1.5), (signal.SIGKILL, 1.0)):
        _signal(pid, number)
        if _wait(is_there, patience_s):
            return


def recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether that pid is a live postgres of that folder: no zombie, no later process with its number."""
    if pid <= 1:
        return False
    if not _HAS_PROC:
        told = subprocess.run(
            ["/bin/ps", "-p", str(pid), "-o", "stat=", "-o", "command="],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        return not told.startswith("Z") and "postgres" in told and str(data) in told
    return _state(pid) not in {None, "Z", "X"} and _runs_on(pid, data)


def backends(data: Path) -> list[int]:
    """Live processes that stand in that folder, which every process of a postmaster does (Linux)."""
    if not _HAS_PROC:
        return []
    here = os.getpid()
    pids = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if pid != here and _stands_in(pid, data) and _is_postgres(pid)]


def _runs_on(pid: int, data: Path) -> bool:
    words = _words(pid)
    return bool(words) and words[0].endswith("postgres") and str(data) in words


def _is_postgres(pid: int) -> bool:
    words = _words(pid)
    return bool(words) and (words[0].startswith("postgres:") or words[0].endswith("postgres"))


def _words(pid: int) -> list[str]:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return []


def _stands_in(pid: int, data: Path) -> bool:
    try:
        return (_PROC / str(pid) / "cwd").readlink() == data
    except OSError:
        return False


def _state(pid: int) -> str | None:
    try:
        told = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return told.rpartition(")")[2].split()[0]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _wait(is_there: Callable[[], bool], patience_s: float) -> bool:
    """True when it went within the time."""
    deadline = time.monotonic() + patience_s
    while is_there():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True
