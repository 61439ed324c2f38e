"""The residents' SQL, beside its model. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

READ_STATES = """
SELECT talk.talk, cars.cars, cars.marks, evening.person IS NOT NULL
FROM unnest(%(accounts)s::text[], %(persons)s::bytea[]) WITH ORDINALITY AS asked (account, person, place)
LEFT JOIN resident_talk AS talk ON talk.account = asked.account AND talk.person = asked.person
LEFT JOIN resident_evening AS evening
    ON evening.account = asked.account AND evening.person = asked.person
LEFT JOIN LATERAL (
    SELECT array_agg(one.car ORDER BY one.remembered_at, one.mark) AS cars,
        array_agg(one.mark ORDER BY one.remembered_at, one.mark) AS marks
    FROM resident_car AS one WHERE one.account = asked.account AND one.person = asked.person
) AS cars ON true
ORDER BY asked.place
"""
"""All that an answer may rest on of many people at once, in the order in which they were asked for."""

WRITE_TALKS = """
INSERT INTO resident_talk AS known (account, person, talk, at)
SELECT DISTINCT ON (fresh.account, fresh.person) fresh.account, fresh.person, fresh.talk, fresh.at
FROM unnest(
    %(accounts)s::text[], %(persons)s::bytea[], %(talks)s::bytea[], %(moments)s::timestamptz[],
    %(days)s::date[], %(identities)s::bytea[]
) WITH ORDINALITY AS fresh (account, person, talk, at, day, identity, place)
JOIN inbox_message AS kept ON kept.day = fresh.day AND kept.identity = fresh.identity
WHERE kept.xmin = pg_current_xact_id()::xid
ORDER BY fresh.account, fresh.person, fresh.place DESC
ON CONFLICT (account, person) DO UPDATE SET talk = excluded.talk, at = excluded.at
WHERE excluded.at >= known.at OR known.at > excluded.at + interval '1 hour'
"""
"""Along with the messages that they come from: only of those that this very transaction has kept, because a
repeat was answered out of another talk; of each person the last of the batch. A later message's talk stands;
one from far ahead does not (the clock was set back). Rows are ordered by their key, or two writers would
deadlock."""

WRITE_TALK = """
INSERT INTO resident_talk AS known (account, person, talk, at)
VALUES (%(account)s, %(person)s, %(talk)s, %(at)s)
ON CONFLICT (account, person) DO UPDATE SET talk = excluded.talk, at = excluded.at
WHERE excluded.at >= known.at OR known.at > excluded.at + interval '1 hour'
"""

LOCK_CARS = "SELECT mark FROM resident_car WHERE account = %(account)s AND person = %(person)s FOR UPDATE"

REMEMBER_CAR = """
INSERT INTO resident_car (account, person, mark, car, remembered_at, consent)
VALUES (%(account)s, %(person)s, %(mark)s, %(car)s, %(now)s, %(consent)s)
ON CONFLICT (account, person, mark) DO UPDATE SET car = excluded.car,
    remembered_at = excluded.remembered_at, consent = excluded.consent
"""

FORGET_CAR = """
DELETE FROM resident_car WHERE account = %(account)s AND person = %(person)s AND mark = %(mark)s
"""

FORGET_CARS = "DELETE FROM resident_car WHERE account = %(account)s AND person = %(person)s"
FORGET_TALK = "DELETE FROM resident_talk WHERE account = %(account)s AND person = %(person)s"
FORGET_AWAITED = "DELETE FROM resident_awaited WHERE account = %(account)s AND person = %(person)s"

EVENING_ON = """
INSERT INTO resident_evening (account, person, since) VALUES (%(account)s, %(person)s, %(now)s)
ON CONFLICT (account, person) DO NOTHING
"""

EVENING_OFF = "DELETE FROM resident_evening WHERE account = %(account)s AND person = %(person)s"

COUNT_WAITING = """
SELECT count(*) FROM resident_message
WHERE account = %(account)s AND person = %(person)s AND state <> 'closed'
    AND left_at > %(since)s AND left_at <= %(now)s
"""

LEAVE_MESSAGE = """
INSERT INTO resident_message (id, account, person, words, left_at)
VALUES (%(id)s, %(account)s, %(person)s, %(words)s, %(now)s)
RETURNING number
"""

UNLINK_MESSAGES = """
UPDATE resident_message SET person = NULL, delivery = NULL WHERE account = %(account)s AND person = %(person)s
"""

OWN_MESSAGES = """
SELECT number, state = 'new' AND seen_at IS NULL FROM resident_message
WHERE account = %(account)s AND person = %(person)s ORDER BY number
"""
"""Everything that is still kept, with whether nobody inside has seen it."""

TAKE_BACK = """
DELETE FROM resident_message
WHERE account = %(account)s AND person = %(person)s AND number = %(number)s
    AND state = 'new' AND seen_at IS NULL
