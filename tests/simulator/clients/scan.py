"""Which addresses wechatpy's own source asks for, read from the source and not from a run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import wechatpy

BASE = "https://api.weixin.qq.com/cgi-bin/"
ROOT = Path(wechatpy.__file__).parent


def asked_for() -> dict[str, list[str]]:
    """Path -> wechatpy's public methods that ask for it, also through private ones, as Class.method.

    Every text in a method counts, so that what is no address at all is among the paths, too.
    """
    found: dict[str, list[str]] = {}
    for path in [*sorted((ROOT / "client").rglob("*.py")), ROOT / "oauth.py"]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                for method, asked in _asked_by(node).items():
                    for one in asked:
                        found.setdefault(one, []).append(f"{node.name}.{method}")
    return found


def _asked_by(node: ast.ClassDef) -> dict[str, set[str]]:
    """Public method -> the paths in it and in those of its own class that it calls."""
    methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
    bases = list(_bases(node)) or [BASE]
    own = {name: {path for base in bases for path in _paths(one, base)} for name, one in methods.items()}
    return {
        name: set().union(*(own[each] for each in _reached(name, methods)))
        for name in methods
        if not name.startswith("_")
    }


def _bases(node: ast.ClassDef) -> Iterator[str]:
    for one in node.body:
        if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "").endswith("BASE_URL"):
            yield ast.literal_eval(one.value)


def _reached(name: str, methods: dict[str, ast.FunctionDef]) -> set[str]:
    seen, left = set(), [name]
    while left:
        one = left.pop()
        seen.add(one)
        called = {node.attr for node in ast.walk(methods[one]) if isinstance(node, ast.Attribute)}
        left += [each for each in called & methods.keys() if each.startswith("_") and each not in seen]
    return seen


def _paths(method: ast.FunctionDef, base: str) -> Iterator[str]:
    """Every text in a method that could be an address, as the path of one."""
    for node in ast.walk(method):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            address = node.value if node.value.startswith("https://") else base + node.value
            yield "/" + address.partition("?")[0].partition(".com/")[2]
