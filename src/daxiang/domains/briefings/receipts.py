"""Who has read an edition, and understood what everybody must know; told by unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from daxiang.domains.briefings.operations import Cursor

WRITE_RECEIPT = """
INSERT INTO briefing_receipt AS known (edition, officer, read_at, understood_at)
VALUES (%(edition)s, %(officer)s, %(read_at)s, %(understood_at)s)
ON CONFLICT (edition, officer) DO UPDATE SET read_at = coalesce(known.read_at, excluded.read_at),
    understood_at = coalesce(known.understood_at, excluded.understood_at)
"""
"""The first time counts."""
FIND_RECEIPT = """
SELECT read_at, understood_at FROM briefing_receipt WHERE edition = %(edition)s AND officer = %(officer)s
"""
BY_UNIT = """
SELECT unit.id, unit.name, count(officer.id), count(receipt.read_at), count(receipt.understood_at)
FROM officer JOIN officer_unit AS unit ON unit.id = officer.unit
LEFT JOIN briefing_receipt AS receipt ON receipt.officer = officer.id AND receipt.edition = %(edition)s
WHERE officer.is_active GROUP BY unit.id, unit.name ORDER BY unit.id
"""
LAST_SENT = """
SELECT id FROM briefing_edition WHERE status IN ('sent', 'sending') AND day <= %(day)s
ORDER BY day DESC LIMIT 1
"""
"""One that is being sent may be on the telephones already: the platform's answer to us can be lost."""
LIST_SENT = """
SELECT edition.id, edition.day, edition.kind FROM briefing_edition AS edition
WHERE edition.status IN ('sent', 'sending') AND edition.day <= %(day)s
    AND (%(kind)s = '' OR edition.kind = %(kind)s) ORDER BY edition.day DESC LIMIT %(most)s
"""
STATEMENTS = {
    "WRITE_RECEIPT": WRITE_RECEIPT,
    "FIND_RECEIPT": FIND_RECEIPT,
    "BY_UNIT": BY_UNIT,
    "LAST_SENT": LAST_SENT,
    "LIST_SENT": LIST_SENT,
}


class Receipt(NamedTuple):
    """When an officer tapped 已读 and 明白了."""

    read_at: datetime | None
    understood_at: datetime | None


class UnitReceipts(NamedTuple):
    """How far a unit is, of its own officers."""

    unit: int
    name: str
    officers: int
    read: int
    understood: int


def mark_read(cursor: Cursor, edition: bytes, officer: int, *, now: datetime, understood: bool) -> None:
    """She has read it; `understood`: what everybody must know, too. Once more changes nothing."""
    moment = now if understood else None
    cursor.execute(
        WRITE_RECEIPT, {"edition": edition, "officer": officer, "read_at": now, "understood_at": moment}
    )


def receipt_of(cursor: Cursor, edition: bytes, officer: int) -> Receipt:
    """What an officer has said of an edition."""
    cursor.execute(FIND_RECEIPT, {"edition": edition, "officer": officer})
    row = cursor.fetchone()
    return Receipt(None, None) if row is None else Receipt(*row)


def by_unit(cursor: Cursor, edition: bytes) -> list[UnitReceipts]:
    """Of every unit that has officers."""
    cursor.execute(BY_UNIT, {"edition": edition})
    return [UnitReceipts(*row) for row in cursor.fetchall()]


def last_sent(cursor: Cursor, *, day: date) -> bytes | None:
    """The last edition that was sent, up to that day."""
    cursor.execute(LAST_SENT, {"day": day})
    row = cursor.fetchone()
    return None if row is None else bytes(row[0])


def sent_before(cursor: Cursor, *, day: date, most: int, kind: str = "") -> list[tuple[bytes, date]]:
    """The editions that were sent up to that day, the newest first; `kind` empty: of every kind."""
    cursor.execute(LIST_SENT, {"day": day, "most": most, "kind": kind})
    return [(bytes(row[0]), row[1]) for row in cursor.fetchall()]
