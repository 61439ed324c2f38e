"""What an instance on a laptop makes up for itself: invented accounts, keys and secrets, kept in its own
home.

Nothing of this is used where the environment says otherwise, so production gives its own values and this
file is never written there.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import string
from collections.abc import Mapping
from pathlib import Path

from daxiang.foundation.settings import ACCOUNT_NAMES, read_home

_LETTERS = string.ascii_letters + string.digits


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _invented() -> dict[str, str]:
    made = {
        "DAXIANG_SECRET_KEY": _random(50),
        "DAXIANG_DATA_KEYS": "demo:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    for name in ACCOUNT_NAMES:
        prefix = f"DAXIANG_{name.upper()}"
        made[f"{prefix}_APPID"] = "wx" + secrets.token_hex(8)
        made[f"{prefix}_SECRET"] = secrets.token_hex(16)
        made[f"{prefix}_TOKEN"] = _random(32)
        made[f"{prefix}_AES_KEY"] = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        made[f"{prefix}_ORIGINAL_ID"] = "gh_" + secrets.token_hex(6)
    return made


def with_demo_values(values: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment, filled up with this home's invented values where it says nothing.

    The first call writes them (readable by the owner only); later calls, from whatever process, read the
    same. A real deployment sets `DAXIANG_DATA_KEYS`, and then nothing is invented: a missing value is an
    error.
    """
    if values.get("DAXIANG_DATA_KEYS") or values.get("DAXIANG_DATA_KEYS_FILE"):
        return dict(values)
    held = _kept(read_home(values) / "demo.json")
    given = {name for name in held if values.get(name) or values.get(f"{name}_FILE")}
    return {**{name: value for name, value in held.items() if name not in given}, **values}


def _kept(path: Path) -> dict[str, str]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"demo.{os.getpid()}.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(_invented(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails when another process was first, whose values then hold
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    held: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return held
