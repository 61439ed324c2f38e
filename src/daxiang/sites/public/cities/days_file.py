"""`/cities/C/days.ics?tail=5`: the days on which my car may not, for the calendar of a telephone.

RFC 5545 and, for the name and how often to ask again, RFC 7986 with the older X- names beside it. Times are
written in UTC: China has one offset, and a file without a table of time zones has none to be misread.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

import icalendar
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.errors import CityUnknown
from daxiang.domains.restrictions.queries import load_city
from daxiang.foundation import metrics
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.public.asked import KINDS, is_tail
from daxiang.sites.public.caching import same_for_all
from daxiang.sites.public.cities.cars import Kind, Whose, vehicle_of
from daxiang.sites.public.cities.events import Entry, entries
from daxiang.sites.public.clock import business_clock
from daxiang.sites.public.errors import AddressUnusable
from daxiang.sites.public.languages import CHINESE

ASK_AGAIN = timedelta(hours=6)
WRONG = AddressUnusable(
    "要写尾号，比如 days.ics?tail=5；绿牌加 &kind=green，外地车加 &who=visitor。", english=""
)
_FIELDS = {"tail", "kind", "who"}


def address(city: str, tail: str, kind: Kind) -> str:
    """Where the file of such a car is; no plate is ever in it."""
    fields = {"tail": tail}
    fields |= {"kind": kind.kind} if kind.kind != "car" else {}
    fields |= {"who": kind.whose} if kind.whose is Whose.VISITOR else {}
    return f"/cities/{city}/days.ics?{urlencode(fields)}"


@require_safe
def days_file(request: HttpRequest, city: str) -> HttpResponse:
    """The file; 400 with one sentence for any address that no link of ours writes."""
    try:
        cards = load_city(city)
        tail, kind = _read(request)
    except CityUnknown:
        raise Http404 from None
    except AddressUnusable as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    metrics.pages_total.labels(page="days").inc()
    made = written(cards, tail, kind, business_clock().now().astimezone(SHANGHAI).date())
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{city}-{tail}.ics"'
    return same_for_all(request, response)


def _read(request: HttpRequest) -> tuple[str, Kind]:
    if not {"tail"} <= set(request.GET) <= _FIELDS or any(len(many) > 1 for _, many in request.GET.lists()):
        raise WRONG
    tail, kind = request.GET["tail"], request.GET.get("kind", "car")
    who = request.GET.get("who", Whose.LOCAL)
    if not is_tail(tail) or kind not in KINDS or who not in tuple(Whose):
        raise WRONG
    return tail, Kind(kind=kind, whose=Whose(who))


def written(cards: CityCards, tail: str, kind: Kind, today: date) -> bytes:
    """The file as of that day. The same all day long, as long as the rules are, so that caches can tell."""
    page = f"{settings.DAXIANG.public_url.rstrip('/')}/cities/{cards.id}/"
    name = _name(tail, kind)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Daxiang//days//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    title = f"{cards.name} {name}"
    about = f"{cards.name}限行：{name}哪几天、几点不能走，往后90天。按录入的通告算，以现场标志为准。"
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("description", about)
    calendar.add("x-wr-caldesc", about)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    fields = address(cards.id, tail, kind).partition("?")[2]
    made_at = datetime.combine(today, time(), SHANGHAI).astimezone(UTC)
    for entry in entries(cards, vehicle_of(cards, kind, tail), name=name, of=fields, first=today):
        calendar.add_component(_event(entry, made_at, page))
    content: bytes = calendar.to_ical()
    return content


def _name(tail: str, kind: Kind) -> str:
    whose = "外地" if kind.whose is Whose.VISITOR else ""
    kinds = "" if kind.kind == "car" else CHINESE.vehicles[kind.kind]
    return f"{whose}{kinds}尾号{tail}"


def _event(entry: Entry, made_at: datetime, page: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", made_at)
    event.add("dtstart", _written(entry.start))
    event.add("dtend", _written(entry.end))
    event.add("summary", entry.summary)
    event.add("description", f"{entry.description}\n{page}")
    event.add("url", page)
    event.add("transp", "TRANSPARENT")
    return event


def _written(value: date | datetime) -> date | datetime:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
