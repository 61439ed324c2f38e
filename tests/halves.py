"""Runs the tests in two processes side by side: those that start whole copies and browsers, and the rest.

`python -m tests.halves [pytest's own options]`. The exit status is 0 only if both halves passed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
WHOLE_COPIES = ("journeys", "campaigns", "relay", "foundation", "outbox")
"""Folders of tests that wait for other processes most of their time."""
LOOK_S = 5.0


def main() -> int:
    options = sys.argv[1:]
    copies = [f"tests/{name}" for name in WHOLE_COPIES]
    rest = ["tests", *(f"--ignore={folder}" for folder in copies)]
    with tempfile.TemporaryFile() as heard, tempfile.TemporaryFile() as also_heard:
        halves = [
            (_started([*copies, *options], heard), heard),
            (_started([*rest, *options], also_heard), also_heard),
        ]
        while any(half.poll() is None for half, _ in halves):
            time.sleep(LOOK_S)  # nothing else is to be done until one of them ends
            print(".", end="", flush=True)
        print()
        for _, output in halves:
            output.seek(0)
            sys.stdout.write(output.read().decode("utf-8", "replace"))
        return max(0 if half.returncode == 0 else 1 for half, _ in halves)


def _started(arguments: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)


if __name__ == "__main__":
    sys.exit(main())
