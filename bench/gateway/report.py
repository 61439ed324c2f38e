"""The results as a page for `docs/` and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bench.gateway.contest import CONNECTIONS, Figures, Length, Results
from bench.gateway.goals import Goal, ratio
from bench.gateway.servers import CONTESTANTS, LIBRARIES, Contestant
from bench.micro import Parts

MARKS = {True: "reached", False: "**not reached**", None: "not measured"}
_HEAD = """# Benchmarks

Written by `make bench`; `make bench QUICK=1` takes about a minute and leaves this page alone. Figures of one
run on one machine: read the ratios, not the numbers. The chart is of the same run.

![Messages a second and CPU for each message, ours beside the peers](pictures/bench-gateway.svg)

## What is measured

The whole callback in safe mode: signature, AES, XML, the answer, AES again, over HTTP on the loopback with
keep-alive. Every server makes each message durable in PostgreSQL before it answers; ours keeps the answer
too, both sealed. One worker process each, all up at once, fired at in turn and in another order each round;
a first round is thrown away. Client, server and PostgreSQL share the machine's cores. Every reply is opened
and checked: status, signature, padding, app id, addressee, sender, words; the rows in the table are counted.

- *daxiang, the real conversation*: half digits, half plates, a third of these badly written; real advice.
- *daxiang, constant answer*: the same server and path, but everybody writes 帮助.
- *wechatpy …*: what most would write: a pool, one insert a message against repeats, a fixed sentence.
- *fast ASGI*: the least a Python gateway can cost; it understands one shape and answers a fixed sentence.
- *bare ASGI*: the same job written plainly.

"""
_COLUMNS = """Messages a second counts right answers only. “x” is that beside the faster wechatpy of the same
round. CPU is user and system time of the process tree, µs for each message."""
_ALONE = """| run | deliveries | messages/s | p50 ms | p99 ms | longest ms | rows kept | doubled | never |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
"""
_DOUBLED = """A message counts as doubled when it has a second row, or when two deliveries got answers that
differ in one byte under the seal: ours gives a repeat the stored answer, in whatever process. “never” are
messages without a right answer to any delivery."""


def page(
    results: Results,
    found: Sequence[Goal],
    parts: Parts,
    *,
    length: Length,
    facts: Sequence[tuple[str, str]],
    versions: str,
    at: datetime,
) -> str:
    """The whole page in Markdown."""
    how = f"{length.rounds} rounds of {length.seconds:g} s, {CONNECTIONS} connections, closed loop; medians"
    return "".join(
        (
            _HEAD,
            f"## The gateway beside its peers\n\n{at:%Y-%m-%d %H:%M}, {how}.\n\n",
            f"{table(results)}\n{_COLUMNS}\n\n",
            "".join(f"Skipped: {line}\n\n" for line in results.skipped),
            f"## Goals\n\n{_goals(found)}\n",
            f"## Half load and repeats\n\n{_alone(results)}\n",
            f"## Single parts\n\n{_parts(parts)}\n",
            f"## The machine\n\n{_facts(facts, versions)}",
        )
    )


def table(results: Results) -> str:
    """The contest as a Markdown table, the fastest first."""
    present = [one for one in CONTESTANTS if one.key in results.rounds]
    present.sort(key=lambda one: -results.median(one.key, lambda figures: figures.messages_s))
    head = "| server | messages/s | x | CPU | PostgreSQL CPU | p50 ms | p99 ms | wrong |\n"
    rule = "|---|--:|--:|--:|--:|--:|--:|--:|\n"
    return head + rule + "".join(_row(one, results) for one in present)


def _row(contestant: Contestant, results: Results) -> str:
    def median(name: str) -> float:
        return results.median(contestant.key, lambda figures: float(getattr(figures, name)))

    times = ratio(results, contestant, LIBRARIES, lambda figures: figures.messages_s)
    wrong = sum(one.wrong for one in results.rounds[contestant.key])
    cells = (
        contestant.label,
        f"{median('messages_s'):,.0f}",
        "" if times is None else f"{times:.2f}",
        f"{median('server_us'):.0f}",
        f"{median('postgres_us'):.0f}",
        f"{median('p50_ms'):.1f}",
        f"{median('p99_ms'):.1f}",
        str(wrong),
    )
    return f"| {' | '.join(cells)} |\n"


def _goals(found: Sequence[Goal]) -> str:
    rows = [f"| {one.name} | {one.wanted} | {one.found} | {MARKS[one.reached]} |\n" for one in found]
    return "| goal | wanted | found | |\n|---|--:|--:|---|\n" + "".join(rows)


def _alone(results: Results) -> str:
    runs = (
        (f"open loop, {results.half_rate:,.0f}/s due", results.half_load),
        ("a tenth delivered again, two processes", results.repeats),
    )
    rows = "".join(_alone_row(name, one) for name, one in runs if one is not None)
    return f"{_ALONE}{rows}\n{_DOUBLED}\n"


def _alone_row(name: str, one: Figures) -> str:
    cells = (
        f"{name} | {one.deliveries:,} | {one.messages_s:,.0f} | {one.p50_ms:.1f} | {one.p99_ms:.1f} | "
        f"{one.max_ms:.1f} | {one.kept:,} of {one.messages:,} | {one.doubled} | {one.never}"
    )
    return f"| {cells} |\n"


def _parts(parts: Parts) -> str:
    return (
        "| part | µs |\n|---|--:|\n"
        f"| open, read, write and seal one message, daxiang | {parts.ours_us:.1f} |\n"
        f"| the same without the fast path | {parts.strict_us:.1f} |\n"
        f"| the same with wechatpy ({parts.ratio:.2f}x) | {parts.wechatpy_us:.1f} |\n"
        f"| one decision with its end and reason | {parts.decision_us:.1f} |\n"
        f"| one question, understood and answered: CPU, mean of a mix | {parts.question_us:.1f} |\n"
        f"| a picture of the day, warm: CPU | {parts.picture_ms * 1000:,.0f} |\n"
    )


def _facts(facts: Sequence[tuple[str, str]], versions: str) -> str:
    rows = [f"| {name} | {value} |\n" for name, value in (*facts, ("packages", versions))]
    return "| | |\n|---|---|\n" + "".join(rows)
