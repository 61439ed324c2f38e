"""`daxiang rules diff`: where two packs answer differently, against asking both every quarter of an hour."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.config.cli import main
from daxiang.domains.restrictions.differences import differences
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.values import Question, Vehicle
from daxiang.kernel.clock import SHANGHAI
from tests.rules.packs import CARD, pack, write_pack

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 30)
QUARTER = timedelta(minutes=15)


@settings(max_examples=25)
@given(
    start=st.integers(0, 20),
    length=st.integers(1, 3),
    tail=st.sampled_from("0123456789"),
    days=st.sampled_from(['["workday"]', '["weekend", "holiday"]']),
)
def test_a_stretch_is_told_exactly_where_asking_both_at_every_quarter_finds_one(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, tail: str, days: str
) -> None:
    hours = f"{start:02}:15-{start + length:02}:45"
    other = CARD.replace("07:00-22:00", hours).replace('["workday"]', days)
    old, new = (pack(tmp_path_factory.mktemp("pack"), T_1=text) for text in (CARD, other))
    vehicle = Vehicle(tail=tail)

    found = list(differences(old, new, place="bridge", vehicle=vehicle, first=FIRST, last=LAST))

    at = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=SHANGHAI)
    while at.date() <= LAST:
        question = Question(place="bridge", at=at, vehicle=vehicle)
        before, after = (decide(cards, question).passage for cards in (old, new))
        told = [one for one in found if one.start <= at < one.end]
        assert len(told) == (1 if before is not after else 0)
        if told:
            assert (told[0].before.passage, told[0].after.passage) == (before, after)
        at += QUARTER


def test_one_card_is_compared_with_the_pack_that_it_is_to_join(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = write_pack(tmp_path / "old")
    card = tmp_path / "T-1.toml"
    card.write_text(CARD.replace("07:00-22:00", "07:00-21:00"), encoding="utf-8")
    days = ["--from", "2026-11-24", "--to", "2026-11-25"]

    status = main(["rules", "diff", str(old), str(card), "--plate", "鄂A12345", *days, "--json"])

    (line,) = capsys.readouterr().out.splitlines()
    assert status == 1
    assert json.loads(line) == {
        "place": "bridge",
        "vehicle": "鄂A12345",
        "from": "2026-11-24T21:00:00+08:00",
        "until": "2026-11-24T22:00:00+08:00",
        "before": {"passage": "banned", "rule": "T-1"},
        "after": {"passage": "allowed", "rule": "T-1"},
    }
    assert main(["rules", "diff", str(old), str(old), *days]) == 0
    assert capsys.readouterr().out == "这段日子里，答案都一样。\n"


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (["nowhere", "nowhere"], "没有这个城市，也没有这个文件夹：nowhere"),
        (["{old}", "{old}", "--place", "ferry"], "两边都没有这个地方：ferry"),
        (["{old}", "{old}", "--tail", "K"], "--tail 要写一个数字"),
        (["{old}", "{old}/none.toml"], "读不了这张卡"),
        (["{old}", "{old}", "--to", "2020-01-01"], "--from 不能晚于 --to"),
    ],
)
def test_what_cannot_be_compared_gets_one_clear_sentence(
    slip: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = str(write_pack(tmp_path))
    args = [part.format(old=old) for part in slip]

    status = main(["rules", "diff", "--from", "2026-11-24", "--to", "2026-11-24", *args])

    assert status != 0
    assert said in capsys.readouterr().err
