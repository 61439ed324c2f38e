"""Faults that a test orders: at which address, of which kind, how often, reproducible by seed.

The n-th call that a fault could meet gets the n-th draw of its seed, whatever the timing and over a restart.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection
from typing import Any

from daxiang_simulator.texts import BadRequest, fit_text

from .shelves import Shelves

KINDS: dict[str, tuple[bool, float]] = {
    "errcode": (False, -1),
    "timeout": (False, 60),
    "lost_answer": (True, 0),
    "http": (False, 502),
    "garbage": (True, 0),
    "slow": (True, 1),
}
"""Kind → (whether the call has its effect, the value when none is given)."""
NUMBERS = ("value", "rate", "seed", "count")
LONGEST_S = 600
RANGES: dict[str, tuple[float, float]] = {
    "errcode": (-(2**31), 2**31),
    "timeout": (0, LONGEST_S),
    "lost_answer": (0, LONGEST_S),
    "http": (100, 599),
    "garbage": (0, LONGEST_S),
    "slow": (0, 60),
}
"""Kind → the least and the greatest value."""
WHOLE_VALUES = frozenset({"errcode", "http"})
WORLD_WIDE = ""
MOST = 2**64


def parse_fault(raw: dict[str, Any], *, calls: Collection[str], accounts: Collection[str]) -> dict[str, Any]:
    """A fault from its JSON. Raises BadRequest with a sentence that names the field.

    `path` is an address of `calls`, or the beginning of one followed by *; `account` is one of `accounts`.
    `value`: the code, the HTTP status, or seconds.
    `effect` says whether the call is carried out all the same; each kind has its own default.
    """
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadRequest(f"kind 要是 {'、'.join(KINDS)} 之一。")
    has_effect, value = KINDS[kind]
    fault = {"path": fit_text(raw.get("path"), "path", longest=500), "kind": kind, "value": value}
    fault |= {"rate": 1.0, "seed": 0, "count": None, "effect": has_effect, "account": None}
    for name in NUMBERS:
        given = raw.get(name)
        if given is None:
            continue
        if isinstance(given, bool) or not isinstance(given, int | float) or not _is_fit(given):
            raise BadRequest(f"{name} 要是一个数。")
        fault[name] = given
    _check_numbers(fault)
    if not any(_is_meant(str(fault["path"]), path) for path in calls):
        raise BadRequest("path 要是平台的一个接口，例如 /cgi-bin/menu/create，或者它的开头加 *。")
    if isinstance(raw.get("effect"), bool) and kind != "slow":
        fault["effect"] = raw["effect"]
    if raw.get("account") is not None:
        fault["account"] = fit_text(raw["account"], "account", longest=500)
        if fault["account"] not in accounts:
            raise BadRequest(f"没有叫 {fault['account']} 的账号。")
    return fault | {"seen": 0, "met": 0}


def _is_fit(given: float) -> bool:
    """Whether a number can be kept: finite, and no longer than an SQLite integer."""
    return abs(given) < 2**63 if isinstance(given, int) else math.isfinite(given)


def _check_numbers(fault: dict[str, Any]) -> None:
    """Raises BadRequest with a sentence that names the number out of its range."""
    kind, value, count = fault["kind"], fault["value"], fault["count"]
    least, most = RANGES[kind]
    if not least <= value <= most or (kind in WHOLE_VALUES and value != int(value)):
        raise BadRequest(f"{kind} 的 value 要在 {least:.0f} 和 {most:.0f} 之间。")
    if kind == "errcode" and value == 0:
        raise BadRequest("errcode 的 value 不能是 0，那是没有出错。")
    if not 0 <= fault["rate"] <= 1:
        raise BadRequest("rate 要在 0 和 1 之间。")
    if count is not None and (count < 1 or count != int(count)):
        raise BadRequest("count 要是一个不小于 1 的整数。")


class Faults:
    """The faults in force, oldest first; the first that strikes a call is the one it meets."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelf = shelves["fault"]

    def add(self, fault: dict[str, Any]) -> dict[str, Any]:
        """Put a fault in force; with its number."""
        held = self._shelf.of(WORLD_WIDE)
        number = str(max((int(key) for key in held), default=0) + 1)
        self._shelf.put(WORLD_WIDE, number, fault | {"id": number})
        return held[number]  # type: ignore[no-any-return]

    def listed(self) -> list[dict[str, Any]]:
        """All faults with how many calls each has seen and met."""
        return list(self._shelf.of(WORLD_WIDE).values())

    def remove(self, number: str | None = None) -> int:
        """Lift one fault, or all; how many were lifted."""
        keys = [key for key in self._shelf.of(WORLD_WIDE) if number in {None, key}]
        for key in keys:
            self._shelf.drop(WORLD_WIDE, key)
        return len(keys)

    def strike(self, path: str, account: str | None) -> dict[str, Any] | None:
        """The fault that this call meets, or None."""
        for fault in self._shelf.of(WORLD_WIDE).values():
            if not _concerns(fault, path, account):
                continue
            spent = fault["count"] is not None and fault["met"] >= fault["count"]
            if spent:
                continue
            fault["seen"] += 1
            self._shelf.touch(WORLD_WIDE, fault["id"])
            if _draw(fault["seed"], fault["seen"]) < fault["rate"]:
                fault["met"] += 1
                return fault  # type: ignore[no-any-return]
        return None


def _concerns(fault: dict[str, Any], path: str, account: str | None) -> bool:
    if fault["account"] is not None and fault["account"] != account:
        return False
    return _is_meant(fault["path"], path)


def _is_meant(wanted: str, path: str) -> bool:
    return path.startswith(wanted[:-1]) if wanted.endswith("*") else path == wanted


def _draw(seed: float, number: int) -> float:
    """The number-th draw of a seed, in [0, 1)."""
    digest = hashlib.blake2b(f"{seed}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / MOST
