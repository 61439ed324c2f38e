"""What was sent long ago goes, with its history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

PURGE = """
WITH old AS (
    SELECT id FROM outbox_delivery
    WHERE status IN ('sent', 'refused', 'expired') AND settled_at < %(before)s
    ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM outbox_delivery AS one USING old WHERE one.id = old.id RETURNING one.id
), moves AS (
    DELETE FROM outbox_move USING gone WHERE delivery = gone.id
)
SELECT count(*) FROM gone
"""
"""One whose outcome nobody knows stays until a person has looked."""
MOST = 5000


def purge_deliveries(connection: psycopg.Connection[Any], *, before: datetime) -> int:
    """Drop up to `MOST` deliveries that came to a certain end before that moment; how many."""
    [(count,)] = connection.execute(PURGE, {"before": before, "most": MOST}).fetchall()
    return int(count)
