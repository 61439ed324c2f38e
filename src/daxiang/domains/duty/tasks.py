"""Urgent tasks from the desk: told to many at once, acknowledged by 收到, else handed up or named as not
reached.

Each officer of a task is in one state: `waiting` for a channel, `told`, and in the end `acknowledged`,
`escalated` (told, silent, and whoever leads her unit was told so) or `not_reached`, with why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from daxiang.domains.duty.errors import TaskRefused
from daxiang.domains.officers.people_queries import Cursor

ANSWER_WITHIN = timedelta(seconds=90)
"""From the task to 收到; whoever is silent longer is handed up."""
LONGEST = 300

ADD_TASK = """
INSERT INTO duty_task (number, words, by, at, until)
SELECT to_char(%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai', 'MMDD') ||
    lpad((1 + count(*))::text, 2, '0'), %(words)s, %(who)s, %(now)s, %(until)s
FROM duty_task WHERE (at AT TIME ZONE 'Asia/Shanghai')::date
    = (%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date
RETURNING id, number
"""
LOCK_TASKS = "SELECT pg_advisory_xact_lock(7206)"
ADD_PERSONS = """
INSERT INTO duty_task_person (task, officer, status)
SELECT %(task)s, id, 'waiting' FROM officer WHERE is_active AND unit = ANY(%(units)s::bigint[])
RETURNING officer
"""
OPEN_TASKS = "SELECT id, number, words, by, at, until FROM duty_task WHERE ended_at IS NULL ORDER BY id"
WAITING = """
SELECT person.officer, officer.account, officer.person, officer.openid, contact.last_message_at,
    contact.last_click_at, contact.unfollowed_at IS NOT NULL
        AND contact.unfollowed_at >= greatest(contact.followed_at, contact.last_message_at)
FROM duty_task_person AS person JOIN officer ON officer.id = person.officer
LEFT JOIN wechat_contact AS contact ON contact.account = officer.account AND contact.person = officer.person
WHERE person.task = %(task)s AND person.status = 'waiting' ORDER BY person.officer LIMIT %(most)s
FOR UPDATE OF person SKIP LOCKED
"""
TELL = """
UPDATE duty_task_person SET status = 'told', channel = %(channel)s, told_at = %(now)s
WHERE task = %(task)s AND officer = ANY(%(officers)s::bigint[]) AND status = 'waiting'
"""
NOT_REACHED = """
UPDATE duty_task_person SET status = 'not_reached', ended_at = %(now)s, why = %(why)s
WHERE task = %(task)s AND officer = ANY(%(officers)s::bigint[]) AND status IN ('waiting', 'told')
"""
ACKNOWLEDGE = """
UPDATE duty_task_person AS person SET status = 'acknowledged', ended_at = %(now)s
FROM duty_task AS task WHERE task.id = person.task AND person.officer = %(officer)s
    AND person.status IN ('waiting', 'told', 'escalated')
    AND (%(number)s = '' OR task.number = %(number)s) AND task.at > %(since)s
RETURNING task.number, task.words
"""
SILENT = """
SELECT person.officer, officer.unit, officer.mark, delivery.status
FROM duty_task_person AS person JOIN officer ON officer.id = person.officer
LEFT JOIN outbox_delivery AS delivery
    ON delivery.dedup = sha256(convert_to('task:' || person.task || ':' || person.officer, 'UTF8'))
WHERE person.task = %(task)s AND person.status = 'told' ORDER BY person.officer
FOR UPDATE OF person SKIP LOCKED
"""
ESCALATE = """
UPDATE duty_task_person SET status = 'escalated', ended_at = %(now)s, why = %(why)s
WHERE task = %(task)s AND officer = ANY(%(officers)s::bigint[]) AND status = 'told'
"""
END_TASK = """
UPDATE duty_task SET ended_at = %(now)s WHERE id = %(task)s AND ended_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM duty_task_person WHERE task = %(task)s AND status IN ('waiting', 'told'))
RETURNING id
"""
LIST_TASKS = """
SELECT task.id, task.number, task.words, task.by, task.at, task.ended_at, count(person.officer),
    count(*) FILTER (WHERE person.status = 'acknowledged'),
    count(*) FILTER (WHERE person.status = 'escalated'),
    count(*) FILTER (WHERE person.status = 'not_reached')
FROM duty_task AS task LEFT JOIN duty_task_person AS person ON person.task = task.id
GROUP BY task.id ORDER BY task.id DESC LIMIT %(most)s
"""
LIST_PERSONS = """
SELECT officer, status, channel, told_at, ended_at, why FROM duty_task_person
WHERE task = %(task)s AND (%(status)s = '' OR status = %(status)s)
ORDER BY status, officer LIMIT %(most)s OFFSET %(offset)s
"""
COUNT_PERSONS = """
SELECT count(*) FROM duty_task_person WHERE task = %(task)s AND (%(status)s = '' OR status = %(status)s)
"""
STATEMENTS = {
    "ADD_TASK": ADD_TASK,
    "ADD_PERSONS": ADD_PERSONS,
    "OPEN_TASKS": OPEN_TASKS,
    "WAITING": WAITING,
    "TELL": TELL,
    "NOT_REACHED": NOT_REACHED,
    "ACKNOWLEDGE": ACKNOWLEDGE,
    "SILENT": SILENT,
    "ESCALATE": ESCALATE,
    "END_TASK": END_TASK,
    "LIST_TASKS": LIST_TASKS,
    "LIST_PERSONS": LIST_PERSONS,
    "COUNT_PERSONS": COUNT_PERSONS,
}


class Task(NamedTuple):
    """A task that is under way."""

    id: int
    number: str
    words: str
    by: str
    at: datetime
    until: datetime


class Told(NamedTuple):
    """A task with how far it has come."""

    id: int
    number: str
    words: str
    by: str
    at: datetime
    ended_at: datetime | None
    officers: int
    acknowledged: int
    escalated: int
    not_reached: int


class PersonOf(NamedTuple):
    """One officer of a task."""

    officer: int
    status: str
    channel: str
    told_at: datetime | None
    ended_at: datetime | None
    why: str


class Waiting(NamedTuple):
    """Who is still to be told, and by what she could be reached."""

    officer: int
    account: str | None
    person: bytes | None
    openid: bytes | None
    last_message_at: datetime | None
    last_click_at: datetime | None
    has_left: bool | None


class Silent(NamedTuple):
    """Who was told and has not answered. `delivery`: what the outbox says of it."""

    officer: int
    unit: int
    mark: bytes
    delivery: str | None


def add_task(cursor: Cursor, words: str, *, units: Sequence[int], who: str, now: datetime) -> tuple[int, str]:
    """A task for everybody of these units; its id and number. Raises `TaskRefused`."""
    if not words or len(words) > LONGEST:
        raise TaskRefused(f"任务要写，最多{LONGEST}字。")
    cursor.execute(LOCK_TASKS, {})
    cursor.execute(ADD_TASK, {"words": words, "who": who, "now": now, "until": now + ANSWER_WITHIN})
    task, number = cursor.fetchone()
    cursor.execute(ADD_PERSONS, {"task": task, "units": list(units)})
    if not cursor.fetchall():
        raise TaskRefused("选的单位里没有民警。")
    return int(task), str(number)


def open_tasks(cursor: Cursor) -> list[Task]:
    """Those in which somebody is not settled yet."""
    cursor.execute(OPEN_TASKS, {})
    return [Task(*row) for row in cursor.fetchall()]


def waiting(cursor: Cursor, task: int, *, most: int) -> list[Waiting]:
    """Who is still to be told, each row held."""
    cursor.execute(WAITING, {"task": task, "most": most})
    return [Waiting(*row) for row in cursor.fetchall()]


def tell(cursor: Cursor, task: int, officers: Sequence[int], *, channel: str, now: datetime) -> None:
    """They have been handed to a channel in this transaction."""
    cursor.execute(TELL, {"task": task, "officers": list(officers), "channel": channel, "now": now})


def not_reached(cursor: Cursor, task: int, officers: Sequence[int], *, why: str, now: datetime) -> None:
    """No channel reaches them."""
    cursor.execute(NOT_REACHED, {"task": task, "officers": list(officers), "why": why, "now": now})


def acknowledge(cursor: Cursor, officer: int, *, number: str, now: datetime) -> list[tuple[str, str]]:
    """收到: the tasks (number and words) that this answers; `number` empty: all of the last day."""
    since = now - timedelta(days=1)
    cursor.execute(ACKNOWLEDGE, {"officer": officer, "number": number, "since": since, "now": now})
    return [(row[0], row[1]) for row in cursor.fetchall()]


def silent(cursor: Cursor, task: int) -> list[Silent]:
    """Who was told and has not answered, each row held."""
    cursor.execute(SILENT, {"task": task})
    return [Silent(row[0], row[1], bytes(row[2]), row[3]) for row in cursor.fetchall()]


def escalate(cursor: Cursor, task: int, officers: Sequence[int], *, why: str, now: datetime) -> None:
    """Whoever leads was told that they are silent."""
    cursor.execute(ESCALATE, {"task": task, "officers": list(officers), "why": why, "now": now})


def end_task(cursor: Cursor, task: int, *, now: datetime) -> bool:
    """Everybody is settled: the task is over. False while somebody is not."""
    cursor.execute(END_TASK, {"task": task, "now": now})
    return cursor.fetchone() is not None


def tasks(cursor: Cursor, *, most: int = 50) -> list[Told]:
    """The newest first."""
    cursor.execute(LIST_TASKS, {"most": most})
    return [Told(*row) for row in cursor.fetchall()]


def persons(cursor: Cursor, task: int, *, status: str, most: int, offset: int) -> tuple[list[PersonOf], int]:
    """A page of a task's officers in one state (empty: all), and how many there are."""
    parameters = {"task": task, "status": status, "most": most, "offset": offset}
    cursor.execute(COUNT_PERSONS, parameters)
    total = int(cursor.fetchone()[0])
    cursor.execute(LIST_PERSONS, parameters)
    return [PersonOf(*row) for row in cursor.fetchall()], total


def dedup_of(task: int, officer: int) -> bytes:
    """The name of the one delivery of a task to an officer."""
    return hashlib.sha256(f"task:{task}:{officer}".encode()).digest()
