"""Figures of several processes on one page."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from daxiang.foundation import metrics

CHILD = """
import sys
from prometheus_client import Gauge
from daxiang.foundation import metrics
open_now = Gauge("daxiang_test_open", "", multiprocess_mode="livesum")
metrics.callbacks_total.labels(account="service", outcome="answered").inc(int(sys.argv[1]))
open_now.set(1)
print("counted", flush=True)
sys.stdin.read()
"""
PAGE = "from daxiang.foundation.metrics import render; print(render()[1].decode())"
TOTAL = 'daxiang_callbacks_total{account="service",outcome="answered"}'


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}


def _counting(folder: Path, times: int) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(times)],
        env=_environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "counted\n"
    return child


def _end(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.communicate()


def _page(folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", PAGE], env=_environment(folder), capture_output=True, text=True, check=True
    )
    lines = [line.rpartition(" ") for line in done.stdout.splitlines() if line and not line.startswith("#")]
    return {name: float(figure) for name, _, figure in lines}


@pytest.fixture
def two_processes(tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    children = [_counting(tmp_path, 2), _counting(tmp_path, 3)]
    yield children
    for child in children:
        _end(child)


@pytest.mark.usefixtures("two_processes")
def test_any_process_answers_for_all_of_its_role(tmp_path: Path) -> None:
    page = _page(tmp_path)
    assert (page[TOTAL], page["daxiang_test_open"]) == (5, 2)


def test_a_killed_process_keeps_what_it_counted_and_loses_what_it_held(
    tmp_path: Path, two_processes: list[subprocess.Popen[str]]
) -> None:
    _end(two_processes[0])
    page = _page(tmp_path)
    assert (page[TOTAL], page["daxiang_test_open"]) == (5, 1)


def test_a_process_that_comes_back_adds_to_the_total(
    tmp_path: Path, two_processes: list[subprocess.Popen[str]]
) -> None:
    _end(two_processes[0])
    two_processes.append(_counting(tmp_path, 10))
    assert _page(tmp_path)[TOTAL] == 15


def test_a_total_that_cannot_be_read_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_business", metrics.BusinessTotals())

    def broken() -> list[tuple[tuple[str, ...], float]]:
        raise OSError("no database")

    for name, read in (("daxiang_a", broken), ("daxiang_b", lambda: [(("service",), 7.0)])):
        metrics.register_totals(metrics.Totals(name=name, meaning="x", labels=("account",), read=read))
    page = metrics.render()[1].decode()
    assert 'daxiang_b{account="service"} 7.0' in page
    assert 'daxiang_totals_readable{total="daxiang_a"} 0.0' in page
