"""The inbox's hot SQL, beside its model. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

FIND_ANSWERS = """
SELECT identity, answer FROM inbox_message
WHERE (day, identity) IN (SELECT * FROM unnest(%(days)s::date[], %(identities)s::bytea[]))
"""
"""Stored answers of those messages that are known already (a platform's repeats)."""

KEEP_MESSAGES = """
INSERT INTO inbox_message (identity, day, account, kind, created_at, received_at, body, answer, generation)
SELECT * FROM unnest(
    %(identities)s::bytea[], %(days)s::date[], %(accounts)s::text[], %(kinds)s::text[],
    %(created)s::timestamptz[], %(received)s::timestamptz[], %(bodies)s::bytea[], %(answers)s::bytea[],
    %(generations)s::bytea[]
) AS fresh (identity, day, account, kind, created_at, received_at, body, answer, generation)
ORDER BY day, identity
ON CONFLICT (day, identity) DO NOTHING
RETURNING identity
"""
"""Message and answer become durable together. Rows are ordered by identity: two writers that hold the same
repeats in different orders would deadlock. What is not returned was kept by another process first: its
answer holds."""

COUNT_DAY = "SELECT account, count(*) FROM inbox_message WHERE day = %(day)s GROUP BY account"

CLAIM_DEFERRED = """
INSERT INTO inbox_deferred
    (day, identity, account, kind, lane, created_at, received_at, body, claimed_by, lease_until)
SELECT day, identity, account, kind, %(lane)s, created_at, received_at, body, %(owner)s,
    clock_timestamp() + make_interval(secs => %(lease_s)s)
FROM unnest(
    %(days)s::date[], %(identities)s::bytea[], %(accounts)s::text[], %(kinds)s::text[],
    %(created)s::timestamptz[], %(received)s::timestamptz[], %(bodies)s::bytea[]
) AS fresh (day, identity, account, kind, created_at, received_at, body)
ORDER BY day, identity
ON CONFLICT (day, identity) DO NOTHING
RETURNING identity
"""

DROP_ANSWERED = """
DELETE FROM inbox_deferred AS owed USING inbox_message AS kept
WHERE (owed.day, owed.identity) IN (SELECT * FROM unnest(%(days)s::date[], %(identities)s::bytea[]))
    AND kept.day = owed.day AND kept.identity = owed.identity AND owed.claimed_by = %(owner)s
RETURNING owed.identity
"""

DELETE_DEFERRED = """
DELETE FROM inbox_deferred
WHERE (day, identity) IN (SELECT * FROM unnest(%(days)s::date[], %(identities)s::bytea[]))
"""

TAKE_OVER = """
WITH over AS (
    SELECT day, identity FROM inbox_deferred
    WHERE lease_until < clock_timestamp() AND ended_at IS NULL AND lane = ANY(%(lanes)s::text[])
    ORDER BY lease_until LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
UPDATE inbox_deferred AS owed
SET claimed_by = %(owner)s, lease_until = clock_timestamp() + make_interval(secs => %(lease_s)s),
    tries = owed.tries + 1
FROM over WHERE owed.day = over.day AND owed.identity = over.identity
RETURNING owed.identity, owed.day, owed.account, owed.kind, owed.lane, owed.created_at, owed.received_at,
    owed.body, owed.tries
"""

END_DEFERRED = """
UPDATE inbox_deferred SET ended_at = %(now)s, reason = %(reason)s
WHERE day = %(day)s AND identity = %(identity)s AND claimed_by = %(owner)s AND ended_at IS NULL
RETURNING identity
"""
"""The message stays for a person to look at; `SET ended_at = NULL, tries = 0` has it tried again."""

COUNT_DEFERRED = """
SELECT lane, count(*), coalesce(extract(epoch FROM %(now)s - min(received_at)), 0)::float8
FROM inbox_deferred WHERE ended_at IS NULL GROUP BY lane
"""

COUNT_ENDED = """
SELECT lane, reason, count(*), coalesce(extract(epoch FROM %(now)s - min(received_at)), 0)::float8
FROM inbox_deferred WHERE ended_at IS NOT NULL GROUP BY lane, reason
"""

STATEMENTS = {
    "FIND_ANSWERS": FIND_ANSWERS,
    "KEEP_MESSAGES": KEEP_MESSAGES,
    "COUNT_DAY": COUNT_DAY,
    "CLAIM_DEFERRED": CLAIM_DEFERRED,
    "DROP_ANSWERED": DROP_ANSWERED,
    "DELETE_DEFERRED": DELETE_DEFERRED,
    "TAKE_OVER": TAKE_OVER,
    "END_DEFERRED": END_DEFERRED,
    "COUNT_DEFERRED": COUNT_DEFERRED,
    "COUNT_ENDED": COUNT_ENDED,
}
