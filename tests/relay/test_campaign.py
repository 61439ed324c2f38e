"""A slice of `make prove P=relay`: a whole copy, its vendor failing in every way within seconds."""

from __future__ import annotations

from pathlib import Path

import pytest
from prove.relay import campaign

pytestmark = [pytest.mark.system]

STEPS = [
    (seconds, mode)
    for failing in ("slow", "error", "away", "garbage", "reset")
    for seconds, mode in ((0.25, "fine"), (0.15, failing))
]


async def test_nothing_is_lost_and_nothing_handled_twice_while_the_vendor_fails(tmp_path: Path) -> None:
    verdict = await campaign(seed=11, folder=tmp_path, messages=1200, kills=0, connections=40, steps=STEPS)
    timely = {"over_5s", "danger_waited"}  # the campaign judges time, on a machine of its own
    assert (verdict["lost"], verdict["twice"], verdict["left"], verdict["strayed"]) == (0, 0, 0, 0), verdict
    assert set(verdict["faults"]) <= timely, verdict
    assert min(verdict.get(name, 0) for name in ("covered", "vendors_answer")) > 0, verdict
