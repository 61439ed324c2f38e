"""Incidents (警情): a table that sorts, filters and pages on the server; by hand and by file."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from daxiang.domains.audit.operations import record_deed
from daxiang.domains.briefings.desk import IncidentsAsked, incident_rows, kinds
from daxiang.domains.briefings.errors import IncidentsWrong, MediumRefused
from daxiang.domains.briefings.incidents import COLUMNS, Incident, as_file, read_incidents
from daxiang.domains.briefings.media import LARGEST_PICTURE, About, add_medium, add_photo
from daxiang.domains.briefings.operations import import_incidents
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission
from daxiang.foundation.logs import masked
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.frame import address_from, framed, now, tell
from daxiang.sites.console.staff_only import allowed
from daxiang.sites.console.tables import PAGE, Column, like, pager_of, view_of

_COLUMNS = (
    Column("at", "时间", "happened_at"),
    Column("severity", "等级", "severity"),
    Column("kind", "种类", "kind"),
    Column("place", "地点", "place"),
    Column("what", "经过"),
    Column("key", "编号", "source_key"),
)
SEVERITIES = {1: "轻微", 2: "一般", 3: "重要", 4: "重大"}
_SIGNS = {1: "todo", 2: "todo", 3: "warn", 4: "bad"}
LARGEST_FILE = 20_000_000
"""Bytes: some 100,000 incidents."""
_FIELDS = ("key", "kind", "place", "lon", "lat", "at", "severity", "summary")


@require_safe
@allowed(Permission.INCIDENTS)
def incidents(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Yesterday's and today's, or those of the days asked for."""
    view = view_of(
        request.GET,
        columns=_COLUMNS,
        filters=("kind", "severity", "what", "first", "last"),
        default="-at",
    )
    today = now().astimezone(SHANGHAI).date()
    last = _day(view.filters["last"], today)
    first = min(_day(view.filters["first"], last - timedelta(days=1)), last)
    severity = view.filters["severity"]
    asked = IncidentsAsked(
        start=datetime.combine(first, time(), SHANGHAI),
        end=datetime.combine(last, time(), SHANGHAI) + timedelta(days=1),
        kind=view.filters["kind"],
        severity=int(severity) if severity in ("1", "2", "3", "4") else 0,
        like=like(view.filters["what"]) if view.filters["what"] else "",
    )
    with connection.cursor() as cursor:
        rows, total = incident_rows(cursor, asked, order=view.order, most=PAGE, offset=view.offset)
        known = kinds(cursor, start=asked.start, end=asked.end)
    context: dict[str, object] = {
        "heads": view.heads(),
        "rows": [
            {
                "at": one.happened_at.astimezone(SHANGHAI),
                "sign": _SIGNS[one.severity],
                "severity": SEVERITIES[one.severity],
                "kind": one.kind,
                "place": one.place,
                "summary": masked(one.summary),
                "key": one.source_key,
                "photos": one.photos,
            }
            for one in rows
        ],
        "pager": pager_of(view, total=total, shown=len(rows)),
        "filters": view.filters,
        "kinds": known,
        "severities": [(str(value), name) for value, name in SEVERITIES.items()],
        "severity": severity,
        "first": first.isoformat(),
        "last": last.isoformat(),
    }
    return framed(request, staff, "console/incidents.html", context, heading="警情")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.INCIDENTS)
def add(request: HttpRequest, staff: Staff) -> HttpResponse:
    """One by hand: the same rules as in a file."""
    values = {name: request.POST.get(name, "").replace("\0", "").strip() for name in (*_FIELDS, "alt")}
    if request.method != "POST":
        return _form(request, staff, {"at": f"{now().astimezone(SHANGHAI):%Y-%m-%d %H:%M}", "severity": "2"})
    try:
        found = read_incidents(as_file([[values[name] for name in _FIELDS]]))
        photo = _photo(request)
        with transaction.atomic(), connection.cursor() as cursor:
            import_incidents(cursor, found, who=staff.name, now=now())
            if photo is not None:
                medium = add_medium(cursor, photo, _about(found[0], values["alt"]), who=staff.name, now=now())
                add_photo(cursor, found[0].source_key, medium)
            _record(request, staff, f"{found[0].source_key}")
    except (IncidentsWrong, MediumRefused) as error:
        words = str(error).replace("第2行：", "")
        return _form(request, staff, values, fault=words, status=422)
    tell(request, f"警情 {found[0].source_key} 记下了。")
    return redirect("console:incidents")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.INCIDENTS)
def bring(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A whole file; one wrong line, and nothing of it comes in."""
    context: dict[str, object] = {"columns": "，".join(COLUMNS)}
    if request.method != "POST":
        return framed(request, staff, "console/incidents_file.html", context, heading="导入警情")
    sent = request.FILES.get("file")
    try:
        if sent is None or sent.size is None or sent.size > LARGEST_FILE:
            raise IncidentsWrong(f"请选一个 CSV 文件，最大{LARGEST_FILE // 1_000_000} MB。")
        found = read_incidents(sent.read())
    except IncidentsWrong as error:
        context["faults"] = str(error).splitlines()
        return framed(request, staff, "console/incidents_file.html", context, heading="导入警情", status=422)
    with transaction.atomic(), connection.cursor() as cursor:
        fresh, changed = import_incidents(cursor, found, who=staff.name, now=now())
        _record(request, staff, f"{fresh} + {changed}")
    same = len({one.source_key for one in found}) - fresh - changed
    tell(request, f"导入好了：新的{fresh}件，改了{changed}件，没有变的{same}件。")
    return redirect("console:incidents")


def _photo(request: HttpRequest) -> bytes | None:
    """What was sent with the form. Raises `MediumRefused`."""
    sent = request.FILES.get("photo")
    if sent is None:
        return None
    if sent.size is None or sent.size > LARGEST_PICTURE:
        raise MediumRefused(f"照片最大{LARGEST_PICTURE // 1_000_000} MB，请缩小再传。")
    if not request.POST.get("alt", "").strip():
        raise MediumRefused("照片上有什么，要写一句，给看不见图的人。")
    if request.POST.get("is_ours") != "1":
        raise MediumRefused("照片要是本单位拍的，人脸、车牌都遮好了，才能收。")
    return bytes(sent.read())


def _about(incident: Incident, alt: str) -> About:
    return About(
        title=f"{incident.place or incident.kind} {incident.happened_at.astimezone(SHANGHAI):%m-%d %H:%M}",
        alt=alt[:300],
        source="本单位现场拍摄",
        has_rights=True,
        expires_on=None,
    )


def _record(request: HttpRequest, staff: Staff, target: str) -> None:
    record_deed(
        who=staff.name,
        deed="incidents_imported",
        target=target,
        address=address_from(request),
        at=now(),
    )


def _form(
    request: HttpRequest, staff: Staff, values: dict[str, str], *, fault: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {
        "values": values,
        "fault": fault,
        "severities": [(str(value), name) for value, name in SEVERITIES.items()],
    }
    return framed(request, staff, "console/incident.html", context, heading="记一件警情", status=status)


def _day(words: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return otherwise
    return found if 2000 < found.year < 2200 else otherwise
