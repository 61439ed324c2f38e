"""Foreign HTML made harmless: what is not on the list is dropped, what is left is written anew.

An article's content is written by whoever drafts it and read in the phone's own origin.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser

TAGS = frozenset(
    {"p", "br", "hr", "b", "strong", "i", "em", "u", "s", "sub", "sup", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"ul", "ol", "li", "blockquote", "img", "a", "section", "span", "div"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
)
EMPTY = frozenset({"br", "hr", "img"})
SWALLOWED = frozenset(
    {"script", "style", "iframe", "object", "svg", "math", "template", "noscript", "noembed", "noframes"}
    | {"textarea", "title", "xmp", "select"}
)
"""Tags whose content goes with them."""
ATTRIBUTES: dict[str, frozenset[str]] = {
    "img": frozenset({"alt"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
}
"""Attributes kept as they are; `src` and `href` are looked at."""
_END = re.compile(r"</(script|style)\b[^>]*>", re.IGNORECASE)
"""Also `</script x>` ends a script for a browser, not for every version of the standard library."""
_SCHEME, _SPACE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):"), re.compile(r"[\x00-\x20\x7f]")
"""A browser drops white space and control characters before it looks for the scheme."""
_ADDRESS = re.compile(r"(?:https?://|/(?![/\\]))[^\s\x00-\x20\\]*", re.IGNORECASE)


def is_address(value: object) -> bool:
    """Whether a value is an http or https address or a path of our own, and nothing that runs."""
    return isinstance(value, str) and _ADDRESS.fullmatch(value.strip()) is not None


def is_link(value: object) -> bool:
    """Whether a value may stand where a link may: nothing, or what has no scheme but http and https."""
    if not value:
        return True
    scheme = _SCHEME.match(_SPACE.sub("", value)) if isinstance(value, str) else None
    return isinstance(value, str) and (scheme is None or scheme[1].lower() in {"http", "https"})


def cleaned(content: str, is_picture: Callable[[str], bool] = is_address) -> str:
    """The content with allowed tags and addresses only, every open tag closed; again the same."""
    reader = _Cleaner(is_picture)
    reader.feed(_END.sub(r"</\1>", content))
    reader.close()
    return reader.text()


class _Cleaner(HTMLParser):
    def __init__(self, is_picture: Callable[[str], bool]) -> None:
        super().__init__(convert_charrefs=True)
        self._is_picture = is_picture
        self._written: list[str] = []
        self._open: list[str] = []
        self._swallowing: str | None = None

    def text(self) -> str:
        """What was kept."""
        return "".join([*self._written, *(f"</{tag}>" for tag in reversed(self._open))])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._swallowing is not None:
            return
        if tag in SWALLOWED:
            self._swallowing = tag
            return
        kept = self._kept(tag, attrs)
        if tag not in TAGS or (tag == "img" and not any(name == "src" for name, _ in kept)):
            return
        words = "".join(f' {name}="{html.escape(value)}"' for name, value in kept)
        self._written.append(f"<{tag}{words}>")
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._swallowing is not None:
            self._swallowing = None if tag == self._swallowing else self._swallowing
            return
        if tag not in self._open:
            return
        while (last := self._open.pop()) != tag:
            self._written.append(f"</{last}>")
        self._written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._swallowing is None:
            self._written.append(html.escape(data, quote=False))

    def _kept(self, tag: str, attrs: list[tuple[str, str | None]]) -> list[tuple[str, str]]:
        allowed, kept = ATTRIBUTES.get(tag, frozenset()), {}
        for name, value in attrs:
            held = (value or "").strip()
            is_link = tag == "a" and name == "href" and is_address(held)
            is_picture = tag == "img" and name == "src" and is_address(held) and self._is_picture(held)
            if name not in kept and (name in allowed or is_link or is_picture):
                kept[name] = held
        return list(kept.items())
