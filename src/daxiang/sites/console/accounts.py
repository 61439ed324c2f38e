"""Accounts of the console: who may sign in, and as what. For administrators."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from daxiang.domains.officers.errors import (
    LastAdministrator,
    NameTaken,
    OfficerTaken,
    OfficerUnknown,
    StaffUnknown,
)
from daxiang.domains.officers.models import Staff, StaffFactor
from daxiang.domains.officers.operations import (
    add_staff,
    end_staff,
    renew_password,
    set_officer,
    set_roles,
)
from daxiang.domains.officers.people import officer_of_number
from daxiang.domains.officers.people_marks import PeopleMarks
from daxiang.domains.officers.people_queries import Officer, officers_of_ids
from daxiang.domains.officers.permissions import NAMES, Permission, Role
from daxiang.domains.officers.roll import veiled
from daxiang.domains.officers.rules import ONE_TIME_FOR
from daxiang.domains.officers.second_factor import reset_factor
from daxiang.sites.console.frame import framed, now, refused, sealer, tell
from daxiang.sites.console.staff_only import allowed

_HEADING = "工作台账号"
_LONGEST_NAME = 40


@require_safe
@allowed(Permission.ACCOUNTS)
def accounts(request: HttpRequest, staff: Staff) -> HttpResponse:
    """All accounts, with their roles."""
    return _shown(request, staff)


@require_POST
@allowed(Permission.ACCOUNTS)
def add(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A new account; its printed password is shown once."""
    name, wanted = request.POST.get("name", "").strip(), _roles(request)
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        return _shown(request, staff, fault=f"登录名要写，最多{_LONGEST_NAME}个字。", name=name, status=422)
    if not wanted:
        return _shown(request, staff, fault="至少选一个岗位。", name=name, status=422)
    try:
        password = add_staff(name=name, by=staff.name, now=now(), roles=wanted)
    except NameTaken as error:
        return _shown(request, staff, fault=str(error), name=name, status=422)
    return _shown(request, staff, printed=(name, password))


@require_POST
@allowed(Permission.ACCOUNTS)
def roles(request: HttpRequest, staff: Staff, *, pk: int) -> HttpResponse:
    """Other roles, from the next request on."""
    return _changed(request, staff, pk, lambda name: _set_roles(request, staff, name))


@require_POST
@allowed(Permission.ACCOUNTS)
def officer(request: HttpRequest, staff: Staff, *, pk: int) -> HttpResponse:
    """Whose account it is, by the number on the roll; empty: nobody's. A reviewer then reviews from the chat,
    and the account ends when the officer leaves.
    """
    number = request.POST.get("number", "").replace("\0", "").strip()[:20]

    def linked(name: str) -> str:
        with connection.cursor() as cursor:
            marks = PeopleMarks(settings.DAXIANG.index_key)
            ident = officer_of_number(cursor, number, marks=marks) if number else None
        set_officer(name=name, officer=ident, by=staff.name, now=now())
        return f"{name} 现在是警号 {number}。" if number else f"{name} 不再连着哪位民警。"

    return _changed(request, staff, pk, linked)


@require_POST
@allowed(Permission.ACCOUNTS)
def renew(request: HttpRequest, staff: Staff, *, pk: int) -> HttpResponse:
    """A new printed password, shown once; every session of the account ends."""
    held = Staff.objects.filter(pk=pk).first() if pk < 2**63 else None
    if held is None:
        return _unknown(request, staff)
    password = renew_password(name=held.name, by=staff.name, now=now())
    return _shown(request, staff, printed=(held.name, password))


@require_POST
@allowed(Permission.ACCOUNTS)
def reset_code(request: HttpRequest, staff: Staff, *, pk: int) -> HttpResponse:
    """The telephone is lost: another one is bound at the next sign-in."""

    def reset(name: str) -> str:
        reset_factor(name=name, by=staff.name, now=now())
        return f"{name} 的手机验证器解绑了，下次登录时重新绑。"

    return _changed(request, staff, pk, reset)


@require_POST
@allowed(Permission.ACCOUNTS)
def finish(request: HttpRequest, staff: Staff, *, pk: int) -> HttpResponse:
    """The account opens nothing any more."""

    def ended(name: str) -> str:
        if name == staff.name:
            raise LastAdministrator("不能停用自己的账号，请另一位管理员来做。")
        end_staff(name=name, by=staff.name, now=now())
        return f"{name} 停用了，已经登录的也退出了。"

    return _changed(request, staff, pk, ended)


def _changed(request: HttpRequest, staff: Staff, pk: int, change: object) -> HttpResponse:
    held = Staff.objects.filter(pk=pk).first() if pk < 2**63 else None
    if held is None:
        return _unknown(request, staff)
    try:
        told = change(held.name)  # type: ignore[operator]
    except (LastAdministrator, OfficerTaken, OfficerUnknown, StaffUnknown) as error:
        return _shown(request, staff, fault=str(error), status=409)
    tell(request, told)
    return redirect("console:accounts")


def _set_roles(request: HttpRequest, staff: Staff, name: str) -> str:
    wanted = _roles(request)
    set_roles(name=name, roles=wanted, by=staff.name, now=now())
    told = "、".join(NAMES[one] for one in wanted) or "没有岗位"
    return f"{name} 现在是：{told}。"


def _roles(request: HttpRequest) -> list[Role]:
    asked = request.POST.getlist("roles")
    return [role for role in Role if role in asked]


def _whose(officer: Officer | None) -> str:
    return "" if officer is None else f"{veiled(officer.name)}，{officer.unit_name}"


def _unknown(request: HttpRequest, staff: Staff) -> HttpResponse:
    return refused(request, staff, heading="没有这个账号", words="请回到名单再看看。", status=404)


def _shown(
    request: HttpRequest,
    staff: Staff,
    *,
    fault: str = "",
    name: str = "",
    printed: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    held = list(Staff.objects.order_by("-is_active", "name"))
    with connection.cursor() as cursor:
        ids = [one.officer for one in held if one.officer is not None]
        officers = officers_of_ids(cursor, ids, sealer=sealer())
    bound = set(StaffFactor.objects.filter(confirmed_at__isnull=False).values_list("staff", flat=True))
    lines = [
        {
            "pk": one.pk,
            "name": one.name,
            "roles": one.roles,
            "told_roles": "、".join(NAMES[role] for role in Role if role in one.roles) or "没有岗位",
            "sign": "idle" if not one.is_active else "warn" if one.must_change else "ok",
            "state": "停用" if not one.is_active else "还没设密码" if one.must_change else "在用",
            "is_active": one.is_active,
            "is_bound": one.pk in bound,
            "last": one.last_login,
            "is_me": one.pk == staff.pk,
            "officer": _whose(officers.get(one.officer or 0)),
        }
        for one in held
    ]
    context: dict[str, object] = {
        "lines": lines,
        "all_roles": [(role.value, NAMES[role]) for role in Role],
        "name": name,
        "fault": fault,
        "printed": printed,
        "days": ONE_TIME_FOR.days,
    }
    return framed(request, staff, "console/accounts.html", context, heading=_HEADING, status=status)
