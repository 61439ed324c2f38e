"""What comes in at the addresses under /_sim/, read and checked, and how they answer."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

from aiohttp import web

from .accounts import Account
from .clock import SHANGHAI
from .jsontext import load
from .keys import WORLD
from .people import Person
from .texts import BadRequest
from .world import World


def answer(value: object, *, status: int = 200) -> web.Response:
    """JSON with Chinese left readable."""
    text = json.dumps(value, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")


async def json_body(request: web.Request) -> Any:
    """The body as JSON. Raises BadRequest."""
    try:
        return load(await request.read())
    except (ValueError, web.RequestPayloadError) as error:
        raise BadRequest("请求体不是能读的 JSON。") from error


async def object_body(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object. Raises BadRequest."""
    body = await json_body(request)
    if not isinstance(body, dict):
        raise BadRequest("请求体要是一个 JSON 对象。")
    return body


def person_of(request: web.Request) -> Person:
    """Whom the address names. Raises NoSuchPerson."""
    return request.app[WORLD].people.find(request.match_info["user"])


async def act_of(request: web.Request) -> tuple[World, Person, Account, dict[str, Any]]:
    """Who does something with which account, and the whole body."""
    body = await object_body(request)
    world = request.app[WORLD]
    return world, person_of(request), world.account(body.get("account")), body


def whole(request: web.Request, name: str, default: int) -> int:
    """A whole number in the query. Raises BadRequest."""
    value = request.query.get(name, str(default))
    if not (value.isascii() and value.isdecimal() and len(value) < 19 + 1):
        raise BadRequest(f"{name} 要是一个整数。")
    return min(int(value), 2**63 - 1)


def number(body: dict[str, Any], name: str, least: float) -> float:
    """A finite number in the body, at least `least`. Raises BadRequest."""
    value = body[name]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not least <= value <= 1e9:
        raise BadRequest(f"{name} 要是一个{'不小于 0 的' if least == 0 else ''}数。")
    return float(value)


def instant(value: object) -> float:
    """The Unix second of an ISO instant; without an offset it is Chinese time."""
    try:
        read = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise BadRequest("now 要是 ISO 时间，例如 2026-11-24T08:10:00+08:00。") from error
    aware = read if read.tzinfo else read.replace(tzinfo=SHANGHAI)
    if not 1970 < aware.year < 3000:
        raise BadRequest("now 要在 1971 年到 2999 年之间。")
    return aware.timestamp()
