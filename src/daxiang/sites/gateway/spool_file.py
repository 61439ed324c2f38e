"""Where danger messages wait on disk while the database is away, so that a kill does not take them along.

One file a process, held by a lock that the kernel frees when its process dies, however that is. Records are
sealed and appended, each behind its length; a record is whole or it is the torn end of a write that nobody
was told of. The file is emptied when all of it is kept. What a dead process left is taken over by the next
that starts; a message that is kept twice so is one row of the inbox, by its identity.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import structlog

from daxiang.foundation.inbox.operations import Received
from daxiang.foundation.sealing import SealBroken, Sealer
from daxiang.integrations.wechat.contacts.operations import Touch

log = structlog.get_logger()

Held = tuple[Received, Touch | None]
MOST_FILE_BYTES = 128 * 2**20
"""Of one file, drained records included; what comes beyond it waits in memory alone."""
_CONTEXT = b"danger spool"
_LENGTH = struct.Struct(">I")
_SUFFIX = ".spool"


class SpoolFile:
    """The file of one process. Its methods block; nothing of it is made before there is something to keep."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._folder = folder
        self._sealer = sealer
        self._descriptor: int | None = None
        self._path: Path | None = None
        self._size = 0

    def append(self, held: Sequence[Held]) -> bool:
        """Make them durable; False when the file is as long as it may be. Raises `OSError`."""
        records = b"".join(_framed(self._sealer.seal(_encoded(one), _CONTEXT)) for one in held)
        if self._size + len(records) > MOST_FILE_BYTES:
            return False
        descriptor = self._opened()
        try:
            _write(descriptor, records)
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):  # no record may stand behind half of one
                os.ftruncate(descriptor, self._size)
            raise
        self._size += len(records)
        return True

    def clear(self) -> None:
        """All that it holds is kept elsewhere."""
        if self._descriptor is not None and self._size:
            os.ftruncate(self._descriptor, 0)
            os.fsync(self._descriptor)
            self._size = 0

    def close(self) -> None:
        """Give the file back; it stays for the next process when something is in it."""
        if self._descriptor is None or self._path is None:
            return
        if not self._size:
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None

    def adopt(self, *, room: int) -> list[Held]:
        """What dead processes left, by now in this file; what does not fit (bytes) stays where it is. Raises
        `OSError`.
        """
        found: list[Held] = []
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            with suppress(FileNotFoundError):  # another process has just taken it over
                size = path.stat().st_size
                if path != self._path and size <= room:
                    room -= size
                    found += self._adopted(path)
        return found

    def _adopted(self, path: Path) -> list[Held]:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.fstat(descriptor).st_nlink:
                return []  # as above, between opening and locking
            left, is_whole = self._read(path)
            if left and not self.append(left):
                return []
            if is_whole:
                path.unlink()
            else:
                path.rename(path.with_suffix(".unreadable"))
        except BlockingIOError:
            return []  # its process lives
        finally:
            os.close(descriptor)
        return left

    def _read(self, path: Path) -> tuple[list[Held], bool]:
        """The records, and whether all that were written whole could be read."""
        found = []
        for sealed in _records(path.read_bytes()):
            try:
                found.append(_decoded(self._sealer.open(sealed, _CONTEXT)))
            except (SealBroken, ValueError, KeyError, TypeError) as error:
                log.error("danger_message_unreadable", reason=type(error).__name__)
                return found, False
        return found, True

    def _opened(self) -> int:
        if self._descriptor is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path = self._folder / f"{os.getpid()}-{secrets.token_hex(6)}{_SUFFIX}"
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
            self._descriptor = os.open(self._path, flags, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _sync_folder(self._folder)
        return self._descriptor


def _write(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def _sync_folder(folder: Path) -> None:
    """So that the new name itself outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _framed(sealed: bytes) -> bytes:
    return _LENGTH.pack(len(sealed)) + sealed


def _records(content: bytes) -> Iterator[bytes]:
    """Whole records; a torn end is none."""
    at = 0
    while at + _LENGTH.size <= len(content):
        (length,) = _LENGTH.unpack_from(content, at)
        at += _LENGTH.size
        if at + length > len(content):
            return
        yield content[at : at + length]
        at += length


def _encoded(held: Held) -> bytes:
    received, touch = held
    kept = {
        "identity": _text(received.identity),
        "day": received.day.isoformat(),
        "account": received.account,
        "kind": received.kind,
        "created_at": received.created_at.isoformat(),
        "received_at": received.received_at.isoformat(),
        "body": _text(received.body),
        "answer": _text(received.answer),
        "generation": _text(received.generation),
        "touch": touch
        and [touch.account, _text(touch.person), touch.openid, touch.kind, touch.at.isoformat()],
    }
    return json.dumps(kept).encode()


def _decoded(plain: bytes) -> Held:
    kept = json.loads(plain)
    received = Received(
        identity=_bytes(kept["identity"]),
        day=date.fromisoformat(kept["day"]),
        account=kept["account"],
        kind=kept["kind"],
        created_at=datetime.fromisoformat(kept["created_at"]),
        received_at=datetime.fromisoformat(kept["received_at"]),
        body=_bytes(kept["body"]),
        answer=_bytes(kept["answer"]),
        generation=_bytes(kept["generation"]),
    )
    if kept["touch"] is None:
        return received, None
    account, person, openid, kind, at = kept["touch"]
    return received, Touch(account, _bytes(person), openid, kind, datetime.fromisoformat(at))


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
