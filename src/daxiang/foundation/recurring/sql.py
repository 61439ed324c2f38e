"""The occasions' SQL, beside its model. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

FIND_OCCASION = "SELECT outcome FROM recurring_occasion WHERE job = %(job)s AND due_at = %(due_at)s"

SETTLE_OCCASION = """
INSERT INTO recurring_occasion (job, due_at, settled_at, outcome, many)
VALUES (%(job)s, %(due_at)s, %(now)s, %(outcome)s, %(many)s)
ON CONFLICT (job, due_at) DO NOTHING
"""

STATEMENTS = {"FIND_OCCASION": FIND_OCCASION, "SETTLE_OCCASION": SETTLE_OCCASION}
