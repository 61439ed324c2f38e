"""The door of the console: name and password, then a code of the telephone; an own password; the way out."""

from __future__ import annotations

import base64
import io
import math
import time

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daxiang.domains.officers.errors import CodeWrong, PasswordUnfit, PasswordWrong, TooManyAtOnce
from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.operations import LONGEST_WAIT, set_own_password, sign_in
from daxiang.domains.officers.operations import sign_out as record_sign_out
from daxiang.domains.officers.rules import LONGEST_PASSWORD, MOST_FAILURES, SHORTEST_PASSWORD
from daxiang.domains.officers.second_factor import check_code, enrol, has_factor, secret_to_enrol
from daxiang.domains.officers.totp import address_for_phone, spelled
from daxiang.foundation import metrics
from daxiang.sites.console.frame import address_from, first_page, now, refused, sealer, theme_of
from daxiang.sites.console.signing_in import begin, end, has_passed, staff_of
from daxiang.sites.console.staff_only import staff_only, unstored

_LONGEST_NAME, _LONGEST_CODE = 100, 40
NOT_IN = f"登录名或密码不对。连错{MOST_FAILURES}次，要等1分钟才能再试；再错，等得更久。"
"""The same whether the name exists, the password is wrong or this address has to wait."""


@require_safe
@staff_only()
def start(request: HttpRequest, staff: Staff) -> HttpResponse:
    """On to what the roles begin with."""
    to = first_page(staff)
    if to is None:
        words = "您的账号还没有岗位。请管理员在“工作台账号”里给您定一个。"
        return refused(request, staff, heading="还没有岗位", words=words, status=403)
    return redirect(to)


@require_safe
@staff_only()
def nowhere(request: HttpRequest, staff: Staff, *, rest: str) -> HttpResponse:
    """An address of the console that leads to no page: said inside the console, not as to a citizen."""
    del rest
    words = "地址可能打错了，或者这一页搬走了。"
    return refused(request, staff, heading="没有这一页", words=words, status=404)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Name and password; whoever is in already goes on."""
    if request.method != "POST":
        if staff_of(request) is not None:
            return unstored(redirect("console:start"))
        return _gate(request, "console/sign_in.html", {})
    name = request.POST.get("name", "").strip()[:_LONGEST_NAME].replace("\0", "")
    try:
        staff = sign_in(
            name=name, password=_password(request, "password"), address=address_from(request), now=now()
        )
    except TooManyAtOnce as error:
        metrics.sign_ins_total.labels(outcome="not_tried").inc()
        return _gate(request, "console/sign_in.html", {"fault": str(error), "name": name}, status=503)
    metrics.sign_ins_total.labels(outcome="in" if staff else "refused").inc()
    if staff is None:
        return _gate(request, "console/sign_in.html", {"fault": NOT_IN, "name": name}, status=403)
    begin(request, staff)
    return unstored(redirect("console:start"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(before_code=True)
def code_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The second factor."""
    if has_passed(request):
        return redirect("console:start")
    if not has_factor(staff):
        return redirect("console:enrol")
    if request.method != "POST":
        return _gate(request, "console/code.html", {"staff": staff})
    try:
        check_code(staff, code=_code(request), sealer=sealer(), now=now(), real=time.time())
    except CodeWrong as error:
        metrics.sign_ins_total.labels(outcome="refused").inc()
        return _gate(request, "console/code.html", {"staff": staff, "fault": str(error)}, status=403)
    begin(request, staff, passed=True)
    return redirect("console:start")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(before_code=True)
def enrol_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Bind the telephone, once; then the recovery codes are shown, once."""
    secret = secret_to_enrol(staff, sealer=sealer())
    if secret is None:
        return redirect("console:start")
    square = _square(address_for_phone(secret, name=staff.name, issuer=f"{settings.DAXIANG.city} 工作台"))
    context: dict[str, object] = {"staff": staff, "square": square, "spelled": spelled(secret)}
    if request.method != "POST":
        return _gate(request, "console/enrol.html", context)
    try:
        codes = enrol(staff, code=_code(request), sealer=sealer(), now=now(), real=time.time())
    except CodeWrong as error:
        return _gate(request, "console/enrol.html", {**context, "fault": str(error)}, status=422)
    begin(request, staff, passed=True)
    return _gate(request, "console/recovery.html", {"staff": staff, "codes": codes})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session here and in the database."""
    staff = staff_of(request)
    if staff is not None:
        record_sign_out(staff, address=address_from(request), now=now())
    end(request)
    return unstored(redirect("console:sign-in"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(with_printed_password=True)
def own_password(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Set a password of one's own: the first thing after the printed one, and whenever one likes."""
    context: dict[str, object] = {"staff": staff, "shortest": SHORTEST_PASSWORD}
    if request.method == "POST":
        passed = has_passed(request)
        try:
            begin(request, _with_own_password(request, staff), passed=passed)
        except (PasswordUnfit, PasswordWrong, TooManyAtOnce) as error:
            status = 503 if isinstance(error, TooManyAtOnce) else 422
            return _gate(request, "console/password.html", {**context, "fault": str(error)}, status=status)
        return redirect("console:start")
    return _gate(request, "console/password.html", context)


def _with_own_password(request: HttpRequest, staff: Staff) -> Staff:
    password = _password(request, "password")
    if password != _password(request, "again"):
        raise PasswordUnfit("两次写的不一样，请再写一遍。")
    present = _password(request, "present")
    return set_own_password(
        staff, present=present, password=password, address=address_from(request), now=now()
    )


def _password(request: HttpRequest, field: str) -> str:
    """As typed, cut where it is too long for a password in any case."""
    return request.POST.get(field, "")[: LONGEST_PASSWORD + 1]


def _code(request: HttpRequest) -> str:
    return request.POST.get("code", "").strip()[:_LONGEST_CODE]


def _square(words: str) -> str:
    """A QR code as a picture inside the page."""
    drawn = io.BytesIO()
    segno.make(words, micro=False).save(drawn, kind="png", scale=6, border=2)
    return "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()


def _gate(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """A page before the frame; where there was no room, with when to come again."""
    whole = {"theme": theme_of(request), **context}
    response = unstored(render(request, template, whole, status=status))
    if status == 503:
        response["Retry-After"] = str(math.ceil(LONGEST_WAIT))
    return response
