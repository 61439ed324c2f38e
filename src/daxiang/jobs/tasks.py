"""Urgent tasks: told by whatever channel can reach, escalated along the roster, the rest named.

By customer service where an officer's own act has opened a window; else by the port outside WeChat, where one
is set; else she is named as not reached, at once, with why.
"""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
import structlog

from daxiang.domains.duty import tasks
from daxiang.domains.duty.roster import on_duty
from daxiang.domains.duty.tasks import Silent, Task, Waiting
from daxiang.domains.officers.people_queries import Unit, officers_of_ids, path_of, units
from daxiang.domains.officers.roll import veiled
from daxiang.foundation.outbox.operations import Delivery, enqueuing
from daxiang.foundation.sealing import Sealer
from daxiang.jobs.rounds import rounds
from daxiang.jobs.to_officers import delivery_to, has_window
from daxiang.kernel.clock import Clock

log = structlog.get_logger()
EVERY_S = 1.0
MOST = 500
"""Told in one transaction."""
USEFUL_FOR = timedelta(minutes=10)
GRACE = timedelta(seconds=30)
"""After the time to answer: what has not left by then has not reached anybody."""
TIMEOUT_S = 10.0
Reach = Callable[[Task, Mapping[int, str]], set[int]]
"""Sends a task's words to telephones by officer; returns whom it reached."""


