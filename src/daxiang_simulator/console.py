"""What the platform's console and a test do to the platform: faults, tokens, settings. All under /_sim/."""

from __future__ import annotations

from aiohttp import web

from .asked import answer, object_body
from .keys import WORLD
from .platform.faults import parse_fault
from .platform.frame import SPECS
from .platform.mass_sending import confirm as mass_confirm
from .platform.mass_sending import waiting
from .platform.notice_templates import LONG_TERM, ONCE, new_notice_template
from .platform.templates import new_template
from .texts import BadRequest, fit_text
from .truth import Kind, truth_row

MOST_AT_ONCE = 100_000
NOTICE_KINDS = {"one_time": ONCE, "long_term": LONG_TERM}
routes = web.RouteTableDef()


@routes.get("/_sim/faults")
async def list_faults(request: web.Request) -> web.Response:
    return answer({"faults": request.app[WORLD].faults.listed()})


@routes.post("/_sim/faults")
async def add_fault(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    fault = world.faults.add(parse_fault(await object_body(request), calls=SPECS, accounts=world.accounts))
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


@routes.post("/_sim/accounts/{account}/templates")
async def add_template(request: web.Request) -> web.Response:
    """A template as the console's library would give it: {"template_id", "title", "content", "kind"}.

    `kind`: template (a template message), one_time or long_term (a subscription notice).
    """
    world, body = request.app[WORLD], await object_body(request)
    account = world.account(request.match_info["account"])
    names = ("template_id", "title", "content")
    number, title, content = (fit_text(body.get(name), name, longest=2000) for name in names)
    kind = body.get("kind", "template")
    if kind == "template":
        held = new_template(number, title=title, content=content)
        world.shelves["template"].put(account.name, number, held)
    elif isinstance(kind, str) and kind in NOTICE_KINDS:
        held = new_notice_template(number, title=title, content=content, kind=NOTICE_KINDS[kind])
        world.shelves["notice_template"].put(account.name, number, held)
    else:
        raise BadRequest("kind 要是 template、one_time 或 long_term。")
    await world.store.write()
    return answer(held)


@routes.post("/_sim/admin/confirm")
async def confirm(request: web.Request) -> web.Response:
    """The administrator's tap on a mass send that waits: {"account", "msg_id"?, "accept": true}."""
    world, body = request.app[WORLD], await object_body(request)
    account = world.account(body.get("account"))
    held = waiting(world, account, body.get("msg_id"))
    if held is None:
        raise BadRequest("没有等着确认的群发。")
    is_accepted = body.get("accept", True) is not False
    await mass_confirm(world, account, held, is_accepted=is_accepted)
    return answer({"msg_id": held["msg_id"], "accepted": is_accepted})


@routes.post("/_sim/agents")
async def set_agent(request: web.Request) -> web.Response:
    """An agent comes or goes: {"account", "kf_account", "online"}."""
    world, body = request.app[WORLD], await object_body(request)
    account, name = world.account(body.get("account")), str(body.get("kf_account"))
    agent = world.shelves["agent"].of(account.name).get(name)
    if agent is None:
        raise BadRequest("没有这个客服。")
    agent["is_online"] = body.get("online") is True
    world.shelves["agent"].touch(account.name, name)
    await world.store.write()
    return answer({"kf_account": name, "online": agent["is_online"]})


@routes.post("/_sim/crowd")
async def crowd(request: web.Request) -> web.Response:
    """{"account", "count"}: that many new followers, of whom the service hears nothing; their openids."""
    world, body = request.app[WORLD], await object_body(request)
    account, count = world.account(body.get("account")), body.get("count")
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_AT_ONCE:
        raise BadRequest(f"count 要在 1 和 {MOST_AT_ONCE} 之间。")
    at = world.clock.now()
    people = await world.people.crowd(account, count, at=at)
    for person in people:
        world.followers.came(account, person, at=at, scene="ADD_SCENE_OTHERS", qr=None)
    facts = {"account": account.name, "count": count}
    await world.store.write(truth_row(Kind.CROWD, at=at, **facts))
    return answer({"openids": [person.openid(account) for person in people]})


@routes.post("/_sim/settle")
async def settle(request: web.Request) -> web.Response:
    """Wait until nothing that is due is left: events, mass sends, publishing."""
    await request.app[WORLD].later.settle()
    return answer({"settled": True})


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
