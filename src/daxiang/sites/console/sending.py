"""What was handed to the platform: when, and whether it has it. No content, no persons."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daxiang.domains.briefings.reports import Sent, outcomes, sends
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.frame import framed, now
from daxiang.sites.console.staff_only import allowed

_DAYS = 14
STATUSES = {
    "waiting": ("todo", "等着发"),
    "sending": ("live", "正在发"),
    "sent": ("ok", "发出"),
    "refused": ("bad", "平台不收"),
    "unknown": ("warn", "不知道到没到"),
    "expired": ("idle", "过了时间"),
}


@require_safe
@allowed(Permission.SENDING)
def sending(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The briefings of two weeks, and what came of single messages in a day."""
    at = now()
    with connection.cursor() as cursor:
        briefings = sends(cursor, since=at - timedelta(days=_DAYS))
        day = outcomes(cursor, since=at - timedelta(days=1))
    context: dict[str, object] = {
        "rows": [
            {
                "day": one.day,
                **_told(one),
                "at": one.accepted_at and one.accepted_at.astimezone(SHANGHAI),
                "attempts": one.attempts,
                "result": one.result and f"{one.result}，到了 {one.reached} 人",
            }
            for one in briefings
        ],
        "outcomes": [(*STATUSES.get(status, ("idle", status)), count) for status, count in day],
        "days": _DAYS,
    }
    return framed(request, staff, "console/sending.html", context, heading="发送")


def _told(one: Sent) -> dict[str, str]:
    """Its symbol and its words."""
    if one.accepted_at is not None:
        return {"sign": "ok", "state": "平台收下"}
    if one.code:
        return {"sign": "bad", "state": f"平台不收（{one.code}）"}
    return {"sign": "live", "state": "正在发"}
