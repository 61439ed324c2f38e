"""The gallery: every shared piece in every state, with true answers of the city's own rules."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daxiang.domains.conversation.queries import page_answer
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.public.cards import card_of
from daxiang.sites.public.tones import TONES, WORDS
from daxiang.sites.public.views import DIGITS

_TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
_WORKED_SATURDAY = datetime(2026, 10, 10, 9, 0, tzinfo=SHANGHAI)
EXAMPLES = (
    ("不能走", "5", _TUESDAY),
    ("能走", "6", _TUESDAY),
    ("不确定：调休上班的周六", "5", _WORKED_SATURDAY),
    ("反问", "K", _TUESDAY),
    ("危险在前", "我被撞了", _TUESDAY),
    ("没看懂", "随便说说", _TUESDAY),
)
"""What each shows, the text that was asked, and when."""


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Pieces for who builds pages, and for who checks that they still look right."""
    city = settings.DAXIANG.city
    cards = [(title, card_of(page_answer(text, at, city), now=at)) for title, text, at in EXAMPLES]
    tones = [(tone, WORDS[passage]) for passage, tone in TONES.items() if passage != "conditional"]
    return render(
        request, "public/gallery.html", {"cards": cards, "tones": tones, "digits": DIGITS, "pressed": "5"}
    )
