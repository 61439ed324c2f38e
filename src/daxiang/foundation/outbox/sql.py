"""The outbox's SQL, beside its model. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

ENQUEUE = """
INSERT INTO outbox_delivery (id, channel, account, person, payload, dedup, created_at, not_before, expires_at)
SELECT * FROM unnest(
    %(ids)s::bytea[], %(channels)s::text[], %(accounts)s::text[], %(persons)s::bytea[], %(payloads)s::bytea[],
    %(dedups)s::bytea[], %(created)s::timestamptz[], %(not_before)s::timestamptz[], %(expires)s::timestamptz[]
) AS fresh (id, channel, account, person, payload, dedup, created_at, not_before, expires_at)
ORDER BY dedup
ON CONFLICT (dedup) DO NOTHING
RETURNING dedup
"""
"""What must not be sent twice is written once. Ordered, or two writers of the same rows would deadlock."""

CLAIM = """
WITH due AS (
    SELECT id FROM outbox_delivery AS one
    WHERE status = 'waiting' AND not_before <= %(now)s AND expires_at > %(now)s
        AND channel = ANY(%(channels)s::text[])
        AND (repeat_until IS NULL OR (tried_at <= %(now)s AND repeat_until > %(now)s))
        AND NOT EXISTS (
            SELECT 1 FROM outbox_delivery AS earlier
            WHERE earlier.account = one.account AND earlier.person = one.person AND earlier.id < one.id
                AND earlier.status IN ('waiting', 'sending'))
    ORDER BY not_before, id
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE outbox_delivery AS one
    SET status = 'sending', attempts = attempts + 1,
        lease_until = clock_timestamp() + make_interval(secs => %(lease_s)s),
        first_tried_at = coalesce(first_tried_at, %(now)s), tried_at = %(now)s
    FROM due WHERE one.id = due.id AND one.status = 'waiting'
    RETURNING one.id, one.channel, one.account, one.person, one.payload, one.attempts, one.tried_at,
        one.repeat_until, one.expires_at
), noted AS (
    INSERT INTO outbox_move (delivery, action, status, at)
    SELECT id, 'claim', 'sending', %(now)s::timestamptz FROM claimed
)
SELECT * FROM claimed ORDER BY id
"""
"""One attempt of each: a row that another worker holds is skipped, and of one person's only the earliest that
is still open is taken, so they arrive in order. What may have arrived is taken only while a repeat of it is
recognised."""

SETTLE = """
WITH fresh AS (
    SELECT * FROM unnest(
        %(ids)s::bytea[], %(attempts)s::int[], %(froms)s::text[], %(actions)s::text[], %(tos)s::text[],
        %(nexts)s::timestamptz[], %(untils)s::timestamptz[], %(codes)s::text[], %(rids)s::text[]
    ) AS fresh (id, attempts, was, action, goes, next_at, until, code, rid)
), settled AS (
    UPDATE outbox_delivery AS one
    SET status = fresh.goes, lease_until = NULL, code = fresh.code,
        rid = CASE WHEN fresh.rid = '' THEN one.rid ELSE fresh.rid END,
        not_before = CASE WHEN fresh.goes = 'waiting' THEN fresh.next_at ELSE one.not_before END,
        repeat_until = fresh.until,
        settled_at = CASE WHEN fresh.goes = 'waiting' THEN NULL ELSE %(now)s::timestamptz END
    FROM fresh
    WHERE one.id = fresh.id AND one.attempts = fresh.attempts AND one.status = fresh.was
    RETURNING one.id, fresh.action, fresh.goes, fresh.code
), noted AS (
    INSERT INTO outbox_move (delivery, action, status, at, code)
    SELECT id, action, goes, %(now)s, code FROM settled
)
SELECT id FROM settled
"""
"""Only who holds the attempt settles it: a row that has moved on since is left alone."""

ABANDONED = """
SELECT id, channel, attempts, coalesce(tried_at, first_tried_at), repeat_until FROM outbox_delivery
WHERE status = 'sending' AND lease_until < clock_timestamp()
ORDER BY lease_until LIMIT 500 FOR UPDATE SKIP LOCKED
"""
"""Attempts whose worker is gone: whether they arrived nobody knows."""

EXPIRE = """
WITH over AS (
    SELECT id, CASE WHEN repeat_until IS NULL THEN 'expire' ELSE 'lose' END AS action,
        CASE WHEN repeat_until IS NULL THEN 'expired' ELSE 'unknown' END AS goes
    FROM outbox_delivery
    WHERE status = 'waiting'
        AND (expires_at <= %(now)s OR repeat_until <= %(now)s
            OR (repeat_until IS NOT NULL AND tried_at > %(now)s))
    ORDER BY not_before LIMIT 500 FOR UPDATE SKIP LOCKED
), ended AS (
    UPDATE outbox_delivery AS one SET status = over.goes, settled_at = %(now)s
    FROM over WHERE one.id = over.id AND one.status = 'waiting'
    RETURNING one.id, over.action, over.goes
), noted AS (
    INSERT INTO outbox_move (delivery, action, status, at) SELECT id, action, goes, %(now)s FROM ended
)
SELECT count(*) FROM ended
"""
"""What is of no use any more; where an attempt may have arrived nobody can say that it has not."""

WITHDRAW = """
WITH theirs AS (
    SELECT id, status, CASE WHEN repeat_until IS NULL THEN 'expire' ELSE 'lose' END AS action,
        CASE WHEN repeat_until IS NULL THEN 'expired' ELSE 'unknown' END AS goes
    FROM outbox_delivery
    WHERE account = %(account)s AND person = %(person)s AND created_at <= %(until)s AND payload <> ''
    ORDER BY id FOR UPDATE
), ended AS (
    UPDATE outbox_delivery AS one SET payload = '', expires_at = least(one.expires_at, %(now)s),
        status = CASE WHEN theirs.status = 'waiting' THEN theirs.goes ELSE one.status END,
        settled_at = CASE WHEN theirs.status = 'waiting' THEN %(now)s ELSE one.settled_at END,
        code = CASE WHEN theirs.status = 'waiting' THEN %(code)s ELSE one.code END
    FROM theirs WHERE one.id = theirs.id
    RETURNING one.id, theirs.status AS was, theirs.action, theirs.goes
), noted AS (
    INSERT INTO outbox_move (delivery, action, status, at, code)
    SELECT id, action, goes, %(now)s, %(code)s FROM ended WHERE was = 'waiting'
)
SELECT count(*) FROM ended WHERE was = 'waiting'
"""
"""What waits for a person is ended, and no words and no address are kept of anything written for her. One
that is under way comes to its end; after that its time is over, so it is not tried again."""

SPENT = """
SELECT count(*) FROM outbox_delivery
WHERE account = %(account)s AND person = %(person)s AND channel = ANY(%(channels)s::text[]) AND id <> %(id)s
    AND tried_at >= %(since)s AND status IN ('sending', 'sent', 'unknown')
"""
"""How many a person was sent, or may have been, through any of these channels since a moment of business
time."""

COUNT_OPEN = """
SELECT channel, status, count(*), coalesce(extract(epoch FROM %(now)s - min(created_at)), 0)::float8
FROM outbox_delivery WHERE status IN ('waiting', 'sending', 'unknown') GROUP BY channel, status
"""

STATEMENTS = {
    "ENQUEUE": ENQUEUE,
    "CLAIM": CLAIM,
    "SETTLE": SETTLE,
    "ABANDONED": ABANDONED,
    "EXPIRE": EXPIRE,
    "WITHDRAW": WITHDRAW,
    "SPENT": SPENT,
    "COUNT_OPEN": COUNT_OPEN,
}
