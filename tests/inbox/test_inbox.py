"""The inbox on a real PostgreSQL: once and for good, sealed, in the partition of its day."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection as django_connection

from daxiang.foundation.inbox.operations import (
    Received,
    generation_of,
    keep_messages,
    open_answer,
    open_body,
)
from daxiang.foundation.inbox.partitions import ensure_partitions
from daxiang.foundation.inbox.sql import STATEMENTS
from daxiang.foundation.sealing import Sealer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SEALER = Sealer({"k1": b"1" * 32})
SECRET = "oInventedOpenidOfNobody 鄂A12345".encode()


def conninfo() -> str:
    held = django_connection.settings_dict
    parts = {"dbname": held["NAME"], "user": held["USER"], "password": held["PASSWORD"], "host": held["HOST"]}
    if held["PORT"]:
        parts["port"] = held["PORT"]
    return psycopg.conninfo.make_conninfo(**parts)


@pytest.fixture
async def connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        await opened.execute("TRUNCATE inbox_message")
        yield opened


def message(number: int, *, answer: bytes = b"answer", day: date = date(2026, 11, 24)) -> Received:
    at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return Received(
        identity=number.to_bytes(32, "big"),
        day=day,
        account="service",
        kind="text",
        created_at=at,
        received_at=at,
        body=SECRET,
        answer=answer,
    )


async def test_a_repeat_gets_the_stored_answer_and_not_the_new_one(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    first = await keep_messages(connection, messages=[message(1, answer=b"first")], sealer=SEALER)
    again = await keep_messages(
        connection, messages=[message(1, answer=b"second"), message(2, answer=b"other")], sealer=SEALER
    )
    assert first == {message(1).identity: b"first"}
    assert again == {message(1).identity: b"first", message(2).identity: b"other"}


async def test_two_writers_with_the_same_repeats_in_opposite_order_both_finish(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as other:
        for start in range(0, 2000, 100):
            batch = [message(number) for number in range(start, start + 100)]
            one, two = await asyncio.gather(
                keep_messages(connection, messages=batch, sealer=SEALER),
                keep_messages(other, messages=batch[::-1], sealer=SEALER),
            )
            assert one == two
    cursor = await connection.execute("SELECT count(*) FROM inbox_message")
    assert await cursor.fetchone() == (2000,)


async def test_what_is_kept_is_sealed_and_opens_only_as_itself(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    await keep_messages(connection, messages=[message(1, answer=SECRET)], sealer=SEALER)
    cursor = await connection.execute("SELECT identity, body, answer FROM inbox_message")
    row = await cursor.fetchone()
    assert row is not None
    identity, body, answer = row
    assert SECRET not in body + answer
    assert open_body(body, identity=identity, sealer=SEALER) == SECRET
    assert open_answer(answer, identity=identity, sealer=SEALER) == SECRET


async def test_an_answer_is_kept_with_the_generation_of_its_cards(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    generation = generation_of("0123456789abcdef" * 4)
    await keep_messages(
        connection, messages=[message(1)._replace(generation=generation), message(2)], sealer=SEALER
    )
    cursor = await connection.execute("SELECT generation FROM inbox_message ORDER BY identity")
    assert [row[0] for row in await cursor.fetchall()] == [bytes.fromhex("0123456789abcdef"), b""]


async def test_a_row_of_the_default_partition_moves_into_its_day(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    await keep_messages(connection, messages=[message(1)], sealer=SEALER)
    with psycopg.connect(conninfo(), autocommit=True) as worker:
        made = ensure_partitions(worker, today=date(2026, 11, 24))
        again = ensure_partitions(worker, today=date(2026, 11, 24))
        place = worker.execute("SELECT tableoid::regclass::text FROM inbox_message").fetchall()
        for name in made:
            worker.execute(f"DROP TABLE {name}")
    assert (len(made), again) == (9, [])
    assert place == [("inbox_message_20261124",)]


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_raw_statement_prepares_on_this_server(name: str) -> None:
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", STATEMENTS[name])))
    text = re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", STATEMENTS[name])
    with psycopg.connect(conninfo(), autocommit=True) as opened:
        result = opened.pgconn.prepare(b"checked", text.encode())
    assert result.error_message == b""
