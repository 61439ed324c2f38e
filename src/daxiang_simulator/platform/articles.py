"""What an article may be, and how it stands before a reader."""

from __future__ import annotations

import html
import re
from typing import Any

from daxiang_simulator.clock import iso

from .cleaning import cleaned, is_address, is_link
from .frame import Call
from .refusals import Refused

ARTICLES = 8
TITLE, AUTHOR, DIGEST, CONTENT = 32, 16, 128, 20_000
CONTENT_BYTES, URL_BYTES = 1024 * 1024, 1024
_TAG = re.compile(r"<[^>]+>")
WORDS = {"title": (TITLE, 45003), "author": (AUTHOR, 45003), "digest": (DIGEST, 45004)}
LINKS = ("content_source_url", "thumb_media_id", "need_open_comment", "only_fans_can_comment", "url")
Article = dict[str, Any]


def check_articles(made: Call, articles: object, media_id: str) -> list[Article]:
    """The articles as they are kept. Raises Refused with the code of what is wrong."""
    if not isinstance(articles, list) or not articles:
        raise Refused(44003)
    if len(articles) > ARTICLES:
        raise Refused(45008)
    return [check_article(made, one, media_id, number) for number, one in enumerate(articles)]


def check_article(made: Call, raw: object, media_id: str, number: int) -> Article:
    """One article as it is kept. Raises Refused."""
    if not isinstance(raw, dict):
        raise Refused(47001)
    kind = raw.get("article_type", "news")
    if kind not in {"news", "newspic"}:
        raise Refused(40035, "article_type")
    for name, (longest, code) in WORDS.items():
        if len(str(raw.get(name) or "")) > longest or (name == "title" and not raw.get("title")):
            raise Refused(code, name)
    source = str(raw.get("content_source_url") or "")
    if len(source.encode()) > URL_BYTES or not is_link(source):
        raise Refused(41039)
    _check_media(made, raw, str(kind))
    content = _clean(made, raw.get("content"))
    for name in ("need_open_comment", "only_fans_can_comment"):
        if raw.get(name, 0) not in {0, 1}:
            raise Refused(40035, name)
    if raw.get("need_open_comment") and not made.account.setting("comments"):
        raise Refused(88000)
    return {
        "article_type": kind,
        "title": raw["title"],
        "author": raw.get("author", ""),
        "digest": raw.get("digest") or _digest(content),
        "content": content,
        "content_source_url": raw.get("content_source_url", ""),
        "thumb_media_id": raw.get("thumb_media_id", ""),
        "need_open_comment": raw.get("need_open_comment", 0),
        "only_fans_can_comment": raw.get("only_fans_can_comment", 0),
        "url": made.address(f"/s/{media_id}/{number + 1}"),
        **({"image_info": raw["image_info"]} if kind == "newspic" else {}),
    }


def listed(made: Call, articles: list[Article], *, is_published: bool = False) -> list[Article]:
    """Articles as a call answers them: as a draft, or as what was published."""
    names = [] if is_published else ["article_type", "image_info"]
    return [
        {name: one[name] for name in ("title", "author", "digest", "content", *LINKS, *names) if name in one}
        | (
            {"thumb_url": cover(made, one), "is_deleted": one.get("is_deleted", False)}
            if is_published
            else {}
        )
        | (
            {"show_cover_pic": 0, "thumb_url": cover(made, one)}
            if made.account.setting("article_extras")
            else {}
        )
        for one in articles
    ]


def in_library(made: Call, articles: list[Article]) -> list[Article]:
    """Articles as the older calls of the library answer them."""
    names = ("title", "author", "digest", "content", "content_source_url", "thumb_media_id", "url")
    more = [{"show_cover_pic": 0, "thumb_url": cover(made, one)} for one in articles]
    return [{name: one[name] for name in names} | extra for one, extra in zip(articles, more, strict=True)]


def cover(made: Call, article: Article) -> str:
    """The address of an article's cover, empty where it has none."""
    number = article["thumb_media_id"]
    return made.address(f"/_sim/media/{number}") if number else ""


def shown(made: Call, articles: list[Article]) -> list[dict[str, str]]:
    """Articles as cards on a phone."""
    return [
        {
            "title": one["title"],
            "description": one["digest"],
            "picture": cover(made, one),
            "url": one["url"],
        }
        for one in articles
    ]


def page(article: Article, account_name: str, at: float | None) -> str:
    """The public page of an article by an account, sent at `at`; what an older state holds is cleaned."""
    title, author, whose = (html.escape(one) for one in (article["title"], article["author"], account_name))
    day = f"<time>{iso(at)[:10]}</time>" if at else ""
    source = article["content_source_url"]
    href = html.escape(source) if is_address(source) else ""
    more = f'<p class="source"><a href="{href}">阅读原文</a></p>' if href else ""
    styles = "".join(
        f'<link rel="stylesheet" href="/_sim/phone/{name}.css">' for name in ("tokens", "article")
    )
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title>{styles}<main><h1>{title}</h1>"
        f'<p class="by"><span>{author}</span> <b>{whose}</b> {day}</p>'
        f'<div class="content">{cleaned(article["content"])}</div>{more}</main></html>'
    )


def _check_media(made: Call, raw: Article, kind: str) -> None:
    """Cover and pictures must lie in the library. Raises Refused 40007 or 41006."""
    library = made.shelf("material")
    if kind == "news":
        if not raw.get("thumb_media_id"):
            raise Refused(41006, "thumb_media_id")
        if raw["thumb_media_id"] not in library:
            raise Refused(40007, "thumb_media_id")
        return
    info = raw.get("image_info")
    listed = info.get("image_list") if isinstance(info, dict) else None
    if not isinstance(listed, list) or not 1 <= len(listed) <= 20:
        raise Refused(40035, "image_info")
    if any(not isinstance(one, dict) or one.get("image_media_id") not in library for one in listed):
        raise Refused(40007, "image_media_id")


def _clean(made: Call, content: object) -> str:
    """Content that runs nothing, without pictures from elsewhere, which the platform drops."""
    if not isinstance(content, str) or not content:
        raise Refused(44004)
    if len(content) >= CONTENT or len(content.encode()) >= CONTENT_BYTES:
        raise Refused(45002)
    ours = made.address("/")
    return cleaned(content, lambda source: source.startswith(ours))


def _digest(content: str) -> str:
    return html.unescape(_TAG.sub("", content)).strip()[:54]
