"""What a day's draft is made of, out of the tables; `compose` makes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from daxiang.domains.briefings.compose import Facts, compose, week_before, yesterday
from daxiang.domains.briefings.content import Content
from daxiang.domains.briefings.desk import corrections_since
from daxiang.domains.briefings.operations import Cursor
from daxiang.domains.briefings.queries import incidents
from daxiang.domains.briefings.times import DRAFTED_AT
from daxiang.kernel.clock import SHANGHAI


def draft_of(cursor: Cursor, day: date, *, is_saturday_edition: bool) -> Content:
    """The draft of a daily edition, from the incidents of the day before and the corrections since the draft
    before.
    """
    period, drafted_at = yesterday(day), datetime.combine(day, DRAFTED_AT, SHANGHAI)
    before = week_before(period)
    facts = Facts(
        day=day,
        is_saturday_edition=is_saturday_edition,
        incidents=incidents(cursor, start=period.start, end=period.end),
        before=incidents(cursor, start=before.start, end=before.end) or None,
        corrections=corrections_since(cursor, since=drafted_at - timedelta(days=1), until=drafted_at),
    )
    return compose(facts, period)
