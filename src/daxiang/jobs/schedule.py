"""The table of recurring work: what, and how often in business time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from daxiang.domains.conversation.talk import TALK_LIFETIME
from daxiang.domains.duty.box import mix_suggestions
from daxiang.domains.officers.links import purge_links
from daxiang.domains.officers.people_sql import PURGE_TRIES
from daxiang.domains.officers.purging import purge_failures, purge_sessions
from daxiang.domains.residents.operations import purge_messages, purge_talks
from daxiang.foundation.inbox.partitions import ensure_partitions
from daxiang.foundation.inbox.retention import drop_given_up, drop_old_days
from daxiang.foundation.outbox.retention import purge_deliveries
from daxiang.foundation.settings import Retention
from daxiang.integrations.wechat.client.forgetting import forget_old
from daxiang.jobs.calendar_alarm import look_at_calendar
from daxiang.kernel.clock import SHANGHAI

Work = Callable[[psycopg.Connection[Any], datetime, Retention], None]


@dataclass(frozen=True, kw_only=True)
class Recurring:
    """One piece of work that may run twice without harm."""

    name: str
    every: timedelta
    work: Work


def _partitions(connection: psycopg.Connection[Any], at: datetime, _retention: Retention) -> None:
    ensure_partitions(connection, today=at.date())


def _old_counts(connection: psycopg.Connection[Any], at: datetime, _retention: Retention) -> None:
    forget_old(connection, now=at)


def _old_talks(connection: psycopg.Connection[Any], at: datetime, _retention: Retention) -> None:
    purge_talks(connection, before=at - TALK_LIFETIME)


def _old_sign_ins(connection: psycopg.Connection[Any], at: datetime, _retention: Retention) -> None:
    purge_sessions(connection)
    purge_failures(connection, now=at)
    purge_links(connection, now=at)
    connection.execute(PURGE_TRIES, {"before": at - timedelta(days=1)})


def _suggestions(connection: psycopg.Connection[Any], at: datetime, _retention: Retention) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        mix_suggestions(cursor, since=at.astimezone(SHANGHAI).date() - timedelta(days=2))


def _old_messages(connection: psycopg.Connection[Any], at: datetime, retention: Retention) -> None:
    purge_messages(connection, before=at - timedelta(days=retention.messages_days))


def _old_record(connection: psycopg.Connection[Any], at: datetime, retention: Retention) -> None:
    """What was received, answered and sent; by the day of Beijing, as the inbox is divided."""
    before = at - timedelta(days=retention.inbox_days)
    drop_old_days(connection, before=before.astimezone(SHANGHAI).date())
    drop_given_up(connection, until=before)
    purge_deliveries(connection, before=before)


SCHEDULE = (
    Recurring(name="calendar_year", every=timedelta(hours=1), work=look_at_calendar),
    Recurring(name="inbox_partitions", every=timedelta(hours=1), work=_partitions),
    Recurring(name="old_messages", every=timedelta(hours=1), work=_old_messages),
    Recurring(name="old_record", every=timedelta(hours=1), work=_old_record),
    Recurring(name="old_sign_ins", every=timedelta(hours=1), work=_old_sign_ins),
    Recurring(name="old_talks", every=timedelta(minutes=10), work=_old_talks),
    Recurring(name="suggestions", every=timedelta(minutes=10), work=_suggestions),
    Recurring(name="wechat_old_counts", every=timedelta(hours=1), work=_old_counts),
)


def due(schedule: tuple[Recurring, ...], last: dict[str, datetime], now: datetime) -> list[Recurring]:
    """What is to run now: never run yet, last run an interval ago, or last run "in the future" (the clock
    was set back, which must not stop the work)."""
    return [
        entry
        for entry in schedule
        if entry.name not in last or now - last[entry.name] >= entry.every or last[entry.name] > now
    ]
