"""What an edition holds, and the bytes that are read, approved and sent: the same ones. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LARGEST = 200_000
"""Bytes of a whole edition."""


class SectionKind(StrEnum):
    FIGURES = "figures"  # 昨日数字
    INCIDENTS = "incidents"  # 重要警情
    NOTICE = "notice"  # 提醒和部署
    CLASSROOM = "classroom"  # 微信课堂：实战教学
    LAW = "law"  # 微信课堂：法律知识解读
    FUN = "fun"  # 轻松一刻
    HEALTH = "health"  # 健康提示
    CORRECTION = "correction"  # 更正
    MUST = "must"  # 人人要知道：读的人点“明白了”
    MAP = "map"  # 城市图


SATURDAY = (SectionKind.CLASSROOM, SectionKind.LAW, SectionKind.FUN, SectionKind.HEALTH)
"""What makes a Saturday edition the richer one, in its order."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number beside the same of the weekday a week ago; `before` None: nothing was recorded then."""

    name: str
    count: int
    before: int | None


@dataclass(frozen=True, kw_only=True)
class Point:
    """An incident on the drawing: WGS-84 degrees, 1 to 4, and its few words (empty: a mark only)."""

    lon: float
    lat: float
    severity: int
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Article:
    """A title and paragraphs of plain text; `media`: ids of the media library, in order."""

    title: str
    paragraphs: tuple[str, ...]
    media: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    kind: SectionKind
    title: str
    figures: tuple[Figure, ...] = ()
    articles: tuple[Article, ...] = ()
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Content:
    """A whole edition. `teaser`: the few lines that go out as the day's one message."""

    title: str
    teaser: str
    sections: tuple[Section, ...]


class ContentWrong(ValueError):
    """These bytes are no edition."""


def to_bytes(content: Content) -> bytes:
    """The one form of an edition: equal editions have equal bytes."""
    told = {
        "title": content.title,
        "teaser": content.teaser,
        "sections": [_section(one) for one in content.sections],
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_bytes(data: bytes) -> Content:
    """The edition that `to_bytes` gave. Raises `ContentWrong` for anything else."""
    try:
        told = json.loads(data)
        content = Content(
            title=_text(told["title"]),
            teaser=_text(told["teaser"]),
            sections=tuple(_read_section(one) for one in told["sections"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ContentWrong("这不是一份简报的内容。") from error
    if to_bytes(content) != data:
        raise ContentWrong("这不是一份简报的内容。")
    return content


def digest_of(data: bytes) -> bytes:
    """The fingerprint that an approval names: SHA-256, 32 bytes."""
    return hashlib.sha256(data).digest()


def texts_of(content: Content) -> list[tuple[str, str]]:
    """Every text with the place where it stands, for checks and for comparing."""
    found = [("标题", content.title), ("导语", content.teaser)]
    for section in content.sections:
        found.append((section.title, section.title))
        found += [(section.title, one.name) for one in section.figures]
        found += [(section.title, one.label) for one in section.points if one.label]
        for article in section.articles:
            found.append((f"{section.title}·{article.title}", article.title))
            found += [(f"{section.title}·{article.title}", text) for text in article.paragraphs]
    return found


def _section(section: Section) -> dict[str, Any]:
    points = [[one.lon, one.lat, one.severity, one.label] for one in section.points]
    return {
        **({"points": points} if points else {}),
        "kind": section.kind,
        "title": section.title,
        "figures": [[one.name, one.count, one.before] for one in section.figures],
        "articles": [
            {"title": one.title, "paragraphs": list(one.paragraphs), "media": list(one.media)}
            for one in section.articles
        ],
    }


def _read_section(told: Any) -> Section:
    return Section(
        kind=SectionKind(told["kind"]),
        title=_text(told["title"]),
        figures=tuple(
            Figure(name=_text(name), count=_count(count), before=None if before is None else _count(before))
            for name, count, before in told["figures"]
        ),
        articles=tuple(
            Article(
                title=_text(one["title"]),
                paragraphs=tuple(_text(text) for text in one["paragraphs"]),
                media=tuple(_text(text) for text in one["media"]),
            )
            for one in told["articles"]
        ),
        points=tuple(
            Point(lon=_degrees(lon), lat=_degrees(lat), severity=_count(severity), label=_text(label))
            for lon, lat, severity, label in told.get("points", ())
        ),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ContentWrong("文字不对。")
    return value


def _degrees(value: Any) -> float:
    if type(value) is not float or not -180 <= value <= 180:
        raise ContentWrong("坐标不对。")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ContentWrong("数字不对。")
    return value
