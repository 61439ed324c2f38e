"""A message as it leaves a phone: what it carries is uploaded first, as the app does by itself."""

from __future__ import annotations

from typing import Any

from .accounts import Account
from .bodies import Tree
from .messages import MEDIA_KINDS, parse_fields
from .platform.media import example
from .platform.refusals import Refused
from .texts import BadRequest
from .world import World


async def picked(world: World, account: Account, raw: object, *, origin: str) -> tuple[str, Tree]:
    """Kind and fields of a message; a picture, voice or film without media_id is a small example."""
    if isinstance(raw, dict) and raw.get("type") in tuple(MEDIA_KINDS):
        raw = {**raw, **await _media(world, account, raw, origin)}
    return parse_fields(raw)


async def _media(world: World, account: Account, raw: dict[str, Any], origin: str) -> dict[str, Any]:
    kind = raw["type"]
    media_id = raw.get("media_id")
    if media_id is None:
        media_id = await _example(world, account, kind)
    try:
        held = world.media.need(account.name, media_id, kind=None, at=world.clock.now())
    except Refused as refused:
        raise BadRequest("没有这个 media_id；请先上传。") from refused
    named: dict[str, Any] = {"media_id": media_id}
    if kind == "image":
        named["url"] = raw.get("url") or f"{origin}/_sim/media/{media_id}"
    if kind == "voice":
        named["format"] = "amr" if held["content_type"] == "audio/amr" else "mp3"
        heard = raw.get("recognition") if account.setting("speech_recognition") else None
        named["recognition"] = heard
    if kind in {"video", "shortvideo"} and raw.get("thumb_media_id") is None:
        named["thumb_media_id"] = await _example(world, account, "image")
    return named


async def _example(world: World, account: Account, kind: str) -> str:
    sort = "video" if kind == "shortvideo" else kind
    content_type, body = example(sort)
    media_id, rows = world.media.keep(account.name, sort, body, content_type, at=world.clock.now())
    await world.store.write(*rows)
    return media_id
