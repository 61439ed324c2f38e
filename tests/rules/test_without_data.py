"""Where the data end the answer ends: no kind of day, no notice, no table for the day means unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.calendars.rules import Calendar, DayKind
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.queries import city_ids, load_city
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.tails import TailRule
from daxiang.domains.restrictions.values import Card, Clause, Passage, Question, Vehicle, VehicleClass
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate

ONE_DAY, SMALL = timedelta(days=1), VehicleClass.SMALL_PASSENGER
OPEN_ENDED = (Passage.UNKNOWN, Passage.CONDITIONAL)
PACKS = [load_city(city) for city in city_ids()]
SHEETS = [(pack, card, place) for pack in PACKS for card in pack.cards for place in card.places]
ROTATIONS = [
    (pack, card, clause)
    for pack in PACKS
    for card in pack.cards
    for clause in card.clauses
    if clause.tail.rule is TailRule.ROTATION
]
PLATES = ("鄂A12345", "京N12340", "湘A1234K", "粤BD12346", "川A12347", "津C12342", "贵A12348", "甘A12341")


def first_day_not_loaded(pack: CityCards) -> date:
    return date(max(pack.calendar.years) + 1, 1, 1)


def answer(pack: CityCards, place: str, at: datetime, plate: str, kind: VehicleClass) -> Passage:
    vehicle = Vehicle(plate=read_plate(plate), vehicle_class=kind, seats=5, height_m=1.6, axles=2)
    return decide(pack, Question(place=place, at=at, vehicle=vehicle)).passage


def as_each_kind(pack: CityCards, day: date) -> list[CityCards]:
    """The pack under every calendar that may yet come out for a day and the day before."""
    kinds = {one: pack.calendar.readings(one) for one in (day - ONE_DAY, day)}
    return [
        replace(pack, calendar=loaded(pack, day, before, today, core))
        for before in kinds[day - ONE_DAY]
        for today in kinds[day]
        for core in ({day}, set[date]())
        if today is DayKind.HOLIDAY or not core
    ]


def loaded(pack: CityCards, day: date, before: DayKind, today: DayKind, core: set[date]) -> Calendar:
    calendar, told = pack.calendar, {day - ONE_DAY: before, day: today}
    known = {one for one, kind in told.items() if kind is DayKind.HOLIDAY} - calendar.off.keys()
    makeup = {one for one, kind in told.items() if kind is DayKind.MAKEUP_WORKDAY}
    years = {day.year, (day - ONE_DAY).year}
    fixed = {one for one in told if calendar.is_core(one)}
    return replace(
        calendar,
        years=calendar.years | years,
        off={**calendar.off, **dict.fromkeys(known, "假日")},
        makeup=calendar.makeup | makeup,
        core=calendar.core | core | fixed,
        core_years=calendar.core_years | years,
    )


@settings(max_examples=200, deadline=None)
@given(
    sheet=st.sampled_from(SHEETS),
    days=st.integers(1, 330),
    second=st.integers(0, 86_399),
    plate=st.sampled_from(PLATES),
    kind=st.sampled_from([VehicleClass.SMALL_PASSENGER, VehicleClass.LIGHT_TRUCK]),
)
def test_beyond_the_calendar_nothing_is_certain_that_the_next_notice_could_change(
    sheet: tuple[CityCards, Card, str], days: int, second: int, plate: str, kind: VehicleClass
) -> None:
    pack, _, place = sheet
    day = first_day_not_loaded(pack) + days * ONE_DAY
    at = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(seconds=second)

    told = {answer(one, place, at, plate, kind) for one in as_each_kind(pack, day)}
    found = answer(pack, place, at, plate, kind)

    assert {found} == told if len(told) == 1 else found in OPEN_ENDED


def test_somewhere_the_kind_of_a_day_not_loaded_matters_and_then_the_answer_is_unknown() -> None:
    pack = load_city("beijing")
    monday = datetime(2027, 1, 4, 10, tzinfo=SHANGHAI)
    banned = answer(as_each_kind(pack, monday.date())[0], "inside-5th-ring", monday, "京A12344", SMALL)

    assert banned is Passage.BANNED
    assert answer(pack, "inside-5th-ring", monday, "京A12344", SMALL) is Passage.UNKNOWN


def spans_of(pack: CityCards, place: str) -> list[tuple[datetime, datetime | None]]:
    """When a card of a place is in force; those for alerts not, as none is on record."""
    cards = [card for card in pack.cards if place in card.places and not card.alerts]
    ends = {one: card.valid_from for card in pack.cards for one in card.supersedes}
    return [
        (card.valid_from, min(filter(None, (card.valid_until, ends.get(card.id))), default=None))
        for card in cards
    ]


@pytest.mark.parametrize("city", city_ids())
def test_outside_every_cards_validity_a_place_is_unknown_unless_it_is_on_record_as_open(city: str) -> None:
    pack, tried = load_city(city), 0
    for place in pack.places.values():
        spans = spans_of(pack, place.id)
        edges = [edge for span in spans for edge in span if edge]
        around = [
            edge + step for edge in edges for step in (-ONE_DAY, timedelta(seconds=-1), timedelta(0), ONE_DAY)
        ]
        for at in [*around, datetime(1995, 6, 1, 8, tzinfo=SHANGHAI)]:
            held = any(start <= at and (end is None or at < end) for start, end in spans)
            is_open = any(said.since <= at and SMALL in said.classes for said in place.open_to)
            if not held and not is_open:
                tried += 1
                assert answer(pack, place.id, at, "湘A12345", SMALL) is Passage.UNKNOWN, (place.id, at)
    assert tried >= len(pack.places)


@pytest.mark.parametrize(("pack", "card", "clause"), ROTATIONS, ids=lambda one: getattr(one, "id", ""))
def test_beyond_a_table_of_rotation_every_tail_is_unknown(
    pack: CityCards, card: Card, clause: Clause
) -> None:
    first, last = clause.tail.periods[0].first, clause.tail.periods[-1].last
    hour = clause.hours[0].start // 60
    beyond = [day for day in (first - ONE_DAY, last + ONE_DAY) if holds(card, day)]
    begins = (clause.who.plates or ("湘",))[0]
    for day in weekdays(beyond):
        at = datetime(day.year, day.month, day.day, hour, 30, tzinfo=SHANGHAI)
        for tail in range(10):
            plate = f"{begins[:1]}{begins[1:] or 'A'}1234{tail}"
            place = min(clause.places or card.places)
            assert answer(pack, place, at, plate, SMALL) in OPEN_ENDED, (plate, at)


def holds(card: Card, day: date) -> bool:
    until = card.valid_until
    return card.valid_from.date() <= day and (until is None or day < until.date())


def weekdays(days: list[date]) -> list[date]:
    """Each of these days, or the next Monday to Friday after it."""
    return [next(day + n * ONE_DAY for n in range(3) if (day + n * ONE_DAY).weekday() < 5) for day in days]


def test_some_table_ends_while_its_card_goes_on() -> None:
    assert any(holds(card, clause.tail.periods[-1].last + ONE_DAY) for _, card, clause in ROTATIONS)
