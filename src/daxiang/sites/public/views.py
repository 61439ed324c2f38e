"""The public site's pages. A view parses, asks once, renders; nothing here decides and nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daxiang.domains.conversation.cases import Frame
from daxiang.domains.conversation.day_card import DAYTIME
from daxiang.domains.conversation.precision import minute_of
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.values import Place
from daxiang.foundation import metrics
from daxiang.kernel.errors import DomainError
from daxiang.sites.public.asked import Asked, read_asked
from daxiang.sites.public.clock import business_clock
from daxiang.sites.public.drawing import Crop, city_map, drawing
from daxiang.sites.public.english_names import EnglishNames, day_in_english, english_names
from daxiang.sites.public.english_words import subject_in_english
from daxiang.sites.public.found import Found, find, find_danger
from daxiang.sites.public.languages import CHINESE, ENGLISH, VEHICLE_KINDS, Texts
from daxiang.sites.public.marks import Mark, all_unknown, marks_of
from daxiang.sites.public.picture import share_of
from daxiang.sites.public.sources import IN_FORCE, ruled_crossings, rules, table
from daxiang.sites.public.strip import strip
from daxiang.sites.public.tails import tails_today
from daxiang.sites.public.told import Told, told, words_of
from daxiang.sites.public.told_english import told_in_english, words_in_english

log = structlog.get_logger()
DIGITS = tuple("0123456789")
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Where a page is shown: its frame, its language, its own address and that of its other language."""

    name: str
    frame: str
    texts: Texts
    home: str
    other: str
    rules: str


