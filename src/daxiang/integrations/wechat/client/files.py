"""What kind of file some bytes are and how big each kind may be, checked before an upload. Pure.

Sizes as on the platform's page of temporary media. That page contradicts itself for pictures (2 or 10 MB), so
the smaller holds unless the caller says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from daxiang.integrations.wechat.client.checks import Unfit, at_most_bytes, not_empty
from daxiang.integrations.wechat.client.transport import Upload

MEBIBYTE = 1024 * 1024


class Sort(StrEnum):
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    THUMB = "thumb"


@dataclass(frozen=True)
class _Rule:
    name: str
    most: int
    types: tuple[str, ...]


_RULES = {
    Sort.IMAGE: _Rule("图片", 2 * MEBIBYTE, ("image/jpeg", "image/png", "image/gif", "image/bmp")),
    Sort.VOICE: _Rule("语音", 2 * MEBIBYTE, ("audio/mpeg", "audio/amr")),
    Sort.VIDEO: _Rule("视频", 10 * MEBIBYTE, ("video/mp4",)),
    Sort.THUMB: _Rule("缩略图", 64 * 1024, ("image/jpeg",)),
}
IN_ARTICLE = _Rule("正文图片", MEBIBYTE - 1, ("image/jpeg", "image/png"))
_HEADS = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF8", "image/gif", "gif"),
    (b"BM", "image/bmp", "bmp"),
    (b"#!AMR", "audio/amr", "amr"),
    (b"ID3", "audio/mpeg", "mp3"),
    (b"\xff\xfb", "audio/mpeg", "mp3"),
    (b"\xff\xf3", "audio/mpeg", "mp3"),
    (b"\xff\xf2", "audio/mpeg", "mp3"),
)


def sniffed(content: bytes) -> tuple[str, str]:
    """Content type and ending, by the first bytes; ("application/octet-stream", "bin") when unknown."""
    if content[4:8] == b"ftyp":
        return "video/mp4", "mp4"
    for head, content_type, ending in _HEADS:
        if content.startswith(head):
            return content_type, ending
    return "application/octet-stream", "bin"


def upload_of(sort: Sort, content: bytes, *, most: int | None = None) -> Upload:
    """The file as a form. Raises `Unfit` when it is empty, too big, or of another kind."""
    return _checked(_RULES[sort], content, most)


def picture_in_article(content: bytes) -> Upload:
    """A picture for the inside of an article as a form: jpg or png below 1 MB. Raises `Unfit`."""
    return _checked(IN_ARTICLE, content, None)


def _checked(rule: _Rule, content: bytes, most: int | None) -> Upload:
    not_empty(content, rule.name)
    at_most_bytes(content, rule.most if most is None else most, rule.name)
    content_type, ending = sniffed(content)
    if content_type not in rule.types:
        raise Unfit(f"{rule.name}要是 {'、'.join(rule.types)}，这里是 {content_type}。")
    return Upload(form_name="media", filename=f"media.{ending}", content=content, content_type=content_type)
