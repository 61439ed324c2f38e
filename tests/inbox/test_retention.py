"""What was received, answered and sent goes when its days are over, and not a day before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.environment import SettingWrong
from daxiang.foundation.inbox.operations import writing
from daxiang.foundation.inbox.partitions import ensure_partitions
from daxiang.foundation.inbox.retention import drop_given_up, drop_old_days
from daxiang.foundation.outbox.operations import new_id
from daxiang.foundation.outbox.retention import purge_deliveries
from daxiang.foundation.settings import Retention, read_settings
from daxiang.jobs.schedule import SCHEDULE
from tests.inbox.test_inbox import SEALER, conninfo, message

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAYS = [date(2026, 5, 22), date(2026, 5, 23), date(2026, 5, 24), date(2026, 5, 25)]


@pytest.fixture
def connection() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute("TRUNCATE inbox_message, inbox_deferred, outbox_delivery, outbox_move")
        made = ensure_partitions(opened, today=date(2026, 5, 25))
        yield opened
        for name in made:
            opened.execute(f"DROP TABLE IF EXISTS {name}")


def kept(connection: psycopg.Connection[Any]) -> list[date]:
    return [day for (day,) in connection.execute("SELECT day FROM inbox_message ORDER BY day").fetchall()]


def keep(connection: psycopg.Connection[Any]) -> None:
    rows = [message(number)._replace(day=day) for number, day in enumerate(DAYS)]
    connection.execute(*writing(rows, SEALER))


def test_whole_days_go_with_and_without_a_partition_of_their_own(
    connection: psycopg.Connection[Any],
) -> None:
    keep(connection)
    assert drop_old_days(connection, before=DAYS[3]) == ["inbox_message_20260524"]
    assert kept(connection) == DAYS[3:]
    assert drop_old_days(connection, before=DAYS[3]) == []


def test_a_day_that_is_being_read_is_left_for_the_next_round(connection: psycopg.Connection[Any]) -> None:
    keep(connection)
    with psycopg.connect(conninfo()) as reader:
        reader.execute("SELECT count(*) FROM inbox_message")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            drop_old_days(connection, before=DAYS[3])
    assert kept(connection) == DAYS


def test_the_worker_keeps_as_many_days_as_the_settings_say(connection: psycopg.Connection[Any]) -> None:
    keep(connection)
    [work] = [entry.work for entry in SCHEDULE if entry.name == "old_record"]
    work(connection, NOW, Retention(messages_days=30, inbox_days=184))
    assert kept(connection) == DAYS[2:]


@pytest.mark.parametrize("name", ["DAXIANG_INBOX_DAYS", "DAXIANG_MESSAGES_DAYS"])
def test_days_that_are_none_stop_the_start(name: str) -> None:
    given = with_demo_values({})
    assert read_settings(given).retention == Retention(messages_days=30, inbox_days=184)
    with pytest.raises(SettingWrong, match=name):
        read_settings({**given, name: "0"})


SENT = """
INSERT INTO outbox_delivery (id, channel, account, person, payload, dedup, created_at, not_before, expires_at,
    status, settled_at)
VALUES (%(id)s, 'plain', 'service', %(person)s, 'sealed', %(dedup)s, %(at)s, %(at)s, %(at)s, %(status)s,
    %(at)s)
"""


def sent(connection: psycopg.Connection[Any], number: int, status: str, age: timedelta) -> None:
    key, at = new_id(), NOW - age
    dedup = number.to_bytes(32, "big")
    connection.execute(SENT, {"id": key, "person": dedup, "dedup": dedup, "status": status, "at": at})
    move = "INSERT INTO outbox_move (delivery, action, status, at) VALUES (%s, 'succeed', %s, %s)"
    connection.execute(move, [key, status, at])


def test_what_was_sent_goes_with_its_history_and_what_nobody_knows_stays(
    connection: psycopg.Connection[Any],
) -> None:
    old, day = timedelta(days=184, seconds=1), timedelta(days=1)
    for number, (status, age) in enumerate(
        [("sent", old), ("expired", old), ("unknown", old), ("sent", day)]
    ):
        sent(connection, number, status, age)
    assert purge_deliveries(connection, before=NOW - timedelta(days=184)) == 2
    left = connection.execute("SELECT status FROM outbox_delivery ORDER BY dedup").fetchall()
    assert left == [("unknown",), ("sent",)]
    assert connection.execute("SELECT count(*) FROM outbox_move").fetchall() == [(2,)]


def test_what_was_given_up_goes_and_what_is_owed_stays(connection: psycopg.Connection[Any]) -> None:
    owed = """
    INSERT INTO inbox_deferred (day, identity, account, kind, lane, created_at, received_at, body, claimed_by,
        lease_until, ended_at, reason)
    VALUES ('2026-05-24', %s, 'service', 'text', 'relay', now(), now(), 'sealed', 'x', now(), %s, %s)
    """
    connection.execute(owed, [b"1" * 32, NOW - timedelta(days=9), "gone"])
    connection.execute(owed, [b"2" * 32, NOW, "gone"])
    connection.execute(owed, [b"3" * 32, None, ""])
    assert drop_given_up(connection, until=NOW - timedelta(days=1)) == 1
    assert connection.execute("SELECT count(*) FROM inbox_deferred").fetchall() == [(2,)]
