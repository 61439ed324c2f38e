"""The briefings' SQL. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

ADD_EDITION = """
INSERT INTO briefing_edition (id, day, kind, status, revision, digest, reviewer, deputy, due_at, created_at)
VALUES (%(id)s, %(day)s, %(kind)s, 'draft', 1, %(digest)s, %(reviewer)s, %(deputy)s, %(due_at)s, %(now)s)
"""

ADD_REVISION = """
INSERT INTO briefing_revision (edition, number, content, digest, author, at)
VALUES (%(id)s, %(number)s, %(content)s, %(digest)s, %(who)s, %(now)s)
"""

LOCK_EDITION = """
SELECT edition.status, edition.revision, edition.digest, edition.scheduled_for,
    (SELECT array_agg(DISTINCT one.who) FROM (
        SELECT author AS who FROM briefing_revision WHERE briefing_revision.edition = edition.id
        UNION ALL SELECT who FROM briefing_move
        WHERE briefing_move.edition = edition.id AND action = 'send_for_review') AS one)
FROM briefing_edition AS edition WHERE edition.id = %(id)s
FOR UPDATE OF edition
"""

READ_AUTHORS = """
SELECT author FROM briefing_revision WHERE edition = %(id)s
UNION SELECT who FROM briefing_move WHERE edition = %(id)s AND action = 'send_for_review'
"""
"""As in `LOCK_EDITION`: who must not approve it."""

OF_DAY = """
SELECT id, status, revision, (SELECT author FROM briefing_revision WHERE edition = id AND number = 1)
FROM briefing_edition WHERE day = %(day)s AND kind <> 'special' AND status <> 'withdrawn'
ORDER BY created_at
"""

MOVE_EDITION = """
UPDATE briefing_edition SET status = %(status)s,
    revision = %(revision)s, digest = %(digest)s,
    approved_revision = %(approved_revision)s, approved_digest = %(approved_digest)s,
    approved_by = CASE WHEN %(approved_digest)s::bytea IS NULL THEN NULL
        ELSE coalesce(%(approver)s, approved_by) END,
    scheduled_for = %(scheduled_for)s
WHERE id = %(id)s
"""

SET_REVIEW = """
UPDATE briefing_edition SET reviewer = %(reviewer)s, deputy = %(deputy)s
WHERE id = %(id)s AND status IN ('draft', 'in_review', 'approved') RETURNING id
"""

ADD_MOVE = """
INSERT INTO briefing_move (edition, action, status, revision, who, note, at)
VALUES (%(id)s, %(action)s, %(status)s, %(revision)s, %(who)s, %(note)s, %(now)s)
"""

READ_EDITION = """
SELECT edition.id, edition.day, edition.kind, edition.status, edition.revision, edition.digest,
    edition.approved_by, edition.scheduled_for, edition.reviewer, edition.deputy, edition.due_at, text.content
FROM briefing_edition AS edition
JOIN briefing_revision AS text ON text.edition = edition.id AND text.number = edition.revision
WHERE edition.id = %(id)s
"""

LIST_EDITIONS = """
SELECT id, day, kind, status, revision, digest, approved_by, scheduled_for, reviewer, deputy, due_at, NULL
FROM briefing_edition WHERE day BETWEEN %(first)s AND %(last)s
ORDER BY day DESC, created_at DESC, id LIMIT %(most)s
"""

LIST_MOVES = """
SELECT action, status, revision, who, note, at FROM briefing_move WHERE edition = %(id)s ORDER BY id
"""

READ_REVISION = (
    "SELECT content, author, at FROM briefing_revision WHERE edition = %(id)s AND number = %(number)s"
)

DUE_EDITIONS = """
SELECT id FROM briefing_edition WHERE status = 'scheduled' AND scheduled_for <= %(now)s
ORDER BY scheduled_for, id LIMIT %(most)s
"""

ADD_INCIDENTS = """
INSERT INTO briefing_incident AS known
    (source_key, kind, place, lon, lat, happened_at, severity, summary, imported_by, imported_at)
