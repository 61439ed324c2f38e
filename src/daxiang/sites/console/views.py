"""The console's pages: signing in, and the messages that people left. A view parses, asks once, renders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daxiang.domains.officers.errors import PasswordUnfit, PasswordWrong, TooManyAtOnce
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.operations import set_own_password, sign_in
from daxiang.domains.officers.rules import LOCKED_FOR, LONGEST_PASSWORD, MOST_FAILURES, SHORTEST_PASSWORD
from daxiang.domains.residents.queries import LeftMessage
from daxiang.foundation import metrics
from daxiang.foundation.logs import masked
from daxiang.foundation.sealing import Sealer
from daxiang.kernel.clock import SHANGHAI, clock_from
from daxiang.sites.console.looking import look_at_messages
from daxiang.sites.console.signing_in import begin, end, staff_of
from daxiang.sites.console.staff_only import staff_only, unstored

_LONGEST_NAME = 100
NOT_IN = f"登录名或密码不对。连错{MOST_FAILURES}次，这个账号会锁{int(LOCKED_FOR.total_seconds() // 60)}分钟。"
"""The same whether the name exists, the password is wrong or the account is locked."""


def _now() -> datetime:
    return clock_from(settings.DAXIANG.clock_file).now()


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
        staff = sign_in(name=name, password=_password(request, "password"), now=_now())
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
    return unstored(render(request, "console/sign_in.html", {"fault": fault, "name": name}, status=status))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session here and in the database."""
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
            return render(request, "console/password.html", {**context, "fault": str(error)}, status=status)
        return redirect("console:start")
    return render(request, "console/password.html", context)


def _with_own_password(request: HttpRequest, staff: Staff) -> Staff:
    password = _password(request, "password")
    if password != _password(request, "again"):
        raise PasswordUnfit("两次写的不一样，请再写一遍。")
    return set_own_password(staff, present=_password(request, "present"), password=password, now=_now())


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message as the page shows it."""

    number: int
    left: str
    words: str


@require_safe
@staff_only()
def messages(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What people left for the officers, the newest first; `?before=1234` goes on from there."""
    before = request.GET.get("before", "")
    page = look_at_messages(
        who=staff.name,
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
        sealer=Sealer(settings.DAXIANG.data_keys),
        now=_now(),
    )
    context = {
        "staff": staff,
        "lines": [_line(one) for one in page.messages],
        "older": page.messages[-1].number if page.has_more else None,
        "is_first": before == "",
    }
    return render(request, "console/messages.html", context)


def _line(message: LeftMessage) -> Line:
    left = message.left_at.astimezone(SHANGHAI)
    return Line(
        number=message.number,
        left=f"{left.month}月{left.day}日 {left.hour}:{left.minute:02}",
        words=masked(message.words) if message.words is not None else "（打不开：缺少当时的密钥）",
    )
