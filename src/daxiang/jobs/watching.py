"""What raises alarms by looking: the briefing before its time, its result, the roster, the unreached.

Each look is a question with its alarm's key; when the reason is gone the alarm closes by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
import structlog

from daxiang.domains.briefings.content import from_bytes
from daxiang.domains.briefings.gate import checked, stops
from daxiang.domains.briefings.times import DUE_BY, GOES_AT
from daxiang.domains.briefings.workflow import Status
from daxiang.domains.duty.roster import AHEAD, gaps, shifts_between
from daxiang.domains.officers.people_queries import counts
from daxiang.foundation.alarms.operations import close_alarm, raise_alarm
from daxiang.jobs.rounds import rounds
from daxiang.kernel.clock import SHANGHAI, Clock

log = structlog.get_logger()
EVERY_S = 5.0
CHECKS = (timedelta(minutes=60), timedelta(minutes=5))
"""Before it goes."""
RESULT_WITHIN = timedelta(minutes=15)
"""The platform's report of a mass message must have come by then."""
HEAD = "值班领导"
_MACHINE = "系统"

OF_DAY = """
SELECT id, status, reviewer, deputy, due_at, scheduled_for FROM briefing_edition
WHERE day = %(day)s AND kind <> 'special' AND status <> 'withdrawn' ORDER BY created_at DESC
"""
TEXT_OF = """
SELECT text.content FROM briefing_edition AS edition
JOIN briefing_revision AS text ON text.edition = edition.id AND text.number = edition.revision
WHERE edition.id = %(id)s
"""
NO_RESULT = """
SELECT edition.id, edition.day, one.accepted_at, coalesce(report.status, '') FROM briefing_send AS one
JOIN briefing_edition AS edition ON edition.id = one.edition
LEFT JOIN briefing_result AS report ON report.msg_id = one.msg_id
WHERE one.accepted_at IS NOT NULL AND one.accepted_at > %(since)s
"""


GONE = """
SELECT count(*) FROM officer JOIN wechat_contact AS contact
    ON contact.account = officer.account AND contact.person = officer.person
WHERE officer.is_active AND contact.unfollowed_at IS NOT NULL
    AND contact.unfollowed_at >= greatest(contact.followed_at, contact.last_message_at)
"""
"""Bound, and unreachable all the same."""


