"""The instant back to which the same answer holds: a flood of questions is reckoned once a minute. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache

from daxiang.domains.restrictions.rules import CityCards
from daxiang.kernel.clock import SHANGHAI


def minute_of(cards: CityCards, now: datetime) -> datetime:
    """The minute in Beijing, where no card of the city changes within one; else the second.

    What the chat says of an hour has no seconds either.
    """
    at = now.astimezone(SHANGHAI) if now.tzinfo is not SHANGHAI else now
    return at.replace(second=0 if _changes_on_the_minute(cards) else at.second, microsecond=0)


@lru_cache(maxsize=16)
def _changes_on_the_minute(cards: CityCards) -> bool:
    instants = _instants((*cards.cards, *cards.places.values()))
    return all(not (instant.second or instant.microsecond) for instant in instants)


def _instants(value: object) -> Iterator[datetime]:
    """Every instant that stands anywhere in a value of dataclasses and tuples."""
    if isinstance(value, datetime):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _instants(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _instants(getattr(value, part.name))
