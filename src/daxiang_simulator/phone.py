"""The phone at `/`: one page, its files, and the little it must know about this instance."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from aiohttp import web

from .asked import answer
from .keys import WORLD
from .people import describe

routes = web.RouteTableDef()
FOLDER = Path(__file__).parent / "static"
WORDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json"}
TYPES = WORDS | {".jpg": "image/jpeg", ".mp4": "video/mp4"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
FILES = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in {*TYPES, ".html"}}
"""Read once at the start: a few small files."""
MOST_PEOPLE = 40


@routes.get("/")
async def page(_request: web.Request) -> web.Response:
    return web.Response(body=FILES["phone.html"], content_type="text/html", charset="utf-8", headers=HEADERS)


@routes.get("/_sim/phone/config")
async def config(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    accounts = [
        {"name": account.name, "kind": account.kind, "display_name": account.display_name}
        for account in world.accounts.values()
    ]
    return answer({"accounts": accounts, "web_url": world.options.web_url})


@routes.get("/_sim/phone/people")
async def people(request: web.Request) -> web.Response:
    """The people who came last, newest first: a load test may have made many thousands."""
    world = request.app[WORLD]
    newest = islice(reversed(world.people.everyone()), MOST_PEOPLE)
    return answer({"people": [describe(person, world.accounts) for person in newest]})


@routes.get("/_sim/phone/codes")
async def codes(request: web.Request) -> web.Response:
    """The QR codes that the accounts have made and that are still good, newest first."""
    world = request.app[WORLD]
    now = world.clock.now()
    good = [
        {
            "account": account.name,
            "display_name": account.display_name,
            "scene": str(held["scene"]),
            "ticket": held["ticket"],
            "url": held["url"],
        }
        for account in world.accounts.values()
        for held in world.shelves["qr"].of(account.name).values()
        if held["until"] > now
    ]
    return answer({"codes": good[: -MOST_PEOPLE - 1 : -1]})


@routes.get("/_sim/phone/{name}")
async def static(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    kind = TYPES.get(Path(name).suffix)
    if kind is None or name not in FILES:
        raise web.HTTPNotFound
    charset = "utf-8" if kind in WORDS.values() else None
    return web.Response(body=FILES[name], content_type=kind, charset=charset, headers=HEADERS)
