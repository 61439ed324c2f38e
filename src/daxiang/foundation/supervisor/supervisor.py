"""Starts children, keeps them alive, stops them all; one asyncio loop, no child outlives it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from typing import Any

from daxiang.foundation.supervisor.child import (
    HEALTHY_S,
    WRONG_SETTING,
    Child,
    Life,
    how_it_ended,
    pause_before_restart,
)
from daxiang.foundation.supervisor.lifeline import adopt_orphans
from daxiang.foundation.supervisor.output import Output

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class GaveUp(Exception):
    """Everything has to stop; the message is one sentence, `status` the exit status of the whole."""

    def __init__(self, sentence: str, *, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


class Supervisor:
    """Use as `async with Supervisor(output) as supervisor:`; leaving the block stops every child.

    It reaps every process that ends below it, so nothing else in this process may wait for children.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self._lives: dict[str, Life] = {}
        self._failures: dict[str, int] = {}
        self._once: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._over = asyncio.Event()
        self._gave_up: GaveUp | None = None

    async def __aenter__(self) -> Supervisor:
        adopt_orphans()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGCHLD, self._reap)
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, self._asked_to_stop)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGCHLD, *_STOP_SIGNALS):
            loop.remove_signal_handler(number)

    def start(self, child: Child) -> None:
        """Start it and, whenever it ends, start it again until the stop."""
        if not self._over.is_set():
            self._begin(child)

    async def run_once(self, child: Child) -> int:
        """Run it to its end and return its exit status; status 2 stops everything with its last line."""
        self._once.add(child.name)
        life = self._begin(child)
        await life.ended.wait()
        assert life.status is not None  # noqa: S101 - set before `ended`
        return life.status

    async def until_over(self) -> None:
        """Wait for a stop: returns when somebody asked for it, raises `GaveUp` when a child forced it."""
        await self._over.wait()
        if self._gave_up:
            raise self._gave_up

    async def unless_over(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do the work unless a stop comes first: True when it was done. Raises `GaveUp` like `until_over`."""
        task = asyncio.ensure_future(work)
        over = asyncio.ensure_future(self._over.wait())
        await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
        done = task.done() and not self._over.is_set()
        for waiting in (task, over):
            waiting.cancel()
        results = await asyncio.gather(task, over, return_exceptions=True)
        if self._gave_up:
            raise self._gave_up
        if done and isinstance(results[0], BaseException):
            raise results[0]
        return done

    def give_up(self, sentence: str, *, status: int = 1) -> None:
        if self._gave_up is None:
            self._gave_up = GaveUp(sentence, status=status)
        self._over.set()

    def _begin(self, child: Child) -> Life:
        def take(text: str) -> None:
            self._output.line(child.name, text)

        life = Life(child, take_line=take)
        self._lives[child.name] = life
        return life

    def _asked_to_stop(self) -> None:
        if self._over.is_set():
            for life in self._lives.values():
                life.signal_group(signal.SIGKILL)
        self._over.set()

    def _reap(self) -> None:
        while True:
            try:
                pid, wait_status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            life = next((life for life in self._lives.values() if life.pid == pid), None)
            if life is not None:  # else an orphan of a group that is being killed
                task = asyncio.ensure_future(self._after(life, wait_status))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _after(self, life: Life, wait_status: int) -> None:
        status = await life.bury(wait_status)
        name = life.child.name
        if self._over.is_set():
            return
        if status == WRONG_SETTING and life.age_s < HEALTHY_S:
            self.give_up(f"{name} refused to start: {life.last_line}", status=WRONG_SETTING)
            return
        if name in self._once:
            return
        failures = 1 if life.age_s >= HEALTHY_S else self._failures.get(name, 0) + 1
        self._failures[name] = failures
        pause = pause_before_restart(failures)
        when = f"in {pause:g} s" if pause else "now"
        self._output.line("up", f"{name} {how_it_ended(status)}; starting it again {when}.")
        await asyncio.sleep(pause)
        if not self._over.is_set():
            self._begin(life.child)

    async def _stop(self) -> None:
        self._over.set()
        lives = [life for life in self._lives.values() if not life.ended.is_set()]
        for stage in sorted({life.child.stage for life in lives}, reverse=True):
            await self._stop_stage([life for life in reversed(lives) if life.child.stage == stage])
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _stop_stage(self, lives: list[Life]) -> None:
        for life in lives:
            life.terminate()
        waits = [asyncio.ensure_future(self._end_within_grace(life)) for life in lives]
        await asyncio.gather(*waits)

    async def _end_within_grace(self, life: Life) -> None:
        try:
            await asyncio.wait_for(life.ended.wait(), life.child.grace_s)
        except TimeoutError:
            self._output.line("up", f"{life.child.name} does not end by itself and is killed.")
            life.signal_group(signal.SIGKILL)
            await asyncio.wait({asyncio.ensure_future(life.ended.wait())}, timeout=1)
