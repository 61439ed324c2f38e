"""Plates as people type them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.kernel.plates import PROVINCES, Plate, PlateKind, PlateUnreadable, read_plate

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
LETTERS = SIGNS[:24]

ordinary_numbers = st.builds(
    lambda province, area, serial, digits: province + area + serial + digits,
    st.sampled_from(PROVINCES),
    st.sampled_from(LETTERS),
    st.text(SIGNS, min_size=3, max_size=3),
    st.text("0123456789", min_size=2, max_size=2),
)
untidy = st.lists(st.sampled_from(["", " ", "·", ".", "-", "\u3000"]), min_size=7, max_size=7)


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@given(ordinary_numbers, untidy, st.booleans(), st.booleans())
def test_a_plate_reads_the_same_however_untidily_it_is_typed(
    number: str, gaps: list[str], is_lower: bool, is_wide: bool
) -> None:
    typed = "".join(sign + gap for sign, gap in zip(number, gaps, strict=True))
    typed = typed.lower() if is_lower else typed
    typed = full_width(typed) if is_wide else typed

    assert read_plate(typed) == Plate(number=number, kind=PlateKind.ORDINARY)


@given(ordinary_numbers)
def test_the_tail_is_the_last_digit_whatever_letters_follow_it(number: str) -> None:
    assert read_plate(number).tail_digit == re.findall("[0-9]", number)[-1]


@given(ordinary_numbers)
def test_a_masked_plate_shows_no_more_than_area_first_and_last(number: str) -> None:
    assert read_plate(number).masked == f"{number[:2]}·{number[2]}***{number[6]}"


@given(st.text(max_size=20))
def test_any_text_is_a_plate_or_is_refused_in_one_short_sentence(text: str) -> None:
    try:
        plate = read_plate(text)
    except PlateUnreadable as refused:
        sentence = str(refused)
        assert sentence[-1] in "。？"
        assert len(sentence) <= 40
    else:
        assert read_plate(plate.number) == plate


@pytest.mark.parametrize(
    ("typed", "kind", "tail", "masked"),
    [
        ("鄂A12345", PlateKind.ORDINARY, "5", "鄂A·1***5"),
        ("鄂a·１２３４k", PlateKind.ORDINARY, "4", "鄂A·1***K"),
        ("鄂A71B2Z", PlateKind.ORDINARY, "2", "鄂A·7***Z"),
        ("鄂AD12346", PlateKind.NEW_ENERGY_SMALL, "6", "鄂A·D***6"),
        ("鄂A12346D", PlateKind.NEW_ENERGY_LARGE, "6", "鄂A·1***D"),
        ("鄂A1234挂", PlateKind.TRAILER, "4", "鄂A·1***挂"),
        ("鄂A1234学", PlateKind.COACH, "4", "鄂A·1***学"),
        ("鄂A1234警", PlateKind.POLICE, "4", "鄂A·1***警"),
        ("鄂O1234警", PlateKind.POLICE, "4", "鄂O·1***警"),
        ("沪A1234领", PlateKind.CONSULATE, "4", "沪A·1***领"),
        ("123456使", PlateKind.EMBASSY, "6", "1***使"),
        ("粤Z1234港", PlateKind.HONG_KONG, "4", "粤Z·1***港"),
        ("粤Z12A4澳", PlateKind.MACAU, "4", "粤Z·1***澳"),
        ("鄂X1234应急", PlateKind.EMERGENCY, "4", "鄂X·1***急"),
        ("鄂A临12345", PlateKind.TEMPORARY, "5", "鄂A·临***5"),
    ],
)
def test_each_kind_of_plate_is_known_by_its_pattern(
    typed: str, kind: PlateKind, tail: str, masked: str
) -> None:
    plate = read_plate(typed)

    assert (plate.kind, plate.tail_digit, plate.masked) == (kind, tail, masked)
    assert plate.is_new_energy is (kind in (PlateKind.NEW_ENERGY_SMALL, PlateKind.NEW_ENERGY_LARGE))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("鄂A1234O", "车牌序号里没有字母O，是不是数字0？"),
        ("鄂A1I345", "车牌序号里没有字母I，是不是数字1？"),
        ("A12345", "车牌要从省份简称打起，比如鄂A12345。"),
        ("鄂A1234", "车牌位数不对，蓝牌7位、绿牌8位，比如鄂A12345。"),
        ("WJ鄂1234X", "军车和武警车的号牌不在这里登记，查不了。"),
        ("", "没看到车牌号，请打完整，比如鄂A12345。"),
    ],
)
def test_a_refusal_says_what_to_look_at(typed: str, said: str) -> None:
    with pytest.raises(PlateUnreadable, match=re.escape(said)):
        read_plate(typed)
