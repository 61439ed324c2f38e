"""What the processes of a role count, as one page for Prometheus.

The supervisor gives each role and boot a folder (`PROMETHEUS_MULTIPROC_DIR`); every process of the role
writes its figures there, so that whichever process is asked answers for all of them. Counters of processes
that are gone stay; what they held "live" goes. Without the folder a process answers for itself alone.

Totals of the business (messages kept, notices sent) are read from PostgreSQL when asked: see
`register_totals`. No label ever holds a person, a plate or a text.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

log = structlog.get_logger()
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class _Source(Protocol):
    def collect(self) -> Iterable[Metric]: ...


def _folder() -> Path | None:
    named = os.environ.get(_FOLDER, "").strip()
    return Path(named) if named else None


if (_made := _folder()) is not None:  # the definitions below open their files in it
    _made.mkdir(parents=True, exist_ok=True)

callbacks_total = Counter(
    "daxiang_callbacks_total", "Callbacks answered, by account and outcome", ["account", "outcome"]
)
callback_seconds = Histogram(
    "daxiang_callback_seconds",
    "From the first byte of a callback to its answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
refused_total = Counter("daxiang_refused_total", "Callbacks refused, by reason", ["reason"])
danger_unkept_total = Counter(
    "daxiang_danger_unkept_total",
    "Danger messages that were answered and could not be kept: any is an alarm",
    ["account", "reason"],
)
group_commit_rows = Histogram(
    "daxiang_group_commit_rows",
    "Messages that one commit carried",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
)
relay_total = Counter(
    "daxiang_relay_total",
    "Messages for a vendor, by account and outcome (answered, empty, or why not; late_: after the budget)",
    ["account", "outcome"],
)
relay_seconds = Histogram(
    "daxiang_relay_seconds",
    "From asking a vendor to its answer or its failure",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15),
)
pages_total = Counter("daxiang_pages_total", "Pages answered, by page", ["page"])
sign_ins_total = Counter("daxiang_sign_ins_total", "Tries to sign in to the console, by outcome", ["outcome"])
wechat_calls_total = Counter(
    "daxiang_wechat_calls_total", "Calls to WeChat, by how they ended", ["account", "path", "outcome"]
)
wechat_call_seconds = Histogram(
    "daxiang_wechat_call_seconds",
    "A call to WeChat with its repeats",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """One figure of the business and how to read it; `read` gives (label values, figure) pairs."""

    name: str
    """With the prefix: `daxiang_inbox_messages`."""
    meaning: str
    labels: tuple[str, ...]
    read: Callable[[], Iterable[tuple[tuple[str, ...], float]]]


class BusinessTotals:
    """Reads every registered total when the page is asked for. A source that fails is told, and hides no
    other.
    """

    def __init__(self) -> None:
        self._sources: list[Totals] = []

    def add(self, totals: Totals) -> None:
        self._sources = [known for known in self._sources if known.name != totals.name] + [totals]

    def collect(self) -> Iterator[Metric]:
        readable = GaugeMetricFamily(
            "daxiang_totals_readable", "1 when the total could be read just now", labels=["total"]
        )
        for totals in self._sources:
            family = GaugeMetricFamily(totals.name, totals.meaning, labels=totals.labels)
            try:
                for labels, figure in totals.read():
                    family.add_metric(labels, figure)
            except Exception as error:  # outermost frame of a source: the other figures must come
                log.warning("total_not_readable", task=totals.name, reason=type(error).__name__)
                readable.add_metric([totals.name], 0)
                continue
            readable.add_metric([totals.name], 1)
            yield family
        if self._sources:
            yield readable


_business = BusinessTotals()
_render_lock = threading.Lock()


def register_totals(totals: Totals) -> None:
    """Add a figure that `render` reads when asked; registering a name again replaces it."""
    _business.add(totals)


def render() -> tuple[str, bytes]:
    """The content type and the page: the figures of every process of this role, then the business totals."""
    folder = _folder()
    with _render_lock:
        if folder is None:
            body = generate_latest(REGISTRY)
        else:
            forget_dead(folder)
            body = generate_latest(_gathered(folder))
        return CONTENT_TYPE_LATEST, body + generate_latest(_registry_of(_business))


def _gathered(folder: Path) -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    return registry


def _registry_of(source: _Source) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(source)
    return registry


def forget_dead(folder: Path) -> None:
    """Drop the live gauges of processes that are gone; their counters stay, because what they counted
    happened.
    """
    pids = {
        int(word)
        for path in folder.glob("gauge_live*_*.db")
        if (word := path.stem.rpartition("_")[2]).isdigit()
    }
    for pid in sorted(pids):
        if not _is_alive(pid):
            mark_process_dead(pid, path=str(folder))  # type: ignore[no-untyped-call]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
