"""What changed between two revisions, sentence by sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from daxiang.domains.briefings.content import Content

_PIECE = re.compile(r"[^。！？；，\n]*[。！？；，\n]?")


class Change(NamedTuple):
    """At one place: what was there, what is there now; either may be empty."""

    place: str
    before: str
    after: str


def changes(before: Content, after: Content) -> list[Change]:
    """Every changed piece in the order of reading."""
    old, new = list(_pieces(before)), list(_pieces(after))
    found = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        place = new[b1][0] if b1 < b2 else old[a1][0]
        found.append(
            Change(place, "".join(text for _, text in old[a1:a2]), "".join(text for _, text in new[b1:b2]))
        )
    return found


def _pieces(content: Content) -> Iterator[tuple[str, str]]:
    for place, text in _texts(content):
        for piece in _PIECE.findall(text):
            if piece:
                yield place, piece


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    yield "标题", content.title
    yield "导语", content.teaser
    for section in content.sections:
        yield section.title, section.title
        for figure in section.figures:
            before = "" if figure.before is None else f"（上周{figure.before}）"
            yield section.title, f"{figure.name}{figure.count}{before}；"
        for article in section.articles:
            place = f"{section.title}·{article.title}"
            yield place, article.title
            for text in article.paragraphs:
                yield place, text
            for name in article.media:
                yield place, f"图片{name[:8]}；"
