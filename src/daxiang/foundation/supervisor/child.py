"""One child through all its lives: a process group of its own, tied to us, restarted ever more slowly."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from daxiang.foundation.supervisor.lifeline import VARIABLE, group_tied_to
from daxiang.foundation.supervisor.output import Lines

WRONG_SETTING = 2
"""Exit status of a process that found its settings or arguments wrong: starting it again would not help."""
HEALTHY_S = 30.0
_LONGEST_WAIT_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Child:
    """What to run. Children of a lower stage are started earlier and stopped later."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    fds: Sequence[int] = ()
    stage: int = 1
    grace_s: float = 4.0
    """How long after SIGTERM it may take to end before its group is killed."""


def pause_before_restart(failures: int) -> float:
    """Seconds to wait after so many ends in a row: 0, 0.25, 0.5, 1, 2 … at most 10."""
    if failures <= 1:
        return 0.0
    return min(_LONGEST_WAIT_S, 0.25 * 2.0 ** min(failures - 2, 10))


class Life:
    """One process of a child, from start until its whole group is gone."""

    def __init__(self, child: Child, *, take_line: Callable[[str], None]) -> None:
        self.child = child
        self.started_at = time.monotonic()
        self.last_line = ""
        self.status: int | None = None
        self.ended = asyncio.Event()
        self._take_line = take_line
        lifeline, self._held_end = os.pipe()
        self._process = subprocess.Popen(
            list(child.argv),
            env={**child.env, VARIABLE: str(lifeline)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lifeline, *child.fds],
            preexec_fn=group_tied_to(os.getpid(), lifeline),
        )
        self.pid = self._process.pid
        os.close(lifeline)
        self._listen()

    @property
    def age_s(self) -> float:
        return time.monotonic() - self.started_at

    def signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def terminate(self) -> None:
        """Ask the leader alone: it knows how to end its own workers."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    async def bury(self, wait_status: int) -> int:
        """The leader was reaped: kill the rest of its group, wait until it is gone, tell the exit status."""
        self.status = self._process.returncode = os.waitstatus_to_exitcode(wait_status)
        deadline = time.monotonic() + 2
        while self._group_is_there() and time.monotonic() < deadline:
            self.signal_group(signal.SIGKILL)
            await asyncio.sleep(0.005)
        os.close(self._held_end)
        self._read()
        self.ended.set()
        return self.status

    def _group_is_there(self) -> bool:
        try:
            os.killpg(self.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        self._descriptor = self._process.stdout.fileno()
        os.set_blocking(self._descriptor, False)
        self._lines = Lines(self._heard)
        asyncio.get_running_loop().add_reader(self._descriptor, self._read)

    def _heard(self, text: str) -> None:
        if text.strip():
            self.last_line = text
        self._take_line(text)

    def _read(self) -> None:
        stream = self._process.stdout
        if stream is None or stream.closed:
            return
        try:
            chunk = os.read(self._descriptor, 65536)
        except BlockingIOError:
            return
        if chunk:
            self._lines.feed(chunk)
            return
        self._lines.end()
        asyncio.get_running_loop().remove_reader(self._descriptor)
        stream.close()


def how_it_ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"
