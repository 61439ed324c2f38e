"""Where the private cluster of one home lies, and who may enter.

An ordinary user's cluster lies in that user's home. PostgreSQL refuses to run as root, and a user without
rights cannot reach into root's home, so root's lies under /var/lib/daxiang: the folder is root's, `data` and
`socket` in it belong to the unprivileged user, and the password stays root's.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from daxiang.foundation.environment import SettingWrong

ROOT_STATE = Path("/var/lib/daxiang")
_SOCKET_FILE = ".s.PGSQL.5432.lock"
_LONGEST_SOCKET_PATH = 100
"""Linux allows 108 bytes and macOS 104, with the final zero."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """The folders and files of one home's cluster."""

    home: Path
    state: Path
    socket_dir: Path
    as_root: bool

    @property
    def data(self) -> Path:
        return self.state / "data"

    @property
    def password_file(self) -> Path:
        return self.state / "password"

    @property
    def lock(self) -> Path:
        return self.state / "launcher.lock"


def place_of(home: Path) -> Place:
    """The same answer in every process of the same user, whether or not the cluster exists yet."""
    home = home.resolve()
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    as_root = os.geteuid() == 0
    state = ROOT_STATE / mark if as_root else home / "postgres"
    socket_dir = state / "socket"
    if not _fits(socket_dir):
        socket_dir = Path(f"/tmp/daxiang-{os.geteuid()}-{mark}")  # noqa: S108 - made and checked by `own_folder`
    return Place(home=home, state=state, socket_dir=socket_dir, as_root=as_root)


def _fits(folder: Path) -> bool:
    raw = os.fsencode(folder / _SOCKET_FILE)
    return len(raw) < _LONGEST_SOCKET_PATH and not set(raw) & set(b"\",'\\ %@")


def make_state(place: Place) -> None:
    """The state folder. Raises `SettingWrong` when it cannot be made or is not ours."""
    try:
        if place.as_root:
            ROOT_STATE.mkdir(parents=True, exist_ok=True)
            ROOT_STATE.chmod(0o755)
            place.state.mkdir(exist_ok=True)
            place.state.chmod(0o711)
        else:
            place.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingWrong(f"DAXIANG_HOME: cannot make {place.state} ({error.strerror}).") from error
    if place.state.stat().st_uid != os.geteuid():
        raise SettingWrong(f"DAXIANG_HOME: {place.state} belongs to another user.")


def own_folder(folder: Path, *, uid: int, gid: int) -> None:
    """Make the folder for that user alone, or check that it already is so.

    A foreign folder or a link in its place (anybody may write in /tmp) raises `SettingWrong`.
    """
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, gid)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise SettingWrong(
            f"DAXIANG_HOME: {folder} belongs to another user; take it away or use another home."
        )
    folder.chmod(0o700)


def password(place: Place) -> str:
    """The password of the database's one role, made up by whoever asks first; readable by its owner only."""
    try:
        return place.password_file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        make_state(place)
    except PermissionError as error:
        raise SettingWrong(f"DAXIANG_HOME: {place.password_file} is not readable for this user.") from error
    fresh = place.state / f"password.{os.getpid()}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(24))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, place.password_file)  # fails when another process was first, whose password then holds
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return place.password_file.read_text(encoding="ascii").strip()
