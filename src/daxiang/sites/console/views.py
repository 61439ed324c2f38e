"""The console's pages: signing in, and the messages that people left. A view parses, asks once, renders."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daxiang.domains.officers.errors import PasswordUnfit, PasswordWrong, TooManyAtOnce
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.operations import LONGEST_WAIT, set_own_password, sign_in
from daxiang.domains.officers.operations import sign_out as record_sign_out
from daxiang.domains.officers.rules import LONGEST_PASSWORD, MOST_FAILURES, SHORTEST_PASSWORD
from daxiang.domains.residents.queries import LeftMessage
from daxiang.foundation import metrics
from daxiang.foundation.logs import MASK, masked
from daxiang.foundation.sealing import Sealer
from daxiang.kernel.clock import SHANGHAI, clock_from
from daxiang.sites.console.addresses import address_of
from daxiang.sites.console.looking import (
    Purpose,
    done_with_message,
    look_at_messages,
    look_at_whole_message,
)
from daxiang.sites.console.signing_in import begin, end, staff_of
from daxiang.sites.console.staff_only import staff_only, unstored

_LONGEST_NAME = 100
NOT_IN = f"登录名或密码不对。连错{MOST_FAILURES}次，要等1分钟才能再试；再错，等得更久。"
"""The same whether the name exists, the password is wrong or this address has to wait."""
_UNREADABLE = "（打不开：缺少当时的密钥）"


def _now() -> datetime:
    return clock_from(settings.DAXIANG.clock_file).now()


def _from(request: HttpRequest) -> str:
    return address_of(request.META, settings.DAXIANG.proxies)


def _sealer() -> Sealer:
    return Sealer(settings.DAXIANG.data_keys)


@require_safe
@staff_only()
def start(_request: HttpRequest, _staff: Staff) -> HttpResponse:
    """The only page so far."""
    return redirect("console:messages")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Name and password; whoever is in already goes on."""
    if request.method != "POST":
        if staff_of(request) is not None:
            return unstored(redirect("console:start"))
        return unstored(render(request, "console/sign_in.html"))
    name = request.POST.get("name", "").strip()[:_LONGEST_NAME].replace("\0", "")
    try:
        staff = sign_in(
            name=name, password=_password(request, "password"), address=_from(request), now=_now()
        )
    except TooManyAtOnce as error:
        metrics.sign_ins_total.labels(outcome="not_tried").inc()
        return _not_in(request, str(error), name=name, status=503)
    metrics.sign_ins_total.labels(outcome="in" if staff else "refused").inc()
    if staff is None:
        return _not_in(request, NOT_IN, name=name, status=403)
    begin(request, staff)
    return unstored(redirect("console:start"))


def _password(request: HttpRequest, field: str) -> str:
    """As typed, cut where it is too long for a password in any case."""
    return request.POST.get(field, "")[: LONGEST_PASSWORD + 1]


def _not_in(request: HttpRequest, fault: str, *, name: str, status: int) -> HttpResponse:
    return _answer(request, "console/sign_in.html", {"fault": fault, "name": name}, status)


def _answer(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
    """A page that says what went wrong; where there was no room, with when to come again."""
    response = unstored(render(request, template, context, status=status))
    if status == 503:
        response["Retry-After"] = str(math.ceil(LONGEST_WAIT))
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session here and in the database."""
    staff = staff_of(request)
    if staff is not None:
        record_sign_out(staff, address=_from(request), now=_now())
    end(request)
    return unstored(redirect("console:sign-in"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(with_printed_password=True)
def own_password(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Set a password of one's own: the first thing after the printed one, and whenever one likes."""
    context: dict[str, object] = {"staff": staff, "shortest": SHORTEST_PASSWORD}
    if request.method == "POST":
        try:
            begin(request, _with_own_password(request, staff))
        except (PasswordUnfit, PasswordWrong, TooManyAtOnce) as error:
            status = 503 if isinstance(error, TooManyAtOnce) else 422
            return _answer(request, "console/password.html", {**context, "fault": str(error)}, status)
        return redirect("console:start")
    return render(request, "console/password.html", context)


def _with_own_password(request: HttpRequest, staff: Staff) -> Staff:
    password = _password(request, "password")
    if password != _password(request, "again"):
        raise PasswordUnfit("两次写的不一样，请再写一遍。")
    present = _password(request, "present")
    return set_own_password(staff, present=present, password=password, address=_from(request), now=_now())


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message as the page shows it."""

    number: int
    left: str
    words: str
    is_closed: bool
    is_masked: bool
    """Something in the words is not shown."""


@require_safe
@staff_only()
def messages(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What people left for the officers, the newest first; `?before=1234` goes on from there."""
    before = request.GET.get("before", "")
    page = look_at_messages(
        who=staff.name,
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
        sealer=_sealer(),
        now=_now(),
    )
    context = {
        "staff": staff,
        "lines": [_line(one) for one in page.messages],
        "purposes": list(Purpose),
        "older": page.messages[-1].number if page.has_more and page.messages else None,
        "is_first": before == "",
        "kept_days": settings.DAXIANG.retention.messages_days,
    }
    return render(request, "console/messages.html", context)


@require_POST
@staff_only()
def whole_message(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """One message with nothing masked, for a purpose that is written down with the look."""
    purpose = request.POST.get("purpose", "")
    if purpose not in list(Purpose):
        return redirect("console:messages")
    found = _known(number) and look_at_whole_message(
        who=staff.name, number=number, purpose=Purpose(purpose), sealer=_sealer(), now=_now()
    )
    if not found:
        return render(request, "console/no_message.html", {"staff": staff, "number": number}, status=404)
    context = {"staff": staff, "line": _line(found, is_whole=True), "purpose": purpose}
    return render(request, "console/whole_message.html", context)


@require_POST
@staff_only()
def message_done(request: HttpRequest, staff: Staff, *, number: int) -> HttpResponse:
    """Done with: some time later it goes."""
    if _known(number):
        done_with_message(who=staff.name, number=number, address=_from(request), now=_now())
    return redirect("console:messages")


def _known(number: int) -> bool:
    """Whether a message could have this number at all."""
    return number < 2**63


def _line(message: LeftMessage, *, is_whole: bool = False) -> Line:
    left = message.left_at.astimezone(SHANGHAI)
    words = message.words if message.words is not None else _UNREADABLE
    shown = words if is_whole else masked(words)
    return Line(
        number=message.number,
        left=f"{left.month}月{left.day}日 {left.hour}:{left.minute:02}",
        words=shown,
        is_closed=message.is_closed,
        is_masked=MASK in shown and MASK not in words,
    )
