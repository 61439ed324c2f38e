"""Alarms: who takes one, and that it is dealt with."""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.audit.operations import record_deed
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission
from daxiang.foundation.alarms.operations import alarms, close_one, take_alarm
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.frame import address_from, framed, now, tell
from daxiang.sites.console.staff_only import allowed


@require_safe
@allowed(Permission.ALARMS)
def alarm_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Open ones first."""
    with connection.cursor() as cursor:
        found = alarms(cursor, only_open=False)
    at = now()
    context: dict[str, object] = {
        "rows": [
            {
                "id": one.id,
                "words": one.words,
                "owner": one.owner,
                "at": one.raised_at.astimezone(SHANGHAI),
                "age": int((at - one.raised_at).total_seconds()) // 60,
                "taken_by": one.taken_by or "",
                "is_open": one.closed_at is None,
            }
            for one in found
        ]
    }
    return framed(request, staff, "console/alarms.html", context, heading="告警")


@require_POST
@allowed(Permission.ALARMS)
def act_on_alarm(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """Take it, or close it."""
    does = request.POST.get("do", "")
    if does in ("take", "close") and number < 2**63:
        with transaction.atomic():
            with connection.cursor() as cursor:
                change = take_alarm if does == "take" else close_one
                is_done = change(cursor, number, who=staff.name, now=now())
            if is_done:
                record_deed(
                    who=staff.name,
                    deed=f"alarm_{does}",
                    target=str(number),
                    address=address_from(request),
                    at=now(),
                )
        tell(request, "记下了。" if is_done else "别人已经在办，或者已经关了。")
    return redirect("console:alarms")
