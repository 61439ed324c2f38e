"""Subscription notices (订阅通知), of both kinds of accounts: templates, and the send.

Long-term consents are for public services only, one-time ones hold for one notice. 43101: refused, cancelled
or used up. The call carries no id of ours, so a lost answer stays `OutcomeUnknown`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daxiang.integrations.wechat.client.answers import need, objects, text, whole
from daxiang.integrations.wechat.client.checks import Unfit, at_most_items, not_empty, within
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient
from daxiang.integrations.wechat.client.notice_values import fitted
from daxiang.integrations.wechat.client.templates import MiniProgram

SCENE = 15

_SEND = Endpoint(path="/cgi-bin/message/subscribe/bizsend", kind=Kind.ACT)
_CATEGORIES = Endpoint(path="/wxaapi/newtmpl/getcategory", kind=Kind.READ, method="GET")
_TITLES = Endpoint(path="/wxaapi/newtmpl/getpubtemplatetitles", kind=Kind.READ, method="GET")
_KEYWORDS = Endpoint(path="/wxaapi/newtmpl/getpubtemplatekeywords", kind=Kind.READ, method="GET")
_ADD = Endpoint(path="/wxaapi/newtmpl/addtemplate", kind=Kind.ACT)
_ALL = Endpoint(path="/wxaapi/newtmpl/gettemplate", kind=Kind.READ, method="GET")
_DELETE = Endpoint(path="/wxaapi/newtmpl/deltemplate", kind=Kind.ACT)

ONE_TIME, LONG_TERM = 2, 3


@dataclass(frozen=True, kw_only=True)
class Category:
    number: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Title:
    """A template of the public library."""

    number: int
    title: str
    consent: int
    """`ONE_TIME` or `LONG_TERM`."""
    category: int


@dataclass(frozen=True, kw_only=True)
class Keyword:
    number: int
    name: str
    example: str
    rule: str
    """The type of its value: `thing`, `time` …"""


@dataclass(frozen=True, kw_only=True)
class Template:
    template_id: str
    title: str
    content: str
    example: str
    consent: int


async def send(
    client: WeChatClient,
    *,
    openid: str,
    template_id: str,
    values: Mapping[str, str],
    page: str = "",
    mini_program: MiniProgram | None = None,
) -> None:
    """Send one notice. Values are checked and shortened by type before; see `notice_values`.

    Raises `Unfit`, `Refused` (43101, 47003 …), `Unavailable`, `OutcomeUnknown`.
    """
    not_empty(openid, "openid")
    not_empty(values, "通知内容")
    body: dict[str, Any] = {"touser": openid, "template_id": template_id}
    if page:
        body["page"] = page
    if mini_program is not None:
        body["miniprogram"] = {"appid": mini_program.app_id, "pagepath": mini_program.page_path}
    body["data"] = {name: {"value": value} for name, value in fitted(values).items()}
    await client.call(_SEND, body=body)


async def categories(client: WeChatClient) -> tuple[Category, ...]:
    """The account's lines of service."""
    answer = await client.call(_CATEGORIES)
    return tuple(Category(number=whole(one, "id"), name=text(one, "name")) for one in objects(answer, "data"))


async def titles(
    client: WeChatClient, *, categories: Sequence[int], start: int = 0, most: int = 30
) -> tuple[Title, ...]:
    """Templates of the public library for these categories."""
    within(most, 1, 30, "每页的条数")
    ids = ",".join(map(str, categories))
    answer = await client.call(_TITLES, params={"ids": ids, "start": str(start), "limit": str(most)})
    return tuple(
        Title(
            number=whole(one, "tid"),
            title=text(one, "title"),
            consent=whole(one, "type"),
            category=int(str(one.get("categoryId", 0))) if str(one.get("categoryId", 0)).isdecimal() else 0,
        )
        for one in objects(answer, "data")
    )


async def keywords(client: WeChatClient, *, title: int) -> tuple[Keyword, ...]:
    """The fields that a library template offers."""
    answer = await client.call(_KEYWORDS, params={"tid": str(title)})
    return tuple(
        Keyword(
            number=whole(one, "kid"),
            name=text(one, "name"),
            example=text(one, "example"),
            rule=text(one, "rule"),
        )
        for one in objects(answer, "data")
    )


async def add(client: WeChatClient, *, title: int, keywords: Sequence[int], scene: str) -> str:
    """Take a template with two to five of its fields, in this order; its id in this account."""
    within(len(keywords), 2, 5, "关键词的个数")
    not_empty(scene, "使用场景")
    at_most_items(scene, SCENE, "使用场景")
    if len(set(keywords)) != len(keywords):
        raise Unfit("同一个关键词只能选一次。")
    body = {"tid": str(title), "kidList": list(keywords), "sceneDesc": scene}
    return need(await client.call(_ADD, body=body), "priTmplId", str)


async def every(client: WeChatClient) -> tuple[Template, ...]:
    """The account's own templates."""
    answer = await client.call(_ALL)
    return tuple(
        Template(
            template_id=text(one, "priTmplId"),
            title=text(one, "title"),
            content=text(one, "content"),
            example=text(one, "example"),
            consent=whole(one, "type"),
        )
        for one in objects(answer, "data")
    )


async def delete(client: WeChatClient, *, template_id: str) -> None:
    """Give a template back."""
    await client.call(_DELETE, body={"priTmplId": template_id})
