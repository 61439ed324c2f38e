"""Rules of the platform that can be checked before anything is sent; each failure is one clear sentence."""

from __future__ import annotations

from collections.abc import Sized

from daxiang.integrations.outcomes import Refused


class Unfit(Refused):
    """The request breaks a documented rule, so it was not sent. The sentence says which."""

    def __init__(self, message: str) -> None:
        super().__init__("unfit", message)


def not_empty(value: Sized, what: str) -> None:
    """Raises `Unfit` when there is nothing."""
    if not len(value):
        raise Unfit(f"{what}不能为空。")


def at_most_items(value: Sized, most: int, what: str) -> None:
    """Raises `Unfit` when it has more than `most` items, of a text: characters."""
    if len(value) > most:
        unit = "个字" if isinstance(value, str) else "个"
        raise Unfit(f"{what}最多 {most} {unit}，这里有 {len(value)} {unit}。")


def at_most_bytes(value: str | bytes, most: int, what: str) -> None:
    """Raises `Unfit` when it takes more than `most` bytes, of a text: in UTF-8."""
    size = len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else len(value)
    if size > most:
        raise Unfit(f"{what}最多 {most} 字节，这里有 {size} 字节。")


def within(value: int, low: int, high: int, what: str) -> None:
    """Raises `Unfit` when the number is outside."""
    if not low <= value <= high:
        raise Unfit(f"{what}要在 {low} 到 {high} 之间，这里是 {value}。")


def one_of(value: str, allowed: frozenset[str], what: str) -> None:
    """Raises `Unfit` when it is none of these."""
    if value not in allowed:
        raise Unfit(f"{what}要是 {'、'.join(sorted(allowed))} 之一。")
