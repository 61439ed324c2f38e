"""`until` is exact: nothing changes before it, and something does at it.

As many questions for each card, at random seconds while it holds. The judge is the second evaluator
(`tests.rules.country`), which knows nothing of `until`: it is asked at *every* boundary of its own between
the question and the `until` that the engine says, a second before it, and at it. Where the engine sees no
change within its horizon, the judge is asked at every boundary of the next six weeks and, from then on, of
every sixth day and of the days around which cards and years begin and end; `--dense` asks it on every day.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.rules.country.evaluate import BEIJING, CARDS, evaluate
from tests.rules.country.questions import CITIES, at_random, boundaries
from tests.rules.country.questions import Question as Asked
from tests.rules.country.validity import VALIDITY

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import HORIZON_DAYS, decide
from prove.rules import question_of

MOST_EXAMPLES = 20
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SEEN_AHEAD = HORIZON_DAYS - 5
"""Days within which a change must have been seen; the engine looks at whole days, from the question's on."""
CLOSE_DAYS, STRIDE = 42, 6
MARKS = {instant.date() for ends in VALIDITY.values() for instant in ends if instant}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=10_000, help="questions over all cities")
    parser.add_argument("--dense", action="store_true", help="every day of the horizon where nothing changes")
    parser.add_argument("--processes", type=int, default=2)


@dataclass(kw_only=True)
class Found:
    """What the questions about one city came to. `boundaries`: those at which nothing changed."""

    city: str
    asked: int = 0
    boundaries: int = 0
    never: int = 0
    wrong: int = 0
    passages: dict[str, int] = field(default_factory=dict)
    days_ahead: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)

    def blame(self, asked: Asked, until: datetime | None, why: str) -> None:
        """Count a wrong `until`; the first ones are kept whole."""
        self.wrong += 1
        if len(self.examples) < MOST_EXAMPLES:
            told = asdict(asked) | {"at": asked.at.isoformat(), "until": str(until), "why": why}
            self.examples.append(told)


async def campaign(*, seed: int, folder: Path, processes: int, count: int, dense: bool) -> Any:
    """All cities, each with its share of the questions; the figures."""
    del folder
    started = time.monotonic()
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(max_workers=processes) as pool:
        running = [
            loop.run_in_executor(pool, partial(judged, city, seed, share, is_dense=dense))
            for city, share in shares(count).items()
        ]
        found: list[Found] = []
        for one in asyncio.as_completed(running):
            found.append(done := await one)
            print(f"{done.city}: {done.asked} asked, {done.wrong} wrong", file=sys.stderr)
    return {
        "campaign": "untils",
        "seed": seed,
        "ok": not any(one.wrong for one in found) and sum(one.asked for one in found) == count,
        "cities": len(found),
        "asked": sum(one.asked for one in found),
        "boundaries": sum(one.boundaries for one in found),
        "never": sum(one.never for one in found),
        "longest_days": max(one.days_ahead for one in found),
        "wrong": sum(one.wrong for one in found),
        "passages": dict(sum((Counter(one.passages) for one in found), Counter())),
        "examples": [example for one in found for example in one.examples][:MOST_EXAMPLES],
        "seconds": round(time.monotonic() - started, 1),
    }


def shares(count: int) -> dict[str, int]:
    """How many questions each city gets: by the number of its cards, together exactly `count`."""
    cards = [(city, card) for city in CITIES for card, *_ in CARDS[city]]
    each, more = divmod(count, len(cards))
    found: Counter[str] = Counter()
    for number, (city, _) in enumerate(cards):
        found[city] += each + (number < more)
    return dict(found)


def judged(city: str, seed: int, count: int, *, is_dense: bool = False) -> Found:
    """Ask the engine for `until`, and the judge at every boundary up to it."""
    cards, found, passages = load_city(city), Found(city=city), Counter[str]()
    names = [card for card, *_ in CARDS[city]]
    asked = [
        one
        for number, card in enumerate(names)
        for one in at_random(city, card, seed=seed, count=count // len(names) + (number < count % len(names)))
    ]
    random.Random(f"{seed} {city}").shuffle(asked)
    for one in asked:
        found.asked += 1
        passages[_try(cards, one, found, is_dense=is_dense)] += 1
    found.passages = dict(passages)
    return found


def _try(cards: CityCards, asked: Asked, found: Found, *, is_dense: bool) -> str:
    said = decide(cards, question_of(asked))
    until, now = said.until, _passage(asked, asked.at)
    found.never += until is None
    if until is not None and until <= asked.at:
        found.blame(asked, until, "not after the question")
        return now
    for at in _between(asked, until, is_dense=is_dense):
        found.boundaries += 1
        if (other := _passage(asked, at)) != now:
            found.blame(asked, until, f"{now}, but {other} at {at}")
            return now
    if until is not None:
        found.days_ahead = max(found.days_ahead, (until - asked.at).days)
        if _passage(asked, max(asked.at, until - SECOND)) != now or _passage(asked, until) == now:
            found.blame(asked, until, f"still {now} at it, or another passage a second before")
    return now


def _between(asked: Asked, until: datetime | None, *, is_dense: bool) -> list[datetime]:
    """Every boundary after the question and before `until`; where there is none, those of the days tried."""
    last = until or asked.at + SEEN_AHEAD * DAY
    days = ((asked.at + number * DAY).date() for number in range((last.date() - asked.at.date()).days + 1))
    tried = (day for day in days if until or is_dense or _is_tried(day, asked.at.date()))
    aware = (at.replace(tzinfo=BEIJING) for day in tried for at in boundaries(asked.city, day))
    return [at for at in aware if asked.at < at < last]


def _is_tried(day: date, first: date) -> bool:
    ahead = (day - first).days
    near = (day - DAY, day, day + DAY)
    return (
        ahead <= CLOSE_DAYS
        or ahead % STRIDE == 0
        or any(one in MARKS or one.year != day.year for one in near)
    )


def _passage(asked: Asked, at: datetime) -> str:
    return evaluate(asked.city, asked.place, at, asked.vehicle, asked.facts).passage
