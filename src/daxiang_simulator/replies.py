"""What a service answered: read as strictly as the platform does, its links taken apart for a phone.

Source: developers.weixin.qq.com, "被动回复用户消息". Choices are the message-menu links that WeChat
shows inside a text, weixin://bizmsgmenu?msgmenucontent=…&msgmenuid=…; a tap sends their content
as an ordinary text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from .bodies import BodyRefused, Tree, read, text_at
from .platform.cleaning import is_link
from .texts import BadRequest, fit_text

Reply = dict[str, Any]
"""A text has kind, content, choices (each with label, content, id, after) and links (label, url)."""

_ANCHOR = re.compile(
    r"""<a\s[^>]*?href\s*=\s*(["'])(?P<href>.*?)\1[^>]*>(?P<label>.*?)</a>""", re.IGNORECASE | re.DOTALL
)
_BETWEEN = re.compile(r"[\s·|/、，　]*")


class ReplyRefused(Exception):
    """The body is no reply that the platform accepts; the reason is the message."""


def read_tree(body: str, *, is_json: bool = False) -> Tree:
    """The tree of a reply. Raises ReplyRefused."""
    try:
        return read(body, is_json=is_json)
    except BodyRefused as refused:
        raise ReplyRefused(str(refused)) from refused


def read_reply(body: str, *, openid: str, original_id: str, is_json: bool = False) -> Reply:
    """The reply in a plain body that is addressed to `openid` by the account. Raises ReplyRefused."""
    tree = read_tree(body, is_json=is_json)
    if text_at(tree, "ToUserName") != openid:
        raise ReplyRefused("ToUserName 不是提问的人")
    if text_at(tree, "FromUserName") != original_id:
        raise ReplyRefused("FromUserName 不是这个账号")
    if not text_at(tree, "CreateTime").isdecimal():
        raise ReplyRefused("CreateTime 不是整数")
    kind = text_at(tree, "MsgType")
    if kind not in KINDS:
        raise ReplyRefused(f"不认识答复的 MsgType：{kind or '空'}")
    return {"kind": kind, **KINDS[kind](tree)}


def split_links(text: str) -> Reply:
    """A text as a phone shows it: the words, the choices and the ordinary links.

    A line that holds nothing but choices is dropped from the words; any other link leaves its label there. A
    choice's `after` is the number of lines of the words above it.
    """
    choices: list[dict[str, Any]] = []
    links: list[dict[str, str]] = []
    kept: list[str] = []

    def taken(match: re.Match[str]) -> str:
        label, href = html.unescape(match["label"]), html.unescape(match["href"])
        choice = _choice(label, href)
        if choice is not None:
            choices.append({**choice, "after": len(kept) + 1})
        elif href.startswith(("http://", "https://")):
            links.append({"label": label, "url": href})
        return label

    for line in text.split("\n"):
        alone = _only_choices(line)
        if alone:
            choices += [{**choice, "after": len(kept)} for choice in alone]
        elif line or kept:
            kept.append(_ANCHOR.sub(taken, line))
    return {"content": "\n".join(kept).rstrip("\n"), "choices": choices, "links": links}


def _only_choices(line: str) -> list[dict[str, str]]:
    """The choices of a line that holds nothing else; of any other line, none."""
    found = [_choice(html.unescape(m["label"]), html.unescape(m["href"])) for m in _ANCHOR.finditer(line)]
    if not found or not _BETWEEN.fullmatch(_ANCHOR.sub("", line)):
        return []
    whole = [choice for choice in found if choice is not None]
    return whole if len(whole) == len(found) else []


def _choice(label: str, href: str) -> dict[str, str] | None:
    """The choice behind a message-menu link, or None for another link."""
    if not href.startswith("weixin://bizmsgmenu?"):
        return None
    query = parse_qs(href.partition("?")[2], keep_blank_values=True)
    content = query.get("msgmenucontent", [label])[0] or label
    try:
        fit_text(content, "msgmenucontent", longest=8000)
    except BadRequest:
        return None
    return {"label": label, "content": content, "id": query.get("msgmenuid", [""])[0]}


def _read_text(tree: Tree) -> Reply:
    content = tree.get("Content")
    if not isinstance(content, str) or not content.strip():
        raise ReplyRefused("文字答复没有 Content")
    return split_links(content)


def _read_media(name: str, *optional: str) -> Callable[[Tree], Reply]:
    def read_medium(tree: Tree) -> Reply:
        media_id = text_at(tree, f"{name}/MediaId")
        if not media_id:
            raise ReplyRefused(f"{name} 里没有 MediaId")
        return {"media_id": media_id, **{one.lower(): text_at(tree, f"{name}/{one}") for one in optional}}

    return read_medium


def _read_music(tree: Tree) -> Reply:
    names = ("Title", "Description", "MusicUrl", "HQMusicUrl", "ThumbMediaId")
    if not isinstance(tree.get("Music"), dict):
        raise ReplyRefused("音乐答复没有 Music")
    title, description, url, hq_url, thumb = (text_at(tree, f"Music/{name}") for name in names)
    shown = {"title": title, "description": description, "musicurl": url, "hqmusicurl": hq_url}
    return shown | {"thumb_media_id": thumb}


def _read_news(tree: Tree) -> Reply:
    rows = (("title", "Title"), ("description", "Description"), ("picture", "PicUrl"), ("url", "Url"))
    held = tree.get("Articles")
    items = held.get("item") if isinstance(held, dict) else held
    listed = items if isinstance(items, list) else [items]
    articles = [{name: text_at(one, tag) for name, tag in rows} for one in listed if isinstance(one, dict)]
    if not 1 <= len(articles) <= 8:
        raise ReplyRefused("图文答复要有 1 到 8 篇")
    if not all(is_link(one[name]) for one in articles for name in ("url", "picture")):
        raise ReplyRefused("图文的网址不是 http 或 https 地址")
    return {"articles": articles}


def _read_transfer(tree: Tree) -> Reply:
    return {"agent": text_at(tree, "TransInfo/KfAccount") or None}


KINDS: dict[str, Callable[[Tree], Reply]] = {
    "text": _read_text,
    "image": _read_media("Image"),
    "voice": _read_media("Voice"),
    "video": _read_media("Video", "Title", "Description"),
    "music": _read_music,
    "news": _read_news,
    "transfer_customer_service": _read_transfer,
}
"""Readers by MsgType. What is not here is garbage to the platform."""
