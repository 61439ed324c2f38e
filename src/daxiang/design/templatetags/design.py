"""Template words for the shared pieces: a symbol, a headline that breaks where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_PAUSE = re.compile(r"(?=都能走|(?<!不)(?<!都)能走|不能走|不确定|要看情况|封闭)|(?<=[；，])")


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
    parts = [conditional_escape(part) for part in _PAUSE.split(text)]
    return mark_safe("<wbr>".join(parts))  # noqa: S308 (each part was escaped just above)
