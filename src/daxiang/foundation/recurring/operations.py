"""Whether an occasion is settled, and settling it: once, whoever comes first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

from daxiang.foundation.recurring.outcomes import Outcome
from daxiang.foundation.recurring.sql import FIND_OCCASION, SETTLE_OCCASION


def is_settled(
    connection: psycopg.Connection[Any], *, job: str, due_at: datetime, now: datetime, is_over: bool
) -> bool:
    """Whether there is nothing more to do: it was done, or it `is_over` and was found to be missed.

    A row from the future says that the clock was set back: then the work is due again when its hour comes.
    """
    row = connection.execute(FIND_OCCASION, {"job": job, "due_at": due_at}).fetchone()
    if row is None or row[1] > now:
        return False
    return is_over or row[0] == Outcome.DONE


def settle_occasion(
    connection: psycopg.Connection[Any],
    *,
    job: str,
    due_at: datetime,
    outcome: Outcome,
    many: int,
    now: datetime,
) -> bool:
    """Write down what came of it; False when somebody else has already."""
    row = {"job": job, "due_at": due_at, "outcome": outcome.value, "many": many, "now": now}
    return connection.execute(SETTLE_OCCASION, row).rowcount > 0