SELECT source_key, kind, place, lon, lat, happened_at, severity, summary, %(who)s, %(now)s
FROM unnest(
    %(keys)s::text[], %(kinds)s::text[], %(places)s::text[], %(lons)s::float8[], %(lats)s::float8[],
    %(moments)s::timestamptz[], %(severities)s::smallint[], %(summaries)s::text[]
) AS fresh (source_key, kind, place, lon, lat, happened_at, severity, summary)
ON CONFLICT (source_key) DO UPDATE SET kind = excluded.kind, place = excluded.place, lon = excluded.lon,
    lat = excluded.lat, happened_at = excluded.happened_at, severity = excluded.severity,
    summary = excluded.summary, imported_by = excluded.imported_by, imported_at = excluded.imported_at
WHERE (known.kind, known.place, known.lon, known.lat, known.happened_at, known.severity, known.summary)
    IS DISTINCT FROM (excluded.kind, excluded.place, excluded.lon, excluded.lat, excluded.happened_at,
    excluded.severity, excluded.summary)
RETURNING (xmax = 0)
"""
"""One row for each incident that is new or changed; the same file once more changes nothing."""

READ_INCIDENTS = """
SELECT source_key, kind, place, lon, lat, happened_at, severity, summary,
    ARRAY(SELECT medium FROM briefing_incident_photo WHERE incident = id ORDER BY medium)
FROM briefing_incident WHERE happened_at >= %(start)s AND happened_at < %(end)s ORDER BY happened_at, id
"""

CLAIM_SEND = """
SELECT edition.id, edition.status, edition.digest, edition.scheduled_for, text.content
FROM briefing_edition AS edition
JOIN briefing_revision AS text ON text.edition = edition.id AND text.number = edition.approved_revision
LEFT JOIN briefing_send AS send ON send.edition = edition.id
WHERE edition.scheduled_for <= %(now)s
    AND (edition.status = 'scheduled'
        OR (edition.status = 'sending' AND edition.scheduled_for > %(useful_since)s
            AND (send.lease_until IS NULL OR send.lease_until < clock_timestamp())))
ORDER BY edition.scheduled_for, edition.id
LIMIT 1 FOR UPDATE OF edition SKIP LOCKED
"""
"""An edition whose time has come, or whose worker is gone: leases run on PostgreSQL's clock."""

WRITE_SEND = """
INSERT INTO briefing_send AS send (edition, client_msg_id, attempts, lease_until, claimed_at)
VALUES (%(id)s, %(client_msg_id)s, 1, clock_timestamp() + make_interval(secs => %(lease_s)s), %(now)s)
ON CONFLICT (edition) DO UPDATE SET client_msg_id = excluded.client_msg_id, attempts = send.attempts + 1,
    lease_until = excluded.lease_until, claimed_at = excluded.claimed_at
RETURNING attempts
"""

HOLD_SEND = """
UPDATE briefing_send SET lease_until = clock_timestamp() + make_interval(secs => %(lease_s)s)
WHERE edition = %(id)s AND attempts = %(attempts)s AND accepted_at IS NULL
RETURNING edition
"""
"""Nothing comes back when another worker has taken it over: its number is a later one."""

SETTLE_SEND = """
UPDATE briefing_send SET lease_until = NULL, code = %(code)s,
    accepted_at = CASE WHEN %(msg_id)s::bigint IS NULL THEN NULL ELSE %(now)s::timestamptz END,
    msg_id = %(msg_id)s
WHERE edition = %(id)s AND (attempts = %(attempts)s OR %(msg_id)s::bigint IS NOT NULL)
    AND accepted_at IS NULL
RETURNING edition
"""
"""That the platform has it is true whoever learns it; that it has not, only for whoever holds it."""
