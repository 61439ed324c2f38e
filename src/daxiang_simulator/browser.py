"""The browser inside the chat: the website through a proxy with a cookie jar for each person.

Two phones in one window never share a session, and one port is enough behind a tunnel. A redirect to the
platform's sign-in page is taken up here, for the person whose phone it is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from html import escape
from urllib.parse import quote

import aiohttp
from aiohttp import web
from yarl import URL

from .asked import person_of
from .browsers import Browsers, NotOnThisMachine, asked_headers, led, shown
from .keys import BROWSERS, MOST_BYTES, WORLD
from .platform.oauth import authorize
from .texts import BadRequest

routes = web.RouteTableDef()
LARGEST = 12 * 1024 * 1024


async def hold_browsers(app: web.Application) -> AsyncIterator[None]:
    """The browsers open with the application and close with it."""
    app[BROWSERS] = Browsers(app[WORLD].options.web_url)
    yield
    await app[BROWSERS].close()


@routes.route("*", "/_sim/users/{user}/web/{tail:.*}")
async def visit(request: web.Request) -> web.StreamResponse:
    """The website as this person's browser shows it."""
    person, browsers = person_of(request), request.app[BROWSERS]
    if browsers.web is None:
        raise BadRequest("启动时没有给网站地址（--web-url），网页打不开。")
    prefix = f"/_sim/users/{quote(person.user)}/web"
    # Put together as text: a path that begins with // would name another host when it is joined.
    path = request.rel_url.raw_path_qs.removeprefix(prefix) or "/"
    target = URL(f"{browsers.web.origin()}{path}", encoded=True)
    request[MOST_BYTES] = LARGEST
    body = await request.clone(client_max_size=LARGEST).read()
    try:
        async with browsers.of(person).request(
            request.method,
            target,
            headers=asked_headers(request, browsers.web, prefix),
            data=body or None,
            allow_redirects=False,
        ) as answer:
            content = await answer.read()
            return shown(answer, content, browsers.web, prefix)
    except NotOnThisMachine as elsewhere:
        return _elsewhere(elsewhere)
    except (aiohttp.ClientError, TimeoutError):
        return _page("网页没有打开", "网站没有答复，看看它是不是在运行。", status=502, href="")


@routes.get("/_sim/users/{user}/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """The platform's sign-in page in this person's browser: back to the website with a code, or a question.

    The phone around it sees by this address that the person must be asked, and goes on by `authorize`.
    """
    world, person = request.app[WORLD], person_of(request)
    try:
        opened = authorize(world, person, request.query.get("url", ""), allow=None)
    except BadRequest as refused:
        return _page("打不开这个登录页", str(refused), status=400, href="")
    await world.store.write()
    if opened["location"] is None:
        account = world.account(opened["ask"]["account"])
        return _page("等您同意", f"{account.display_name}想知道您的昵称和头像。", status=200, href="")
    try:
        prefix = f"/_sim/users/{quote(person.user)}/web"
        inside = led(opened["location"], request.app[BROWSERS].web, prefix)
    except NotOnThisMachine as elsewhere:
        return _elsewhere(elsewhere)
    return web.Response(status=302, headers={"Location": inside})


@routes.post("/_sim/users/{user}/web")
async def forget(request: web.Request) -> web.Response:
    """Drop the person's cookies, as clearing the browser does."""
    request.app[BROWSERS].forget(person_of(request))
    return web.json_response({"forgotten": True})


def _elsewhere(error: NotOnThisMachine) -> web.Response:
    return _page("这个网页不在这台机器上", str(error), status=200, href=str(error))


def _page(title: str, words: str, *, status: int, href: str) -> web.Response:
    """A page of our own inside the chat, without script or style of its own."""
    style = "<link rel=stylesheet href=/_sim/phone/tokens.css><link rel=stylesheet href=/_sim/phone/page.css>"
    link = f'<p><a href="{escape(href)}" target="_blank" rel="noopener">在新窗口打开</a></p>' if href else ""
    body = f"<main><h1>{escape(title)}</h1><p>{escape(words)}</p>{link}</main>"
    head = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(title)}</title>{style}'
    policy = {"Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'"}
    return web.Response(status=status, text=head + body, content_type="text/html", headers=policy)
