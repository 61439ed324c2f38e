"""The client's SQL, beside its models. A test prepares each statement, on PostgreSQL 18 and on 15.

`clock_timestamp()` and not `now()`: a statement that waited for a row must judge leases by the time after the
wait. Business time is always a parameter.
"""

# ruff: noqa: S105 (names of statements about tokens, no secrets)
from __future__ import annotations

ENSURE_TOKEN = """
INSERT INTO wechat_token (account, kind, generation, is_stale, lease_number, failures)
VALUES (%(account)s, %(kind)s, 0, false, 0, 0) ON CONFLICT DO NOTHING
"""

READ_TOKEN = """
SELECT token, generation, is_stale, health,
    extract(epoch FROM expires_at - clock_timestamp())::float8 AS left_s
FROM wechat_token WHERE account = %(account)s AND kind = %(kind)s
"""

LEASE_TOKEN = """
UPDATE wechat_token
SET lease_number = lease_number + 1, lease_owner = %(owner)s,
    lease_until = clock_timestamp() + make_interval(secs => %(lease_s)s::float8)
WHERE account = %(account)s AND kind = %(kind)s
    AND (lease_until IS NULL OR lease_until <= clock_timestamp())
    AND (retry_at IS NULL OR retry_at <= clock_timestamp())
    AND (token IS NULL OR is_stale OR refresh_at <= clock_timestamp())
RETURNING lease_number, token
"""
"""At most one keeper gets the row; the number tells its lease from every other one."""

STORE_TOKEN = """
UPDATE wechat_token
SET token = %(token)s, generation = lease_number, is_stale = false, issued_at = clock_timestamp(),
    expires_at = clock_timestamp() + make_interval(secs => %(life_s)s::float8),
    refresh_at = clock_timestamp() + make_interval(secs => %(refresh_s)s::float8),
    lease_owner = NULL, lease_until = NULL,
    retry_at = clock_timestamp() + make_interval(secs => %(rest_s)s::float8),
    failures = 0, health = NULL, health_since = NULL
WHERE account = %(account)s AND kind = %(kind)s AND lease_number = %(number)s
RETURNING generation
"""
"""Compare and set: a keeper whose lease was taken over by another writes nothing, so an older token never
overwrites a newer one."""

FAIL_TOKEN = """
UPDATE wechat_token
SET lease_owner = NULL, lease_until = NULL, failures = failures + 1,
    retry_at = clock_timestamp() + make_interval(secs => coalesce(
        %(rest_s)s::float8, least(%(most_s)s::float8, %(first_s)s::float8 * 2.0 ^ least(failures, 20)))),
    health = %(health)s::int,
    health_since = CASE WHEN %(health)s::int IS NULL THEN NULL
        WHEN health IS NOT DISTINCT FROM %(health)s::int THEN health_since ELSE clock_timestamp() END
WHERE account = %(account)s AND kind = %(kind)s AND lease_number = %(number)s
RETURNING failures
"""

MARK_STALE = """
WITH marked AS (
    UPDATE wechat_token SET is_stale = true
    WHERE account = %(account)s AND kind = %(kind)s AND generation = %(generation)s AND NOT is_stale
    RETURNING account
)
SELECT pg_notify('wechat_token', account) FROM marked
"""
"""Only the very token that was refused: a newer one stays good."""

RETRY_NOW = """
UPDATE wechat_token SET retry_at = NULL, failures = 0, health = NULL, health_since = NULL
WHERE account = %(account)s
"""

TOKEN_HEALTH = """
SELECT account, kind, health, failures, generation, is_stale,
    extract(epoch FROM expires_at - clock_timestamp())::float8
FROM wechat_token ORDER BY account, kind
"""

