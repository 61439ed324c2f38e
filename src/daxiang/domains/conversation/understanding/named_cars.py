"""From the words for vehicles to cars, with every reading that they can have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from daxiang.domains.calendars.rules import Calendar
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.understanding.cars import NEGATED, Facts, Kinds
from daxiang.domains.conversation.understanding.days import OfMonth, dates_of
from daxiang.domains.conversation.understanding.parts import Part, Token
from daxiang.domains.conversation.understanding.readings import combined
from daxiang.domains.conversation.understanding.tails import tail_car
from daxiang.domains.restrictions.values import VehicleClass
from daxiang.kernel.plates import Plate

Reading = tuple[tuple[Car, ...], tuple[date, ...]]
"""Cars, and days that the same figures would mean instead."""
_IDENTITIES = frozenset({Part.PLATE, Part.TAIL, Part.LETTER, Part.NUMBER, Part.ODD})
_SAYING = _IDENTITIES | {Part.KIND}
LAST_DAY = 31


@dataclass(slots=True)
class _Group:
    """Cars that are named together and whatever kind is said of them."""

    cars: list[Car] = field(default_factory=list)
    kinds: list[Kinds] = field(default_factory=list)
    is_closed: bool = False


@dataclass(slots=True)
class Cars:
    readings: tuple[Reading, ...] = (((), ()),)
    unread: list[str] = field(default_factory=list)
    is_cut: bool = False
    """More cars or readings than stand here."""


def named_cars(
    tokens: Sequence[Token], text: str, *, now: datetime, calendar: Calendar, has_day: bool
) -> Cars:
    """The cars that these pieces name. `has_day`: a day is named, so bare figures are no date."""
    said = [token for token in tokens if token.part in _SAYING]
    if len(said) == 1 and (car := _plain_car(said[0])) is not None:
        return Cars(readings=(((car,), ()),))
    found = Cars()
    groups: list[_Group] = []
    others: list[tuple[date, ...]] = []
    is_not = False
    for token in tokens:
        part = token.part
        if part is Part.KIND:
            _add_kind(groups, _kinds(token, is_not), tokens, token)
        elif part in _IDENTITIES:
            cars = _identities(token, tokens, text, found, others, now, calendar, has_day=has_day)
            if cars:
                _add_cars(groups, cars)
        elif part is Part.AND and groups:
            groups[-1].is_closed = True
        if part is not Part.FILLER:
            is_not = part is Part.NOT
    read, found.is_cut = _readings(groups)
    readings: list[Reading] = [(cars, ()) for cars in read]
    readings += [((), days) for days in others if len(readings) == 1 and len(readings[0][0]) == 1]
    found.readings = tuple(readings)
    return found


def _plain_car(token: Token) -> Car | None:
    """The one car of most questions; None when it takes more to read it."""
    value = token.value
    if token.part is Part.NUMBER and len(str(value)) == 1:
        return tail_car(str(value))
    if token.part is Part.PLATE and isinstance(value, Plate):
        return Car(plate=value)
    if token.part is Part.TAIL and isinstance(value, tuple) and len(value) == 1:
        car: Car = value[0]
        return car
    return None


def _add_cars(groups: list[_Group], cars: Sequence[Car]) -> None:
    last = groups[-1] if groups else None
    if last is None or (last.cars and last.kinds and last.is_closed) or (last.cars and last.kinds):
        groups.append(_Group(cars=list(cars)))
    else:
        last.cars += [car for car in cars if car not in last.cars]
        last.is_closed = False


def _add_kind(groups: list[_Group], kinds: Kinds, tokens: Sequence[Token], token: Token) -> None:
    last = groups[-1] if groups else None
    names_more = any(one.part in _IDENTITIES for one in tokens if one.start >= token.end)
    if last is None or (last.is_closed and names_more):
        groups.append(_Group(kinds=[kinds]))
    else:
        last.kinds.append(kinds)
        last.is_closed = False


def _kinds(token: Token, is_not: bool) -> Kinds:
    kinds: Kinds = token.as_a(tuple)
    if not is_not:
        return kinds
    for name, negated in NEGATED.items():
        if len(kinds) == 1 and list(kinds[0]) == [name]:
            return (negated[kinds[0][name]],)
    return ({},) if is_negatable(token) else kinds


def is_negatable(token: Token) -> bool:
    """Whether 不是 before this kind leaves something to answer with; 不是货车 leaves a plain car."""
    kinds: Kinds = token.as_a(tuple)
    facts = {name for one in kinds for name in one}
    if facts <= {"vehicle_class", "use"}:
        return all(
            one.get("vehicle_class") is not VehicleClass.SMALL_PASSENGER or "use" in one for one in kinds
        )
    return len(kinds) == 1 and len(facts) == 1 and next(iter(facts)) in NEGATED


def _identities(
    token: Token,
    tokens: Sequence[Token],
    text: str,
    found: Cars,
    others: list[tuple[date, ...]],
    now: datetime,
    calendar: Calendar,
    *,
    has_day: bool,
) -> list[Car]:
    value: Any = token.value
    match token.part:
        case Part.PLATE if isinstance(value, Plate):
            return [Car(plate=value)]
        case Part.TAIL:
            return list(value)
        case Part.ODD:
            is_told = any(one.part in {Part.PLATE, Part.TAIL, Part.NUMBER} for one in tokens)
            return [] if is_told else [Car(is_odd=value)]
        case Part.LETTER:
            return [Car(letter=value)]
        case Part.NUMBER:
            return _figures(token, tokens, text, found, others, now, calendar, has_day=has_day)
        case _:
            return []


def _figures(
    token: Token,
    tokens: Sequence[Token],
    text: str,
    found: Cars,
    others: list[tuple[date, ...]],
    now: datetime,
    calendar: Calendar,
    *,
    has_day: bool,
) -> list[Car]:
    """What bare figures are: one is a tail; two are the end of a plate, or the day of a month."""
    figures = str(token.value)
    is_marked = any(one.part in {Part.PLATE, Part.TAIL, Part.LETTER} for one in tokens)
    numbers = [one for one in tokens if one.part is Part.NUMBER]
    if len(figures) == 1:
        if is_marked and not _is_joined(token, tokens):
            found.unread.append(figures)
            return []
        return [tail_car(figures)]
    if len(figures) > 2:
        found.unread.append(figures)
        return []
    days = dates_of(OfMonth(int(figures)), now.date(), calendar) if 1 <= int(figures) <= LAST_DAY else ()
    is_alone = not is_marked and len(numbers) == 1
    if is_alone:
        if days and not has_day and figures[0] != "0":
            others.append(days[0])
        return [tail_car(figures[-1])]
    found.unread.append(figures)
    return []


def _is_joined(token: Token, tokens: Sequence[Token]) -> bool:
    """Whether a bare figure stands in a list with other cars (鄂A12345和6)."""
    at = tokens.index(token)
    before = next((one.part for one in reversed(tokens[:at]) if one.part is not Part.BREAK), None)
    behind = next((one.part for one in tokens[at + 1 :] if one.part is not Part.BREAK), None)
    return Part.AND in (before, behind)


def _readings(groups: Sequence[_Group]) -> tuple[list[tuple[Car, ...]], bool]:
    """Every reading of all the groups, and whether some were left out: a kind with several meanings
    multiplies them.
    """
    if not groups:
        return [()], False
    if len(groups) == 1 and not groups[0].kinds:
        return [tuple(groups[0].cars)], False
    groups = _without_pending(groups)
    per_group: list[list[tuple[Car, ...]]] = []
    for group in groups:
        cars = group.cars or [Car()]
        per_group.append(
            [_with(cars, facts) for facts in _merged(group.kinds)] if group.kinds else [tuple(cars)]
        )
    read, is_cut = combined(per_group)
    return [tuple(car for part in parts for car in part) for parts in read], is_cut


def _with(cars: Sequence[Car], facts: Facts) -> tuple[Car, ...]:
    return tuple(replace(car, **facts) for car in cars)


def _without_pending(groups: Sequence[_Group]) -> list[_Group]:
    """A kind behind a comma belongs to the cars before it, when no car of its own follows."""
    kept: list[_Group] = []
    for group in groups:
        if not group.cars and kept and kept[-1].cars:
            kept[-1].kinds += group.kinds
        else:
            kept.append(group)
    return kept


def _merged(kinds: Sequence[Kinds]) -> list[Facts]:
    """All kinds said of one car together; where they contradict each other, each one is a reading."""
    merged: list[Facts] = [{}]
    for one in kinds:
        together = [{**told, **facts} for told in merged for facts in one if _agree(told, facts)]
        merged = together or [*merged, *one]
    return merged


def _agree(told: Facts, facts: Facts) -> bool:
    return all(told.get(name, value) == value for name, value in facts.items())
