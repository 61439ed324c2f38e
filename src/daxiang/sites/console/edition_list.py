"""The list of editions, a new one, and the city's own words that none may hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.audit.operations import record_deed
from daxiang.domains.briefings import desk
from daxiang.domains.briefings.compose import is_saturday_edition
from daxiang.domains.briefings.content import Content, Section
from daxiang.domains.briefings.drafting import draft_of
from daxiang.domains.briefings.gate import LONGEST_WORD, add_word, drop_word, stop_words
from daxiang.domains.briefings.operations import (
    EDITION_NAMES,
    EditionKind,
    Review,
    add_edition,
    withdraw_untouched,
)
from daxiang.domains.briefings.queries import Edition, editions
from daxiang.domains.briefings.times import DUE_BY
from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.edition_context import (
    STATES,
    actor_of,
    one_of,
    reviewers_known,
)
from daxiang.sites.console.edition_form import ADDABLE, NAMES
from daxiang.sites.console.frame import address_from, framed, may, now, tell
from daxiang.sites.console.staff_only import allowed

_DAYS_LISTED = 30


@require_safe
@allowed(Permission.READ_EDITIONS)
def all_editions(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The editions of the last thirty days and those to come."""
    return _list(request, staff)


@require_POST
@allowed(Permission.WRITE_EDITIONS)
def add(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A draft made of the incidents of the day before; or an empty special one."""
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        kind = EditionKind(request.POST.get("kind", ""))
    except ValueError:
        return _list(request, staff, fault="请选一天，再选哪一种。", status=422)
    at = now()
    if not -7 <= (day - at.astimezone(SHANGHAI).date()).days <= 60:
        return _list(request, staff, fault="只能写前7天到后60天里的简报。", status=422)
    reviewers = reviewers_known()
    with transaction.atomic(), connection.cursor() as cursor:
        if kind is not EditionKind.SPECIAL:
            withdraw_untouched(cursor, day=day, actor=actor_of(staff), now=at)
        made = add_edition(
            cursor,
            day=day,
            kind=kind,
            content=_draft(cursor, day, kind),
            review=Review(
                reviewer=one_of(request.POST.get("reviewer", ""), reviewers),
                deputy=one_of(request.POST.get("deputy", ""), reviewers),
                due_at=datetime.combine(day, DUE_BY, SHANGHAI),
            ),
            who=staff.name,
            now=at,
        )
    return redirect("console:edition", edition=made.hex())


@require_POST
@allowed(Permission.REVIEW_EDITIONS)
def change_words(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Put a word on the city's list of those that stop an edition, or take one off."""
    word, gone = (request.POST.get(name, "").replace("\0", "").strip() for name in ("word", "drop"))
    if not gone and not (1 <= len(word) <= LONGEST_WORD and word.isprintable()):
        return _list(request, staff, fault=f"写一个词，最多{LONGEST_WORD}字。", status=422)
    with transaction.atomic(), connection.cursor() as cursor:
        if gone:
            drop_word(cursor, gone)
        else:
            add_word(cursor, word, who=staff.name, now=now())
        record_deed(
            who=staff.name,
            deed="word_dropped" if gone else "word_added",
            target=(gone or word)[:LONGEST_WORD],
            address=address_from(request),
            at=now(),
        )
    tell(request, f"“{gone}”可以用了。" if gone else f"以后有“{word}”的稿子送不了审、定不了时。")
    return redirect("console:editions")


def _list(request: HttpRequest, staff: Staff, *, fault: str = "", status: int = 200) -> HttpResponse:
    at = now().astimezone(SHANGHAI)
    with connection.cursor() as cursor:
        found = editions(
            cursor, first=at.date() - timedelta(days=_DAYS_LISTED), last=at.date() + timedelta(days=60)
        )
        stopping = stop_words(cursor) if may(staff, Permission.REVIEW_EDITIONS) else []
        handed_in = desk.contributions(cursor, since=at - timedelta(days=14))
    context: dict[str, object] = {
        "contributions": handed_in,
        "may_review": may(staff, Permission.REVIEW_EDITIONS),
        "words": stopping,
        "lines": [_line(one) for one in found],
        "may_write": may(staff, Permission.WRITE_EDITIONS),
        "asked": {name: request.POST.get(name, "") for name in ("day", "kind", "reviewer", "deputy")}
        if fault
        else {"day": (at.date() + timedelta(days=1)).isoformat()},
        "kinds": [(kind.value, name) for kind, name in EDITION_NAMES.items()],
        "reviewers": reviewers_known(),
        "fault": fault,
    }
    return framed(request, staff, "console/editions.html", context, heading="简报", status=status)


def _line(one: Edition) -> dict[str, object]:
    sign, state = STATES[one.status]
    return {
        "id": one.id.hex(),
        "day": f"{one.day.month}月{one.day.day}日 周{'一二三四五六日'[one.day.weekday()]}",
        "kind": EDITION_NAMES[one.kind],
        "sign": sign,
        "state": state,
        "revision": one.revision,
        "by": one.approved_by or "",
        "reviewer": one.reviewer,
        "at": "" if one.scheduled_for is None else f"{one.scheduled_for.astimezone(SHANGHAI):%H:%M}",
    }


def _draft(cursor: Any, day: date, kind: EditionKind) -> Content:
    if kind is EditionKind.SPECIAL:
        section = Section(kind=ADDABLE[0], title=NAMES[ADDABLE[0]])
        return Content(title=f"{day.month}月{day.day}日 专刊", teaser="", sections=(section,))
    is_rich = kind is EditionKind.SATURDAY or is_saturday_edition(day, china_calendar())
    return draft_of(cursor, day, is_saturday_edition=is_rich)
