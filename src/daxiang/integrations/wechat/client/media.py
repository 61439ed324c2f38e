"""Temporary media: valid for three days, reusable, for messages to people and from them."""

from __future__ import annotations

from dataclasses import dataclass, field

from daxiang.integrations.outcomes import OutcomeUnknown, Unavailable
from daxiang.integrations.wechat.client.answers import (
    looks_like_json,
    need,
    read_bytes,
    read_json,
    text,
    whole,
)
from daxiang.integrations.wechat.client.checks import not_empty
from daxiang.integrations.wechat.client.client import Endpoint, Kind, WeChatClient
from daxiang.integrations.wechat.client.files import Sort, picture_in_article, upload_of
from daxiang.integrations.wechat.client.transport import LARGEST_MEDIA, Answer

LIFE_S = 3 * 86400
FILE_S = 30.0

# A repeated upload leaves a copy that nobody sees and that ends in three days.
_UPLOAD = Endpoint(path="/cgi-bin/media/upload", kind=Kind.REPEATABLE, read_s=FILE_S)
_UPLOAD_PICTURE = Endpoint(path="/cgi-bin/media/uploadimg", kind=Kind.REPEATABLE, read_s=FILE_S)
_GET = Endpoint(path="/cgi-bin/media/get", kind=Kind.READ, method="GET", limit=LARGEST_MEDIA, read_s=FILE_S)
_GET_FROM_PAGE = Endpoint(
    path="/cgi-bin/media/get/jssdk", kind=Kind.READ, method="GET", limit=LARGEST_MEDIA, read_s=FILE_S
)


@dataclass(frozen=True, kw_only=True)
class Uploaded:
    media_id: str
    created_at: int
    """Unix seconds; it ends `LIFE_S` later."""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file, or for a film the address where it lies (`url`)."""

    content: bytes = field(default=b"", repr=False)
    content_type: str = ""
    filename: str = ""
    url: str = ""


async def upload(
    client: WeChatClient, *, sort: Sort, content: bytes, most_bytes: int | None = None
) -> Uploaded:
    """Upload a file; `most_bytes` where the account may send more than the documented size."""
    file = upload_of(sort, content, most=most_bytes)
    answer = await client.call(_UPLOAD, params={"type": sort.value}, upload=file)
    name = "thumb_media_id" if sort is Sort.THUMB and "thumb_media_id" in answer else "media_id"
    return Uploaded(media_id=need(answer, name, str), created_at=whole(answer, "created_at"))


async def upload_picture(client: WeChatClient, *, content: bytes) -> str:
    """Upload a picture for the inside of an article; its address. Not counted in the library."""
    return need(await client.call(_UPLOAD_PICTURE, upload=picture_in_article(content)), "url", str)


async def get(client: WeChatClient, *, media_id: str) -> File:
    """What a person sent, or we uploaded."""
    return await _file(client, _GET, media_id)


async def get_from_page(client: WeChatClient, *, media_id: str) -> File:
    """A recording made in a page through the JS-SDK, in high quality (speex)."""
    return await _file(client, _GET_FROM_PAGE, media_id)


async def _file(client: WeChatClient, endpoint: Endpoint, media_id: str) -> File:
    not_empty(media_id, "media_id")
    return file_in(await client.fetch(endpoint, params={"media_id": media_id}), "video_url")


def file_in(answer: Answer, url_name: str) -> File:
    """The file in an answer, or the address of a film. Raises `Refused` or `Unavailable`."""
    try:
        if looks_like_json(answer) and (url := text(read_json(answer), url_name)):
            return File(url=url)
        return File(
            content=read_bytes(answer), content_type=answer.content_type, filename=answer.filename or ""
        )
    except OutcomeUnknown as failed:  # a read is never in doubt
        raise Unavailable(failed.code, failed.message, failed.rid) from None
