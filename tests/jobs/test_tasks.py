"""An urgent task: each officer acknowledged, escalated or named as not reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from daxiang.domains.duty import tasks
from daxiang.domains.duty.errors import TaskRefused
from daxiang.domains.duty.roster import Planned, bring_roster
from daxiang.domains.duty.tasks import ANSWER_WITHIN, Task
from daxiang.domains.officers.people import bind, bring_roll, give_codes
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import units
from daxiang.domains.officers.roll import COLUMNS, read_roll
from daxiang.foundation.alarms.operations import LOG, alarms
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.contacts.operations import Touch, touches_along
from daxiang.jobs.tasks import TaskSending
from daxiang.jobs.watching import Watching
from daxiang.kernel.clock import SHANGHAI
from tests.inbox.test_inbox import conninfo
from tests.jobs.test_watching import At

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 25, 2, 10, tzinfo=SHANGHAI)
MARKS, SEALER = PeopleMarks(b"k" * 32), Sealer({"one": b"s" * 32})
NUMBERS = [f"00{number}" for number in range(1, 7)]


@contextmanager
def six_officers() -> Iterator[psycopg.Connection[Any]]:
    """Six officers of one unit; the first five are bound, of these four have written lately."""
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "TRUNCATE officer_unit, duty_task, duty_shift, outbox_delivery, wechat_contact CASCADE"
        )
        rows = [f"{number},王强,洪山大队,民警,1380000{number}0" for number in NUMBERS]
        with connection.transaction(), connection.cursor() as cursor:
            roll = read_roll("\n".join([",".join(COLUMNS), *rows]).encode())
            bring_roll(cursor, roll, ends_leavers=False, marks=MARKS, sealer=SEALER, now=NOW)
            given = give_codes(cursor, marks=MARKS, sealer=SEALER, now=NOW)
            for place, one in enumerate(given[:5]):
                bind(
                    cursor,
                    code=one.code,
                    account="subscription",
                    person=bytes([place]) * 32,
                    openid=f"o{place}",
                    marks=MARKS,
                    sealer=SEALER,
                    now=NOW,
                )
        touches = [
            Touch("subscription", bytes([place]) * 32, f"o{place}", "text", NOW - timedelta(hours=hours))
            for place, hours in ((0, 1), (1, 2), (2, 3), (3, 47), (4, 49))
        ]
        for statement, parameters in touches_along(touches, SEALER):
            connection.execute(statement, parameters)
        yield connection


@pytest.fixture
def link() -> Iterator[psycopg.Connection[Any]]:
    with six_officers() as connection:
        yield connection


def added(link: psycopg.Connection[Any]) -> int:
    with link.transaction(), link.cursor() as cursor:
        chosen = [one.id for one in units(cursor)]
        return tasks.add_task(cursor, "白沙洲大桥故障车", units=chosen, who="desk", now=NOW)[0]


def states(link: psycopg.Connection[Any], task: int) -> list[tuple[str, str]]:
    with link.cursor() as cursor:
        found, _ = tasks.persons(cursor, task, status="", most=100, offset=0)
    return [(one.status, one.why) for one in sorted(found, key=lambda row: row.officer)]


def sending(at: datetime, **options: Any) -> TaskSending:
    return TaskSending(url=conninfo(), clock=At(at), sealer=SEALER, **options)


def test_who_has_a_window_is_told_and_who_has_none_is_named_with_why(
    link: psycopg.Connection[Any],
) -> None:
    task = added(link)
    sending(NOW).round()
    assert [status for status, _ in states(link, task)] == ["told"] * 4 + ["not_reached"] * 2
    assert "48小时没有来过" in states(link, task)[4][1]
    assert "没有绑定" in states(link, task)[5][1]
    assert link.execute("SELECT count(*) FROM outbox_delivery").fetchone() == (4,)
    sending(NOW).round()
    assert link.execute("SELECT count(*) FROM outbox_delivery").fetchone() == (4,)


def test_the_port_outside_wechat_reaches_whom_it_says(link: psycopg.Connection[Any]) -> None:
    asked: list[Mapping[int, str]] = []

    def reach(_task: Task, phones: Mapping[int, str]) -> set[int]:
        asked.append(phones)
        return {min(phones), 999}

    task = added(link)
    sending(NOW, reach=reach).round()
    assert [status for status, _ in states(link, task)] == ["told"] * 5 + ["not_reached"]
    assert [len(one) for one in asked] == [2]


def test_a_port_that_fails_has_reached_nobody(link: psycopg.Connection[Any]) -> None:
    def reach(_task: Task, _phones: Mapping[int, str]) -> set[int]:
        raise OSError("down")

    task = added(link)
    sending(NOW, reach=reach).round()
    assert [status for status, _ in states(link, task)][4:] == ["not_reached"] * 2


def test_silence_goes_to_who_leads_and_the_task_ends_with_everybody_settled(
    link: psycopg.Connection[Any],
) -> None:
    task = added(link)
    sending(NOW).round()
    link.execute("UPDATE outbox_delivery SET status = 'sent', first_tried_at = now(), attempts = 1")
    [first, second] = link.execute("SELECT id FROM officer ORDER BY id LIMIT 2").fetchall()
    with link.cursor() as cursor:
        assert tasks.acknowledge(cursor, first[0], number="", now=NOW) == [("112501", "白沙洲大桥故障车")]
        assert tasks.acknowledge(cursor, first[0], number="", now=NOW) == []
        shift = Planned(
            post="大桥",
            number="001",
            starts_at=NOW - timedelta(hours=1),
            ends_at=NOW + timedelta(hours=5),
            is_lead=True,
        )
        bring_roster(cursor, [shift], marks=MARKS)
    sending(NOW + ANSWER_WITHIN - timedelta(seconds=1)).round()
    assert [status for status, _ in states(link, task)].count("told") == 3
    sending(NOW + ANSWER_WITHIN).round()
    assert [status for status, _ in states(link, task)] == [
        "acknowledged",
        *["escalated"] * 3,
        *["not_reached"] * 2,
    ]
    assert "交给带班 王*" in states(link, task)[1][1]
    assert link.execute("SELECT count(*) FROM outbox_delivery").fetchone() == (5,)
    with link.cursor() as cursor:
        assert tasks.open_tasks(cursor) == []
        assert tasks.acknowledge(cursor, second[0], number="112501", now=NOW) != []


def test_what_wechat_did_not_deliver_is_named(link: psycopg.Connection[Any]) -> None:
    task = added(link)
    sending(NOW).round()
    link.execute("UPDATE outbox_delivery SET status = 'refused', first_tried_at = now(), attempts = 1")
    sending(NOW + ANSWER_WITHIN).round()
    assert {status for status, _ in states(link, task)} == {"not_reached"}


def test_two_workers_tell_nobody_twice(link: psycopg.Connection[Any]) -> None:
    added(link)
    for _ in range(3):
        sending(NOW).round()
        sending(NOW).round()
    assert link.execute("SELECT count(*), count(DISTINCT person) FROM outbox_delivery").fetchone() == (4, 4)


@pytest.mark.parametrize("words", ["", "长" * 301])
def test_a_task_of_no_words_or_too_many_is_refused(link: psycopg.Connection[Any], words: str) -> None:
    with pytest.raises(TaskRefused), link.cursor() as cursor:
        tasks.add_task(cursor, words, units=[1], who="desk", now=NOW)
    with pytest.raises(TaskRefused), link.transaction(), link.cursor() as cursor:
        tasks.add_task(cursor, "好", units=[], who="desk", now=NOW)


def test_who_is_not_bound_or_has_left_the_account_is_an_alarm(link: psycopg.Connection[Any]) -> None:
    link.execute("TRUNCATE alarm CASCADE")
    link.execute("UPDATE wechat_contact SET unfollowed_at = %s WHERE person = %s", (NOW, b"\1" * 32))
    with link.transaction(), link.cursor() as cursor:
        Watching(url=conninfo(), clock=At(NOW), channels=[LOG]).reach(cursor, NOW)
        [told] = [one.words for one in alarms(cursor, only_open=True)]
    assert told == "1名民警还没有绑定内部号，1名绑定后又取消了关注，收不到简报和任务。"
