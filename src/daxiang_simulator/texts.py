"""Checks of the words that come in by the API, before they reach XML or the database."""

from __future__ import annotations

import re

_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 §2.2 cannot carry; lone surrogates are among it, which SQLite cannot hold either."""


class BadRequest(Exception):
    """What was asked cannot be understood; the message is one clear sentence for the person who asked."""


def fit_text(value: object, name: str, *, longest: int) -> str:
    """`value` as a text that XML and the database can hold. Raises BadRequest, naming `name`."""
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{name} 要是一段不空的文字。")
    if len(value) > longest:
        raise BadRequest(f"{name} 太长，最多 {longest} 个字。")
    if _UNFIT.search(value):
        raise BadRequest(f"{name} 里有 XML 装不下的字符。")
    return value
