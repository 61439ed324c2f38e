"""Who follows the account. Nicknames and pictures have not been given since 2021, so none are read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from daxiang.integrations.wechat.client.answers import (
    Fields,
    need_read,
    objects,
    text,
    texts,
    whole,
    whole_numbers,
)
from daxiang.integrations.wechat.client.checks import at_most_items, not_empty
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient

MOST_AT_ONCE = 100
REMARK = 30

_FOLLOWERS = Endpoint(path="/cgi-bin/user/get", kind=Kind.READ, method="GET")
_ONE = Endpoint(path="/cgi-bin/user/info", kind=Kind.READ, method="GET")
_MANY = Endpoint(path="/cgi-bin/user/info/batchget", kind=Kind.READ)
_REMARK = Endpoint(path="/cgi-bin/user/info/updateremark", kind=Kind.REPEATABLE)
_MOVED = Endpoint(path="/cgi-bin/changeopenid", kind=Kind.READ)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Up to 10,000 openids."""

    total: int
    openids: tuple[str, ...]
    next_openid: str
    """To ask with for the next page; empty at the end."""


@dataclass(frozen=True, kw_only=True)
class Follower:
    """What the platform says of one person; without following it says no more than that."""

    openid: str
    is_following: bool
    followed_at: int = 0
    """Unix seconds of the last follow."""
    union_id: str = ""
    remark: str = ""
    tag_ids: tuple[int, ...] = ()
    scene: str = ""
    """How they came: ADD_SCENE_SEARCH, ADD_SCENE_QR_CODE, …"""
    qr_scene: int = 0
    qr_scene_text: str = ""


async def page(client: WeChatClient, *, after: str = "") -> Page:
    """One page of followers, after that openid."""
    answer = await client.call(_FOLLOWERS, params={"next_openid": after} if after else {})
    held = answer.get("data")
    openids = texts(held, "openid") if isinstance(held, dict) else ()
    # The last page names its own last openid; a page with nothing in it is the end.
    next_openid = text(answer, "next_openid") if openids else ""
    return Page(total=need_read(answer, "total", int), openids=openids, next_openid=next_openid)


async def followers(client: WeChatClient) -> AsyncIterator[str]:
    """All followers, page by page."""
    after = ""
    while True:
        found = await page(client, after=after)
        for openid in found.openids:
            yield openid
        if not found.next_openid or found.next_openid == after:
            return
        after = found.next_openid


async def one(client: WeChatClient, *, openid: str) -> Follower:
    """One person."""
    not_empty(openid, "openid")
    return _follower(await client.call(_ONE, params={"openid": openid, "lang": "zh_CN"}))


async def many(client: WeChatClient, *, openids: Sequence[str]) -> tuple[Follower, ...]:
    """Up to 100 persons."""
    not_empty(openids, "openid 列表")
    at_most_items(openids, MOST_AT_ONCE, "openid 列表")
    body = {"user_list": [{"openid": openid, "lang": "zh_CN"} for openid in openids]}
    answer = await client.call(_MANY, body=body)
    return tuple(_follower(found) for found in objects(answer, "user_info_list"))


async def set_remark(client: WeChatClient, *, openid: str, remark: str) -> None:
    """Name a person for the account's own staff."""
    at_most_items(remark, REMARK, "备注")
    await client.call(_REMARK, body={"openid": openid, "remark": remark})


async def moved(client: WeChatClient, *, former_app_id: str, openids: Sequence[str]) -> dict[str, str]:
    """Old openid → new openid, after an account was moved; who no longer follows is left out."""
    at_most_items(openids, MOST_AT_ONCE, "openid 列表")
    answer = await client.call(_MOVED, body={"from_appid": former_app_id, "openid_list": list(openids)})
    found = objects(answer, "result_list")
    return {text(row, "ori_openid"): text(row, "new_openid") for row in found if text(row, "new_openid")}


def _follower(fields: Fields) -> Follower:
    openid = need_read(fields, "openid", str)
    if whole(fields, "subscribe") != 1:
        return Follower(openid=openid, is_following=False)
    return Follower(
        openid=openid,
        is_following=True,
        followed_at=whole(fields, "subscribe_time"),
        union_id=text(fields, "unionid"),
        remark=text(fields, "remark"),
        tag_ids=whole_numbers(fields, "tagid_list"),
        scene=text(fields, "subscribe_scene"),
        qr_scene=whole(fields, "qr_scene"),
        qr_scene_text=text(fields, "qr_scene_str"),
    )
