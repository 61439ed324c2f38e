"""Says when the State Council's notice for the next year is not loaded, from 1 November on.

Until it is, the days of that year are answered "unknown" wherever the kind of the day matters. How to load
it: docs/how-to/load-next-years-holidays.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
import structlog

from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.calendars.rules import years_due, years_missing
from daxiang.foundation.metrics import Totals
from daxiang.foundation.settings import Retention
from daxiang.kernel.clock import SHANGHAI, Clock

log = structlog.get_logger()

METRIC = "daxiang_calendar_year_missing"
HOW_TO = "docs/how-to/load-next-years-holidays.md"


def look_at_calendar(_connection: psycopg.Connection[Any], at: datetime, _retention: Retention) -> None:
    """A warning for each year that is due and not loaded."""
    for year in years_missing(china_calendar(), at.astimezone(SHANGHAI).date()):
        log.warning("calendar_year_missing", year=year, how_to=HOW_TO)


def missing_totals(clock: Clock) -> Totals:
    """1 for each year that is due and not loaded, 0 for each that is."""

    def read() -> list[tuple[tuple[str, ...], float]]:
        today = clock.now().astimezone(SHANGHAI).date()
        missing = years_missing(china_calendar(), today)
        return [((str(year),), float(year in missing)) for year in years_due(today)]

    return Totals(
        name=METRIC, meaning="1 when a year's holidays are due and not loaded", labels=("year",), read=read
    )
