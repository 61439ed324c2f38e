"""Children that die with their parent, even when the parent is killed outright.

Two ropes, because neither holds alone. Linux sends a signal at the parent's death, also to programs that are not
ours, but to the child only. And each child has a pipe whose write end only the supervisor holds: when it ends,
Linux itself kills the child's whole group (`kill_group_at_end`), and elsewhere a thread of the child does
(`hold_on`). The thread alone would not do on Linux: the first rope kills it before it can act.
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


def kill_group_at_end(read_end: int, group: int) -> None:
    """Have the kernel kill that process group when the pipe loses its last writer (Linux only)."""
    if _libc is None:
        return
    with contextlib.suppress(OSError):  # the group may be gone already
        fcntl.fcntl(read_end, fcntl.F_SETOWN, -group)
        fcntl.fcntl(read_end, fcntl.F_SETSIG, int(signal.SIGKILL))
        fcntl.fcntl(read_end, fcntl.F_SETFL, fcntl.fcntl(read_end, fcntl.F_GETFL) | os.O_ASYNC)


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
        os.set_inheritable(descriptor, False)
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
