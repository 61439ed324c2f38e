"""Twelve mornings with real processes and real seconds: a whole copy lives from 07:59:40 to 08:00:40, while
its worker is killed, its database is down, its token void, the platform busy or without an answer, or the
whole copy starts again at eight. The simulator's own record says what it accepted, and when.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
from tests.officers.rolls import roll_of

from daxiang.domains.briefings.content import Article, Content, Section, SectionKind
from daxiang.domains.briefings.operations import EditionKind, Review, act, add_edition, edit
from daxiang.domains.briefings.queries import edition
from daxiang.domains.briefings.workflow import Action, Actor, Part
from daxiang.foundation.database.url import cluster_url
from daxiang.jobs.briefing import TAG
from daxiang.kernel.clock import SHANGHAI
from prove.instance import Instance, request, running
from prove.officers import command

FIRST_DAY = date(2026, 12, 7)
ACCOUNT = "subscription"
SEND = "/cgi-bin/message/mass/sendall"
ANNA = Actor(name="anna", parts=frozenset({Part.EDITOR}))
CARL = Actor(name="carl", parts=frozenset({Part.REVIEWER}))
BEFORE_S, AFTER_S, WITHIN_S = 20, 40, 30
"""Around eight, in seconds."""


class Morning:
    """One copy at one morning."""

    def __init__(self, instance: Instance, day: date) -> None:
        self.instance = instance
        self.eight = datetime(day.year, day.month, day.day, 8, tzinfo=SHANGHAI)
        self._url = cluster_url(instance.home)

    def at(self, seconds: float) -> None:
        """Wait until so many seconds after eight, by the copy's clock."""
        while (left := seconds - self.now_s()) > 0:
            time.sleep(min(left, 0.2))

    def now_s(self) -> float:
        return self._began + (time.monotonic() - self._since)

    def begin(self) -> None:
        """07:59:40."""
        self._began, self._since = -float(BEFORE_S), time.monotonic()
        self.instance.set_clock((self.eight - timedelta(seconds=BEFORE_S)).isoformat())
        self._since = time.monotonic()

    def prepared(self, *, approved: bool = True, scheduled: bool = True, edited: bool = False) -> None:
        """An edition of the day, brought as far as people brought it by then."""
        now = self.eight - timedelta(minutes=40)
        article = Article(title="一件", paragraphs=("没有人受伤。",))
        section = Section(kind=SectionKind.INCIDENTS, title="重要警情", articles=(article,))
        teaser = f"{self.eight:%m-%d} 昨日警情1起。"
        content = Content(title="简报", teaser=teaser, sections=(section,))
        with psycopg.connect(self._url, autocommit=True) as link, link.transaction(), link.cursor() as cursor:
            held = add_edition(
                cursor,
                day=self.eight.date(),
                kind=EditionKind.WEEKDAY,
                content=content,
                review=Review(reviewer="carl", deputy="", due_at=now),
                who="anna",
                now=now,
            )
            seen = edition(cursor, held).digest
            steps = [(Action.SEND_FOR_REVIEW, ANNA)]
            steps += [(Action.APPROVE, CARL)] if approved else []
            steps += [(Action.SCHEDULE, CARL)] if approved and scheduled else []
            for action, who in steps:
                act(cursor, held, action, who, now=now, seen=seen, at=self.eight)
            if edited:
                other = Content(title="简报", teaser="换了一句。", sections=(section,))
                edit(cursor, held, content=other, actor=ANNA, now=now)

    def fault(self, kind: str, *, count: int = 1, value: float | None = None, path: str = SEND) -> None:
        body = {"path": path, "kind": kind, "count": count, "account": ACCOUNT}
        self._sim("/_sim/faults", body if value is None else {**body, "value": value})

    def expire_token(self) -> None:
        self._sim("/_sim/tokens/expire", {"account": ACCOUNT})

    def kill_worker(self) -> None:
        for process in self.instance.of_role("worker"):
            process.send_signal(signal.SIGKILL)

    def database_down(self, until_s: float) -> None:
        """The server is shut down, and whatever would start it again waits until then."""
        launchers = self.instance.of_role("database")
        for one in launchers:
            one.suspend()
        servers = [one for one in self.instance.of_role("postgres") if _is_postmaster(one)]
        for one in servers:
            one.send_signal(signal.SIGINT)
        psutil.wait_procs(servers, timeout=10)
        self.at(until_s)
        for one in launchers:
            one.resume()

    def restart(self) -> None:
        self.instance.stop(timeout=30)
        self.instance.start(timeout=60)
        at = self.eight + timedelta(seconds=self.now_s())  # a copy that starts begins with the real time
        self.instance.set_clock(at.isoformat())

    def accepted(self, since: int) -> list[tuple[float, str]]:
        """What the platform took on since that row of its record: seconds after eight, and the words."""
        rows = request(self.instance.url("simulator", f"/_sim/truth?since={since}&limit=1000"))["truth"]
        return [
            ((datetime.fromisoformat(row["at"]) - self.eight).total_seconds(), str(row))
            for row in rows
            if row["kind"] == "mass" and row.get("clientmsgid")
        ]

    def last_row(self) -> int:
        since = 0
        while True:
            page = request(self.instance.url("simulator", f"/_sim/truth?since={since}&limit=1000"))
            if not page["truth"]:
                return since
            since = page["next"]

    def lift(self) -> None:
        request(self.instance.url("simulator", "/_sim/faults"), method="DELETE")

    def _sim(self, path: str, body: Any) -> None:
        request(self.instance.url("simulator", path), body)


