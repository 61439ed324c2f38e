"""The city's rules in words, each with its source and the day on which somebody last looked at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.conversation.cars import known
from daxiang.domains.conversation.cases import ONE_DAY, Frame, Piece, course_of
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.restrictions.aloud import card_lines, standing
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.values import Card, Passage, Place, VehicleClass, VehicleUse
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.public.english_names import EnglishNames
from daxiang.sites.public.english_words import checked_in_english
from daxiang.sites.public.told import tone

IN_FORCE = "有效"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a card: a label and what it says. `is_inner`: of the clause above it."""

    label: str
    text: str
    is_inner: bool


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One card. `clauses` are its sentences and whether each is in the page's own language."""

    id: str
    title: str
    short: str
    is_foreign: bool
    clauses: tuple[tuple[str, bool], ...]
    lines: tuple[Line, ...]
    since: str
    checked: str
    is_signed: bool
    is_stale: bool
    state: str
    address: str


@lru_cache(maxsize=64)
def rules(cards: CityCards, now: datetime, names: EnglishNames | None) -> tuple[Rule, ...]:
    """Every card of the pack, those in force first. Kept for the minute that `now` stands for."""
    every = [_rule(cards, card, now, names) for card in cards.cards]
    return tuple(sorted(every, key=lambda rule: rule.state != IN_FORCE))


def _rule(cards: CityCards, card: Card, now: datetime, names: EnglishNames | None) -> Rule:
    told = card.provenance
    title = names.card_title(card.id, card.short_title) if names else card.short_title
    sentences = [clause.says for clause in card.clauses] + [lift.says for lift in card.lifts]
    chinese = tuple((sentence, names is None) for sentence in sentences)
    return Rule(
        id=card.id,
        title=card.title,
        short=title,
        is_foreign=names is not None and title == card.short_title,
        clauses=names.clauses(card) if names and card.clauses else chinese,
        lines=tuple(_lines(card, cards)),
        since=card.valid_from.date().isoformat(),
        checked=checked_in_english(told.verified_text) if names else told.verified_text,
        is_signed=told.verified_by is not None,
        is_stale=cards.is_stale(told.verified_on, now.date()),
        state=_state(cards, card, now),
        address=told.url,
    )


def _lines(card: Card, cards: CityCards) -> Iterable[Line]:
    for line in list(card_lines(card, cards.places))[1:]:
        label, _, text = line.strip().partition("：")
        yield Line(label=label, text=text, is_inner=line.startswith(" "))


def _state(cards: CityCards, card: Card, now: datetime) -> str:
    """有效, 还没开始, 已过期, or replaced by a later card."""
    later = [one for one in cards.cards if card.id in one.supersedes and one.valid_from <= now]
    return f"已由{later[0].short_title}代替" if later else standing(card, now)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What holds at one place. `place`: its name, for a screen where the table becomes a list."""

    place: str
    tone: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind of vehicle, with what holds for it at each place of the table."""

    vehicle: str
    cells: tuple[Cell, ...]


_ROWS = (
    ("蓝牌小客车", "Car, blue plate", Car()),
    ("绿牌小客车", "Car, green plate", Car(is_green=True)),
    ("出租车", "Taxi", Car(use=VehicleUse.TAXI)),
    ("9座小客车", "Car with 9 seats", Car(seats=9)),
    ("大客车", "Large bus", Car(vehicle_class=VehicleClass.LARGE_PASSENGER)),
    ("货车", "Truck", Car(vehicle_class=VehicleClass.LIGHT_TRUCK)),
    ("绿牌货车", "Truck, green plate", Car(vehicle_class=VehicleClass.LIGHT_TRUCK, is_green=True)),
    ("摩托车", "Motorcycle", Car(vehicle_class=VehicleClass.MOTORCYCLE)),
)


def ruled_crossings(cards: CityCards) -> tuple[Place, ...]:
    """The crossings of which a card speaks that has not ended."""
    spoken = {place for card in cards.cards if card.valid_until is None for place in card.places}
    return tuple(place for place in cards.places.values() if place.is_crossing and place.id in spoken)


def table(cards: CityCards, now: datetime, names: EnglishNames | None) -> tuple[Row, ...]:
    """What holds on the next ordinary working day for each kind of vehicle, reckoned like any question."""
    frame = _working_day(cards, now)
    places = ruled_crossings(cards)
    return tuple(
        Row(
            vehicle=english if names else chinese,
            cells=tuple(_cell(cards, car, place, frame, names) for place in places),
        )
        for chinese, english, car in _ROWS
    )


def _working_day(cards: CityCards, now: datetime) -> Frame:
    day = now.date()
    for _ in range(15):
        if cards.calendar.kind(day) is DayKind.WORKDAY:
            break
        day += timedelta(days=1)
    midnight = datetime.combine(day, time(), SHANGHAI)
    return Frame(start=midnight, end=midnight + ONE_DAY, is_whole_day=True)


def _cell(cards: CityCards, car: Car, place: Place, frame: Frame, names: EnglishNames | None) -> Cell:
    vehicle = replace(known(car, 0).vehicle, is_local=True)
    course = course_of(cards, vehicle, place, frame)
    held = [piece for piece in course if piece.decision.passage is not Passage.ALLOWED]
    name = names.place(place) if names else place.short_name
    if not held:
        return Cell(place=name, tone="may", text="all day" if names else "能走")
    needs_tail = any(piece.decision.needs == ("tail",) for piece in held)
    words = _words(held[0], is_english=names is not None, needs_tail=needs_tail)
    hours = "、".join(_hours(piece) for piece in held)
    whole = "at all hours" if names else "全天"
    shown = whole if len(course) == 1 else hours
    return Cell(
        place=name,
        tone="unknown" if needs_tail else tone(held[0].decision),
        text=f"{words}, {shown}" if names else f"{shown}{words}",
    )


def _words(piece: Piece, *, is_english: bool, needs_tail: bool) -> str:
    if needs_tail:
        return "by last digit" if is_english else "看尾号"
    chinese = {"maynot": "不能走", "closed": "封闭"}
    english = {"maynot": "no entry", "closed": "closed"}
    return (english if is_english else chinese).get(
        tone(piece.decision), "not certain" if is_english else "不确定"
    )


def _hours(piece: Piece) -> str:
    end = piece.end or piece.start
    last = "24:00" if (end.hour, end.minute) == (0, 0) else f"{end.hour}:{end.minute:02}"
    return f"{piece.start.hour}:{piece.start.minute:02}–{last}"
