"""No edition is sent that a second person has not approved, byte for byte.

Random people do random things to random editions on a real PostgreSQL, and a judge that knows the rules from
their prose, not from the product's table, says beforehand what must come of each. Then one editor whose
account is in a stranger's hands tries everything an editor can, against honest people who work meanwhile:
approving her own text, another text under an approval, an approval and an edit at the same instant, a digest
from before. After every sequence the clock jumps to the time of sending and the worker takes what it may.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from daxiang.domains.briefings.content import Article, Content, Section, SectionKind, digest_of, to_bytes
from daxiang.domains.briefings.errors import DayTaken, MoveRefused
from daxiang.domains.briefings.operations import WORKER, EditionKind, Review, act, add_edition, edit
from daxiang.domains.briefings.queries import due, edition
from daxiang.domains.briefings.workflow import Action, Actor, Part, Status
from daxiang.foundation.database.cluster import Cluster
from daxiang.foundation.database.url import cluster_url

START = datetime(2026, 11, 1, tzinfo=UTC)
MOST_EXAMPLES = 10
EDITOR, REVIEWER = frozenset({Part.EDITOR}), frozenset({Part.REVIEWER})
PEOPLE = (
    Actor(name="anna", parts=EDITOR),
    Actor(name="bert", parts=EDITOR),
    Actor(name="carl", parts=REVIEWER),
    Actor(name="dora", parts=REVIEWER),
    Actor(name="emil", parts=EDITOR | REVIEWER),
    Actor(name="operator", parts=frozenset()),
)
EVE = Actor(name="eve", parts=EDITOR)
MOVES_OF_PEOPLE = (
    Action.SEND_FOR_REVIEW,
    Action.SEND_BACK,
    Action.APPROVE,
    Action.SCHEDULE,
    Action.UNSCHEDULE,
    Action.WITHDRAW,
    Action.CLAIM,
    Action.ACCEPT,
    Action.RELEASE,
    Action.REFUSE,
    Action.MISS,
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sequences", type=int, default=5000)
    parser.add_argument("--attempts", type=int, default=1000, help="of the editor who is not herself")


@dataclass(kw_only=True)
class Judge:
    """What the rules allow for one edition, as a person would tell it."""

    text: int
    writers: set[str]
    place: str = "draft"
    approved: int | None = None
    """The text that a second person has approved, as long as nobody has touched it."""
    goes_at: datetime | None = None

    def edited(self, who: Actor, text: int) -> bool:
        is_open = self.place in {"draft", "in_review", "approved", "scheduled"}
        if not (is_open and Part.EDITOR in who.parts):
            return False
        if not (self.place == "draft" and text == self.text):
            self.text, self.place, self.approved, self.goes_at = text, "draft", None, None
            self.writers.add(who.name)
        return True

    def does(self, action: Action, who: Actor, *, now: datetime, seen: int, note: str, at: datetime) -> bool:
        """Whether it is done; then the judge's own state has moved."""
        is_editor, is_reviewer = Part.EDITOR in who.parts, Part.REVIEWER in who.parts
        is_either, is_worker = is_editor or is_reviewer, Part.WORKER in who.parts
        place, to = self.place, ""
        if action is Action.SEND_FOR_REVIEW and is_editor and place == "draft":
            to = "in_review"
        if (
            action is Action.SEND_BACK
            and is_reviewer
            and note
            and place in {"in_review", "approved", "scheduled"}
        ):
            to = "draft"
        if action is Action.APPROVE and is_reviewer and place == "in_review":
            to = "approved" if who.name not in self.writers and seen == self.text else ""
        if action is Action.SCHEDULE and is_either and place == "approved" and at > now:
            to = "scheduled"
        if action is Action.UNSCHEDULE and is_either and place == "scheduled":
            to = "approved"
        if (
            action is Action.WITHDRAW
            and is_either
            and place in {"draft", "in_review", "approved", "scheduled"}
        ):
            to = "withdrawn"
        if (
            action is Action.CLAIM
            and is_worker
            and place == "scheduled"
            and self.goes_at
            and now >= self.goes_at
        ):
            to = "sending"
        if action is Action.ACCEPT and is_worker and place == "sending":
            to = "sent"
        if action is Action.RELEASE and is_worker and place == "sending":
            to = "scheduled"
        if action is Action.REFUSE and is_worker and place == "sending":
            to = "approved"
        if action is Action.MISS and is_worker and place == "scheduled":
            to = "approved"
        if not to:
            return False
        self.place = to
        if action is Action.SEND_FOR_REVIEW:
            self.writers.add(who.name)
        if action is Action.APPROVE:
            self.approved = self.text
        if to in {"draft", "withdrawn"}:
            self.approved = None
        self.goes_at = at if action is Action.SCHEDULE else self.goes_at if to in _TIMED else None
        return True


