"""What is open instead, and what is not although people would try it. Every name was decided for this car."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from daxiang.domains.conversation.bubbles import Line, Weight
from daxiang.domains.conversation.cases import (
    SOON,
    Case,
    candidates,
    course_of,
    grave,
    stand_ins,
)
from daxiang.domains.conversation.chinese import hour, listed
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.reasons import CLASS_NAMES
from daxiang.domains.restrictions.rules import closures_at
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage, Place, PlaceKind

_OF_THE_VEHICLE = {Cause.CLASS, Cause.SEATS, Cause.HEIGHT, Cause.ORIGIN}


@dataclass(frozen=True, kw_only=True)
class Instead:
    """What is open instead of one place."""

    place: Place
    label: str
    open_: tuple[Place, ...]


def instead(cards: CityCards, cases: Sequence[Case], *, towards: str | None) -> tuple[Instead, ...]:
    """For each place that is not open in some case, what is open in every such case."""
    found = []
    for place in cases[0].places:
        held = [case for case in cases if grave(case.course(place)).decision.passage is not Passage.ALLOWED]
        if not held or not place.is_crossing or _leads_elsewhere(place, towards):
            continue
        common = stand_ins(cards, held[0], place, towards=towards)
        for case in held[1:]:
            theirs = stand_ins(cards, case, place, towards=towards)
            common = tuple(other for other in common if other in theirs)
        found.append(Instead(place=place, label=f"过{place.river}走", open_=common))
    if towards is None:
        return tuple(found)
    is_one = sum(bool(way.open_) for way in found) == 1
    return tuple(
        replace(way, label=f"{'' if is_one else f'过{way.place.river}'}去{towards}走") for way in found
    )


def _leads_elsewhere(place: Place, towards: str | None) -> bool:
    return towards is not None and towards not in (*place.banks, *place.stand_ins_to)


def way_lines(cards: CityCards, cases: Sequence[Case], ways: Sequence[Instead]) -> list[Line]:
    """过长江走：…; and for a vehicle that has few ways what is shut to it as well, and what is not known."""
    lines, said = [], set[tuple[str, tuple[Place, ...]]]()
    for way in ways:
        if way.open_ and (way.label, way.open_) not in said:
            said.add((way.label, way.open_))
            names = listed([_named(cards, cases[0], place) for place in way.open_])
            lines.append(Line(f"{way.label}：{names}。", Weight.WAY))
    return lines + _shut_lines(cards, cases[0], ways)


def _named(cards: CityCards, case: Case, place: Place) -> str:
    """长江隧道; with its hour where it will shut before long: 长江隧道（到1:00）."""
    if case.frame.end is not None:
        return place.short_name
    until = course_of(cards, case.vehicle, place, case.frame)[0].end
    if until is None or until - case.frame.start > SOON:
        return place.short_name
    return f"{place.short_name}（到{hour(until)}）"


def _shut_lines(cards: CityCards, case: Case, ways: Sequence[Instead]) -> list[Line]:
    """The stand-ins shut to this vehicle; where nothing is open, also that the rest is unsure."""
    others = {other.id: other for way in ways for other in candidates(cards, way.place, towards=None)}
    shut: dict[str, list[Place]] = {}
    unsure: list[Place] = []
    for other in others.values():
        decision = grave(course_of(cards, case.vehicle, other, case.frame)).decision
        if decision.passage is Passage.BANNED and decision.cause in _OF_THE_VEHICLE:
            shut.setdefault(short_reason(other, decision.reason), []).append(other)
        elif decision.passage is Passage.UNKNOWN:
            unsure.append(other)
    lines = [
        Line(f"{listed([place.short_name for place in places])}也不能走：{why}。", Weight.WAY)
        for why, places in shut.items()
    ]
    if ways and not any(way.open_ for way in ways) and unsure and case.passage is not Passage.UNKNOWN:
        name = CLASS_NAMES[case.vehicle.vehicle_class]
        text = f"其他桥我不确定：手上没有{name}的规定，不敢说能走。请看路口标志，或者问民警。"
        lines.append(Line(text, Weight.WAY))
    return lines


def short_reason(place: Place, reason: str) -> str:
    """只准9座以下的车, of a sentence that names the place and the verdict as well."""
    return reason.removeprefix(place.short_name).partition("，")[0].rstrip("。")


def night_line(cards: CityCards, case: Case) -> str:
    """夜里养护照样封闭：长江隧道1:00–5:00: for a car that may go anywhere."""
    said = []
    for place in cards.places.values():
        if place.is_crossing and place.kind is PlaceKind.TUNNEL:
            hours = [
                str(one) for clause in closures_at(cards, place.id, case.frame.start) for one in clause.hours
            ]
            said += [f"{place.short_name}{listed(hours)}"] if hours else []
    return f"夜里养护照样封闭：{'，'.join(said)}。" if said else ""
