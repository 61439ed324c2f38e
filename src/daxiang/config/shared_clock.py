"""Which clock a command goes by."""

from __future__ import annotations

import os
from pathlib import Path

from daxiang.foundation.environment import Environment
from daxiang.foundation.settings import read_home
from daxiang.foundation.supervisor.home import lock_file
from daxiang.foundation.supervisor.single import holder_of


def shared_clock() -> Path | None:
    """The clock of the copy that is up in this home: a command means the hour that its phone shows."""
    if given := Environment(os.environ).text("DAXIANG_CLOCK"):
        return Path(given)
    home = read_home()
    return home / "clock.json" if holder_of(lock_file(home)) else None
