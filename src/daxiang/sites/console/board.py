"""Today: what needs somebody, by role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daxiang.domains.briefings.operations import EDITION_NAMES
from daxiang.domains.briefings.queries import edition, editions, moves
from daxiang.domains.briefings.receipts import by_unit, last_sent
from daxiang.domains.briefings.workflow import Status
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission
from daxiang.foundation.alarms.operations import alarms
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.edition_context import ACTIONS, STATES, time_left
from daxiang.sites.console.frame import BOARD, framed, may, now
from daxiang.sites.console.staff_only import allowed


@require_safe
@allowed(*BOARD)
def board(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What needs somebody now: today's edition, alarms, and how far yesterday's was read."""
    context: dict[str, object] = {}
    with connection.cursor() as cursor:
        if may(staff, Permission.READ_EDITIONS):
            context["today"] = _today(cursor)
            context["receipts"] = _receipts(cursor)
        if may(staff, Permission.ALARMS):
            context["alarms"] = alarms(cursor, only_open=True, most=8)
    return framed(request, staff, "console/board.html", context, heading="今日")


def _today(cursor: Any) -> dict[str, object] | None:
    at = now()
    day = at.astimezone(SHANGHAI).date()
    found = [one for one in editions(cursor, first=day, last=day) if one.status is not Status.WITHDRAWN]
    if not found:
        return None
    held = edition(cursor, found[0].id)
    return {
        "id": held.id.hex(),
        "title": held.content.title,
        "kind": EDITION_NAMES[held.kind],
        "revision": held.revision,
        "state": STATES[held.status],
        "reviewer": held.reviewer,
        "left": time_left(held, at),
        "life": [
            (one.at.astimezone(SHANGHAI), one.who, ACTIONS.get(one.action, one.action))
            for one in moves(cursor, held.id)[-5:]
        ],
    }


def _receipts(cursor: Any) -> dict[str, object] | None:
    day = now().astimezone(SHANGHAI).date()
    found = last_sent(cursor, day=day)
    if found is None:
        return None
    rows = by_unit(cursor, found)
    officers, read = sum(one.officers for one in rows), sum(one.read for one in rows)
    told = [
        (one.name, one.officers, one.read, one.understood, round(100 * one.read / one.officers))
        for one in sorted(rows, key=lambda row: row.read / row.officers)
    ]
    held = edition(cursor, found)
    return {
        "title": held.content.title,
        "is_old": held.day < day - timedelta(days=1),
        "share": round(100 * read / officers) if officers else 0,
        "officers": officers,
        "unread": officers - read,
        "understood": sum(one.understood for one in rows),
        "units": told[:12],
        "more": max(0, len(told) - 12),
    }