_TIMED = {"scheduled", "sending", "sent"}


@dataclass(kw_only=True)
class Found:
    """What came of it."""

    steps: int = 0
    done: int = 0
    sent: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)

    def differs(self, said: str) -> None:
        self.wrong += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(said)


async def campaign(
    *, seed: int, folder: Path, sequences: int, attempts: int, database: str | None = None
) -> dict[str, Any]:
    """All sequences, then all attempts. `database`: one whose tables exist; else a cluster of its own."""
    began = time.monotonic()
    async with _database(folder, database) as url:
        honest = await asyncio.to_thread(_sequences, url, seed, sequences)
        hostile = await asyncio.to_thread(_attempts, url, seed, attempts)
    return {
        "campaign": "workflow",
        "seed": seed,
        "ok": not (honest.wrong or hostile.wrong or hostile.sent),
        "sequences": sequences,
        "steps": honest.steps,
        "done": honest.done,
        "sent": honest.sent,
        "ends": dict(honest.ends),
        "wrong": honest.wrong + hostile.wrong,
        "attempts": attempts,
        "unapproved_sends": hostile.sent,
        "examples": honest.examples + hostile.examples,
        "seconds": round(time.monotonic() - began, 1),
    }


@asynccontextmanager
async def _database(folder: Path, given: str | None) -> AsyncIterator[str]:
    if given is not None:
        yield given
        return
    home = folder / "home"
    cluster = Cluster(home)
    await asyncio.to_thread(cluster.purge)
    await asyncio.to_thread(cluster.start)
    try:
        url = cluster_url(home)
        environment = {**os.environ, "DAXIANG_HOME": str(home), "DATABASE_URL": url}
        migrate = [sys.executable, "-m", "daxiang.config.cli", "manage", "migrate", "briefings"]
        await asyncio.to_thread(subprocess.run, migrate, env=environment, check=True, capture_output=True)
        yield url
    finally:
        await asyncio.to_thread(cluster.stop)
        await asyncio.to_thread(cluster.purge)
        shutil.rmtree(home, ignore_errors=True)


def text_of(number: int) -> Content:
    """A text that no other number has."""
    article = Article(title="一件警情", paragraphs=(f"第{number}稿",))
    section = Section(kind=SectionKind.INCIDENTS, title="重要警情", articles=(article,))
    return Content(title="简报", teaser="昨日警情1起。", sections=(section,))


def _sequences(url: str, seed: int, count: int) -> Found:
    found = Found()
    with psycopg.connect(url, autocommit=True) as connection:
        for number in range(count):
            _sequence(connection, random.Random(f"{seed} {number}"), number, found)
    return found


def _new(connection: psycopg.Connection[Any], who: Actor, number: int, now: datetime) -> bytes:
    review = Review(reviewer="carl", deputy="dora", due_at=now + timedelta(hours=1))
    with connection.transaction(), connection.cursor() as cursor:
        return add_edition(
            cursor,
            day=date(2026, 1, 1) + timedelta(days=number),
            kind=EditionKind.WEEKDAY,
            content=text_of(0),
            review=review,
            who=who.name,
            now=now,
        )


def _sequence(connection: psycopg.Connection[Any], rand: random.Random, number: int, found: Found) -> None:
    """One edition in the hands of everybody; each step's outcome is compared with the judge's."""
    now, texts = START, 0
    author = rand.choice([one for one in PEOPLE if Part.EDITOR in one.parts])
    held = _new(connection, author, number, now)
    judge = Judge(text=0, writers={author.name})
    for step in range(rand.randrange(8, 30)):
        now += timedelta(minutes=rand.randrange(0, 40))
        who = WORKER if rand.random() < 0.2 else rand.choice(PEOPLE)
        found.steps += 1
        if rand.random() < 0.2:
            texts = texts + 1 if rand.random() < 0.8 else judge.text
            wanted = judge.edited(who, texts)
            do = partial(edit, edition=held, content=text_of(texts), actor=who, now=now)
            what = "edit"
        else:
            action = _likely(rand, judge)
            seen = judge.text if rand.random() < 0.85 else max(0, judge.text - 1)
            note, at = rand.choice(["", "请改标题"]), now + timedelta(minutes=rand.randrange(-10, 60))
            wanted = judge.does(action, who, now=now, seen=seen, note=note, at=at)
            options: dict[str, Any] = {"seen": digest_of(_bytes(seen)), "note": note, "at": at, "now": now}
            do = partial(act, edition=held, action=action, actor=who, **options)
            what = str(action)
        done = _tried(connection, do)
        found.done += done
        with connection.cursor() as cursor:
            stands = edition(cursor, held)
        if (done, stands.status) != (wanted, judge.place) or stands.data != _bytes(judge.text):
            found.differs(
                f"{number}.{step} {what} by {who.name}: {done} {stands.status}, {wanted} {judge.place}"
            )
            return
        if stands.status is Status.SENT and judge.approved != judge.text:
            found.differs(f"{number}.{step}: sent without an approval")
    found.sent += judge.place == "sent"
    found.ends[judge.place] += 1


