"""One edition: the editor, the review, every step of the workflow, and what people say around it."""

from __future__ import annotations

import time as real_time
from datetime import date, datetime, time
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.audit.operations import record_deed
from daxiang.domains.briefings import desk
from daxiang.domains.briefings.content import Content
from daxiang.domains.briefings.errors import CorrectionRefused, DayTaken, EditionUnknown, MoveRefused
from daxiang.domains.briefings.gate import checked, stops
from daxiang.domains.briefings.operations import (
    act,
    edit,
    set_review,
)
from daxiang.domains.briefings.queries import Edition, edition
from daxiang.domains.briefings.times import GOES_AT
from daxiang.domains.briefings.workflow import Action, Part
from daxiang.domains.officers.errors import CodeWrong
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission
from daxiang.domains.officers.second_factor import check_code
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.edition_context import (
    ACTIONS,
    BY_PEOPLE,
    actor_of,
    context_of,
    one_of,
    reviewers_known,
    why_not,
)
from daxiang.sites.console.edition_form import changed, read_form, with_contribution
from daxiang.sites.console.frame import address_from, framed, now, refused, sealer, tell
from daxiang.sites.console.staff_only import allowed

_GONE = "没有这份简报，请回到列表看看。"


@require_safe
@allowed(Permission.READ_EDITIONS)
def one(request: HttpRequest, staff: Staff, *, edition: str) -> HttpResponse:
    """The editor for whoever may write, else the review."""
    return _shown(request, staff, edition)


@require_POST
@allowed(Permission.WRITE_EDITIONS)
def save(request: HttpRequest, staff: Staff, *, edition: str) -> HttpResponse:
    """A new revision; after one of the form's own buttons with what that does to the text."""
    key, wanted = _key(edition), None
    base = request.POST.get("base", "")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            held = _edition(cursor, key)
            number = int(base) if base.isascii() and base.isdecimal() and len(base) < 8 else 0
            made_of = desk.revision(cursor, key, number)
            wanted = read_form(lambda name: request.POST.get(name, "").replace("\0", ""), made_of.content)
            if number != held.revision:
                words = f"您写的时候，稿子已经改到第{held.revision}稿了。您写的还在下面，没有存；对照过再存。"
                return _shown(request, staff, edition, typed=wanted, fault=words, status=409)
            wanted = _done(cursor, wanted, request.POST.get("do", "save"))
            edit(cursor, key, content=wanted, actor=actor_of(staff), now=now())
    except EditionUnknown:
        return _gone(request, staff)
    except MoveRefused as error:
        return _shown(request, staff, edition, typed=wanted, fault=str(error), status=409)
    tell(request, "存好了。")
    return redirect("console:edition", edition=edition)


def _done(cursor: Any, typed: Content, deed: str) -> Content:
    """The text after one of the form's buttons; `take:7` puts in what an officer handed in."""
    name, _, number = deed.partition(":")
    if name != "take":
        return changed(typed, deed)
    is_number = number.isascii() and number.isdecimal() and len(number) < 18
    found = desk.use_contribution(cursor, int(number), now=now()) if is_number else None
    return typed if found is None else with_contribution(typed, *found)


@require_POST
@allowed(Permission.READ_EDITIONS)
def step(request: HttpRequest, staff: Staff, *, edition: str) -> HttpResponse:
    """Any other step; an approval takes a fresh code of the telephone."""
    action = request.POST.get("action", "")
    if action not in BY_PEOPLE:
        return _shown(request, staff, edition, fault="请选要做哪一步。", status=422)
    note = request.POST.get("note", "").replace("\0", "").strip()[: desk.LONGEST_COMMENT]
    try:
        fault = _stepped(request, staff, _key(edition), Action(action), note)
    except EditionUnknown:
        return _gone(request, staff)
    except (MoveRefused, DayTaken, CodeWrong) as error:
        fault = str(error)
    if fault:
        return _shown(request, staff, edition, fault=fault, status=409, note=note)
    tell(request, f"{ACTIONS[Action(action)]}：做好了。")
    return redirect("console:edition", edition=edition)


def _stepped(request: HttpRequest, staff: Staff, key: bytes, action: Action, note: str) -> str:
    """Do it; why not, as a sentence, or empty. The code is asked for only where nothing else is in the way,
    so that none is spent for nothing.
    """
    seen = _bytes_of(request.POST.get("seen", ""))
    with connection.cursor() as cursor:
        held = _edition(cursor, key)
        at = _time(request.POST.get("at", ""), held.day)
        if action in (Action.SEND_FOR_REVIEW, Action.SCHEDULE):
            found = stops(checked(cursor, held.content, day=held.day))
            if found:
                return f"还差{len(found)}项：{found[0].where}，{found[0].says}"
        why = why_not(cursor, held, action, staff, seen=seen, note=note, at=at)
    if why:
        return why
    if action is Action.APPROVE:
        code = request.POST.get("code", "").strip()[:40]
        check_code(staff, code=code, sealer=sealer(), now=now(), real=real_time.time())
    with transaction.atomic(), connection.cursor() as cursor:
        if action is Action.SEND_BACK:
            desk.send_back(cursor, held, actor_of(staff), note=note, now=now())
        else:
            act(cursor, key, action, actor_of(staff), now=now(), seen=seen, note=note, at=at)
        record_deed(
            who=staff.name,
            deed="edition_acted",
            target=f"{held.day} {ACTIONS[action]}",
            address=address_from(request),
            at=now(),
        )
    return ""


