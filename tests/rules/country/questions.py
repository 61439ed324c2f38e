"""The campaign's questions: every boundary of every day for five years a card, and random seconds of it.

Deterministic by seed. A question has the form of the written cases, so it can be asked of anybody. All cars
and plates are drawn by a random generator.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.rules import oracle
from tests.rules.country.evaluate import BEIJING, CARDS, evaluate
from tests.rules.country.validity import VALIDITY

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
YEARS = timedelta(days=5 * 365 + 1)
LATEST = datetime(2027, 11, 30)  # noqa: DTZ001 wall time
"""The last day asked about: a year of which no calendar is out belongs to the five."""
AROUND = 3
"""Days before a card's first and after its last one that are asked too."""

SERVICES = (
    "taxi",
    "ride_hailing",
    "bus",
    "school_bus",
    "rental",
    "mail",
    "enforcement",
    "rescue",
    "sanitation",
)
CLASSES = (
    *("medium_passenger", "large_passenger", "light_truck", "medium_truck", "heavy_truck"),
    *("special", "motorcycle", "trailer"),
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One case: `at` is aware, `vehicle` and `facts` as in the written cases."""

    city: str
    place: str
    at: datetime
    vehicle: dict[str, Any]
    facts: dict[str, Any]


Facts = Callable[[random.Random, date], dict[str, Any]]


def _no_facts(_rand: random.Random, _day: date) -> dict[str, Any]:
    return {}


def _sometimes(share: float, **values: Any) -> Facts:
    """Each of these facts, with this probability."""

    def draw(rand: random.Random, _day: date) -> dict[str, Any]:
        return {name: value for name, value in values.items() if rand.random() < share}

    return draw


def _permit(rand: random.Random, _day: date) -> dict[str, Any]:
    return rand.choice([{}, {"entry_permit": False}, {"entry_permit": True}, {"entry_permit": True}])


def _alert(rand: random.Random, _day: date) -> dict[str, Any]:
    level = rand.choice([None, None, None, "yellow", "orange", "red"])
    return {"alert": level} if level else {}


def _arrival(rand: random.Random, day: date) -> dict[str, Any]:
    today, earlier = day.isoformat(), (day - rand.randrange(1, 9) * DAY).isoformat()
    return rand.choice(
        [
            {},
            {"first_arrival": False},
            {"arrived_on": today},
            {"arrived_on": earlier},
            {"first_arrival": True, "arrived_on": today},
            {"first_arrival": True, "arrived_on": earlier},
        ]
    )


def _driven(rand: random.Random, day: date) -> dict[str, Any]:
    """No history at all, or stretches of days in and out over the last 16 days."""
    if rand.random() < 0.1:
        return {}
    ago, driven = rand.randrange(1, 4), []
    while ago < 16:
        stretch = rand.randrange(1, 6)
        driven += [(day - number * DAY).isoformat() for number in range(ago, ago + stretch)]
        ago += stretch + rand.randrange(1, 7)
    return {"days_driven": sorted(driven)}


def _driven_or_pass(rand: random.Random, day: date) -> dict[str, Any]:
    return _driven(rand, day) | ({"pass": True} if rand.random() < 0.1 else {})


@dataclass(frozen=True, kw_only=True)
class City:
    """What is asked about a city. hours: every time of day at which one of its cards begins or ends."""

    places: tuple[str, ...]
    hours: str
    local: tuple[str, ...]
    strangers: tuple[str, ...] = ("湘A", "苏E", "京B", "贵C")
    kinds: tuple[str, ...] = CLASSES
    facts: Facts = field(default=_no_facts)


CITIES = {
    "wuhan": City(
        places=oracle.PLACES,
        hours="01:00 05:00 07:00 08:00 08:30 09:00 17:00 19:00 20:00 22:00",
        local=("鄂A",),
        strangers=("湘A", "鄂B"),
    ),
    "beijing": City(
        places=("inside-5th-ring", "5th-ring-main-road", "5th-to-6th-ring"),
        hours="07:00 09:00 17:00 20:00",
        local=("京A", "京N"),
        strangers=("冀B", "湘A"),
        facts=_permit,
    ),
    "tianjin": City(
        places=("inside-outer-ring",),
        hours="07:00 09:00 16:00 19:00",
        local=("津A",),
        strangers=("京A", "冀B"),
        kinds=("medium_truck", "heavy_truck", "light_truck"),
        facts=_alert,
    ),
    "shijiazhuang": City(places=("inside-3rd-ring",), hours="07:00 19:00 20:00", local=("冀A",)),
    "tangshan": City(
        places=("city-roads", "national-roads"),
        hours="06:00 07:00 19:00 20:00",
        local=("冀B",),
        kinds=("heavy_truck", "heavy_truck", "trailer", "trailer", "light_truck", "motorcycle"),
    ),
    "handan": City(places=("inside-ring-road",), hours="07:00 20:00", local=("冀D",)),
    "anyang": City(places=("restricted-area",), hours="08:00 20:00", local=("豫E",)),
    "taiyuan": City(
        places=("river-bank-segments", "binhe-road-segments"),
        hours="07:00 09:00 17:30 19:30",
        local=("晋A",),
    ),
    "jinan": City(
        places=("erhuan-east-elevated",),
        hours="07:00 09:00 17:00 19:00",
        local=("鲁A", "鲁S"),
        strangers=("鲁B", "湘A"),
        kinds=("light_truck", "light_truck", "heavy_truck", "medium_passenger"),
    ),
    "shanghai": City(
        places=("yanan-elevated",),
        hours="07:00 20:00",
        local=("沪A", "沪C"),
        facts=_sometimes(0.1, novice=True, unloaded=True),
    ),
    "hangzhou": City(
        places=("peak-area", "elevated"),
        hours="07:00 09:00 10:00 16:00 16:30 18:30 19:00",
        local=("浙A",),
        strangers=("浙B", "湘A"),
        facts=_sometimes(0.25, regional_plate=True),
    ),
    "ningbo": City(places=("lingqiao", "jiangxia-bridge"), hours="07:30 20:00", local=("浙B",)),
    "nanchang": City(places=("restricted-area",), hours="07:00 21:00", local=("赣A",)),
    "zhengzhou": City(places=("inside-3rd-ring",), hours="07:00 21:00", local=("豫A",)),
    "guangzhou": City(places=("control-area",), hours="12:00", local=("粤A",), facts=_driven),
    "shenzhen": City(
        places=("city-roads",),
        hours="07:00 09:00 17:30 19:30",
        local=("粤B",),
        facts=_sometimes(0.1, exempt_day=True),
    ),
    "chongqing": City(
        places=("huanghuayuan-bridge", "jiahua-bridge"), hours="07:00 09:00 17:00 19:30", local=("渝A",)
    ),
    "chengdu": City(
        places=("inside-raocheng",),
        hours="03:00 06:00 07:30 20:00 22:00",
        local=("川A", "川G"),
        facts=_alert,
    ),
    "guiyang": City(
        places=("inside-1st-ring",), hours="07:00 20:00 21:00", local=("贵A",), facts=_driven_or_pass
    ),
    "lanzhou": City(places=("restricted-area",), hours="07:30 19:30", local=("甘A",), facts=_arrival),
    "xian": City(
        places=("inside-raocheng", "lintong"),
        hours="07:00 20:00",
        local=("陕A",),
        facts=_sometimes(0.15, transit=True),
    ),
}


def questions(
    city: str, *, seed: int, every: int = 1, minutes: int = 2000, tails: range = range(10)
) -> Iterator[Question]:
    """A city's edges on every day (each `every`-th one), then `minutes` random seconds a card."""
    yield from edges(city, seed=seed, every=every, tails=tails)
    for card, *_ in CARDS[city]:
        yield from at_random(city, card, seed=seed, count=minutes)


def edges(city: str, *, seed: int, every: int = 1, tails: range = range(10)) -> Iterator[Question]:
    """Every boundary of every day, a second before, on and after it, at every place, for each tail.

    Wuhan's many crossings take turns; so do kinds of plate, classes, uses and facts everywhere, by chance.
    """
    profile, rand = CITIES[city], random.Random(f"{seed} {city} edges")
    for number, day in enumerate(days(city)[::every]):
        for instant in instants(city, day):
            for place in profile.places if len(profile.places) < 4 else rand.sample(profile.places, 3):
                for tail in tails:
                    yield _question(rand, city, place, instant, (tail + number) % 10)


def at_random(city: str, card: str, *, seed: int, count: int = 2000) -> Iterator[Question]:
    """Random seconds while the card holds, at its places, for any vehicle."""
    rand = random.Random(f"{seed} {card} minutes")
    places = next(places for name, places, _ in CARDS[city] if name == card) or CITIES[city].places
    first, last = _five_years(card)
    for _ in range(count):
        at = first + SECOND * rand.randrange(int((last - first).total_seconds()))
        yield _question(rand, city, rand.choice(places), at, rand.randrange(10))


def days(city: str) -> list[date]:
    """Five years of each of the city's cards, and the days around its first and its last one."""
    found: set[date] = set()
    for card, *_ in CARDS[city]:
        begin, end = VALIDITY[card]
        spans = [_five_years(card), (begin or LATEST, begin or LATEST), (end or LATEST, end or LATEST)]
        for first, last in spans:
            day = first.date() - AROUND * DAY
            while day <= last.date() + AROUND * DAY:
                found.add(day)
                day += DAY
    return sorted(found)


def _five_years(card: str) -> tuple[datetime, datetime]:
    """The last five years in which the card holds, up to the last day asked about."""
    begin, end = VALIDITY[card]
    last = min(end or LATEST, LATEST)
    return max(begin or last - YEARS, last - YEARS), last


def instants(city: str, day: date) -> list[datetime]:
    """The boundaries of that day in wall time, each with the second before and after it."""
    return [instant + step for instant in boundaries(city, day) for step in (-SECOND, timedelta(0), SECOND)]


def boundaries(city: str, day: date) -> list[datetime]:
    """Midnight, the hours of the city's cards, and their first and last instants on that day; wall time."""
    hours = ["00:00", *CITIES[city].hours.split()]
    found = {datetime.combine(day, time.fromisoformat(hour)) for hour in hours}
    ends = {instant for card, *_ in CARDS[city] for instant in VALIDITY[card] if instant}
    found |= {instant for instant in ends if instant.date() == day}
    return sorted(found)


def next_change(question: Question, *, within_days: int) -> datetime | None:
    """The next boundary at which the passage is another one, found by trying them all; aware."""

    def passage(at: datetime) -> str:
        return evaluate(question.city, question.place, at, question.vehicle, question.facts).passage

    now, day = passage(question.at), question.at.date()
    while day <= question.at.date() + within_days * DAY:
        for boundary in boundaries(question.city, day):
            at = boundary.replace(tzinfo=BEIJING)
            if at > question.at and passage(at) != now:
                return at
        day += DAY
    return None


def _question(rand: random.Random, city: str, place: str, at: datetime, tail: int) -> Question:
    profile = CITIES[city]
    vehicle = _vehicle(rand, profile, tail)
    facts = profile.facts(rand, at.date())
    return Question(city=city, place=place, at=at.replace(tzinfo=BEIJING), vehicle=vehicle, facts=facts)


def _vehicle(rand: random.Random, profile: City, tail: int) -> dict[str, Any]:
    """A car, nine times of ten a small one, four of five in private use; the plate fits the vehicle."""
    area = rand.choice(profile.local if rand.random() < 0.55 else profile.strangers)
    kind = "small_passenger" if rand.random() < 0.85 else rand.choice(profile.kinds)
    use = "private" if rand.random() < 0.85 else rand.choice(SERVICES)
    if kind == "trailer":
        return _trailer(rand, area, tail)
    look = "ordinary" if use != "private" else rand.choices(list(LOOKS), LOOK_SHARES)[0]
    vehicle = {
        "plate": LOOKS[look](area, _digits(rand), tail),
        "class": kind,
        "use": "training" if look == "coach" else use,
        "new_energy": look.startswith("green"),
    }
    if kind == "small_passenger" and rand.random() < 0.7:
        vehicle |= {"seats": rand.randrange(2, 10), "height_m": rand.choice([1.6, 3.0, 3.1])}
    if kind.endswith("truck") and rand.random() < 0.8:
        vehicle["axles"] = rand.randrange(2, 8)
    return vehicle


def _trailer(rand: random.Random, area: str, tail: int) -> dict[str, Any]:
    vehicle: dict[str, Any] = {
        "plate": f"{area}{_digits(rand)}{rand.randrange(10)}挂",
        "class": "trailer",
        "use": "private",
        "new_energy": False,
    }
    if rand.random() < 0.9:
        vehicle |= {"axles": rand.randrange(3, 8)}
    if rand.random() < 0.9:
        vehicle |= {"tractor_plate": f"{area}{_digits(rand)}{rand.randrange(10)}{tail}"}
    return vehicle


def _digits(rand: random.Random) -> str:
    return f"{rand.randrange(1000):03}"


LOOKS: dict[str, Callable[[str, str, int], str]] = {
    "ordinary": lambda area, digits, tail: f"{area}{digits}0{tail}",
    "letter": lambda area, digits, tail: f"{area}{digits}{tail}K",
    "two letters": lambda area, digits, tail: f"{area}{digits[:2]}{tail}BZ",
    "green small": lambda area, digits, tail: f"{area}D{digits}0{tail}",
    "green large": lambda area, digits, tail: f"{area}{digits}0{tail}D",
    "temporary": lambda area, digits, tail: f"{area}临{digits}{tail}",
    "coach": lambda area, digits, tail: f"{area}{digits}{tail}学",
    "police": lambda area, digits, tail: f"{area}{digits}{tail}警",
    "consulate": lambda area, digits, tail: f"{area}{digits}{tail}领",
    "embassy": lambda _area, digits, tail: f"{digits}00{tail}使",
    "Hong Kong": lambda _area, digits, tail: f"粤Z{digits}{tail}港",
    "Macau": lambda _area, digits, tail: f"粤Z{digits}{tail}澳",
}
LOOK_SHARES = (50, 14, 4, 8, 4, 6, 3, 3, 2, 2, 2, 2)
