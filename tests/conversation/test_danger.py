"""Danger is heard in any spelling, and what only sounds like it is left in peace.

The sentences lie in danger_said.txt and harmless_said.txt, invented one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daxiang.domains.conversation.meaning import Danger
from daxiang.domains.conversation.understand import dangers_in
from daxiang.domains.conversation.understanding import danger_words
from daxiang.domains.conversation.understanding.danger import may_be_danger, patterns_of

HERE = Path(__file__).parent


def lines(name: str) -> Iterator[str]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


SAID = [(Danger(kind), text) for kind, _, text in (line.partition(" ") for line in lines("danger_said.txt"))]
HARMLESS = list(lines("harmless_said.txt"))
GAPS = st.sampled_from([" ", "，", "。", "!", "…", "-", " . ", "😭", "\n", "、"])


def test_there_are_enough_sentences_to_judge_by() -> None:
    assert len({text for _, text in SAID}) >= 200
    assert len(set(HARMLESS)) >= 280
    assert {kind for kind, _ in SAID} == set(Danger)


@pytest.mark.parametrize(("kind", "text"), SAID)
def test_danger_is_heard(kind: Danger, text: str) -> None:
    assert kind in dangers_in(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_are_left_in_peace(text: str) -> None:
    assert dangers_in(text) == frozenset()


@given(st.sampled_from(SAID), st.data())
def test_blanks_and_marks_between_the_signs_hide_nothing(
    said: tuple[Danger, str], draw: st.DataObject
) -> None:
    kind, text = said
    spread = "".join(sign + draw.draw(GAPS) for sign in text)
    assert kind in dangers_in(spread)


BEFORE = ("", "尾号5 ", "明天能走吗 ", "你好，", "鄂A12345 ", "长江大桥 ")
BEHIND = ("", " 5", "，尾号5能走吗", "，谢谢", " 长江大桥", "！！！")


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("behind", BEHIND)
def test_words_around_it_hide_nothing(before: str, behind: str) -> None:
    hidden = [text for kind, text in SAID if kind not in dangers_in(f"{before}{text}{behind}")]
    assert hidden == []


@given(st.text(max_size=80))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert dangers_in(text) <= set(Danger)


TABLES = (
    *("CRASH", "INJURY", "FIRE", "CRIME", "WATER", "BREAKDOWN", "HAZARD"),
    *("SURE_INJURY", "SURE_FIRE", "SURE_CRIME", "SURE_WATER", "SURE_BREAKDOWN"),
)
PATTERNS = [pattern for name in TABLES for pattern in patterns_of(getattr(danger_words, name))]


@settings(max_examples=400, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.sampled_from(PATTERNS).flatmap(lambda pattern: st.from_regex(pattern, fullmatch=True)))
def test_the_first_quick_look_passes_over_no_word_of_danger(word: str) -> None:
    assert may_be_danger(word)
