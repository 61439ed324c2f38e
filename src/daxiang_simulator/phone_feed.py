"""One line of hints for a page with several phones: what is new for whom, and what moved on the desk."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from .feed import WAITING_AT_MOST
from .keys import WORLD
from .people import NoSuchPerson

routes = web.RouteTableDef()
STILL_THERE_S = 15.0
MOST_PEOPLE = 8
DESK = {
    "/_sim/clock": "clock",
    "/_sim/faults": "faults",
    "/_sim/users": "people",
    "/_sim/phone/people": "people",
    "/_sim/reset": "reset",
}
"""Addresses that change what every open page shows → the kind of the hint."""

Event = dict[str, Any]


@routes.get("/_sim/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events of ?users=U,V as under /_sim/users/U/events, each with its "user".

    Raises NoSuchPerson when nobody of them is known; one unknown among others is waited for in silence: after
    a reset the page asks by itself who is gone. A browser opens six lines to a host at most, so two phones
    share one.
    """
    users = [user for user in request.query.get("users", "").split(",") if user][:MOST_PEOPLE]
    if users and not any(request.app[WORLD].people.get(user) for user in users):
        raise NoSuchPerson(users[0])
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    told: asyncio.Queue[Event] = asyncio.Queue(WAITING_AT_MOST)
    pumps = [asyncio.create_task(_pump(request, user, told)) for user in users]
    try:
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        while (event := await _next(told)) is None or event.get("kind") != "closing":
            await response.write(_line(event))
    except ConnectionResetError:
        pass
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
    return response


async def _pump(request: web.Request, user: str, told: asyncio.Queue[Event]) -> None:
    """Pass on what one person's watcher hears; what nobody fetches is dropped, never waited for."""
    feed = request.app[WORLD].feed
    queue = feed.watch(user)
    try:
        while True:
            event = await queue.get()
            if not told.full():
                told.put_nowait({**event, "user": user})
    finally:
        feed.leave(user, queue)


async def _next(told: asyncio.Queue[Event]) -> Event | None:
    """The next event, or None when it is time to show that the line is still there."""
    try:
        return await asyncio.wait_for(told.get(), STILL_THERE_S)
    except TimeoutError:
        return None


def _line(event: Event | None) -> bytes:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() if event else b": \n\n"


@web.middleware
async def tell_desks(request: web.Request, handler: Any) -> web.StreamResponse:
    """After a change of clock, faults or people every open page hears of it."""
    response: web.StreamResponse = await handler(request)
    kind = DESK.get(request.path)
    if kind is not None and request.method != "GET" and response.status < 400:
        request.app[WORLD].feed.say_all({"kind": kind})
    return response
