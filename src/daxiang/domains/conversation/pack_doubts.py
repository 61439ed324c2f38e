"""What the pack and the calendar know of words that were not read, or not wholly. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.domains.conversation.doubts import Doubt
from daxiang.domains.conversation.meaning import Asks
from daxiang.domains.conversation.precision import minute_of
from daxiang.domains.restrictions.city_cards import CityCards, cards_at

_SHORTEST_STEM = 2
_HEARD = re.compile("([饿恶俄额鹅噩遏愕餓額惡]) ?[A-Za-z]")


def place_meant(unread: str, cards: CityCards) -> Doubt | None:
    """二七, 沌口: the one crossing whose name begins so, asked back; None for none or several."""
    if len(unread) < _SHORTEST_STEM or unread.isascii():
        return None
    named = [
        one.short_name
        for one in cards.places.values()
        if one.is_crossing and one.short_name.startswith(unread)
    ]
    if len(named) != 1:
        return None
    return Doubt(
        f"“{unread}”是不是{named[0]}？点一下，我就答；不是的话，请把桥或隧道的名字发全。", (named[0],)
    )


def heights_told(cards: CityCards, places: Sequence[str], now: datetime) -> str:
    """How high a vehicle may be in these places, by the cards in force; empty where none of them says."""
    at = minute_of(cards, now)
    told = [
        f"{cards.places[place].short_name}限高{clause.who.taller_than_m:g}米，高过的车不能走。"
        for place in places
        if place in cards.places
        for card, start, end, _ in cards_at(cards.cards, place)
        if start <= at and (end is None or at < end)
        for clause in card.clauses
        if clause.who.taller_than_m is not None and clause.is_about(place)
    ]
    return "\n".join([*dict.fromkeys(told), "请再看洞口、桥头的标志。"]) if told else ""


def province_heard(asks: Asks, words: str) -> str:
    """额A12345 is taken for 鄂A, and that is said; empty where nothing was taken for anything."""
    found = _HEARD.search(words)
    return f"“{found[1]}”我当作“鄂”。" if found and any(car.plate for car in asks.cars) else ""


def holiday_doubt(calendar: Calendar, days: Sequence[date]) -> str:
    """Of a holiday in a year whose notice is not out only the days of the law are known."""
    years = [
        day.year for day in days if day.year not in calendar.years and calendar.kind(day) is DayKind.HOLIDAY
    ]
    return f"{years[0]}年的放假安排还没录入，前后几天还不知道。" if years else ""
