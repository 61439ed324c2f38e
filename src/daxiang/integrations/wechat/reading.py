"""From a decrypted body to a typed message. Pure: bytes in, values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from daxiang.integrations.wechat import messages
from daxiang.integrations.wechat.bodies import BodyRefused, Tree, parse_tree, text_of
from daxiang.integrations.wechat.event_reading import EVENTS
from daxiang.integrations.wechat.fields import Common, integer_of, moment_of, place_of
from daxiang.integrations.wechat.identity import message_identity, sending_id
from daxiang.integrations.wechat.values import Message, OtherMessage


def read_message(body: bytes) -> Message:
    """One decrypted message as a value. Raises `BodyRefused` when a field that every message has is missing
    or given twice.
    """
    tree = parse_tree(body)
    created_at = moment_of(tree, "CreateTime")
    to_user, from_user, kind = (text_of(tree, name) for name in ("ToUserName", "FromUserName", "MsgType"))
    if not (to_user and from_user and kind) or created_at is None:
        raise BodyRefused("fields")
    read = MESSAGES.get(kind)
    if kind == "event":
        event = text_of(tree, "Event")
        read, kind = EVENTS.get(event), f"event:{event}"
    common: Common = {
        "to_user": to_user,
        "from_user": from_user,
        "created_at": created_at,
        "kind": kind,
        "identity": message_identity(tree, created=int(created_at.timestamp())),
    }
    try:
        return OtherMessage(**common) if read is None else read(tree, common)
    except (BodyRefused, ValueError):  # its own part is not what we know: still a message, and kept
        return OtherMessage(**common)


def _personal(tree: Tree, common: Common) -> Common:
    return {
        **common,
        "message_id": sending_id(tree),
        "article_id": text_of(tree, "MsgDataId"),
        "article_index": integer_of(tree, "Idx"),
    }


def _text(tree: Tree, common: Common) -> Message:
    return messages.TextMessage(
        **_personal(tree, common),
        content=text_of(tree, "Content"),
        choice_id=text_of(tree, "bizmsgmenuid"),
    )


def _image(tree: Tree, common: Common) -> Message:
    return messages.ImageMessage(
        **_personal(tree, common), media_id=text_of(tree, "MediaId"), picture_url=text_of(tree, "PicUrl")
    )


def _voice(tree: Tree, common: Common) -> Message:
    return messages.VoiceMessage(
        **_personal(tree, common),
        media_id=text_of(tree, "MediaId"),
        format=text_of(tree, "Format"),
        recognition=text_of(tree, "Recognition"),
        media_id_16k=text_of(tree, "MediaId16K"),
    )


def _video(tree: Tree, common: Common) -> Message:
    return messages.VideoMessage(
        **_personal(tree, common),
        media_id=text_of(tree, "MediaId"),
        thumb_media_id=text_of(tree, "ThumbMediaId"),
    )


def _location(tree: Tree, common: Common) -> Message:
    return messages.LocationMessage(
        **_personal(tree, common),
        place=place_of(tree, "Location_X", "Location_Y"),
        scale=integer_of(tree, "Scale"),
        label=text_of(tree, "Label"),
    )


def _link(tree: Tree, common: Common) -> Message:
    return messages.LinkMessage(
        **_personal(tree, common),
        title=text_of(tree, "Title"),
        description=text_of(tree, "Description"),
        url=text_of(tree, "Url"),
    )


MESSAGES: Mapping[str, Callable[[Tree, Common], Message]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
}
"""By MsgType; events have a table of their own."""
