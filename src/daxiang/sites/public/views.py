"""The public site's pages. A view parses, asks once, renders; nothing here decides and nothing is kept."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daxiang.domains.conversation.queries import page_answer
from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation import metrics
from daxiang.kernel.clock import Clock, clock_from
from daxiang.kernel.errors import DomainError
from daxiang.sites.public.cards import AnswerCard, card_of
from daxiang.sites.public.drawing import Crop, drawing

log = structlog.get_logger()
DIGITS = tuple("0123456789")
_LONGEST_QUESTION = 200
_WEEKDAYS = "一二三四五六日"


@cache
def business_clock() -> Clock:
    return clock_from(settings.DAXIANG.clock_file)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Today's answer for a tail (`?tail=5`) or a free question (`?q=`); without either, how to begin."""
    tail, question = _asked(request)
    now, city = business_clock().now(), settings.DAXIANG.city
    card, failed = _answered(tail or question, now, city)
    metrics.pages_total.labels(page="home").inc()
    advice = card.answer.advice if card else None
    context = {
        "card": card,
        "failed": failed,
        "question": question,
        "digits": DIGITS,
        "pressed": advice.tail if advice else tail,
        "today": _in_words(now),
        "crops": _drawn(city, card),
    }
    response = render(request, "public/home.html", context, status=503 if failed else 200)
    response["Cache-Control"] = "private, no-store"  # the answer is of this minute, and of this reader
    return response


def _in_words(now: datetime) -> str:
    """2026年11月24日　周二　8:10"""
    day = f"{now.year}年{now.month}月{now.day}日"
    return f"{day}　周{_WEEKDAYS[now.weekday()]}　{now.hour}:{now.minute:02}"


def _asked(request: HttpRequest) -> tuple[str, str]:
    tail = request.GET.get("tail", "").strip()[:_LONGEST_QUESTION]
    question = request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST_QUESTION]
    return tail.replace("\0", ""), question


def _answered(text: str, now: datetime, city: str) -> tuple[AnswerCard | None, bool]:
    """The card, and whether it could not be made although somebody asked."""
    if not text:
        return None, False
    try:
        return card_of(page_answer(text, now, city), now=now), False
    except (DomainError, OSError) as error:
        log.error("answer_failed", reason=type(error).__name__)
        return None, True


def _drawn(city: str, card: AnswerCard | None) -> tuple[Crop, ...]:
    """The schematic for that answer; none beside words of danger, which nothing may distract from."""
    if card and card.kind == "danger":
        return ()
    if card and card.answer.advice:
        return drawing(city, advice=card.answer.advice)
    try:
        ruled = [place.id for place in load_city(city).restricted_places()]
    except (DomainError, OSError):
        ruled = []
    return drawing(city, advice=None, ruled=ruled)
