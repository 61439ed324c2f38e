"""Template messages: a verified service account's notices of service. Marketing by them is punished.

`client_msg_id` lets the platform recognise a repeat for ten minutes; the send is repeated only with one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daxiang.integrations.wechat.client.answers import need, objects, text
from daxiang.integrations.wechat.client.checks import Unfit, not_empty
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient

_SEND = Endpoint(path="/cgi-bin/message/template/send", kind=Kind.ACT)
_ALL = Endpoint(path="/cgi-bin/template/get_all_private_template", kind=Kind.READ, method="GET")
_ADD = Endpoint(path="/cgi-bin/template/api_add_template", kind=Kind.ACT)
_DELETE = Endpoint(path="/cgi-bin/template/del_private_template", kind=Kind.ACT)
_INDUSTRY = Endpoint(path="/cgi-bin/template/get_industry", kind=Kind.READ, method="GET")


@dataclass(frozen=True, kw_only=True)
class MiniProgram:
    app_id: str
    page_path: str = ""


@dataclass(frozen=True, kw_only=True)
class Template:
    template_id: str
    title: str
    content: str
    """With `{{keyword1.DATA}}` where values go."""
    example: str
    primary_industry: str
    deputy_industry: str


async def send(
    client: WeChatClient,
    *,
    openid: str,
    template_id: str,
    values: Mapping[str, str],
    url: str = "",
    mini_program: MiniProgram | None = None,
    client_msg_id: str | None = None,
) -> int:
    """Send one notice; the platform's msgid. Accepted is not delivered: TEMPLATESENDJOBFINISH tells that.

    After `OutcomeUnknown` it may be sent again only with the same `client_msg_id` inside ten minutes.
    """
    not_empty(openid, "openid")
    if any(not value for value in values.values()):
        raise Unfit("模板消息的值不能为空。")
    body: dict[str, Any] = {"touser": openid, "template_id": template_id}
    if url:
        body["url"] = url
    if mini_program is not None:
        body["miniprogram"] = {"appid": mini_program.app_id, "pagepath": mini_program.page_path}
    if client_msg_id is not None:
        body["client_msg_id"] = client_msg_id
    body["data"] = {name: {"value": value} for name, value in values.items()}
    kind = Kind.REPEATABLE if client_msg_id is not None else Kind.ACT
    return need(await client.call(_SEND, body=body, kind=kind), "msgid", int)


async def every(client: WeChatClient) -> tuple[Template, ...]:
    """The account's own templates."""
    answer = await client.call(_ALL)
    return tuple(
        Template(
            template_id=text(one, "template_id"),
            title=text(one, "title"),
            content=text(one, "content"),
            example=text(one, "example"),
            primary_industry=text(one, "primary_industry"),
            deputy_industry=text(one, "deputy_industry"),
        )
        for one in objects(answer, "template_list")
    )


async def add(client: WeChatClient, *, library_id: str, keywords: tuple[str, ...] = ()) -> str:
    """Take a template from the library; its id in this account. At most 25 are in use."""
    body: dict[str, Any] = {"template_id_short": library_id}
    if keywords:
        body["keyword_name_list"] = list(keywords)
    return need(await client.call(_ADD, body=body), "template_id", str)


async def delete(client: WeChatClient, *, template_id: str) -> None:
    """Give a template back."""
    await client.call(_DELETE, body={"template_id": template_id})


async def industries(client: WeChatClient) -> tuple[str, str]:
    """The account's primary and secondary line of work, as "first class/second class"."""
    answer = await client.call(_INDUSTRY)

    def named(name: str) -> str:
        held = answer.get(name)
        fields = held if isinstance(held, dict) else {}
        return "/".join(part for part in (text(fields, "first_class"), text(fields, "second_class")) if part)

    return named("primary_industry"), named("secondary_industry")
