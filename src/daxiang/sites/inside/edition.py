"""An edition on the officer's own page: hers alone, watermarked, dead in half an hour.

There is no session and no form token: the address holds a secret of 192 bits, and every page and act needs a
device cookie of the same officer besides, which no other site can have sent along (SameSite).
"""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.briefings import desk
from daxiang.domains.briefings.errors import EditionUnknown
from daxiang.domains.briefings.media import media_in, media_of
from daxiang.domains.briefings.queries import Edition
from daxiang.domains.briefings.queries import edition as read_edition
from daxiang.domains.briefings.receipts import mark_read, receipt_of
from daxiang.domains.briefings.workflow import Status
from daxiang.domains.officers.links import Opened, open_link
from daxiang.domains.officers.roll import veiled
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.edition_view import told
from daxiang.sites.inside import doors
from daxiang.sites.inside.doors import closed, now, sealer, unstored


@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The edition for whoever it is of; a question to any other browser; a page that shows nothing else."""
    opened, held = _opened(request, token)
    if opened is None or held is None:
        return closed(request)
    if not opened.is_proven:
        return doors.asked(request, token, "inside:prove")
    return _shown(request, token, opened, held)


@csrf_exempt
@require_POST
def prove_page(request: HttpRequest, token: str) -> HttpResponse:
    """The last signs of the number: then this browser is the officer's for a month."""
    return doors.proven(request, token, asks="inside:prove", leads_to="inside:edition")


@csrf_exempt
@require_POST
def read(request: HttpRequest, token: str) -> HttpResponse:
    """已读."""
    return _marked(request, token, understood=False)


@csrf_exempt
@require_POST
def understood(request: HttpRequest, token: str) -> HttpResponse:
    """明白了: of what everybody must know."""
    return _marked(request, token, understood=True)


@require_safe
def medium(request: HttpRequest, token: str, medium: str) -> HttpResponse:
    """A picture of this edition, and of no other."""
    opened, held = _opened(request, token)
    if opened is None or held is None or not opened.is_proven or medium not in media_in(held.content):
        return closed(request)
    return doors.picture(request, medium)


def _marked(request: HttpRequest, token: str, *, understood: bool) -> HttpResponse:
    opened, held = _opened(request, token)
    if opened is None or held is None or not opened.is_proven:
        return closed(request)
    with transaction.atomic(), connection.cursor() as cursor:
        mark_read(cursor, held.id, opened.officer.id, now=now(), understood=understood)
    return unstored(redirect("inside:edition", token=token))


def _shown(request: HttpRequest, token: str, opened: Opened, held: Edition) -> HttpResponse:
    officer, moment = opened.officer, now().astimezone(SHANGHAI)
    with connection.cursor() as cursor:
        receipt = receipt_of(cursor, held.id, officer.id)
        corrections = desk.corrections(cursor, held.id, approved=True)
        media = media_of(cursor, media_in(held.content))
    context = {
        "token": token,
        "view": told(held.content, media=media),
        "by": veiled(held.approved_by) if held.approved_by else "",
        "mark": f"{officer.name} {officer.unit_name} {officer.number} {moment:%m-%d %H:%M}",
        "rows": range(60, 1400, 96),
        "minutes": max(1, int((opened.until - moment).total_seconds()) // 60),
        "read_at": receipt.read_at,
        "understood": receipt.understood_at,
        "corrections": corrections,
    }
    return unstored(render(request, "inside/edition.html", context))


def _opened(request: HttpRequest, token: str) -> tuple[Opened | None, Edition | None]:
    """The link and what it leads to: an edition that was sent, or is being sent."""
    device = request.COOKIES.get(doors.DEVICE_COOKIE, "")
    with connection.cursor() as cursor:
        opened = open_link(cursor, token[:100], device=device, sealer=sealer(), now=now())
        if opened is None:
            return None, None
        try:
            held = read_edition(cursor, opened.target)
        except EditionUnknown:
            return opened, None
    return opened, held if held.status in (Status.SENT, Status.SENDING) else None
