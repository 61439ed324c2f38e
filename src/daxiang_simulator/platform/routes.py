"""All calls of the platform as routes of the application."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from daxiang_simulator.keys import WORLD
from daxiang_simulator.world import World

from . import (
    agent_records,
    agents,
    articles,
    basics,
    custom,
    diagnosis,
    drafts,
    mass,
    mass_sending,
    material,
    menus,
    notice_templates,
    notices,
    oauth,
    publishing,
    qr,
    tags,
    templates,
    tokens,
    uploads,
    users,
)
from .frame import SPECS, Call, Spec, call, serve
from .refusals import Refused

NOUNS = (
    agent_records,
    agents,
    basics,
    custom,
    diagnosis,
    drafts,
    mass,
    material,
    menus,
    notice_templates,
    notices,
    oauth,
    publishing,
    qr,
    tags,
    templates,
    tokens,
    uploads,
    users,
)
"""Importing a noun registers its calls."""


@call("*", "/cgi-bin/{tail:.*}", is_open=True)
def unknown(_made: Call) -> dict[str, object]:
    raise Refused(40066)


ARTICLE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data: http: https:; style-src 'self'; "
    "script-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
WORKS = {
    "template": templates.finish,
    "notice": notices.finish,
    "mass": mass_sending.finish,
    "mass_silence": mass_sending.silence,
    "publish": publishing.finish,
    "session": agents.finish,
}
"""What is done later, by kind of job."""


def begin(world: World) -> None:
    """Take up what was to be done later."""
    world.later.works = {kind: partial(work, world) for kind, work in WORKS.items()}
    world.later.start()


def add_routes(app: web.Application) -> None:
    """Every call, by any method: the platform answers a wrong one with a code of its own."""
    for path, spec in SPECS.items():
        if spec.handler is not unknown:
            app.router.add_route("*", path, partial(_served, spec))
    app.router.add_get("/s/{media_id}/{number:\\d+}", _article)
    app.router.add_route("*", "/cgi-bin/{tail:.*}", partial(_served, SPECS["/cgi-bin/{tail:.*}"]))


async def _article(request: web.Request) -> web.Response:
    """The public page of an article that was sent or published; of a draft, before that, too."""
    world, media_id = request.app[WORLD], request.match_info["media_id"]
    number = int(request.match_info["number"][:3])
    for account in world.accounts:
        for noun in ("article", "draft"):
            held = world.shelves[noun].of(account).get(media_id)
            if held is None or not 1 <= number <= len(held["articles"]):
                continue
            if held.get("is_deleted"):
                return web.Response(status=410, text="该内容已被发布者删除", content_type="text/plain")
            whose = world.accounts[account].display_name
            page = articles.page(held["articles"][number - 1], whose, held.get("at"))
            return web.Response(text=page, content_type="text/html", headers=ARTICLE_HEADERS)
    raise web.HTTPNotFound


async def _served(spec: Spec, request: web.Request) -> web.StreamResponse:
    return await serve(request, spec)