GRANT = """
INSERT INTO wechat_quota AS held (account, path, span, starts_at, granted, last_grant)
VALUES (%(account)s, %(path)s, %(span)s, %(starts_at)s,
    least(%(wanted)s::int, %(most)s::int), least(%(wanted)s::int, %(most)s::int))
ON CONFLICT (account, path, span, starts_at) DO UPDATE
SET granted = held.granted + least(%(wanted)s::int, %(most)s::int - held.granted),
    last_grant = least(%(wanted)s::int, %(most)s::int - held.granted)
WHERE held.granted < %(most)s::int
RETURNING last_grant
"""
"""A chunk of calls for one process; no row when all are given out."""

READ_LIMITS = """
SELECT path, per_day, per_minute, stopped_until, stopped_code
FROM wechat_quota_limit WHERE account = %(account)s
"""

STOP_PATH = """
INSERT INTO wechat_quota_limit AS held (account, path, stopped_until, stopped_code)
VALUES (%(account)s, %(path)s, %(until)s, %(code)s)
ON CONFLICT (account, path) DO UPDATE
SET stopped_code = CASE WHEN held.stopped_until >= %(until)s THEN held.stopped_code ELSE %(code)s END,
    stopped_until = greatest(held.stopped_until, %(until)s)
"""

RESUME_PATH = """
UPDATE wechat_quota_limit SET stopped_until = NULL, stopped_code = NULL
WHERE account = %(account)s AND path = %(path)s
"""

LEARN_LIMIT = """
INSERT INTO wechat_quota_limit AS held (account, path, per_day, per_minute)
VALUES (%(account)s, %(path)s, %(per_day)s, %(per_minute)s)
ON CONFLICT (account, path) DO UPDATE
SET per_day = coalesce(%(per_day)s, held.per_day), per_minute = coalesce(%(per_minute)s, held.per_minute)
"""

COUNT_GRANTED = """
SELECT account, path, granted FROM wechat_quota WHERE span = 'day' AND starts_at = %(starts_at)s
"""

FORGET_QUOTA = """
DELETE FROM wechat_quota
WHERE (span = 'minute' AND starts_at < %(minutes_before)s) OR (span = 'day' AND starts_at < %(days_before)s)
"""

CLAIM_SIGN_IN = """
INSERT INTO wechat_sign_in AS held (account, digest, claimed_at)
VALUES (%(account)s, %(digest)s, clock_timestamp())
ON CONFLICT (account, digest) DO UPDATE SET claimed_at = clock_timestamp()
WHERE held.outcome IS NULL AND held.claimed_at < clock_timestamp() - interval '30 seconds'
RETURNING account
"""
"""Who claimed it half a minute ago and kept nothing is dead."""

READ_SIGN_IN = """
SELECT outcome FROM wechat_sign_in WHERE account = %(account)s AND digest = %(digest)s
"""

STORE_SIGN_IN = """
UPDATE wechat_sign_in SET outcome = %(outcome)s WHERE account = %(account)s AND digest = %(digest)s
"""

RELEASE_SIGN_IN = """
DELETE FROM wechat_sign_in WHERE account = %(account)s AND digest = %(digest)s AND outcome IS NULL
"""

FORGET_SIGN_INS = """
DELETE FROM wechat_sign_in WHERE claimed_at < clock_timestamp() - interval '1 day'
"""

FIND_MEDIA = """
SELECT media_id FROM wechat_media
WHERE account = %(account)s AND digest = %(digest)s
    AND uploaded_at > %(after)s AND uploaded_at <= %(now)s
"""

KEEP_MEDIA = """
INSERT INTO wechat_media AS held (account, digest, media_id, uploaded_at)
VALUES (%(account)s, %(digest)s, %(media_id)s, %(now)s)
ON CONFLICT (account, digest) DO UPDATE SET media_id = excluded.media_id, uploaded_at = excluded.uploaded_at
"""

DROP_MEDIA = """
DELETE FROM wechat_media
WHERE account = %(account)s AND digest = %(digest)s AND media_id = %(media_id)s
"""

FORGET_MEDIA = """
DELETE FROM wechat_media WHERE uploaded_at <= %(before)s
"""

STATEMENTS = {name: value for name, value in globals().items() if name.isupper() and isinstance(value, str)}
