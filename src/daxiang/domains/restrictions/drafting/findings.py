"""What a reader found, what it doubts, and how the sentences of a notice agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from daxiang.domains.restrictions.drafting.sentences import Sentence

T = TypeVar("T")


@dataclass(frozen=True)
class Doubt:
    """It says something of this, but not what can be read for certain."""

    why: str


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value, and the sentences that it was read from."""

    value: T
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Unread:
    """A person must write it: `why` says what is to be written, or what speaks against what."""

    why: str
    sentences: tuple[Sentence, ...] = ()


Reading = Found[T] | Unread | None
"""None: the notice says nothing of it."""


def agreed(
    sentences: Iterable[Sentence], read: Callable[[str], T | Doubt | None], *, what: str
) -> Reading[T]:
    """What these sentences say of one thing: unread where one is in doubt or two differ."""
    told = [(one, value) for one in sentences if (value := read(one.plain)) is not None]
    if not told:
        return None
    for one, value in told:
        if isinstance(value, Doubt):
            return Unread(f"{what}：{value.why}", (one,))
    first = told[0][1]
    if any(value != first for _, value in told):
        where = "、".join(f"第{one.number}句" for one, _ in told)
        return Unread(f"{what}：{where}说法不一样", tuple(one for one, _ in told))
    if isinstance(first, Doubt):  # returned above; for the checker of types
        return None
    return Found(first, (told[0][0],))
