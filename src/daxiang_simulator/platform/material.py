"""The library: media that stay until they are deleted."""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web

from daxiang_simulator.jsontext import load

from .articles import in_library
from .frame import Call, call
from .media import FOREVER, blob_row, sort_out
from .refusals import Refused
from .uploads import binary, uploaded

COUNTED = ("voice", "video", "image", "news")
MOST_A_PAGE = 20


@call("POST", "/cgi-bin/material/add_material", is_raw=True, daily=1_000)
async def add(made: Call) -> dict[str, Any]:
    kind = made.query.get("type")
    name, body, described = await uploaded(made)
    content_type = sort_out(made.account, kind, body)
    words = _described(described or made.query.get("description")) if kind == "video" else {}
    held = made.shelf("material")
    limit = made.account.setting("library_news" if kind == "image" else "library_others")
    if sum(one["type"] == kind for one in held.values()) >= limit:
        raise Refused(45001, "material library is full")
    media_id = secrets.token_urlsafe(48)
    address = made.address(f"/_sim/media/{media_id}")
    value = {"type": kind, "name": name, "until": FOREVER, "at": int(made.at), "content_type": content_type}
    made.put("material", media_id, {**value, "url": address, **words})
    made.rows.append(blob_row(media_id, content_type, body))
    return {"media_id": media_id, **({"url": address} if kind in {"image", "thumb"} else {})}


@call("POST", "/cgi-bin/material/get_material", daily=1_000)
async def get(made: Call) -> dict[str, Any] | web.Response:
    media_id = made.need("media_id", 41006)
    held = made.shelf("material").get(media_id)
    if held is None:
        draft = made.shelf("draft").get(media_id)
        if draft is None:
            raise Refused(40007)
        return {"news_item": in_library(made, draft["articles"])}
    if held["type"] == "video":
        return {"title": held["title"], "description": held["introduction"], "down_url": held["url"]}
    return await binary(made, media_id)


@call("POST", "/cgi-bin/material/del_material", daily=1_000)
def delete(made: Call) -> dict[str, Any]:
    media_id = made.need("media_id", 41006)
    if media_id not in made.shelf("material"):
        raise Refused(40007)
    made.drop("material", media_id)
    made.rows.append(("DELETE FROM blob WHERE id = ?", (media_id,)))
    return {"errcode": 0, "errmsg": "ok"}


@call("POST", "/cgi-bin/material/batchget_material", daily=1_000)
def page(made: Call) -> dict[str, Any]:
    kind = made.body.get("type")
    if kind not in COUNTED:
        raise Refused(40004)
    offset, count = page_of(made)
    if kind == "news":
        held = [
            {
                "media_id": key,
                "content": {"news_item": in_library(made, one["articles"])},
                "update_time": one["at"],
            }
            for key, one in made.shelf("draft").items()
        ]
    else:
        held = [
            {"media_id": key, "name": one["name"], "update_time": one["at"], "url": one["url"]}
            for key, one in made.shelf("material").items()
            if one["type"] == kind
        ]
    shown = held[::-1][offset : offset + count]
    return {"total_count": len(held), "item_count": len(shown), "item": shown}


@call("GET", "/cgi-bin/material/get_materialcount", daily=1_000)
def counts(made: Call) -> dict[str, Any]:
    held = [one["type"] for one in made.shelf("material").values()]
    counted = {f"{kind}_count": held.count(kind) for kind in COUNTED}
    return counted | {"news_count": len(made.shelf("draft"))}


def page_of(made: Call) -> tuple[int, int]:
    """offset and count of the body. Raises Refused 40097."""
    offset, count = made.body.get("offset", 0), made.body.get("count", MOST_A_PAGE)
    for value in (offset, count):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise Refused(40097)
    if not 1 <= count <= MOST_A_PAGE:
        raise Refused(40097)
    return offset, count


def _described(raw: str | None) -> dict[str, str]:
    """Title and introduction of a film. Raises Refused 47001."""
    try:
        held = load(raw or "")
        return {"title": str(held["title"]), "introduction": str(held["introduction"])}
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(47001, "description") from error
