"""The private PostgreSQL of one home: made on the first start, run as our child, gone when we are."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from daxiang.foundation.database.binaries import Binaries, find_binaries
from daxiang.foundation.database.failures import AnotherLauncher, DiskFull, OtherVersion, why
from daxiang.foundation.database.leftovers import clear_leftovers, stop_postmaster
from daxiang.foundation.database.owner import Owner, owner_of
from daxiang.foundation.database.place import Place, make_state, own_folder, password, place_of
from daxiang.foundation.supervisor.lifeline import tied_to
from daxiang.foundation.supervisor.single import Held, HeldElsewhere, hold_alone

_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
_READY_WITHIN_S = 60.0
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # Errors are the clients' to log, and theirs carry personal data in the statement and the detail.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "log_line_prefix": "",
    "logging_collector": "off",
}

_ROUTINE = (
    "administrator command",
    "the database system is starting up",
    "the database system is shutting down",
    "the database system is in recovery mode",
    "the database system is not yet accepting connections",
)
"""What clients are told that come too early or too late: they try again, and nobody need do anything."""


class Cluster:
    """`start`, then either `wait` or `stop`. One live launcher a home; `start` in a second one is refused."""

    def __init__(self, home: Path, *, values: Mapping[str, str] = os.environ) -> None:
        self.place: Place = place_of(home)
        self._values = values
        self._lock: Held | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._said: deque[str] = deque(maxlen=50)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self, *, lock_patience_s: float = 1.0) -> None:
        """Return when connections are accepted. Raises a `ClusterFailure` and then leaves nothing running."""
        with _disk_full_told():
            make_state(self.place)
            self._lock = self._only_launcher(lock_patience_s)
            try:
                self._start()
            except BaseException:
                self.stop()
                raise

    def wait(self) -> int:
        """Until the postmaster ends by itself: its exit status."""
        assert self._process is not None, "start first"  # noqa: S101 - a fault of the caller
        return self._process.wait()

    def stop(self) -> None:
        """Fast stop: clients are cut off, everything committed is on the disk. Does nothing twice."""
        process, self._process = self._process, None
        if process is not None:
            if process.poll() is None:
                stop_postmaster(process.pid, lambda: process.poll() is None)
            process.wait()
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def purge(self) -> None:
        """Delete the stopped cluster with everything in it. Raises `AnotherLauncher` while it runs."""
        if not self.place.state.exists():
            return
        lock = self._only_launcher(0.0)
        clear_leftovers(self.place.data, self.place.socket_dir)
        shutil.rmtree(self.place.socket_dir, ignore_errors=True)
        shutil.rmtree(self.place.state)
        lock.release()

    def _only_launcher(self, patience_s: float) -> Held:
        try:
            return hold_alone(self.place.lock, patience_s=patience_s)
        except HeldElsewhere as held:
            raise AnotherLauncher(
                f"The database of {self.place.home} is already run by process {held.pid}."
            ) from held

    def _start(self) -> None:
        binaries = find_binaries(self._values)
        owner = owner_of(self.place)
        self._make_data(binaries, owner)
        own_folder(self.place.socket_dir, uid=owner.uid, gid=owner.gid)
        clear_leftovers(self.place.data, self.place.socket_dir)
        self._process = self._launch(binaries, owner)
        self._wait_until_ready()

    def _make_data(self, binaries: Binaries, owner: Owner) -> None:
        held = self.place.data / "PG_VERSION"
        if not held.exists():
            _initialise(self.place, binaries, owner)
        made_by = int(held.read_text(encoding="ascii").split(".")[0])
        if made_by != binaries.major:
            raise OtherVersion(
                f"The database of {self.place.home} was made by PostgreSQL {made_by} and the programs are "
                f"{binaries.major}; set DAXIANG_POSTGRES_BIN or DAXIANG_HOME."
            )

    def _launch(self, binaries: Binaries, owner: Owner) -> subprocess.Popen[bytes]:
        settings = {**_SETTINGS, "unix_socket_directories": str(self.place.socket_dir)}
        argv = [binaries.path("postgres"), "-D", str(self.place.data)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        process = subprocess.Popen(
            argv,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tied_to(os.getpid(), signal.SIGINT),
            **owner.popen_arguments(),
        )
        threading.Thread(target=self._forward, args=(process,), name="postgres", daemon=True).start()
        return process

    def _forward(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        with process.stdout as stream:
            for line in stream:
                text = line.decode("utf-8", "replace").rstrip()
                self._said.append(text)
                if not _worth_telling(text):
                    continue
                with contextlib.suppress(OSError, ValueError):
                    sys.stderr.write(text + "\n")
                    sys.stderr.flush()

    def _wait_until_ready(self) -> None:
        """PostgreSQL writes `ready` into the eighth line of its lock file; pg_ctl looks there too."""
        process = self._process
        assert process is not None  # noqa: S101 - only called after the launch
        deadline = time.monotonic() + _READY_WITHIN_S
        while _ready_postmaster(self.place.data) != process.pid:
            if process.poll() is not None or time.monotonic() >= deadline:
                _settle(lambda: any("FATAL" in line or "PANIC" in line for line in self._said))
                raise why("PostgreSQL", "\n".join(self._said))
            time.sleep(0.01)


def _worth_telling(line: str) -> bool:
    """No daily routine, and no statement of a crashed backend, which may hold personal data."""
    if line.startswith("LOG:"):
        return "terminated by signal" in line or "not properly shut down" in line or "interrupted" in line
    return line.startswith(("FATAL:", "PANIC:", "HINT:")) and not any(words in line for words in _ROUTINE)


def _settle(is_so: Callable[[], bool]) -> None:
    """The last words may still be on their way through the pipe."""
    deadline = time.monotonic() + 0.5
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.01)


def accepts_connections(place: Place) -> bool:
    """Whether the cluster of that place says that it does. Asked before a connection is tried: PostgreSQL
    writes a FATAL line about each that comes too early. One that was killed leaves its last word standing.
    """
    return _ready_postmaster(place.data) is not None


def _ready_postmaster(data: Path) -> int | None:
    """Its process id, once it accepts connections."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    is_ready = len(lines) >= 8 and lines[7].strip() == "ready" and lines[0].strip().isdigit()
    return int(lines[0]) if is_ready else None


