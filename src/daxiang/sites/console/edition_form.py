"""An edition as a form: sections and articles by their places, and back again. Pure.

Figures and the drawing are the machine's: they are taken over from the text that the form was made of, so
that nobody writes another number by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from daxiang.domains.briefings.compose import TITLES, TO_WRITE
from daxiang.domains.briefings.content import Article, Content, Section, SectionKind

MOST_SECTIONS, MOST_ARTICLES, MOST_MEDIA = 20, 30, 9
NAMES = {
    SectionKind.FIGURES: "昨日数字",
    SectionKind.INCIDENTS: "重要警情",
    SectionKind.NOTICE: "今天要注意",
    SectionKind.MUST: "人人要知道",
    SectionKind.CORRECTION: "更正",
    SectionKind.MAP: "城市图",
    **TITLES,
}
ADDABLE = (SectionKind.NOTICE, SectionKind.MUST, *TITLES)
"""What a person may add; the others are the machine's."""
MOST_TITLE = 64
_ID = re.compile(r"[0-9a-f]{64}")

Values = Callable[[str], str]
"""What the form says under a name; empty for what it does not say."""


def read_form(say: Values, base: Content) -> Content:
    """The text as the form has it; `base`: the one that the form was made of."""
    sections = []
    for place in range(MOST_SECTIONS):
        if not say(f"s{place}.kind"):
            break
        sections.append(_section(say, place, base))
    return Content(title=_line(say("title")), teaser=_line(say("teaser")), sections=tuple(sections))


def changed(content: Content, deed: str) -> Content:
    """The text after one of the form's buttons: `add:notice`, `up:2`, `down:2`, `drop:2`, `article:2`,
    `drop-article:2:0`. What is not understood changes nothing.
    """
    name, _, rest = deed.partition(":")
    sections = list(content.sections)
    numbers = [int(one) for one in rest.split(":") if one.isascii() and one.isdecimal() and len(one) < 4]
    at = numbers[0] if numbers else -1
    if name == "add" and rest in ADDABLE and len(sections) < MOST_SECTIONS:
        kind = SectionKind(rest)
        sections.append(Section(kind=kind, title=NAMES[kind], articles=(Article(title="", paragraphs=()),)))
    elif not 0 <= at < len(sections):
        return content
    elif name == "up" and at > 0:
        sections[at - 1], sections[at] = sections[at], sections[at - 1]
    elif name == "down" and at + 1 < len(sections):
        sections[at + 1], sections[at] = sections[at], sections[at + 1]
    elif name == "drop":
        del sections[at]
    elif name == "article" and len(sections[at].articles) < MOST_ARTICLES:
        more = (*sections[at].articles, Article(title="", paragraphs=()))
        sections[at] = replace(sections[at], articles=more)
    elif name == "drop-article" and len(numbers) == 2:
        left = [one for place, one in enumerate(sections[at].articles) if place != numbers[1]]
        sections[at] = replace(sections[at], articles=tuple(left))
    return replace(content, sections=tuple(sections))


def with_contribution(content: Content, words: str, unit: str) -> Content:
    """The text with what an officer handed in, as one more article of the classroom (made where there is
    none); of her the unit is told.
    """
    fresh = Article(title=f"{unit}投稿"[:MOST_TITLE], paragraphs=tuple(words.split("\n")))
    sections = list(content.sections)
    at = next((n for n, one in enumerate(sections) if one.kind is SectionKind.CLASSROOM), None)
    if at is None:
        kind = SectionKind.CLASSROOM
        sections.append(Section(kind=kind, title=NAMES[kind], articles=(fresh,)))
    else:
        written = [one for one in sections[at].articles if one.paragraphs or one.title != TO_WRITE]
        sections[at] = replace(sections[at], articles=(*written, fresh))
    return replace(content, sections=tuple(sections))


def shown(content: Content, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """The sections as the page's fields. `titles`: of the media, by their ids."""
    return [
        {
            "place": place,
            "kind": section.kind.value,
            "name": NAMES.get(section.kind, section.title),
            "title": section.title,
            "is_machine": section.kind in (SectionKind.FIGURES, SectionKind.MAP),
            "figures": section.figures,
            "points": len(section.points),
            "is_first": place == 0,
            "is_last": place == len(content.sections) - 1,
            "articles": [
                {
                    "place": number,
                    "title": article.title,
                    "text": "\n\n".join(article.paragraphs),
                    "media": [
                        {"place": at, "id": name, "title": titles.get(name, name[:8])}
                        for at, name in enumerate(article.media)
                    ],
                }
                for number, article in enumerate(section.articles)
            ],
        }
        for place, section in enumerate(content.sections)
    ]


def _section(say: Values, place: int, base: Content) -> Section:
    prefix = f"s{place}"
    kind = say(f"{prefix}.kind")
    source = _source(say(f"{prefix}.from"), base.sections)
    kept = Section(
        kind=SectionKind(kind) if kind in frozenset(SectionKind) else SectionKind.NOTICE,
        title=_line(say(f"{prefix}.title")),
    )
    articles = []
    for number in range(MOST_ARTICLES):
        if not say(f"{prefix}.a{number}.is"):
            break
        articles.append(_article(say, f"{prefix}.a{number}"))
    if source is not None and source.kind is kept.kind:
        kept = replace(kept, figures=source.figures, points=source.points)
    return replace(kept, articles=tuple(articles))


def _source(number: str, sections: Sequence[Section]) -> Section | None:
    is_number = number.isascii() and number.isdecimal() and len(number) < 4
    return sections[int(number)] if is_number and int(number) < len(sections) else None


def _article(say: Values, prefix: str) -> Article:
    text = say(f"{prefix}.text").replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = tuple(one.strip() for one in re.split(r"\n\s*\n", text) if one.strip())
    chosen = [say(f"{prefix}.m{number}") for number in range(MOST_MEDIA)] + [say(f"{prefix}.add")]
    media = tuple(dict.fromkeys(one for one in chosen if _ID.fullmatch(one)))[:MOST_MEDIA]
    return Article(title=_line(say(f"{prefix}.title")), paragraphs=paragraphs, media=media)


def _line(words: str) -> str:
    return " ".join(words.split())
