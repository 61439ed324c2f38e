"""A short slice of the gateway's campaigns."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from prove import follows, generations, hostile

pytestmark = pytest.mark.system


@pytest.mark.skipif(shutil.which("cc") is None, reason="the load generator needs a C compiler")
async def test_a_flood_of_follows_is_answered_and_counted_once_each(tmp_path: Path) -> None:
    verdict = await follows.campaign(seed=7, folder=tmp_path, follows=1000, seconds=2.0)
    assert verdict["ok"], verdict


async def test_strangers_are_refused_alike_while_the_genuine_are_served(tmp_path: Path) -> None:
    verdict = await hostile.campaign(seed=7, folder=tmp_path, requests=150, replays=40, timings=40)
    assert hostile.holds({**verdict, "timing_p": 1.0}, 150, 40), verdict  # 40 are too few to time


async def test_a_card_changed_under_load_is_in_force_at_once_and_mixes_no_answer(tmp_path: Path) -> None:
    verdict = await generations.campaign(seed=7, folder=tmp_path, switches=2, every=1.5)
    assert verdict["ok"], verdict


def test_the_rank_sum_sees_a_shift_and_no_shift() -> None:
    evens, odds = list(map(float, range(0, 1000, 2))), list(map(float, range(1, 1000, 2)))
    assert hostile.rank_sum_p(evens, odds) > 0.9
    assert hostile.rank_sum_p(evens, [value + 100 for value in odds]) < 0.001
