"""Who may see a page of the console: only signed-in staff, and only with a password of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from daxiang.sites.console.signing_in import staff_of

Page = Callable[..., HttpResponse]
"""Takes the request, the staff account, and what the address names."""
View = Callable[..., HttpResponse]


def unstored(response: HttpResponse) -> HttpResponse:
    """Neither the browser nor anything between keeps it."""
    response["Cache-Control"] = "no-store"
    return response


def staff_only(*, with_printed_password: bool = False) -> Callable[[Page], View]:
    """Let staff in and send all others to the sign-in page. `with_printed_password`: also those who have not
    yet set a password of their own.
    """

    def guarded(page: Page) -> View:
        @wraps(page)
        def view(request: HttpRequest, **named: object) -> HttpResponse:
            staff = staff_of(request)
            if staff is None:
                return unstored(redirect("console:sign-in"))
            if staff.must_change and not with_printed_password:
                return unstored(redirect("console:password"))
            return unstored(page(request, staff, **named))

        return view

    return guarded
