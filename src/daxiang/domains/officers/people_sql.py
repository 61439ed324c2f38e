"""The officers' SQL. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

LOCK_ROLL = "SELECT pg_advisory_xact_lock(7205)"
"""One import at a time."""

READ_ROLL = "SELECT mark, id, digest, is_active FROM officer"

READ_UNITS = "SELECT id, parent, kind, name, is_active FROM officer_unit ORDER BY id"

ADD_UNIT = """
INSERT INTO officer_unit (parent, kind, name) VALUES (%(parent)s, %(kind)s, %(name)s) RETURNING id
"""

ADD_OFFICERS = """
INSERT INTO officer AS known (mark, number, name, phone, unit, rank, digest)
SELECT * FROM unnest(%(marks)s::bytea[], %(numbers)s::bytea[], %(names)s::bytea[], %(phones)s::bytea[],
    %(units)s::bigint[], %(ranks)s::text[], %(digests)s::bytea[])
ON CONFLICT (mark) DO UPDATE SET number = excluded.number, name = excluded.name, phone = excluded.phone,
    unit = excluded.unit, rank = excluded.rank, digest = excluded.digest, is_active = true, left_at = NULL
"""

END_OFFICERS = """
WITH ended AS (
    UPDATE officer SET is_active = false, left_at = %(now)s, person = NULL, openid = NULL, bound_at = NULL
    WHERE id = ANY(%(ids)s::bigint[]) AND is_active RETURNING id
), codes AS (
    DELETE FROM officer_code WHERE officer = ANY(%(ids)s::bigint[])
), accounts AS (
    UPDATE staff SET is_active = false FROM ended WHERE staff.officer = ended.id AND staff.is_active
    RETURNING staff.name
), told AS (
    INSERT INTO audit_deed (who, deed, target, at) SELECT 'roll', 'ended', name, %(now)s FROM accounts
)
SELECT id FROM ended
"""
"""A leaver's tags stand in `officer_tag` with her openid until the worker has taken them off. Her account of
the console ends with her."""

FIND_BY_MARK = "SELECT id, is_active FROM officer WHERE mark = %(mark)s"

UNBOUND = """
SELECT id, mark, number, name FROM officer WHERE is_active AND person IS NULL
    AND (%(mark)s::bytea IS NULL OR mark = %(mark)s) ORDER BY id
"""

WRITE_CODES = """
INSERT INTO officer_code AS known (officer, digest, until)
SELECT officer, digest, %(until)s::timestamptz
FROM unnest(%(officers)s::bigint[], %(digests)s::bytea[]) AS fresh (officer, digest)
ON CONFLICT (officer) DO UPDATE SET digest = excluded.digest, until = excluded.until
"""

TAKE_CODE = """
DELETE FROM officer_code WHERE digest = %(digest)s AND until > %(now)s RETURNING officer
"""

BIND = """
UPDATE officer SET account = %(account)s, person = %(person)s, openid = %(openid)s, bound_at = %(now)s
WHERE id = %(officer)s AND is_active RETURNING id
"""

UNBIND_PERSON = """
UPDATE officer SET person = NULL, openid = NULL, bound_at = NULL
WHERE account = %(account)s AND person = %(person)s RETURNING id
"""

COUNT_TRIES = """
SELECT failures FROM officer_try WHERE account = %(account)s AND person = %(person)s AND failed_at > %(since)s
"""

COUNT_TRY = """
INSERT INTO officer_try AS known (account, person, failures, failed_at)
VALUES (%(account)s, %(person)s, 1, %(now)s)
ON CONFLICT (account, person) DO UPDATE SET failed_at = excluded.failed_at,
    failures = CASE WHEN known.failed_at > %(since)s THEN known.failures + 1 ELSE 1 END
"""

FORGET_TRIES = "DELETE FROM officer_try WHERE account = %(account)s AND person = %(person)s"

PURGE_TRIES = "DELETE FROM officer_try WHERE failed_at < %(before)s"

_COLUMNS = """officer.id, officer.mark, officer.number, officer.name, officer.phone, officer.rank,
    officer.unit, unit.name, officer.bound_at, officer.is_active"""

OF_PERSON = f"""
SELECT {_COLUMNS} FROM officer JOIN officer_unit AS unit ON unit.id = officer.unit
WHERE account = %(account)s AND person = %(person)s AND officer.is_active
"""  # noqa: S608 (a text of this file)

STAFF_OF_OFFICER = "SELECT name, roles FROM staff WHERE officer = %(officer)s AND is_active"

OF_IDS = f"""
SELECT {_COLUMNS} FROM officer JOIN officer_unit AS unit ON unit.id = officer.unit
WHERE officer.id = ANY(%(ids)s::bigint[])
"""  # noqa: S608

LIST_OFFICERS = f"""
SELECT {_COLUMNS} FROM officer JOIN officer_unit AS unit ON unit.id = officer.unit
WHERE (%(unit)s = 0 OR officer.unit = ANY(%(units)s::bigint[]))
    AND CASE %(state)s WHEN 'bound' THEN person IS NOT NULL
        WHEN 'unbound' THEN person IS NULL AND officer.is_active
        WHEN 'left' THEN NOT officer.is_active ELSE officer.is_active END
    AND (%(mark)s::bytea IS NULL OR mark = %(mark)s)
"""  # noqa: S608

COUNT_OFFICERS = f"SELECT count(*) FROM ({LIST_OFFICERS}) AS found"  # noqa: S608

COUNTS = "SELECT count(*) FILTER (WHERE is_active), count(person) FROM officer"

WANTED_TAGS = """
SELECT account, person, openid, unit FROM officer WHERE person IS NOT NULL AND account = %(account)s
"""

KNOWN_TAGS = "SELECT person, tag, openid FROM officer_tag WHERE account = %(account)s"

KEEP_TAGS = """
INSERT INTO officer_tag (account, person, tag, openid)
SELECT %(account)s, person, %(tag)s, openid
FROM unnest(%(persons)s::bytea[], %(openids)s::bytea[]) AS fresh (person, openid)
ON CONFLICT (account, person, tag) DO UPDATE SET openid = excluded.openid
"""

DROP_TAGS = """
DELETE FROM officer_tag WHERE account = %(account)s AND tag = %(tag)s AND person = ANY(%(persons)s::bytea[])
"""

STATEMENTS = {
    "READ_ROLL": READ_ROLL,
    "READ_UNITS": READ_UNITS,
    "ADD_UNIT": ADD_UNIT,
    "ADD_OFFICERS": ADD_OFFICERS,
    "END_OFFICERS": END_OFFICERS,
    "FIND_BY_MARK": FIND_BY_MARK,
    "UNBOUND": UNBOUND,
    "WRITE_CODES": WRITE_CODES,
    "TAKE_CODE": TAKE_CODE,
    "BIND": BIND,
    "UNBIND_PERSON": UNBIND_PERSON,
    "COUNT_TRIES": COUNT_TRIES,
    "COUNT_TRY": COUNT_TRY,
    "FORGET_TRIES": FORGET_TRIES,
    "PURGE_TRIES": PURGE_TRIES,
    "OF_PERSON": OF_PERSON,
    "STAFF_OF_OFFICER": STAFF_OF_OFFICER,
    "OF_IDS": OF_IDS,
    "COUNTS": COUNTS,
    "WANTED_TAGS": WANTED_TAGS,
    "KNOWN_TAGS": KNOWN_TAGS,
    "KEEP_TAGS": KEEP_TAGS,
    "DROP_TAGS": DROP_TAGS,
}
