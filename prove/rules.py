"""Every city's plate rules, engine against a second evaluator that shares no code with it.

The judge is `tests.rules.country`, written from the research's prose. It is asked at every boundary of every
day of five years, a second before, on and after it, for every tail and kind of plate, and at random seconds
while a card holds. Cities are done one by one, two at a time; a city that is done is not done again unless
its cards, the engine, the judge, the seed or the sizes have changed.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.rules.country.evaluate import evaluate
from tests.rules.country.questions import CITIES, questions
from tests.rules.country.questions import Question as Asked

from daxiang.config.cli_rules import read_vehicle
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.packs import read_files
from daxiang.domains.restrictions.queries import load_city, packs_folder
from daxiang.domains.restrictions.rules import decide, verdict
from daxiang.domains.restrictions.values import Question

MOST_EXAMPLES = 20
_SOURCES = {".py", ".toml"}
SECOND = timedelta(seconds=1)
WHOLE = 20
"""Of so many questions one is answered as a whole too: the plan of the day must say the same."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--every", type=int, default=1, help="ask each so-manieth day (1: all)")
    parser.add_argument("--minutes", type=int, default=2000, help="random seconds a card")
    parser.add_argument("--untils", type=int, default=500, help="questions a city whose until is tried out")
    parser.add_argument("--city", action="append", help="these only; may be given several times")
    parser.add_argument("--processes", type=int, default=2)


@dataclass(kw_only=True)
class Found:
    """What one city came to."""

    city: str
    asked: int = 0
    untils: int = 0
    seconds: float = 0.0
    differences: int = 0
    passages: dict[str, int] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def differ(self, asked: Asked, wanted: str, said: str) -> None:
        """Count a difference; the first ones are kept whole."""
        self.differences += 1
        if len(self.examples) < MOST_EXAMPLES:
            told = asdict(asked) | {"at": asked.at.isoformat(), "wanted": wanted, "said": said}
            self.examples.append(told)


async def campaign(*, seed: int, folder: Path, processes: int, city: list[str] | None, **sizes: int) -> Any:
    """All cities, or those named; the figures."""
    started = time.monotonic()
    names = city or list(CITIES)
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(max_workers=processes) as pool:
        running = [loop.run_in_executor(pool, _done_once, folder, name, seed, sizes) for name in names]
        found: list[Found] = []
        for one in asyncio.as_completed(running):
            found.append(done := await one)
            print(f"{done.city}: {done.asked} asked, {done.differences} differ", file=sys.stderr)
    return {
        "campaign": "rules",
        "seed": seed,
        "ok": not any(one.differences for one in found),
        "cities": len(found),
        "asked": sum(one.asked for one in found),
        "untils": sum(one.untils for one in found),
        "differences": sum(one.differences for one in found),
        "passages": dict(sum((Counter(one.passages) for one in found), Counter())),
        "examples": [example for one in found for example in one.examples][:MOST_EXAMPLES],
        "seconds": round(time.monotonic() - started, 1),
    } | sizes


def _done_once(folder: Path, city: str, seed: int, sizes: dict[str, int]) -> Found:
    """The city's figures, from an earlier run of the same cards, engine, judge and sizes if there is one."""
    digest = read_files(packs_folder() / city, city=city).digest
    key, kept = {"seed": seed, "pack": digest, "code": _code_digest(), **sizes}, folder / f"{city}.json"
    if kept.is_file() and (held := json.loads(kept.read_text(encoding="utf-8")))["key"] == key:
        return Found(**held["found"])
    found = judged(city, seed=seed, **sizes)
    if not found.differences:
        text = json.dumps({"key": key, "found": asdict(found)}, ensure_ascii=False)
        kept.write_text(text, encoding="utf-8")
    return found


@cache
def _code_digest() -> str:
    """What the figures rest on beside the cards: engine, calendar and judge."""
    root = Path(__file__).parent.parent
    folders = ("src/daxiang/domains/restrictions", "src/daxiang/domains/calendars", "tests/rules/country")
    files = sorted(path for one in folders for path in (root / one).rglob("*.*") if path.suffix in _SOURCES)
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def judged(city: str, *, seed: int, every: int, minutes: int, untils: int) -> Found:
    """Ask engine and judge alike about one city."""
    started = time.monotonic()
    cards, found, passages = load_city(city), Found(city=city), Counter[str]()
    rand, sample = random.Random(f"{seed} {city} untils"), list[Asked]()
    for asked in questions(city, seed=seed, every=every, minutes=minutes):
        found.asked += 1
        passages[_compare(cards, asked, found)] += 1
        if len(sample) < untils:
            sample.append(asked)
        elif (place := rand.randrange(found.asked)) < untils:
            sample[place] = asked
    for asked in sample:
        found.untils += 1
        _try_until(cards, asked, found, rand)
    found.passages, found.seconds = dict(passages), round(time.monotonic() - started, 1)
    return found


def question_of(asked: Asked) -> Question:
    """The campaign's question as the engine takes it."""
    return Question(place=asked.place, at=asked.at, vehicle=read_vehicle(asked.vehicle), facts=asked.facts)


def _compare(cards: CityCards, asked: Asked, found: Found) -> str:
    """Passage always; the rule of a ban, the tail that decided, the facts that are missing."""
    right = evaluate(asked.city, asked.place, asked.at, asked.vehicle, asked.facts)
    said = verdict(cards, question_of(asked))
    is_right = (
        said.passage == right.passage
        and (said.passage != "banned" or said.rule in right.rules)
        and (right.tail is None or said.tail == right.tail)
        and (said.passage != "conditional" or set(said.needs) == right.needs)
    )
    if not is_right:
        found.differ(asked, str(right), str(said))
    elif found.asked % WHOLE == 0:
        whole = decide(cards, question_of(asked))
        if (whole.passage, whole.rule, whole.tail, whole.needs) != said:
            found.differ(asked, str(said), f"decide: {whole.passage} {whole.rule} {whole.tail} {whole.needs}")
    return right.passage


def _try_until(cards: CityCards, asked: Asked, found: Found, rand: random.Random) -> None:
    """Nothing changes before it, something does at it: asked anew of the judge, at random seconds between."""
    question = question_of(asked)
    until = decide(cards, question).until
    now = evaluate(asked.city, asked.place, asked.at, asked.vehicle, asked.facts).passage
    last = (until or asked.at + timedelta(days=360)) - SECOND
    length = int((last - asked.at).total_seconds())
    between = [asked.at + rand.randrange(length + 1) * SECOND for _ in range(12)] if length >= 0 else []
    for at in (*between, max(last, asked.at)):
        if evaluate(asked.city, asked.place, at, asked.vehicle, asked.facts).passage != now:
            found.differ(asked, f"another passage at {at}", f"{now} until {until}")
            return
    if until and evaluate(asked.city, asked.place, until, asked.vehicle, asked.facts).passage == now:
        found.differ(asked, f"still {now} at {until}", f"a change at {until}")
