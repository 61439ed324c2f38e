"""The peers' packages: an environment of their own under build/, made from the pinned list when it is
missing or old.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = ROOT / "requirements" / "bench.txt"
FOLDER = ROOT / "build" / "bench-venv"


class PackagesMissing(Exception):
    """The peers cannot be installed here; `str()` says why."""


def peers_programs() -> Path:
    """The folder with the peers' python, uvicorn and gunicorn. Raises `PackagesMissing`."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = FOLDER / "installed"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        _uv("venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER))
        python = ("--python", str(FOLDER / "bin" / "python"))
        _uv("pip", "install", "--quiet", *python, "--require-hashes", "--requirement", str(LOCK))
        stamp.write_text(wanted, encoding="ascii")
    return FOLDER / "bin"


def _uv(*arguments: str) -> None:
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "--system-certs", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PackagesMissing(f"uv could not install them ({type(error).__name__})") from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise PackagesMissing(lines[0])
