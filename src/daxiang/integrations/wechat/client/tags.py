"""Tags on followers: at most 100 of an account and 20 on a person; and the blacklist."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from daxiang.integrations.outcomes import OutcomeUnknown
from daxiang.integrations.wechat.client.answers import objects, text, texts, whole, whole_numbers
from daxiang.integrations.wechat.client.checks import at_most_bytes, not_empty
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient

NAME_BYTES = 30
TAGGED_AT_ONCE, BLOCKED_AT_ONCE = 50, 20

_CREATE = Endpoint(path="/cgi-bin/tags/create", kind=Kind.ACT)
_ALL = Endpoint(path="/cgi-bin/tags/get", kind=Kind.READ, method="GET")
_UPDATE = Endpoint(path="/cgi-bin/tags/update", kind=Kind.REPEATABLE)
_DELETE = Endpoint(path="/cgi-bin/tags/delete", kind=Kind.ACT)
_MEMBERS = Endpoint(path="/cgi-bin/user/tag/get", kind=Kind.READ)
_TAG = Endpoint(path="/cgi-bin/tags/members/batchtagging", kind=Kind.REPEATABLE)
_UNTAG = Endpoint(path="/cgi-bin/tags/members/batchuntagging", kind=Kind.REPEATABLE)
_OF = Endpoint(path="/cgi-bin/tags/getidlist", kind=Kind.READ)
_BLOCKED = Endpoint(path="/cgi-bin/tags/members/getblacklist", kind=Kind.READ)
_BLOCK = Endpoint(path="/cgi-bin/tags/members/batchblacklist", kind=Kind.REPEATABLE)
_UNBLOCK = Endpoint(path="/cgi-bin/tags/members/batchunblacklist", kind=Kind.REPEATABLE)


@dataclass(frozen=True, kw_only=True)
class Tag:
    number: int
    name: str
    members: int = 0


async def create(client: WeChatClient, *, name: str) -> Tag:
    """A new tag. 45157: the name is taken; 45056: there are 100."""
    _check_name(name)
    answer = await client.call(_CREATE, body={"tag": {"name": name}})
    made = answer.get("tag")
    if not isinstance(made, dict) or not whole(made, "id"):
        raise OutcomeUnknown("unreadable", "a success without tag")
    return Tag(number=whole(made, "id"), name=text(made, "name") or name)


async def every(client: WeChatClient) -> tuple[Tag, ...]:
    """All tags of the account."""
    answer = await client.call(_ALL)
    return tuple(
        Tag(number=whole(one, "id"), name=text(one, "name"), members=whole(one, "count"))
        for one in objects(answer, "tags")
    )


async def rename(client: WeChatClient, *, number: int, name: str) -> None:
    """Another name for a tag."""
    _check_name(name)
    await client.call(_UPDATE, body={"tag": {"id": number, "name": name}})


async def delete(client: WeChatClient, *, number: int) -> None:
    """Remove a tag. 45057: over 100,000 wear it."""
    await client.call(_DELETE, body={"tag": {"id": number}})


async def members(client: WeChatClient, *, number: int) -> AsyncIterator[str]:
    """All who wear the tag, page by page."""
    after = ""
    while True:
        answer = await client.call(_MEMBERS, body={"tagid": number, "next_openid": after})
        held = answer.get("data")
        found = texts(held, "openid") if isinstance(held, dict) else ()
        for openid in found:
            yield openid
        if not found or text(answer, "next_openid") in {"", after}:
            return
        after = text(answer, "next_openid")


async def put_on(client: WeChatClient, *, number: int, openids: Sequence[str]) -> None:
    """Put the tag on persons, 50 a call. After a failure the whole may be repeated: a tag is on or off."""
    for chunk in _chunks(openids, TAGGED_AT_ONCE):
        await client.call(_TAG, body={"openid_list": chunk, "tagid": number})


async def take_off(client: WeChatClient, *, number: int, openids: Sequence[str]) -> None:
    """Take the tag off persons; as `put_on`."""
    for chunk in _chunks(openids, TAGGED_AT_ONCE):
        await client.call(_UNTAG, body={"openid_list": chunk, "tagid": number})


async def of(client: WeChatClient, *, openid: str) -> tuple[int, ...]:
    """The numbers of the tags that a person wears."""
    return whole_numbers(await client.call(_OF, body={"openid": openid}), "tagid_list")


async def blocked(client: WeChatClient) -> AsyncIterator[str]:
    """All on the blacklist, page by page."""
    after = ""
    while True:
        answer = await client.call(_BLOCKED, body={"begin_openid": after})
        held = answer.get("data")
        found = texts(held, "openid") if isinstance(held, dict) else ()
        for openid in found:
            yield openid
        if not found or text(answer, "next_openid") in {"", after}:
            return
        after = text(answer, "next_openid")


async def block(client: WeChatClient, *, openids: Sequence[str]) -> None:
    """Put persons on the blacklist, 20 a call."""
    for chunk in _chunks(openids, BLOCKED_AT_ONCE):
        await client.call(_BLOCK, body={"openid_list": chunk})


async def unblock(client: WeChatClient, *, openids: Sequence[str]) -> None:
    """Take persons off the blacklist, 20 a call."""
    for chunk in _chunks(openids, BLOCKED_AT_ONCE):
        await client.call(_UNBLOCK, body={"openid_list": chunk})


def _check_name(name: str) -> None:
    not_empty(name, "标签名")
    at_most_bytes(name, NAME_BYTES, "标签名")


def _chunks(openids: Sequence[str], most: int) -> Iterator[list[str]]:
    not_empty(openids, "openid 列表")
    for start in range(0, len(openids), most):
        yield list(openids[start : start + most])
