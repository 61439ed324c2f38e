"""From 1 November on somebody hears that next year's holidays are not loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from unittest.mock import Mock

import pytest
from structlog.testing import capture_logs

from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.calendars.rules import years_missing
from daxiang.jobs import calendar_alarm
from daxiang.jobs.calendar_alarm import look_at_calendar, missing_totals
from daxiang.jobs.schedule import SCHEDULE
from daxiang.kernel.clock import SHANGHAI

BEFORE = datetime(2026, 10, 31, 23, 59, 59, tzinfo=SHANGHAI)
FROM = datetime(2026, 11, 1, tzinfo=SHANGHAI)
LOADED = replace(china_calendar(), years=frozenset({2026, 2027}))


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 10, 31), ()),
        (date(2026, 11, 1), (2027,)),
        (date(2026, 12, 31), (2027,)),
        (date(2027, 1, 1), (2027,)),
        (date(2027, 11, 1), (2027, 2028)),
    ],
)
def test_a_year_is_missed_from_november_on_until_it_is_loaded(today: date, missing: Any) -> None:
    known = replace(china_calendar(), years=frozenset(range(2004, 2027)))

    assert years_missing(known, today) == missing
    assert years_missing(replace(known, years=known.years | {2027, 2028}), today) == ()


@pytest.mark.parametrize(("at", "warned"), [(BEFORE, []), (FROM, [2027])])
def test_the_worker_warns_and_says_where_to_read_on(at: datetime, warned: list[int]) -> None:
    with capture_logs() as logs:
        look_at_calendar(Mock(), at, Mock())

    assert [line["year"] for line in logs if line["event"] == "calendar_year_missing"] == warned
    assert all(line["log_level"] == "warning" for line in logs)


def test_a_loaded_year_ends_the_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = missing_totals(Mock(now=lambda: FROM))
    assert figures.read() == [(("2026",), 0.0), (("2027",), 1.0)]

    monkeypatch.setattr(calendar_alarm, "china_calendar", lambda: LOADED)
    with capture_logs() as logs:
        look_at_calendar(Mock(), FROM, Mock())

    assert (logs, figures.read()) == ([], [(("2026",), 0.0), (("2027",), 0.0)])


def test_the_look_is_among_the_recurring_work() -> None:
    assert look_at_calendar in [entry.work for entry in SCHEDULE]
