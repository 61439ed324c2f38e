"""Mass sending: to all, to one tag, or to a list of persons.

A subscription account may do it once a day and never to a list. Accepted is not delivered: the event
MASSSENDJOBFINISH (or `state`) tells what became of it. Every send carries our own `client_msg_id`, so whoever
asks again with the same one is told of the first (45065, a success); before a minute is over the platform
refuses to answer (45066, `Unavailable` for 61 s). That is how to ask after `OutcomeUnknown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from daxiang.integrations.wechat.client.answers import need, need_read, text, whole
from daxiang.integrations.wechat.client.checks import Unfit, at_most_bytes, not_empty, within
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient

CLIENT_ID_BYTES = 64
LEAST_LISTED, MOST_LISTED = 2, 10_000
MOST_IMAGES = 20
_ALREADY_SENT = 45065

SEND_ALL = "/cgi-bin/message/mass/sendall"
_SEND_ALL = Endpoint(path=SEND_ALL, kind=Kind.ACT)
_SEND_LISTED = Endpoint(path="/cgi-bin/message/mass/send", kind=Kind.ACT)
_PREVIEW = Endpoint(path="/cgi-bin/message/mass/preview", kind=Kind.ACT)
_GET = Endpoint(path="/cgi-bin/message/mass/get", kind=Kind.READ)
_DELETE = Endpoint(path="/cgi-bin/message/mass/delete", kind=Kind.ACT)
_SPEED = Endpoint(path="/cgi-bin/message/mass/speed/get", kind=Kind.READ)
_SET_SPEED = Endpoint(path="/cgi-bin/message/mass/speed/set", kind=Kind.REPEATABLE)


@dataclass(frozen=True, kw_only=True)
class Articles:
    """A draft."""

    media_id: str
    ignore_reprint: bool = False
    """Send it though the platform takes it for a reprint."""


@dataclass(frozen=True, kw_only=True)
class Text:
    content: str


@dataclass(frozen=True, kw_only=True)
class Voice:
    media_id: str


@dataclass(frozen=True, kw_only=True)
class Images:
    media_ids: tuple[str, ...]
    recommend: str = ""


@dataclass(frozen=True, kw_only=True)
class Video:
    media_id: str


@dataclass(frozen=True, kw_only=True)
class Card:
    card_id: str


Content = Articles | Text | Voice | Images | Video | Card


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The platform took it on, now or earlier."""

    msg_id: int
    msg_data_id: int
    was_accepted_before: bool


async def send_to_tag(client: WeChatClient, *, tag: int, content: Content, client_msg_id: str) -> Accepted:
    """Send to all who wear the tag; does not enter the account's public history."""
    chosen = {"filter": {"is_to_all": False, "tag_id": tag}}
    return await _sent(client, _SEND_ALL, chosen, content, client_msg_id)


async def send_to_all(client: WeChatClient, *, content: Content, client_msg_id: str) -> Accepted:
    """Send to every follower; enters the public history, and may wait for an administrator's tap."""
    return await _sent(client, _SEND_ALL, {"filter": {"is_to_all": True}}, content, client_msg_id)


async def send_to(
    client: WeChatClient, *, openids: Sequence[str], content: Content, client_msg_id: str
) -> Accepted:
    """Send to 2 to 10,000 persons; service accounts only."""
    if client.account.kind != "service":
        raise Unfit("订阅号不能按 openid 列表群发，请按标签群发。")
    within(len(openids), LEAST_LISTED, MOST_LISTED, "群发的人数")
    return await _sent(client, _SEND_LISTED, {"touser": list(openids)}, content, client_msg_id)


async def preview(client: WeChatClient, *, content: Content, openid: str = "", wechat: str = "") -> None:
    """Show it to one follower, by openid or by WeChat id (100 a day)."""
    if bool(openid) == bool(wechat):
        raise Unfit("预览要给 openid 或微信号，二者选一。")
    person = {"touser": openid} if openid else {"towxname": wechat}
    await client.call(_PREVIEW, body={**person, **_content(content)})


async def state(client: WeChatClient, *, msg_id: int) -> str:
    """SEND_SUCCESS, SENDING, SEND_FAIL or DELETE, as the platform says it."""
    return need_read(await client.call(_GET, body={"msg_id": str(msg_id)}), "msg_status", str)


async def delete(client: WeChatClient, *, msg_id: int, article: int = 0) -> None:
    """Take a sent article back (`article` from 1; 0: all). Breaks every link that used the same media."""
    chosen = {"article_idx": article} if article else {}
    await client.call(_DELETE, body={"msg_id": msg_id, **chosen})


async def speed(client: WeChatClient) -> int:
    """0 (800,000 a minute) to 4 (100,000 a minute)."""
    return need_read(await client.call(_SPEED, body={}), "speed", int)


async def set_speed(client: WeChatClient, *, speed: int) -> None:
    """Set it, 0 to 4."""
    within(speed, 0, 4, "群发速度")
    await client.call(_SET_SPEED, body={"speed": speed})


async def _sent(
    client: WeChatClient, endpoint: Endpoint, chosen: dict[str, Any], content: Content, client_msg_id: str
) -> Accepted:
    not_empty(client_msg_id, "clientmsgid")
    at_most_bytes(client_msg_id, CLIENT_ID_BYTES, "clientmsgid")
    body = {**chosen, **_content(content), "clientmsgid": client_msg_id}
    if isinstance(content, Articles):
        body["send_ignore_reprint"] = int(content.ignore_reprint)
    answer = await client.call(endpoint, body=body)
    return Accepted(
        msg_id=need(answer, "msg_id", int),
        msg_data_id=whole(answer, "msg_data_id"),
        was_accepted_before=answer.get("errcode") == _ALREADY_SENT or text(answer, "errcode") == "45065",
    )


def _content(content: Content) -> dict[str, Any]:
    match content:
        case Articles(media_id=media_id):
            not_empty(media_id, "草稿的 media_id")
            return {"msgtype": "mpnews", "mpnews": {"media_id": media_id}}
        case Text(content=words):
            not_empty(words, "文本")
            return {"msgtype": "text", "text": {"content": words}}
        case Voice(media_id=media_id):
            return {"msgtype": "voice", "voice": {"media_id": media_id}}
        case Images():
            within(len(content.media_ids), 1, MOST_IMAGES, "图片的张数")
            images = {"media_ids": list(content.media_ids), "recommend": content.recommend}
            return {"msgtype": "image", "images": images}
        case Video(media_id=media_id):
            return {"msgtype": "mpvideo", "mpvideo": {"media_id": media_id}}
        case Card(card_id=card_id):
            return {"msgtype": "wxcard", "wxcard": {"card_id": card_id}}
