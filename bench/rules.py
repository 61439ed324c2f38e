"""What the plate rules cost: full answers a second on one core, and lines a second of `daxiang rules answer`.

`python -m bench.rules` takes the written cases of the whole country. *As written*: each of them, again and
again, as a warm process answers them. *New*: other instants in the four weeks around, other digits and
letters on the plates, so that most answers are reckoned anew; how many were found kept is said. The command
is a whole process, from its start to its last line, reading the new ones from a pipe: by the wall and by CPU.
A full answer has passage, rule, tail, sanction, exact `until`, reason and source. Beside each round stands
the yardstick of `bench.conversation`, since other processes share the core: "on a quiet core" is by that.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.conversation import QUIET_US, yardstick_us
from daxiang.config.cli_rules import answers, read_vehicle
from daxiang.domains.restrictions import rules
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.values import Question

CASES = Path(__file__).parent.parent / "tests/cases"
ROUNDS, RUNS, LINES = 7, 3, 50_000
WANTED_ANSWERS, WANTED_LINES = 20_000, 5_000
SEED = 6
Asked = tuple[CityCards, Question]


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Things a second of CPU of one core: as measured, and as on a quiet core. Medians of the rounds."""

    cpu: float
    quiet: float


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What was measured. `kept_share`: of the new lines, those whose answer was found kept."""

    written: Rate
    new: Rate
    lines: Rate
    lines_wall: float
    kept_share: float
    yardstick_us: float


def written_cases() -> list[dict[str, Any]]:
    """The cases of the repository, without what they expect."""
    told = [
        json.loads(line)
        for path in sorted(CASES.glob("restrictions*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [{key: value for key, value in case.items() if key not in ("expect", "why")} for case in told]


def new_cases(count: int) -> list[dict[str, Any]]:
    """So many cases: the written ones in turn, at other instants and with other plates."""
    rand, cases = random.Random(SEED), written_cases()
    return [_varied(cases[number % len(cases)], rand) for number in range(count)]


def _varied(case: dict[str, Any], rand: random.Random) -> dict[str, Any]:
    at = datetime.fromisoformat(case["at"]).replace(hour=0, minute=0, second=0)
    at += timedelta(days=rand.randrange(-14, 15), seconds=rand.randrange(86_400))
    plate = case["vehicle"]["plate"]
    digits = "".join(str(rand.randrange(10)) if sign.isdigit() else sign for sign in plate[2:])
    vehicle = case["vehicle"] | {"plate": plate[:2] + digits}
    return case | {"at": at.isoformat(), "vehicle": vehicle}


def asked(case: dict[str, Any]) -> Asked:
    """A case as the engine takes it."""
    question = Question(
        place=case["place"],
        at=datetime.fromisoformat(case["at"]),
        vehicle=read_vehicle(case["vehicle"]),
        facts=case.get("facts", {}),
    )
    return load_city(case["city"]), question


def measure(*, rounds: int = ROUNDS, runs: int = RUNS, lines: int = LINES) -> Rules:
    """Half a minute on a quiet machine."""
    written, new = [asked(case) for case in written_cases()], [asked(case) for case in new_cases(lines)]
    share = len(new) // rounds
    fresh = [new[number * share : (number + 1) * share] for number in range(rounds)]
    _answer(written)
    kept = [_timed(lambda: _answer(written * 40), len(written) * 40) for _ in range(rounds)]
    found = [_timed(lambda part=part: _answer(part), len(part)) for part in fresh]  # type: ignore[misc]
    texts = [json.dumps(case, ensure_ascii=False).encode() for case in new_cases(lines)]
    commands = [_command(texts) for _ in range(runs)]
    sticks = [stick for _, stick in (*kept, *found)] + [stick for _, stick, _ in commands]
    return Rules(
        written=_rate(kept),
        new=_rate(found),
        lines=_rate([(rate, stick) for rate, stick, _ in commands]),
        lines_wall=statistics.median(wall for _, _, wall in commands),
        kept_share=kept_share(texts),
        yardstick_us=statistics.median(sticks),
    )


def _answer(questions: Sequence[Asked]) -> None:
    for cards, question in questions:
        decide(cards, question)


def _timed(work: Callable[[], None], count: int) -> tuple[float, float]:
    """Things a second of CPU, and the yardstick around them."""
    before = yardstick_us()
    began = time.process_time()
    work()
    took = time.process_time() - began
    return count / took, (before + yardstick_us()) / 2


def _command(texts: Sequence[bytes]) -> tuple[float, float, float]:
    """Lines a second of CPU of the whole command, the yardstick, and lines a second by the wall."""
    program = Path(sys.executable).with_name("daxiang")
    before, began = yardstick_us(), time.perf_counter()
    used = _children_s()
    done = subprocess.run(
        [program, "rules", "answer"], input=b"\n".join(texts) + b"\n", capture_output=True, check=True
    )
    wall, cpu = time.perf_counter() - began, _children_s() - used
    answered = done.stdout.splitlines()
    if len(answered) != len(texts) or any(b'"error"' in line for line in answered):
        raise SystemExit("daxiang rules answer left lines unanswered")
    return len(texts) / cpu, (before + yardstick_us()) / 2, len(texts) / wall


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def kept_share(texts: Sequence[bytes]) -> float:
    """Of these lines, asked in a process that has answered nothing yet, the share found kept."""
    rules._decision.cache_clear()
    for _ in answers(texts):
        pass
    info = rules._decision.cache_info()
    return info.hits / (info.hits + info.misses)


def _rate(rounds: Sequence[tuple[float, float]]) -> Rate:
    return Rate(
        cpu=statistics.median(rate for rate, _ in rounds),
        quiet=statistics.median(rate * stick / QUIET_US for rate, stick in rounds),
    )


def lines(found: Rules) -> list[str]:
    """The table for a person at a terminal."""
    rows = (
        ("full answers, the written cases", found.written, WANTED_ANSWERS),
        ("full answers, other instants and plates", found.new, WANTED_ANSWERS),
        (f"daxiang rules answer, {LINES:,} lines", found.lines, WANTED_LINES),
    )
    return [
        f"{'the plate rules, a second of CPU of one core':44} measured; on a quiet core",
        *(
            f"{'  ' + name:44} {rate.cpu:9,.0f} {rate.quiet:9,.0f}   wanted {goal:,}"
            for name, rate, goal in rows
        ),
        f"{'  the same by the wall':44} {found.lines_wall:9,.0f}",
        f"{'  of these lines found kept':44} {found.kept_share:9.0%}",
        f"{'  yardstick: a thousand additions, µs':44} {found.yardstick_us:9.1f} {QUIET_US:9.1f}",
    ]


def section(found: Rules) -> str:
    """The same for `docs/benchmarks.md`."""
    rows = (
        ("full answers, the written cases", found.written, f"{WANTED_ANSWERS:,}"),
        (f"the same at other instants and with other plates, {found.kept_share:.0%} kept", found.new, ""),
        ("lines of `daxiang rules answer`, of these, a whole process", found.lines, f"{WANTED_LINES:,}"),
    )
    told = "".join(
        f"| {name} | {rate.cpu:,.0f} | {rate.quiet:,.0f} | {goal} |\n" for name, rate, goal in rows
    )
    return f"""
## The plate rules

`python -m bench.rules`: a second of CPU of one core; the whole country's cases. A full answer has passage,
rule, tail, sanction, exact end, reason and source. “On a quiet core” is by the yardstick, since other work
shared the cores: {found.yardstick_us:.0f} µs in this run, {QUIET_US:.0f} µs on a quiet core of this machine.

| a second | measured | on a quiet core | wanted |
|---|--:|--:|--:|
{told}"""


if __name__ == "__main__":
    print("\n".join(lines(measure())))
