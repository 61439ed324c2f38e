"""A slice of `make prove P=fuzz`, and that the campaign notices what it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prove import fuzz
from prove.hostile_bodies import Lures
from prove.mangled_bodies import KINDS

from daxiang.integrations.wechat import fast
from daxiang.integrations.wechat.bodies import parse_tree
from daxiang.integrations.wechat.values import Message


async def run(folder: Path, bodies: int = 400, seed: int = 1) -> dict[str, Any]:
    return await fuzz.campaign(seed=seed, bodies=bodies, folder=folder, processes=0, quiet=True)


async def test_strict_reader_and_fast_path_agree_on_every_body(tmp_path: Path) -> None:
    verdict = await run(tmp_path, bodies=3000)
    figures = {name: verdict[name] for name in ("bodies", "disagreed", "crashes", "touched")}
    assert figures == {"bodies": 3000, "disagreed": 0, "crashes": 0, "touched": 0}, verdict
    assert verdict["agreed"] > 200
    assert set(verdict["kinds"]) == set(KINDS)


async def test_a_fast_path_that_reads_otherwise_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = fast.message_in

    def careless(body: bytes) -> Message | None:
        return genuine(body.replace(b"\r", b""))

    monkeypatch.setattr(fast, "message_in", careless)
    verdict = await run(tmp_path, bodies=1500)
    assert not verdict["ok"]
    assert verdict["disagreed"] > 0


async def test_a_crash_and_a_touched_file_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def obedient(body: bytes) -> None:
        parse_tree(body)
        Path(__file__).read_bytes()
        if b"CDATA" in body:
            raise KeyError("CDATA")

    monkeypatch.setattr(fuzz, "read_message", obedient)
    verdict = await run(tmp_path, bodies=30)
    assert not verdict["ok"]
    assert verdict["crashes"] > 0
    assert verdict["touched"] > 0


async def test_a_campaign_that_was_cut_off_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "CHUNK", 100)
    genuine = fuzz.run_chunk
    asked: list[int] = []

    def failing(seed: int, number: int, count: int, lures: Lures) -> fuzz.Figures:
        asked.append(number)
        if asked == [0, 1, 2]:
            raise KeyboardInterrupt
        return genuine(seed, number, count, lures)

    monkeypatch.setattr(fuzz, "run_chunk", failing)
    with pytest.raises(KeyboardInterrupt):
        fuzz._campaign(seed=1, bodies=400, folder=tmp_path, processes=0, quiet=True)
    verdict = await run(tmp_path)
    assert asked == [0, 1, 2, 2, 3]
    assert verdict["bodies"] == 400
