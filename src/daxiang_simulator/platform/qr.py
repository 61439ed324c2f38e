"""QR codes with a scene: made by an account, drawn by the platform, scanned by people."""

from __future__ import annotations

import io
import secrets
from typing import Any

import segno
from aiohttp import web

from .frame import Call, call
from .refusals import Refused
from .rights import Right

LONGEST_LIFE_S = 2_592_000
DEFAULT_LIFE_S = 60
PERMANENT = 100_000
NUMBERED = {"QR_SCENE": 2**32 - 1, "QR_LIMIT_SCENE": PERMANENT}
NAMED = frozenset({"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"})
FOREVER = 4e9


@call("POST", "/cgi-bin/qrcode/create", right=Right.SERVICE, daily=100_000)
def create(made: Call) -> dict[str, Any]:
    action = made.body.get("action_name")
    if action not in NUMBERED and action not in NAMED:
        raise Refused(40052)
    scene = _scene(made, str(action))
    is_temporary = "LIMIT" not in str(action)
    life = made.body.get("expire_seconds", DEFAULT_LIFE_S)
    if is_temporary and (not isinstance(life, int) or not 1 <= life <= LONGEST_LIFE_S):
        raise Refused(40053, "expire_seconds")
    permanent = sum(held["until"] == FOREVER for held in made.shelf("qr").values())
    if not is_temporary and permanent >= PERMANENT:
        raise Refused(45009, "permanent qrcodes")
    ticket = secrets.token_urlsafe(72)
    url = f"http://weixin.qq.com/q/{secrets.token_urlsafe(15)}"
    until = made.at + life if is_temporary else FOREVER
    made.put("qr", ticket, {"ticket": ticket, "url": url, "scene": scene, "until": until})
    return {"ticket": ticket, **({"expire_seconds": life} if is_temporary else {}), "url": url}


@call("GET", "/cgi-bin/showqrcode", is_open=True)
def show(made: Call) -> web.Response:
    ticket = made.query.get("ticket", "")
    held = made.world.find_qr(ticket)
    if held is None:
        return web.Response(status=404)
    drawn = io.BytesIO()
    segno.make(held[1]["url"], error="m").save(drawn, kind="png", scale=8, border=4)
    return web.Response(body=drawn.getvalue(), content_type="image/png")


def _scene(made: Call, action: str) -> int | str:
    """The scene in the body. Raises Refused 40053."""
    info = made.body.get("action_info")
    scene = info.get("scene") if isinstance(info, dict) else None
    if not isinstance(scene, dict):
        raise Refused(40053)
    if action in NAMED:
        name = scene.get("scene_str")
        if not isinstance(name, str) or not 1 <= len(name) <= 64:
            raise Refused(40053, "scene_str")
        return name
    number = scene.get("scene_id")
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= NUMBERED[action]:
        raise Refused(40053, "scene_id")
    return number
