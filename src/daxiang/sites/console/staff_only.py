"""Who may see a page of the console: signed-in staff, past both factors, whose roles allow it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from daxiang.domains.officers.models import Staff
from daxiang.domains.officers.permissions import Permission, permissions_of
from daxiang.domains.officers.second_factor import has_factor
from daxiang.sites.console.signing_in import has_passed, staff_of

Page = Callable[..., HttpResponse]
"""Takes the request, the staff account, and what the address names."""
View = Callable[..., HttpResponse]


def unstored(response: HttpResponse) -> HttpResponse:
    """Neither the browser nor anything between keeps it."""
    response["Cache-Control"] = "no-store"
    return response


def staff_only(*, with_printed_password: bool = False, before_code: bool = False) -> Callable[[Page], View]:
    """Let staff in and send all others to the sign-in page. `with_printed_password`: also those who have not
    yet set a password of their own; `before_code`: also those whose second factor is still to come.
    """

    def guarded(page: Page) -> View:
        @wraps(page)
        def view(request: HttpRequest, **named: object) -> HttpResponse:
            staff = staff_of(request)
            if staff is None:
                return unstored(redirect("console:sign-in"))
            if staff.must_change and not with_printed_password:
                return unstored(redirect("console:password"))
            if not (before_code or has_passed(request) or (staff.must_change and with_printed_password)):
                return unstored(redirect("console:code" if has_factor(staff) else "console:enrol"))
            return unstored(page(request, staff, **named))

        return view

    return guarded


def allowed(*any_of: Permission) -> Callable[[Page], View]:
    """Let those in whose roles allow one of these; the roles are read anew with every request."""

    def guarded(page: Page) -> View:
        @staff_only()
        @wraps(page)
        def view(request: HttpRequest, staff: Staff, **named: object) -> HttpResponse:
            if not permissions_of(staff.roles) & frozenset(any_of):
                from daxiang.sites.console.frame import refused

                words = "您的岗位看不到这一页。要用它，请找管理员。"
                return refused(request, staff, heading="这一页不是您的", words=words, status=403)
            return page(request, staff, **named)

        return view

    return guarded
