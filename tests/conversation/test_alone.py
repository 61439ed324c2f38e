"""A tail or a plate and nothing else is answered out of what is kept: never otherwise than if it were not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.conversation import asking, understand
from daxiang.domains.conversation.facts import Feature
from daxiang.domains.conversation.queries import meaning, reply_to_text
from daxiang.domains.conversation.replies import Reply
from daxiang.kernel.clock import SHANGHAI

START = datetime(2026, 11, 25, tzinfo=SHANGHAI)
WORDS = st.one_of(
    st.from_regex(r"\A[0-9]\Z"),
    st.from_regex(r"\A[鄂京沪粤湘豫皖川鲁][A-H][ ·]?[A-HJ-NP-Z0-9]{5}\Z"),
    st.from_regex(r"\A[鄂京沪粤][A-H][DF][0-9]{5}\Z"),
    st.from_regex(r"\A[鄂京沪粤][a-h]·?[0-9]{4}[a-hj-np-z]\Z"),
    st.sampled_from(["A12345", "1234K", "123", "12", "10", "鄂A1234学", "0.5", "A B C", "5-6", "1st", "i5"]),
)


def answered(words: str, city: str, at: datetime, features: frozenset[str]) -> Reply:
    return reply_to_text(words, account_kind="service", city=city, at=at, features=features)


@settings(max_examples=400, deadline=None)
@given(
    words=WORDS,
    minutes=st.integers(0, 60 * 24 * 40),
    features=st.frozensets(st.sampled_from([one.value for one in Feature])),
)
def test_what_is_kept_for_a_bare_tail_or_plate_is_what_would_be_worked_out(
    words: str, minutes: int, features: frozenset[str]
) -> None:
    at = START + timedelta(minutes=minutes, seconds=17)
    kept = answered(words, "wuhan", at, features)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "_ALONE", re.compile("(?!)"))
        assert answered(words, "wuhan", at, features) == kept


PLATES = st.from_regex(r"\A[鄂京沪粤湘豫皖川鲁][A-Ha-h][ ·]?[A-Za-z0-9]{5,6}\Z")


@settings(max_examples=600, deadline=None)
@given(text=PLATES)
def test_a_whole_plate_is_read_alike_on_the_short_way_and_on_the_long_one(text: str) -> None:
    short = meaning(text, city="wuhan", at=START)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(understand, "_PLATE", re.compile("(?!)"))
        assert meaning(text, city="wuhan", at=START) == short


@pytest.mark.parametrize("word", understand._AT_ONCE)
def test_a_word_that_is_read_at_once_is_read_alike_on_the_long_way(word: str) -> None:
    short = meaning(word, city="wuhan", at=START)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(understand, "_AT_ONCE", {})
        assert meaning(word, city="wuhan", at=START) == short
