"""One field of a message as a number, a moment, a place. Pure. What cannot be read is None, or, where the
message means nothing without it, a `ValueError`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, TypeAlias

from daxiang.integrations.wechat.bodies import Tree, text_of
from daxiang.integrations.wechat.values import Place

Common: TypeAlias = dict[str, Any]
"""The fields of `Message`, by name."""

_INTEGER = re.compile("-?[0-9]{1,18}").fullmatch
_DECIMAL = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,18})?").fullmatch
_SECONDS = re.compile("[0-9]{1,10}").fullmatch


def integer(text: str) -> int | None:
    """Ascii digits, 18 at most: `int` itself takes other scripts, underscores and numbers without end."""
    return int(text) if _INTEGER(text) else None


def integer_of(tree: Tree, name: str) -> int | None:
    return integer(text_of(tree, name))


def number_of(tree: Tree, name: str) -> float | None:
    text = text_of(tree, name)
    return float(text) if _DECIMAL(text) else None


def flag_of(tree: Tree, name: str) -> bool | None:
    """1 or 0, in JSON true or false as well."""
    return {"1": True, "true": True, "0": False, "false": False}.get(text_of(tree, name))


def moment(text: str) -> datetime | None:
    """Unix seconds up to the year 2286: ten digits, far inside what a `datetime` in any zone can hold."""
    return datetime.fromtimestamp(int(text), UTC) if _SECONDS(text) else None


def moment_of(tree: Tree, name: str) -> datetime | None:
    return moment(text_of(tree, name))


def place_of(tree: Tree, latitude: str, longitude: str) -> Place:
    """Degrees under the names that the platform gives them here: `Location_X` is the latitude."""
    north, east = number_of(tree, latitude), number_of(tree, longitude)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        raise ValueError("no place on the earth")
    return Place(latitude=north, longitude=east)
