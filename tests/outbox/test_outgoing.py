"""The worker's loops are started again whatever fails, and the readiness page says what is wrong."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from daxiang.config import django_settings
from daxiang.jobs import outgoing as outgoing_module
from daxiang.jobs import worker as worker_module
from daxiang.jobs.outgoing import Outgoing, Run
from daxiang.jobs.schedule import SCHEDULE
from daxiang.jobs.worker import Worker

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


class Opening:
    """Fails so many times before it opens one loop that waits for the end."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.tries = 0
        self.failed = asyncio.Event()
        self.may_open = asyncio.Event()
        self.is_running = asyncio.Event()

    async def __call__(self, stack: AsyncExitStack) -> dict[str, Run]:
        self.tries += 1
        if self.tries <= self.failures:
            raise OSError("no more files")
        self.failed.set()
        await self.may_open.wait()
        return {"sending": self._run}

    async def _run(self, stop: asyncio.Event) -> None:
        self.is_running.set()
        await stop.wait()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing_module, "RESTART_PAUSE_S", 0.0)


async def test_an_opening_that_fails_is_told_and_tried_until_it_works() -> None:
    opening = Opening(failures=3)
    outgoing = Outgoing(django_settings.DAXIANG, open_loops=opening)
    assert outgoing.is_troubled() == "sending has ended"
    outgoing.start()
    await opening.failed.wait()
    assert outgoing.is_troubled() == "opening failed: OSError"
    opening.may_open.set()
    await opening.is_running.wait()
    assert (opening.tries, outgoing.is_troubled()) == (4, None)
    await outgoing.stop()


async def test_one_loop_that_fails_is_told_and_started_again_and_holds_up_no_other() -> None:
    runs, again, other = 0, asyncio.Event(), asyncio.Event()

    async def fails_once(stop: asyncio.Event) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise RuntimeError("a fault of ours")
        again.set()
        await stop.wait()

    async def waits(stop: asyncio.Event) -> None:
        other.set()
        await stop.wait()

    async def opened(stack: AsyncExitStack) -> dict[str, Run]:
        return {"keeper": fails_once, "sending": waits}

    outgoing = Outgoing(django_settings.DAXIANG, open_loops=opened)
    outgoing.start()
    await again.wait()
    await other.wait()
    assert outgoing.is_troubled() == "keeper failed: RuntimeError"
    await outgoing.stop()


class Told:
    """A clock that is told what it is."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    made: Any = Worker(django_settings.DAXIANG)
    made._clock = Told()
    monkeypatch.setattr(made._thread, "is_alive", lambda: True)
    return made  # type: ignore[no-any-return] # as made


def test_work_that_ran_once_and_never_again_is_told(worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker._last = {entry.name: NOW for entry in SCHEDULE}
    worker._due()
    assert worker.is_behind() is None
    worker._clock.at = NOW + timedelta(hours=2)
    worker._due()
    assert worker.is_behind() is None  # due just now
    monkeypatch.setattr(worker_module, "LATE_S", -1.0)
    assert worker.is_behind() == f"overdue: {', '.join(sorted(entry.name for entry in SCHEDULE))}"


def test_work_that_has_not_run_yet_is_told(worker: Any) -> None:
    *done, missing = SCHEDULE
    worker._last = {entry.name: NOW for entry in done}
    assert worker.is_behind() == f"not run yet: {missing.name}"
