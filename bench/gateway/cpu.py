"""CPU time of a whole process tree, from /proc: the steadiest figure on a busy machine."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree_cpu_s(root: int) -> float:
    """Seconds, user and system, used so far by the process and everything below it, ended children
    included.
    """
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            _read(folder, children, used)
    waiting, total = [root], 0.0
    while waiting:
        process = waiting.pop()
        total += used.get(process, 0.0)
        waiting += children.get(process, [])
    return total


def _read(folder: Path, children: dict[int, list[int]], used: dict[int, float]) -> None:
    try:
        stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended meanwhile
        return
    fields = stat.rpartition(")")[2].split()
    children.setdefault(int(fields[1]), []).append(int(folder.name))
    used[int(folder.name)] = sum(map(int, fields[11:15])) / _TICKS
