"""Officers and units: the roll with a report of every line, binding codes, leaving. Names come veiled."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.audit.operations import record_deed, record_looks
from daxiang.domains.officers.errors import OfficerUnknown, RollWrong
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.people import bring_roll, end_officers, give_codes
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import (
    Officer,
    OfficersAsked,
    below,
    counts,
    officer_rows,
    officers_of_ids,
    path_of,
    units,
)
from daxiang.domains.officers.permissions import Permission
from daxiang.domains.officers.roll import COLUMNS, read_roll, veiled
from daxiang.sites.console.frame import address_from, framed, now, refused, sealer, tell
from daxiang.sites.console.staff_only import allowed
from daxiang.sites.console.tables import PAGE, Column, pager_of, view_of

_COLUMNS = (
    Column("number", "警号"),
    Column("name", "姓名"),
    Column("unit", "单位", "unit.name"),
    Column("rank", "职务", "officer.rank"),
    Column("bound", "内部号", "officer.bound_at"),
    Column("do", "办"),
)
_STATES = (("", "在岗"), ("bound", "已绑定"), ("unbound", "没绑定"), ("left", "离岗"))
_LARGEST = 20_000_000
_OUTCOMES = {"added": "新的", "changed": "改了", "same": "没有变", "back": "回来了", "refused": "没有收"}
PURPOSES = ("核对名册", "联系本人", "办理离岗")


def _marks() -> PeopleMarks:
    return PeopleMarks(settings.DAXIANG.index_key)


@require_safe
@allowed(Permission.PEOPLE)
def people(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The roll, by unit and state; one number is found by typing it whole."""
    return _shown(request, staff)


@require_POST
@allowed(Permission.PEOPLE)
def bring(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Take over a roll; what became of every line is shown."""
    sent, leavers = request.FILES.get("file"), request.POST.get("leavers") == "1"
    try:
        if sent is None or sent.size is None or sent.size > _LARGEST:
            raise RollWrong(f"请选一个 CSV 文件，最大{_LARGEST // 1_000_000} MB。")
        roll = read_roll(sent.read())
    except RollWrong as error:
        return _shown(request, staff, fault=str(error), status=422)
    with transaction.atomic():
        with connection.cursor() as cursor:
            brought = bring_roll(
                cursor, roll, ends_leavers=leavers, marks=_marks(), sealer=sealer(), now=now()
            )
        told = "，".join(f"{name}{brought.count(key)}" for key, name in _OUTCOMES.items())
        _record(request, staff, "roll_brought", f"{told}，离岗{brought.left}")
    rows = [(one.line, _OUTCOMES[one.outcome], one.why) for one in brought.rows if one.outcome != "same"]
    report = {"told": f"{told}，离岗{brought.left}。", "rows": rows[:500], "more": max(0, len(rows) - 500)}
    return _shown(request, staff, report=report, status=422 if brought.count("refused") else 200)


@require_POST
@allowed(Permission.PEOPLE)
def code(request: HttpRequest, staff: Staff, *, officer: int) -> HttpResponse:
    """A binding code for one officer, shown once."""
    held = _one(officer)
    if held is None:
        return _unknown(request, staff)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                [given] = give_codes(cursor, marks=_marks(), sealer=sealer(), now=now(), number=held.number)
            _record(request, staff, "code_given", f"officer {officer}")
    except OfficerUnknown as error:
        return _shown(request, staff, fault=str(error), status=409)
    return _shown(request, staff, printed=(veiled(given.name), given.code))


@require_POST
@allowed(Permission.PEOPLE)
def finish(request: HttpRequest, staff: Staff, *, officer: int) -> HttpResponse:
    """The officer has left: access ends with this, the tags within a minute."""
    held = _one(officer)
    if held is None:
        return _unknown(request, staff)
    with transaction.atomic():
        with connection.cursor() as cursor:
            end_officers(cursor, [officer], now=now())
        _record(request, staff, "officer_ended", f"officer {officer}")
    tell(request, f"{veiled(held.name)} 离岗了，内部号已经打不开。")
    return redirect("console:people")


@require_POST
@allowed(Permission.PEOPLE)
def whole(request: HttpRequest, staff: Staff, *, officer: int) -> HttpResponse:
    """Name, number and telephone unveiled, for a purpose that is written down first."""
    purpose = request.POST.get("purpose", "")
    if purpose not in PURPOSES:
        return redirect("console:people")
    held = _one(officer)
    if held is None:
        return _unknown(request, staff)
    with transaction.atomic():
        record_looks(who=staff.name, what="officer", targets=[str(officer)], purpose=purpose, at=now())
    context: dict[str, object] = {"officer": held, "purpose": purpose}
    return framed(request, staff, "console/officer.html", context, heading=veiled(held.name))


def _one(officer: int) -> Officer | None:
    if officer >= 2**63:
        return None
    with connection.cursor() as cursor:
        return officers_of_ids(cursor, [officer], sealer=sealer()).get(officer)


def _unknown(request: HttpRequest, staff: Staff) -> HttpResponse:
    back = reverse("console:people")
    return refused(request, staff, heading="没有这位民警", words="请回到名册再看看。", status=404, back=back)


def _record(request: HttpRequest, staff: Staff, deed: str, target: str) -> None:
    record_deed(who=staff.name, deed=deed, target=target, address=address_from(request), at=now())


def _shown(
    request: HttpRequest,
    staff: Staff,
    *,
    fault: str = "",
    report: dict[str, object] | None = None,
    printed: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    view = view_of(request.GET, columns=_COLUMNS, filters=("unit", "state", "number"), default="unit")
    asked_unit = view.filters["unit"]
    unit = int(asked_unit) if asked_unit.isascii() and asked_unit.isdecimal() and len(asked_unit) < 18 else 0
    number = view.filters["number"]
    with connection.cursor() as cursor:
        tree = units(cursor)
        asked = OfficersAsked(
            unit=unit,
            units=sorted(below(tree, unit)),
            state=view.filters["state"],
            mark=_marks().of_number(number) if number else None,
        )
        rows, total = officer_rows(
            cursor, asked, order=view.order, most=PAGE, offset=view.offset, sealer=sealer()
        )
        everybody, bound = counts(cursor)
    context: dict[str, object] = {
        "heads": view.heads(),
        "rows": [
            {
                "id": one.id,
                "number": f"{one.number[:3]}***",
                "name": veiled(one.name),
                "unit": "/".join(part.name for part in path_of(tree, one.unit)[-2:]),
                "rank": one.rank,
                "bound_at": one.bound_at,
                "is_active": one.is_active,
            }
            for one in rows
        ],
        "pager": pager_of(view, total=total, shown=len(rows)),
        "filters": view.filters,
        "units": [(str(one.id), "　" * (len(path_of(tree, one.id)) - 1) + one.name) for one in tree],
        "states": _STATES,
        "everybody": everybody,
        "bound": bound,
        "purposes": PURPOSES,
        "columns": "，".join(COLUMNS),
        "fault": fault,
        "report": report,
        "printed": printed,
    }
    return framed(request, staff, "console/people.html", context, heading="民警与单位", status=status)