class Watching:
    """Looks every few seconds; several workers may, an alarm is raised once."""

    def __init__(self, *, url: str, clock: Clock, channels: Sequence[str]) -> None:
        self._url = url
        self._clock = clock
        self._channels = channels

    async def run(self, stop: asyncio.Event) -> None:
        await rounds(self.round, stop, every_s=EVERY_S, waits="watching_waits")

    def round(self) -> None:
        """One look at everything, each in a transaction of its own."""
        now = self._clock.now()
        with psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="daxiang-watching"
        ) as connection:
            for look in (self.briefing, self.results, self.roster, self.reach):
                with connection.transaction(), connection.cursor() as cursor:
                    look(cursor, now)

    def briefing(self, cursor: psycopg.Cursor[Any], now: datetime) -> None:
        """07:30 without approval; 08:00 with nothing scheduled; and the checks before it goes."""
        day = now.astimezone(SHANGHAI).date()
        goes_at = datetime.combine(day, GOES_AT, SHANGHAI)
        gate = datetime.combine(day, DUE_BY, SHANGHAI)
        cursor.execute(OF_DAY, {"day": day})
        rows = cursor.fetchall()
        ready = [row for row in rows if row[1] in (Status.SCHEDULED, Status.SENDING, Status.SENT)]
        approved = [row for row in rows if row[1] == Status.APPROVED]
        key = f"briefing-gate-{day}"
        if ready or now < gate:
            close_alarm(cursor, key=key, who=_MACHINE, now=now)
        elif now < goes_at + timedelta(hours=4):
            first = rows[0] if rows else None
            owner = "、".join([one for one in (first or ("",) * 4)[2:4] if one] + [HEAD])
            words = f"{day.month}月{day.day}日的简报到7:30还没有审定，8:00不会发出。"
            if approved:
                words = f"{day.month}月{day.day}日的简报审定了，但没有定时，8:00不会发出。"
            self._raise(cursor, key, "briefing_not_approved", words, owner, now)
        for row in ready:
            if row[1] == Status.SCHEDULED and row[5] is not None:
                self._checked(cursor, bytes(row[0]), row[5], day=day, now=now)

    def _checked(
        self, cursor: psycopg.Cursor[Any], edition: bytes, goes_at: datetime, *, day: Any, now: datetime
    ) -> None:
        """What stands in the way of a scheduled edition, an hour and five minutes before it goes."""
        if now < goes_at - max(CHECKS):
            return
        which = "5" if now >= goes_at - min(CHECKS) else "60"
        cursor.execute(TEXT_OF, {"id": edition})
        row = cursor.fetchone()
        found = [] if row is None else stops(checked(cursor, from_bytes(bytes(row[0])), day=day))
        key = f"briefing-check-{edition.hex()}-{which}"
        if found:
            words = f"发前{which}分钟检查没过：{found[0].where}，{found[0].says}（共{len(found)}项）"
            self._raise(cursor, key, "briefing_check", words, f"编辑、{HEAD}", now)
        else:
            close_alarm(cursor, key=key, who=_MACHINE, now=now)

    def results(self, cursor: psycopg.Cursor[Any], now: datetime) -> None:
        """The platform's own report of what it took: late, or other than success."""
        cursor.execute(NO_RESULT, {"since": now - timedelta(days=1)})
        for edition, day, accepted_at, result in cursor.fetchall():
            key = f"briefing-result-{bytes(edition).hex()}"
            if result == "send success":
                close_alarm(cursor, key=key, who=_MACHINE, now=now)
            elif result:
                words = f"{day.month}月{day.day}日的简报：平台说没有发成（{result}）。"
                self._raise(cursor, key, "briefing_result", words, f"运维、{HEAD}", now)
            elif now > accepted_at + RESULT_WITHIN:
                words = f"{day.month}月{day.day}日的简报：平台收下15分钟了，还没有回执。"
                self._raise(cursor, key, "briefing_result", words, "运维", now)

    def roster(self, cursor: psycopg.Cursor[Any], now: datetime) -> None:
        """Gaps of the coming seven days: one alarm, with the first of them."""
        found = gaps(shifts_between(cursor, start=now, end=now + AHEAD), start=now, end=now + AHEAD)
        key = "roster-gap"
        if not found:
            close_alarm(cursor, key=key, who=_MACHINE, now=now)
            return
        first = min(found, key=lambda one: one.start)
        at = first.start.astimezone(SHANGHAI)
        what = "没有人带班" if first.only_lead else "没有人"
        words = (
            f"{first.post} {at.month}月{at.day}日{at.hour}:{at.minute:02}起{what}（7天里共{len(found)}处）。"
        )
        self._raise(cursor, key, "roster_gap", words, "排班", now)

    def reach(self, cursor: psycopg.Cursor[Any], now: datetime) -> None:
        """Officers whom the briefing cannot reach."""
        officers, bound = counts(cursor)
        cursor.execute(GONE, {})
        row = cursor.fetchone()
        missing, gone = officers - bound, int(row[0]) if row else 0
        if missing or gone:
            told = [f"{missing}名民警还没有绑定内部号"] if missing else []
            told += [f"{gone}名绑定后又取消了关注"] if gone else []
            words = f"{'，'.join(told)}，收不到简报和任务。"
            self._raise(cursor, "officers-unbound", "officers_unbound", words, "管理员", now)
        else:
            close_alarm(cursor, key="officers-unbound", who=_MACHINE, now=now)

    def _raise(
        self, cursor: psycopg.Cursor[Any], key: str, kind: str, words: str, owner: str, now: datetime
    ) -> None:
        if raise_alarm(
            cursor, key=key, kind=kind, words=words, owner=owner, channels=self._channels, now=now
        ):
            log.warning("alarm_raised", kind=kind)
