"""Places for questions: young ones are few, late ones make room, and too many late ones do not."""

from __future__ import annotations

import asyncio
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.sites.gateway.places import NoPlace, Places


def soon() -> float:
    return time.monotonic() + 0.02


async def hold(places: Places, end: asyncio.Event) -> None:
    async with places.taken(until=time.monotonic() + 60):
        await end.wait()


async def test_a_place_that_is_taken_is_waited_for() -> None:
    places, end = Places(1, late_at_once=0, late_after_s=60), asyncio.Event()
    first = asyncio.create_task(hold(places, end))
    second = asyncio.create_task(hold(places, end))
    await asyncio.sleep(0)
    assert places.is_full
    assert not places.is_stuck
    end.set()
    await asyncio.gather(first, second)
    assert not places.is_full


async def test_whoever_waits_too_long_has_no_place() -> None:
    places, end = Places(1, late_at_once=0, late_after_s=60), asyncio.Event()
    first = asyncio.create_task(hold(places, end))
    await asyncio.sleep(0)
    with pytest.raises(NoPlace):
        async with places.taken(until=soon()):
            pass
    end.set()
    await first


async def test_a_late_question_makes_room_and_too_many_do_not() -> None:
    places, end = Places(1, late_at_once=1, late_after_s=0), asyncio.Event()
    holders = [asyncio.create_task(hold(places, end)) for _ in range(2)]
    while not places.is_stuck:  # noqa: ASYNC110 (a state of timers, which sets no event)
        await asyncio.sleep(0)
    with pytest.raises(NoPlace):
        async with places.taken(until=time.monotonic() + 60):
            pass
    end.set()
    await asyncio.gather(*holders)


@given(st.integers(0, 2**32))
def test_every_place_is_free_again_when_all_have_left(seed: int) -> None:
    async def crowd() -> tuple[int, int]:
        rng, inside, most = random.Random(seed), 0, 0
        places = Places(3, late_at_once=2, late_after_s=0.0)

        async def one() -> None:
            nonlocal inside, most
            try:
                async with places.taken(until=time.monotonic() + rng.choice((0.0, 60.0))):
                    inside += 1
                    most = max(most, inside)
                    for _ in range(rng.randrange(6)):
                        await asyncio.sleep(0)
                    inside -= 1
            except NoPlace:
                return

        await asyncio.gather(*(one() for _ in range(30)))
        return most, places._free._value

    most, free = asyncio.run(crowd())
    assert most <= 5
    assert free == 3
