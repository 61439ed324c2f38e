"""All calls of the platform as routes of the application."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from . import basics, custom, material, menus, qr, tags, tokens, uploads, users
from .frame import SPECS, Call, Spec, call, serve
from .refusals import Refused

NOUNS = (basics, custom, material, menus, qr, tags, tokens, uploads, users)
"""Importing a noun registers its calls."""


@call("*", "/cgi-bin/{tail:.*}", is_open=True)
def unknown(_made: Call) -> dict[str, object]:
    raise Refused(40066)


def add_routes(app: web.Application) -> None:
    """Every call, by any method: the platform answers a wrong one with a code of its own."""
    for path, spec in SPECS.items():
        if spec.handler is not unknown:
            app.router.add_route("*", path, partial(_served, spec))
    app.router.add_route("*", "/cgi-bin/{tail:.*}", partial(_served, SPECS["/cgi-bin/{tail:.*}"]))


async def _served(spec: Spec, request: web.Request) -> web.StreamResponse:
    return await serve(request, spec)
