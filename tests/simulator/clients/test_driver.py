"""A story notices what comes out otherwise, and does not take another mistake for a refusal."""

from __future__ import annotations

import pytest
from wechatpy.exceptions import WeChatClientException

from tests.simulator.clients.driver import Difference, has, refused, same


def raising(code: int) -> None:
    raise WeChatClientException(code, "words")


def test_a_difference_is_raised_for_another_value_and_for_a_missing_name() -> None:
    same(1, 1)
    has({"a": 1, "b": 2}, "a")
    with pytest.raises(Difference, match="1 instead of 2"):
        same(1, 2)
    with pytest.raises(Difference, match="'c'"):
        has({"a": 1}, "a", "c")


def test_a_refusal_must_come_and_have_the_code() -> None:
    refused(40003, raising, 40003)
    with pytest.raises(Difference, match="40001 instead of 40003"):
        refused(40003, raising, 40001)
    with pytest.raises(Difference, match="instead of a refusal"):
        refused(40003, str, "an answer")


def test_a_fault_of_the_client_is_no_refusal() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        refused(40003, int, "words")
