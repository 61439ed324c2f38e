"""Publishing: a draft gets its public page; nobody is told of it. Accepted is not published: ask `state`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from daxiang.integrations.outcomes import OutcomeUnknown
from daxiang.integrations.wechat.client.answers import (
    Fields,
    need_read,
    objects,
    text,
    whole,
    whole_numbers,
)
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient
from daxiang.integrations.wechat.client.drafts import Article, articles_in
from daxiang.integrations.wechat.client.materials import MOST_A_PAGE, page_of

_SUBMIT = Endpoint(path="/cgi-bin/freepublish/submit", kind=Kind.ACT)
_GET = Endpoint(path="/cgi-bin/freepublish/get", kind=Kind.READ)
_ARTICLE = Endpoint(path="/cgi-bin/freepublish/getarticle", kind=Kind.READ, limit=16 * 1024 * 1024)
_PAGE = Endpoint(path="/cgi-bin/freepublish/batchget", kind=Kind.READ, limit=32 * 1024 * 1024)
_DELETE = Endpoint(path="/cgi-bin/freepublish/delete", kind=Kind.ACT)


class Status(IntEnum):
    PUBLISHED = 0
    RUNNING = 1
    NOT_ORIGINAL = 2
    FAILED = 3
    REFUSED_BY_REVIEW = 4
    DELETED_BY_US = 5
    BANNED = 6
    OTHER = -1
    """A number that the platform's page does not name."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    publish_id: str
    status: Status
    article_id: str
    urls: tuple[str, ...]
    failed: tuple[int, ...]
    """Numbers (from 1) of the articles that did not pass."""


@dataclass(frozen=True, kw_only=True)
class Published:
    article_id: str
    articles: tuple[Article, ...]
    updated_at: int


async def submit(client: WeChatClient, *, media_id: str) -> str:
    """Hand a draft in; the publish_id to ask with. 53503-53505: the editor has to do something."""
    publish_id = _number(await client.call(_SUBMIT, body={"media_id": media_id}))
    if not publish_id:
        raise OutcomeUnknown("unreadable", "a success without publish_id")
    return publish_id


async def state(client: WeChatClient, *, publish_id: str) -> Publication:
    """What became of it."""
    answer = await client.call(_GET, body={"publish_id": publish_id})
    status = need_read(answer, "publish_status", int)
    detail = answer.get("article_detail")
    items = objects(detail, "item") if isinstance(detail, dict) else []
    return Publication(
        publish_id=publish_id,
        status=Status(status) if status in set(Status) else Status.OTHER,
        article_id=text(answer, "article_id"),
        urls=tuple(text(one, "article_url") for one in items),
        failed=whole_numbers(answer, "fail_idx"),
    )


async def articles(client: WeChatClient, *, article_id: str) -> tuple[Article, ...]:
    """What is public under this id."""
    return articles_in(await client.call(_ARTICLE, body={"article_id": article_id}))


async def page(
    client: WeChatClient, *, offset: int = 0, most: int = MOST_A_PAGE, with_content: bool = False
) -> tuple[int, tuple[Published, ...]]:
    """How many publications there are, and those from `offset`, the newest first."""
    body = page_of(offset, most, {"no_content": int(not with_content)})
    answer = await client.call(_PAGE, body=body)
    found = tuple(
        Published(
            article_id=text(one, "article_id"),
            articles=articles_in(one.get("content")),
            updated_at=whole(one, "update_time"),
        )
        for one in objects(answer, "item")
    )
    return need_read(answer, "total_count", int), found


async def delete(client: WeChatClient, *, article_id: str, number: int = 0) -> None:
    """Take an article off (`number` from 1; 0: all of the publication). There is no way back."""
    await client.call(_DELETE, body={"article_id": article_id, "index": number})


def _number(answer: Fields) -> str:
    held = answer.get("publish_id")
    return str(held) if isinstance(held, int | str) else ""
