"""Values of subscription notices: what passes here passes at the platform."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.integrations.wechat.client.checks import Unfit
from daxiang.integrations.wechat.client.notice_values import fitted, fitted_one
from daxiang_simulator.platform.values import TYPES, check_value

KINDS = sorted(set(TYPES) - {"const"})


@given(st.sampled_from(KINDS), st.text(max_size=60) | st.text("0123456789:.-年月日元¥鄂A汉 ~", max_size=60))
def test_what_passes_here_is_not_refused_by_the_platform(kind: str, value: str) -> None:
    try:
        fit = fitted_one(f"{kind}1", value)
    except Unfit:
        return
    assert check_value(f"{kind}1", {"value": fit}) == fit


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("thing1", "二" * 20, "二" * 20),
        ("thing1", "二" * 21, "二" * 19 + "…"),
        ("thing9", "第一行\n第二行", "第一行 第二行"),
        ("thing2", "🚗" * 25, "🚗" * 19 + "…"),
        ("character_string3", "A" * 40, "A" * 29 + "..."),
        ("car_number1", "鄂A12345", "鄂A12345"),
        ("car_number1", "鄂AD12345", "鄂AD12345"),
        ("car_number1", "鄂A1234警", "鄂A1234警"),
        ("time1", "2026年11月24日 08:00", "2026年11月24日 08:00"),
        ("date1", "2026-11-24", "2026-11-24"),
        ("amount1", "¥200.00", "¥200.00"),
        ("amount2", "200元", "200元"),
        ("phone_number1", "027-12122", "027-12122"),
        ("name1", "李强", "李强"),
        ("phrase1", "已受理", "已受理"),
        ("number1", "-12.5", "-12.5"),
    ],
)
def test_a_value_is_shown_as_it_may_be(name: str, value: str, shown: str) -> None:
    assert fitted({name: value}) == {name: shown}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thing1", ""),
        ("thing1", "  \n"),
        ("number1", "1" * 33),
        ("number1", "十二"),
        ("letter1", "a" * 33),
        ("symbol1", "!!!!!!"),
        ("time1", "25:00"),
        ("date1", "明天"),
        ("amount1", "$" + "1" * 11),
        ("phone_number1", "1" * 18),
        ("car_number1", "鄂A123456789"),
        ("car_number1", "鄂鄂12345"),
        ("name1", "一二三四五六七八九十一"),
        ("phrase1", "六个字的短语"),
        ("phrase1", "ok"),
        ("thing", "无序号"),
        ("unknown1", "值"),
    ],
)
def test_a_value_that_cannot_be_cut_honestly_is_refused_with_the_field_and_without_the_value(
    name: str, value: str
) -> None:
    with pytest.raises(Unfit) as failed:
        fitted({name: value})
    assert name in failed.value.message
    assert not value.strip() or value not in failed.value.message