class TaskSending:
    """Works on every open task until it is told to stop. Several workers may run it at once."""

    def __init__(self, *, url: str, clock: Clock, sealer: Sealer, reach: Reach | None = None) -> None:
        self._url = url
        self._clock = clock
        self._sealer = sealer
        self._reach = reach

    async def run(self, stop: asyncio.Event) -> None:
        await rounds(self.round, stop, every_s=EVERY_S, waits="tasks_wait")

    def round(self) -> None:
        """One step of every open task."""
        with psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-tasks"
        ) as connection:
            with connection.cursor() as cursor:
                held = tasks.open_tasks(cursor)
            for task in held:
                while self._tell(connection, task):
                    pass
                if self._clock.now() >= task.until:
                    self._hand_up(connection, task)
                with connection.cursor() as cursor:
                    tasks.end_task(cursor, task.id, now=self._clock.now())

    def _tell(self, connection: psycopg.Connection[Any], task: Task) -> int:
        """Hand over some who wait; how many there were."""
        now = self._clock.now()
        with connection.transaction(), connection.cursor() as cursor:
            held = tasks.waiting(cursor, task.id, most=MOST)
            by_wechat = [one for one in held if self._has_window(one, now)]
            deliveries = [one for one in (self._delivery(task, each, now) for each in by_wechat) if one]
            if deliveries:
                cursor.execute(*enqueuing(deliveries, self._sealer))
            told = [one.officer for one in by_wechat]
            tasks.tell(cursor, task.id, told, channel="wechat", now=now)
            rest = [one for one in held if one.officer not in set(told)]
            reached = self._reached(cursor, task, [one.officer for one in rest])
            tasks.tell(cursor, task.id, sorted(reached), channel="outside", now=now)
            for why, officers in _why_not(rest, reached).items():
                tasks.not_reached(cursor, task.id, officers, why=why, now=now)
        return len(held)

    def _has_window(self, one: Waiting, now: datetime) -> bool:
        if one.person is None or one.openid is None or one.has_left:
            return False
        return has_window(one.last_message_at, one.last_click_at, now)

    def _delivery(self, task: Task, one: Waiting, now: datetime) -> Delivery | None:
        words = f"紧急任务 {task.number}：{task.words}\n请回“收到”。"
        mark = tasks.dedup_of(task.id, one.officer)
        return self._message(one.account, one.person, one.openid, words, mark, now)

    def _message(
        self,
        account: str | None,
        person: bytes | None,
        openid: bytes | None,
        words: str,
        mark: bytes,
        now: datetime,
    ) -> Delivery | None:
        return delivery_to(
            account,
            person,
            openid,
            words,
            mark=mark,
            useful_for=USEFUL_FOR,
            sealer=self._sealer,
            now=now,
        )

    def _reached(self, cursor: psycopg.Cursor[Any], task: Task, officers: Sequence[int]) -> set[int]:
        """Whom the port outside WeChat reached; one that fails has reached nobody."""
        if self._reach is None or not officers:
            return set()
        held = officers_of_ids(cursor, officers, sealer=self._sealer)
        phones = {ident: one.phone for ident, one in held.items() if one.phone}
        try:
            return self._reach(task, phones) & phones.keys()
        except (OSError, ValueError) as error:
            log.warning("task_port_failed", reason=type(error).__name__)
            return set()

    def _hand_up(self, connection: psycopg.Connection[Any], task: Task) -> None:
        """Who is silent: to whoever leads on duty, once a unit; who got nothing: named."""
        now = self._clock.now()
        with connection.transaction(), connection.cursor() as cursor:
            held = tasks.silent(cursor, task.id)
            if not held:
                return
            tree = units(cursor)
            had = [one for one in held if one.delivery in (None, "sent")]
            lost = [one for one in held if one.delivery in ("refused", "expired", "unknown")]
            if now >= task.until + GRACE:
                lost += [one for one in held if one.delivery in ("waiting", "sending")]
            tasks.not_reached(cursor, task.id, [one.officer for one in lost], why="微信没有送到", now=now)
            for unit in sorted({one.unit for one in had}):
                of_unit = [one for one in had if one.unit == unit]
                self._to_lead(cursor, task, tree, unit, of_unit, now)

    def _to_lead(
        self,
        cursor: psycopg.Cursor[Any],
        task: Task,
        tree: list[Unit],
        unit: int,
        silent: Sequence[Silent],
        now: datetime,
    ) -> None:
        officers = [one.officer for one in silent]
        lead = self._lead(cursor, tree, unit, now)
        if lead is None:
            why = "消息送到了，没有回“收到”；现在没有带班可以找"
            tasks.not_reached(cursor, task.id, officers, why=why, now=now)
            return
        name, account, person, openid = lead
        words = f"紧急任务 {task.number}：{task.words}\n您的班上有{len(officers)}人没有回“收到”，请找一找。"
        mark = tasks.dedup_of(task.id, -unit)
        message = self._message(account, person, openid, words, mark, now)
        if message is not None:
            cursor.execute(*enqueuing([message], self._sealer))
        tasks.escalate(cursor, task.id, officers, why=f"交给带班 {veiled(name)}", now=now)
        log.info("task_escalated", count=len(officers))

    def _lead(
        self, cursor: psycopg.Cursor[Any], tree: list[Unit], unit: int, now: datetime
    ) -> tuple[str, str | None, bytes | None, bytes | None] | None:
        """Who leads on duty in the unit, or in the nearest one above it."""
        shifts = [one for one in on_duty(cursor, now=now) if one.is_lead]
        for above in reversed(path_of(tree, unit)):
            found = next((one for one in shifts if one.unit == above.id), None)
            if found is not None:
                cursor.execute(
                    "SELECT account, person, openid FROM officer WHERE id = %(id)s", {"id": found.officer}
                )
                row = cursor.fetchone()
                held = officers_of_ids(cursor, [found.officer], sealer=self._sealer)[found.officer]
                return (held.name, *(row or (None, None, None)))
        return None


def _why_not(rest: Sequence[Waiting], reached: set[int]) -> dict[str, list[int]]:
    """Why they are not reached, in words, with whom it holds for."""
    found: dict[str, list[int]] = {}
    for one in rest:
        if one.officer in reached:
            continue
        if one.person is None:
            why = "没有绑定内部号"
        elif one.has_left:
            why = "取消了关注"
        else:
            why = "48小时没有来过，微信不让我们先开口"
        found.setdefault(why, []).append(one.officer)
    return found


def reach_by(address: str) -> Reach:
    """The port outside WeChat behind a webhook."""

    def reach(task: Task, phones: Mapping[int, str]) -> set[int]:
        body = {
            "task": task.number,
            "text": f"紧急任务 {task.number}：{task.words}",
            "to": [{"id": ident, "phone": phone} for ident, phone in phones.items()],
        }
        request = urllib.request.Request(  # noqa: S310 (the operator's own address)
            address,
            json.dumps(body, ensure_ascii=False).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            told = json.loads(answer.read(1_000_000))
        return {one for one in told["reached"] if isinstance(one, int)} if isinstance(told, dict) else set()

    return reach
