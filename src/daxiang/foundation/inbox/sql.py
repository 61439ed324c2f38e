"""The inbox's hot SQL, beside its model. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

FIND_ANSWERS = """
SELECT identity, answer FROM inbox_message
WHERE (day, identity) IN (SELECT * FROM unnest(%(days)s::date[], %(identities)s::bytea[]))
"""
"""Stored answers of those messages that are known already (a platform's repeats)."""

KEEP_MESSAGES = """
INSERT INTO inbox_message (identity, day, account, kind, created_at, received_at, body, answer)
SELECT * FROM unnest(
    %(identities)s::bytea[], %(days)s::date[], %(accounts)s::text[], %(kinds)s::text[],
    %(created)s::timestamptz[], %(received)s::timestamptz[], %(bodies)s::bytea[], %(answers)s::bytea[]
) AS fresh (identity, day, account, kind, created_at, received_at, body, answer)
ORDER BY day, identity
ON CONFLICT (day, identity) DO NOTHING
RETURNING identity
"""
"""Message and answer become durable together. Rows are ordered by identity: two writers that hold the same
repeats in different orders would deadlock. What is not returned was kept by another process first: its
answer holds."""

COUNT_DAY = "SELECT account, count(*) FROM inbox_message WHERE day = %(day)s GROUP BY account"

STATEMENTS = {"FIND_ANSWERS": FIND_ANSWERS, "KEEP_MESSAGES": KEEP_MESSAGES, "COUNT_DAY": COUNT_DAY}
