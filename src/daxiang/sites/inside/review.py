"""The review on a reviewer's own phone, out of the chat: one link, one act, with a fresh code.

As with an edition's page there is no session and no form token. The address holds a secret of 192 bits and
ends with the act or after fifteen minutes; it opens only in a browser that is the officer's, and only for the
revision that it was made of. The act itself takes a code of the account's second factor.
"""

from __future__ import annotations

import time as real_time
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.audit.operations import record_deed
from daxiang.domains.briefings import desk
from daxiang.domains.briefings.differences import changes
from daxiang.domains.briefings.errors import DayTaken, EditionUnknown, MoveRefused
from daxiang.domains.briefings.gate import checked, stops
from daxiang.domains.briefings.media import media_in, media_of
from daxiang.domains.briefings.operations import Cursor, act, set_review
from daxiang.domains.briefings.queries import Edition
from daxiang.domains.briefings.queries import edition as read_edition
from daxiang.domains.briefings.reviewing import OfReview, compared_with, review_of
from daxiang.domains.briefings.times import GOES_AT
from daxiang.domains.briefings.workflow import Action, Actor, Part
from daxiang.domains.officers.errors import CodeWrong
from daxiang.domains.officers.links import Opened, open_link, use_link
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission, permissions_of
from daxiang.domains.officers.second_factor import check_code
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.edition_view import told
from daxiang.sites.inside import doors
from daxiang.sites.inside.doors import closed, now, sealer, unstored

_CHANGED = "稿子在您看的时候改过了。回内部号发“待审”，看新的一稿。"
_NO_REASON = "退回要写一句原因。"
_NOBODY = "没有备审人可以交。"


@dataclass(frozen=True, kw_only=True)
class _Review:
    """Who reviews what by this link. `is_changed`: the text that stands is not the link's any more."""

    opened: Opened
    staff: Staff
    of: OfReview
    held: Edition

    @property
    def is_changed(self) -> bool:
        return self.held.digest != self.of.digest

    @property
    def actor(self) -> Actor:
        return Actor(name=self.staff.name, parts=frozenset({Part.REVIEWER}))

    @property
    def other(self) -> str:
        """Whom it can be handed to."""
        held = self.held
        return held.deputy if held.deputy not in ("", self.staff.name) else held.reviewer


@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The text that would be sent, what changed in it, and the act."""
    found = _found(request, token)
    if found is None:
        return closed(request)
    if not found.opened.is_proven:
        return doors.asked(request, token, "inside:review-prove")
    return _shown(request, token, found)


@csrf_exempt
@require_POST
def prove_page(request: HttpRequest, token: str) -> HttpResponse:
    """The last signs of the number: then this browser is the officer's for a month."""
    return doors.proven(request, token, asks="inside:review-prove", leads_to="inside:review")


@require_safe
def medium(request: HttpRequest, token: str, medium: str) -> HttpResponse:
    """A picture of this edition, and of no other."""
    found = _found(request, token)
    if found is None or not found.opened.is_proven or medium not in media_in(found.held.content):
        return closed(request)
    return doors.picture(request, medium)


