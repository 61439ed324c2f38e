"""Duty: the roster with its gaps, and urgent tasks from the desk with who was reached."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.audit.operations import record_deed
from daxiang.domains.duty import tasks
from daxiang.domains.duty.box import suggestions
from daxiang.domains.duty.errors import RosterWrong, TaskRefused
from daxiang.domains.duty.roster import AHEAD, COLUMNS, bring_roster, gaps, read_roster, shifts_between
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import below, officers_of_ids, units
from daxiang.domains.officers.permissions import Permission
from daxiang.domains.officers.roll import veiled
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.frame import address_from, framed, now, refused, sealer, tell
from daxiang.sites.console.staff_only import allowed
from daxiang.sites.console.tables import PAGE, Column, pager_of, view_of

_LARGEST = 20_000_000
STATUSES = {
    "waiting": ("todo", "等着告诉"),
    "told": ("live", "告诉了，没回"),
    "acknowledged": ("ok", "回了收到"),
    "escalated": ("warn", "交给带班"),
    "not_reached": ("bad", "没有找到"),
}
_CHANNELS = {"wechat": "微信", "outside": "短信或企业微信", "": ""}


@require_safe
@allowed(Permission.ROSTER)
def roster(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The shifts of today and tomorrow, and the gaps of seven days."""
    return _roster(request, staff)


@require_POST
@allowed(Permission.ROSTER)
def bring(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Take over a file of shifts: all of it or nothing."""
    sent = request.FILES.get("file")
    try:
        if sent is None or sent.size is None or sent.size > _LARGEST:
            raise RosterWrong("请选一个 CSV 文件。")
        planned = read_roster(sent.read())
        with transaction.atomic():
            with connection.cursor() as cursor:
                many = bring_roster(cursor, planned, marks=PeopleMarks(settings.DAXIANG.index_key))
            _record(request, staff, "roster_brought", str(many))
    except RosterWrong as error:
        return _roster(request, staff, faults=str(error).splitlines(), status=422)
    tell(request, f"排好了{many}个班。")
    return redirect("console:roster")


def _roster(
    request: HttpRequest, staff: Staff, *, faults: list[str] | None = None, status: int = 200
) -> HttpResponse:
    at = now()
    with connection.cursor() as cursor:
        shifts = shifts_between(cursor, start=at, end=at + AHEAD)
        near = [one for one in shifts if one.starts_at < at + timedelta(days=1)][:200]
        people = officers_of_ids(cursor, [one.officer for one in near], sealer=sealer())
    context: dict[str, object] = {
        "has_shifts": bool(shifts),
        "rows": [
            {
                "post": one.post,
                "name": veiled(people[one.officer].name),
                "unit": people[one.officer].unit_name,
                "start": one.starts_at.astimezone(SHANGHAI),
                "end": one.ends_at.astimezone(SHANGHAI),
                "is_lead": one.is_lead,
                "is_now": one.starts_at <= at,
            }
            for one in near
        ],
        "gaps": [
            {
                "post": one.post,
                "start": one.start.astimezone(SHANGHAI),
                "end": one.end.astimezone(SHANGHAI),
                "what": "没有人带班" if one.only_lead else "没有人",
            }
            for one in gaps(shifts, start=at, end=at + AHEAD)
        ],
        "columns": "，".join(COLUMNS),
        "faults": faults,
    }
    return framed(request, staff, "console/roster.html", context, heading="排班", status=status)


@require_safe
@allowed(Permission.PEOPLE)
def suggestion_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The suggestion box: words and their day."""
    view = view_of(request.GET, columns=(Column("day", "哪天", "day"),), filters=(), default="-day")
    with connection.cursor() as cursor:
        found = suggestions(cursor, most=PAGE + 1, offset=view.offset)
    rows, total = found[:PAGE], view.offset + len(found)
    context: dict[str, object] = {"rows": rows, "pager": pager_of(view, total=total, shown=len(rows))}
    return framed(request, staff, "console/suggestions.html", context, heading="意见箱")


@require_safe
@allowed(Permission.TASKS)
def task_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Tasks, the newest first, with how far each has come."""
    return _tasks(request, staff)


@require_POST
@allowed(Permission.TASKS)
def add_task(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A task for everybody of some units."""
    words = request.POST.get("words", "").replace("\0", "").strip()
    asked = request.POST.getlist("units")
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                tree = units(cursor)
                known = {str(one.id): one.id for one in tree}
                chosen = set().union(*(below(tree, known[one]) for one in asked if one in known), set())
                task, number = tasks.add_task(cursor, words, units=sorted(chosen), who=staff.name, now=now())
            _record(request, staff, "task_added", number)
    except TaskRefused as error:
        return _tasks(request, staff, fault=str(error), words=words, status=422)
    return redirect("console:task", number=task)


@require_safe
@allowed(Permission.TASKS)
def one_task(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """Whom it reached, and who was not reached, with why."""
    view = view_of(request.GET, columns=(Column("who", "谁", "officer"),), filters=("status",), default="who")
    status = view.filters["status"] if view.filters["status"] in STATUSES else ""
    with connection.cursor() as cursor:
        held = next((one for one in tasks.tasks(cursor, most=500) if one.id == number), None)
        if held is None:
            words = "请回到任务列表再看看。"
            back = reverse("console:tasks")
            return refused(request, staff, heading="没有这个任务", words=words, status=404, back=back)
        rows, total = tasks.persons(cursor, number, status=status, most=PAGE, offset=view.offset)
        people = officers_of_ids(cursor, [one.officer for one in rows], sealer=sealer())
    context: dict[str, object] = {
        "task": held,
        "rows": [
            {
                "name": veiled(people[one.officer].name),
                "unit": people[one.officer].unit_name,
                "sign": STATUSES[one.status][0],
                "state": STATUSES[one.status][1],
                "channel": _CHANNELS.get(one.channel, one.channel),
                "at": one.ended_at or one.told_at,
                "why": one.why,
            }
            for one in rows
        ],
        "statuses": [(key, name) for key, (_, name) in STATUSES.items()],
        "status": status,
        "pager": pager_of(view, total=total, shown=len(rows)),
    }
    return framed(request, staff, "console/task.html", context, heading=f"任务 {held.number}")


def _tasks(
    request: HttpRequest, staff: Staff, *, fault: str = "", words: str = "", status: int = 200
) -> HttpResponse:
    with connection.cursor() as cursor:
        found, tree = tasks.tasks(cursor), units(cursor)
    context: dict[str, object] = {
        "rows": [
            {
                "id": one.id,
                "number": one.number,
                "words": one.words,
                "by": one.by,
                "at": one.at.astimezone(SHANGHAI),
                "is_open": one.ended_at is None,
                "officers": one.officers,
                "acknowledged": one.acknowledged,
                "escalated": one.escalated,
                "not_reached": one.not_reached,
            }
            for one in found
        ],
        "units": [(str(one.id), one.name) for one in tree if one.kind != "中队"],
        "words": words,
        "fault": fault,
        "most": tasks.LONGEST,
    }
    return framed(request, staff, "console/tasks.html", context, heading="紧急任务", status=status)


def _record(request: HttpRequest, staff: Staff, deed: str, target: str) -> None:
    record_deed(who=staff.name, deed=deed, target=target, address=address_from(request), at=now())
