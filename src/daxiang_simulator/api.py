"""The addresses under /_sim/: what the real platform does not have, and what every test drives it by."""

from __future__ import annotations

from aiohttp import web

from . import history
from .accounts import parse_accounts
from .asked import act_of, answer, instant, json_body, number, object_body, person_of, whole
from .clock import iso
from .keys import WORLD
from .people import describe
from .sending import picked
from .texts import BadRequest, fit_text
from .truth import MOST, truth_since

routes = web.RouteTableDef()
LONGEST_NICKNAME = 64


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
    """Replace the accounts; a world without any could not be used, so an empty list is refused."""
    accounts = parse_accounts(await json_body(request))
    if not accounts:
        raise BadRequest("账号表是空的，至少要有一个账号。")
    await request.app[WORLD].register(accounts)
    return _accounts(request)


@routes.get("/_sim/users")
async def list_users(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return answer({"users": [describe(person, world.accounts) for person in world.people.everyone()]})


@routes.post("/_sim/users")
async def create_user(request: web.Request) -> web.Response:
    world, body = request.app[WORLD], await object_body(request)
    nickname = fit_text(body.get("nickname"), "nickname", longest=LONGEST_NICKNAME)
    person = await world.people.create(nickname=nickname, at=world.clock.now())
    return answer(describe(person, world.accounts))


@routes.get("/_sim/users/{user}")
async def show_user(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return answer(describe(person_of(request), world.accounts))


@routes.post("/_sim/users/{user}/follow")
async def follow(request: web.Request) -> web.Response:
    world, person, account, _ = await act_of(request)
    return answer(await world.conversations.follow(person, account))


@routes.post("/_sim/users/{user}/unfollow")
async def unfollow(request: web.Request) -> web.Response:
    world, person, account, _ = await act_of(request)
    return answer(await world.conversations.unfollow(person, account))


@routes.post("/_sim/users/{user}/send")
async def send(request: web.Request) -> web.Response:
    world, person, account, body = await act_of(request)
    origin = f"{request.scheme}://{request.host}"
    kind, fields = await picked(world, account, body.get("message"), origin=origin)
    return answer(await world.conversations.send(person, account, kind=kind, fields=fields))


@routes.get("/_sim/users/{user}/inbox")
async def inbox(request: web.Request) -> web.Response:
    world, person = request.app[WORLD], person_of(request)
    name = request.query.get("account")
    account = world.account(name) if name else None
    return answer({"inbox": await history.inbox(world.store, person, account)})


@routes.get("/_sim/truth")
async def truth(request: web.Request) -> web.Response:
    since, most = whole(request, "since", 0), whole(request, "limit", MOST)
    return answer(await truth_since(request.app[WORLD].store, since=since, most=min(most, MOST)))


@routes.get("/_sim/clock")
async def show_clock(request: web.Request) -> web.Response:
    return _clock(request)


@routes.post("/_sim/clock")
async def set_clock(request: web.Request) -> web.Response:
    """{"now"}: the present instant; {"offset_s"}: its distance from real time; {"rate"}: the pace."""
    body = await object_body(request)
    if not body.keys() & {"now", "offset_s", "rate"} or {"now", "offset_s"} <= body.keys():
        raise BadRequest("要给 now、offset_s、rate 之一；now 和 offset_s 不能同时给。")
    now = instant(body["now"]) if "now" in body else None
    offset_s = number(body, "offset_s", -1e9) if "offset_s" in body else None
    rate = number(body, "rate", 0.0) if "rate" in body else None
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