def _initialise(place: Place, binaries: Binaries, owner: Owner) -> None:
    """Make the cluster and its database beside the right place and move it there when whole."""
    fresh = place.state / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(place.data, ignore_errors=True)  # has no PG_VERSION: not a cluster
    own_folder(fresh, uid=owner.uid, gid=owner.gid)
    with _password_for(place, owner) as password_file:
        _run(
            [
                *(binaries.path("initdb"), "-D", str(fresh), "--username=daxiang", "--auth=scram-sha-256"),
                *(f"--pwfile={password_file}", "--encoding=UTF8", "--no-instructions"),
                *_locale(binaries.major),
            ],
            owner,
        )
    _run(
        [binaries.path("postgres"), "--single", "-D", str(fresh), "postgres"],
        owner,
        "CREATE DATABASE daxiang\n",
    )
    fresh.rename(place.data)


def _locale(major: int) -> list[str]:
    """One order of letters everywhere: the built-in provider since 17; before, the system's C.UTF-8."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


@contextlib.contextmanager
def _password_for(place: Place, owner: Owner) -> Iterator[Path]:
    path = place.state / "password.init"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, password(place).encode())
        os.fchown(descriptor, owner.uid, owner.gid)
        yield path
    finally:
        os.close(descriptor)
        path.unlink()


def _run(argv: list[str], owner: Owner, typed: str = "") -> None:
    done = subprocess.run(
        argv,
        env=_ENVIRONMENT,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        preexec_fn=tied_to(os.getpid()),
        **owner.popen_arguments(),
    )
    if done.returncode != 0 or "ERROR:" in done.stdout:
        raise why(Path(argv[0]).name, done.stdout)


@contextlib.contextmanager
def _disk_full_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull("The disk is full, so the database cannot run; make room.") from error
        raise
