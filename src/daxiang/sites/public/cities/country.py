"""`/cities/`: the cities of the country on a map of our own and in a list, each with one line for today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.queries import city_ids, load_city
from daxiang.foundation import metrics
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.errors import DomainError
from daxiang.sites.public.asked import Asked, read_asked
from daxiang.sites.public.caching import personal, same_for_all
from daxiang.sites.public.cities.map import CORE, WIDE, CountryMap, Dot, Spot, country_map
from daxiang.sites.public.cities.outlook import chapters
from daxiang.sites.public.cities.today import NONE, ORIGIN, PARITY, TAILS, UNKNOWN, Brief, brief
from daxiang.sites.public.clock import business_clock
from daxiang.sites.public.found import find_danger
from daxiang.sites.public.languages import CHINESE
from daxiang.sites.public.shells import SITE
from daxiang.sites.public.told import words_of
from daxiang.sites.public.views import asked_or_told, fields_of, shell_context, today_text

log = structlog.get_logger()
_SUFFIXES = "市省"
MUNICIPALITIES = "直辖市"
KINDS_OF_RULE = (
    (TAILS, "看尾号"),
    (PARITY, "看单双号"),
    (ORIGIN, "看外地本地"),
    (NONE, "没有尾号限行"),
    (UNKNOWN, "不确定"),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A city in the list."""

    id: str
    name: str
    brief: Brief
    is_home: bool

    @property
    def address(self) -> str:
        return f"/cities/{self.id}/"


@dataclass(frozen=True, kw_only=True)
class Province:
    name: str
    rows: tuple[Row, ...]


@csrf_exempt
@asked_or_told
def country(request: HttpRequest) -> HttpResponse:
    """All cities; with a name in the form, those that are meant, or straight on to the only one."""
    now = business_clock().now()
    asked = read_asked(fields_of(request), today=now.date())
    cities = _cities()
    found = [cards for cards in cities if is_meant(cards, asked.words)] if asked.words else cities
    if request.method == "POST" and len(found) == 1:
        return personal(redirect("city", city=found[0].id))
    metrics.pages_total.labels(page="country").inc()
    context = shell_context(SITE, Asked(), now, settings.DAXIANG.city) | _context(cities, found, now)
    danger = find_danger(asked, now, settings.DAXIANG.city) if asked.words else None
    context |= {"asked": asked, "danger": words_of(danger) if danger else None, "is_missed": not found}
    response = render(request, "public/cities/country.html", context)
    is_typed = request.method == "POST" or asked.is_typed
    return personal(response) if is_typed else same_for_all(request, response)


def _cities() -> list[CityCards]:
    """Every pack that can be read; one that cannot is told to the operator and left out."""
    found = []
    for city in city_ids():
        try:
            found.append(load_city(city))
        except (DomainError, OSError) as error:
            log.error("pack_unreadable", city=city, reason=type(error).__name__)
    return found


def is_meant(cards: CityCards, words: str) -> bool:
    """Whether somebody who typed this means that city: its name, its province, its letters, its plates."""
    said = words.strip().casefold().rstrip(_SUFFIXES)
    if not said:
        return False
    plates = any(said.upper().startswith(begins) for begins in cards.local_plates)
    return said in (cards.name, cards.province, cards.id) or cards.name in said or plates


def _context(cities: list[CityCards], found: list[CityCards], now: datetime) -> dict[str, object]:
    briefs = {cards.id: _brief(cards, now.replace(second=0, microsecond=0)) for cards in cities}
    public = settings.DAXIANG.public_url.rstrip("/")
    return {
        "today": today_text(now, CHINESE),
        "maps": _maps(cities, briefs),
        "provinces": _provinces(found or cities, briefs),
        "names": [cards.name for cards in cities],
        "count": len(cities),
        "kinds_of_rule": KINDS_OF_RULE,
        "is_cities": True,
        "here": f"{public}/cities/",
        "chinese_page": f"{public}/cities/",
        "english_page": f"{public}/en/",
        "other_page": "/en/",
    }


@lru_cache(maxsize=256)
def _brief(cards: CityCards, now: datetime) -> Brief:
    at = now.astimezone(SHANGHAI)
    try:
        return brief(cards, chapters(cards, at.date(), 8), at)
    except DomainError as error:
        log.error("brief_failed", city=cards.id, reason=type(error).__name__)
        return Brief(kind=UNKNOWN, tone="unknown", line="不确定", where="这会儿查不到", caution="")


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A dot with how it is drawn."""

    dot: Dot
    kind: str
    is_home: bool
    mark_x: float
    mark_y: float


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One crop of the map, ready to be drawn."""

    map: CountryMap
    dots: tuple[Marked, ...]


def _maps(cities: list[CityCards], briefs: dict[str, Brief]) -> tuple[Sheet, ...]:
    spots = tuple(
        Spot(id=cards.id, name=cards.name, lon=cards.lon, lat=cards.lat)
        for cards in cities
        if cards.lon is not None and cards.lat is not None
    )
    if not spots:
        return ()
    drawn = (_drawn(spots, key) for key in (WIDE, CORE))
    return tuple(Sheet(map=one, dots=tuple(_marked(one, dot, briefs) for dot in one.dots)) for one in drawn)


@lru_cache(maxsize=8)
def _drawn(spots: tuple[Spot, ...], key: str) -> CountryMap:
    return country_map(spots, key)


def _marked(one: CountryMap, dot: Dot, briefs: dict[str, Brief]) -> Marked:
    return Marked(
        dot=dot,
        kind=briefs[dot.id].kind,
        is_home=dot.id == settings.DAXIANG.city,
        mark_x=round(dot.x - one.size / 2, 1),
        mark_y=round(dot.y - one.size / 2, 1),
    )


def _provinces(cities: list[CityCards], briefs: dict[str, Brief]) -> tuple[Province, ...]:
    """By province: that of this instance first, the municipalities, then from north to south."""
    home = next((cards.province for cards in cities if cards.id == settings.DAXIANG.city), None)
    by_name: dict[str, list[CityCards]] = {MUNICIPALITIES: []}
    for cards in sorted(cities, key=lambda cards: -(cards.lat or 0)):
        group = MUNICIPALITIES if cards.province in (None, "", cards.name) else cards.province
        by_name.setdefault(group, []).append(cards)
    ordered = sorted((name for name in by_name if by_name[name]), key=lambda name: name != home)
    return tuple(
        Province(
            name=name,
            rows=tuple(
                Row(
                    id=cards.id,
                    name=cards.name,
                    brief=briefs[cards.id],
                    is_home=cards.id == settings.DAXIANG.city,
                )
                for cards in sorted(by_name[name], key=lambda cards: cards.id != settings.DAXIANG.city)
            ),
        )
        for name in ordered
    )
