"""Every requirement is pinned by version and hash, and the locks say what pyproject.toml asks for.

Run by `make check`: prints one line for each fault and exits 1.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def pinned(lock: str) -> dict[str, bool]:
    """Name -> whether it has an exact version and at least one hash."""
    joined = lock.replace("\\\n", " ")
    found = {}
    for line in joined.splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)(.*)", line):
            exact = bool(re.match(r"(\[[^\]]*\])?==[0-9]", match[2]))
            found[match[1].lower()] = exact and "--hash=sha256:" in line
    return found


def asked(specifications: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", text)[0].lower() for text in specifications}


def faults(project: dict[str, object], locks: dict[str, str]) -> list[str]:
    said = []
    tables = {name: pinned(text) for name, text in locks.items()}
    for name, table in tables.items():
        said += [
            f"requirements/{name}: {package} is not pinned by version and hash"
            for package in table
            if not table[package]
        ]
        said += [
            f"requirements/{name}: holds an address, which belongs to the machine and not to the project"
            for line in locks[name].splitlines()
            if "://" in line or line.lstrip().startswith(("--index", "--extra-index", "--find-links"))
        ]
    metadata, groups = project["project"], project["dependency-groups"]
    wanted = {
        "run.txt": asked(metadata["dependencies"]) | asked(groups["build"]),
        "dev.txt": asked(metadata["dependencies"]) | asked(groups["build"]) | asked(groups["dev"]),
        "bench.txt": asked(groups["bench"]),
        "wechatpy-pre.txt": asked(groups["wechatpy-pre"]),
    }
    for name, packages in wanted.items():
        said += [
            f"requirements/{name}: {package} is missing; run `make lock`"
            for package in sorted(packages - set(tables[name]))
        ]
    return said


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locks = {
        path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "requirements").glob("*.txt"))
    }
    found = faults(project, locks)
    print(
        "\n".join(found) or f"{sum(len(pinned(text)) for text in locks.values())} pins, each with its hashes."
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
