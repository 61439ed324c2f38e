"""Passive replies: what goes back in the answer to a callback, as values, in XML and in JSON. Pure.

Source: the platform's page on passive replies. Choices to tap in a text are its message-menu links.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

from daxiang.integrations.wechat.bodies import (
    BodyRefused,
    Format,
    Tree,
    carried,
    parse_tree,
    rows_of,
    text_of,
    tree_of,
)

ACKNOWLEDGED = b"success"
"""Received, nothing to say: the platform stops repeating."""
MAX_ARTICLES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    content: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    media_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    media_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Video:
    media_id: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Music:
    thumb_media_id: str
    title: str = ""
    description: str = ""
    url: str = ""
    hq_url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    title: str
    description: str = ""
    picture_url: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """Articles with pictures: 1 to 8. An ordinary message may be answered with one only (since 2018)."""

    articles: tuple[Article, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.articles) <= MAX_ARTICLES:
            raise ValueError(f"a reply has 1 to {MAX_ARTICLES} articles")


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferToStaff:
    """The chat goes to the human agents; `account` names the one who is to take it."""

    account: str | None = None


PassiveReply: TypeAlias = Text | Image | Voice | Video | Music | News | TransferToStaff

Parts: TypeAlias = "dict[str, str | int | Parts | list[Parts]]"


def render(
    reply: PassiveReply,
    *,
    to_user: str,
    from_user: str,
    created: int,
    format: Format = Format.XML,  # noqa: A002 (its name everywhere else)
) -> bytes:
    """The reply for the person `to_user` from the account `from_user` (swapped against the message);
    `created` in Unix seconds. What XML cannot carry becomes U+FFFD: the platform calls a reply that it cannot
    read a fault of the account.
    """
    if isinstance(reply, Text) and format is Format.XML:
        return text_reply(to_user=to_user, from_user=from_user, created=created, content=reply.content)
    kind, parts = _parts(reply)
    head: Parts = {"ToUserName": to_user, "FromUserName": from_user, "CreateTime": created, "MsgType": kind}
    if format is Format.JSON:
        return json.dumps(_carried(head | parts), ensure_ascii=False, separators=(",", ":")).encode()
    return f"<xml>{_xml(head | parts)}</xml>".encode()


def _parts(reply: PassiveReply) -> tuple[str, Parts]:
    """MsgType and the fields that belong to it; optional ones that are empty are left out."""
    match reply:
        case Text(content=content):
            return "text", {"Content": content}
        case Image(media_id=media_id):
            return "image", {"Image": {"MediaId": media_id}}
        case Voice(media_id=media_id):
            return "voice", {"Voice": {"MediaId": media_id}}
        case Video(media_id=media_id, title=title, description=description):
            return "video", {"Video": _filled(MediaId=media_id, Title=title, Description=description)}
        case Music():
            music = _filled(
                Title=reply.title,
                Description=reply.description,
                MusicUrl=reply.url,
                HQMusicUrl=reply.hq_url,
                ThumbMediaId=reply.thumb_media_id,
            )
            return "music", {"Music": music}
        case News(articles=articles):
            items = [_article(article) for article in articles]
            return "news", {"ArticleCount": len(items), "Articles": {"item": items}}
        case TransferToStaff(account=account):
            info: Parts = {"TransInfo": {"KfAccount": account}} if account else {}
            return "transfer_customer_service", info


def _article(article: Article) -> Parts:
    return {
        "Title": article.title,
        "Description": article.description,
        "PicUrl": article.picture_url,
        "Url": article.url,
    }


def _filled(**texts: str) -> Parts:
    return {name: text for name, text in texts.items() if text}


def _xml(parts: Parts) -> str:
    return "".join(
        f"<{name}>{_value(one)}</{name}>"
        for name, value in parts.items()
        for one in (value if isinstance(value, list) else [value])
    )


def _carried(value: object) -> object:
    """For JSON: what XML could not carry is replaced there too, lest the two say different things."""
    if isinstance(value, dict):
        return {name: _carried(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_carried(part) for part in value]
    return carried(value) if isinstance(value, str) else value


def _value(value: str | int | Parts | list[Parts]) -> str:
    if isinstance(value, dict):
        return _xml(value)
    return _cdata(value) if isinstance(value, str) else str(value)


def _cdata(text: str) -> str:
    if not (text.isascii() and text.isprintable() and "]" not in text):  # an openid never is
        text = carried(text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


def text_reply(*, to_user: str, from_user: str, created: int, content: str) -> bytes:
    """A text in XML, as `render` makes it: the reply that is sent most, written in one go."""
    return (
        f"<xml><ToUserName>{_cdata(to_user)}</ToUserName><FromUserName>{_cdata(from_user)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{_cdata(content)}</Content></xml>"
    ).encode()


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


def sealed_reply(
    *,
    encrypted: bytes,
    signature: bytes,
    timestamp: bytes,
    nonce: bytes,
    format: Format = Format.XML,  # noqa: A002 (its name everywhere else)
) -> bytes:
    """The outer body of a sealed reply. None of the four needs escaping in either format."""
    if format is Format.JSON:
        shape = b'{"Encrypt":"%b","MsgSignature":"%b","TimeStamp":%b,"Nonce":"%b"}'
    else:
        shape = (
            b"<xml><Encrypt><![CDATA[%b]]></Encrypt><MsgSignature><![CDATA[%b]]></MsgSignature>"
            b"<TimeStamp>%b</TimeStamp><Nonce><![CDATA[%b]]></Nonce></xml>"
        )
    return shape % (encrypted, signature, timestamp, nonce)


def parse_reply(body: bytes) -> PassiveReply | None:
    """Somebody else's passive reply, plain, in XML or JSON; None for anything that the platform would not
    take: an unknown kind, a missing part, garbage.
    """
    try:
        tree = parse_tree(body)
        return _read_reply(tree, text_of(tree, "MsgType"))
    except (BodyRefused, ValueError):
        return None


def _read_reply(tree: Tree, kind: str) -> PassiveReply | None:
    match kind:
        case "text":
            return Text(content=_needed(tree, "Content"))
        case "image":
            return Image(media_id=_needed(tree_of(tree, "Image"), "MediaId"))
        case "voice":
            return Voice(media_id=_needed(tree_of(tree, "Voice"), "MediaId"))
        case "video":
            video = tree_of(tree, "Video")
            return Video(
                media_id=_needed(video, "MediaId"),
                title=text_of(video, "Title"),
                description=text_of(video, "Description"),
            )
        case "music":
            return _read_music(tree_of(tree, "Music"))
        case "news":
            return News(articles=tuple(map(_read_article, rows_of(tree.get("Articles"), "item"))))
        case "transfer_customer_service":
            return TransferToStaff(account=text_of(tree_of(tree, "TransInfo"), "KfAccount") or None)
    return None


def _read_music(music: Tree) -> Music:
    return Music(
        thumb_media_id=_needed(music, "ThumbMediaId"),
        title=text_of(music, "Title"),
        description=text_of(music, "Description"),
        url=text_of(music, "MusicUrl"),
        hq_url=text_of(music, "HQMusicUrl"),
    )


def _read_article(item: Tree) -> Article:
    return Article(
        title=text_of(item, "Title"),
        description=text_of(item, "Description"),
        picture_url=text_of(item, "PicUrl"),
        url=text_of(item, "Url"),
    )


def _needed(tree: Tree, name: str) -> str:
    text = text_of(tree, name)
    if not text:
        raise BodyRefused("fields")
    return text
