"""An hour of every day, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daxiang.jobs.daily import Daily
from daxiang.kernel.clock import SHANGHAI

EVENING = Daily(name="evening", at=time(20), useful_for=timedelta(hours=2))
START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 366 * 86_400_000).map(lambda ms: START + timedelta(milliseconds=ms))


@given(moments)
def test_what_was_due_last_is_eight_in_the_evening_of_today_or_yesterday(now: datetime) -> None:
    due_at = EVENING.last_due(now)
    here = due_at.astimezone(SHANGHAI)
    assert (here.hour, here.minute, here.second, here.microsecond) == (20, 0, 0, 0)
    assert timedelta() <= now - due_at < timedelta(days=1)


@given(moments)
def test_it_is_over_exactly_two_hours_later(now: datetime) -> None:
    due_at = EVENING.last_due(now)
    assert EVENING.is_over(due_at, now) == (now.astimezone(SHANGHAI).hour not in {20, 21})
