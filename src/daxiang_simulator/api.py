"""The addresses under /_sim/: what the real platform does not have, and what every test drives it by."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

from aiohttp import web

from . import history
from .accounts import Account, parse_accounts
from .clock import SHANGHAI, iso
from .keys import WORLD
from .messages import parse_fields
from .people import Person, describe
from .texts import BadRequest, fit_text
from .truth import MOST, truth_since
from .world import World

routes = web.RouteTableDef()
LONGEST_NICKNAME = 64


def answer(value: object, *, status: int = 200) -> web.Response:
    """JSON with Chinese left readable."""
    text = json.dumps(value, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")


@routes.get("/healthz")
async def healthz(_request: web.Request) -> web.Response:
    return answer({"alive": True})


@routes.get("/readyz")
async def readyz(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    await world.store.read("SELECT 1")
    reasons = [] if world.accounts else ["还没有账号。"]
    return answer({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return web.Response(text=world.metrics.text(people=len(world.people)), content_type="text/plain")


@routes.get("/_sim/accounts")
async def list_accounts(request: web.Request) -> web.Response:
    return _accounts(request)


@routes.put("/_sim/accounts")
async def put_accounts(request: web.Request) -> web.Response:
    await request.app[WORLD].register(parse_accounts(await _json(request)))
    return _accounts(request)


@routes.get("/_sim/users")
async def list_users(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return answer({"users": [describe(person, world.accounts) for person in world.people.everyone()]})


@routes.post("/_sim/users")
async def create_user(request: web.Request) -> web.Response:
    world, body = request.app[WORLD], await _object(request)
    nickname = fit_text(body.get("nickname"), "nickname", longest=LONGEST_NICKNAME)
    person = await world.people.create(nickname=nickname, at=world.clock.now())
    return answer(describe(person, world.accounts))


@routes.get("/_sim/users/{user}")
async def show_user(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return answer(describe(_person(request), world.accounts))


@routes.post("/_sim/users/{user}/follow")
async def follow(request: web.Request) -> web.Response:
    world, person, account, _ = await _act(request)
    return answer(await world.conversations.follow(person, account))


@routes.post("/_sim/users/{user}/unfollow")
async def unfollow(request: web.Request) -> web.Response:
    world, person, account, _ = await _act(request)
    return answer(await world.conversations.unfollow(person, account))


@routes.post("/_sim/users/{user}/send")
async def send(request: web.Request) -> web.Response:
    world, person, account, body = await _act(request)
    kind, fields = parse_fields(body.get("message"))
    return answer(await world.conversations.send(person, account, kind=kind, fields=fields))


@routes.get("/_sim/users/{user}/inbox")
async def inbox(request: web.Request) -> web.Response:
    world, person = request.app[WORLD], _person(request)
    name = request.query.get("account")
    account = world.account(name) if name else None
    return answer({"inbox": await history.inbox(world.store, person, account)})


@routes.get("/_sim/users/{user}/thread")
async def thread(request: web.Request) -> web.Response:
    world, person = request.app[WORLD], _person(request)
    account = world.account(request.query.get("account"))
    after = _whole(request, "after", 0)
    return answer({"thread": await history.thread(world.store, person, account, after=after)})


@routes.get("/_sim/truth")
async def truth(request: web.Request) -> web.Response:
    since, most = _whole(request, "since", 0), _whole(request, "limit", MOST)
    return answer(await truth_since(request.app[WORLD].store, since=since, most=min(most, MOST)))


@routes.get("/_sim/clock")
async def show_clock(request: web.Request) -> web.Response:
    return _clock(request)


@routes.post("/_sim/clock")
async def set_clock(request: web.Request) -> web.Response:
    """{"now"}: the present instant; {"offset_s"}: its distance from real time; {"rate"}: the pace."""
    body = await _object(request)
    if not body.keys() & {"now", "offset_s", "rate"} or {"now", "offset_s"} <= body.keys():
        raise BadRequest("要给 now、offset_s、rate 之一；now 和 offset_s 不能同时给。")
    now = _instant(body["now"]) if "now" in body else None
    offset_s = _number(body, "offset_s", -1e9) if "offset_s" in body else None
    rate = _number(body, "rate", 0.0) if "rate" in body else None
    request.app[WORLD].clock.set(now=now, offset_s=offset_s, rate=rate)
    return _clock(request)


@routes.post("/_sim/reset")
async def reset(request: web.Request) -> web.Response:
    await request.app[WORLD].reset()
    return answer({"reset": True})


def _accounts(request: web.Request) -> web.Response:
    accounts = request.app[WORLD].accounts.values()
    return answer({"accounts": [account.as_json() for account in accounts]})


def _clock(request: web.Request) -> web.Response:
    clock = request.app[WORLD].clock
    return answer({"now": iso(clock.now()), "rate": clock.rate()})


async def _json(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise BadRequest("请求体不是能读的 JSON。") from error


async def _object(request: web.Request) -> dict[str, Any]:
    body = await _json(request)
    if not isinstance(body, dict):
        raise BadRequest("请求体要是一个 JSON 对象。")
    return body


def _person(request: web.Request) -> Person:
    return request.app[WORLD].people.find(request.match_info["user"])


async def _act(request: web.Request) -> tuple[World, Person, Account, dict[str, Any]]:
    """Who does something with which account, and the whole body."""
    body = await _object(request)
    world = request.app[WORLD]
    return world, _person(request), world.account(body.get("account")), body


def _whole(request: web.Request, name: str, default: int) -> int:
    value = request.query.get(name, str(default))
    if not (value.isascii() and value.isdecimal() and len(value) < 19 + 1):
        raise BadRequest(f"{name} 要是一个整数。")
    return min(int(value), 2**63 - 1)


def _number(body: dict[str, Any], name: str, least: float) -> float:
    value = body[name]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not least <= value <= 1e9:
        raise BadRequest(f"{name} 要是一个{'不小于 0 的' if least == 0 else ''}数。")
    return float(value)


def _instant(value: object) -> float:
    """The Unix second of an ISO instant; without an offset it is Chinese time."""
    try:
        read = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise BadRequest("now 要是 ISO 时间，例如 2026-11-24T08:10:00+08:00。") from error
    aware = read if read.tzinfo else read.replace(tzinfo=SHANGHAI)
    if not 1970 < aware.year < 3000:
        raise BadRequest("now 要在 1971 年到 2999 年之间。")
    return aware.timestamp()
