"""The parts of speech that a text is cut into, and the form in which a module tells its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import NamedTuple, TypeVar

Value = TypeVar("Value")


class Part(IntEnum):
    """What a piece of the text is."""

    UNREAD = 0
    FILLER = 1  # says nothing that could change an answer
    ASK = 2  # says that the text asks about driving: 能走吗, 限行
    TOPIC = 3
    DAY = 4
    PERIOD = 5  # a named part of the day: 晚上, 早高峰
    CLOCK = 6
    NOW = 7
    FROM_ON = 8  # 以后, behind an hour
    UNTIL = 9  # 以前, behind an hour
    TO = 10  # 到, 至, -
    PLACE = 11
    BANK = 12
    AREA = 13  # the end of a name: 医院, 火车站
    CITY = 14
    PLATE = 15
    TAIL = 16
    LETTER = 17
    NUMBER = 18  # figures of which only the rest of the text tells what they are
    KIND = 19  # what kind of vehicle
    AND = 20
    LEAN = 21  # marks a follow-up: 那, 呢, 换成
    NOT = 22
    ORIGIN = 23  # 从, 由
    TOWARDS = 24  # 去, 到
    SMALL = 25
    WISH = 26
    BREAK = 27
    ODD = 28  # 单号, 双号: parity instead of a digit
    DELAY = 29  # 半小时后: minutes from now


class Token(NamedTuple):
    """A piece [start, end) of the normalised text and what it means."""

    part: Part
    value: object
    start: int
    end: int

    def as_a(self, kind: type[Value]) -> Value:
        """The value, of the kind that a token of this part carries."""
        if not isinstance(self.value, kind):
            raise TypeError(f"{self.part.name} carries no {kind.__name__}")
        return self.value


Meaning = tuple[Part, object]
Words = Mapping[str, Meaning]
"""Spelling (normalised) -> what it is."""

Found = tuple[Part, object, int]
"""What a pattern found, and where it ends."""

Reader = Callable[[str, int, int], Found | None]
"""Reads `text` from a position on, not beyond a limit; None when there is nothing of its kind."""

Readers = Mapping[str, Reader]
"""The signs that a reader's finds can begin with, in one string -> the reader."""


def spellings(text: str) -> frozenset[str]:
    """The words of a table, parted by blanks."""
    return frozenset(text.split())


def words(part: Part, value: object, text: str) -> dict[str, Meaning]:
    """All of these spellings, parted by blanks, with one meaning."""
    return dict.fromkeys(text.split(), (part, value))
