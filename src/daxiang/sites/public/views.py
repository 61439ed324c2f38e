"""The public site's pages. A view parses, asks once, renders; nothing here decides and nothing is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from daxiang.domains.conversation.cases import Frame
from daxiang.domains.conversation.day_card import DAYTIME
from daxiang.domains.restrictions.drawing import map_of
from daxiang.domains.restrictions.queries import load_city, pack_folder
from daxiang.domains.restrictions.values import Place
from daxiang.foundation import metrics
from daxiang.kernel.errors import DomainError
from daxiang.sites.public.asked import Asked, read_asked
from daxiang.sites.public.caching import personal, same_for_all
from daxiang.sites.public.clock import business_clock
from daxiang.sites.public.drawing import WIDE, Crop, drawing
from daxiang.sites.public.english_names import EnglishNames, day_in_english, english_names
from daxiang.sites.public.english_words import subject_in_english
from daxiang.sites.public.found import Found, find, find_danger
from daxiang.sites.public.languages import VEHICLE_KINDS, Texts
from daxiang.sites.public.marks import Mark, all_unknown, marks_of
from daxiang.sites.public.onward import choice_of, onward
from daxiang.sites.public.picture import share_of
from daxiang.sites.public.plates_hidden import by_tail
from daxiang.sites.public.shells import IN_ENGLISH, INSIDE, SITE, Shell
from daxiang.sites.public.sources import IN_FORCE, rules
from daxiang.sites.public.strip import strip
from daxiang.sites.public.tails import tails_today
from daxiang.sites.public.told import Told, told, words_of
from daxiang.sites.public.told_english import told_in_english, words_in_english

log = structlog.get_logger()
DIGITS = tuple("0123456789")
asked_or_told = require_http_methods(["GET", "HEAD", "POST"])
"""A form is posted only so that what was typed stays out of the address: nothing is written, so there is
nothing that another site's form could do (`csrf_exempt`), and the public pages know no cookie.
"""
_FORM = "application/x-www-form-urlencoded"
_LONGEST_FORM = 128 * 1024
"""Bytes: four texts as long as the chat takes them, every character as nine."""
_WEEKDAYS = "一二三四五六日"


@csrf_exempt
@asked_or_told
def home(request: HttpRequest) -> HttpResponse:
    """Today's answer for a tail (`?tail=5`) or for posted words; without either, how to begin."""
    return _page(request, SITE)


@csrf_exempt
@asked_or_told
def inside(request: HttpRequest) -> HttpResponse:
    """The same inside WeChat, where the chat's menu and cards lead."""
    return _page(request, INSIDE)


@csrf_exempt
@asked_or_told
def english(request: HttpRequest) -> HttpResponse:
    """The same in English."""
    return _page(request, IN_ENGLISH)


def _page(request: HttpRequest, shell: Shell) -> HttpResponse:
    now, city = business_clock().now(), settings.DAXIANG.city
    asked = read_asked(fields_of(request), today=now.date())
    metrics.pages_total.labels(page=shell.name).inc()
    context = shell_context(shell, asked, now, city) | _answer_context(shell, asked, now, city)
    if request.method != "POST" and asked.is_typed:
        context |= _without_plates(context)
    status = 503 if context["failed"] else 400 if asked.wrong else 200
    response = render(request, "public/home.html", context, status=status)
    response["Content-Language"] = shell.texts.lang
    return (
        personal(response) if request.method == "POST" or asked.is_typed else same_for_all(request, response)
    )


def _without_plates(context: dict[str, Any]) -> dict[str, Any]:
    """What came by an address, as the page shows it and carries it on."""
    asked: Asked = context["asked"]
    return {
        "field": asked.shown,
        "asked": replace(
            asked, words=by_tail(asked.words), before=tuple(by_tail(words) for words in asked.before)
        ),
        "carried": [(name, by_tail(value)) for name, value in context["carried"]],
    }


def fields_of(request: HttpRequest) -> QueryDict:
    """What is asked, by address or by form. Raises BadRequest for a body that no form of ours sends."""
    if request.method != "POST":
        return request.GET
    if request.content_type != _FORM or int(request.META.get("CONTENT_LENGTH") or 0) > _LONGEST_FORM:
        raise BadRequest("not a form of ours")
    return request.POST


def shell_context(shell: Shell, asked: Asked, now: datetime, city: str) -> dict[str, Any]:
    """What the page shows whatever the answer is."""
    return {
        "t": shell.texts,
        "frame": shell.frame,
        "home": shell.home,
        "is_inside": shell is INSIDE,
        "rules_page": shell.rules.format(city=city),
        "asked": asked,
        "digits": DIGITS,
        "kinds": [(kind, shell.texts.vehicles[kind]) for kind in VEHICLE_KINDS],
        "today": today_text(now, shell.texts),
        "today_iso": now.date().isoformat(),
    } | _addresses(shell, asked.choice)


def _addresses(shell: Shell, choice: Asked) -> dict[str, str]:
    """Where this answer is, here and in the other language: what was chosen, nothing that was typed."""
    public = settings.DAXIANG.public_url.rstrip("/")
    return {
        "other_page": choice.address(shell.other),
        "public": public,
        "here": public + choice.address(shell.home),
        "chinese_page": public + choice.address("/"),
        "english_page": public + choice.address("/en/"),
    }


