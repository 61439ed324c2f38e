"""Every process sees a switch within a second: a thread that asks for the active digests, and adopts.

A pack that is in force is parsed in the thread and then put in place by one assignment, so an answer rests on
one generation from its first word to its last. While the database is away what was adopted last holds.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import structlog

from daxiang.domains.restrictions.generations.sql import FIND_CONTENT, LIST_ACTIVE
from daxiang.domains.restrictions.packs import lay_out, read_pack, stored_files
from daxiang.domains.restrictions.queries import adopt, adopted
from daxiang.kernel.errors import DomainError

log = structlog.get_logger()

EVERY_S = 0.3
"""Between two questions; parsing a pack takes some 0.1 s more, so a switch is seen well within a second."""
_MOST_WAIT_S = 5.0


class Watch:
    """One a process. `address` is asked for at each connection, because a private cluster may move."""

    def __init__(self, address: Callable[[], str], *, folder: Path, every_s: float = EVERY_S) -> None:
        self._address, self._folder, self._every_s = address, folder, every_s
        self._stop = threading.Event()
        self._refused: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="generations", daemon=True)

    def start(self) -> None:
        """Adopt what is in force before the first answer, then go on watching.

        Where the database is away, what this machine adopted last holds; on a new machine the seed.
        """
        try:
            with self._connected() as connection:
                self.look(connection)
        except psycopg.Error:
            self._recall()
        self._thread.start()

    def stop(self) -> None:
        """End within one question's time."""
        self._stop.set()
        if self._thread.is_alive():  # a process may stop before it ever started
            self._thread.join(timeout=2)

    def look(self, connection: psycopg.Connection[Any]) -> None:
        """Adopt whatever is in force and not yet adopted here."""
        for city, digest in connection.execute(LIST_ACTIVE).fetchall():
            if adopted(city) != digest and digest not in self._refused:
                self._adopt(connection, city, digest)

    def _adopt(self, connection: psycopg.Connection[Any], city: str, digest: str) -> None:
        row = connection.execute(FIND_CONTENT, {"digest": digest}).fetchone()
        if row is None:
            return
        try:
            folder = lay_out(stored_files(city, row[0]), under=self._folder)
            adopt(city, read_pack(folder, generation=digest), folder)
        except DomainError as error:
            # Another version of the program checked it: what we have stays in force here, and we say so.
            self._refused.add(digest)
            log.error("generation_not_readable", city=city, generation=digest[:12], reason=str(error))
            return
        except OSError as error:  # a full disk: tried again at the next look
            log.error("generation_not_laid_out", city=city, generation=digest[:12], reason=str(error))
            return
        log.info("generation_in_force", city=city, generation=digest[:12])
        try:
            self._note(city, digest)
        except OSError as error:  # in force all the same; only a start without database would not know it
            log.error("generation_not_noted", city=city, generation=digest[:12], reason=str(error))

    def _note(self, city: str, digest: str) -> None:
        """Where `_recall` finds it: one small file a city, put in place whole."""
        fresh = self._folder / f".{city}.{os.getpid()}"
        fresh.write_text(digest, encoding="ascii")
        fresh.replace(self._folder / f"{city}.active")

    def _recall(self) -> None:
        for note in self._folder.glob("*.active"):
            try:
                city, digest = note.stem, note.read_text(encoding="ascii")
                folder = self._folder / digest / city
                adopt(city, read_pack(folder, generation=digest), folder)
            except (DomainError, OSError, ValueError) as error:
                log.error("generation_not_recalled", city=note.stem, reason=str(error))

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self._address(), autocommit=True, connect_timeout=3, application_name="daxiang-generations"
        )

    def _run(self) -> None:
        wait_s = self._every_s
        while not self._stop.is_set():
            try:
                with self._connected() as connection:
                    wait_s = self._every_s
                    while not self._stop.wait(self._every_s):
                        self.look(connection)
            except psycopg.Error:
                self._stop.wait(wait_s)
                wait_s = min(wait_s * 2, _MOST_WAIT_S)
            except Exception as error:  # the thread's outermost frame: a fault of ours must not end the watch
                log.exception("generations_look_failed", reason=type(error).__name__)
                self._stop.wait(_MOST_WAIT_S)
