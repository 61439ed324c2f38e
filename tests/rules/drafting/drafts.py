"""What a test asks of a draft: its TOML as values, and the sentences beside its fields."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from daxiang.domains.restrictions.drafting.reading import Known, draft_of
from daxiang.domains.restrictions.drafting.writing import LEFTOVERS, toml

QUOTED = re.compile(r"# 原句（第\d+句）：(.*)$", re.MULTILINE)


def drafted(notice: str, known: Known | None = None) -> tuple[str, dict[str, Any]]:
    """The file and its values."""
    text = toml(draft_of(notice, known or Known(city="qinghe", card="QH-1")))
    return text, tomllib.loads(text)


def at(card: dict[str, Any], path: str) -> Any:
    """The field of this path, such as clause.0.who.classes; None where there is none."""
    value: Any = card
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def leftovers(card: dict[str, Any]) -> str:
    return "\n".join(card.get(LEFTOVERS, ()))
