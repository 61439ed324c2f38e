"""One simulator a state file: the first holds it, a second is told so before it reads anything."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, flock


class StateHeld(Exception):
    """Another simulator has the state open; the message is one clear sentence."""


def hold(state: Path) -> IO[bytes]:
    """Hold a state file until the answer is closed or the process ends, however it ends.

    The lock is flock(2) on a file beside it, for SQLite locks the state itself in ways of its own; it stays
    there empty. Where flock is missing, nothing is held. Raises StateHeld.
    """
    state.parent.mkdir(parents=True, exist_ok=True)
    file = state.with_name(f"{state.name}.lock").open("ab")
    if sys.platform != "win32":
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise StateHeld(f"另一台模拟器正在用 {state}，请先停掉它，或者换一个 --state。") from error
    return file
