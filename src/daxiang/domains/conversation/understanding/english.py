"""English in the chat and on the website: the words of danger.

Everything else that is said in English is put into Chinese by `in_chinese`, and read as ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from daxiang.domains.conversation.meaning import Danger
from daxiang.domains.conversation.understanding import english_words as told
from daxiang.domains.conversation.understanding.english_numbers import numbers_in_chinese
from daxiang.domains.conversation.understanding.normal import normal

NONE: frozenset[Danger] = frozenset()
_IS_ENGLISH = re.compile(
    "[A-Z]{3}|[0-9] ?[AP]M(?![A-Z0-9])|EV(?![A-Z0-9])"
    "|(?<![A-Z0-9\u4e00-\u9fff])(?:AT|ON|IN) (?=[0-9]{1,2}(?![0-9]))"
)
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


_EDGES = r"(?<![A-Z0-9])(?:{})(?![A-Z0-9])"


def _words(spellings: str) -> str:
    return spellings.replace("_", " ")


_CHINESE = {f"w{number}": chinese for number, chinese in enumerate(told.SAID)}
_SAID = re.compile(
    _EDGES.format("|".join(f"(?P<w{n}>{_words(said)})" for n, said in enumerate(told.SAID.values())))
)
_SILENT = re.compile(_EDGES.format(_words(told.SILENT)))
_CROSSING = re.compile(r"(?:(?<![A-Z])([A-Z]+) )?(?<![A-Z])(TUNNEL|BRIDGE)S?(?![A-Z])")
_NAMELESS = re.compile(
    f"(?:{_words(told.SILENT)}|WHICH|ANY|ALL|BOTH|AND|OR|OPEN|CLOSED|TODAY|TONIGHT|TOMORROW|NOW|[A-Z]+DAY)"
)
_HOUR = re.compile(r"(?<![0-9A-Z:])([0-9]{1,2})(?:[:.]([0-9]{2}))? ?([AP])M(?![A-Z0-9])")
MOST_HOURS = 12


def may_be_english(line: str) -> bool:
    """Whether a normal line has anything that could be an English word."""
    return _IS_ENGLISH.search(line) is not None


def in_chinese(line: str, places: Mapping[str, str]) -> str:
    """A normal line with Chinese words for the English ones that are known.

    `places`: names of crossings and banks, English in normal spelling -> Chinese. What is not known stays.
    """
    if not may_be_english(line):
        return line
    said = _named(line, tuple(places.items()))
    said = numbers_in_chinese(_HOUR.sub(_hour, said))
    said = _CROSSING.sub(_crossing, said)
    said = _SAID.sub(lambda found: f" {_CHINESE[str(found.lastgroup)]} ", said)
    return normal(_SILENT.sub(" ", said)) if said != line else line


def _named(line: str, places: tuple[tuple[str, str], ...]) -> str:
    pattern = _places(places)
    if pattern is None:
        return line
    chinese = dict(places)
    return pattern.sub(lambda found: f" {chinese[found[0]]} ", line)


@lru_cache(maxsize=8)
def _places(places: tuple[tuple[str, str], ...]) -> re.Pattern[str] | None:
    names = sorted((re.escape(english) for english, _ in places), key=len, reverse=True)
    return re.compile(_EDGES.format("|".join(names))) if names else None


def _crossing(found: re.Match[str]) -> str:
    """The tunnels, the bridges; one with a name that is not known stays unread."""
    before, kind = found[1], found[2]
    if before is not None and not _NAMELESS.fullmatch(before):
        return found[0]
    return f"{before or ''} {'隧道' if kind == 'TUNNEL' else '过桥'} "


def _hour(found: re.Match[str]) -> str:
    hour, minutes = int(found[1]), found[2]
    if not 1 <= hour <= MOST_HOURS:
        return found[0]
    part = "凌晨" if found[3] == "A" and hour in {1, 2, 3, 4, 5, 12} else "上午" if found[3] == "A" else ""
    if found[3] == "P":
        part = "中午" if hour == MOST_HOURS else "下午" if hour < 6 else "晚上"
    shown = 0 if part == "凌晨" and hour == MOST_HOURS else hour
    return f" {part}{shown}点{f'{minutes}分' if minutes and minutes != '00' else ''} "
