"""The group lane: who waits with whom, and what happens when the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime

import psycopg
import pytest

from daxiang.domains.residents.operations import SpokenTalk
from daxiang.foundation.inbox.operations import Received
from daxiang.integrations.wechat.contacts.operations import Touch
from daxiang.sites.gateway import lane as lane_module
from daxiang.sites.gateway.lane import GroupLane, LaneUnavailable


def message(number: int) -> Received:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Received(
        identity=number.to_bytes(32, "big"),
        day=date(2026, 11, 24),
        account="service",
        kind="text",
        created_at=at,
        received_at=at,
        body=b"",
        answer=b"answer %d" % number,
    )


class Inbox:
    """A fake inbox: remembers its batches, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.failures: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def keep(
        self, messages: Sequence[Received], touches: Sequence[Touch], talks: Sequence[SpokenTalk] = ()
    ) -> dict[bytes, bytes]:
        await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.batches.append([int.from_bytes(m.identity, "big") for m in messages])
        return {m.identity: m.answer for m in messages}


async def test_what_arrives_during_a_commit_goes_together_into_the_next() -> None:
    inbox = Inbox()
    lane = GroupLane(inbox.keep)
    lane.start()
    inbox.gate.clear()
    first = asyncio.create_task(lane.answer(message(0)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = [asyncio.create_task(lane.answer(message(n))) for n in range(1, 6)]
    await asyncio.sleep(0)
    inbox.gate.set()
    assert await asyncio.gather(first, *rest) == [b"answer %d" % n for n in range(6)]
    assert inbox.batches == [[0], [1, 2, 3, 4, 5]]


async def test_when_the_lane_dies_of_a_fault_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = Inbox()
    inbox.failures = [psycopg.OperationalError("gone")]
    lane = GroupLane(inbox.keep)

    def fault(batch: object, error: object) -> list[object]:
        raise RuntimeError("a bug")

    monkeypatch.setattr(lane, "_give_up_late_ones", fault)
    lane.start()
    for number in (1, 2):
        with pytest.raises(LaneUnavailable):
            await lane.answer(message(number))
    assert lane.is_ended() is not None


async def test_a_repeat_waits_for_the_first_and_is_kept_once() -> None:
    inbox = Inbox()
    lane = GroupLane(inbox.keep)
    lane.start()
    answers = await asyncio.gather(*(lane.answer(message(7)) for _ in range(20)))
    assert set(answers) == {b"answer 7"}
    assert inbox.batches == [[7]]


async def test_a_database_that_comes_back_in_time_is_waited_for() -> None:
    inbox = Inbox()
    inbox.failures = [psycopg.OperationalError("gone"), OSError("gone")]
    lane = GroupLane(inbox.keep)
    lane.start()
    assert await lane.answer(message(1)) == b"answer 1"


async def test_nothing_is_promised_while_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane_module, "BUDGET_S", 0.0)
    inbox = Inbox()
    inbox.failures = [psycopg.OperationalError("gone")]
    lane = GroupLane(inbox.keep)
    lane.start()
    with pytest.raises(LaneUnavailable):
        await lane.answer(message(1))
    assert inbox.batches == []


async def test_a_server_that_hangs_does_not_hang_the_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane_module, "BUDGET_S", 0.05)
    inbox = Inbox()
    inbox.gate.clear()
    lane = GroupLane(inbox.keep)
    lane.start()
    with pytest.raises(LaneUnavailable):
        await lane.answer(message(1))
    monkeypatch.setattr(lane_module, "BUDGET_S", 4.0)
    inbox.gate.set()
    assert await lane.answer(message(2)) == b"answer 2"
    assert lane.is_ended() is None


async def test_an_answer_that_is_missing_fails_its_message_and_not_the_lane() -> None:
    async def keep(
        messages: Sequence[Received], touches: Sequence[Touch], talks: Sequence[SpokenTalk]
    ) -> dict[bytes, bytes]:
        return {m.identity: m.answer for m in messages if m.identity != message(1).identity}

    lane = GroupLane(keep)
    lane.start()
    with pytest.raises(LaneUnavailable):
        await lane.answer(message(1))
    assert await lane.answer(message(2)) == b"answer 2"


async def test_one_message_that_cannot_be_kept_does_not_take_the_others_along() -> None:
    inbox = Inbox()

    async def keep(
        messages: Sequence[Received], touches: Sequence[Touch], talks: Sequence[SpokenTalk]
    ) -> dict[bytes, bytes]:
        if any(m.identity == message(2).identity for m in messages):
            raise psycopg.DataError("cannot be stored")
        return await inbox.keep(messages, touches, talks)

    lane = GroupLane(keep)
    lane.start()
    results = await asyncio.gather(*(lane.answer(message(n)) for n in range(4)), return_exceptions=True)
    assert [type(r) is LaneUnavailable for r in results] == [False, False, True, False]
