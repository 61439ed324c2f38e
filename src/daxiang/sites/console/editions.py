"""Editions: the list, the editor, the review, and every step of the workflow."""

from __future__ import annotations

import time as real_time
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.audit.operations import record_deed
from daxiang.domains.briefings import desk
from daxiang.domains.briefings.compose import Facts, compose, is_saturday_edition, week_before, yesterday
from daxiang.domains.briefings.content import Content, Section
from daxiang.domains.briefings.errors import CorrectionRefused, DayTaken, EditionUnknown, MoveRefused
from daxiang.domains.briefings.gate import LONGEST_WORD, add_word, checked, drop_word, stop_words, stops
from daxiang.domains.briefings.operations import (
    EditionKind,
    Review,
    act,
    add_edition,
    edit,
    set_review,
    withdraw_untouched,
)
from daxiang.domains.briefings.queries import Edition, edition, editions, incidents
from daxiang.domains.briefings.workflow import Action, Part
from daxiang.domains.calendars.china import china_calendar
from daxiang.domains.officers.errors import CodeWrong
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission, Role
from daxiang.domains.officers.second_factor import check_code
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.console.edition_context import (
    ACTIONS,
    BY_PEOPLE,
    DUE,
    KINDS,
    SENT_AT,
    STATES,
    actor_of,
    context_of,
    why_not,
)
from daxiang.sites.console.edition_form import ADDABLE, NAMES, changed, read_form, with_contribution
from daxiang.sites.console.frame import address_from, framed, may, now, refused, sealer, tell
from daxiang.sites.console.staff_only import allowed

_DAYS_LISTED = 30
_GONE = "没有这份简报，请回到列表看看。"


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
    reviewers = _reviewers()
    with transaction.atomic(), connection.cursor() as cursor:
        if kind is not EditionKind.SPECIAL:
            withdraw_untouched(cursor, day=day, actor=actor_of(staff), now=at)
        made = add_edition(
            cursor,
            day=day,
            kind=kind,
            content=_draft(cursor, day, kind),
            review=Review(
                reviewer=_one_of(request.POST.get("reviewer", ""), reviewers),
                deputy=_one_of(request.POST.get("deputy", ""), reviewers),
                due_at=datetime.combine(day, DUE, SHANGHAI),
            ),
            who=staff.name,
            now=at,
        )
    return redirect("console:edition", edition=made.hex())


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
        act(cursor, key, action, actor_of(staff), now=now(), seen=seen, note=note, at=at)
        if action is Action.SEND_BACK:
            desk.add_comment(
                cursor, key, revision=held.revision, who=staff.name, place="退回", words=note, now=now()
            )
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
    known = _reviewers()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            held = _edition(cursor, _key(edition))
            set_review(
                cursor,
                held.id,
                reviewer=_one_of(request.POST.get("reviewer", ""), known),
                deputy=_one_of(request.POST.get("deputy", ""), known),
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
    tell(request, f"“{gone}”可以用了。" if gone else f"以后有“{word}”的简报定不了时、发不出。")
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
        "tomorrow": (at.date() + timedelta(days=1)).isoformat(),
        "kinds": [(kind.value, name) for kind, name in KINDS.items()],
        "reviewers": _reviewers(),
        "fault": fault,
    }
    return framed(request, staff, "console/editions.html", context, heading="简报", status=status)


def _line(one: Edition) -> dict[str, object]:
    sign, state = STATES[one.status]
    return {
        "id": one.id.hex(),
        "day": f"{one.day.month}月{one.day.day}日 周{'一二三四五六日'[one.day.weekday()]}",
        "kind": KINDS[one.kind],
        "sign": sign,
        "state": state,
        "revision": one.revision,
        "by": one.approved_by or "",
        "reviewer": one.reviewer,
        "at": "" if one.scheduled_for is None else f"{one.scheduled_for.astimezone(SHANGHAI):%H:%M}",
    }


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
    context |= {"fault": fault, "note": note, "reviewers": _reviewers()}
    heading = f"{context['day']} {context['kind']}"
    return framed(request, staff, "console/edition.html", context, heading=heading, status=status)


def _draft(cursor: Any, day: date, kind: EditionKind) -> Content:
    if kind is EditionKind.SPECIAL:
        section = Section(kind=ADDABLE[0], title=NAMES[ADDABLE[0]])
        return Content(title=f"{day.month}月{day.day}日 专刊", teaser="", sections=(section,))
    period = yesterday(day)
    before = week_before(period)
    then = incidents(cursor, start=before.start, end=before.end)
    is_rich = kind is EditionKind.SATURDAY or is_saturday_edition(day, china_calendar())
    six = datetime.combine(day, time(6), SHANGHAI)
    facts = Facts(
        day=day,
        is_saturday_edition=is_rich,
        incidents=incidents(cursor, start=period.start, end=period.end),
        before=then or None,
        corrections=desk.corrections_since(cursor, since=six - timedelta(days=1), until=six),
    )
    return compose(facts, period)


def _reviewers() -> list[str]:
    held = Staff.objects.filter(is_active=True, roles__contains=[Role.REVIEWER.value])
    return list(held.order_by("name").values_list("name", flat=True))


def _time(asked: str, day: date) -> datetime:
    """The time on the edition's day that was asked for, else eight."""
    try:
        found = time.fromisoformat(asked) if asked else SENT_AT
    except ValueError:
        found = SENT_AT
    return datetime.combine(day, found.replace(second=0, microsecond=0, tzinfo=None), SHANGHAI)


def _one_of(name: str, known: list[str]) -> str:
    return name if name in known else ""


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
