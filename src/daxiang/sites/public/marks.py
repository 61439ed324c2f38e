"""Every crossing with its mark for one vehicle at one time: for the drawing, and for the list beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daxiang.design.day_card.values import Map
from daxiang.domains.conversation.cases import SOON, Frame, after, course_of, grave
from daxiang.domains.conversation.day_card import day_card
from daxiang.domains.conversation.wording import until_text
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.values import Passage, Place, Vehicle
from daxiang.sites.public.english_names import EnglishNames
from daxiang.sites.public.english_words import note_in_english
from daxiang.sites.public.found import Found
from daxiang.sites.public.told import bare, tone, ways_in


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One crossing. `is_strong`: asked about, ruled or recommended; `note`: the hour that matters there."""

    place: str
    name: str
    river: str
    tone: str
    is_strong: bool
    note: str


def marks_of(found: Found, city_map: Map | None, names: EnglishNames | None) -> tuple[Mark, ...]:
    """All crossings of the pack, in its order. `names`: for English."""
    frame, strong = found.frame, _strong(found)
    by_day = _by_day(found, city_map) if frame.is_whole_day and city_map else {}
    marks = []
    for place in found.cards.places.values():
        if not place.is_crossing:
            continue
        mark = by_day.get(place.id) or _mark(found, place, frame, place.id in strong, names)
        marks.append(
            Mark(
                place=place.id,
                name=names.place(place) if names else place.short_name,
                river=names.river(place.river) if names else place.river,
                tone=mark[0],
                is_strong=place.id in strong,
                note=mark[1],
            )
        )
    return tuple(marks)


def all_unknown(cards: CityCards, names: EnglishNames | None) -> tuple[Mark, ...]:
    """When nothing can be looked up nothing is open, nothing shut."""
    return tuple(
        Mark(
            place=place.id,
            name=names.place(place) if names else place.short_name,
            river=place.river,
            tone="unknown",
            is_strong=False,
            note="",
        )
        for place in cards.places.values()
        if place.is_crossing
    )


def _strong(found: Found) -> frozenset[str]:
    """What was asked about, what has a rule by tail, and what was named as open instead."""
    ids = {place.id for place in found.cards.restricted_places()}
    ids |= {place.id for one in found.cases for place in one.case.places}
    by_name = {place.short_name: place.id for place in found.cards.places.values()}
    lines = found.reply.text.splitlines() if found.reply else ()
    ids |= {by_name[bare(name)] for way in ways_in(lines) for name in way.names if bare(name) in by_name}
    return frozenset(ids)


def _by_day(found: Found, city_map: Map) -> dict[str, tuple[str, str]]:
    """The marks of a whole day: those of the picture of the day, which hold for its traffic hours."""
    card = day_card(
        found.cards, vehicle=found.vehicle, subject="", day=found.frame.start.date(), city_map=city_map
    )
    return {place: (str(mark.tone), mark.note) for place, mark in card.marks.items()}


def _mark(
    found: Found, place: Place, frame: Frame, is_strong: bool, names: EnglishNames | None
) -> tuple[str, str]:
    decision = grave(course_of(found.cards, found.vehicle, place, frame)).decision
    if decision.needs == ("tail",):
        return "unknown", "by last digit" if names else "看尾号"
    if frame.end is not None:
        return tone(decision), ""
    return tone(decision), _note(found, place, decision, is_strong, names)


def _note(found: Found, place: Place, decision: Decision, is_strong: bool, names: EnglishNames | None) -> str:
    cards, frame = found.cards, found.frame
    if decision.passage is Passage.BANNED and decision.until is None:
        return ("at all hours" if names else "全天不能走") if is_strong else ""
    if decision.until is None or decision.passage in {Passage.UNKNOWN, Passage.CONDITIONAL}:
        return ""
    if decision.passage is Passage.ALLOWED and decision.until - frame.start > SOON:
        return ""
    then = after(cards, found.vehicle, place, decision)
    if names:
        return note_in_english(decision, then, found.now)
    return until_text(decision, then, frame, Frame(start=found.now, is_now=True))


def is_plain(vehicle: Vehicle) -> bool:
    """Whether nothing is known of the vehicle but that it is a small car."""
    return vehicle.tail_digit is None and vehicle == Vehicle(seats=vehicle.seats, height_m=vehicle.height_m)


def tones_in(marks: Iterable[Mark]) -> frozenset[str]:
    """The tones that occur, for a legend."""
    return frozenset(mark.tone for mark in marks)
