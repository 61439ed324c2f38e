"""The instant back to which the same answer holds: of a flood of questions one is reckoned. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache

from daxiang.domains.conversation.cases import SOON
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.days import DAY_MINUTES, Hours
from daxiang.kernel.clock import SHANGHAI

_SOON_MINUTES = int(SOON.total_seconds()) // 60


def minute_of(cards: CityCards, now: datetime) -> datetime:
    """The minute in Beijing, where no card of the city changes within one; else the second.

    What the chat says of an hour has no seconds either.
    """
    at = now.astimezone(SHANGHAI) if now.tzinfo is not SHANGHAI else now
    if not (at.second or at.microsecond):
        return at
    return at.replace(second=0 if _changes_on_the_minute(cards) else at.second, microsecond=0)


def held_since(cards: CityCards, now: datetime) -> datetime:
    """The instant of this day since which the same answer about now, or about days as a whole, holds.

    What is said changes only when some card begins or ends, at an edge of its windows, and so long before
    these that they are said to be near.
    """
    at = minute_of(cards, now)
    edges = _edges(cards)
    if not edges:
        return at
    minute = edges[bisect_right(edges, at.hour * 60 + at.minute) - 1]
    return at.replace(hour=minute // 60, minute=minute % 60)


@lru_cache(maxsize=64)
def _edges(cards: CityCards) -> tuple[int, ...]:
    """The minutes of a day, from 0 on, at which an answer can change; none where seconds count."""
    if not _changes_on_the_minute(cards):
        return ()
    found = {0}
    for value in _times((*cards.cards, *cards.places.values())):
        if isinstance(value, Hours):
            found |= {value.start % DAY_MINUTES, value.end % DAY_MINUTES}
        else:
            at = value.astimezone(SHANGHAI)
            found.add(at.hour * 60 + at.minute)
    return tuple(sorted(found | {(minute - _SOON_MINUTES) % DAY_MINUTES for minute in found}))


@lru_cache(maxsize=64)
def _changes_on_the_minute(cards: CityCards) -> bool:
    times = _times((*cards.cards, *cards.places.values()))
    return not any(isinstance(at, datetime) and (at.second or at.microsecond) for at in times)


def _times(value: object) -> Iterator[datetime | Hours]:
    """Every instant and window that stands anywhere in a value of dataclasses and tuples."""
    if isinstance(value, datetime | Hours):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _times(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _times(getattr(value, part.name))
