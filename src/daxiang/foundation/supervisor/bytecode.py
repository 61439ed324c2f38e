"""Children keep what they have compiled, also where the environment says that no process shall.

Container images commonly set `PYTHONDONTWRITEBYTECODE`, and then each start compiles every module anew: more
than half of a role's processor time until it is ready. After a crash, when all start at once, that decides.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_FORBIDS, _PLACE = "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"


def keeping_bytecode(env: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment for children. Nothing is written beside the source, as whoever forbade it wants: the
    place is the virtual environment, or the home where there is none that we may write to.
    """
    if not env.get(_FORBIDS) or env.get(_PLACE):
        return dict(env)
    place = _own_place() or home / "run" / "bytecode"
    return {name: value for name, value in env.items() if name != _FORBIDS} | {_PLACE: str(place)}


def keep_own_bytecode() -> None:
    """The same for what this process has still to import, where the virtual environment is ours to write."""
    place = _own_place()
    if sys.dont_write_bytecode and sys.pycache_prefix is None and place is not None:
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(place)


def _own_place() -> Path | None:
    is_own = sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK)
    return Path(sys.prefix) / "bytecode" if is_own else None
