"""`/cities/C/`: a city in words, made from its cards: today, thirty days, the rules, how sure we are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from daxiang.domains.conversation.precision import minute_of
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.errors import CityUnknown
from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation import metrics
from daxiang.sites.public.asked import Asked
from daxiang.sites.public.caching import personal, same_for_all
from daxiang.sites.public.cities.calendar import Month, month_of, own_months
from daxiang.sites.public.cities.cars import DIGITS, Whose
from daxiang.sites.public.cities.days_file import address
from daxiang.sites.public.cities.outlook import Chapter, chapters
from daxiang.sites.public.cities.own_car import OwnCar, file_of, read_own_car
from daxiang.sites.public.cities.today import todays
from daxiang.sites.public.cities.told_rules import bounded_places, told_cards
from daxiang.sites.public.cities.words import places_text, whose_text
from daxiang.sites.public.clock import business_clock
from daxiang.sites.public.english_names import english_names
from daxiang.sites.public.found import find_danger
from daxiang.sites.public.languages import VEHICLE_KINDS
from daxiang.sites.public.shells import IN_ENGLISH, SITE
from daxiang.sites.public.sources import IN_FORCE, ruled_crossings, rules, table
from daxiang.sites.public.told import words_of
from daxiang.sites.public.views import asked_or_told, fields_of, shell_context, today_text


@csrf_exempt
@asked_or_told
def city_page(request: HttpRequest, city: str) -> HttpResponse:
    """A city in words; with a tail in the address or a car in the form, its calendar for that car."""
    cards, now = _cards(city), business_clock().now()
    now = minute_of(cards, now)
    own = read_own_car(fields_of(request), cards, now)
    metrics.pages_total.labels(page="city").inc()
    context = _context(cards, own, now)
    response = render(request, "public/cities/city.html", context, status=400 if own.wrong else 200)
    is_typed = request.method == "POST" or own.asked.is_typed
    return personal(response) if is_typed else same_for_all(request, response)


def _cards(city: str) -> CityCards:
    try:
        return load_city(city)
    except CityUnknown:
        raise Http404 from None


def _context(cards: CityCards, own: OwnCar, now: datetime) -> dict[str, Any]:
    here = chapters(cards, now.date())
    every = told_cards(cards, now)
    is_home = cards.id == settings.DAXIANG.city
    return (
        shell_context(SITE, Asked(), now, settings.DAXIANG.city)
        | {
            "city": cards,
            "city_address": f"/cities/{cards.id}/",
            "is_home": is_home,
            "is_rules": is_home,
            "is_cities": not is_home,
            "own": own,
            "danger": _danger(own, now, cards.id),
            "today": today_text(now, SITE.texts),
            "todays": todays(cards, here, now),
            "months": _months(cards, here, own, now),
            "whose": _whose_links(cards, here, own),
            "digits": DIGITS,
            "kinds": [(kind, SITE.texts.vehicles[kind]) for kind in VEHICLE_KINDS],
            "file": _file(cards, own, now),
            "rows": table(cards, now, None) if ruled_crossings(cards) else (),
            "places": [place.short_name for place in ruled_crossings(cards)],
            "bounded": bounded_places(cards),
            "in_force": [card for card in every if card.is_in_force],
            "former": [card for card in every if not card.is_in_force],
        }
        | _addresses(cards)
    )


def _addresses(cards: CityCards) -> dict[str, str]:
    """Where the page is, and where its English is: of a city without English names, that of the site."""
    public = settings.DAXIANG.public_url.rstrip("/")
    has_english = cards.id == settings.DAXIANG.city
    english = f"/en/cities/{cards.id}/" if has_english else "/en/"
    return {
        "here": f"{public}/cities/{cards.id}/",
        "chinese_page": f"{public}/cities/{cards.id}/",
        "english_page": public + english,
        "other_page": english,
    }


def _danger(own: OwnCar, now: datetime, city: str) -> Any:
    reply = find_danger(own.asked, now, city) if own.is_danger else None
    return words_of(reply) if reply else None


def _months(cards: CityCards, here: tuple[Chapter, ...], own: OwnCar, now: datetime) -> tuple[Month, ...]:
    if own.car is not None:
        return own_months(cards, own.vehicle(cards), now.date(), name=_own_name(cards, here, own))
    shown = [chapter for chapter in here if _whose(here, own) in chapter.whose]
    return tuple(month_of(cards, chapter, title=_title(cards, chapter)) for chapter in shown)


def _own_name(cards: CityCards, here: tuple[Chapter, ...], own: OwnCar) -> str:
    """尾号5; where it matters and only a tail is known, whose car it is taken for: 京牌车尾号5."""
    if own.car is None or own.car.plate or all(len(chapter.whose) > 1 for chapter in here):
        return own.name
    return f"{whose_text(cards, [own.whose or Whose.LOCAL])}{own.name}"


def _title(cards: CityCards, chapter: Chapter) -> str:
    return "，".join(part for part in (whose_text(cards, chapter.whose), places_text(chapter.places)) if part)


def _whose(here: tuple[Chapter, ...], own: OwnCar) -> Whose:
    """Whose calendar to show: as asked; else of local cars, where anything is ever restricted for them."""
    if own.whose is not None:
        return own.whose
    local = [chapter for chapter in here if Whose.LOCAL in chapter.whose]
    is_free = all(len({day.fares[0].passage for day in one.days}) == 1 for one in local)
    return Whose.VISITOR if len(here) > len(local) and is_free else Whose.LOCAL


def _whose_links(cards: CityCards, here: tuple[Chapter, ...], own: OwnCar) -> list[tuple[str, str, bool]]:
    """Name, address and whether it is shown: empty where it makes no difference where a car is from."""
    if all(len(chapter.whose) > 1 for chapter in here) or (own.car and own.car.plate):
        return []
    tail = f"&tail={own.car.tail}" if own.car and own.car.tail and not own.asked.is_typed else ""
    shown = _whose(here, own)
    return [(whose_text(cards, [whose]), f"?who={whose}{tail}#days", whose is shown) for whose in Whose]


def _file(cards: CityCards, own: OwnCar, now: datetime) -> dict[str, str] | None:
    """The calendar file of this car, to subscribe to and to keep."""
    found = file_of(own, cards, now.date())
    if found is None:
        return None
    tail, kind = found
    path = address(cards.id, tail, kind)
    host = settings.DAXIANG.public_url.rstrip("/").partition("://")[2]
    return {"path": path, "webcal": f"webcal://{host}{path}", "name": f"{cards.id}-{tail}.ics"}


@require_safe
def city_in_english(request: HttpRequest, city: str) -> HttpResponse:
    """The rules of this instance's city in English; of another city there is Chinese only."""
    if city != settings.DAXIANG.city:
        return redirect("city", city=_cards(city).id)
    cards, names = load_city(city), english_names(city)
    now = minute_of(cards, business_clock().now())
    every = rules(cards, now, names)
    context = shell_context(IN_ENGLISH, Asked(), now, city) | {
        "city_name": names.city or cards.name,
        "places": [names.place(place) for place in ruled_crossings(cards)],
        "rows": table(cards, now, names),
        "in_force": [rule for rule in every if rule.state == IN_FORCE],
        "former": [rule for rule in every if rule.state != IN_FORCE],
        "is_rules": True,
        "site_name": names.service or cards.accounts["service"],
    }
    context |= _addresses(cards) | {"other_page": f"/cities/{city}/"}
    context["here"] = context["public"] + request.path
    metrics.pages_total.labels(page="rules").inc()
    response = render(request, "public/cities/city_english.html", context)
    response["Content-Language"] = "en"
    return same_for_all(request, response)
