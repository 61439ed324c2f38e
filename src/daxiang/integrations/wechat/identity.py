"""What makes a message this one, as 32 bytes: the same for a repeat, in XML and in JSON. Pure.

MsgId alone collides (one MsgId was seen for messages of 15 people), and so does FromUserName with CreateTime
(an automatic LOCATION shares its second with a subscribe): hence all of them, and whatever else tells two
events apart.
"""

from __future__ import annotations

import hashlib

from daxiang.integrations.wechat.bodies import Tree, rows_of, text_of, tree_of

_EVENT_MARKS = ("Event", "EventKey", "Ticket", "KfAccount", "FromKfAccount", "ToKfAccount", "OpenID")
_WRAPPERS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")


def identity_of(*parts: bytes) -> bytes:
    """SHA-256 over the parts, each with its length in front, so that none runs into the next."""
    return hashlib.sha256(b"".join([len(part).to_bytes(4, "big") + part for part in parts])).digest()


def message_identity(tree: Tree, *, created: int) -> bytes:
    """`created`: CreateTime in Unix seconds. Raises `BodyRefused` for a mark that is given twice."""
    kind = text_of(tree, "MsgType")
    parts = [text_of(tree, "ToUserName"), text_of(tree, "FromUserName"), str(created), kind, sending_id(tree)]
    if kind == "event":
        parts += _event_marks(tree)
    return identity_of(*(part.encode() for part in parts))


def _event_marks(tree: Tree) -> list[str]:
    marks = [text_of(tree, name) for name in _EVENT_MARKS]
    marks.append(text_of(tree_of(tree, "ScanCodeInfo"), "ScanResult"))
    marks.append(text_of(tree_of(tree, "PublishEventInfo"), "publish_id"))
    for row in subscription_rows(tree):
        marks += [text_of(row, "TemplateId"), text_of(row, "SubscribeStatusString"), sending_id(row)]
    return marks


def sending_id(tree: Tree) -> str:
    """The platform's number of a message or a sending; it spells the name both ways."""
    return text_of(tree, "MsgID") or text_of(tree, "MsgId")


def subscription_rows(tree: Tree) -> list[Tree]:
    """The rows of the three subscription events. A change is documented inside `SubscribeMsgPopupEvent` and
    was seen inside an element of its own name; JSON has been seen without either.
    """
    for name in _WRAPPERS:
        if name in tree:
            return [row for part in rows_of(tree[name], name) for row in rows_of(part, "List")]
    return rows_of(tree.get("List"), "List")
