"""The generations' SQL, beside its models. A test prepares each statement, on PostgreSQL 18 and on 15."""

from __future__ import annotations

LOCK_CITY = "SELECT pg_advisory_xact_lock(hashtextextended('restrictions:' || %(city)s::text, 0))"
"""Two editors who activate at once take turns, so that the history has no gap."""

STORE_GENERATION = """
INSERT INTO restrictions_generation (digest, city, content, stored_at)
VALUES (%(digest)s, %(city)s, %(content)s, %(at)s)
ON CONFLICT (digest) DO NOTHING
"""

FIND_ACTIVE = "SELECT digest, since FROM restrictions_active WHERE city = %(city)s"

SWITCH_ACTIVE = """
INSERT INTO restrictions_active (city, digest, since) VALUES (%(city)s, %(digest)s, %(at)s)
ON CONFLICT (city) DO UPDATE SET digest = excluded.digest, since = excluded.since
"""

NOTE_SWITCH = """
INSERT INTO restrictions_switch (city, before, after, at, by)
VALUES (%(city)s, %(before)s, %(digest)s, %(at)s, %(by)s)
"""

LIST_ACTIVE = "SELECT city, digest FROM restrictions_active"

FIND_CONTENT = "SELECT content FROM restrictions_generation WHERE digest = %(digest)s"

LIST_SWITCHES = """
SELECT at, before, after, by FROM restrictions_switch WHERE city = %(city)s ORDER BY id DESC LIMIT %(most)s
"""

STATEMENTS = {
    "LOCK_CITY": LOCK_CITY,
    "STORE_GENERATION": STORE_GENERATION,
    "FIND_ACTIVE": FIND_ACTIVE,
    "SWITCH_ACTIVE": SWITCH_ACTIVE,
    "NOTE_SWITCH": NOTE_SWITCH,
    "LIST_ACTIVE": LIST_ACTIVE,
    "FIND_CONTENT": FIND_CONTENT,
    "LIST_SWITCHES": LIST_SWITCHES,
}
