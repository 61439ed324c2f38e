"""The life of a delivery, walked cell by cell, and the decision after an attempt."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.foundation.outbox.moves import MOVES, Action, Attempt, Ending, Policy, Status, next_step
from daxiang.foundation.outbox.sql import CLAIM, EXPIRE

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
FINAL = {Status.SENT, Status.REFUSED, Status.EXPIRED}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
def test_every_status_and_action_is_either_a_move_of_the_worker_or_nothing(
    status: Status, action: Action
) -> None:
    move = MOVES.get((status, action))
    if status in FINAL:
        assert move is None
    if move is not None:
        assert (move.to in Status, move.by) == (True, "worker")


def test_nothing_is_sent_again_once_its_outcome_is_unknown() -> None:
    assert {move.to for (was, _), move in MOVES.items() if was is Status.UNKNOWN} <= FINAL


def test_the_statements_make_the_moves_that_the_table_has() -> None:
    assert MOVES[Status.WAITING, Action.CLAIM].to == re.search(r"SET status = '(\w+)', attempts", CLAIM)[1]  # type: ignore[index]
    assert MOVES[Status.WAITING, Action.EXPIRE].to == re.search(r"SET status = '(\w+)'", EXPIRE)[1]  # type: ignore[index]


moments = st.integers(0, 3600).map(lambda seconds: NOW + timedelta(seconds=seconds))
policies = st.builds(Policy, same_id_for=st.none() | st.integers(1, 900).map(lambda s: timedelta(seconds=s)))


@given(
    ending=st.sampled_from(Ending), policy=policies, attempts=st.integers(1, 99), first=moments, now=moments
)
def test_a_doubtful_attempt_is_repeated_only_while_the_platform_knows_our_id(
    ending: Ending, policy: Policy, attempts: int, first: datetime, now: datetime
) -> None:
    action, at = next_step(
        Attempt(ending=ending), policy=policy, attempts=attempts, first_tried_at=first, now=now
    )
    assert (Status.SENDING, action) in MOVES
    if ending is Ending.IN_DOUBT and action is Action.POSTPONE:
        assert policy.same_id_for is not None
        assert first <= at < first + policy.same_id_for
    if action is Action.POSTPONE:
        assert now < at <= now + policy.longest_pause


def test_the_drawing_in_the_docs_is_the_table() -> None:
    drawn = set(
        re.findall(r"^  (\w+) --> (\w+): (\w+)$", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    )
    assert drawn == {(str(was), str(move.to), str(action)) for (was, action), move in MOVES.items()}
