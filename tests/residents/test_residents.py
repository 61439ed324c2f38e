"""What is kept of a person, on a real PostgreSQL: once, sealed, hers alone, and gone when she says so."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from daxiang.domains.residents import operations as residents
from daxiang.domains.residents.answering import Step, hold, move
from daxiang.domains.residents.errors import CarsFull, MessageGone, MessageHeld, MessageSeen, MessagesFull
from daxiang.domains.residents.marks import CarMarks
from daxiang.domains.residents.operations import MOST_CARS, MOST_MESSAGES, Resident, SpokenTalk, talks_along
from daxiang.domains.residents.queries import (
    NOBODY,
    State,
    left_messages,
    open_words,
    read_state,
    read_states,
    with_evening,
)
from daxiang.domains.residents.sql import STATEMENTS
from daxiang.foundation.inbox.operations import Received, keep_messages
from daxiang.foundation.sealing import Sealer
from tests.inbox.test_inbox import SEALER, conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MARKS = CarMarks(b"i" * 32)
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
ANNA, BERT = Resident("service", b"a" * 32), Resident("service", b"b" * 32)
PLATE = "鄂A12345"
TABLES = ("resident_talk", "resident_car", "resident_evening", "resident_message", "resident_awaited")


@pytest.fixture
def connection() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        opened.execute(f"TRUNCATE inbox_message, {', '.join(TABLES)}")
        yield opened


@pytest.fixture
async def gateway() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        yield opened


def remember(
    connection: psycopg.Connection[Any], who: Resident, car: str, *, mark: str = "", after_s: int = 0
) -> None:
    with connection.transaction():
        residents.remember_car(
            connection,
            who,
            car=car,
            mark=MARKS.mark_of(*who, mark or car),
            consent="1",
            now=NOW + timedelta(seconds=after_s),
            sealer=SEALER,
        )


def state(connection: psycopg.Connection[Any], who: Resident = ANNA) -> State:
    return read_state(connection, who, sealer=SEALER)


def test_a_car_is_kept_once_however_often_it_is_told(connection: psycopg.Connection[Any]) -> None:
    remember(connection, ANNA, "five", mark="5")
    remember(connection, ANNA, "five, green", mark="5", after_s=1)
    assert state(connection).cars == ("five, green",)


def test_a_sixth_car_is_refused_and_a_known_one_is_not(connection: psycopg.Connection[Any]) -> None:
    for number in range(MOST_CARS):
        remember(connection, ANNA, str(number), after_s=number)
    remember(connection, ANNA, "0", after_s=9)
    with pytest.raises(CarsFull, match="最多记5辆"):
        remember(connection, ANNA, "another")
    assert state(connection).cars == ("1", "2", "3", "4", "0")


def test_nobody_gets_what_is_kept_of_somebody_else(connection: psycopg.Connection[Any]) -> None:
    remember(connection, ANNA, "five")
    same_person_elsewhere = Resident("subscription", ANNA.person)
    assert [state(connection, one) for one in (BERT, same_person_elsewhere)] == [NOBODY, NOBODY]
    assert MARKS.mark_of(*ANNA, "five") != MARKS.mark_of(*BERT, "five")


def test_with_the_last_car_the_evening_notice_goes(connection: psycopg.Connection[Any]) -> None:
    for car in ("five", "six"):
        remember(connection, ANNA, car)
    residents.set_evening(connection, ANNA, on=True, now=NOW)
    assert residents.forget_car(connection, ANNA, mark=MARKS.mark_of(*ANNA, "five"))
    assert state(connection) == State(None, ("six",), True)
    assert residents.forget_car(connection, ANNA, mark=MARKS.mark_of(*ANNA, "six"))
    assert not residents.forget_car(connection, ANNA, mark=MARKS.mark_of(*ANNA, "six"))
    assert state(connection) == NOBODY


def test_messages_for_the_officers_have_readable_numbers_in_order(
    connection: psycopg.Connection[Any],
) -> None:
    numbers = [
        residents.leave_message(connection, who, words="桥上没灯", now=NOW, sealer=SEALER)
        for who in (ANNA, BERT, ANNA)
    ]
    assert numbers[0] >= 1001
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    row = connection.execute("SELECT id, words, state FROM resident_message ORDER BY number").fetchone()
    assert row is not None
    assert open_words(bytes(row[1]), message=bytes(row[0]), sealer=SEALER) == "桥上没灯"
    assert row[2] == "new"


def close(connection: psycopg.Connection[Any], number: int, *, after: timedelta = timedelta()) -> bool:
    with connection.cursor() as cursor:
        try:
            move(cursor, hold(cursor, number), Step.CLOSE, who="zhao", now=NOW + after)
        except (MessageGone, MessageHeld):
            return False
        return True


def leave(connection: psycopg.Connection[Any], who: Resident, *, after: timedelta = timedelta()) -> int:
    return residents.leave_message(connection, who, words="桥上没灯", now=NOW + after, sealer=SEALER)


def test_a_sixth_message_within_a_day_waits_until_one_is_answered_or_the_day_is_over(
    connection: psycopg.Connection[Any],
) -> None:
    first, *_ = [leave(connection, ANNA) for _ in range(MOST_MESSAGES)]
    leave(connection, BERT)
    with pytest.raises(MessagesFull, match="请明天再留；急事别等，直接打122"):
        leave(connection, ANNA, after=timedelta(hours=23))
    assert close(connection, first)
    leave(connection, ANNA, after=timedelta(hours=23))
    with pytest.raises(MessagesFull):
        leave(connection, ANNA, after=timedelta(hours=23))
    leave(connection, ANNA, after=timedelta(days=1))


def test_a_closed_message_goes_when_its_time_is_over_and_an_open_one_stays(
    connection: psycopg.Connection[Any],
) -> None:
    early, late, still_open = (leave(connection, ANNA) for _ in range(3))
    assert close(connection, early)
    assert close(connection, late, after=timedelta(seconds=1))
    assert not close(connection, early, after=timedelta(days=1))
    assert residents.purge_messages(connection, before=NOW + timedelta(seconds=1)) == 1
    assert [one.number for one in residents.own_messages(connection, ANNA)] == [late, still_open]


def test_a_message_that_is_being_shown_is_not_taken_back(connection: psycopg.Connection[Any]) -> None:
    number = leave(connection, ANNA)
    with psycopg.connect(conninfo()) as officer, officer.cursor() as cursor:
        left_messages(cursor, before=None, most=20, sealer=SEALER)
        connection.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            residents.take_back_message(connection, ANNA, number=number)
        residents.see_messages(cursor, numbers=[number], now=NOW)
    with pytest.raises(MessageSeen, match="撤不回来"):
        residents.take_back_message(connection, ANNA, number=number)


def test_forgetting_keeps_the_words_to_the_officers_and_whose_they_are(
    connection: psycopg.Connection[Any],
) -> None:
    full(connection, ANNA)
    residents.forget_all(connection, ANNA)
    persons = connection.execute("SELECT person FROM resident_message").fetchall()
    assert persons == [(ANNA.person,)]
    assert connection.execute("SELECT count(*) FROM resident_car").fetchall() == [(0,)]


def test_withdrawing_consent_leaves_words_without_their_person(connection: psycopg.Connection[Any]) -> None:
    full(connection, ANNA)
    full(connection, BERT)
    residents.forget_resident(connection, ANNA)
    assert state(connection) == NOBODY
    assert state(connection, BERT) != NOBODY
    persons = connection.execute("SELECT person FROM resident_message ORDER BY number").fetchall()
    assert persons == [(None,), (BERT.person,)]
    awaited = connection.execute("SELECT person FROM resident_awaited").fetchall()
    assert awaited == [(BERT.person,)]


def full(connection: psycopg.Connection[Any], who: Resident) -> None:
    """Everything that can be kept of a person, with a plate in it wherever one fits."""
    remember(connection, who, PLATE)
    connection.execute(*residents.writing_talk(who, talk=PLATE, at=NOW, sealer=SEALER))
    residents.set_evening(connection, who, on=True, now=NOW)
    residents.leave_message(connection, who, words=f"{PLATE} 挡路", now=NOW, sealer=SEALER)
    residents.await_news(connection, who, places=["changjiang-bridge"], day=date(2026, 11, 25), now=NOW)


def test_no_plate_stands_in_any_table_in_clear(connection: psycopg.Connection[Any]) -> None:
    full(connection, ANNA)
    for table in TABLES:
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
        assert rows, table
        values = b"".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for row in rows
            for value in row
        )
        assert b"12345" not in values
        assert "鄂".encode() not in values


def test_a_car_that_no_key_opens_does_not_hide_the_others(connection: psycopg.Connection[Any]) -> None:
    remember(connection, ANNA, "five")
    remember(connection, ANNA, "six", after_s=1)
    connection.execute(
        "UPDATE resident_car SET car = %s WHERE mark = %s",
        (Sealer({"lost": b"2" * 32}).seal(b"five", b""), MARKS.mark_of(*ANNA, "five")),
    )
    assert state(connection).cars == ("six",)


def spoken(who: Resident, number: int, talk: str, *, after_s: int = 0) -> tuple[Received, SpokenTalk]:
    at, identity = NOW + timedelta(seconds=after_s), number.to_bytes(32, "big")
    received = Received(identity, NOW.date(), who.account, "text", at, at, b"", b"")
    return received, SpokenTalk(who, talk, at, NOW.date(), identity)


async def keep(gateway: psycopg.AsyncConnection[Any], *spoken: tuple[Received, SpokenTalk]) -> None:
    await keep_messages(
        gateway,
        messages=[one[0] for one in spoken],
        sealer=SEALER,
        along=talks_along([one[1] for one in spoken], SEALER),
    )


async def test_the_talk_of_a_batch_is_each_persons_last(
    connection: psycopg.Connection[Any], gateway: psycopg.AsyncConnection[Any]
) -> None:
    await keep(gateway, spoken(ANNA, 1, "one"), spoken(BERT, 2, "two"), spoken(ANNA, 3, "three"))
    asked = [BERT, Resident("service", b"c" * 32), ANNA]
    found = await read_states(gateway, asked, sealer=SEALER)
    assert [one.talk for one in found] == ["two", None, "three"]


async def test_a_repeat_does_not_bring_an_older_talk_back(
    connection: psycopg.Connection[Any], gateway: psycopg.AsyncConnection[Any]
) -> None:
    first, second = spoken(ANNA, 1, "one"), spoken(ANNA, 2, "two")
    await keep(gateway, first)
    await keep(gateway, second)
    await keep(gateway, first)
    assert state(connection).talk == "two"
    await keep(gateway, spoken(ANNA, 3, "three"), first)
    assert state(connection).talk == "three"


async def test_a_later_messages_talk_stands_unless_the_clock_was_set_back(
    connection: psycopg.Connection[Any], gateway: psycopg.AsyncConnection[Any]
) -> None:
    await keep(gateway, spoken(ANNA, 1, "later", after_s=2))
    await keep(gateway, spoken(ANNA, 2, "earlier", after_s=1))
    assert state(connection).talk == "later"
    await keep(gateway, spoken(ANNA, 3, "days before", after_s=-100_000))
    assert state(connection).talk == "days before"


def test_old_talks_are_purged_and_fresh_ones_are_not(connection: psycopg.Connection[Any]) -> None:
    for who, talk, age in ((ANNA, "old", timedelta(minutes=31)), (BERT, "new", timedelta())):
        connection.execute(*residents.writing_talk(who, talk=talk, at=NOW - age, sealer=SEALER))
    assert residents.purge_talks(connection, before=NOW - timedelta(minutes=30)) == 1
    assert state(connection, BERT).talk == "new"


def test_who_wants_the_evening_notice_is_found_page_by_page(connection: psycopg.Connection[Any]) -> None:
    people = [Resident("service", bytes([n]) * 32) for n in range(1, 6)]
    for who in people:
        remember(connection, who, who.person.hex())
        residents.set_evening(connection, who, on=True, now=NOW)
    remember(connection, ANNA, "five")
    found, page = [], with_evening(connection, sealer=SEALER, most=2)
    while page:
        found += page
        page = with_evening(connection, sealer=SEALER, after=page[-1], most=2)
    assert [(one.account, one.person) for one in found] == people
    assert all(one.cars == (one.person.hex(),) for one in found)


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_raw_statement_prepares_on_this_server(name: str) -> None:
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
    text = re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", STATEMENTS[name])
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        result = opened.pgconn.prepare(b"checked", text.encode())
    assert result.error_message == b""
