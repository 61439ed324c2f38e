"""One holder at a time: a lock that the kernel frees when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path


class HeldElsewhere(Exception):
    """Another live process holds the lock. `pid` is what it wrote into the file, if that can be read."""

    def __init__(self, path: Path, pid: int | None) -> None:
        super().__init__(f"{path} is held by process {pid or 'unknown'}")
        self.path = path
        self.pid = pid


class Held:
    """The lock, until `release` or the end of this process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def hold_alone(path: Path, *, patience_s: float = 0.0) -> Held:
    """Take the lock and write our pid into it; wait at most `patience_s` for the present holder to go.

    Children do not inherit it. Raises `HeldElsewhere`.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                raise HeldElsewhere(path, written_pid(path)) from error
            time.sleep(0.02)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return Held(descriptor)


def holder_of(path: Path) -> int | None:
    """The pid of the live holder, or None when nobody holds the lock."""
    if not path.exists():
        return None
    try:
        hold_without_writing(path).release()
    except HeldElsewhere as held:
        return held.pid
    return None


def hold_without_writing(path: Path) -> Held:
    """Take the lock but leave the pid of the last holder in the file."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise HeldElsewhere(path, written_pid(path)) from error
    return Held(descriptor)


def written_pid(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
