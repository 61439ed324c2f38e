"""The library: media that stay until they are deleted. 100,000 pictures and articles, 1,000 others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from daxiang.integrations.wechat.client.answers import need, need_read, objects, text, whole
from daxiang.integrations.wechat.client.checks import not_empty, within
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient
from daxiang.integrations.wechat.client.files import Sort, upload_of
from daxiang.integrations.wechat.client.media import FILE_S, File, file_in
from daxiang.integrations.wechat.client.transport import LARGEST_MEDIA

MOST_A_PAGE = 20

_ADD = Endpoint(path="/cgi-bin/material/add_material", kind=Kind.ACT, read_s=FILE_S)
_GET = Endpoint(path="/cgi-bin/material/get_material", kind=Kind.READ, limit=LARGEST_MEDIA, read_s=FILE_S)
_DELETE = Endpoint(path="/cgi-bin/material/del_material", kind=Kind.ACT)
_PAGE = Endpoint(path="/cgi-bin/material/batchget_material", kind=Kind.READ)
_COUNT = Endpoint(path="/cgi-bin/material/get_materialcount", kind=Kind.READ, method="GET")


@dataclass(frozen=True, kw_only=True)
class Added:
    media_id: str
    url: str
    """Of pictures only; works inside WeChat."""


@dataclass(frozen=True, kw_only=True)
class Item:
    media_id: str
    name: str
    updated_at: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    voice: int
    video: int
    image: int
    news: int


async def add(client: WeChatClient, *, sort: Sort, content: bytes, most_bytes: int | None = None) -> Added:
    """Put a picture, a recording or a thumbnail into the library; for films `add_video`."""
    file = upload_of(sort, content, most=most_bytes)
    answer = await client.call(_ADD, params={"type": sort.value}, upload=file)
    return Added(media_id=need(answer, "media_id", str), url=text(answer, "url"))


async def add_video(client: WeChatClient, *, content: bytes, title: str, introduction: str) -> Added:
    """Put a film into the library."""
    not_empty(title, "视频标题")
    described = json.dumps({"title": title, "introduction": introduction}, ensure_ascii=False)
    file = replace(upload_of(Sort.VIDEO, content), beside={"description": described})
    answer = await client.call(_ADD, params={"type": "video"}, upload=file)
    return Added(media_id=need(answer, "media_id", str), url="")


async def get(client: WeChatClient, *, media_id: str) -> File:
    """A file of the library; of a film its address."""
    not_empty(media_id, "media_id")
    return file_in(await client.fetch(_GET, body={"media_id": media_id}), "down_url")


async def delete(client: WeChatClient, *, media_id: str) -> None:
    """Remove it; every message and article that used it breaks."""
    not_empty(media_id, "media_id")
    await client.call(_DELETE, body={"media_id": media_id})


async def page(
    client: WeChatClient, *, sort: Sort, offset: int = 0, most: int = MOST_A_PAGE
) -> tuple[int, tuple[Item, ...]]:
    """How many of this kind there are, and those from `offset`, the newest first."""
    answer = await client.call(_PAGE, body=page_of(offset, most, {"type": sort.value}))
    items = tuple(
        Item(
            media_id=text(one, "media_id"),
            name=text(one, "name"),
            updated_at=whole(one, "update_time"),
            url=text(one, "url"),
        )
        for one in objects(answer, "item")
    )
    return need_read(answer, "total_count", int), items


async def counts(client: WeChatClient) -> Counts:
    """How much the library holds."""
    answer = await client.call(_COUNT)
    return Counts(
        voice=whole(answer, "voice_count"),
        video=whole(answer, "video_count"),
        image=whole(answer, "image_count"),
        news=whole(answer, "news_count"),
    )


def page_of(offset: int, most: int, more: Mapping[str, object]) -> dict[str, object]:
    """The body of a call for a page: 1 to 20 rows. Raises `Unfit`."""
    within(most, 1, MOST_A_PAGE, "每页的条数")
    within(offset, 0, 10**9, "起点")
    return {**more, "offset": offset, "count": most}
