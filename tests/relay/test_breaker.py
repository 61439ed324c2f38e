"""The breaker: free until so many failures in a row, then one question a pause."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daxiang.sites.gateway.breaker import FIRST_PAUSE_S, LONGEST_PAUSE_S, Breaker


def opened(at: float = 0.0) -> Breaker:
    breaker = Breaker(failures_in_a_row=3)
    for _ in range(3):
        breaker.failed(at)
    return breaker


def test_failures_that_are_not_in_a_row_open_nothing() -> None:
    breaker = Breaker(failures_in_a_row=3)
    for _ in range(20):
        breaker.failed(0.0)
        breaker.failed(0.0)
        breaker.succeeded()
    assert breaker.may_ask(0.0)


def test_an_open_breaker_lets_one_through_after_the_pause_and_not_two() -> None:
    breaker = opened()
    assert [breaker.may_ask(at) for at in (0.0, 0.99, FIRST_PAUSE_S, FIRST_PAUSE_S)] == [
        False,
        False,
        True,
        False,
    ]


def test_one_answer_closes_it() -> None:
    breaker = opened()
    breaker.succeeded()
    assert [breaker.may_ask(0.0) for _ in range(5)] == [True] * 5


def test_questions_that_were_under_way_when_it_opened_lengthen_no_pause() -> None:
    breaker = opened()
    for _ in range(60):
        breaker.failed(0.1)
    assert breaker.may_ask(FIRST_PAUSE_S)


@given(st.integers(1, 12))
def test_pauses_double_up_to_the_longest(tries: int) -> None:
    breaker, now, pauses = opened(), 0.0, []
    for _ in range(tries):
        asked_before = now
        while not breaker.may_ask(now):
            now += 0.25
        breaker.failed(now)
        pauses.append(now - asked_before)
    assert pauses == [FIRST_PAUSE_S] + [min(2.0**i, LONGEST_PAUSE_S) for i in range(tries - 1)]
