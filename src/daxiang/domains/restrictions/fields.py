"""Reading a pack's TOML strictly: a wrong or unknown field is named, with what would be right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from daxiang.domains.restrictions.errors import PackWrong
from daxiang.domains.restrictions.positions import line_of
from daxiang.kernel.clock import SHANGHAI

NOT_ON_RECORD = "unknown"
"""What a clerk writes where a fact is not on record, so that a forgotten field never looks like one."""

YEARS = range(1990, 2100)
"""The years that can be asked about, and so those in which a card can begin or end."""

_PART_OF_A_DATE = re.compile(r"([12][0-9]{3})(?:-([0-9]{2}))?")

_AT_LINE = re.compile(r"at line (\d+)")

Choice = TypeVar("Choice", bound=StrEnum)
LARGEST = 1 << 20
"""Bytes of one file of a pack."""


class Fields:
    """The fields of one TOML table. Each is taken once; `done` refuses what was never asked for."""

    def __init__(self, table: Mapping[str, Any], *, file: str, text: str = "", where: str = "") -> None:
        self._table, self._file, self._text, self._where = table, file, text, where
        self._taken: set[str] = set()

    @classmethod
    def of_file(cls, path: Path, *, file: str) -> Fields:
        """The top table of a file, named `file` in errors."""
        if path.exists() and not (path.is_file() and path.stat().st_size <= LARGEST):
            raise PackWrong(f"{file}：要是一个普通的文件，最大{LARGEST // 1024}KB。", file=file)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise PackWrong(f"{file}：缺这个文件。", file=file) from None
        except UnicodeDecodeError as error:
            raise PackWrong(f"{file}：不是 UTF-8 的 TOML 文件（{error}）。", file=file) from error
        try:
            return cls(tomllib.loads(text), file=file, text=text)
        except tomllib.TOMLDecodeError as error:
            raise _not_toml(error, file=file, text=text) from error
        except (RecursionError, ValueError) as error:
            raise PackWrong(f"{file}：括号套得太深，或者数字太长，读不了。", file=file) from error

    def wrong(self, key: str, right: str) -> NoReturn:
        """Refuse this field, saying on which line it is and what would be right."""
        self.refuse(self._where + key, right)

    def refuse(self, field: str, sentence: str) -> NoReturn:
        """Refuse the file for what is wrong at this field of it, in a sentence that goes on from its name."""
        line = line_of(self._text, field)
        raise PackWrong(
            f"{self._file}：第{line}行，{field} {sentence}。", file=self._file, line=line, field=field
        )

    def done(self) -> None:
        """Refuse any field that nobody asked for: a slip of the pen must not silently change a rule."""
        for key in self._table:
            if key not in self._taken:
                self.wrong(key, f"没有这个字段，可写的有：{'、'.join(sorted(self._taken))}")

    def text(self, key: str) -> str:
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "要写成一段不空的文字")
        return value

    def text_or_unknown(self, key: str) -> str | None:
        """A text, or None where the clerk wrote "unknown"."""
        value = self.text(key)
        return None if value == NOT_ON_RECORD else value

    def count_or_unknown(self, key: str) -> int | None:
        """A whole number from 0, or None where the clerk wrote "unknown"."""
        value = self._take(key)
        if value == NOT_ON_RECORD:
            return None
        if type(value) is not int or value < 0:
            self.wrong(key, f'要写成不小于0的整数，没查到就写 "{NOT_ON_RECORD}"')
        return value

    def count_between(self, key: str, *, low: int, high: int) -> int | None:
        """A whole number between two bounds, or None where the field is left out."""
        if not self.has(key):
            return None
        if type(value := self._take(key)) is not int or not low <= value <= high:
            self.wrong(key, f"要写成{low}到{high}之间的整数")
        return value

    def count(self, key: str) -> int:
        value = self._take(key)
        if type(value) is not int or value < 0:
            self.wrong(key, "要写成不小于0的整数")
        return value

    def number(self, key: str, *, low: float, high: float) -> float:
        value = self._take(key)
        if type(value) not in (int, float) or not low <= value <= high:
            self.wrong(key, f"要写成{low:g}到{high:g}之间的数")
        return float(value)

    def flag(self, key: str) -> bool:
        value = self._take(key)
        if not isinstance(value, bool):
            self.wrong(key, "要写成 true 或 false")
        return value

    def flag_or_unknown(self, key: str) -> bool | None:
        """true or false, or None where the clerk wrote "unknown"."""
        value = self._take(key)
        if value == NOT_ON_RECORD:
            return None
        if not isinstance(value, bool):
            self.wrong(key, f'要写成 true 或 false，没查到就写 "{NOT_ON_RECORD}"')
        return value

    def count_if_any(self, key: str) -> int | None:
        """A whole number from 0, or None where the field is left out."""
        return self.count(key) if self.has(key) else None

    def text_if_any(self, key: str) -> str | None:
        """A text, or None where the field is left out."""
        return self.text(key) if self.has(key) else None

    def day(self, key: str) -> date:
        value = self._take(key)
        if type(value) is not date:
            self.wrong(key, "要写成日期，比如 2025-12-09")
        return value

    def instant(self, key: str) -> datetime:
        """A moment in Beijing time, written without an offset. A bare date is refused: the hour matters."""
        value = self._take(key)
        if not isinstance(value, datetime) or value.tzinfo is not None:
            self.wrong(key, "要写成北京时间，到分秒，比如 2019-11-02T00:00:00")
        if value.year not in YEARS:
            self.wrong(key, f"要在{YEARS[0]}年到{YEARS[-1]}年之间")
        return value.replace(tzinfo=SHANGHAI)

    def instant_or(self, key: str, word: str) -> datetime | None:
        """A moment, or None where the clerk wrote this word."""
        if self._table.get(key) == word:
            self._taken.add(key)
            return None
        return self.instant(key)

    def day_as_far_as_known(self, key: str) -> tuple[date, str]:
        """A day, or "2021" or "2021-08" where no more is known: the first day it can be, and its words."""
        value = self._table.get(key)
        if not isinstance(value, str):
            found = self.day(key)
            return found, str(found)
        self._taken.add(key)
        match = _PART_OF_A_DATE.fullmatch(value)
        if not match or not 1 <= int(match[2] or 1) <= 12:
            self.wrong(key, '要写成日期，比如 2025-12-09；只知道年月就写 "2021" 或 "2021-08"')
        month = int(match[2] or 1)
        return date(int(match[1]), month, 1), f"{match[1]}年{month}月" if match[2] else f"{match[1]}年"

    def points(self, key: str) -> tuple[tuple[float, float], ...]:
        """A line of [longitude, latitude] pairs, two at least."""
        value = self._take(key)
        if (
            not isinstance(value, list)
            or len(value) < 2
            or not all(
                isinstance(point, list)
                and len(point) == 2
                and all(type(one) in (int, float) and -180 <= one <= 180 for one in point)
                for point in value
            )
        ):
            self.wrong(key, "要写成一串点，比如 [[114.28, 30.54], [114.30, 30.57]]")
        return tuple((float(lon), float(lat)) for lon, lat in value)

    def has(self, key: str) -> bool:
        """Whether this field is written; one that may be left out is asked for only then."""
        self._taken.add(key)
        return key in self._table

    def names(self) -> tuple[str, ...]:
        """The fields as written, for a table whose keys are the pack's own words."""
        return tuple(self._table)

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        value = self._take(key)
        is_list = isinstance(value, list) and all(
            isinstance(item, str) and item and item == item.strip() for item in value
        )
        if not is_list or (not value and not may_be_empty):
            self.wrong(key, '要写成一列文字，比如 ["changjiang-bridge"]')
        if len(set(value)) != len(value):
            self.wrong(key, "里有重复的项")
        return tuple(value)

    def whole_numbers(self, key: str, *, low: int, high: int) -> frozenset[int]:
        """A list of whole numbers between two bounds, each once."""
        value = self._take(key)
        is_list = isinstance(value, list) and all(type(one) is int and low <= one <= high for one in value)
        if not is_list or not value:
            self.wrong(key, f"要写成一列{low}到{high}之间的整数，比如 [{low}, {low + 5}]")
        if len(set(value)) != len(value):
            self.wrong(key, "里有重复的项")
        return frozenset(value)

    def digits(self, key: str) -> frozenset[int]:
        """A list of tails, each a digit from 0 to 9."""
        return self.whole_numbers(key, low=0, high=9)

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        return self._choose(key, self.text(key), choices)

    def choices(self, key: str, choices: type[Choice], *, may_be_empty: bool = False) -> tuple[Choice, ...]:
        words = self.texts(key, may_be_empty=may_be_empty)
        return tuple(self._choose(key, word, choices) for word in words)

    def table(self, key: str) -> Fields:
        value = self._take(key)
        if not isinstance(value, dict):
            self.wrong(key, "要写成一段（表）")
        return Fields(value, file=self._file, text=self._text, where=f"{self._where}{key}.")

    def tables(self, key: str, *, may_be_missing: bool = False) -> tuple[Fields, ...]:
        """A `[[key]]` list; counted from 1 in errors, as a reader counts."""
        if may_be_missing and key not in self._table:
            self._taken.add(key)
            return ()
        value = self._take(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            self.wrong(key, f"要写成 [[{key}]] 开头的一段或几段")
        return tuple(
            Fields(item, file=self._file, text=self._text, where=f"{self._where}{key}[{number}].")
            for number, item in enumerate(value, start=1)
        )

    def _take(self, key: str) -> Any:
        self._taken.add(key)
        if key not in self._table:
            self.wrong(key, "没有写")
        return self._table[key]

    def _choose(self, key: str, word: str, choices: type[Choice]) -> Choice:
        try:
            return choices(word)
        except ValueError:
            self.wrong(key, f"不能写 {word!r}，可写的有：{'、'.join(choices)}")


def _not_toml(error: tomllib.TOMLDecodeError, *, file: str, text: str) -> PackWrong:
    """A file that TOML cannot read, with the line on which reading stopped."""
    found = _AT_LINE.search(str(error))
    line = int(found[1]) if found else text.count("\n") + 1
    sentence = f"不是 UTF-8 的 TOML 文件：文字要放在引号里，一段和一个字段都只写一次（{error}）"
    return PackWrong(f"{file}：第{line}行，{sentence}。", file=file, line=line)
