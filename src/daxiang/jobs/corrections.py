"""A correction of an edition reaches those whose window is open; the others read it on the page, and first
thing in the next edition.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import psycopg
import structlog

from daxiang.foundation.outbox.operations import enqueuing
from daxiang.foundation.sealing import Sealer
from daxiang.jobs.rounds import rounds
from daxiang.jobs.to_officers import delivery_to, has_window
from daxiang.kernel.clock import Clock

log = structlog.get_logger()
EVERY_S = 1.0
MOST = 500
"""Told in one transaction."""
TOLD_WITHIN = timedelta(hours=24)
"""An older one leads an edition already."""
USEFUL_FOR = timedelta(hours=2)

OPEN = """
SELECT one.id, one.words, one.told_through, edition.day FROM briefing_correction AS one
JOIN briefing_edition AS edition ON edition.id = one.edition
WHERE one.approved_at > %(since)s AND one.told_at IS NULL ORDER BY one.id LIMIT 1
FOR UPDATE OF one SKIP LOCKED
"""
NEXT = """
SELECT officer.id, officer.account, officer.person, officer.openid, contact.last_message_at,
    contact.last_click_at
FROM officer LEFT JOIN wechat_contact AS contact
    ON contact.account = officer.account AND contact.person = officer.person
    AND (contact.unfollowed_at IS NULL
        OR contact.unfollowed_at < greatest(contact.followed_at, contact.last_message_at))
WHERE officer.id > %(after)s AND officer.is_active AND officer.person IS NOT NULL
ORDER BY officer.id LIMIT %(most)s
"""
GO_ON = """
UPDATE briefing_correction SET told_through = %(through)s, told = told + %(told)s,
    told_at = CASE WHEN %(is_last)s THEN %(now)s::timestamptz END
WHERE id = %(id)s
"""
STATEMENTS = {"OPEN": OPEN, "NEXT": NEXT, "GO_ON": GO_ON}


class _Open(NamedTuple):
    id: int
    words: str
    through: int
    day: date


class CorrectionSending:
    """Tells approved corrections until it is told to stop. Several workers may run it at once."""

    def __init__(self, *, url: str, clock: Clock, sealer: Sealer) -> None:
        self._url = url
        self._clock = clock
        self._sealer = sealer

    async def run(self, stop: asyncio.Event) -> None:
        await rounds(self.round, stop, every_s=EVERY_S, waits="corrections_wait")

    def round(self) -> int:
        """Tell all that is open; how many messages were handed over."""
        told = 0
        with psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-corrections"
        ) as connection:
            while (many := self._some(connection)) is not None:
                told += many
        return told

    def _some(self, connection: psycopg.Connection[Any]) -> int | None:
        """The next officers of the first open correction, in one transaction with how far it has come."""
        now = self._clock.now()
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(OPEN, {"since": now - TOLD_WITHIN})
            row = cursor.fetchone()
            if row is None:
                return None
            one = _Open(*row)
            cursor.execute(NEXT, {"after": one.through, "most": MOST})
            rows = cursor.fetchall()
            words = f"更正{one.day.month}月{one.day.day}日的简报：{one.words}\n回“今日”看全文。"
            held = [self._delivery(one, officer, words, now) for officer in rows]
            deliveries = [delivery for delivery in held if delivery is not None]
            if deliveries:
                cursor.execute(*enqueuing(deliveries, self._sealer))
            is_last = len(rows) < MOST
            through = rows[-1][0] if rows else one.through
            going_on = {"through": through, "told": len(deliveries), "is_last": is_last, "now": now}
            cursor.execute(GO_ON, {**going_on, "id": one.id})
        if is_last:
            log.info("correction_told", count=len(deliveries))
        return len(deliveries)

    def _delivery(self, one: _Open, officer: tuple[Any, ...], words: str, now: datetime) -> Any:
        ident, account, person, openid, last_message_at, last_click_at = officer
        if not has_window(last_message_at, last_click_at, now):
            return None
        mark = hashlib.sha256(f"correction:{one.id}:{ident}".encode()).digest()
        return delivery_to(
            account,
            person,
            openid,
            words,
            mark=mark,
            useful_for=USEFUL_FOR,
            sealer=self._sealer,
            now=now,
        )
