"""The roll of officers as a file brings it, and the codes by which they bind themselves. Pure."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from daxiang.domains.officers.errors import RollWrong

COLUMNS = ("警号", "姓名", "单位", "职务", "电话")
LONGEST = 60
MOST_LEVELS = 4
_NUMBER = re.compile(r"[0-9A-Za-z]{3,12}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}")
KINDS = ("支队", "大队", "中队", "室", "科", "所")
"""What a unit's name may end in; any other is told as 单位."""

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None that is taken for another."""
CODE_SIGNS = 8
CODE_FOR = timedelta(minutes=10)
MOST_TRIES = 10
TRIES_COUNT_FOR = timedelta(hours=1)
_CODE = re.compile(rf"(绑定)?\s*[:：]?\s*([{_SIGNS}]{{4}})[- ]?([{_SIGNS}]{{4}})")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One officer of a file. `line`: where she stands in it; `unit`: names from the top down."""

    line: int
    number: str
    name: str
    unit: tuple[str, ...]
    rank: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A line that could not be taken, and why."""

    line: int
    why: str


def read_roll(data: bytes) -> list[Listed | Refused]:
    """Every line of a CSV file in UTF-8 or GB18030, in its order; blank lines are left out. Raises
    `RollWrong` when it is no such file at all.
    """
    rows = csv.reader(io.StringIO(_decoded(data), newline=""))
    found: list[Listed | Refused] = []
    seen: set[str] = set()
    for line, row in _numbered(rows):
        if line == 1:
            if tuple(one.strip() for one in row) != COLUMNS:
                raise RollWrong(f"第1行要写列名：{'，'.join(COLUMNS)}。")
            continue
        if not any(one.strip() for one in row):
            continue
        one = _listed(line, [_plain(value) for value in row])
        if isinstance(one, Listed) and one.number in seen:
            one = Refused(line=line, why=f"警号{one.number}前面已经有了。")
        if isinstance(one, Listed):
            seen.add(one.number)
        found.append(one)
    return found


def kind_of(name: str) -> str:
    """What kind of unit a name says it is."""
    return next((kind for kind in KINDS if name.endswith(kind)), "单位")


def new_code() -> str:
    """A code for one binding: 39 bits."""
    return "".join(secrets.choice(_SIGNS) for _ in range(CODE_SIGNS))


def code_in(words: str) -> str | None:
    """The code that a message holds and nothing else, with or without 绑定 before it; None without one."""
    found = _CODE.fullmatch(words.strip().upper())
    return None if found is None else found[2] + found[3]


def is_binding(words: str) -> bool:
    """Whether the message wants to bind, with a code or without a good one."""
    return words.strip().startswith("绑定") or code_in(words) is not None


def veiled(name: str) -> str:
    """A name as others may read it: 王*."""
    return f"{name[:1]}*"


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RollWrong("文件的编码认不出，请存成 UTF-8 的 CSV。")


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    line = 0
    while True:
        line += 1
        try:
            row = next(rows)
        except StopIteration:
            if line == 1:
                raise RollWrong("文件是空的。") from None
            return
        except csv.Error as error:
            raise RollWrong(f"第{line}行读不了：引号没有配对，或者有不能出现的字符。") from error
        yield line, row


def _plain(value: str) -> str:
    """Without what a spreadsheet puts before a value so that it is no formula."""
    return value.strip().removeprefix("'").strip()


def _listed(line: int, row: list[str]) -> Listed | Refused:
    if len(row) != len(COLUMNS):
        return Refused(line=line, why=f"要有{len(COLUMNS)}列，这里有{len(row)}列。")
    number, name, path, rank, phone = row
    fault = _fault(number, name, path, rank, phone)
    if fault is not None:
        return Refused(line=line, why=fault)
    unit = tuple(part.strip() for part in path.split("/"))
    return Listed(line=line, number=number.upper(), name=name, unit=unit, rank=rank, phone=phone)


def _fault(number: str, name: str, path: str, rank: str, phone: str) -> str | None:
    if any(len(one) > LONGEST or not one.isprintable() for one in (number, name, path, rank, phone)):
        return f"有一格太长（最多{LONGEST}字），或者有不能出现的字符。"
    if not _NUMBER.fullmatch(number):
        return "警号要写3到12位数字或字母。"
    if not name:
        return "姓名要写。"
    if any(one.startswith(("=", "+", "@")) for one in (name, path, rank)):
        return "姓名、单位、职务不能以 = + @ 开头：表格软件会当成公式。"
    parts = path.split("/")
    if not all(part.strip() for part in parts) or len(parts) > MOST_LEVELS:
        return f"单位要写，上下级用“/”隔开，最多{MOST_LEVELS}级，比如：洪山大队/一中队。"
    if phone and not _PHONE.fullmatch(phone):
        return "电话只写数字，可以空着。"
    return None
