"""Whom a clause of a draft binds, and whom it leaves free."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from daxiang.domains.restrictions.drafting.drafts import Leftover, Line, Table, filled, optional, silent
from daxiang.domains.restrictions.drafting.exemptions import (
    Exempt,
    is_exemption,
    read_exceptions,
    read_exemption,
    together,
    without_exceptions,
)
from daxiang.domains.restrictions.drafting.findings import Doubt, Found, Reading, Unread, agreed
from daxiang.domains.restrictions.drafting.sentences import Sentence
from daxiang.domains.restrictions.drafting.vehicles import (
    Bounds,
    ClassesTold,
    PlatesTold,
    names_several,
    read_any_vehicle,
    read_axles,
    read_classes,
    read_height,
    read_plates,
    read_seats,
)
from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.values import Origin, VehicleClass, VehicleUse
from daxiang.kernel.plates import PlateKind

T = TypeVar("T")
_GREEN_BOUND = re.compile(r"(?:含|包括|包含)新能源|新能源[^,;]{0,12}(?:同样|一并|也|不例外|同等)")
_GIVEN = (
    (
        re.compile(r"(?:未|没有?)(?:办理?|取得|持有?|申领|申请)[^,;]{0,8}(?:进京证|进京通行证|入城证)"),
        FactName.ENTRY_PERMIT,
        False,
    ),
    (re.compile(r"区域号牌|区域号段"), FactName.REGIONAL_PLATE, True),
    (re.compile(r"实习期"), FactName.NOVICE, True),
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """The sentences of one clause: its own, those of the whole notice, and those that free somebody."""

    own: tuple[Sentence, ...]
    general: tuple[Sentence, ...]
    exempt: tuple[Sentence, ...]

    @property
    def every(self) -> tuple[Sentence, ...]:
        return tuple(sorted({*self.own, *self.general, *self.exempt}, key=lambda one: one.number))


def bound(said: Said, read: Callable[[str], T | Doubt | None], *, what: str) -> Reading[T]:
    """What the clause's own sentences say, their exceptions aside; else those of the whole notice."""

    def of_what_is_bound(plain: str) -> T | Doubt | None:
        return read(without_exceptions(plain))

    mine = agreed(said.own, of_what_is_bound, what=what)
    return agreed(said.general, of_what_is_bound, what=what) if mine is None else mine


def limit(said: Said, read: Callable[[str], T | Doubt | None], *, what: str) -> Reading[T]:
    """A bound on the vehicles; in doubt where a sentence names several, and it may be about one of them."""

    def of_all(plain: str) -> T | Doubt | None:
        value = read(plain)
        return value if value is None or not names_several(plain) else Doubt(f"{what}管其中哪些车")

    return bound(said, of_all, what=what)


def who_table(said: Said) -> tuple[Table, tuple[Leftover, ...]]:
    """`[clause.who]`, and what was said of vehicles that is in no field."""
    classes: Reading[ClassesTold] = bound(said, read_classes, what="管哪些车")
    classes = bound(said, read_any_vehicle, what="管哪些车") if classes is None else classes
    free = _free(said)
    lines = (
        _classes_line(classes),
        *_bounds(said),
        *_plates(said),
        *_given(said),
        *_free_lines(said, free),
    )
    leftovers = [
        *_strange(classes),
        *(Leftover(what=f"“{text}”", sentence=one) for one, part in free for text in part.strange),
    ]
    return Table(header="[clause.who]", lines=lines), tuple(leftovers)


def _classes_line(classes: Reading[ClassesTold]) -> Line:
    wanted = "管哪些车型，可写的见 docs/reference/rule-cards.md"
    if isinstance(classes, Found) and classes.value.classes:
        told = tuple(one.value for one in VehicleClass if one in classes.value.classes)
        return filled("classes", classes, wanted=wanted, value=told)
    if isinstance(classes, Found):
        return Line(key="classes", missing=wanted, sentences=classes.sentences)
    return filled("classes", classes, wanted=wanted)


def _strange(classes: Reading[ClassesTold]) -> Iterator[Leftover]:
    if isinstance(classes, Found):
        for word in classes.value.strange:
            yield Leftover(what=f"车型“{word}”", sentence=classes.sentences[0])


def _bounds(said: Said) -> Iterator[Line]:
    seats: Reading[Bounds] = limit(said, read_seats, what="座位数")
    if isinstance(seats, Found):
        for key, number in (
            ("seats_at_least", seats.value.seats_at_least),
            ("seats_at_most", seats.value.seats_at_most),
        ):
            if number is not None:
                yield Line(key=key, value=number, sentences=seats.sentences)
    else:
        yield from optional("seats_at_most", seats, wanted="写 seats_at_most 或 seats_at_least")
    yield from optional("taller_than_m", limit(said, read_height, what="车高"), wanted="高过几米的")
    yield from optional("axles_at_least", limit(said, read_axles, what="轴数"), wanted="几轴起")


