"""Incidents (警情) as a file brings them: one row each, every fault said with its line. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from daxiang.domains.briefings.errors import IncidentsWrong
from daxiang.kernel.clock import SHANGHAI

COLUMNS = ("编号", "类别", "地点", "经度", "纬度", "时间", "等级", "经过")
IMPORTANT = 3
"""From this severity on an incident is told in words. 1: minor, 4: grave."""
LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One incident. `source_key`: its number in the system that it comes from; `lon`, `lat`: WGS-84, or None;
    `severity`: 1 to 4; `photos`: ids of the media library.
    """

    source_key: str
    kind: str
    place: str
    lon: float | None
    lat: float | None
    happened_at: datetime
    severity: int
    summary: str
    photos: tuple[str, ...] = ()


def read_incidents(data: bytes) -> tuple[Incident, ...]:
    """The incidents of a CSV file in UTF-8 or GB18030 whose first row names the columns. Raises
    `IncidentsWrong` with every line that is wrong, at most ten of them.
    """
    rows = csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)
    found, faults = [], []
    for number, row in _numbered(rows):
        if number == 1:
            if tuple(one.strip().lstrip("\ufeff") for one in row) != COLUMNS:
                raise IncidentsWrong(f"第1行要写列名：{'，'.join(COLUMNS)}。")
            continue
        if not any(one.strip() for one in row):
            continue
        try:
            found.append(_incident(row))
        except ValueError as error:
            faults.append(f"第{number}行：{error}")
    if faults:
        more = f"……共{len(faults)}行有错。" if len(faults) > 10 else ""
        raise IncidentsWrong("\n".join(faults[:10]) + more)
    return tuple(found)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise IncidentsWrong("文件的编码认不出，请存成 UTF-8 的 CSV。")


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            if number == 1:
                raise IncidentsWrong("文件是空的。") from None
            return
        except csv.Error as error:
            raise IncidentsWrong(f"第{number}行：引号没有配对，或者有不能出现的字符。") from error
        yield number, row


def _incident(row: list[str]) -> Incident:
    if len(row) != len(COLUMNS):
        raise ValueError(f"要有{len(COLUMNS)}列，这里有{len(row)}列。")
    key, kind, place, lon, lat, at, severity, summary = (one.strip() for one in row)
    for name, value in zip(COLUMNS, row, strict=True):
        if "\0" in value or len(value) > LONGEST:
            raise ValueError(f"{name}太长，或者有不能出现的字符。")
    if not key or not kind or not summary:
        raise ValueError("编号、类别、经过都要写。")
    if severity not in {"1", "2", "3", "4"}:
        raise ValueError(f"等级要写1到4，这里是“{severity[:10]}”。")
    if bool(lon) != bool(lat):
        raise ValueError("经度、纬度要写就一起写。")
    return Incident(
        source_key=key,
        kind=kind,
        place=place,
        lon=_degrees(lon, "经度", 180),
        lat=_degrees(lat, "纬度", 90),
        happened_at=_moment(at),
        severity=int(severity),
        summary=summary,
    )


def _degrees(text: str, name: str, most: float) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = most + 1
    if not -most <= value <= most:
        raise ValueError(f"{name}要写成度数，比如 114.30。")
    return value


def _moment(text: str) -> datetime:
    at: datetime | None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or not 2000 <= at.year <= 2099:
        raise ValueError(f"时间要写成 2026-11-24 08:30，这里是“{text[:20]}”。")
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)


def as_file(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows in the order of `COLUMNS` as a file that `read_incidents` takes."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([COLUMNS, *rows])
    return written.getvalue().encode()
