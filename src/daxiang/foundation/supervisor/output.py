"""What the children say, a line at a time, named; and no child ever waits for our terminal."""

from __future__ import annotations

import io
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92)
_KEPT_LINES = 5_000
_LONGEST = 64 * 1024


def wants_colour(descriptor: int, environment: Mapping[str, str]) -> bool:
    return os.isatty(descriptor) and not environment.get("NO_COLOR")


class Output:
    """Lines from many children to one descriptor.

    A thread of its own writes, because a terminal that stands still (Ctrl-S) or a slow pipe would stop the
    supervisor. Lines that nobody takes are counted and dropped; after a closed pipe all are.
    """

    def __init__(self, descriptor: int, *, width: int, colour: bool) -> None:
        self._descriptor = descriptor
        self._width = width
        self._colour = colour
        self._colours: dict[str, int] = {}
        self._lines: deque[bytes] = deque()
        self._dropped = 0
        self._busy = False
        self._closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._write_all, name="output", daemon=True).start()

    def line(self, name: str, text: str) -> None:
        """One line of one child."""
        label = f"{name:<{self._width}} |"
        if self._colour:
            number = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
            label = f"\x1b[{number}m{label}\x1b[0m"
        self.say(f"{label} {text}")

    def say(self, text: str) -> None:
        """A line of our own, without a name before it."""
        with self._changed:
            if len(self._lines) >= _KEPT_LINES:
                self._dropped += 1
                return
            if self._dropped:
                self._lines.append(f"... {self._dropped} lines dropped, nobody took them\n".encode())
                self._dropped = 0
            self._lines.append((text + "\n").encode("utf-8", "replace"))
            self._changed.notify_all()

    def close(self, patience_s: float = 0.5) -> None:
        """Give the last lines a moment to leave."""
        deadline = time.monotonic() + patience_s
        with self._changed:
            while (self._lines or self._busy) and not self._closed:
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    return

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                while not self._lines:
                    self._changed.wait()
                batch = b"".join(self._lines)
                self._lines.clear()
                self._busy = True
            try:
                self._write(batch)
            except OSError:
                self._discard_for_ever()
                return

    def _write(self, batch: bytes) -> None:
        while batch:
            try:
                batch = batch[os.write(self._descriptor, batch) :]
            except BlockingIOError:  # somebody made the terminal non-blocking
                select.select([], [self._descriptor], [])

    def _discard_for_ever(self) -> None:
        with self._changed:
            self._closed = True
            self._lines.clear()
            self._lines = deque(maxlen=0)
            self._changed.notify_all()


class Lines:
    """Cuts what a child writes into lines; a line without end is cut at 64 KiB."""

    def __init__(self, take: Callable[[str], None]) -> None:
        self._take = take
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        for line in whole:
            self._take(_readable(line))
        if len(self._rest) > _LONGEST:
            self.end()

    def end(self) -> None:
        if self._rest:
            self._take(_readable(self._rest))
        self._rest = b""


def _readable(line: bytes) -> str:
    return line.rstrip(b"\r").decode("utf-8", "replace")


def qr_code(address: str) -> list[str]:
    """The address as lines of half blocks, for a telephone to read from the terminal."""
    import segno

    drawn = io.StringIO()
    segno.make(address, micro=False).terminal(out=drawn, compact=True, border=2)
    return drawn.getvalue().splitlines()
