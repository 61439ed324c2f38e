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


def test_nobody_claims_what_is_unknown() -> None:
    assert (Status.UNKNOWN, Action.CLAIM) not in MOVES


def test_the_statements_make_the_moves_that_the_table_has() -> None:
    assert MOVES[Status.WAITING, Action.CLAIM].to == re.search(r"SET status = '(\w+)', attempts", CLAIM)[1]  # type: ignore[index]
    actions, goes = (
        re.search(rf"THEN '(\w+)' ELSE '(\w+)' END AS {name}", EXPIRE) for name in ("action", "goes")
    )
    assert actions is not None
    assert goes is not None
    for action, status in zip(actions.groups(), goes.groups(), strict=True):
        assert MOVES[Status.WAITING, Action(action)].to == status


policies = st.builds(Policy, same_id_for=st.none() | st.integers(1, 900).map(lambda s: timedelta(seconds=s)))


@given(
    endings=st.lists(st.sampled_from(Ending), min_size=1, max_size=12),
    policy=policies,
    waits=st.lists(st.integers(-600, 1200), min_size=12, max_size=12),
)
def test_whatever_may_have_arrived_is_repeated_only_while_the_platform_knows_our_id(
    endings: list[Ending], policy: Policy, waits: list[int]
) -> None:
    """A whole life, each attempt made as soon as it may be, or later; the clock may be set back."""
    doubted: datetime | None = None
    until, now, tried = None, NOW, NOW
    for attempts, (ending, wait) in enumerate(zip(endings, waits, strict=False), start=1):
        tried = now
        step = next_step(
            Attempt(ending=ending),
            policy=policy,
            attempts=attempts,
            tried_at=tried,
            repeat_until=until,
            now=now,
        )
        assert (Status.SENDING, step.action) in MOVES
        if ending is Ending.IN_DOUBT and doubted is None:
            doubted = tried
        if doubted is not None and ending is not Ending.SENT:
            assert step.action in {Action.POSTPONE, Action.LOSE}
        if step.action is not Action.POSTPONE:
            return
        until = step.repeat_until
        assert (until is None) == (doubted is None)
        if doubted is not None:
            assert policy.same_id_for is not None
            assert step.next_at < doubted + policy.same_id_for == until
        now = step.next_at + timedelta(seconds=wait)
        if until is not None and not tried <= now < until:
            return  # the claim leaves it alone, and it ends as unknown


def test_attempts_that_certainly_did_not_arrive_use_up_nothing_of_the_platforms_time() -> None:
    policy = Policy(same_id_for=timedelta(minutes=10))
    later = NOW + timedelta(hours=1)  # an hour of "not now" has passed since the first attempt
    step = next_step(
        Attempt(ending=Ending.IN_DOUBT),
        policy=policy,
        attempts=9,
        tried_at=later,
        repeat_until=None,
        now=later,
    )
    assert (step.action, step.repeat_until) == (Action.POSTPONE, later + timedelta(minutes=10))


@pytest.mark.parametrize("ending", [Ending.REFUSED, Ending.TOO_LATE])
def test_no_refusal_of_a_repeat_says_that_the_first_attempt_did_not_arrive(ending: Ending) -> None:
    policy = Policy(same_id_for=timedelta(minutes=10))
    until = NOW + timedelta(minutes=9)
    step = next_step(
        Attempt(ending=ending), policy=policy, attempts=2, tried_at=NOW, repeat_until=until, now=NOW
    )
    assert step.action is Action.LOSE


def test_a_pause_longer_than_the_platforms_time_ends_what_may_have_arrived() -> None:
    policy = Policy(same_id_for=timedelta(minutes=10))
    not_today = Attempt(ending=Ending.NOT_NOW, retry_after=timedelta(hours=9))
    until = NOW + timedelta(minutes=9)
    lost = next_step(not_today, policy=policy, attempts=2, tried_at=NOW, repeat_until=until, now=NOW)
    fine = next_step(not_today, policy=policy, attempts=2, tried_at=NOW, repeat_until=None, now=NOW)
    assert (lost.action, fine.action) == (Action.LOSE, Action.POSTPONE)


def test_the_drawing_in_the_docs_is_the_table() -> None:
    drawn = set(
        re.findall(r"^  (\w+) --> (\w+): (\w+)$", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    )
    assert drawn == {(str(was), str(move.to), str(action)) for (was, action), move in MOVES.items()}