SITE = Shell(
    name="home",
    frame="public/site.html",
    texts=CHINESE,
    home="/",
    other="/en/",
    rules="/cities/{city}/",
)
INSIDE = Shell(
    name="inside",
    frame="public/inside.html",
    texts=CHINESE,
    home="/m/",
    other="/en/",
    rules="/cities/{city}/",
)
IN_ENGLISH = Shell(
    name="english",
    frame="public/site.html",
    texts=ENGLISH,
    home="/en/",
    other="/",
    rules="/en/cities/{city}/",
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Today's answer for a tail (`?tail=5`) or a free question (`?q=`); without either, how to begin."""
    return _page(request, SITE)


@require_safe
def inside(request: HttpRequest) -> HttpResponse:
    """The same inside WeChat, where the chat's menu and cards lead."""
    return _page(request, INSIDE)


@require_safe
def english(request: HttpRequest) -> HttpResponse:
    """The same in English."""
    return _page(request, IN_ENGLISH)


def _page(request: HttpRequest, shell: Shell) -> HttpResponse:
    now, city = business_clock().now(), settings.DAXIANG.city
    asked = read_asked(request.GET, today=now.date())
    metrics.pages_total.labels(page=shell.name).inc()
    context = _shell_context(shell, asked, now, city) | _answer_context(shell, asked, now, city)
    status = 503 if context["failed"] else 400 if asked.wrong else 200
    response = render(request, "public/home.html", context, status=status)
    response["Cache-Control"] = "private, no-store"  # the answer is of this minute, and of this reader
    response["Content-Language"] = shell.texts.lang
    return response


def _shell_context(shell: Shell, asked: Asked, now: datetime, city: str) -> dict[str, Any]:
    """What the page shows whatever the answer is."""
    public = settings.DAXIANG.public_url.rstrip("/")
    return {
        "t": shell.texts,
        "frame": shell.frame,
        "home": shell.home,
        "is_inside": shell is INSIDE,
        "rules_page": shell.rules.format(city=city),
        "asked": asked,
        "digits": DIGITS,
        "kinds": [(kind, shell.texts.vehicles[kind]) for kind in VEHICLE_KINDS],
        "today": _today(now, shell.texts),
        "today_iso": now.date().isoformat(),
        "other_page": asked.address(shell.other),
        "public": public,
        "here": public + asked.choice.address(shell.home),
        "chinese_page": public + asked.choice.address("/"),
        "english_page": public + asked.choice.address("/en/"),
    }


def _answer_context(shell: Shell, asked: Asked, now: datetime, city: str) -> dict[str, Any]:
    try:
        found = find(asked, now, city)
        return _found_context(shell, found, city)
    except (DomainError, OSError) as error:
        log.error("answer_failed", reason=type(error).__name__)
    if danger := find_danger(asked, now, city):
        answer = words_in_english(danger) if shell.texts.is_english else words_of(danger)
        taps = [(tap.label, asked.then(shell.home, tap.words)) for tap in answer.taps]
        return {"failed": False, "told": answer, "taps": taps}
    return {
        "failed": not asked.is_empty,
        "told": None,
        "pressed": asked.tail,
        "carried": [pair for pair in asked.pairs() if pair[0] != "q"],
        "here_again": asked.address(shell.home),
    } | _unknown_context(shell, city)


def _found_context(shell: Shell, found: Found, city: str) -> dict[str, Any]:
    names = english_names(city) if shell.texts.is_english else None
    answer = _told(found, names)
    is_danger = answer is not None and answer.kind == "danger"
    marks = () if is_danger else marks_of(found, city_map(city), names)
    return {
        "failed": False,
        "told": answer,
        "pressed": found.car.tail_digit or found.asked.tail,
        "asks_tail": found.asks_tail,
        "taps": _taps(answer, found, shell),
        "carried": found.asked.leaned_on(),
        "marks": marks,
        "crops": drawing(city, marks, names) if marks else (),
        "shown": _shown(found, names),
        "days": () if is_danger else strip(found, home=shell.home, names=names),
        "ruled": [_name(place, names) for place in found.cards.restricted_places()],
        "share": share_of(found, city),
        "tails": () if answer else tails_today(found, names),
        "rules": [rule for rule in rules(found.cards, found.now, names) if rule.state == IN_FORCE],
        "site_name": (names.service if names else "") or found.cards.accounts["service"],
        "account": found.cards.accounts["service"],
    }


def _told(found: Found, names: EnglishNames | None) -> Told | None:
    if found.reply is None:
        return None
    return told_in_english(found) if names else told(found)


def _taps(answer: Told | None, found: Found, shell: Shell) -> list[tuple[str, str]]:
    """What to press next and where it leads; the basis stands on this very page."""
    if answer is None:
        return []
    return [
        (tap.label, "#sources" if tap.words == "看依据" else found.asked.then(shell.home, tap.words))
        for tap in answer.taps
    ]


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


def _today(now: datetime, texts: Texts) -> str:
    """2026年11月24日　周二　8:10; Tue 24 Nov 2026, 8:10."""
    hour = f"{now.hour}:{now.minute:02}"
    if texts.is_english:
        return f"{day_in_english(now.date(), today=now.date())} {now.year}, {hour} China time"
    return f"{now.year}年{now.month}月{now.day}日　周{_WEEKDAYS[now.weekday()]}　{hour}"


@require_safe
def city_page(request: HttpRequest, city: str, language: str = "zh") -> HttpResponse:
    """The rules of the city in words: what holds for whom, every notice, and what is not known."""
    if city != settings.DAXIANG.city:
        raise Http404
    shell = IN_ENGLISH if language == "en" else SITE
    cards = load_city(city)
    now = minute_of(cards, business_clock().now())
    names = english_names(city) if shell.texts.is_english else None
    every = rules(cards, now, names)
    context = _shell_context(shell, Asked(), now, city) | {
        "city_name": (names.city if names else "") or cards.name,
        "places": [_name(place, names) for place in ruled_crossings(cards)],
        "rows": table(cards, now, names),
        "in_force": [rule for rule in every if rule.state == IN_FORCE],
        "former": [rule for rule in every if rule.state != IN_FORCE],
        "other_page": f"{'' if language == 'en' else '/en'}/cities/{city}/",
        "is_rules": True,
        "site_name": (names.service if names else "") or cards.accounts["service"],
    }
    context["here"] = context["public"] + request.path
    context["chinese_page"] = f"{context['public']}/cities/{city}/"
    context["english_page"] = f"{context['public']}/en/cities/{city}/"
    metrics.pages_total.labels(page="rules").inc()
    response = render(request, "public/city.html", context)
    response["Cache-Control"] = "no-cache"
    return response
