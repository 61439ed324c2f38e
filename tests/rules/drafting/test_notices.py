"""Invented notices of many shapes: what is read of each, what stays blank, what is left to be finished."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from daxiang.domains.restrictions.drafting.places import names_of
from daxiang.domains.restrictions.drafting.reading import Known
from daxiang.domains.restrictions.queries import load_city
from tests.rules.drafting.drafts import at, drafted, leftovers

NOTICES = tomllib.loads((Path(__file__).parent / "notices.toml").read_text(encoding="utf-8"))["notice"]


@pytest.fixture(params=NOTICES, ids=lambda notice: notice["name"])
def notice(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def test_the_fields_of_a_notice_are_read(notice: dict[str, Any]) -> None:
    _, card = drafted(notice["text"])

    assert {path: at(card, path) for path in notice["expect"]} == notice["expect"]


def test_what_a_notice_does_not_settle_stays_blank_with_what_to_write(notice: dict[str, Any]) -> None:
    text, card = drafted(notice["text"])

    for path in notice.get("blank", ()):
        assert at(card, path) == "", path
        name = path.rpartition(".")[2]
        assert re.search(rf'^(?:given\.)?{name} = ""  # 没读出来：.', text, re.MULTILINE), path


def test_what_is_in_no_field_is_left_to_be_finished(notice: dict[str, Any]) -> None:
    _, card = drafted(notice["text"])

    assert [word for word in notice.get("left", ()) if word not in leftovers(card)] == []


def test_places_are_those_of_the_pack_by_the_longest_name() -> None:
    known = Known(city="wuhan", card="X", places=names_of(load_city("wuhan").places.values()))

    _, card = drafted("每日7时至22时，禁止载货汽车在武汉长江大桥、江汉一桥和青山无名大桥通行。", known)

    assert card["places"] == ["changjiang-bridge", "jianghan-bridge", "青山无名大桥"]


def test_a_name_that_two_places_share_is_no_place() -> None:
    names = names_of(load_city("wuhan").places.values())

    assert "二桥" not in names
    assert names["长江大桥"] == "changjiang-bridge"


@pytest.mark.parametrize(
    ("said", "windows"),
    [
        ("7时至22时", ["07:00-22:00"]),
        ("7：00—9：00", ["07:00-09:00"]),
        ("早7时至晚20时", ["07:00-20:00"]),
        ("上午7点30分到下午5点半", ["07:30-17:30"]),
        ("七时至二十二时", ["07:00-22:00"]),
        ("7至9时、17至20时", ["07:00-09:00", "17:00-20:00"]),
        ("晚10时至次日6时", ["22:00-06:00"]),
        ("0:00至24:00", ["all_day"]),
        ("9时至5时", ""),
        ("7时至25时", ""),
        ("7时至9时以外的时间", ""),
        ("22时以后", ""),
    ],
)
def test_hours_are_read_in_every_spelling_or_not_at_all(said: str, windows: Any) -> None:
    _, card = drafted(f"工作日{said}，禁止小型载客汽车通行。")

    assert card["clause"][0]["hours"] == windows


@pytest.mark.parametrize(
    ("said", "letter"),
    [
        ("尾号为英文字母的按0号管理", "zero"),
        ("车牌尾号是字母的视为双号", "even"),
        ("尾号为字母的，以字母前最后一位数字为准", "last_digit_before"),
        ("尾号为字母的，由交警部门另行规定", ""),
        ("", "unknown"),
    ],
)
def test_letters_are_read_or_left_blank(said: str, letter: str) -> None:
    _, card = drafted(f"工作日7时至9时，小型载客汽车按尾号单双号限行。{said}。")

    assert card["clause"][0]["tail"]["letter"] == letter