def _is_postmaster(process: psutil.Process) -> bool:
    parent = process.parent()
    return parent is None or parent.name() != "postgres"


def _quiet(morning: Morning) -> None:
    morning.begin()


def _killed_before(morning: Morning) -> None:
    morning.begin()
    morning.at(-10)
    morning.kill_worker()


def _killed_at_eight(morning: Morning) -> None:
    morning.fault("slow", value=2)
    morning.begin()
    morning.at(0.8)
    morning.kill_worker()


def _database_away(morning: Morning) -> None:
    morning.begin()
    morning.database_down(-2)


def _token_void(morning: Morning) -> None:
    morning.begin()
    morning.at(-1)
    morning.expire_token()


def _busy(morning: Morning) -> None:
    morning.fault("errcode", value=-1, count=5)
    morning.begin()


def _lost(morning: Morning) -> None:
    morning.fault("lost_answer", value=0)
    morning.begin()


def _lost_and_killed(morning: Morning) -> None:
    morning.fault("lost_answer", value=1)
    morning.begin()
    morning.at(0.6)
    morning.kill_worker()


def _restarted(morning: Morning) -> None:
    morning.begin()
    morning.at(0)
    morning.restart()


MORNINGS: tuple[tuple[str, dict[str, bool], Callable[[Morning], None]], ...] = (
    ("quiet", {}, _quiet),
    ("worker killed at 07:59:50", {}, _killed_before),
    ("database down 07:59:40-07:59:58", {}, _database_away),
    ("token void at 07:59:59", {}, _token_void),
    ("-1 five times", {}, _busy),
    ("answer lost", {}, _lost),
    ("answer lost, worker killed", {}, _lost_and_killed),
    ("worker killed in the call", {}, _killed_at_eight),
    ("whole copy started again at 08:00:00", {}, _restarted),
    ("not approved", {"approved": False}, _quiet),
    ("approved, not scheduled", {"scheduled": False}, _killed_before),
    ("approved, then edited", {"edited": True}, _quiet),
)


async def mornings(folder: Path, count: int, first: int = 0) -> dict[str, Any]:
    """So many of them, one after the other in one copy. Returns what was found."""
    return await asyncio.to_thread(_lived, folder, count, first)


def _lived(folder: Path, count: int, first: int) -> dict[str, Any]:
    home = folder / "mornings"
    shutil.rmtree(home, ignore_errors=True)
    found: dict[str, Any] = {
        "mornings": 0,
        "mornings_accepted": 0,
        "mornings_wrong": [],
        "mornings_late_s": 0.0,
    }
    os.environ.pop("DAXIANG_NOW", None)
    with running(home) as instance:
        _one_officer(instance)
        for number in range(first, first + count):
            name, prepared, lived = MORNINGS[number % len(MORNINGS)]
            morning = Morning(instance, FIRST_DAY + timedelta(days=number))
            _live(morning, name, prepared, lived, found)
    return found


def _one_officer(instance: Instance) -> None:
    """Somebody wears the tag."""
    roll = instance.home / "roll.csv"
    roll.write_text(roll_of([1]), encoding="utf-8")
    command(instance, "officers", "import", str(roll))
    code = command(instance, "officers", "codes").splitlines()[1].split(",")[2]
    user = instance.new_user()
    instance.follow(user, ACCOUNT)
    assert "绑定好了" in str(instance.send(user, f"绑定 {code}", ACCOUNT))
    until = time.monotonic() + 60
    while not _tagged(instance):
        assert time.monotonic() < until, "nobody wears the tag after a minute"
        time.sleep(0.2)


def _tagged(instance: Instance) -> bool:
    """Whether the worker has written that somebody wears the tag."""
    with psycopg.connect(cluster_url(instance.home)) as link:
        row = link.execute("SELECT EXISTS (SELECT FROM officer_tag WHERE tag = %s)", (TAG,)).fetchone()
    return row is not None and row[0]


def _live(
    morning: Morning,
    name: str,
    prepared: dict[str, bool],
    lived: Callable[[Morning], None],
    found: dict[str, Any],
) -> None:
    morning.instance.set_clock((morning.eight - timedelta(minutes=2)).isoformat())
    morning.prepared(**prepared)
    since = morning.last_row()
    lived(morning)
    morning.at(AFTER_S)
    accepted = morning.accepted(since)
    morning.lift()
    found["mornings"] += 1
    if prepared:
        if accepted:
            found["mornings_wrong"].append(f"{name}: accepted {accepted}")
        return
    if len(accepted) != 1 or not 0 <= accepted[0][0] <= WITHIN_S:
        found["mornings_wrong"].append(f"{name}: {[at for at, _ in accepted]}")
        return
    found["mornings_accepted"] += 1
    found["mornings_late_s"] = max(found["mornings_late_s"], round(accepted[0][0], 2))
