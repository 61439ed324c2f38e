"""What the worker does with messages whose process is gone: none holds up another, none is tried for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import structlog

from daxiang.config import django_settings
from daxiang.foundation.inbox.deferred import Lane, Settled, claim_deferred, finish
from daxiang.foundation.inbox.operations import Received
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.jobs import resuming as resuming_module
from daxiang.jobs.resuming import MOST_TRIES, Resuming
from tests.inbox.test_inbox import SEALER, conninfo
from tests.relay.accounts import NOW, incoming, text

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT = datetime.fromtimestamp(NOW, UTC)
Connection = psycopg.AsyncConnection[Any]
Said = list[Any]


class StoppedClock:
    def now(self) -> datetime:
        return AT


@pytest.fixture
async def connection() -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as opened:
        await opened.execute(
            "TRUNCATE inbox_message, inbox_deferred, outbox_delivery, outbox_move, wechat_contact"
        )
        yield opened


@pytest.fixture
def resuming() -> Resuming:
    return Resuming(
        url=conninfo(),
        sealer=SEALER,
        clock=StoppedClock(),
        accounts=django_settings.DAXIANG.accounts,
        index=PersonIndex(b"i" * 32),
        city="wuhan",
    )


async def owed(
    connection: Connection, number: int, *, lane: Lane = "relay", account: str = "service"
) -> Received:
    """A message that a process which is gone has acknowledged."""
    one = incoming(text(number=number, openid=f"oInventedOpenidOfNobody{number:05}"))
    received = Received(
        identity=one.message.identity,
        day=AT.date(),
        account=account,
        kind="text",
        created_at=AT,
        received_at=AT,
        body=one.body,
        answer=b"",
    )
    await claim_deferred(connection, messages=[received], lane=lane, owner="gone", lease_s=-1, sealer=SEALER)
    return received


async def rounds(connection: Connection, resuming: Resuming, count: int) -> Said:
    """So many rounds, each after the leases of the one before; what was logged."""
    with structlog.testing.capture_logs() as said:
        for _ in range(count):
            await connection.execute("UPDATE inbox_deferred SET lease_until = '-infinity'")
            await resuming.round(connection)
    return said


async def found(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement)).fetchall()


@pytest.mark.parametrize("opens", [False, True])
async def test_one_that_cannot_be_read_holds_up_nobody(
    connection: Connection, resuming: Resuming, opens: bool
) -> None:
    messages = [await owed(connection, number) for number in range(1, 5)]
    bad = messages[1].identity
    body = SEALER.seal(b"<xml>no message", b"body:" + bad) if opens else b"of another row"
    await connection.execute("UPDATE inbox_deferred SET body = %s WHERE identity = %s", (body, bad))
    await rounds(connection, resuming, 1)
    assert len(await found(connection, "SELECT id FROM outbox_delivery")) == 3
    assert await found(connection, "SELECT identity FROM inbox_deferred") == [(bad,)]


@pytest.mark.parametrize(
    ("account", "lane", "reason"),
    [("former-city", "relay", "account_unknown"), ("service", "transaction", "no_operation")],
)
async def test_what_nobody_can_answer_is_given_up_with_a_reason_and_an_alarm(
    connection: Connection, resuming: Resuming, account: str, lane: Lane, reason: str
) -> None:
    await owed(connection, 1, account=account, lane=lane)
    said = await rounds(connection, resuming, MOST_TRIES + 3)
    alarms = [line for line in said if line["log_level"] == "error"]
    assert [(line["event"], line["reason"], line["tries"]) for line in alarms] == [
        ("owed_answer_given_up", reason, MOST_TRIES)
    ]
    rows = await found(connection, "SELECT tries, ended_at, reason FROM inbox_deferred")
    assert rows == [(MOST_TRIES, AT, reason)]


async def test_one_that_kills_its_worker_each_time_is_not_tried_for_ever(
    connection: Connection, resuming: Resuming, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owed(connection, 1)
    await connection.execute("UPDATE inbox_deferred SET tries = %s", (MOST_TRIES,))
    monkeypatch.setattr(resuming_module, "read_message", None)  # would fail in another way
    await rounds(connection, resuming, 1)
    assert await found(connection, "SELECT reason FROM inbox_deferred") == [("worker_gone",)]


async def test_an_answer_is_called_given_only_when_it_is_in_the_outbox(
    connection: Connection, resuming: Resuming
) -> None:
    await owed(connection, 1)
    settled = await owed(connection, 2)
    await finish(connection, settled=[Settled(settled, None)], sealer=SEALER)
    await connection.execute(  # its own process settled it between our taking it over and our answer
        "INSERT INTO inbox_deferred SELECT day, %s, account, kind, lane, created_at, received_at, %s,"
        " claimed_by, lease_until FROM inbox_deferred",
        (settled.identity, SEALER.seal(settled.body, b"body:" + settled.identity)),
    )
    said = await rounds(connection, resuming, 1)
    outcomes = [line["outcome"] for line in said if line["event"] == "owed_message_settled"]
    assert sorted(outcomes) == ["answered_already", "given"]
    assert len(await found(connection, "SELECT id FROM outbox_delivery")) == 1
