"""On which line of a TOML file a field is written. `tomllib` does not tell, and an editor needs to know."""

from __future__ import annotations

import re
from collections import Counter

_HEADER = re.compile(r"\s*(\[{1,2})\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_NAME = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_LONG = re.compile(r'"""|' + "'''")


def line_of(text: str, field: str) -> int:
    """The line, from 1, of a field such as `clause[2].who.plates`; of its table where it is not written.

    For text that TOML can read, written one field a line; what stands inside `{ … }` is on its table's line.
    """
    known = _lines(text)
    path = field
    while path:
        for written in (path, f"{path}[1]"):  # a list of tables is on the line of its first one
            if written in known:
                return known[written]
        path = path.rpartition(".")[0]
    return 1


def _lines(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    counts: Counter[str] = Counter()
    where, closes = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closes:
            closes = "" if closes in line else closes
            continue
        if header := _HEADER.match(line):
            where = _numbered(header[2].replace('"', ""), counts, is_list=header[1] == "[[")
            found.setdefault(where, number)
        elif key := _KEY.match(line):
            name = key[1].replace('"', "").replace("'", "").replace(" ", "")
            found.setdefault(f"{where}.{name}" if where else name, number)
            quotes = _LONG.findall(line)
            closes = quotes[0] if len(quotes) % 2 else ""
    return found


def _numbered(header: str, counts: Counter[str], *, is_list: bool) -> str:
    """`clause.who` behind the second `[[clause]]` is `clause[2].who`."""
    parts = [part.strip() for part in header.split(".")]
    told = ""
    for at, part in enumerate(parts):
        told = f"{told}.{part}" if told else part
        if is_list and at == len(parts) - 1:
            counts[told] += 1
        if counts[told]:
            told = f"{told}[{counts[told]}]"
    return told
