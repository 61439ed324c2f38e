"""The home of one copy: made by us, marked as ours, deleted only when it is."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from daxiang.foundation.supervisor.single import Held, HeldElsewhere, hold_alone

_MARK = ".daxiang-home"
_LEAST_FREE = 200 * 1024 * 1024


class AlreadyUp(Exception):
    """This home's supervisor runs already."""


class NoRoom(Exception):
    """Too little free space to start."""


class NotOurs(Exception):
    """A folder that we did not make, so we do not delete it."""


_OWN = frozenset({"demo.json", "run", "postgres", "clock.json", "spool"})
"""What other commands than `up` may have made in a home before."""


def lock_file(home: Path) -> Path:
    return home / "run" / "supervisor.lock"


def prepare_home(home: Path) -> None:
    """Make the home. Only one that was not there, or held nothing but what we made, is marked as ours."""
    if not home.exists() or all(entry.name in _OWN for entry in home.iterdir()):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        home.chmod(0o700)
        (home / _MARK).write_text(
            "Made by daxiang; `daxiang down --purge` deletes this folder.\n", encoding="utf-8"
        )
    (home / "run").mkdir(exist_ok=True, mode=0o700)


def take_home(home: Path) -> Held:
    """Be the one supervisor of that home. Raises `AlreadyUp`."""
    try:
        return hold_alone(lock_file(home))
    except HeldElsewhere as held:
        raise AlreadyUp(
            f"Daxiang is already up in {home} (process {held.pid}); `daxiang down` stops it."
        ) from held


def fresh_metrics(home: Path) -> Path:
    """A folder for this boot's Prometheus files; those of earlier boots go."""
    for old in (home / "run").glob("metrics-*"):
        shutil.rmtree(old, ignore_errors=True)
    folder = home / "run" / f"metrics-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    return folder


def delete_home(home: Path) -> None:
    """Delete the home with everything in it. Raises `NotOurs` unless `prepare_home` made it."""
    check_ours(home)
    if home.exists():
        shutil.rmtree(home)


def check_ours(home: Path) -> None:
    """Raises `NotOurs` unless `prepare_home` made the home, or it is not there."""
    if home.exists() and (not (home / _MARK).is_file() or home.stat().st_uid != os.geteuid()):
        raise NotOurs(f"{home} was there before daxiang used it; delete it yourself if you want to.")


def check_room(home: Path) -> None:
    """Raises `NoRoom` when the disk is nearly full."""
    free = shutil.disk_usage(home).free
    if free < _LEAST_FREE:
        raise NoRoom(
            f"Only {free // 2**20} MB are free where {home} lies; {_LEAST_FREE // 2**20} MB are needed."
        )
