"""Who runs the cluster: ourselves, or for root a user without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

from daxiang.foundation.database.failures import DidNotStart
from daxiang.foundation.database.place import Place

_NAME = "daxiang"
_NEW_USER = (
    *("--system", "--user-group", "--no-create-home"),
    *("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"),
)


@dataclass(frozen=True, kw_only=True)
class Owner:
    uid: int
    gid: int
    changes_user: bool

    def popen_arguments(self) -> dict[str, Any]:
        """For `subprocess`: become that user, with no rights left over, in a folder that it may enter."""
        if not self.changes_user:
            return {"cwd": "/", "umask": 0o077}
        return {"cwd": "/", "umask": 0o077, "user": self.uid, "group": self.gid, "extra_groups": []}


def owner_of(place: Place) -> Owner:
    """Who owns the data already; else, for root, the system user `daxiang`, or `nobody` at worst."""
    if not place.as_root:
        return Owner(uid=os.geteuid(), gid=os.getegid(), changes_user=False)
    entry = _entry_of_data(place) or _entry(_NAME) or _made() or _entry("nobody")
    if entry is None or entry.pw_uid == 0:
        raise DidNotStart(
            "PostgreSQL refuses to run as root and no other user can be made; set DATABASE_URL."
        )
    return Owner(uid=entry.pw_uid, gid=entry.pw_gid, changes_user=True)


def _entry_of_data(place: Place) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(place.data.stat().st_uid)
    except (FileNotFoundError, KeyError):
        return None


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    """initdb looks its user up, so a bare number would not do."""
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return None
    subprocess.run(
        [program, *_NEW_USER, _NAME],
        capture_output=True,
        check=False,
    )
    return _entry(_NAME)
