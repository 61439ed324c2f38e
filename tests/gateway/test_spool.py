"""Danger messages that wait for the database: none is dropped unseen, whatever comes meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import psycopg
import pytest
from prometheus_client import REGISTRY

from daxiang.domains.residents.operations import SpokenTalk
from daxiang.foundation.inbox.operations import Received
from daxiang.integrations.wechat.contacts.operations import Touch
from daxiang.sites.gateway import spool as spool_module
from daxiang.sites.gateway.lane import GroupLane
from daxiang.sites.gateway.spool import Spool
from tests.gateway.test_lane import message as numbered


def message(number: int) -> Received:
    return numbered(number)._replace(answer=b"120")


class Base:
    """A database that is away until it is told to be back, and can never keep some rows."""

    def __init__(self, *impossible: int) -> None:
        self.kept: list[int] = []
        self.is_away = True
        self.impossible = set(impossible)
        self.tried = asyncio.Event()
        self.gate: asyncio.Event | None = None

    async def keep(
        self, messages: Sequence[Received], touches: Sequence[Touch], talks: Sequence[SpokenTalk] = ()
    ) -> dict[bytes, bytes]:
        self.tried.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.is_away:
            raise psycopg.OperationalError("away")
        numbers = [int.from_bytes(one.identity, "big") for one in messages]
        if self.impossible & set(numbers):
            raise psycopg.DataError("cannot be stored")
        self.kept += numbers
        return {}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "PAUSE_S", 0.0)


def lost(reason: str) -> float:
    labels = {"account": "service", "reason": reason}
    return REGISTRY.get_sample_value("daxiang_danger_unkept_total", labels) or 0.0


async def emptied(spool: Spool) -> None:
    assert spool._task is not None
    await spool._task


async def test_three_thousand_messages_wait_and_all_are_kept_in_their_order() -> None:
    base = Base()
    lane = GroupLane(base.keep)
    for number in range(3000):
        lane._spool.add(message(number), None)
    await base.tried.wait()
    base.is_away = False
    await emptied(lane._spool)
    assert base.kept == list(range(3000))


async def test_what_comes_while_a_group_is_being_kept_drops_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spool_module, "MOST_BYTES", spool_module._size(message(0)) * 300)
    base, before = Base(), lost("spool_full")
    base.is_away, base.gate = False, asyncio.Event()
    spool = Spool(base.keep)
    taken = [spool.add(message(number), None) for number in range(250)]
    await base.tried.wait()
    taken += [spool.add(message(number), None) for number in range(250, 400)]
    base.gate.set()
    await emptied(spool)
    assert base.kept == [number for number, is_taken in enumerate(taken) if is_taken] == list(range(300))
    assert lost("spool_full") - before == 100


async def test_room_that_was_emptied_is_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "MOST_BYTES", spool_module._size(message(0)))
    base = Base()
    base.is_away = False
    spool = Spool(base.keep)
    for number in range(5):
        assert spool.add(message(number), None)
        assert not spool.add(message(number), None)
        await emptied(spool)
    assert base.kept == list(range(5))


async def test_one_that_can_never_be_kept_is_told_and_takes_no_other_along() -> None:
    base, before = Base(7), lost("DataError")
    base.is_away = False
    spool = Spool(base.keep)
    for number in range(20):
        spool.add(message(number), None)
    await emptied(spool)
    assert base.kept == [number for number in range(20) if number != 7]
    assert lost("DataError") - before == 1


@pytest.mark.parametrize(("is_away", "kept", "unkept"), [(False, 500, 0), (True, 0, 500)])
async def test_at_the_end_all_get_one_more_try_and_the_rest_is_told(
    is_away: bool, kept: int, unkept: int
) -> None:
    base, before = Base(), lost("stopped")
    spool = Spool(base.keep)
    for number in range(500):
        spool.add(message(number), None)
    base.is_away = is_away
    await spool.stop()
    assert (len(base.kept), lost("stopped") - before) == (kept, unkept)
