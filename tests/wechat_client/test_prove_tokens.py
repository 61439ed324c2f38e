"""A short slice of `make prove P=tokens`, and its judge, which must be able to say no."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prove.tokens import campaign
from prove.tokens_judge import good_spans, judge, longest_without, overlapping

from tests.wechat_client.conftest import conninfo


@pytest.mark.postgres
@pytest.mark.system
@pytest.mark.django_db(transaction=True)
async def test_one_refresh_at_a_time_and_no_call_without_a_token_for_longer(tmp_path: Path) -> None:
    found = await campaign(seed=3, folder=tmp_path, expiries=6, processes=3, database=conninfo(), quiet=True)
    assert found["ok"], found
    assert (found["expiries"], found["overlapping"], found["late_calls"]) == (6, 0, 0)


def asked(begin: float, end: float) -> dict[str, Any]:
    return {"kind": "token", "begin": begin, "end": end, "token": "a", "forced": False}


def test_requests_that_overlap_are_counted_even_behind_a_short_one() -> None:
    assert overlapping([asked(0, 1), asked(1, 2), asked(2, 3)]) == 0
    assert overlapping([asked(0, 9), asked(1, 2), asked(8, 10)]) == 2


DIARY = [
    {"kind": "token", "generation": 1, "token": "a", "at": 1.2},
    {"kind": "wechat_token_renewed", "generation": "1", "at": 1.1},
]


def test_a_token_is_good_from_its_storing_to_the_next_expiry() -> None:
    assert good_spans(DIARY, [asked(0.9, 1.0)], [(0.4, 0.5), (5.0, 5.1)], until=9.0) == [(1.1, 5.0)]
    assert good_spans(DIARY, [asked(0.9, 1.0)], [(0.4, 0.5)], until=9.0) == [(1.1, 9.0)]


def test_a_token_that_was_voided_before_it_was_stored_was_never_good() -> None:
    assert good_spans(DIARY, [asked(0.9, 1.0)], [(1.0, 1.05)], until=9.0) == []


def test_a_call_is_without_success_only_as_long_as_a_good_token_lies_there() -> None:
    call = {"kind": "call", "began": 2.0, "at": 6.0, "failures": []}
    assert longest_without(call, [(1.0, 3.5), (5.0, 9.0)]) == 1.5
    assert longest_without(call, [(0.0, 1.0), (6.5, 9.0)]) == 0.0


def test_a_late_call_and_a_forced_refresh_are_told() -> None:
    late = {"kind": "call", "began": 1.5, "at": 4.0, "failures": ["no_token"]}
    truth = [asked(0.9, 1.0) | {"forced": True}]
    figures = judge([*DIARY, late], truth, [], until=9.0)
    assert (figures["late_calls"], figures["forced"], figures["failures"]) == (1, 1, {"no_token": 1})
