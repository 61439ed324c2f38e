"""Template words for the shared pieces: a symbol, a headline that breaks where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_PAUSE = re.compile(r"(?=都能走|(?<!不)(?<!都)能走|不能走|不确定|要看情况|封闭)|(?<=[；，])")

_ONE_PIECE = re.compile(
    r"(\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}–\d{1,2}:\d{2}|\d{1,2}–\d{1,2}点"
    r"|\d{1,2}日（周.）(?:\d{1,2}:\d{2})?|[0-9A-Z]{5} 按\d算|\d for [0-9A-Z]{5})"
)
"""A date, hours, a day with its weekday, an example of a plate with what it counts as."""


@register.simple_tag
def symbol(tone: str) -> SafeString:
    """One of the four answers as a drawing; the word beside it says the same, so readers skip it."""
    return format_html(
        '<svg class="sym is-{0}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<use href="#s-{0}"/></svg>',
        tone,
    )


@register.filter
def tone(words: Mapping[str, str], name: str) -> str:
    """The word of one of the four answers, of a table of words in the page's language."""
    return words[name]


@register.filter
def breakable(text: str) -> SafeString:
    """Allow a line break before the verdict and after a clause; with `word-break: keep-all` nowhere else."""
    return mark_safe("<wbr>".join(whole(part) for part in _PAUSE.split(text)))  # noqa: S308 (escaped by `whole`)


@register.filter
def whole(text: str) -> SafeString:
    """Keep a date (2026-11-24), hours (7:00–22:00) and the like in one piece: broken, they read as others."""
    parts: list[str] = [conditional_escape(part) for part in _ONE_PIECE.split(str(text))]
    parts[1::2] = [f'<span class="nb">{part}</span>' for part in parts[1::2]]
    return mark_safe("".join(parts))  # noqa: S308 (each part was escaped just above)
