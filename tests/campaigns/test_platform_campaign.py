"""A short slice of the campaign that plays histories against the simulator and a model of its rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from prove import platform
from prove.platform_met import REQUIRED

from daxiang_simulator.platform import repeats


async def test_simulator_and_model_agree_over_some_histories(tmp_path: Path) -> None:
    verdict = await platform.campaign(seed=6, folder=tmp_path, histories=25)
    assert (verdict["differences"], verdict["histories"]) == (0, 25)
    assert verdict["rules_met"] >= len(REQUIRED) // 2


async def test_a_rule_that_the_simulator_bends_is_found_and_told_in_a_few_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(repeats, "KEPT_S", 0)
    verdict = await platform.campaign(seed=6, folder=tmp_path, histories=10)
    assert (verdict["ok"], verdict["differences"]) == (False, 1)
    told = capsys.readouterr().err.splitlines()
    steps = [line for line in told if line.lstrip()[:1].isdigit()]
    assert "right is" in told[0]
    assert 1 <= len(steps) <= 4, steps


async def test_a_campaign_goes_on_where_it_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await platform.campaign(seed=6, folder=tmp_path, histories=2)
    monkeypatch.delattr(platform, "play_batch")
    again = await platform.campaign(seed=6, folder=tmp_path, histories=2)
    assert {**again, "seconds": 0} == {**first, "seconds": 0}


def test_a_rule_that_was_never_met_fails_the_campaign() -> None:
    met = platform.Counter(dict.fromkeys(REQUIRED - {"45047 custom/send"}, 1))
    batch = platform.Batch(histories=1, met=met)
    verdict = platform.verdict(1, [batch], differences=0, wanted=1, seconds=0.0)
    assert (verdict["ok"], verdict["never_met"]) == (False, ["45047 custom/send"])
