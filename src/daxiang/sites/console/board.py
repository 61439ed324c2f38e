"""Today: what needs somebody, by role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daxiang.domains.officers.models import Staff
from daxiang.sites.console.frame import BOARD, framed
from daxiang.sites.console.staff_only import allowed


@require_safe
@allowed(*BOARD)
def board(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What needs somebody now."""
    return framed(request, staff, "console/board.html", {}, heading="今日")