@csrf_exempt
@require_POST
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Approve, send back or hand on; then the link is used up."""
    found = _found(request, token)
    if found is None:
        return closed(request)
    if not found.opened.is_proven:
        return redirect("inside:review", token=token)
    note = request.POST.get("note", "").replace("\0", "").strip()[: desk.LONGEST_COMMENT]
    wanted = request.POST.get("do", "")
    fault = _CHANGED if found.is_changed else _why_not(wanted, note, found)
    if fault:
        return _shown(request, token, found, fault=fault, wanted=wanted, note=note)
    code = request.POST.get("code", "").strip()[:40]
    try:
        check_code(found.staff, code=code, sealer=sealer(), now=now(), real=real_time.time())
        with transaction.atomic(), connection.cursor() as cursor:
            if not use_link(cursor, token, now=now()):
                return closed(request)
            words = _DEEDS[wanted](cursor, found, note)
            record_deed(
                who=found.staff.name,
                deed="edition_acted",
                target=f"{found.held.day} {_NAMES[wanted]}，在手机上",
                at=now(),
            )
    except (CodeWrong, MoveRefused) as error:
        return _shown(request, token, found, fault=str(error), wanted=wanted, note=note)
    except EditionUnknown:
        return closed(request)
    return unstored(render(request, "inside/reviewed.html", {"words": words}))


def _approve(cursor: Cursor, found: _Review, note: str) -> str:
    """And set the time, where nothing is in its way: the reviewer may have no other chance before eight."""
    del note
    at = datetime.combine(found.held.day, GOES_AT, SHANGHAI)
    act(cursor, found.held.id, Action.APPROVE, found.actor, now=now(), seen=found.of.digest)
    in_the_way = stops(checked(cursor, found.held.content, day=found.held.day))
    if in_the_way:
        return f"审定了，没有定时：{in_the_way[0].where}，{in_the_way[0].says}"
    try:
        with transaction.atomic():
            act(cursor, found.held.id, Action.SCHEDULE, found.actor, now=now(), at=at)
    except (MoveRefused, DayTaken) as error:
        return f"审定了，没有定时：{error}"
    return f"审定了，{at.month}月{at.day}日8:00发出。"


def _send_back(cursor: Cursor, found: _Review, note: str) -> str:
    desk.send_back(cursor, found.held, found.actor, note=note, now=now())
    return "退回了，写稿的人会看到您的话。"


def _hand_on(cursor: Cursor, found: _Review, note: str) -> str:
    del note
    set_review(cursor, found.held.id, reviewer=found.other, deputy=found.staff.name)
    return f"交给{found.other}了，请打个电话说一声。"


_DEEDS = {"approve": _approve, "send_back": _send_back, "hand_on": _hand_on}
_NAMES = {"approve": "审定", "send_back": "退回", "hand_on": "交给备审"}


def _why_not(wanted: str, note: str, found: _Review) -> str:
    """What can be said before a code is spent."""
    if wanted not in _DEEDS:
        return "请选要做哪一步。"
    if wanted == "send_back" and not note:
        return _NO_REASON
    return _NOBODY if wanted == "hand_on" and found.other in ("", found.staff.name) else ""


def _found(request: HttpRequest, token: str) -> _Review | None:
    """The link's review; None for a wrong or used link, and once its officer may review no more."""
    device = request.COOKIES.get(doors.DEVICE_COOKIE, "")
    with connection.cursor() as cursor:
        opened = open_link(cursor, token[:100], device=device, sealer=sealer(), now=now())
        of = None if opened is None else review_of(opened.target)
        if opened is None or of is None:
            return None
        staff = Staff.objects.filter(officer=opened.officer.id, is_active=True).first()
        if staff is None or Permission.REVIEW_EDITIONS not in permissions_of(staff.roles):
            return None
        try:
            held = read_edition(cursor, of.edition)
        except EditionUnknown:
            return None
    return _Review(opened=opened, staff=staff, of=of, held=held)


def _shown(
    request: HttpRequest, token: str, found: _Review, *, fault: str = "", wanted: str = "", note: str = ""
) -> HttpResponse:
    held, officer, moment = found.held, found.opened.officer, now().astimezone(SHANGHAI)
    if found.is_changed:
        return unstored(render(request, "inside/reviewed.html", {"words": _CHANGED}, status=409))
    with connection.cursor() as cursor:
        since = compared_with(cursor, held)
        before = desk.revision(cursor, held.id, since).content if since else None
        context: dict[str, object] = {
            "token": token,
            "view": told(held.content, media=media_of(cursor, media_in(held.content))),
            "found": checked(cursor, held.content, day=held.day),
        }
    context |= {
        "day": f"{held.day.month}月{held.day.day}日",
        "revision": held.revision,
        "print": held.digest.hex()[:16],
        "since": since,
        "changes": [] if before is None else changes(before, held.content),
        "mark": f"{officer.name} {officer.unit_name} {officer.number} {moment:%m-%d %H:%M}",
        "rows": range(60, 1400, 96),
        "minutes": max(1, int((found.opened.until - now()).total_seconds()) // 60),
        "other": "" if found.other == found.staff.name else found.other,
        "fault": fault,
        "wanted": wanted,
        "note": note,
    }
    return unstored(render(request, "inside/review.html", context, status=409 if fault else 200))
