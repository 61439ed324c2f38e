"""The times at which one car may not drive in a city, as entries for a calendar. Pure.

A day of which nobody knows is an entry too, with a name that says so: a calendar that shows nothing is read
as leave to drive. Days that are alike from midnight to midnight become one entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.values import Passage, Place, Vehicle
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.public.cities.outlook import ONE_DAY, Day, outlook_of, telling
from daxiang.sites.public.cities.words import doubt_text, places_text, windows_text

DAYS = 90
_NAMES = {
    Passage.BANNED: "不能走",
    Passage.UNKNOWN: "限不限不确定",
    Passage.CONDITIONAL: "要看情况",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry [start, end) at places where it is the same. Dates: whole days, `end` the day after the last.

    `passage`: banned, unknown or conditional. `uid`: the same whenever this very stretch is written again.
    """

    uid: str
    passage: Passage
    places: tuple[Place, ...]
    start: date | datetime
    end: date | datetime
    summary: str
    description: str


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    passage: Passage
    start: date | datetime
    end: date | datetime
    hours: str
    reason: str

    @property
    def is_whole(self) -> bool:
        return not isinstance(self.start, datetime)


def entries(
    cards: CityCards, vehicle: Vehicle, *, name: str, of: str, first: date, n: int = DAYS
) -> tuple[Entry, ...]:
    """The entries of a vehicle from that day on, in order of time.

    `name`: the car as it is called (尾号5); `of`: the address's fields, which keep the ids of two cars apart.
    """
    alike: dict[tuple[_Stretch, ...], list[Place]] = {}
    for place in cards.restricted_places():
        days = outlook_of(cards, place.id, vehicle, first, n)
        alike.setdefault(tuple(_joined(_stretches(cards, place, vehicle, days))), []).append(place)
    made = [
        _entry(cards, stretch, tuple(places), name, of)
        for stretches, places in alike.items()
        for stretch in stretches
    ]
    return tuple(sorted(made, key=lambda entry: (_instant(entry.start), _instant(entry.end), entry.uid)))


def _stretches(cards: CityCards, place: Place, vehicle: Vehicle, days: Sequence[Day]) -> Iterable[_Stretch]:
    for day in days:
        yield from _bans(cards, place, vehicle, day)
        yield from _doubts(cards, place, vehicle, day)


def _bans(cards: CityCards, place: Place, vehicle: Vehicle, day: Day) -> Iterable[_Stretch]:
    """Each ban by its hours; a ban around the clock is the whole day."""
    for span in day.base.spans:
        if span.passage is not Passage.BANNED:
            continue
        is_whole = span.end - span.start == ONE_DAY
        yield _Stretch(
            passage=span.passage,
            start=day.day if is_whole else span.start,
            end=day.day + ONE_DAY if is_whole else span.end,
            hours="全天" if is_whole else "",
            reason=telling(cards, place.id, vehicle, [span]).reason,
        )


def _doubts(cards: CityCards, place: Place, vehicle: Vehicle, day: Day) -> Iterable[_Stretch]:
    """What is not known of a day, as a whole day: it must be seen, and has no hours of its own to promise."""
    fare = day.base
    for passage in (Passage.UNKNOWN, Passage.CONDITIONAL):
        spans = [span for span in fare.spans if span.passage is passage]
        if not spans:
            continue
        decision = telling(cards, place.id, vehicle, spans)
        yield _Stretch(
            passage=passage,
            start=day.day,
            end=day.day + ONE_DAY,
            hours=windows_text(fare.windows(passage)) if passage is Passage.UNKNOWN else "",
            reason=doubt_text(decision, day.day),
        )


def _joined(stretches: Iterable[_Stretch]) -> Iterable[_Stretch]:
    """Whole days in a row that say the same are one stretch."""
    open_: dict[tuple[Passage, str, str], _Stretch] = {}
    for one in stretches:
        if not one.is_whole:
            yield one
            continue
        key = (one.passage, one.hours, one.reason)
        before = open_.get(key)
        if before is not None and before.end == one.start:
            open_[key] = _Stretch(
                passage=one.passage, start=before.start, end=one.end, hours=one.hours, reason=one.reason
            )
            continue
        if before is not None:
            yield before
        open_[key] = one
    yield from open_.values()


def _entry(cards: CityCards, one: _Stretch, places: tuple[Place, ...], name: str, of: str) -> Entry:
    where = places_text(places)
    hours = f" {one.hours}" if one.hours and one.hours != "全天" else ""
    return Entry(
        uid=_uid(f"{cards.id}?{of}", one, places),
        passage=one.passage,
        places=places,
        start=one.start,
        end=one.end,
        summary=f"{name}{_NAMES[one.passage]}：{cards.name}{where}{hours}",
        description=f"{one.reason}。现场有标志或民警指挥时，以现场为准。",
    )


def _uid(of: str, one: _Stretch, places: Sequence[Place]) -> str:
    """Named after what it is about, so that a phone which asks again finds its entries, not new ones."""
    about = "\0".join([of, one.passage, one.start.isoformat(), *(place.id for place in places)])
    return f"{hashlib.sha256(about.encode()).hexdigest()[:32]}@daxiang"


def _instant(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(), SHANGHAI)
