"""What the figures are held against: ratios within one run, because absolute figures say more of the
machine.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.gateway.contest import Figures, Results
from bench.gateway.servers import CONSTANT, FAST, FASTAPI, LIBRARIES, REAL, Contestant


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One line of the goals' table."""

    name: str
    wanted: str
    found: str
    reached: bool | None
    """None: not measured in this run."""


def goals(results: Results) -> list[Goal]:
    """Every goal of the gateway, with what was found."""
    return [
        _at_least("messages/s, constant answer, beside the faster wechatpy", CONSTANT, 6.0, results),
        _at_least("messages/s, the real conversation, beside the faster wechatpy", REAL, 3.0, results),
        *(
            _at_most(f"CPU (server and PostgreSQL), {name}, beside fast ASGI", ours, 2.0, results)
            for name, ours in (("constant answer", CONSTANT), ("the real conversation", REAL))
        ),
        _half_load(results.half_load),
        *_repeats(results.repeats),
        Goal(
            name="wrong or missing replies, all servers and rounds",
            wanted="0",
            found=str(results.wrong),
            reached=results.wrong == 0,
        ),
    ]


def ratio(
    results: Results, ours: Contestant, peers: Sequence[Contestant], figure: Callable[[Figures], float]
) -> float | None:
    """Median over the rounds of ours beside the best peer of that round (more is better for it)."""
    rows = [results.rounds[peer.key] for peer in peers if peer.key in results.rounds]
    mine = results.rounds.get(ours.key)
    if not rows or not mine:
        return None
    rounds = zip(mine, zip(*rows, strict=False), strict=False)
    return statistics.median(figure(my) / max(map(figure, theirs)) for my, theirs in rounds)


def _at_least(name: str, ours: Contestant, wanted: float, results: Results) -> Goal:
    found = ratio(results, ours, LIBRARIES, lambda one: one.messages_s)
    if FASTAPI.key not in results.rounds:
        found = None  # without the faster one it would prove nothing
    return Goal(
        name=name,
        wanted=f"≥ {wanted:g}x",
        found=_times(found),
        reached=None if found is None else found >= wanted,
    )


def _at_most(name: str, ours: Contestant, wanted: float, results: Results) -> Goal:
    found = ratio(results, ours, [FAST], lambda one: one.cpu_us)
    return Goal(
        name=name,
        wanted=f"≤ {wanted:g}x",
        found=_times(found),
        reached=None if found is None else found <= wanted,
    )


def _times(found: float | None) -> str:
    return "not measured" if found is None else f"{found:.2f}x"


def _half_load(figures: Figures | None) -> Goal:
    name = "p99 at half of capacity, open loop, the real conversation"
    if figures is None:
        return Goal(name=name, wanted="< 50 ms", found="not measured", reached=None)
    return Goal(name=name, wanted="< 50 ms", found=f"{figures.p99_ms:.1f} ms", reached=figures.p99_ms < 50)


def _repeats(figures: Figures | None) -> list[Goal]:
    names = "messages kept twice or answered in two ways, of those repeated", "messages never answered"
    if figures is None:
        return [Goal(name=name, wanted="0", found="not measured", reached=None) for name in names]
    pairs = zip(names, (figures.doubled, figures.never), strict=True)
    return [Goal(name=name, wanted="0", found=str(number), reached=number == 0) for name, number in pairs]
