"""The suggestion box: one page for everybody on a day; what is written is kept with nothing but the day."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from daxiang.domains.duty.box import LONGEST, BoxKey, add_suggestion
from daxiang.kernel.clock import SHANGHAI, clock_from


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Open on its day to whoever has the day's address; no cookie is read or set."""
    day = clock_from(settings.DAXIANG.clock_file).now().astimezone(SHANGHAI).date()
    if not BoxKey(settings.DAXIANG.index_key).opens(token[:100], day):
        return _unstored(render(request, "inside/closed.html", status=404))
    context: dict[str, object] = {"token": token, "most": LONGEST}
    if request.method != "POST":
        return _unstored(render(request, "inside/box.html", context))
    words = request.POST.get("words", "").replace("\0", "").strip()
    if not words or len(words) > LONGEST:
        context |= {"words": words, "fault": f"意见要写，最多{LONGEST}字。"}
        return _unstored(render(request, "inside/box.html", context, status=422))
    with transaction.atomic(), connection.cursor() as cursor:
        is_in = add_suggestion(cursor, words, day=day)
    context |= {"told": is_in, "words": "" if is_in else words}
    context |= {} if is_in else {"fault": "今天的意见箱满了，请明天再写。"}
    return _unstored(render(request, "inside/box.html", context, status=200 if is_in else 503))


def _unstored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