RETURNING number
"""
"""Whoever is showing it at this moment holds its row; then it is seen, and stays."""

SEE_MESSAGES = """
UPDATE resident_message SET seen_at = %(now)s WHERE number = ANY(%(numbers)s::bigint[]) AND seen_at IS NULL
"""

PURGE_MESSAGES = "DELETE FROM resident_message WHERE state = 'closed' AND closed_at < %(before)s"

AWAIT = """
INSERT INTO resident_awaited (id, account, person, places, day, asked_at)
VALUES (%(id)s, %(account)s, %(person)s, %(places)s, %(day)s, %(now)s)
"""

PURGE_TALKS = "DELETE FROM resident_talk WHERE at < %(before)s"

WITH_EVENING = """
SELECT evening.account, evening.person, cars.cars, cars.marks
FROM resident_evening AS evening
CROSS JOIN LATERAL (
    SELECT array_agg(one.car ORDER BY one.remembered_at, one.mark) AS cars,
        array_agg(one.mark ORDER BY one.remembered_at, one.mark) AS marks
    FROM resident_car AS one WHERE one.account = evening.account AND one.person = evening.person
) AS cars
WHERE (evening.account, evening.person) > (%(account)s, %(person)s)
ORDER BY evening.account, evening.person LIMIT %(most)s
"""
"""Those who asked for the evening notice, page by page in the order of their key."""

LIST_MESSAGES = """
SELECT id, number, left_at, words, state FROM resident_message
WHERE (%(before)s::bigint IS NULL OR number < %(before)s::bigint)
    AND CASE %(which)s::text
        WHEN 'open' THEN state <> 'closed' AND answered_at IS NULL
        WHEN 'mine' THEN state = 'taken' AND taken_by = %(who)s::text
        WHEN 'closed' THEN state = 'closed'
        ELSE true END
ORDER BY number DESC LIMIT %(most)s FOR NO KEY UPDATE
"""
"""Held until they are marked as seen, so that none is taken back between."""

FIND_MESSAGE = """
SELECT id, number, left_at, words, state FROM resident_message WHERE number = %(number)s FOR NO KEY UPDATE
"""

HOLD_MESSAGE = """
SELECT id, account, person, state, taken_by FROM resident_message WHERE number = %(number)s FOR NO KEY UPDATE
"""

MOVE_MESSAGE = """
UPDATE resident_message
SET state = %(state)s, taken_by = %(taken_by)s, seen_at = coalesce(seen_at, %(now)s),
    taken_at = CASE WHEN %(state)s = 'new' THEN NULL ELSE coalesce(taken_at, %(now)s) END,
    closed_at = CASE WHEN %(state)s = 'closed' THEN %(now)s::timestamptz END
WHERE number = %(number)s
"""

ANSWER_MESSAGE = """
UPDATE resident_message
SET state = 'taken', taken_by = coalesce(taken_by, %(who)s), taken_at = coalesce(taken_at, %(now)s),
    seen_at = coalesce(seen_at, %(now)s), answer = %(answer)s, answered_at = %(now)s, delivery = %(delivery)s
WHERE number = %(number)s
"""

COUNT_OVERDUE = """
SELECT count(*) FROM resident_message
WHERE state <> 'closed' AND left_at < %(before)s AND answered_at IS NULL
"""

READ_CASES = """
SELECT message.id, number, left_at, words, state, taken_by, answer, answered_at, delivery.status
FROM resident_message AS message LEFT JOIN outbox_delivery AS delivery ON delivery.dedup = message.delivery
WHERE number = ANY(%(numbers)s::bigint[]) FOR NO KEY UPDATE OF message
"""

STATEMENTS = {
    "HOLD_MESSAGE": HOLD_MESSAGE,
    "MOVE_MESSAGE": MOVE_MESSAGE,
    "ANSWER_MESSAGE": ANSWER_MESSAGE,
    "COUNT_OVERDUE": COUNT_OVERDUE,
    "READ_CASES": READ_CASES,
    "READ_STATES": READ_STATES,
    "WRITE_TALKS": WRITE_TALKS,
    "WRITE_TALK": WRITE_TALK,
    "LOCK_CARS": LOCK_CARS,
    "REMEMBER_CAR": REMEMBER_CAR,
    "FORGET_CAR": FORGET_CAR,
    "FORGET_CARS": FORGET_CARS,
    "FORGET_TALK": FORGET_TALK,
    "FORGET_AWAITED": FORGET_AWAITED,
    "EVENING_ON": EVENING_ON,
    "EVENING_OFF": EVENING_OFF,
    "COUNT_WAITING": COUNT_WAITING,
    "LEAVE_MESSAGE": LEAVE_MESSAGE,
    "UNLINK_MESSAGES": UNLINK_MESSAGES,
    "OWN_MESSAGES": OWN_MESSAGES,
    "TAKE_BACK": TAKE_BACK,
    "SEE_MESSAGES": SEE_MESSAGES,
    "PURGE_MESSAGES": PURGE_MESSAGES,
    "AWAIT": AWAIT,
    "PURGE_TALKS": PURGE_TALKS,
    "WITH_EVENING": WITH_EVENING,
    "LIST_MESSAGES": LIST_MESSAGES,
    "FIND_MESSAGE": FIND_MESSAGE,
}
