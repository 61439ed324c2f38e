"""The line of a field in a card's file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daxiang.domains.restrictions.positions import line_of

CITIES = Path(__file__).resolve().parents[2] / "cities"
FILES = sorted(CITIES.glob("*/*.toml")) + sorted(CITIES.glob("*/restrictions/*.toml"))
TEXT = '''id = "T-1"

[validity]
from = 2026-01-01T00:00:00
[[clause]]
says = """
from = nothing
"""
who = { classes = ["x"] }
[[clause]]
[clause.tail]
rule = "rotation"
[[clause.tail.period]]
from = 2026-01-01
[[clause.tail.period]]
from = 2026-04-01
'''


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every field that is written, as errors name it, and its last name."""
    for key, inner in value.items():
        here = f"{path}.{key}" if path else key
        if isinstance(inner, dict):
            yield from leaves(inner, here)
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
            for number, item in enumerate(inner, start=1):
                yield from leaves(item, f"{here}[{number}]")
        else:
            yield here, key


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-2]}/{path.name}")
def test_every_field_of_a_pack_is_found_on_the_line_that_writes_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = [(line_of(text, field), key) for field, key in leaves(tomllib.loads(text))]

    assert [key for line, key in found if key not in lines[line - 1]] == []
    assert [line for line, _ in found] == sorted(line for line, _ in found)


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("id", 1),
        ("validity.from", 4),
        ("validity.until", 3),  # not written: its table
        ("clause[1].says", 6),
        ("clause[1].who.classes", 9),
        ("clause[2].tail.rule", 12),
        ("clause[2].tail.period[2].from", 16),
        ("clause[2].tail.period[1].to", 13),
        ("title", 1),
    ],
)
def test_a_field_is_told_from_its_likes_in_other_tables(field: str, line: int) -> None:
    assert line_of(TEXT, field) == line
