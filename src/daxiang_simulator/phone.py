"""The phone at `/`: one page, its files, and the little it must know about this instance."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from .asked import answer
from .keys import WORLD

routes = web.RouteTableDef()
FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
FILES = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in {*TYPES, ".html"}}
"""Read once at the start: a few small files."""


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


@routes.get("/_sim/phone/{name}")
async def static(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    kind = TYPES.get(Path(name).suffix)
    if kind is None or name not in FILES:
        raise web.HTTPNotFound
    return web.Response(body=FILES[name], content_type=kind, charset="utf-8", headers=HEADERS)
