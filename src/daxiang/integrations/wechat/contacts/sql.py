"""The contacts' hot SQL, beside its model. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

TOUCH_CONTACTS = """
INSERT INTO wechat_contact AS known
    (account, person, openid, followed_at, unfollowed_at, last_message_at, last_click_at, last_click_kind)
SELECT * FROM unnest(
    %(accounts)s::text[], %(persons)s::bytea[], %(openids)s::bytea[], %(followed)s::timestamptz[],
    %(unfollowed)s::timestamptz[], %(messages)s::timestamptz[], %(clicks)s::timestamptz[],
    %(click_kinds)s::text[]
) AS fresh
    (account, person, openid, followed_at, unfollowed_at, last_message_at, last_click_at, last_click_kind)
ORDER BY account, person
ON CONFLICT (account, person) DO UPDATE SET
    followed_at = greatest(known.followed_at, excluded.followed_at),
    unfollowed_at = greatest(known.unfollowed_at, excluded.unfollowed_at),
    last_message_at = greatest(known.last_message_at, excluded.last_message_at),
    last_click_at = greatest(known.last_click_at, excluded.last_click_at),
    last_click_kind = CASE
        WHEN excluded.last_click_at > known.last_click_at OR known.last_click_at IS NULL
        THEN excluded.last_click_kind ELSE known.last_click_kind END,
    openid = CASE
        WHEN known.openid IS NULL AND excluded.followed_at > known.forgotten_at
        THEN excluded.openid ELSE known.openid END
"""
"""Moments move forward only, so a repeat changes nothing (greatest ignores nulls). Rows are ordered by their
key: two writers that touch the same people in different orders would deadlock."""

FORGET_CONTACT = """
INSERT INTO wechat_contact AS known (account, person, forgotten_at)
VALUES (%(account)s, %(person)s, %(at)s)
ON CONFLICT (account, person) DO UPDATE SET
    openid = CASE
        WHEN known.followed_at > excluded.forgotten_at THEN known.openid END,
    forgotten_at = greatest(known.forgotten_at, excluded.forgotten_at)
RETURNING openid IS NULL
"""
"""Consent withdrawn: who it was goes, what the platform's rules need (moments by blind index) stays."""

FIND_MOMENTS = """
SELECT last_message_at, last_click_at FROM wechat_contact
WHERE account = %(account)s AND person = %(person)s
    AND (unfollowed_at IS NULL OR unfollowed_at < greatest(followed_at, last_message_at))
"""
"""When a person last opened a window; none for who has left."""

FIND_OPENID = "SELECT openid FROM wechat_contact WHERE account = %(account)s AND person = %(person)s"

STATEMENTS = {
    "TOUCH_CONTACTS": TOUCH_CONTACTS,
    "FORGET_CONTACT": FORGET_CONTACT,
    "FIND_MOMENTS": FIND_MOMENTS,
    "FIND_OPENID": FIND_OPENID,
}
