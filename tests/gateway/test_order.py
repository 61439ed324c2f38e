"""One sender's messages, in order across lanes; checked against every interleaving of a few."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest

from daxiang.sites.gateway.ordering import Senders


async def run(kinds: tuple[bool, ...], seed: int) -> list[int]:
    """Messages of one sender, True for the group lane (first in, first out), False for one that is slow in a
    random way; the order in which they were answered.
    """
    rng, senders, answered = random.Random(seed), Senders(), []
    queue: asyncio.Queue[asyncio.Future[None]] = asyncio.Queue()

    async def group_lane() -> None:
        while True:
            future = await queue.get()
            await asyncio.sleep(0)
            future.set_result(None)

    async def one(number: int, is_group: bool) -> None:
        turn = senders.enter("somebody", is_group=is_group)
        try:
            if turn.before is not None:
                await asyncio.wait({turn.before})
            if is_group:
                future = asyncio.get_running_loop().create_future()
                queue.put_nowait(future)
                await future
            else:
                for _ in range(rng.randrange(6)):
                    await asyncio.sleep(0)
            answered.append(number)
        finally:
            senders.leave("somebody", turn)

    lane = asyncio.create_task(group_lane())
    tasks = []
    for number, is_group in enumerate(kinds):
        tasks.append(asyncio.create_task(one(number, is_group)))
        for _ in range(rng.randrange(4)):
            await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    lane.cancel()
    assert senders._last == {}
    return answered


@pytest.mark.parametrize("kinds", list(itertools.product((True, False), repeat=5)))
async def test_whatever_lanes_they_take_they_are_answered_in_order(kinds: tuple[bool, ...]) -> None:
    for seed in range(20):
        assert await run(kinds, seed) == [0, 1, 2, 3, 4]


async def test_in_the_group_lane_nobody_waits_for_a_turn() -> None:
    senders = Senders()
    turns = [senders.enter("somebody", is_group=True) for _ in range(3)]
    assert [turn.before for turn in turns] == [None, None, None]


async def test_two_senders_do_not_wait_for_each_other() -> None:
    senders = Senders()
    senders.enter("one", is_group=False)
    assert senders.enter("other", is_group=False).before is None
