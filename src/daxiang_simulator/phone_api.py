"""What a phone asks for and does, under /_sim/users/U/: chats, threads, menus, taps, a feed of changes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from . import history, phone_acts
from .asked import act_of, answer, object_body, person_of, whole
from .keys import MOST_BYTES, WORLD
from .platform import oauth
from .platform.media import example, sort_out
from .platform.refusals import Refused
from .ranges import part_of
from .texts import BadRequest, fit_text

routes = web.RouteTableDef()
STILL_THERE_S = 15.0
LARGEST_UPLOAD = 12 * 1024 * 1024


@routes.get("/_sim/users/{user}/chats")
async def chats(request: web.Request) -> web.Response:
    """A line for each account: whether followed, what came last, how much is unread."""
    world, person = request.app[WORLD], person_of(request)
    read = world.shelves["read"].of(person.user)
    last = await history.last_entries(world.store, person)
    unread = await history.unread(world.store, person, {name: int(number) for name, number in read.items()})
    lines = [
        {
            "account": account.name,
            "kind": account.kind,
            "display_name": account.display_name,
            "following": account.name in person.following,
            "unread": unread.get(account.name, 0),
            "last": last.get(account.name),
        }
        for account in world.accounts.values()
    ]
    return answer({"chats": lines, "unread": sum(unread.get(name, 0) for name in world.accounts)})


@routes.post("/_sim/users/{user}/read")
async def read_chat(request: web.Request) -> web.Response:
    """The person has looked at a chat, up to {"id"} or all of it."""
    world, person, account, body = await act_of(request)
    number = str(body.get("id") or world.numbers.next())
    if not number.isdecimal():
        raise BadRequest("id 要是一个编号。")
    world.shelves["read"].put(person.user, account.name, int(number))
    await world.store.write()
    world.feed.wake([(person.user, account.name)])
    return answer({"read": number})


@routes.get("/_sim/users/{user}/thread")
async def thread(request: web.Request) -> web.Response:
    """Both sides of a chat after ?after=, or the last ?limit= before ?before=."""
    world, person = request.app[WORLD], person_of(request)
    account = world.account(request.query.get("account"))
    before = whole(request, "before", 0) or None
    entries = await history.thread(
        world.store,
        person,
        account,
        after=whole(request, "after", 0),
        before=before,
        most=max(1, min(whole(request, "limit", 2000), 2000)),
    )
    return answer({"thread": entries})


@routes.get("/_sim/users/{user}/thread/{number:\\d+}")
async def behind(request: web.Request) -> web.Response:
    """What lies behind a bubble: the callback and its answer, the call that brought it, events about it."""
    number = min(int(request.match_info["number"]), 2**63 - 1)
    return answer(await history.behind(request.app[WORLD].store, person_of(request), number))


@routes.get("/_sim/users/{user}/menu")
async def menu(request: web.Request) -> web.Response:
    world, person = request.app[WORLD], person_of(request)
    held = phone_acts.menu_of(world, person, world.account(request.query.get("account")))
    return answer({"menu": held})


@routes.post("/_sim/users/{user}/tap")
async def tap(request: web.Request) -> web.Response:
    world, person, account, body = await act_of(request)
    return answer(await phone_acts.tap(world, person, account, body))


@routes.post("/_sim/users/{user}/scan")
async def scan(request: web.Request) -> web.Response:
    body = await object_body(request)
    return answer(await phone_acts.scan(request.app[WORLD], person_of(request), body))


@routes.post("/_sim/users/{user}/consent")
async def consent(request: web.Request) -> web.Response:
    world, person, account, body = await act_of(request)
    return answer(await phone_acts.consent(world, person, account, body))


@routes.post("/_sim/users/{user}/authorize")
async def authorize(request: web.Request) -> web.Response:
    """Open an authorize address: {"url", "accept": true, "snapshot": false} → {"location"}.

    With "accept": null the answer may be {"ask": {"account", "scope"}}: the person must decide first.
    """
    world, person, body = request.app[WORLD], person_of(request), await object_body(request)
    url = fit_text(body.get("url"), "url", longest=4000)
    allow = body.get("accept", True)
    if allow is not None and not isinstance(allow, bool):
        raise BadRequest("accept 要是 true、false 或 null。")
    opened = oauth.authorize(world, person, url, allow=allow, is_snapshot=body.get("snapshot") is True)
    await world.store.write()
    return answer(opened)


@routes.post("/_sim/users/{user}/media")
async def upload(request: web.Request) -> web.Response:
    """A picture, sound or film for a message: ?account=&type=, the bytes as the body."""
    world, person = request.app[WORLD], person_of(request)
    account, kind = world.account(request.query.get("account")), request.query.get("type", "image")
    request[MOST_BYTES] = LARGEST_UPLOAD
    body = await request.clone(client_max_size=LARGEST_UPLOAD).read()
    if not body:
        body = example(kind)[1]
    try:
        content_type = sort_out(account, kind, body)
    except Refused as refused:
        raise BadRequest(f"这个文件发不了（{refused.code}）。") from refused
    media_id, rows = world.media.keep(
        account.name, kind, body, content_type, at=world.clock.now(), user=person.user
    )
    await world.store.write(*rows)
    return answer({"media_id": media_id, "url": f"/_sim/media/{media_id}", "content_type": content_type})


@routes.get("/_sim/media/{media_id}")
async def media(request: web.Request) -> web.Response:
    """The bytes of anything that was uploaded, for the phone and for PicUrl."""
    found = await request.app[WORLD].media.bytes_of(request.match_info["media_id"])
    if found is None:
        raise web.HTTPNotFound
    return part_of(request, found[1], found[0])


@routes.get("/_sim/users/{user}/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: {"kind": "thread", "account"} when a chat has changed; "menu"; "typing"."""
    world, person = request.app[WORLD], person_of(request)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    queue = world.feed.watch(person.user)
    try:
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        while (event := await _next(queue)) != {"kind": "closing"}:
            line = f"data: {json.dumps(event, ensure_ascii=False)}\n\n" if event else ": \n\n"
            await response.write(line.encode())
    except ConnectionResetError:
        pass
    finally:
        world.feed.leave(person.user, queue)
    return response


async def _next(queue: asyncio.Queue[dict[str, Any]]) -> dict[str, Any] | None:
    """The next event, or None when it is time to show that the line is still there."""
    try:
        return await asyncio.wait_for(queue.get(), STILL_THERE_S)
    except TimeoutError:
        return None
