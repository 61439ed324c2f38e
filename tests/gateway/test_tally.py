"""What is counted in plain numbers comes to the same as what the library would have counted itself."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from daxiang.foundation import metrics
from daxiang.sites.gateway import tally as tally_module
from daxiang.sites.gateway.tally import Spread, Tally

BOUNDS = (0.001, 0.01, 0.5, 1.0)


def page(values: list[float], *, together: bool) -> str:
    registry = CollectorRegistry()
    histogram = Histogram("seconds", "seconds", buckets=BOUNDS, registry=registry)
    spread = Spread(histogram)
    for value in values:
        (spread.add if together else histogram.observe)(value)
    spread.flush()
    spread.flush()  # nothing is counted twice
    lines = generate_latest(registry).decode().splitlines()
    return "\n".join(line for line in lines if "_created" not in line)


@given(st.lists(st.sampled_from((0.0, 0.001, 0.25, 0.5, 0.75, 1.0, 2.0, 8.0))))
def test_a_spread_equals_single_observations(values: list[float]) -> None:
    assert page(values, together=True) == page(values, together=False)


async def test_counts_reach_the_metrics_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally_module, "FLUSH_S", 0.0)
    child = metrics.refused_total.labels(reason="invented")
    before = child._value.get()
    tally = Tally()
    for _ in range(3):
        tally.refused("invented")
    flushed = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, flushed.set)
    await flushed.wait()
    assert child._value.get() - before == 3
