"""Every value that our code gives to a log line arrives: its key is on the list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from daxiang.foundation.logs import ALLOWED_KEYS

SOURCE = Path(__file__).resolve().parents[2] / "src/daxiang"
TELL = {"debug", "info", "warning", "error", "exception", "critical", "bind"}


def said(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and key of every value that is given to a logger by its name."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in TELL
            and ast.unparse(node.func.value) in {"log", "told", "logger", "structlog.get_logger()"}
        ):
            yield from ((node.lineno, keyword.arg) for keyword in node.keywords if keyword.arg)


def test_no_value_of_a_log_line_is_dropped_on_its_way_out() -> None:
    keys = {
        (f"{file.relative_to(SOURCE)}:{line}", key)
        for file in SOURCE.rglob("*.py")
        if "log." in (text := file.read_text(encoding="utf-8"))
        for line, key in said(ast.parse(text))
    }
    assert len(keys) > 40
    assert {(where, key) for where, key in keys if key not in ALLOWED_KEYS | {"exc_info"}} == set()
