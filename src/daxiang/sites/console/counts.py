"""What somebody must act on, as the navigation says it: a number with its word, or nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from daxiang.domains.officers.permissions import Permission
from daxiang.domains.residents.answering import overdue_messages
from daxiang.foundation.alarms.operations import count_open


def waiting(held: Collection[Permission], *, now: datetime) -> dict[str, str]:
    """By the page's view."""
    found: dict[str, str] = {}
    if Permission.MESSAGES in held:
        with connection.cursor() as cursor:
            late = overdue_messages(cursor, now=now)
        if late:
            found["console:messages"] = f"{late} 超时"
    if Permission.ALARMS in held:
        with connection.cursor() as cursor:
            _, untaken = count_open(cursor)
        if untaken:
            found["console:alarms"] = f"{untaken} 没人接"
    return found
