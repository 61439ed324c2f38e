"""An officer's own links out of the chat: dead in half an hour, of no use to whoever they are forwarded to.

A link opens only in a browser that has proven to be the officer's: by a device cookie of hers, or by the last
four signs of her number, which makes that browser one of hers. Three wrong ones end the link.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import psycopg

from daxiang.domains.officers.people_queries import Cursor, Officer, officers_of_ids
from daxiang.foundation.sealing import Sealer

LINK_FOR = timedelta(minutes=30)
DEVICE_FOR = timedelta(days=30)
MOST_TRIES = 3
TAIL = 4
"""Signs of the number that are asked for."""

ADD_LINK = """
INSERT INTO officer_link (digest, officer, target, until)
VALUES (%(digest)s, %(officer)s, %(target)s, %(until)s)
"""
FIND_LINK = """
SELECT link.officer, link.target, link.until, link.tries FROM officer_link AS link
JOIN officer ON officer.id = link.officer AND officer.is_active AND officer.person IS NOT NULL
WHERE link.digest = %(digest)s AND link.until > %(now)s AND link.tries < %(most)s
"""
"""A leaver's links are dead at once."""
COUNT_LINK_TRY = "UPDATE officer_link SET tries = tries + 1 WHERE digest = %(digest)s"
ADD_DEVICE = """
INSERT INTO officer_device (digest, officer, until) VALUES (%(digest)s, %(officer)s, %(until)s)
"""
FIND_DEVICE = "SELECT officer FROM officer_device WHERE digest = %(digest)s AND until > %(now)s"
USE_LINK = """
DELETE FROM officer_link WHERE digest = %(digest)s AND until > %(now)s AND tries < %(most)s
RETURNING officer
"""
PURGE_LINKS = "DELETE FROM officer_link WHERE until < %(now)s"
PURGE_DEVICES = "DELETE FROM officer_device WHERE until < %(now)s"
STATEMENTS = {
    "ADD_LINK": ADD_LINK,
    "FIND_LINK": FIND_LINK,
    "COUNT_LINK_TRY": COUNT_LINK_TRY,
    "USE_LINK": USE_LINK,
    "ADD_DEVICE": ADD_DEVICE,
    "FIND_DEVICE": FIND_DEVICE,
    "PURGE_LINKS": PURGE_LINKS,
    "PURGE_DEVICES": PURGE_DEVICES,
}


class Opened(NamedTuple):
    """A link that holds. `is_proven`: this browser is the officer's."""

    officer: Officer
    target: bytes
    until: datetime
    is_proven: bool


def new_link(
    cursor: Cursor, *, officer: int, target: bytes, now: datetime, lasts: timedelta = LINK_FOR
) -> str:
    """A link of an officer's to something; what stands in its address."""
    token = secrets.token_urlsafe(24)
    parameters = {"digest": _digest(token), "officer": officer, "target": target, "until": now + lasts}
    cursor.execute(ADD_LINK, parameters)
    return token


def open_link(cursor: Cursor, token: str, *, device: str, sealer: Sealer, now: datetime) -> Opened | None:
    """The link behind an address; None for one that is unknown, over, of a leaver, or was guessed at."""
    cursor.execute(FIND_LINK, {"digest": _digest(token), "now": now, "most": MOST_TRIES})
    row = cursor.fetchone()
    if row is None:
        return None
    officer, target, until, _ = row
    cursor.execute(FIND_DEVICE, {"digest": _digest(device), "now": now})
    known = cursor.fetchone()
    held = officers_of_ids(cursor, [officer], sealer=sealer)[officer]
    return Opened(held, bytes(target), until, known is not None and known[0] == officer)


def use_link(cursor: Cursor, token: str, *, now: datetime) -> bool:
    """End a link by the one act that it is for; False where another request was first, or it is over."""
    cursor.execute(USE_LINK, {"digest": _digest(token), "now": now, "most": MOST_TRIES})
    return cursor.fetchone() is not None


def prove(cursor: Cursor, token: str, tail: str, *, sealer: Sealer, now: datetime) -> str | None:
    """The secret of a device for who knows the officer's number; None for a wrong one, which is counted."""
    opened = open_link(cursor, token, device="", sealer=sealer, now=now)
    if opened is None:
        return None
    wanted = opened.officer.number[-TAIL:].upper().encode()
    if not hmac.compare_digest(wanted, tail.strip().upper().encode()):
        cursor.execute(COUNT_LINK_TRY, {"digest": _digest(token)})
        return None
    device = secrets.token_urlsafe(32)
    cursor.execute(
        ADD_DEVICE, {"digest": _digest(device), "officer": opened.officer.id, "until": now + DEVICE_FOR}
    )
    return device


def purge_links(connection: psycopg.Connection[Any], *, now: datetime) -> int:
    """Drop what is over; how many rows."""
    many = connection.execute(PURGE_LINKS, {"now": now}).rowcount
    return many + connection.execute(PURGE_DEVICES, {"now": now}).rowcount


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
