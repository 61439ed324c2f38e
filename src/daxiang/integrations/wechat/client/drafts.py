"""Drafts: articles before they are sent or published. A draft leaves the box when it is.

Pictures from outside are filtered out of the content: upload each with `media.upload_picture` first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from daxiang.integrations.wechat.client.answers import Fields, need, need_read, objects, text, whole
from daxiang.integrations.wechat.client.checks import at_most_bytes, at_most_items, not_empty, within
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient
from daxiang.integrations.wechat.client.materials import MOST_A_PAGE, page_of

MOST_ARTICLES, MOST_PICTURES = 8, 20
TITLE, AUTHOR, DIGEST, CONTENT = 32, 16, 128, 19_999
CONTENT_BYTES, SOURCE_BYTES = 1024 * 1024 - 1, 1024

_ADD = Endpoint(path="/cgi-bin/draft/add", kind=Kind.ACT)
_UPDATE = Endpoint(path="/cgi-bin/draft/update", kind=Kind.REPEATABLE)
_GET = Endpoint(path="/cgi-bin/draft/get", kind=Kind.READ, limit=16 * 1024 * 1024)
_DELETE = Endpoint(path="/cgi-bin/draft/delete", kind=Kind.ACT)
_PAGE = Endpoint(path="/cgi-bin/draft/batchget", kind=Kind.READ, limit=32 * 1024 * 1024)
_COUNT = Endpoint(path="/cgi-bin/draft/count", kind=Kind.READ, method="GET")
_SWITCH = Endpoint(path="/cgi-bin/draft/switch", kind=Kind.READ)


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article. With `pictures` (media ids of the library) it is one of the picture kind (newspic)."""

    title: str
    content: str
    thumb_media_id: str = ""
    """Its cover, of the library."""
    author: str = ""
    digest: str = ""
    source_url: str = ""
    """Where 阅读原文 leads."""
    is_comment_open: bool = False
    fans_only_comment: bool = False
    pictures: tuple[str, ...] = ()
    url: str = ""
    """Set by the platform: a preview, valid for a while."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    media_id: str
    articles: tuple[Article, ...]
    updated_at: int


async def add(client: WeChatClient, *, articles: Sequence[Article]) -> str:
    """Put one to eight articles into the box as one draft; its media_id."""
    not_empty(articles, "草稿")
    at_most_items(articles, MOST_ARTICLES, "一份草稿里的文章")
    return need(
        await client.call(_ADD, body={"articles": [written(one) for one in articles]}), "media_id", str
    )


async def update(client: WeChatClient, *, media_id: str, number: int, article: Article) -> None:
    """Replace the article with this number (from 0)."""
    within(number, 0, MOST_ARTICLES - 1, "文章序号")
    await client.call(_UPDATE, body={"media_id": media_id, "index": number, "articles": written(article)})


async def get(client: WeChatClient, *, media_id: str) -> Draft:
    """One draft with its words. 40007: it is not there (any more)."""
    answer = await client.call(_GET, body={"media_id": media_id})
    return Draft(media_id=media_id, articles=articles_in(answer), updated_at=whole(answer, "update_time"))


async def delete(client: WeChatClient, *, media_id: str) -> None:
    """Throw a draft away; for good."""
    await client.call(_DELETE, body={"media_id": media_id})


async def page(
    client: WeChatClient, *, offset: int = 0, most: int = MOST_A_PAGE, with_content: bool = False
) -> tuple[int, tuple[Draft, ...]]:
    """How many drafts there are, and those from `offset`, the newest first."""
    body = page_of(offset, most, {"no_content": int(not with_content)})
    answer = await client.call(_PAGE, body=body)
    drafts = tuple(
        Draft(
            media_id=text(one, "media_id"),
            articles=articles_in(one.get("content")),
            updated_at=whole(one, "update_time"),
        )
        for one in objects(answer, "item")
    )
    return need_read(answer, "total_count", int), drafts


async def count(client: WeChatClient) -> int:
    """How many drafts there are."""
    return need_read(await client.call(_COUNT), "total_count", int)


async def is_switched_on(client: WeChatClient) -> bool:
    """Whether the account has draft box and publishing; this only looks and never switches."""
    answer = await client.call(_SWITCH, params={"checkonly": "1"}, body={})
    return whole(answer, "is_open") == 1


def written(article: Article) -> dict[str, Any]:
    """The article as the platform's JSON. Raises `Unfit` with the rule that it breaks."""
    not_empty(article.title, "标题")
    at_most_items(article.title, TITLE, "标题")
    at_most_items(article.author, AUTHOR, "作者")
    at_most_items(article.digest, DIGEST, "摘要")
    not_empty(article.content, "正文")
    at_most_items(article.content, CONTENT, "正文")
    at_most_bytes(article.content, CONTENT_BYTES, "正文")
    at_most_bytes(article.source_url, SOURCE_BYTES, "原文链接")
    fields = {
        "article_type": "newspic" if article.pictures else "news",
        "title": article.title,
        "author": article.author,
        "digest": article.digest,
        "content": article.content,
        "content_source_url": article.source_url,
        "need_open_comment": int(article.is_comment_open),
        "only_fans_can_comment": int(article.fans_only_comment),
    }
    if article.pictures:
        at_most_items(article.pictures, MOST_PICTURES, "图片")
        listed = [{"image_media_id": media_id} for media_id in article.pictures]
        return fields | {"image_info": {"image_list": listed}}
    not_empty(article.thumb_media_id, "封面")
    return fields | {"thumb_media_id": article.thumb_media_id}


def articles_in(held: object) -> tuple[Article, ...]:
    """The articles of a draft or a publication as the platform gives them."""
    return tuple(_read(one) for one in objects(held if isinstance(held, dict) else {}, "news_item"))


def _read(one: Fields) -> Article:
    pictures = one.get("image_info")
    listed = objects(pictures, "image_list") if isinstance(pictures, dict) else []
    return Article(
        title=text(one, "title"),
        content=text(one, "content"),
        thumb_media_id=text(one, "thumb_media_id"),
        author=text(one, "author"),
        digest=text(one, "digest"),
        source_url=text(one, "content_source_url"),
        is_comment_open=whole(one, "need_open_comment") == 1,
        fans_only_comment=whole(one, "only_fans_can_comment") == 1,
        pictures=tuple(text(picture, "image_media_id") for picture in listed),
        url=text(one, "url"),
    )
