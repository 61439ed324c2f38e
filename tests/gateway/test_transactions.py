"""The transaction lane on a real PostgreSQL: once, all or nothing, no `success` for what can be lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from daxiang.config import django_settings
from daxiang.foundation.inbox.deferred import claim_deferred
from daxiang.foundation.inbox.operations import Received
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.acts import NOT_DONE, Act, Sender, Told, carry_out
from daxiang.integrations.wechat.bodies import Format
from daxiang.integrations.wechat.replies import PassiveReply, Text, render
from daxiang.integrations.wechat.values import Message, OtherMessage
from daxiang.kernel.errors import DomainError
from daxiang.sites.gateway import app as gateway_module
from daxiang.sites.gateway import transactions
from daxiang.sites.gateway.app import Gateway
from daxiang.sites.gateway.lane import LaneUnavailable
from daxiang.sites.gateway.transactions import HandOver, TransactionLane
from tests.inbox.test_inbox import conninfo

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SEALER = Sealer({"k1": b"1" * 32})
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


class Bell:
    """An operation that leaves a mark and then waits until it may end."""

    def __init__(self, *, is_open: bool = True, fault: Exception | None = None) -> None:
        self.may_end = threading.Event()
        self.began = threading.Event()
        self.fault = fault
        if is_open:
            self.may_end.set()

    def __call__(
        self, connection: psycopg.Connection[Any], message: Message, sender: Sender, now: datetime
    ) -> Told:
        connection.execute("INSERT INTO rung (identity) VALUES (%s)", (message.identity,))
        self.began.set()
        assert self.may_end.wait(30)
        if self.fault is not None:
            raise self.fault
        return Told(Text(content="记住了"))


def act(operation: Bell, number: int = 1) -> Act:
    identity = number.to_bytes(32, "big")
    message = OtherMessage(
        to_user="gh_x", from_user="oNobody", created_at=NOW, kind="text", identity=identity
    )
    received = Received(
        identity=identity,
        day=NOW.date(),
        account="service",
        kind="text",
        created_at=NOW,
        received_at=NOW,
        body=b"<xml/>",
        answer=b"",
    )
    sender = Sender(account="service", person=b"p" * 32)
    return Act(message=message, received=received, sender=sender, operation=operation, now=NOW)


def rendered(reply: PassiveReply | None) -> bytes:
    if reply is None:
        return b""
    return render(reply, to_user="oNobody", from_user="gh_x", created=1, format=Format.XML)


def one(statement: str) -> Any:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def state() -> dict[str, int]:
    """How many: effects, messages kept, answers owed, late answers."""
    tables = {"rung": "rung", "kept": "inbox_message", "owed": "inbox_deferred", "late": "outbox_delivery"}
    return {name: one(f"SELECT count(*) FROM {table}") for name, table in tables.items()}  # noqa: S608 (fixed)


async def defer(act: Act) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
        await claim_deferred(
            connection,
            messages=[act.received],
            lane="transaction",
            owner="test",
            lease_s=60,
            sealer=SEALER,
        )


Make = Callable[..., TransactionLane]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(
            "TRUNCATE inbox_message, inbox_deferred, outbox_delivery, outbox_move, wechat_contact"
        )
        connection.execute("CREATE TABLE IF NOT EXISTS rung (identity bytea)")
        connection.execute("TRUNCATE rung")
    lanes: list[TransactionLane] = []

    def made(**options: Any) -> TransactionLane:
        lane = TransactionLane(**{"url": conninfo(), "sealer": SEALER, "defer": defer, **options})
        lanes.append(lane)
        return lane

    yield made
    for lane in lanes:
        await lane.stop()
        await asyncio.to_thread(lane._threads.shutdown)
        while lane._idle:
            lane._idle.pop().close()
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute("DROP TABLE rung")


async def test_operation_message_and_answer_are_kept_together(make: Make) -> None:
    answer = await make().answer(act(Bell()), rendered)
    assert "记住了" in answer.decode()
    assert state() == {"rung": 1, "kept": 1, "owed": 0, "late": 0}


SAME_TRANSACTION = (
    "SELECT contact.last_message_at, contact.xmin::text = message.xmin::text"
    " FROM wechat_contact AS contact, {} AS message"
)


async def test_an_act_opens_the_senders_window_in_its_own_transaction(make: Make) -> None:
    await make().answer(act(Bell()), rendered)
    with psycopg.connect(conninfo()) as connection:
        assert connection.execute(SAME_TRANSACTION.format("inbox_message")).fetchall() == [(NOW, True)]


async def test_the_window_of_a_late_answer_is_opened_in_the_transaction_that_defers_the_message(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_module, "database_url", lambda settings: conninfo())
    gateway = Gateway(django_settings.DAXIANG)
    await gateway._defer(act(Bell()))
    await gateway._connections.close()
    with psycopg.connect(conninfo()) as connection:
        assert connection.execute(SAME_TRANSACTION.format("inbox_deferred")).fetchall() == [(NOW, True)]


async def test_a_repeat_gets_the_stored_answer_and_has_no_second_effect(make: Make) -> None:
    first = await make().answer(act(Bell()), rendered)
    again = await make().answer(act(Bell()), lambda _: b"another")
    assert again == first
    assert state()["rung"] == 1


async def test_two_processes_with_the_same_message_at_once_have_one_effect(make: Make) -> None:
    bell = Bell(is_open=False)
    first = asyncio.create_task(make().answer(act(bell), rendered))
    await asyncio.to_thread(bell.began.wait, 30)
    second = asyncio.create_task(make().answer(act(Bell()), rendered))
    bell.may_end.set()
    assert await first == await second
    assert state() == {"rung": 1, "kept": 1, "owed": 0, "late": 0}


async def test_a_failure_that_has_a_name_is_told_and_nothing_is_half_done(make: Make) -> None:
    answer = await make().answer(act(Bell(fault=DomainError("这辆车已经记住过了。"))), rendered)
    assert "这辆车已经记住过了。" in answer.decode()
    assert state() == {"rung": 0, "kept": 1, "owed": 0, "late": 0}


async def test_a_fault_of_ours_is_told_truly_and_not_done_three_times(make: Make) -> None:
    answer = await make().answer(act(Bell(fault=RuntimeError("bug"))), rendered)
    assert NOT_DONE.splitlines()[0] in answer.decode()
    assert state() == {"rung": 0, "kept": 1, "owed": 0, "late": 0}


async def test_a_slow_operation_is_durable_before_success_and_answered_once_later(make: Make) -> None:
    bell, owed = Bell(is_open=False), asyncio.Event()

    async def defer_and_look(act: Act) -> None:
        await defer(act)
        assert state()["owed"] == 1
        owed.set()

    lane = make(defer=defer_and_look, late_after_s=0.0)
    assert await lane.answer(act(bell), rendered) == b""
    assert owed.is_set()
    repeat = asyncio.create_task(make(late_after_s=0.0).answer(act(Bell()), rendered))
    assert await repeat == b""
    bell.may_end.set()
    await asyncio.to_thread(lane._threads.shutdown)
    assert one("SELECT count(*) FROM inbox_message WHERE length(answer) > 0") == 1
    assert state() == {"rung": 1, "kept": 1, "owed": 0, "late": 1}


async def test_what_cannot_be_made_durable_is_not_acknowledged(make: Make) -> None:
    async def unreachable(act: Act) -> None:
        raise psycopg.OperationalError("away")

    bell = Bell(is_open=False)
    lane = make(defer=unreachable, late_after_s=0.0)
    with pytest.raises(LaneUnavailable):
        await lane.answer(act(bell), rendered)
    bell.may_end.set()
    await asyncio.to_thread(lane._threads.shutdown)
    assert state() == {"rung": 1, "kept": 1, "owed": 0, "late": 1}


async def test_a_database_that_is_away_promises_nothing(make: Make) -> None:
    with pytest.raises(LaneUnavailable):
        await make(url="host=127.0.0.1 port=1 dbname=none").answer(act(Bell()), rendered)


def test_whoever_asks_first_decides_which_way_an_answer_takes() -> None:
    thread_first, loop_first = HandOver(), HandOver()
    assert thread_first.is_passive()
    assert not thread_first.is_late()
    assert loop_first.is_late()
    assert not loop_first.is_passive()


async def test_an_answer_that_is_being_written_at_the_limit_is_waited_for(make: Make) -> None:
    writing, go = threading.Event(), threading.Event()

    class Held(HandOver):
        def is_passive(self) -> bool:
            decided = super().is_passive()
            writing.set()
            assert go.wait(30)
            return decided

    lane = make(late_after_s=0.5, durable_s=30.0, hand_over=Held)
    told = asyncio.create_task(lane.answer(act(Bell()), rendered))
    await asyncio.to_thread(writing.wait, 30)
    late = asyncio.get_running_loop().call_later(0.6, go.set)
    assert "记住了" in (await told).decode()
    late.cancel()
    assert state() == {"rung": 1, "kept": 1, "owed": 0, "late": 0}


async def test_more_than_the_lane_takes_is_left_to_the_platform(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "MOST_UNDER_WAY", 1)
    bell, lane = Bell(is_open=False), make()
    first = asyncio.create_task(lane.answer(act(bell), rendered))
    await asyncio.to_thread(bell.began.wait, 30)
    with pytest.raises(LaneUnavailable):
        await lane.answer(act(Bell(), 2), rendered)
    bell.may_end.set()
    assert await first


async def test_the_worker_finishes_what_a_dead_process_acknowledged(make: Make) -> None:
    await defer(act(Bell()))
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        done = carry_out(
            connection, act(Bell()), sealer=SEALER, render=lambda _: b"", is_passive=lambda: False
        )
    assert done == (b"", True)
    assert state() == {"rung": 1, "kept": 1, "owed": 0, "late": 1}


async def test_an_answer_written_for_a_callback_that_was_given_up_still_goes_out(make: Make) -> None:
    first = await make().answer(act(Bell()), rendered)
    assert first
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        carry_out(connection, act(Bell()), sealer=SEALER, render=rendered, is_passive=lambda: False)
    assert state() == {"rung": 1, "kept": 1, "owed": 0, "late": 1}