_NEXT = {
    "draft": Action.SEND_FOR_REVIEW,
    "in_review": Action.APPROVE,
    "approved": Action.SCHEDULE,
    "scheduled": Action.CLAIM,
    "sending": Action.ACCEPT,
}


def _likely(rand: random.Random, judge: Judge) -> Action:
    """Often the next step, so that many editions come to their end; else any."""
    if judge.place in _NEXT and rand.random() < 0.6:
        return _NEXT[judge.place]
    action = rand.choice(MOVES_OF_PEOPLE)
    return rand.choice(MOVES_OF_PEOPLE) if action is Action.WITHDRAW else action


def _bytes(number: int) -> bytes:
    return to_bytes(text_of(number))


def _tried(connection: psycopg.Connection[Any], do: Any) -> bool:
    """Whether it was done, in a transaction of its own."""
    try:
        with connection.transaction(), connection.cursor() as cursor:
            do(cursor)
    except (MoveRefused, DayTaken):
        return False
    return True


def _attempts(url: str, seed: int, count: int) -> Found:
    found = Found()
    with (
        psycopg.connect(url, autocommit=True) as hers,
        psycopg.connect(url, autocommit=True) as theirs,
        ThreadPoolExecutor(2) as pool,
    ):
        for number in range(count):
            _attempt(hers, theirs, pool, random.Random(f"{seed} eve {number}"), 20_000 + number, found)
    return found


def _attempt(
    hers: psycopg.Connection[Any],
    theirs: psycopg.Connection[Any],
    pool: ThreadPoolExecutor,
    rand: random.Random,
    number: int,
    found: Found,
) -> None:
    """Honest people bring an edition as far as they do; she does what she can; the worker takes what is due.

    A text of hers has an odd number from 1001 on; nobody approves one.
    """
    now, carl, anna = START, PEOPLE[2], PEOPLE[0]
    held = _new(theirs, anna, number, now)
    goes_at = now + timedelta(hours=2)
    good = digest_of(_bytes(0))
    honest: list[tuple[Action, Actor]] = [
        (Action.SEND_FOR_REVIEW, anna),
        (Action.APPROVE, carl),
        (Action.SCHEDULE, carl),
    ]
    bad = 1001 + 2 * number

    def honestly(action: Action, who: Actor) -> bool:
        return _tried(theirs, lambda cursor: act(cursor, held, action, who, now=now, seen=good, at=goes_at))

    def she(action: Action | None) -> bool:
        if action is None:
            return _tried(hers, lambda cursor: edit(cursor, held, content=text_of(bad), actor=EVE, now=now))
        seen = rand.choice([good, digest_of(_bytes(bad))])
        return _tried(
            hers,
            lambda cursor: act(
                cursor, held, action, EVE, now=now, seen=seen, note="x", at=now + timedelta(1)
            ),
        )

    tricks: list[Action | None] = [None, None, *MOVES_OF_PEOPLE]
    for action, who in honest:
        for _ in range(rand.randrange(3)):
            she(rand.choice(tricks))
            found.steps += 1
        if rand.random() < 0.5:  # at the same instant
            both = [pool.submit(honestly, action, who), pool.submit(she, rand.choice(tricks))]
            found.done += sum(one.result() for one in both)
        else:
            found.done += honestly(action, who)
        found.steps += 2
    for _ in range(rand.randrange(6)):
        she(rand.choice(tricks))
        found.steps += 1
    _send(theirs, held, goes_at + timedelta(days=2), found, bad)


def _send(connection: psycopg.Connection[Any], held: bytes, now: datetime, found: Found, bad: int) -> None:
    """What the worker does at the time of sending: only what is due, and the very bytes that stand there."""
    with connection.cursor() as cursor:
        ready = held in due(cursor, now=now, most=100_000)
    if ready and _tried(connection, lambda cursor: act(cursor, held, Action.CLAIM, WORKER, now=now)):
        _tried(connection, lambda cursor: act(cursor, held, Action.ACCEPT, WORKER, now=now))
    with connection.cursor() as cursor:
        stands = edition(cursor, held)
    found.ends[stands.status] += 1
    if stands.status is Status.SENT and (stands.data == _bytes(bad) or stands.approved_by != "carl"):
        found.sent += 1
        found.differs(f"a text of hers was sent, approved by {stands.approved_by}")
