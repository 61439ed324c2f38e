"""The HTTP application: routes, errors as sentences, and the headers of the page."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from . import api, browser, console, guard, phone, phone_api, phone_feed, phone_notices, phone_people
from .clock import NoClockFile
from .conversations import NotFollowing
from .keys import MOST_BYTES, OPTIONS, WORLD
from .people import NoSuchPerson
from .platform.routes import add_routes, begin
from .texts import BadRequest
from .world import NoSuchAccount, Options, World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LARGEST = 64 * 1024
logger = logging.getLogger(__name__)

_SENTENCES: dict[type[Exception], tuple[int, str]] = {
    BadRequest: (400, "{}"),
    NoSuchPerson: (404, "模拟器不认识这个人，可能重置过；请重新建一个。"),
    NoSuchAccount: (404, "没有叫 {} 的账号。"),
    NotFollowing: (409, "还没有关注{}，发不了消息；请先关注。"),
    NoClockFile: (409, "启动时没有给时钟文件（--clock 或 DAXIANG_CLOCK），时间拨不动。"),
}
"""Failures that have a sentence of their own, and their status."""


def make_app(options: Options) -> web.Application:
    """The application; its world opens with it and closes with it."""
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=LARGEST)
    app[OPTIONS] = options
    app.cleanup_ctx.append(_world)
    app.cleanup_ctx.append(browser.hold_browsers)
    app.add_routes(api.routes)
    app.add_routes(console.routes)
    app.add_routes(phone_api.routes)
    app.add_routes(phone_feed.routes)
    app.add_routes(phone_notices.routes)
    app.add_routes(phone_people.routes)
    phone_people.hold_naming(app)
    app.add_routes(browser.routes)
    add_routes(app)
    app.on_shutdown.append(_let_go)
    app.add_routes(phone.routes)
    return app


async def _let_go(app: web.Application) -> None:
    app[WORLD].feed.close()


async def _world(app: web.Application) -> AsyncIterator[None]:
    world = await World.open(app[OPTIONS])
    app[WORLD] = world
    begin(world)
    yield
    await world.close()


@web.middleware
async def _errors_as_sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except tuple(_SENTENCES) as error:
        status, sentence = _SENTENCES[type(error)]
        return _sentence(status, sentence.format(error))
    except web.HTTPNotFound:
        return _sentence(404, "这里没有东西。手机在 /。")
    except web.HTTPMethodNotAllowed as error:
        return _sentence(405, f"这个地址只接受 {'、'.join(sorted(error.allowed_methods))}。")
    except web.HTTPRequestEntityTooLarge:
        return _sentence(413, f"太长了，最多 {_size(request.get(MOST_BYTES, LARGEST))}。")
    except web.HTTPException:
        raise
    except Exception:  # outermost frame of a request
        logger.exception("%s %s", request.method, request.path)
        return _sentence(500, "模拟器自己出了错，日志里有经过。")


def _size(most: int) -> str:
    """A limit in bytes, in words."""
    return f"{most // 1024} KiB" if most < 1024 * 1024 else f"{most // (1024 * 1024)} MiB"


MIDDLEWARES = (guard.guard, phone_feed.tell_desks, _errors_as_sentences)


def _sentence(status: int, text: str) -> web.Response:
    return web.Response(
        status=status,
        text=json.dumps({"error": text}, ensure_ascii=False),
        content_type="application/json",
    )
