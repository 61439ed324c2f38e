"""Whether an occasion is settled, and settling it: once, whoever comes first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

from daxiang.foundation.recurring.outcomes import Outcome
from daxiang.foundation.recurring.sql import FIND_OCCASION, SETTLE_OCCASION


def is_settled(connection: psycopg.Connection[Any], *, job: str, due_at: datetime) -> bool:
    """Whether somebody has done it, or has found that it was missed."""
    asked = {"job": job, "due_at": due_at}
    return connection.execute(FIND_OCCASION, asked).fetchone() is not None


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
