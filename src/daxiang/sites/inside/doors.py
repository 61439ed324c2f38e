"""What an officer's pages share: whose browser it is, and what everybody else sees."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from daxiang.domains.briefings.media import read_medium
from daxiang.domains.officers.links import DEVICE_FOR, open_link, prove
from daxiang.foundation.sealing import Sealer
from daxiang.kernel.clock import clock_from

DEVICE_COOKIE = "daxiang_officer"
_WRONG = "对不上。想一想再写；错三次，这个链接就关了。"


def asked(request: HttpRequest, token: str, page: str, *, fault: str = "", status: int = 200) -> HttpResponse:
    """Whether it is she: asked once a month of a browser. `page`: the view that takes the answer."""
    context = {"token": token, "page": page, "fault": fault}
    return unstored(render(request, "inside/prove.html", context, status=status))


def proven(request: HttpRequest, token: str, *, asks: str, leads_to: str) -> HttpResponse:
    """Take the last signs of the number: then this browser is the officer's for a month."""
    with transaction.atomic(), connection.cursor() as cursor:
        tail = request.POST.get("tail", "")[:20]
        device = prove(cursor, token, tail, sealer=sealer(), now=now())
        is_open = open_link(cursor, token[:100], device="", sealer=sealer(), now=now()) is not None
    if not is_open:
        return closed(request)
    if device is None:
        return asked(request, token, asks, fault=_WRONG, status=403)
    response = redirect(leads_to, token=token)
    response.set_cookie(
        DEVICE_COOKIE,
        device,
        max_age=int(DEVICE_FOR.total_seconds()),
        path="/m/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return unstored(response)


def picture(request: HttpRequest, medium: str) -> HttpResponse:
    """One of the library, whose page may show it."""
    with connection.cursor() as cursor:
        found = read_medium(cursor, medium)
    if found is None:
        return closed(request)
    return unstored(HttpResponse(found[1], content_type=found[0]))


def closed(request: HttpRequest) -> HttpResponse:
    """Of an unknown, a forwarded, an expired one, and of a leaver's: always the same."""
    return unstored(render(request, "inside/closed.html", status=404))


def unstored(response: HttpResponse) -> HttpResponse:
    """Kept nowhere, and its address told to nobody."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def now() -> datetime:
    """Business time."""
    return clock_from(settings.DAXIANG.clock_file).now()


def sealer() -> Sealer:
    return Sealer(settings.DAXIANG.data_keys)