def _answer_context(shell: Shell, asked: Asked, now: datetime, city: str) -> dict[str, Any]:
    try:
        found = find(asked, now, city)
        return _found_context(shell, found, city)
    except (DomainError, OSError) as error:
        log.error("answer_failed", reason=type(error).__name__)
    if danger := find_danger(asked, now, city):
        answer = words_in_english(danger) if shell.texts.is_english else words_of(danger)
        return {"failed": False, "told": answer} | _leading_on(answer, asked, shell)
    return {
        "failed": not asked.is_empty,
        "told": None,
        "pressed": asked.tail,
        "carried": [pair for pair in asked.pairs() if pair[0] != "q"],
    } | _unknown_context(shell, city)


def _found_context(shell: Shell, found: Found, city: str) -> dict[str, Any]:
    names = english_names(city) if shell.texts.is_english else None
    answer = _told(found, names)
    is_danger = answer is not None and answer.kind == "danger"
    marks = () if is_danger else _marks(found, city, names)
    choice = choice_of(found)
    return (
        {
            "failed": False,
            "told": answer,
            "pressed": found.car.tail_digit or found.asked.tail,
            "asks_tail": found.asks_tail,
            "marks": marks,
            "crops": drawing(city, marks, names) if marks else (),
            "shown": _undecided(found, shell.texts) or _shown(found, names),
            "days": () if is_danger else strip(found, home=shell.home, names=names),
            "ruled": [_name(place, names) for place in found.cards.restricted_places()],
            "share": share_of(found, city),
            "tails": () if answer else tails_today(found, names),
            "rules": [rule for rule in rules(found.cards, found.now, names) if rule.state == IN_FORCE],
            "site_name": (names.service if names else "") or found.cards.accounts["service"],
            "account": found.cards.accounts["service"],
        }
        | _leading_on(answer, found.asked, shell)
        | (_addresses(shell, choice) if found.asked.is_typed else {})
    )


def _leading_on(answer: Told | None, asked: Asked, shell: Shell) -> dict[str, Any]:
    """What can be pressed next, and what a next question leans on."""
    return {
        "taps": onward(answer.taps, asked, shell.home) if answer else (),
        "carried": asked.leaned_on(),
    }


def _marks(found: Found, city: str, names: EnglishNames | None) -> tuple[Mark, ...]:
    """Nothing is green of which it is not even clear what vehicle, which day or which place was meant."""
    if found.is_undecided:
        return all_unknown(found.cards, names)
    return marks_of(found, map_of(pack_folder(city), WIDE), names)


def _undecided(found: Found, texts: Texts) -> str:
    """Why nothing is marked in the drawing; empty where something is."""
    if found.is_elsewhere:
        return texts.elsewhere
    return texts.undecided if found.is_undecided else ""


def _told(found: Found, names: EnglishNames | None) -> Told | None:
    if found.reply is None:
        return None
    return told_in_english(found) if names else told(found)


def _shown(found: Found, names: EnglishNames | None) -> str:
    """Whose answer, and of when, the drawing shows."""
    if not found.cases:
        return "A small car with a blue plate, now" if names else "按蓝牌小客车、现在画的"
    one, frame = found.cases[0], found.frame
    if names:
        who = subject_in_english(one.car) or "Small car"
        day = day_in_english(frame.start.date(), today=found.now.date())
        return f"{who}, {day}{_hours(frame)}"
    who = f"{one.advice.subject}，" if one.advice.subject else ""
    return f"{who}{one.advice.day_text}{_hours(frame)}"


def _hours(frame: Frame) -> str:
    """Of which hours the marks hold, where the answer does not say so itself."""
    if frame.is_now:
        return f" {frame.start.hour}:{frame.start.minute:02}"
    return f" {DAYTIME[0].hour}:00–{DAYTIME[1].hour}:00" if frame.is_whole_day else ""


def _name(place: Place, names: EnglishNames | None) -> str:
    return names.place(place) if names else place.short_name


def _unknown_context(shell: Shell, city: str) -> dict[str, Any]:
    """When nothing can be looked up: all crossings uncertain, or not even that."""
    try:
        names = english_names(city) if shell.texts.is_english else None
        marks: tuple[Mark, ...] = all_unknown(load_city(city), names)
        crops: tuple[Crop, ...] = drawing(city, marks, names)
    except (DomainError, OSError):
        return {}
    return {"marks": marks, "crops": crops, "shown": shell.texts.tones["unknown"]}


def today_text(now: datetime, texts: Texts) -> str:
    """2026年11月24日　周二　8:10; Tue 24 Nov 2026, 8:10."""
    hour = f"{now.hour}:{now.minute:02}"
    if texts.is_english:
        return f"{day_in_english(now.date(), today=now.date())} {now.year}, {hour} China time"
    return f"{now.year}年{now.month}月{now.day}日　周{_WEEKDAYS[now.weekday()]}　{hour}"
