"""From bank to bank, and whether a tunnel is open. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from daxiang.domains.conversation.bubbles import Line, Weight
from daxiang.domains.conversation.cases import (
    Case,
    Frame,
    Query,
    case_of,
    cases_of,
    is_open_throughout,
    needs_of,
    restricted_crossings,
)
from daxiang.domains.conversation.chinese import hour, listed, moment
from daxiang.domains.conversation.plain import asked_back, basis, first_line
from daxiang.domains.conversation.unsure import unsure_lines
from daxiang.domains.conversation.wording import lead, next_text, when, word
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.rules import closures_at
from daxiang.domains.restrictions.values import Passage, Place, VehicleClass

MOST_WAYS = 4


def route(cards: CityCards, query: Query, here: Frame) -> tuple[list[Case], list[Line]]:
    """The restricted crossing of the river between, then every crossing that is open to this car."""
    crossings, cases = _ways_between(cards, query), cases_between(cards, query, here)
    case = cases[0]
    way = _way_text(cards, query, case, crossings, here)
    if needs := needs_of(cases):
        return cases, [Line(way, Weight.ANSWER), *asked_back(cases, here, needs)]
    first = Line(first_line(cards, query, case, here), Weight.ANSWER)
    lines = [first, Line(way, Weight.WAY), *unsure_lines(cards, case)]
    return cases, lines + basis(cards, case, query.cars[0], here)


def cases_between(cards: CityCards, query: Query, here: Frame) -> list[Case]:
    """The cases of a question from bank to bank: those of the restricted crossing of the river between."""
    return cases_of(cards, _between(cards, query, _ways_between(cards, query), here), here.start)


def _ways_between(cards: CityCards, query: Query) -> list[Place]:
    ends = (query.origin or "", query.destination or "")
    return [cards.places[one] for one in cards.ground.ways.get(ends, ())]


def _between(cards: CityCards, query: Query, crossings: list[Place], here: Frame) -> Query:
    """The question about the places named, else about the restricted crossings of the same river."""
    named = tuple(one for one in query.places if one in cards.places)
    rivers = {place.river for place in crossings}
    ruled = (place for place in restricted_crossings(cards, here.start) if place.river in rivers)
    return replace(query, places=named or tuple(place.id for place in ruled))


def _way_text(cards: CityCards, query: Query, case: Case, crossings: list[Place], here: Frame) -> str:
    open_ = [
        place
        for place in crossings
        if place not in case.places and is_open_throughout(cards, case.vehicle, place, case.frame)
    ]
    ends = f"{query.origin}到{query.destination}"
    time = "现在" if case.frame.is_now else when(case.frame, here.start)
    if not open_:
        return f"{ends}，{time}别的桥我不确定，请看路口标志，或者问民警。"
    names = listed([place.short_name for place in open_[:MOST_WAYS]])
    return f"{ends}，{time}{'这几条都' if len(open_) > 1 else ''}能走：{names}。"


def is_shut_at_times(cards: CityCards, case: Case) -> bool:
    """Whether some place of it is closed for works at certain hours."""
    return any(closures_at(cards, place.id, case.frame.start) for place in case.places)


def open_or_shut(cards: CityCards, query: Query, case: Case, here: Frame) -> list[Line]:
    """长江隧道现在开着没: the place first, then the other one that shuts at night, then the bridges."""
    at = case.frame.start
    others = [
        other
        for other in cards.places.values()
        if other not in case.places
        and any(other.river == place.river and place.river for place in case.places)
        and closures_at(cards, other.id, at)
    ]
    alone = case_of(cards, case.vehicle, others, case.frame)
    asked = [place for place in case.places if closures_at(cards, place.id, at)]
    lines = [Line(f"{_open_text(cards, case, place)}。", Weight.ANSWER) for place in asked]
    lines += [Line(f"{_open_text(cards, alone, other)}。", Weight.WAY) for other in others]
    if query.cars[0].vehicle.tail_digit:
        ruled = case_of(cards, case.vehicle, restricted_crossings(cards, at), case.frame)
        text = lead(cards, ruled, query.cars[0], here, says_verdict_first=False)
        lines += [Line(text, Weight.WAY), Line(next_text(cards, ruled, query.cars[0], here), Weight.NEXT)]
    return [*lines, Line(_rule_of(cards, asked[0], at), Weight.WHY)]


def _open_text(cards: CityCards, case: Case, place: Place) -> str:
    """长江隧道开着，到1:00；1:00–5:00封闭养护."""
    decision, start = case.course(place)[0].decision, case.frame.start
    closures = closures_at(cards, place.id, start)
    hours = listed([str(one) for clause in closures for one in clause.hours])
    until = decision.until
    at = ""
    if until is not None:
        at = hour(until) if until.date() == start.date() else moment(until, start)
    if decision.is_closed:
        return f"{place.short_name}封闭养护{f'，{at}开' if at else ''}"
    if decision.passage is Passage.ALLOWED:
        return f"{place.short_name}开着{f'，到{at}' if at else ''}；{hours}封闭养护"
    return f"{place.short_name}{word(decision)}：{decision.reason.rstrip('。')}"


def _rule_of(cards: CityCards, place: Place, at: datetime) -> str:
    """隧道只准9座以下小客车，限速60."""
    seats = [
        clause.who.seats_at_least
        for card in cards.cards
        if card.valid_from <= at and (card.valid_until is None or at < card.valid_until)
        for clause in card.clauses
        if clause.is_about(place.id)
        and place.id in card.places
        and VehicleClass.SMALL_PASSENGER in clause.who.classes
        and clause.who.seats_at_least
    ]
    parts = [f"只准{seats[0]}座以下小客车"] if seats else []
    parts += [f"限速{place.speed_kmh}"] if place.speed_kmh else []
    return f"{place.short_name}{'，'.join(parts)}。" if parts else ""
