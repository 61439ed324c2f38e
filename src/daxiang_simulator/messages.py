"""What a person can send, and how the platform passes it on.

Source: developers.weixin.qq.com, "接收普通消息" and "接收事件推送". A kind of message is a row of KINDS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import bodies
from .bodies import Bare, Tree
from .platform.cleaning import is_link
from .texts import BadRequest, fit_text


@dataclass(frozen=True, kw_only=True)
class Field:
    """One element of a message: its name in the callback, its name in this API."""

    element: str
    name: str
    longest: int = 2048
    is_required: bool = True
    read: Callable[[object, str], Any] | None = None


def _decimal(value: object, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -180 <= value <= 180:
        raise BadRequest(f"{name} 要是一个数，经度或纬度。")
    return Bare(f"{value:.6f}")


def _web_address(value: object, name: str) -> str:
    address = fit_text(value, name, longest=2048)
    if not is_link(address):
        raise BadRequest(f"{name} 要是 http 或 https 地址。")
    return address


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise BadRequest(f"{name} 要是一个整数。")
    return value


_OPTIONAL_MENU = Field(element="bizmsgmenuid", name="menu_id", longest=128, is_required=False)
_MEDIA = Field(element="MediaId", name="media_id", longest=128)
KINDS: dict[str, tuple[Field, ...]] = {
    "text": (Field(element="Content", name="content", longest=8000), _OPTIONAL_MENU),
    "image": (Field(element="PicUrl", name="url"), _MEDIA),
    "voice": (
        _MEDIA,
        Field(element="Format", name="format", longest=16),
        Field(element="Recognition", name="recognition", is_required=False),
    ),
    "video": (_MEDIA, Field(element="ThumbMediaId", name="thumb_media_id", longest=128)),
    "shortvideo": (_MEDIA, Field(element="ThumbMediaId", name="thumb_media_id", longest=128)),
    "location": (
        Field(element="Location_X", name="latitude", read=_decimal),
        Field(element="Location_Y", name="longitude", read=_decimal),
        Field(element="Scale", name="scale", read=_whole),
        Field(element="Label", name="label"),
    ),
    "link": (
        Field(element="Title", name="title"),
        Field(element="Description", name="description"),
        Field(element="Url", name="url", read=_web_address),
    ),
    "miniprogrampage": (
        Field(element="Title", name="title"),
        Field(element="AppId", name="appid", longest=64),
        Field(element="PagePath", name="pagepath"),
        Field(element="ThumbUrl", name="thumb_url"),
        Field(element="ThumbMediaId", name="thumb_media_id", longest=128),
    ),
}
"""Messages by type. A picture, voice or video is uploaded first, or a small example is taken."""
DEFAULTS: dict[str, dict[str, Any]] = {
    "voice": {"format": "amr"},
    "location": {"scale": 16, "label": "湖北省武汉市"},
    "link": {"description": "链接"},
}
MEDIA_KINDS = frozenset({"image", "voice", "video", "shortvideo"})


@dataclass(frozen=True, kw_only=True)
class Message:
    """One thing that happened, ready to be passed on.

    `fields` is the tree below the common fields. `msg_id` is the platform's own number of it, the same at
    every try; an event carries none in its body (`is_event`), yet we number it for the record.
    """

    msg_id: int
    kind: str
    openid: str
    created: int
    fields: Tree
    is_event: bool = False

    def words(self) -> str:
        """What a person would say was sent: the content of a text, the name of an event."""
        return str(self.fields.get("Event" if self.is_event else "Content", ""))

    def tree(self, *, original_id: str) -> Tree:
        """The plain callback, addressed to the account with this original id."""
        tree = {
            "ToUserName": original_id,
            "FromUserName": self.openid,
            "CreateTime": self.created,
            "MsgType": self.kind,
            **self.fields,
        }
        return tree if self.is_event else {**tree, "MsgId": self.msg_id}

    def body(self, *, original_id: str, is_json: bool) -> str:
        """The plain callback body."""
        return bodies.write(self.tree(original_id=original_id), is_json=is_json)


def parse_fields(raw: object) -> tuple[str, Tree]:
    """The kind and the fields of {"type": "text", "content": "5"}. Raises BadRequest."""
    if not isinstance(raw, dict):
        raise BadRequest('message 要是一个 JSON 对象，例如 {"type": "text", "content": "5"}。')
    kind = raw.get("type")
    if kind == "event":
        return "event", _event_fields(raw)
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadRequest(f"还不会发这种消息；现在能发的 type：{'、'.join((*KINDS, 'event'))}。")
    given = DEFAULTS.get(kind, {}) | raw
    return kind, {
        row.element: _value(row, given.get(row.name))
        for row in KINDS[kind]
        if row.is_required or given.get(row.name) is not None
    }


def event_fields(event: str, key: str | None = "", **more: Any) -> Tree:
    """The fields of an event; a subscription without a scene has an empty EventKey, some events have none."""
    return {"Event": event, **({} if key is None else {"EventKey": key}), **more}


def _value(row: Field, value: object) -> Any:
    if row.read is not None:
        return row.read(value, row.name)
    return fit_text(value, row.name, longest=row.longest)


def _event_fields(raw: dict[str, Any]) -> Tree:
    """Any event: {"type": "event", "event": "LOCATION", "fields": {"Latitude": "30.5"}}."""
    more = raw.get("fields", {})
    if not isinstance(more, dict):
        raise BadRequest("fields 要是一个 JSON 对象。")
    key = raw.get("key")
    checked = {_name(name): _checked(value, 0) for name, value in more.items()}
    event = fit_text(raw.get("event"), "event", longest=64)
    return event_fields(event, None if key is None else _checked_text(key), **checked)


def _name(name: str) -> str:
    if not (name.isascii() and name.isidentifier()) or name in {"ToUserName", "FromUserName", "MsgType"}:
        raise BadRequest(f"fields 里不能有叫 {name[:32]} 的字段。")
    return name


def _checked_text(value: object) -> str:
    return "" if value == "" else fit_text(value, "fields", longest=8000)


def _checked(value: object, depth: int) -> Any:
    if depth > 5:
        raise BadRequest("fields 嵌套太深。")
    if isinstance(value, dict):
        return {_name(name): _checked(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_checked(one, depth + 1) for one in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return _checked_text(value)
