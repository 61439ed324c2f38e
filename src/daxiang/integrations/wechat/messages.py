"""What the platform sends, as typed values. Pure: bytes in, values out.

An unknown kind of message is a value too (`OtherMessage`): it is acknowledged and kept, never an error,
because the platform adds kinds without asking.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from daxiang.integrations.wechat.bodies import MAX_BODY as MAX_BODY
from daxiang.integrations.wechat.bodies import BodyRefused as BodyRefused
from daxiang.integrations.wechat.bodies import parse_fields as parse_fields


@dataclass(frozen=True, kw_only=True)
class Message:
    """What every message has in common."""

    to_user: str
    from_user: str
    """The sender's openid: personal data."""
    created_at: datetime
    kind: str
    """MsgType, or `event:` and the event's name."""
    identity: bytes
    """32 bytes: the same for a repeat, different for everything else."""


@dataclass(frozen=True, kw_only=True)
class TextMessage(Message):
    content: str


@dataclass(frozen=True, kw_only=True)
class FollowEvent(Message):
    scene: str
    """What the scanned code carried, without the platform's `qrscene_`; empty when none was scanned."""


@dataclass(frozen=True, kw_only=True)
class OtherMessage(Message):
    """Anything this version does not know: acknowledged and kept."""


def read_message(body: bytes) -> Message:
    """One decrypted message as a value. Raises `BodyRefused` when a field that every message has is
    missing.
    """
    fields = parse_fields(body)
    try:
        created_at = datetime.fromtimestamp(int(fields["CreateTime"]), UTC)
        to_user, from_user, msg_type = fields["ToUserName"], fields["FromUserName"], fields["MsgType"]
    except (KeyError, ValueError, OverflowError, OSError) as error:
        raise BodyRefused("fields") from error
    event = fields.get("Event", "")
    kind = f"event:{event}" if msg_type == "event" else msg_type
    common = {"to_user": to_user, "from_user": from_user, "created_at": created_at, "kind": kind}
    if not (to_user and from_user and msg_type):
        raise BodyRefused("fields")
    key = identity(fields)
    if kind == "text":
        return TextMessage(**common, identity=key, content=fields.get("Content", ""))  # type: ignore[arg-type] # **dict
    if kind == "event:subscribe":
        scene = fields.get("EventKey", "").removeprefix("qrscene_")
        return FollowEvent(**common, identity=key, scene=scene)  # type: ignore[arg-type] # **dict
    return OtherMessage(**common, identity=key)  # type: ignore[arg-type] # **dict


def identity(fields: dict[str, str]) -> bytes:
    """What makes a message this one, as 32 bytes.

    MsgId alone collides (one MsgId was seen for messages of 15 people), and so does FromUserName with
    CreateTime (an automatic LOCATION shares its second with a subscribe): hence all of them, each with its
    length in front.
    """
    names = ("ToUserName", "FromUserName", "CreateTime", "MsgType")
    last = ("Event", "EventKey", "Ticket") if fields["MsgType"] == "event" else ("MsgId",)
    digest = hashlib.sha256()
    for name in names + last:
        value = fields.get(name, "").encode()
        digest.update(len(value).to_bytes(4, "big") + value)
    return digest.digest()
