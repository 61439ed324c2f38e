"""The media library: pictures and videos, with rights, expiry and words for who cannot see them."""

from __future__ import annotations

import re
from datetime import date

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.briefings.errors import MediumRefused
from daxiang.domains.briefings.media import LARGEST_VIDEO, About, add_medium, media, read_medium
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission
from daxiang.sites.console.frame import framed, now, refused, tell
from daxiang.sites.console.staff_only import allowed
from daxiang.sites.console.tables import PAGE, Column, pager_of, view_of

_COLUMNS = (Column("at", "时间", "added_at"),)
_ID = re.compile(r"[0-9a-f]{64}")


@require_safe
@allowed(Permission.MEDIA)
def library(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What there is, the newest first."""
    return _shown(request, staff, {})


@require_POST
@allowed(Permission.MEDIA)
def add(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A file with what is said about it; the same file once more changes what is said."""
    values = {
        name: request.POST.get(name, "").replace("\0", "").strip()[:300]
        for name in ("title", "alt", "source", "expires_on", "has_rights")
    }
    sent = request.FILES.get("file")
    try:
        if sent is None or sent.size is None or sent.size > LARGEST_VIDEO:
            raise MediumRefused(f"请选一个文件，最大{LARGEST_VIDEO // 1_000_000} MB。")
        if not values["title"] or not values["alt"] or not values["source"]:
            raise MediumRefused("名称、文字说明、来源都要写。")
        about = About(
            title=values["title"],
            alt=values["alt"],
            source=values["source"],
            has_rights=values["has_rights"] == "1",
            expires_on=_day(values["expires_on"]),
        )
        with transaction.atomic(), connection.cursor() as cursor:
            add_medium(cursor, sent.read(), about, who=staff.name, now=now())
    except MediumRefused as error:
        return _shown(request, staff, values, fault=str(error), status=422)
    tell(request, "收进媒体库了。")
    return redirect("console:media")


@require_safe
@allowed(Permission.MEDIA, Permission.READ_EDITIONS)
def file(request: HttpRequest, staff: Staff, *, medium: str) -> HttpResponse:
    """The bytes themselves."""
    found = None
    if _ID.fullmatch(medium):
        with connection.cursor() as cursor:
            found = read_medium(cursor, medium)
    if found is None:
        words = "媒体库里没有这个文件。"
        back = reverse("console:media")
        return refused(request, staff, heading="没有这个文件", words=words, status=404, back=back)
    return HttpResponse(found[1], content_type=found[0])


def _shown(
    request: HttpRequest, staff: Staff, values: dict[str, str], *, fault: str = "", status: int = 200
) -> HttpResponse:
    view = view_of(request.GET, columns=_COLUMNS, filters=(), default="-at")
    with connection.cursor() as cursor:
        rows, total = media(cursor, most=PAGE, offset=view.offset)
    context: dict[str, object] = {
        "rows": rows,
        "pager": pager_of(view, total=total, shown=len(rows)),
        "values": values,
        "fault": fault,
        "today": now().date(),
    }
    return framed(request, staff, "console/media.html", context, heading="媒体库", status=status)


def _day(words: str) -> date | None:
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise MediumRefused("能用到哪一天，要写成 2026-12-31，或者空着。") from None
