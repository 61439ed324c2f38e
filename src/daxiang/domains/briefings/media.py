"""The media library: pictures and videos with rights, expiry and words for who cannot see them.

A picture is decoded and written anew: what a camera or an attacker put beside it (place, owner, a script)
does not come in. A file is named by its SHA-256.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from PIL import Image, ImageOps

from daxiang.domains.briefings.checks import Medium
from daxiang.domains.briefings.content import Content
from daxiang.domains.briefings.errors import MediumRefused
from daxiang.domains.briefings.operations import Cursor

LARGEST_PICTURE, LARGEST_VIDEO = 10_000_000, 20_000_000
"""Bytes."""
MOST_PIXELS = 40_000_000
WIDEST = 1600
"""Pixels: more is not seen on a telephone."""
_JPEG, _PNG, _MP4 = "image/jpeg", "image/png", "video/mp4"

ADD_MEDIUM = """
INSERT INTO briefing_medium (id, type, data, title, alt, source, has_rights, expires_on, added_by, added_at)
VALUES (%(id)s, %(type)s, %(data)s, %(title)s, %(alt)s, %(source)s, %(has_rights)s, %(expires_on)s, %(who)s,
    %(now)s)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, alt = excluded.alt, source = excluded.source,
    has_rights = excluded.has_rights, expires_on = excluded.expires_on
"""
LIST_MEDIA = """
SELECT id, type, title, alt, source, has_rights, expires_on, added_by, added_at FROM briefing_medium
ORDER BY added_at DESC, id LIMIT %(most)s OFFSET %(offset)s
"""
COUNT_MEDIA = "SELECT count(*) FROM briefing_medium"
FIND_MEDIA = """
SELECT id, type, title, alt, source, has_rights, expires_on, added_by, added_at FROM briefing_medium
WHERE id = ANY(%(ids)s::text[])
"""
READ_MEDIUM = "SELECT type, data FROM briefing_medium WHERE id = %(id)s"
ADD_PHOTO = """
INSERT INTO briefing_incident_photo (incident, medium)
SELECT id, %(medium)s FROM briefing_incident WHERE source_key = %(key)s
ON CONFLICT DO NOTHING
"""
STATEMENTS = {
    "ADD_PHOTO": ADD_PHOTO,
    "ADD_MEDIUM": ADD_MEDIUM,
    "LIST_MEDIA": LIST_MEDIA,
    "FIND_MEDIA": FIND_MEDIA,
    "READ_MEDIUM": READ_MEDIUM,
}


class Kept(NamedTuple):
    """A medium of the library, without its bytes."""

    id: str
    type: str
    title: str
    alt: str
    source: str
    has_rights: bool
    expires_on: date | None
    added_by: str
    added_at: datetime

    @property
    def is_video(self) -> bool:
        return self.type == _MP4

    @property
    def checked(self) -> Medium:
        """As the checks see it."""
        return Medium(expires_on=self.expires_on, alt=self.alt, has_rights=self.has_rights)


class About(NamedTuple):
    """What a person says about a medium."""

    title: str
    alt: str
    source: str
    has_rights: bool
    expires_on: date | None


def cleaned(data: bytes) -> tuple[str, bytes]:
    """The type and the bytes that are kept. Raises `MediumRefused` for what is no picture or video."""
    if data[4:8] == b"ftyp":
        if len(data) > LARGEST_VIDEO:
            raise MediumRefused(f"视频最大{LARGEST_VIDEO // 1_000_000} MB，请压一压再传。")
        return _MP4, data
    if len(data) > LARGEST_PICTURE:
        raise MediumRefused(f"图片最大{LARGEST_PICTURE // 1_000_000} MB，请缩小再传。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _picture(data)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise MediumRefused("这个文件打不开：要 JPEG 或 PNG 图片，或者 MP4 视频。") from error


def _picture(data: bytes) -> tuple[str, bytes]:
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        is_png = opened.format == "PNG"
        drawn = ImageOps.exif_transpose(opened).convert("RGBA" if is_png else "RGB")
    drawn.thumbnail((WIDEST, WIDEST * 4))
    written = io.BytesIO()
    if is_png:
        drawn.save(written, format="PNG", optimize=True)
        return _PNG, written.getvalue()
    drawn.save(written, format="JPEG", quality=85)
    return _JPEG, written.getvalue()


def add_medium(cursor: Cursor, data: bytes, about: About, *, who: str, now: datetime) -> str:
    """Keep a file; its id. The same file once more changes what is said of it. Raises `MediumRefused`."""
    kind, clean = cleaned(data)
    name = hashlib.sha256(clean).hexdigest()
    cursor.execute(
        ADD_MEDIUM, {"id": name, "type": kind, "data": clean, "who": who, "now": now, **about._asdict()}
    )
    return name


def add_photo(cursor: Cursor, source_key: str, medium: str) -> None:
    """A file of the library is a photo of this incident; once more changes nothing."""
    cursor.execute(ADD_PHOTO, {"key": source_key, "medium": medium})


def media(cursor: Cursor, *, most: int, offset: int) -> tuple[list[Kept], int]:
    """A page of the library, the newest first, and how many there are."""
    cursor.execute(COUNT_MEDIA, {})
    total = int((cursor.fetchone() or (0,))[0])
    cursor.execute(LIST_MEDIA, {"most": most, "offset": offset})
    return [Kept(*row) for row in cursor.fetchall()], total


def media_of(cursor: Cursor, ids: Iterable[str]) -> dict[str, Kept]:
    """Those of these ids that are in the library."""
    cursor.execute(FIND_MEDIA, {"ids": sorted(set(ids))})
    return {row[0]: Kept(*row) for row in cursor.fetchall()}


def media_in(content: Content) -> set[str]:
    """The ids that an edition names."""
    return {name for section in content.sections for article in section.articles for name in article.media}


def read_medium(cursor: Cursor, name: str) -> tuple[str, bytes] | None:
    """The type and bytes of a file; None: there is none of this id."""
    cursor.execute(READ_MEDIUM, {"id": name})
    row = cursor.fetchone()
    return None if row is None else (row[0], bytes(row[1]))
