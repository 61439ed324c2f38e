"""Children that die with their parent, even when the parent is killed outright.

Each supervised child has a pipe whose write end only the supervisor holds. When it ends, Linux kills the
child's whole group, at once and even when the child is stopped or busy (`group_tied_to`); elsewhere a
thread of the child does it (`hold_on`). `PR_SET_PDEATHSIG` is for processes without a group of ours
(`tied_to`). It must not be set on a supervised child too: it would kill the leader first and with it
the pipe, and leave the leader's own children alive (seen, when the supervisor's other thread ended last).
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

VARIABLE = "DAXIANG_LIFELINE"
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LINUX = sys.platform.startswith("linux")
_libc = ctypes.CDLL(None) if _LINUX else None


def tied_to(parent: int, end: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """For `preexec_fn`: the new process gets `end` when the thread that started it dies (Linux only).

    A change of user clears the tie, so it is made after that; `subprocess` calls `preexec_fn` last.
    """

    def tie() -> None:
        if _libc is None:
            return
        _libc.prctl(_PR_SET_PDEATHSIG, int(end), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and here
            os._exit(1)

    return tie


def adopt_orphans() -> None:
    """Become the parent of orphaned descendants, so that they are reaped whatever pid 1 does (Linux)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def group_tied_to(parent: int, read_end: int) -> Callable[[], None]:
    """For `preexec_fn` of a new leader: the kernel kills its group when the pipe loses its last writer."""

    def tie() -> None:
        if not _LINUX:
            return
        try:
            fcntl.fcntl(read_end, fcntl.F_SETOWN, -os.getpid())
            fcntl.fcntl(read_end, fcntl.F_SETSIG, int(signal.SIGKILL))
            fcntl.fcntl(read_end, fcntl.F_SETFL, fcntl.fcntl(read_end, fcntl.F_GETFL) | os.O_ASYNC)
        except OSError:  # a kernel without it: the leader at least
            tied_to(parent)()
        if os.getppid() != parent:
            os._exit(1)

    return tie


def hold_on(end: signal.Signals = signal.SIGKILL) -> None:
    """Die with the supervisor that started this process; without one do nothing. Every role calls this first.

    `SIGKILL` ends the whole process group when this process leads it; any other signal goes to this process
    alone, which then ends in its own way.
    """
    raw = os.environ.pop(VARIABLE, "")
    if not raw.isdigit():
        return
    descriptor = int(raw)
    try:
        os.fstat(descriptor)  # it stays inheritable: a role that becomes another program keeps its tie
    except OSError:
        return  # a number that somebody else's environment carried along
    threading.Thread(target=_wait_for_end, args=(descriptor, end), name="lifeline", daemon=True).start()


def _wait_for_end(descriptor: int, end: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        while os.read(descriptor, 1):
            pass
    if end is signal.SIGKILL and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), end)


def die_with_parent() -> None:
    """For a worker process of a role: be killed when the process that started us is gone."""
    parent = os.getppid()
    if _libc is not None:
        tied_to(parent)()
        return
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