@require_POST
@allowed(Permission.READ_EDITIONS)
def reviewers(request: HttpRequest, staff: Staff, *, edition: str) -> HttpResponse:
    """Who is to approve it: an editor names them, a reviewer hands it on to a deputy."""
    known = reviewers_known()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            held = _edition(cursor, _key(edition))
            set_review(
                cursor,
                held.id,
                reviewer=one_of(request.POST.get("reviewer", ""), known),
                deputy=one_of(request.POST.get("deputy", ""), known),
            )
    except EditionUnknown:
        return _gone(request, staff)
    except MoveRefused as error:
        return _shown(request, staff, edition, fault=str(error), status=409)
    tell(request, "记下了谁来审。")
    return redirect("console:edition", edition=edition)


@require_POST
@allowed(Permission.READ_EDITIONS)
def comment(request: HttpRequest, staff: Staff, *, edition: str) -> HttpResponse:
    """Words about a place of the revision that stands; or one of them is dealt with."""
    key, settled = _key(edition), request.POST.get("settle", "")
    said = request.POST.get("words", "").replace("\0", "").strip()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            held = _edition(cursor, key)
            if settled.isascii() and settled.isdecimal() and len(settled) < 18:
                desk.settle_comment(cursor, key, int(settled), who=staff.name, now=now())
            elif not said or len(said) > desk.LONGEST_COMMENT:
                return _shown(request, staff, edition, fault="意见要写，最多1000字。", status=422, note=said)
            else:
                place = request.POST.get("place", "").replace("\0", "").strip()[:100]
                desk.add_comment(
                    cursor,
                    key,
                    revision=held.revision,
                    who=staff.name,
                    place=place,
                    words=said,
                    now=now(),
                )
    except EditionUnknown:
        return _gone(request, staff)
    return redirect(reverse("console:edition", kwargs={"edition": edition}) + "#comments")


@require_POST
@allowed(Permission.READ_EDITIONS)
def correction(request: HttpRequest, staff: Staff, *, edition: str) -> HttpResponse:
    """Write a correction of a sent edition, or approve another's; the latter takes a fresh code."""
    key, approved = _key(edition), request.POST.get("approve", "")
    said = request.POST.get("words", "").replace("\0", "").strip()
    actor = actor_of(staff)
    try:
        if approved.isascii() and approved.isdecimal() and len(approved) < 18:
            if Part.REVIEWER not in actor.parts:
                raise CorrectionRefused("更正要由审核来审定。")
            check_code(
                staff,
                code=request.POST.get("code", "").strip()[:40],
                sealer=sealer(),
                now=now(),
                real=real_time.time(),
            )
            with transaction.atomic(), connection.cursor() as cursor:
                desk.approve_correction(cursor, key, int(approved), who=staff.name, now=now())
            tell(request, "更正已经出现在民警的页面上。")
        else:
            if Part.EDITOR not in actor.parts:
                raise CorrectionRefused("更正由编辑来写。")
            if not said or len(said) > desk.LONGEST_CORRECTION:
                raise CorrectionRefused(f"更正要写，最多{desk.LONGEST_CORRECTION}字。")
            with transaction.atomic(), connection.cursor() as cursor:
                _edition(cursor, key)
                desk.add_correction(cursor, key, place="", words=said, who=staff.name, now=now())
            tell(request, "更正写好了，等另一位审定。")
    except EditionUnknown:
        return _gone(request, staff)
    except (CorrectionRefused, CodeWrong) as error:
        return _shown(request, staff, edition, fault=str(error), status=409, note=said)
    return redirect("console:edition", edition=edition)


def _shown(
    request: HttpRequest,
    staff: Staff,
    edition_hex: str,
    *,
    typed: Content | None = None,
    fault: str = "",
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            context = context_of(cursor, staff, _edition(cursor, _key(edition_hex)), typed)
    except EditionUnknown:
        return _gone(request, staff)
    context |= {"fault": fault, "note": note, "reviewers": reviewers_known()}
    heading = f"{context['day']} {context['kind']}"
    return framed(request, staff, "console/edition.html", context, heading=heading, status=status)


def _time(asked: str, day: date) -> datetime:
    """The time on the edition's day that was asked for, else eight."""
    try:
        found = time.fromisoformat(asked) if asked else GOES_AT
    except ValueError:
        found = GOES_AT
    return datetime.combine(day, found.replace(second=0, microsecond=0, tzinfo=None), SHANGHAI)


def _edition(cursor: Any, key: bytes) -> Edition:
    return edition(cursor, key)


def _key(words: str) -> bytes:
    """The id in an address; one that cannot be is nobody's."""
    return _bytes_of(words) or b"\0" * 16


def _bytes_of(words: str) -> bytes:
    try:
        return bytes.fromhex(words) if len(words) <= 64 else b""
    except ValueError:
        return b""


def _gone(request: HttpRequest, staff: Staff) -> HttpResponse:
    back = reverse("console:editions")
    return refused(request, staff, heading="没有这份简报", words=_GONE, status=404, back=back)
