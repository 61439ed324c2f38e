"""The gallery: every shared piece in every state, with true answers of the city's own rules."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.public.asked import Asked
from daxiang.sites.public.found import find
from daxiang.sites.public.onward import Onward, onward
from daxiang.sites.public.told import Told, told
from daxiang.sites.public.views import DIGITS

_TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
_WORKED_SATURDAY = datetime(2026, 10, 10, 9, 0, tzinfo=SHANGHAI)
_NIGHT = datetime(2026, 11, 26, 0, 20, tzinfo=SHANGHAI)
EXAMPLES = (
    ("不能走", "5", _TUESDAY),
    ("能走", "6", _TUESDAY),
    ("不确定：调休上班的周六", "5", _WORKED_SATURDAY),
    ("封闭：夜里的隧道", "公铁隧道现在开着没 尾号5", _NIGHT),
    ("两辆车", "5 6", _TUESDAY),
    ("货车", "货车", _TUESDAY),
    ("反问", "K", _TUESDAY),
    ("危险在前", "我被撞了", _TUESDAY),
    ("没看懂", "随便说说", _TUESDAY),
)
"""What each shows, the text that was asked, and when."""

Specimen = tuple[str, Told, tuple[Onward, ...]]


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Pieces for who builds pages, and for who checks that they still look right."""
    specimens = [_specimen(title, text, at) for title, text, at in EXAMPLES]
    context = {"specimens": specimens, "digits": DIGITS, "pressed": "5"}
    return render(request, "public/gallery.html", context)


def _specimen(title: str, text: str, at: datetime) -> Specimen:
    found = find(Asked(words=text), at, settings.DAXIANG.city)
    answer = told(found)
    return title, answer, onward(answer.taps, found.asked, "/")
