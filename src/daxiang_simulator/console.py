"""What the platform's console and a test do to the platform: faults, tokens, settings. All under /_sim/."""

from __future__ import annotations

from aiohttp import web

from .asked import answer, object_body
from .keys import WORLD
from .platform.faults import parse_fault
from .truth import Kind, truth_row

routes = web.RouteTableDef()


@routes.get("/_sim/faults")
async def list_faults(request: web.Request) -> web.Response:
    return answer({"faults": request.app[WORLD].faults.listed()})


@routes.post("/_sim/faults")
async def add_fault(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    fault = world.faults.add(parse_fault(await object_body(request)))
    await world.store.write()
    return answer(fault)


@routes.delete("/_sim/faults")
async def lift_faults(request: web.Request) -> web.Response:
    """Lift the fault ?id=, or all."""
    world = request.app[WORLD]
    lifted = world.faults.remove(request.query.get("id"))
    await world.store.write()
    return answer({"lifted": lifted})


@routes.post("/_sim/tokens/expire")
async def expire_tokens(request: web.Request) -> web.Response:
    """Void every token of {"account"} at once, as a changed secret or a stranger's refresh does."""
    world, body = request.app[WORLD], await object_body(request)
    account, at = world.account(body.get("account")), world.clock.now()
    ended = world.tokens.expire(account.name, at=at)
    await world.store.write(truth_row(Kind.TOKENS_EXPIRED, at=at, account=account.name, ended=ended))
    return answer({"expired": ended})


@routes.put("/_sim/accounts/{account}/settings")
async def put_settings(request: web.Request) -> web.Response:
    """Change settings of one account; what is not named stays, null goes back to the ordinary value."""
    world, changes = request.app[WORLD], await object_body(request)
    account = world.account(request.match_info["account"])
    held = account.as_json()
    merged = {**account.settings, **changes}
    held["settings"] = {name: value for name, value in merged.items() if value is not None}
    await world.change(held)
    return answer(world.account(account.name).as_json())