def _plates(said: Said) -> Iterator[Line]:
    told = [
        (one, value)
        for one in (*said.own, *said.general)
        if (value := _plates_of(without_exceptions(one.plain))) is not None
    ]
    reading = _one_of(told)
    if not isinstance(reading, Found):
        yield from optional(
            "origin", reading, wanted='写 "local"、"non_local"，或改写 plates、not_plates；都管就删掉这一行'
        )
        return
    if reading.value.origin is not None:
        yield Line(key="origin", value=reading.value.origin.value, sentences=reading.sentences)
    for key, prefixes in (("plates", reading.value.plates), ("not_plates", reading.value.not_plates)):
        if prefixes:
            yield Line(key=key, value=prefixes, sentences=reading.sentences)


def _plates_of(plain: str) -> PlatesTold | Doubt | None:
    told = read_plates(plain)
    if isinstance(told, PlatesTold) and told != PlatesTold() and names_several(plain):
        return Doubt("号牌管其中哪些车")
    return told


def _one_of(told: list[tuple[Sentence, PlatesTold | Doubt]]) -> Reading[PlatesTold]:
    """As one says; local plates in one sentence and 外地同样 in another are everybody's."""
    for one, value in told:
        if isinstance(value, Doubt):
            return Unread(value.why, (one,))
    values = {value for _, value in told if isinstance(value, PlatesTold)}
    everybody = PlatesTold()
    if everybody in values and all(
        not one.not_plates and one.origin is not Origin.NON_LOCAL for one in values
    ):
        return Found(everybody, tuple(one for one, value in told if value == everybody))
    if len(values) > 1:
        return Unread("管哪里的号牌：有两种说法", tuple(dict.fromkeys(one for one, _ in told)))
    return Found(values.pop(), (told[0][0],)) if values else None


def _given(said: Said) -> Iterator[Line]:
    for one in said.own:
        text = without_exceptions(one.plain)
        for pattern, name, holds in _GIVEN:
            if pattern.search(text) and names_several(text):
                yield Line(key=f"given.{name.value}", missing="管其中哪些车，请分开写", sentences=(one,))
            elif pattern.search(text):
                yield Line(key=f"given.{name.value}", value=holds, sentences=(one,))


def _free(said: Said) -> list[tuple[Sentence, Exempt]]:
    """Whom each sentence frees."""
    found = [
        (one, read_exemption(one.plain) if is_exemption(one.plain) else read_exceptions(one.plain))
        for one in (*said.own, *said.general)
    ]
    found += [(one, read_exemption(one.plain)) for one in said.exempt]
    return [(one, part) for one, part in found if not part.is_empty]


def _free_lines(said: Said, free: list[tuple[Sentence, Exempt]]) -> Iterator[Line]:
    every = together(part for _, part in free)
    uses = tuple(one.value for one in VehicleUse if one in every.uses)
    note = None if uses else "公告没写哪种用途的车除外"
    yield Line(key="exempt_uses", value=uses, sentences=_from(free, "uses"), note=note)
    yield _green_line(said, _from(free, "has_green"))
    if every.kinds:
        kinds = tuple(one.value for one in PlateKind if one in every.kinds)
        yield Line(key="exempt_plate_kinds", value=kinds, sentences=_from(free, "kinds"))
    if every.plates:
        yield Line(key="exempt_plates", value=every.plates, sentences=_from(free, "plates"))
    if every.given:
        given = tuple(one.value for one in FactName if one in every.given)
        yield Line(key="exempt_given", value=given, sentences=_from(free, "given"))
    if every.arrival:
        yield Line(key="exempt_first_arrival", value=every.arrival.value, sentences=_from(free, "arrival"))


def _from(free: list[tuple[Sentence, Exempt]], part: str) -> tuple[Sentence, ...]:
    return tuple(one for one, exempt in free if getattr(exempt, part))


def _green_line(said: Said, freed: tuple[Sentence, ...]) -> Line:
    held = tuple(one for one in (*said.own, *said.general) if _GREEN_BOUND.search(one.plain))
    reading: Reading[bool] = None
    if freed and held:
        reading = Unread("新能源车：又写除外，又写在内", (*freed, *held))
    elif freed or held:
        reading = Found(bool(freed), freed or held)
    return silent("exempt_new_energy", reading, note="公告没写新能源车")
