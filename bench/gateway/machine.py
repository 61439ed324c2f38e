"""What one must know of a machine to read its figures. No name, no path."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench.gateway.packages import LOCK, ROOT


def facts(postgres: str, load: tuple[float, float, float]) -> list[tuple[str, str]]:
    """Name and value, in the order of the table."""
    processor = _first("/proc/cpuinfo", r"model name\s*:\s*(.+)")
    memory = int(_first("/proc/meminfo", r"MemTotal:\s*(\d+)") or 0) / 2**20
    system = _first("/etc/os-release", r'PRETTY_NAME="(.+)"')
    release = ".".join(platform.release().split(".")[:2])
    return [
        ("processor", f"{os.cpu_count()} x {processor}"),
        ("memory", f"{memory:.0f} GiB"),
        ("system", f"{system}, Linux {release}"),
        ("Python", platform.python_version()),
        ("PostgreSQL", f"{postgres}, fsync and synchronous_commit on, one server for all"),
        ("load before", " ".join(f"{one:.1f}" for one in load)),
        ("commit", commit()),
    ]


def commit() -> str:
    """The checkout's commit, and whether the product's files differ from it."""
    mark = _git("rev-parse", "--short=10", "HEAD")
    changed = _git("status", "--porcelain", "--", "src", "bench", "cities")
    return f"{mark or 'unknown'}{' and changes not committed' if changed else ''}"


def versions() -> str:
    """The packages that matter, ours and the peers'."""
    ours = ("uvicorn", "uvloop", "httptools", "psycopg", "cryptography")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    peers = ("wechatpy", "fastapi", "starlette", "flask", "gunicorn", "psycopg-pool")
    return ", ".join(
        [f"{name} {version(name)}" for name in ours] + [f"{name} {pinned[name]}" for name in peers]
    )


def _first(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text(encoding="utf-8"))
    except OSError:
        return ""
    return found[1].strip() if found else ""


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
