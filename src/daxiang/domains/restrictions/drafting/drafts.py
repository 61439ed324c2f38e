"""A proposed card: tables of lines, each with the sentences that it came from, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from daxiang.domains.restrictions.drafting.findings import Found, Reading, Unread
from daxiang.domains.restrictions.drafting.sentences import Sentence
from daxiang.domains.restrictions.fields import NOT_ON_RECORD

Value = str | int | float | bool | datetime | date | tuple[str, ...] | tuple[int, ...]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field. `missing`: what a person must write; `note`: beside a value that no sentence gave."""

    key: str
    value: Value = ""
    sentences: tuple[Sentence, ...] = ()
    missing: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A TOML table; an empty header is the top of the file."""

    header: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """Something that is said and is in no field: a person writes it in, or says that it does not matter."""

    what: str
    sentence: Sentence | None = None

    @property
    def text(self) -> str:
        return f"第{self.sentence.number}句：{self.what}" if self.sentence else self.what


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A card as far as a notice says it. `untouched`: the sentences from which nothing was taken."""

    tables: tuple[Table, ...]
    leftovers: tuple[Leftover, ...]
    untouched: tuple[Sentence, ...]

    @property
    def lines(self) -> Iterator[Line]:
        for table in self.tables:
            yield from table.lines

    @property
    def read(self) -> tuple[Line, ...]:
        """The fields that were read from a sentence."""
        return tuple(line for line in self.lines if line.sentences and line.missing is None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that a person must write, by table and name."""
        return tuple(
            f"{table.header.strip('[]')}.{line.key}".lstrip(".")
            for table in self.tables
            for line in table.lines
            if line.missing is not None
        )


def filled(key: str, reading: Reading[T], *, wanted: str, value: Value | None = None) -> Line:
    """A field that a card must have: as read, or blank for a person; `value` in place of the one read."""
    if isinstance(reading, Found):
        return Line(
            key=key, value=_plain(reading.value) if value is None else value, sentences=reading.sentences
        )
    if isinstance(reading, Unread):
        return Line(key=key, missing=f"{reading.why}；{wanted}", sentences=reading.sentences)
    return Line(key=key, missing=wanted)


def silent(key: str, reading: Reading[T], *, note: str) -> Line:
    """A field that may say "unknown" where the notice says nothing."""
    if reading is None:
        return Line(key=key, value=NOT_ON_RECORD, note=note)
    return filled(key, reading, wanted=f'照原文写，真没写才写 "{NOT_ON_RECORD}"')


def optional(key: str, reading: Reading[T], *, wanted: str) -> tuple[Line, ...]:
    """A field that is left out where the notice says nothing."""
    return () if reading is None else (filled(key, reading, wanted=wanted),)


def sentences_in(lines: Sequence[Line]) -> set[int]:
    """The numbers of the sentences that these lines look at."""
    return {one.number for line in lines for one in line.sentences}


def _plain(value: object) -> Value:
    if isinstance(value, str | int | float | datetime | date | tuple):
        return value
    raise TypeError(f"not a value of a card: {value!r}")
