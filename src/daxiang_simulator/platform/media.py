"""Uploads of accounts and of people: three days for the temporary, for ever in the library."""

from __future__ import annotations

import secrets
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from daxiang_simulator.accounts import Account
from daxiang_simulator.store import Statement, Store

from .refusals import Refused
from .shelves import Shelves

TEMPORARY_S = 3 * 86400
FOREVER = 4e9
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One type of medium: the most bytes it may have, the code when it has more, and its formats."""

    most: int | str
    too_big: int
    formats: dict[str, Callable[[bytes], bool]]


def _begins(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda body: body.startswith(heads)


_JPEG = {"image/jpeg": _begins(b"\xff\xd8\xff")}
_PICTURES = _JPEG | {"image/png": _begins(b"\x89PNG\r\n\x1a\n"), "image/gif": _begins(b"GIF8")}
_SOUNDS = {
    "audio/amr": _begins(b"#!AMR"),
    "audio/mpeg": _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
}
SORTS: dict[str, Sort] = {
    "image": Sort(most="image_bytes", too_big=40009, formats=_PICTURES),
    "voice": Sort(most=2 * MEBIBYTE, too_big=40010, formats=_SOUNDS),
    "video": Sort(most=10 * MEBIBYTE, too_big=40011, formats={"video/mp4": lambda b: b[4:8] == b"ftyp"}),
    "thumb": Sort(most=64 * 1024, too_big=40012, formats=_JPEG),
}
"""Media by type. Source: developers.weixin.qq.com, "新增临时素材"."""


def sort_out(account: Account, kind: str | None, body: bytes) -> str:
    """The content type of an upload. Raises Refused with the code of what is wrong."""
    sort = SORTS.get(kind or "")
    if sort is None:
        raise Refused(40004)
    if not body:
        raise Refused(44001)
    most = account.setting(sort.most) if isinstance(sort.most, str) else sort.most
    if len(body) > most:
        raise Refused(sort.too_big)
    for content_type, fits in sort.formats.items():
        if fits(body):
            return content_type
    raise Refused(40137 if kind == "image" else 40005)


class MediaBook:
    """What an account holds, its own and what people sent it."""

    def __init__(self, shelves: Shelves, store: Store) -> None:
        self._shelves = shelves
        self._store = store

    def keep(
        self, account: str, kind: str, body: bytes, content_type: str, *, at: float, **more: Any
    ) -> tuple[str, list[Statement]]:
        """A new temporary medium: its id, and the statements that keep its bytes."""
        media_id = secrets.token_urlsafe(48)
        value = {"type": kind, "until": at + TEMPORARY_S, "at": int(at), "content_type": content_type, **more}
        self._shelves["media"].put(account, media_id, value)
        return media_id, [blob_row(media_id, content_type, body)]

    def need(self, account: str, media_id: object, *, kind: str | None, at: float) -> dict[str, Any]:
        """The medium with this id, of this type if one is given. Raises Refused 41006 or 40007."""
        if not media_id:
            raise Refused(41006)
        for noun in ("media", "material"):
            found: dict[str, Any] | None = self._shelves[noun].of(account).get(str(media_id))
            if found is not None and kind in {None, found["type"]} and at < found["until"]:
                return found
        raise Refused(40007)

    async def bytes_of(self, media_id: str) -> tuple[str, bytes] | None:
        """Content type and bytes, None for what was never uploaded."""
        rows = await self._store.read("SELECT content_type, body FROM blob WHERE id = ?", (media_id,))
        return (rows[0][0], rows[0][1]) if rows else None


def blob_row(media_id: str, content_type: str, body: bytes) -> Statement:
    """The statement that keeps an upload's bytes."""
    return "INSERT INTO blob (id, content_type, body) VALUES (?, ?, ?)", (media_id, content_type, body)


def example(kind: str) -> tuple[str, bytes]:
    """A small picture, sound or film for whoever sends one without having any."""
    if kind == "image":
        return "image/png", _picture(240, 160)
    if kind == "voice":
        return "audio/amr", b"#!AMR\n" + (b"\x3c" + b"\x08" * 31) * 50
    return "video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"


def _picture(width: int, height: int) -> bytes:
    """A PNG with a soft gradient."""
    rows = b"".join(
        b"\0" + b"".join(bytes((90 + 120 * x // width, 150 + 80 * y // height, 200)) for x in range(width))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (("IHDR", head), ("IDAT", zlib.compress(rows)), ("IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name.encode(), body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
