"""The occasions' SQL, beside its model. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

FIND_OCCASION = """
SELECT outcome, settled_at FROM recurring_occasion WHERE job = %(job)s AND due_at = %(due_at)s
"""

SETTLE_OCCASION = """
INSERT INTO recurring_occasion AS held (job, due_at, settled_at, outcome, many)
VALUES (%(job)s, %(due_at)s, %(now)s, %(outcome)s, %(many)s)
ON CONFLICT (job, due_at) DO UPDATE
SET settled_at = excluded.settled_at, outcome = excluded.outcome, many = excluded.many
WHERE (held.outcome = 'missed' AND excluded.outcome = 'done') OR held.settled_at > excluded.settled_at
"""
"""The first stands; but what was missed may be done after all when the clock was set back, and what was
settled "later" is settled anew."""

STATEMENTS = {"FIND_OCCASION": FIND_OCCASION, "SETTLE_OCCASION": SETTLE_OCCASION}
