"""Two copies on one machine, and a short slice of the kill campaign."""

from __future__ import annotations

from pathlib import Path

import pytest
from prove import kills
from prove.instance import Instance, request, running

from tests.journeys.conftest import TUESDAY

pytestmark = pytest.mark.system


def test_two_copies_with_other_ports_and_homes_do_not_know_each_other(
    on_tuesday: Instance, tmp_path: Path
) -> None:
    with running(tmp_path / "second", DAXIANG_NOW="2026-11-25T08:10:00+08:00") as second:
        mine, theirs = on_tuesday.new_user(), second.new_user()
        on_tuesday.follow(mine)
        second.follow(theirs)
        assert "5，今天（24日 周二）" in on_tuesday.send(mine, "5")["reply"]["content"]
        assert "5，今天（25日 周三）" in second.send(theirs, "5")["reply"]["content"]
        accounts = [request(copy.url("simulator", "/_sim/accounts")) for copy in (on_tuesday, second)]
        assert accounts[0] != accounts[1]
    assert second.leftovers() == []
    on_tuesday.set_clock(TUESDAY)


async def test_kill_9_of_each_kind_of_process_loses_nothing(tmp_path: Path) -> None:
    verdict = await kills.campaign(seed=7, kills=len(kills.TARGETS), folder=tmp_path, quiet=True)
    faults = ("lost", "kept_twice", "answered_twice", "answered_differently", "orphans")
    assert {name: verdict[name] for name in faults} == dict.fromkeys(faults, 0)
    assert verdict["acknowledged"] > 0
