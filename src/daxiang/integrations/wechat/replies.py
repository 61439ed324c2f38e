"""Passive replies: the XML that goes back in the answer to a callback. Pure.

Source: the platform's page on passive replies. Choices to tap in a text are its message-menu links.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from daxiang.integrations.wechat.bodies import Format

ACKNOWLEDGED = b"success"
"""Received, nothing to say: the platform stops repeating."""


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def text_with_choices(text: str, choices: Sequence[str]) -> str:
    """The text and, below it, its choices as links that send the choice's words when tapped.

    Digits stand five in a line, words one in a line.
    """
    if not choices:
        return text
    links = [
        f'<a href="weixin://bizmsgmenu?msgmenucontent={quote(choice)}&msgmenuid={number}">{choice}</a>'
        for number, choice in enumerate(choices)
    ]
    per_line = 5 if all(len(choice) == 1 for choice in choices) else 1
    lines = ["　".join(links[i : i + per_line]) for i in range(0, len(links), per_line)]
    return "\n".join([text, *lines])


def text_reply(*, to_user: str, from_user: str, created: int, content: str) -> bytes:
    """A text for the person; `to_user` is the person, `from_user` the account (swapped against the
    message).
    """
    return (
        f"<xml><ToUserName>{_cdata(to_user)}</ToUserName><FromUserName>{_cdata(from_user)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{_cdata(content)}</Content></xml>"
    ).encode()


def sealed_reply(
    *,
    encrypted: bytes,
    signature: bytes,
    timestamp: bytes,
    nonce: bytes,
    format: Format = Format.XML,  # noqa: A002 (its name everywhere else)
) -> bytes:
    """The outer body of a reply in safe mode. None of the four needs escaping in either format."""
    if format is Format.JSON:
        return b'{"Encrypt":"%b","MsgSignature":"%b","TimeStamp":%b,"Nonce":"%b"}' % (
            encrypted,
            signature,
            timestamp,
            nonce,
        )
    return (
        b"<xml><Encrypt><![CDATA[%b]]></Encrypt><MsgSignature><![CDATA[%b]]></MsgSignature>"
        b"<TimeStamp>%b</TimeStamp><Nonce><![CDATA[%b]]></Nonce></xml>"
    ) % (encrypted, signature, timestamp, nonce)
