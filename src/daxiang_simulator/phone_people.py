"""New people for the phones, with names that are invented and that nobody else in this world has."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from itertools import count

from aiohttp import web

from .asked import answer, object_body
from .keys import NAMING, WORLD
from .people import describe
from .texts import fit_text

routes = web.RouteTableDef()
FIRST = ("李强", "王芳", "张伟", "刘洋", "陈静", "杨帆", "赵敏", "周涛", "吴霞", "徐磊", "孙丽", "胡军")
SURNAMES = "朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
GIVEN = ("晓雨", "建国", "思远", "雅婷", "志明", "佳怡", "文博", "秀兰", "子涵", "永福", "小满", "立新")
LONGEST = 20


@routes.post("/_sim/phone/people")
async def create(request: web.Request) -> web.Response:
    """A new person: {"wish"?: a name to have unless somebody has it already}."""
    world, body = request.app[WORLD], await object_body(request)
    wish = fit_text(body["wish"], "wish", longest=LONGEST) if body.get("wish") else None
    async with request.app[NAMING]:
        taken = {one.nickname for one in world.people.everyone()}
        person = await world.people.create(nickname=_free(taken, wish), at=world.clock.now())
    return answer(describe(person, world.accounts))


@routes.get("/_sim/phone/name")
async def name(request: web.Request) -> web.Response:
    """A name that nobody has."""
    return answer({"name": _free({one.nickname for one in request.app[WORLD].people.everyone()}, None)})


def _free(taken: Collection[str], wish: str | None) -> str:
    if wish is not None and wish not in taken:
        return wish
    return next(one for one in _names() if one not in taken)


def _names() -> Iterator[str]:
    """Names of nobody, without end: common ones first, then every pair, then with a number."""
    pairs = [surname + given for given in GIVEN for surname in SURNAMES]
    yield from (*FIRST, *pairs)
    for number in count(2):
        yield from (f"{one}{number}" for one in (*FIRST, *pairs))


def hold_naming(app: web.Application) -> None:
    """One name at a time, or two who come together would be called the same."""
    app[NAMING] = asyncio.Lock()
