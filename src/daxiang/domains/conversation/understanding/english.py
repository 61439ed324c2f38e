"""English in the chat and on the website: the words of danger.

Everything else that is said in English is put into Chinese by `in_chinese`, and read as ever.
"""

from __future__ import annotations

import re

from daxiang.domains.conversation.meaning import Danger
from daxiang.domains.conversation.understanding import english_words as told

NONE: frozenset[Danger] = frozenset()
_IS_ENGLISH = re.compile("[A-Z]{3}")
_LESSER = {Danger.BREAKDOWN, Danger.HAZARD}


def _any(table: str) -> re.Pattern[str]:
    """Any of a table's patterns, as whole words."""
    return re.compile(rf"\b(?:{'|'.join(table.split())})\b".replace("_", " "))


_HARMLESS = _any(told.HARMLESS)
_TABLES = {
    Danger.FIRE: told.FIRE,
    Danger.CRASH: told.CRASH,
    Danger.INJURY: told.INJURY,
    Danger.WATER: told.WATER,
    Danger.CRIME: told.CRIME,
    Danger.BREAKDOWN: told.BREAKDOWN,
    Danger.HAZARD: told.HAZARD,
}
_EACH = tuple((danger, _any(table)) for danger, table in _TABLES.items())
_ANY = _any(" ".join(_TABLES.values()))


def dangers_of(line: str) -> frozenset[Danger]:
    """The dangers that a normal line (`normal`) speaks of in English."""
    if not _IS_ENGLISH.search(line) or not _ANY.search(line):
        return NONE
    left = _HARMLESS.sub("+", line)
    found = frozenset(danger for danger, pattern in _EACH if pattern.search(left))
    return (found - _LESSER) or found
