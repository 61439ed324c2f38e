"""The picture of the day for the family's group, and the same facts as text to stand beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daxiang.design.day_card.draw import draw_day
from daxiang.design.day_card.values import DayCard, Map
from daxiang.domains.conversation.cars import known
from daxiang.domains.conversation.day_card import day_card
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.drawing import map_of
from daxiang.domains.restrictions.queries import load_city, pack_folder
from daxiang.foundation import metrics
from daxiang.sites.public.asked import is_tail, kind_of, read_day
from daxiang.sites.public.caching import etag_of, same_for_all
from daxiang.sites.public.clock import business_clock
from daxiang.sites.public.errors import AddressUnusable
from daxiang.sites.public.found import Found

_WRONG = AddressUnusable("要写尾号和日子，比如 /day.png?tail=5&day=2026-11-24。", english="")


@dataclass(frozen=True, kw_only=True)
class Share:
    """The picture's address, the name to save it by, and its words."""

    address: str
    file: str
    day: date
    card: DayCard


def share_of(found: Found, city: str) -> Share | None:
    """The picture that goes with an answer; None where it would say something else than the answer."""
    tail = found.car.tail_digit
    plain = replace(found.car, plate=None, tail=tail)
    drawn = map_of(pack_folder(city))
    if len(found.cases) != 1 or tail is None or kind_of(plain) != "car" or drawn is None:
        return None
    day = found.frame.start.date()
    query = urlencode({"tail": tail, "day": day.isoformat()})
    return Share(
        address=f"/day.png?{query}",
        file=f"{city}-{day.isoformat()}-{tail}.png",
        day=day,
        card=_card(found.cards, tail, day, drawn),
    )


def _card(cards: CityCards, tail: str, day: date, drawn: Map) -> DayCard:
    vehicle = known(Car(tail=tail), 0).vehicle
    return day_card(cards, vehicle=vehicle, subject=f"尾号{tail}", day=day, city_map=drawn)


@lru_cache(maxsize=128)
def _drawn(cards: CityCards, tail: str, day: date, drawn: Map) -> tuple[bytes, str]:
    """The PNG and its mark for caches; kept, because a family looks at it many times."""
    png = draw_day(_card(cards, tail, day, drawn))
    return png, etag_of(png)


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The PNG for one tail and one day; 400 with one sentence for anything else."""
    try:
        tail, day = _read(request, business_clock().now())
    except AddressUnusable as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    drawn = map_of(pack_folder(settings.DAXIANG.city))
    if drawn is None:
        return HttpResponse("这个城市还没有图。", status=404, content_type="text/plain; charset=utf-8")
    metrics.pages_total.labels(page="picture").inc()
    png, etag = _drawn(load_city(settings.DAXIANG.city), tail, day, drawn)
    return same_for_all(request, HttpResponse(png, content_type="image/png"), etag=etag)


def _read(request: HttpRequest, now: datetime) -> tuple[str, date]:
    if set(request.GET) != {"tail", "day"} or any(len(values) != 1 for _, values in request.GET.lists()):
        raise _WRONG
    tail, day = request.GET["tail"], read_day(request.GET["day"], today=now.date())
    if not is_tail(tail) or day is None:
        raise _WRONG
    return tail, day
