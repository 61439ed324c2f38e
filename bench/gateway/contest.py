"""The contest: all servers up, fired at in turn, round by round; then ours alone at half load and with
repeats.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.gateway.check import judge
from bench.gateway.client import fire
from bench.gateway.cpu import tree_cpu_s
from bench.gateway.messages import plan, write_requests
from bench.gateway.place import Place
from bench.gateway.servers import REAL, Contestant, DidNotStart, Server

CONNECTIONS = 64
MOST_A_SECOND = 9000
"""More messages a second than any contestant here answers, so that no file runs out."""


@dataclass(frozen=True, kw_only=True)
class Length:
    """How long a run takes."""

    rounds: int
    seconds: float
    open_seconds: float
    repeats: int
    """Deliveries in the run with repeats."""


FULL = Length(rounds=5, seconds=2.0, open_seconds=10.0, repeats=22_000)
QUICK = Length(rounds=2, seconds=1.0, open_seconds=3.0, repeats=5_500)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One firing at one server."""

    messages_s: float
    """Right answers a second: a server that refuses in haste is not fast."""
    p50_ms: float
    p99_ms: float
    max_ms: float
    server_us: float
    """CPU of the server's process tree for one message."""
    postgres_us: float
    wrong: int
    """Wrong replies and requests without any."""
    first_wrong: str
    """What was asked, and what came back."""
    deliveries: int
    messages: int
    """Different messages; fewer than deliveries where some were repeated."""
    kept: int
    """Rows that came to be in the server's table meanwhile."""
    doubled: int
    """Messages kept twice, or answered in two ways."""
    never: int
    """Messages without a right answer to any delivery, or answered and not kept."""

    @property
    def cpu_us(self) -> float:
        return self.server_us + self.postgres_us


@dataclass(kw_only=True)
class Results:
    rounds: dict[str, list[Figures]] = field(default_factory=dict)
    """Contestant's key -> a value a round."""
    half_load: Figures | None = None
    half_rate: float = 0.0
    repeats: Figures | None = None
    skipped: list[str] = field(default_factory=list)

    def median(self, key: str, figure: Callable[[Figures], float]) -> float:
        return statistics.median(figure(one) for one in self.rounds[key])

    @property
    def wrong(self) -> int:
        """Everything that must be 0, over all servers and rounds."""
        ours = [one for one in (self.half_load, self.repeats) if one is not None]
        rounds = [one for row in self.rounds.values() for one in row]
        return sum(max(one.wrong, one.never) + one.doubled for one in (*rounds, *ours))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def contest(
    place: Place, contestants: Sequence[Contestant], *, programs: Path | None, length: Length
) -> Results:
    """All rounds of all contestants. One that does not start is left out, visibly."""
    results = Results()
    with _running(place, contestants, programs, results) as servers:
        for number in range(length.rounds + 1):
            # Another order each round, other neighbours too: what one leaves to the disk slows the next one.
            for server in random.Random(number).sample(servers, len(servers)):
                seconds = length.seconds if number else 0.5  # the first round warms up and is thrown away
                figures = measure(place, server, seconds=seconds, count=int(seconds * MOST_A_SECOND) + 500)
                _tell(server.contestant, figures, number)
                if number:
                    results.rounds.setdefault(server.contestant.key, []).append(figures)
    return results


def half_load(place: Place, rate: float, *, length: Length) -> Figures:
    """Ours at that many a second: latency counts from the moment a message was due."""
    with _server(place, REAL, processes=1) as server:
        measure(place, server, seconds=0.5, count=5000)
        return measure(
            place,
            server,
            rate=rate,
            seconds=length.open_seconds,
            count=int(length.open_seconds * rate),
        )


def with_repeats(place: Place, *, length: Length, processes: int = 2) -> Figures:
    """A tenth of the messages once more while the first is on its way or just answered, two processes."""
    with _server(place, REAL, processes=processes) as server:
        return measure(place, server, count=length.repeats, repeats=0.1)


def measure(
    place: Place,
    server: Server,
    *,
    count: int,
    seconds: float = 0,
    rate: float = 0,
    repeats: float = 0,
) -> Figures:
    """Fire fresh messages at one server and judge all that comes back."""
    now, requests = int(time.time()), place.home / "requests"
    seed = _next_seed()
    asked = plan(count=count, seed=seed, say=server.contestant.say, now=now, repeats=repeats)
    write_requests(requests, asked, account=place.account, seed=seed, now=now)
    rows = place.rows(server.contestant.table)
    before = _cpu_s(server), tree_cpu_s(place.postgres_pid)
    fired = fire(requests, port=server.port, connections=CONNECTIONS, seconds=seconds, rate=rate)
    after = _cpu_s(server), tree_cpu_s(place.postgres_pid)
    kept = place.rows(server.contestant.table) - rows
    judged = judge(fired.answers, asked, account=place.account, expected=server.contestant.expected)
    latencies = sorted(answer.latency_ns / 1e6 for answer in fired.answers) or [0.0]
    deliveries = max(1, len(fired.answers))
    return Figures(
        messages_s=(len(fired.answers) - judged.wrong.total()) / fired.seconds if fired.seconds else 0.0,
        p50_ms=_quantile(latencies, 0.5),
        p99_ms=_quantile(latencies, 0.99),
        max_ms=latencies[-1],
        server_us=(after[0] - before[0]) / deliveries * 1e6,
        postgres_us=(after[1] - before[1]) / deliveries * 1e6,
        wrong=judged.wrong.total() + fired.failed,
        first_wrong=judged.first_wrong,
        deliveries=len(fired.answers),
        messages=judged.messages,
        kept=kept,
        doubled=judged.doubled + max(0, kept - judged.messages),
        never=max(judged.never, judged.messages - kept),
    )


_seeds: Iterator[int] = iter(range(1, 1000))


def _next_seed() -> int:
    """Other messages for each firing: every server refuses repeats of its own."""
    return next(_seeds)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _cpu_s(server: Server) -> float:
    return sum(tree_cpu_s(pid) for pid in server.pids)


@contextmanager
def _server(place: Place, contestant: Contestant, *, processes: int) -> Iterator[Server]:
    server = Server(contestant, account=place.account, environment=place.environment, programs=None)
    try:
        server.start(log=place.log, processes=processes)
        yield server
    finally:
        server.stop()


@contextmanager
def _running(
    place: Place, contestants: Sequence[Contestant], programs: Path | None, results: Results
) -> Iterator[list[Server]]:
    started: list[Server] = []
    try:
        for contestant in contestants:
            server = Server(
                contestant, account=place.account, environment=place.environment, programs=programs
            )
            try:
                server.start(log=place.log)
                started.append(server)
            except DidNotStart as error:
                server.stop()
                results.skipped.append(str(error))
                say(f"Skipped: {error}\n{_tail(place.log)}")
        yield started
    finally:
        for server in started:
            server.stop()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])


def _tell(contestant: Contestant, figures: Figures, number: int) -> None:
    wrong = f"  WRONG {figures.wrong} ({figures.first_wrong})" if figures.wrong else ""
    name = f"round {number}" if number else "warm-up"
    say(
        f"  {name:8} {contestant.label:44} {figures.messages_s:7.0f}/s  CPU {figures.server_us:5.0f} + "
        f"{figures.postgres_us:4.0f} µs  p99 {figures.p99_ms:6.1f} ms{wrong}"
    )
