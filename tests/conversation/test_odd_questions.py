"""Odd questions, written by hand: each ends right or in an ask-back, none in silence, none wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.replies import LONGEST_BUBBLE, MOST_LINES, Reply

LIST = Path(__file__).with_name("odd_questions.toml")
MORNING = "2026-11-24T08:10"
SHUT = ("不能走", "封闭", "不要上", "不能上", "封了", "没开")


@dataclass(frozen=True, kw_only=True)
class Odd:
    q: str
    at: datetime
    ends: tuple[str, ...]
    is_sure: bool
    says: tuple[str, ...]
    never: tuple[str, ...]


def odd_questions() -> Iterator[Odd]:
    for group in tomllib.loads(LIST.read_text(encoding="utf-8"))["group"]:
        at = datetime.fromisoformat(f"{group.get('at', MORNING)}+08:00")
        for one in group["asked"]:
            yield Odd(
                q=one["q"],
                at=at,
                ends=tuple(one["is"].split("|")),
                is_sure=one.get("sure", False),
                says=tuple(one.get("says", ())),
                never=tuple(one.get("never", ())),
            )


def end_of(reply: Reply) -> str:
    """How it ended: may, maynot or unknown by the first line of an answer, else the reply's kind."""
    first = reply.text.split("\n")[0]
    if reply.kind != "advice":
        return str(reply.kind)
    if first.startswith("能走") or "开着" in first.split("；")[0]:
        return "may"
    if "不确定" in first:
        return "unknown"
    if any(word in first for word in SHUT):
        return "maynot"
    return "may" if "能走" in first else "advice without a verdict"


def fault(odd: Odd, reply: Reply) -> str:
    if not reply.text.strip():
        return "silence"
    end = end_of(reply)
    if end not in odd.ends and (end != "ask_back" or odd.is_sure):
        return f"ends {end}, wanted {'|'.join(odd.ends)}"
    if end == "ask_back" and "ask_back" not in odd.ends:
        return _promise(reply)
    missing = [one for one in odd.says if not any(word in reply.text for word in one.split("|"))]
    if missing:
        return f"does not say {missing}"
    wrong = [one for one in odd.never if one in reply.text]
    return f"says {wrong}" if wrong else _size(reply)


def _promise(reply: Reply) -> str:
    return "promises in an ask-back" if reply.text.startswith("能走") else _size(reply)


def _size(reply: Reply) -> str:
    fits = len(reply.text) <= LONGEST_BUBBLE and reply.text.count("\n") < MOST_LINES
    return "" if fits else f"{len(reply.text)} characters, {reply.text.count(chr(10)) + 1} lines"


def test_there_are_more_than_three_hundred_of_them() -> None:
    assert len({(one.q, one.at) for one in odd_questions()}) >= 300


def test_every_odd_question_ends_right_or_in_an_ask_back() -> None:
    faults = []
    for odd in odd_questions():
        reply = reply_to_text(odd.q, account_kind="service", city="wuhan", at=odd.at)
        if wrong := fault(odd, reply):
            faults.append(f"{odd.q!r} at {odd.at:%m-%d %H:%M}: {wrong}\n    {reply.text!r}")
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults)


def test_the_internal_account_answers_no_odd_question_with_silence() -> None:
    for odd in odd_questions():
        reply = reply_to_text(odd.q, account_kind="subscription", city="wuhan", at=odd.at)
        assert reply.text.strip(), odd.q


@pytest.mark.parametrize(
    "words", ["重庆 大学城 尾号5能走吗", "沪C12345 能上内环高架吗", "5 能走成都二仙高架吗"]
)
def test_streets_that_may_be_another_citys_get_no_verdict_of_ours(words: str) -> None:
    at = next(odd_questions()).at
    reply = reply_to_text(words, account_kind="service", city="wuhan", at=at)
    assert reply.kind != "advice"
    assert "长江大桥、江汉桥" not in reply.text
