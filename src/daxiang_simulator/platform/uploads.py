"""Temporary media: upload, get, and pictures for the inside of articles."""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web

from .frame import Call, call
from .media import blob_row, sort_out
from .refusals import Refused
from .rights import Right

_BROKEN = (web.RequestPayloadError, ValueError, AssertionError, LookupError, RuntimeError, TypeError)
"""What aiohttp's reader of forms raises for one that is not whole."""
PICTURE_IN_ARTICLE_BYTES = 1024 * 1024


async def uploaded(made: Call) -> tuple[str, bytes, str | None]:
    """The file of a multipart form: name, bytes, and the field `description`. Raises Refused 41005."""
    if not made.request.content_type.startswith("multipart/"):
        raise Refused(41005)
    try:
        form = await made.request.post()
    except _BROKEN as error:
        raise Refused(41005) from error
    described = form.get("description")
    found = form.get("media")
    if isinstance(found, web.FileField):
        with found.file as file:
            return found.filename, file.read(), described if isinstance(described, str) else None
    if isinstance(found, bytes | bytearray):
        return "media", bytes(found), described if isinstance(described, str) else None
    raise Refused(41005)


@call("POST", "/cgi-bin/media/upload", is_raw=True, daily=100_000)
async def upload(made: Call) -> dict[str, Any]:
    kind = made.query.get("type")
    name, body, _ = await uploaded(made)
    content_type = sort_out(made.account, kind, body)
    media_id, rows = made.world.media.keep(
        made.account.name, str(kind), body, content_type, at=made.at, name=name
    )
    made.rows += rows
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media_id, "created_at": int(made.at), **_said(made)}


@call("GET", "/cgi-bin/media/get", daily=200_000)
async def get(made: Call) -> dict[str, Any] | web.Response:
    media_id = made.query.get("media_id")
    held = made.world.media.need(made.account.name, media_id, kind=None, at=made.at)
    if held["type"] in {"video", "shortvideo"}:
        return {"video_url": made.address(f"/_sim/media/{media_id}")}
    return await binary(made, str(media_id))


@call("GET", "/cgi-bin/media/get/jssdk", right=Right.VERIFIED, daily=200_000)
async def get_jssdk(made: Call) -> dict[str, Any] | web.Response:
    return await get(made)  # type: ignore[no-any-return,misc]


@call("POST", "/cgi-bin/media/uploadimg", is_raw=True, daily=100_000)
async def upload_picture(made: Call) -> dict[str, Any]:
    _, body, _ = await uploaded(made)
    if len(body) > PICTURE_IN_ARTICLE_BYTES:
        raise Refused(40009)
    content_type = sort_out(made.account, "image", body)
    if content_type == "image/gif":
        raise Refused(40005)
    number = secrets.token_urlsafe(24)
    made.rows.append(blob_row(number, content_type, body))
    return {"url": made.address(f"/_sim/media/{number}"), **_said(made)}


def _said(made: Call) -> dict[str, Any]:
    """The ok that the pages' examples show beside an upload and their tables do not."""
    return {"errcode": 0, "errmsg": "ok"} if made.account.setting("upload_says_ok") else {}


async def binary(made: Call, media_id: str) -> web.Response:
    """The bytes of a medium. Raises Refused 40007 when they are not there."""
    found = await made.world.media.bytes_of(media_id)
    if found is None:
        raise Refused(40007)
    content_type, body = found
    name = f"{media_id[:16]}.{content_type.rpartition('/')[2]}"
    headers = {"Content-Type": content_type, "Content-disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, headers=headers)
