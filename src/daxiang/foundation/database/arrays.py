"""Whole columns as PostgreSQL's binary arrays: what a batch sends, built in one pass.

psycopg adapts a list element by element in Python, some 2 µs each; a batch of messages has a dozen columns,
so that alone would cost as much as opening and sealing the messages. The wire form is PostgreSQL's own
(`array_recv`): dimensions, a flag for nulls, the element's type, then each element with its length.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

_length = struct.Struct(">i").pack
_moment = struct.Struct(">iq").pack
_day = struct.Struct(">ii").pack
_head = struct.Struct(">iiIii").pack
_NULL = _length(-1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(2000, 1, 1).toordinal()


class ByteaArray(bytes):
    """`bytea[]`"""


class TextArray(bytes):
    """`text[]`"""


class MomentArray(bytes):
    """`timestamptz[]`"""


class DayArray(bytes):
    """`date[]`"""


def _array(element_oid: int, count: int, parts: Iterable[bytes]) -> bytes:
    if not count:
        return struct.pack(">iiI", 0, 0, element_oid)
    return _head(1, 1, element_oid, count, 1) + b"".join(parts)


def bytea_array(values: Sequence[bytes]) -> ByteaArray:
    """The values as one `bytea[]`."""
    return ByteaArray(_array(17, len(values), [_length(len(value)) + value for value in values]))


def text_array(values: Sequence[str | None]) -> TextArray:
    """The values as one `text[]`; None is null."""
    encoded = [None if value is None else value.encode() for value in values]
    parts = [_NULL if value is None else _length(len(value)) + value for value in encoded]
    return TextArray(_array(25, len(values), parts))


def moment_array(values: Sequence[datetime | None]) -> MomentArray:
    """Aware instants as one `timestamptz[]`, exact to the microsecond; None is null."""
    parts = [_NULL if value is None else _moment(8, _microseconds(value)) for value in values]
    return MomentArray(_array(1184, len(values), parts))


def day_array(values: Sequence[date]) -> DayArray:
    """The days as one `date[]`."""
    return DayArray(_array(1082, len(values), [_day(4, day.toordinal() - _FIRST_DAY) for day in values]))


def _microseconds(instant: datetime) -> int:
    since = instant - _EPOCH
    return (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds


class _Ready(Dumper):
    """The bytes are the binary form already."""

    format = Format.BINARY

    def dump(self, obj: bytes) -> Buffer:
        return obj


class _Bytea(_Ready):
    oid = 1001


class _Text(_Ready):
    oid = 1009


class _Moment(_Ready):
    oid = 1185


class _Day(_Ready):
    oid = 1182


for _kind, _dumper in ((ByteaArray, _Bytea), (TextArray, _Text), (MomentArray, _Moment), (DayArray, _Day)):
    psycopg.adapters.register_dumper(_kind, _dumper)
