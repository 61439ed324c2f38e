"""What a person can send, and the XML in which the platform passes it on.

Source: developers.weixin.qq.com, "接收普通消息" and "接收事件推送". A kind of message is a row of KINDS.
"""

from __future__ import annotations

from dataclasses import dataclass

from .texts import BadRequest, fit_text


@dataclass(frozen=True, kw_only=True)
class Field:
    """One element of a message: its name in XML, its name in this API."""

    element: str
    name: str
    longest: int
    is_required: bool = True


KINDS: dict[str, tuple[Field, ...]] = {
    "text": (
        Field(element="Content", name="content", longest=8000),
        Field(element="bizmsgmenuid", name="menu_id", longest=128, is_required=False),
    ),
}
"""Messages by type. Image, voice, location and link are a row each when they are built."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One thing that happened on a phone, ready to be passed on.

    `fields` are elements and values in order. `msg_id` is the platform's own number of it, the same at every
    try; an event carries none in its XML (`is_event`), yet we number it for the record.
    """

    msg_id: int
    kind: str
    openid: str
    created: int
    fields: tuple[tuple[str, str], ...]
    is_event: bool = False

    def words(self) -> str:
        """What a person would say was sent: the content of a text, the name of an event."""
        return dict(self.fields).get("Event" if self.is_event else "Content", "")

    def xml(self, *, original_id: str) -> str:
        """The plain callback body, addressed to the account with this original id."""
        elements = [
            _element("ToUserName", original_id),
            _element("FromUserName", self.openid),
            f"<CreateTime>{self.created}</CreateTime>",
            _element("MsgType", self.kind),
            *(_element(name, value) for name, value in self.fields),
        ]
        if not self.is_event:
            elements.append(f"<MsgId>{self.msg_id}</MsgId>")
        return f"<xml>{''.join(elements)}</xml>"


def parse_fields(raw: object) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The kind and the XML fields of {"type": "text", "content": "5"}. Raises BadRequest."""
    if not isinstance(raw, dict):
        raise BadRequest('message 要是一个 JSON 对象，例如 {"type": "text", "content": "5"}。')
    kind = raw.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadRequest(f"还不会发这种消息；现在能发的 type：{'、'.join(KINDS)}。")
    values = ((row, raw.get(row.name)) for row in KINDS[kind])
    return kind, tuple(
        (row.element, fit_text(value, row.name, longest=row.longest))
        for row, value in values
        if row.is_required or value is not None
    )


def event_fields(event: str, key: str = "") -> tuple[tuple[str, str], ...]:
    """The fields of an event; a subscription without a scene has an empty EventKey."""
    return (("Event", event), ("EventKey", key))


def _element(name: str, value: str) -> str:
    return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
