"""The shapes that the platform really sends, read without a parser; anything else is declined. Pure.

Each function answers exactly what the strict reader (`bodies`, `reading`) would, or None: then the strict
reader decides. `make prove P=fuzz` compares the two. The expressions are anchored, and no part of one can
match what its neighbour can, so that their time grows with the body's length alone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256

from daxiang.integrations.wechat.bodies import MAX_BODY
from daxiang.integrations.wechat.events import FollowEvent, UnfollowEvent
from daxiang.integrations.wechat.fields import Common
from daxiang.integrations.wechat.identity import identity_of
from daxiang.integrations.wechat.messages import TextMessage
from daxiang.integrations.wechat.values import Message

_GAP = rb"[ \t\r\n]*+"


def _element(name: bytes, content: bytes) -> bytes:
    return b"<%b>%b</%b>" % (name, content, name) + _GAP


def _cdata(content: bytes) -> bytes:
    return rb"<!\[CDATA\[" + content + rb"\]\]>"


_NAME = _cdata(rb"([0-9A-Za-z_@.-]{1,64}+)")
_SEALED = _cdata(rb"([0-9A-Za-z+/=]++)")
# Control characters are the strict reader's: some are no XML, and it changes carriage returns.
_WORDS = _cdata(rb"((?:[^\x00-\x08\x0b-\x1f\]]++|\](?!\]>))*+)")
_DIGITS = rb"([1-9][0-9]{0,9}+)"

_TO = _element(b"ToUserName", _cdata(rb"[0-9A-Za-z_@.-]*+"))
_OUTER = re.compile(
    _GAP + b"<xml>" + _GAP + b"(?:" + _TO + b")?+" + _element(b"Encrypt", _SEALED) + b"</xml>" + _GAP
).fullmatch

_HEAD = (
    _GAP
    + b"<xml>"
    + _GAP
    + _element(b"ToUserName", _NAME)
    + _element(b"FromUserName", _NAME)
    + _element(b"CreateTime", _DIGITS)
)
_TEXT = re.compile(
    _HEAD
    + _element(b"MsgType", _cdata(b"text"))
    + _element(b"Content", _WORDS)
    + _element(b"MsgId", rb"([0-9]{1,20}+)")
    + b"</xml>"
    + _GAP
).fullmatch
_FOLLOW = re.compile(
    _HEAD
    + _element(b"MsgType", _cdata(b"event"))
    + _element(b"Event", _cdata(b"((?:un)?subscribe)"))
    + _element(b"EventKey", _cdata(rb"([0-9A-Za-z_]{0,64}+)"))
    + b"</xml>"
    + _GAP
).fullmatch
_NO_MARKS = (b"",) * 7
"""A follow has no Ticket, no agent's account, no openid of another, no scan, no publication."""


def encrypted_in(body: bytes) -> bytes | None:
    """The outer body's `Encrypt`."""
    found = _OUTER(body) if len(body) <= MAX_BODY else None
    return found[1] if found else None


def message_in(body: bytes) -> Message | None:
    """A text message, a follow or an unfollow."""
    if len(body) > MAX_BODY:
        return None
    if found := _TEXT(body):
        return _text(*found.groups())
    if found := _FOLLOW(body):
        return _follow(*found.groups())
    return None


def _text(to_user: bytes, from_user: bytes, created: bytes, words: bytes, number: bytes) -> Message | None:
    if b"\xef\xbf" in words:  # U+FFFE and U+FFFF are no XML
        return None
    try:
        content = words.decode()
    except UnicodeDecodeError:
        return None
    return TextMessage(
        to_user=to_user.decode(),
        from_user=from_user.decode(),
        created_at=datetime.fromtimestamp(int(created), UTC),
        kind="text",
        identity=_text_identity(to_user, from_user, created, number),
        message_id=number.decode(),
        content=content.strip(),
    )


def _text_identity(to_user: bytes, from_user: bytes, created: bytes, number: bytes) -> bytes:
    """`identity_of` in one go: none of these is longer than a byte can say."""
    marks = b"\0\0\0%c%b\0\0\0%c%b\0\0\0%c%b\0\0\0\4text\0\0\0%c%b" % (
        len(to_user),
        to_user,
        len(from_user),
        from_user,
        len(created),
        created,
        len(number),
        number,
    )
    return sha256(marks).digest()


def _follow(to_user: bytes, from_user: bytes, created: bytes, event: bytes, key: bytes) -> Message:
    common: Common = {
        "to_user": to_user.decode(),
        "from_user": from_user.decode(),
        "created_at": datetime.fromtimestamp(int(created), UTC),
        "kind": f"event:{event.decode()}",
        "identity": identity_of(to_user, from_user, created, b"event", b"", event, key, *_NO_MARKS),
    }
    if event == b"unsubscribe":
        return UnfollowEvent(**common)
    return FollowEvent(**common, scene=key.decode().removeprefix("qrscene_"))
