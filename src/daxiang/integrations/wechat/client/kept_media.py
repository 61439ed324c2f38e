"""Temporary media that are uploaded once and sent to many: found again by the digest of the file."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg

from daxiang.integrations.wechat.client.sql import DROP_MEDIA, FIND_MEDIA, KEEP_MEDIA

USED_FOR = timedelta(hours=60)
"""After an upload. The platform keeps the file for 72 hours; the rest is for clocks and for slow ways."""


async def find_media(
    connection: psycopg.AsyncConnection[Any], *, account: str, digest: bytes, now: datetime
) -> str | None:
    """The media_id of this file, where the platform still has it; `now` is business time."""
    asked = {"account": account, "digest": digest, "after": now - USED_FOR, "now": now}
    row = await (await connection.execute(FIND_MEDIA.encode(), asked)).fetchone()
    return None if row is None else str(row[0])


async def keep_media(
    connection: psycopg.AsyncConnection[Any], *, account: str, digest: bytes, media_id: str, now: datetime
) -> None:
    """It was uploaded just now. Of two uploads of the same file the later one is used."""
    kept = {"account": account, "digest": digest, "media_id": media_id, "now": now}
    await connection.execute(KEEP_MEDIA.encode(), kept)


async def drop_media(
    connection: psycopg.AsyncConnection[Any], *, account: str, digest: bytes, media_id: str
) -> None:
    """The platform does not know this media_id (any more)."""
    dropped = {"account": account, "digest": digest, "media_id": media_id}
    await connection.execute(DROP_MEDIA.encode(), dropped)
