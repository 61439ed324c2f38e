"""The words of the answer: facts as in the dialogues that set the voice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.conversation import queries
from daxiang.domains.conversation.advice import advise, in_words
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.restrictions.queries import load_city
from daxiang.kernel.plates import read_plate


def said(text: str, at: str) -> str:
    return reply_to_text(text, account_kind="service", city="wuhan", at=instant(at)).text


def instant(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("5", "2026-11-24T08:10", "尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。"),
        ("6", "2026-11-24T08:10", "尾号6，今天（24日 周二）：长江大桥、江汉桥能走，到明天7:00。"),
        ("5", "2026-11-28T10:00", "尾号5，今天（28日 周六）：长江大桥、江汉桥能走，到30日（周一）7:00。"),
        ("5", "2026-10-03T10:00", "尾号5，今天（3日 周六）：长江大桥、江汉桥能走，到8日（周四）7:00。"),
        ("5", "2026-10-10T10:00", "尾号5，今天（10日 周六）：长江大桥、江汉桥不确定。"),
        (
            "鄂a·１２３４k",
            "2026-11-24T08:30",
            "鄂A·1***K 按4算，今天（24日 周二）：长江大桥、江汉桥能走，到明天7:00。",
        ),
        ("鄂AD12345", "2026-11-25T07:40", "鄂A·D***5，今天（25日 周三）：长江大桥、江汉桥能走。"),
    ],
)
def test_the_first_line_is_the_answer_and_the_hour_of_change(text: str, at: str, expected: str) -> None:
    assert said(text, at).splitlines()[0] == expected


def test_a_banned_car_is_told_what_is_open_and_the_next_long_stretch() -> None:
    lines = said("5", "2026-11-24T08:10").splitlines()
    assert lines[1:4] == [
        "过长江走：鹦鹉洲大桥、长江二桥。",
        "过汉江走：月湖桥、晴川桥。",
        "今晚22:00起，一直能走到26日（周四）7:00。",
    ]


def test_an_unknown_answer_names_a_safe_course() -> None:
    assert "请按不能走安排" in said("5", "2026-10-10T10:00")


def test_no_hour_is_promised_when_what_follows_a_ban_is_not_known() -> None:
    cards = load_city("wuhan")
    ended = tuple(replace(card, valid_until=instant("2026-11-24T20:00")) for card in cards.cards)
    cards = replace(cards, cards=ended)
    words = in_words(advise(cards, tail="5", at=instant("2026-11-24T08:10")))
    assert "不能走" in words.splitlines()[0]
    assert "后能走" not in words


@pytest.mark.parametrize("hour", range(0, 24, 3))
@pytest.mark.parametrize("day", ["2026-11-24", "2026-11-28", "2026-10-10", "2026-12-31", "2027-02-03"])
def test_every_bubble_fits_ten_lines(day: str, hour: int) -> None:
    for tail in "0123456789":
        assert len(said(tail, f"{day}T{hour:02}:30").splitlines()) <= 10


def test_a_time_outside_the_calendar_is_said_and_breaks_nothing() -> None:
    assert "1990年到2099年" in said("5", "2150-01-01T08:00")


@given(
    at=st.timedeltas(timedelta(), timedelta(days=362)).map(lambda since: instant("2026-01-01T00:00") + since),
    plate=st.sampled_from(("", "鄂A1234", "鄂AD1234", "京B1234")),
    tail=st.sampled_from("0123456789"),
)
def test_the_advice_of_the_minute_is_word_for_word_the_one_of_the_instant(
    at: datetime, plate: str, tail: str
) -> None:
    asked = read_plate(plate + tail) if plate else None
    fresh = advise(load_city("wuhan"), tail=tail, plate=asked, at=at)
    reply = reply_to_text(plate + tail, account_kind="service", city="wuhan", at=at)
    assert (reply.text, reply.tail_advice, reply.advice) == (in_words(fresh), fresh, fresh.places)


def test_a_pack_that_changes_within_a_minute_is_asked_by_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = load_city("wuhan")
    ends = instant("2026-11-24T12:00:30")
    odd = replace(cards, cards=tuple(replace(card, valid_until=ends) for card in cards.cards))
    monkeypatch.setattr(queries, "load_city", lambda city: odd)

    def headline(second: int) -> str:
        at = instant(f"2026-11-24T12:00:{second:02}")
        return reply_to_text("5", account_kind="service", city="odd", at=at).text.splitlines()[0]

    assert (headline(29), headline(30)) == (
        in_words(advise(odd, tail="5", at=instant("2026-11-24T12:00:29"))).splitlines()[0],
        in_words(advise(odd, tail="5", at=ends)).splitlines()[0],
    )
    assert headline(29) != headline(30)
