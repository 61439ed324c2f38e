"""What a city's page says of a day, against two judges: the engine, and the evaluator that shares no code.

The words of each cell are read back as a driver reads them and compared with the passage of every tail.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest

from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.queries import city_ids, load_city
from daxiang.domains.restrictions.rules import day_spans
from daxiang.domains.restrictions.values import Passage, Question
from daxiang.kernel.clock import SHANGHAI
from daxiang.sites.public.cities.calendar import Cell, month_of, own_months
from daxiang.sites.public.cities.cars import DIGITS, Kind, Whose, begins, vehicle_of
from daxiang.sites.public.cities.outlook import Chapter, Day, chapters, outlook
from daxiang.sites.public.cities.words import said
from tests.rules.country.evaluate import CARDS, evaluate

FIRST = date(2026, 11, 25)
ACROSS_THE_YEAR = date(2026, 12, 25)
ONE_DAY = timedelta(days=1)
CITIES = city_ids()
WORST = ("banned", "unknown", "conditional", "allowed")


def _engine(cards: CityCards, place: str, whose: Whose, digit: str, day: date) -> str:
    """The gravest passage of a day for one tail, asked of the engine."""
    vehicle = vehicle_of(cards, Kind(whose=whose), digit)
    at = datetime.combine(day, time(), SHANGHAI)
    spans = day_spans(cards, Question(place=place, at=at, vehicle=vehicle), day)
    return min((span.passage.value for span in spans), key=WORST.index)


def _read(cell: Cell) -> dict[str, str]:
    """What each tail is told by a cell. In a cell of tails, those that are not named fare better."""
    words = {"都不能走": "banned", "不确定": "unknown", "看情况": "conditional", "不限": "allowed"}
    if cell.is_word:
        return dict.fromkeys(DIGITS, words[cell.big])
    named = {"单号": "13579", "双号": "02468"}.get(cell.big, cell.big.replace(" ", ""))
    passage = {"maynot": "banned"}.get(cell.tone) or words[cell.small]
    return {digit: passage if digit in named else "" for digit in DIGITS}


def _chapters() -> list[tuple[str, date]]:
    return [(city, FIRST) for city in CITIES] + [(city, ACROSS_THE_YEAR) for city in ("wuhan", "beijing")]


@pytest.mark.parametrize(("city", "first"), _chapters())
def test_the_words_of_each_day_are_the_engines_for_every_tail(city: str, first: date) -> None:
    cards = load_city(city)
    for chapter in chapters(cards, first):
        for number, cell in enumerate(month_of(cards, chapter, title="").cells):
            day, told = first + number * ONE_DAY, _read(cell)
            assert cell.on.iso == day.isoformat()
            for place in chapter.places:
                for whose in chapter.whose:
                    found = {digit: _engine(cards, place.id, whose, digit, day) for digit in DIGITS}
                    _agree(told, found, chapter.days[number])


def _agree(told: dict[str, str], found: dict[str, str], day: Day) -> None:
    for digit, passage in told.items():
        if passage:
            assert found[digit] == passage, (day.day, digit)
        else:
            named = [other for other, said_ in told.items() if said_]
            milder = all(WORST.index(found[digit]) >= WORST.index(found[other]) for other in named)
            assert milder, (day.day, digit)


@pytest.mark.parametrize("city", [city for city in CITIES if city in CARDS])
@pytest.mark.parametrize("whose", Whose)
def test_every_stretch_of_every_tail_is_that_of_the_evaluator_that_shares_no_code(
    city: str, whose: Whose
) -> None:
    """At the first and the last second of each stretch; small cars with five seats, two metres high."""
    cards = load_city(city)
    for place in cards.restricted_places():
        for day in outlook(cards, place.id, Kind(whose=whose), FIRST)[::5]:
            for fare in day.fares:
                car = {
                    "plate": f"{begins(cards, whose)}1234{fare.digits[-1]}",
                    "class": "small_passenger",
                    "use": "private",
                    "seats": 5,
                    "height_m": 2.0,
                }
                for span in fare.spans:
                    for at in (span.start, span.end - timedelta(seconds=1)):
                        judged = evaluate(city, place.id, at, car).passage
                        assert judged == span.passage, (place.id, at, car)


def test_all_ten_tails_are_in_each_day_once() -> None:
    for city in CITIES:
        for chapter in chapters(load_city(city), FIRST, 8):
            for day in chapter.days:
                assert "".join(sorted("".join(fare.digits for fare in day.fares))) == DIGITS


def _chapter(city: str, whose: Whose = Whose.LOCAL) -> Chapter:
    return next(one for one in chapters(load_city(city), FIRST) if whose in one.whose)


@pytest.mark.parametrize(
    ("city", "whose", "lines"),
    [
        ("wuhan", Whose.LOCAL, ["双号不能走", "单号不能走", "双号不能走", "不限", "不限", "单号不能走"]),
        ("beijing", Whose.LOCAL, ["限2和7", "限3和8", "限4和9", "不限", "不限", "限5和0"]),
        ("hangzhou", Whose.LOCAL, ["限3和7", "限4和6", "限5和0", "不限", "不限", "限1和9"]),
        ("hangzhou", Whose.VISITOR, ["都不能走", "都不能走", "都不能走", "不限", "不限", "都不能走"]),
        ("guangzhou", Whose.LOCAL, ["不限"] * 6),
        ("guangzhou", Whose.VISITOR, ["看情况"] * 6),
        ("lanzhou", Whose.VISITOR, ["3和8看情况", "4和9看情况", "5和0看情况", "不限", "不限", "1和6看情况"]),
        ("xian", Whose.LOCAL, ["不确定"] * 6),
    ],
)
def test_the_six_days_from_a_wednesday_on_read_so(city: str, whose: Whose, lines: list[str]) -> None:
    assert [said(day).line for day in _chapter(city, whose).days[:6]] == lines


def test_a_holiday_and_a_year_without_a_notice_are_named() -> None:
    cards = load_city("wuhan")
    month = month_of(cards, chapters(cards, ACROSS_THE_YEAR)[0], title="")
    cells = month.cells
    by_day = {cell.on.iso: cell for cell in cells}
    assert by_day["2027-01-01"].on.mark == "元旦"
    assert by_day["2027-01-01"].big == "不限"
    assert (by_day["2027-01-05"].tone, by_day["2027-01-05"].small) == ("unknown", "不确定")
    assert "放假安排还没公布" in by_day["2027-01-05"].spoken
    assert month.doubts == ("2027年的放假和调休安排还没录入，不知道那天上不上班",)


def test_a_makeup_workday_is_marked() -> None:
    cards = load_city("beijing")
    cells = month_of(cards, chapters(cards, date(2026, 9, 20))[0], title="").cells
    assert [cell.on.mark for cell in cells if cell.on.iso in ("2026-09-20", "2026-10-10")] == ["班", "班"]


@pytest.mark.parametrize("city", CITIES)
def test_the_calendar_of_one_car_is_the_engines(city: str) -> None:
    cards, digit = load_city(city), "3"
    vehicle = vehicle_of(cards, Kind(), digit)
    words = {"能走": "allowed", "不能走": "banned", "不确定": "unknown", "看情况": "conditional"}
    months = own_months(cards, vehicle, FIRST, name="尾号3")
    seen = set()
    for month in months:
        for place in cards.restricted_places():
            if place.short_name not in re.split("[，、]", month.title):
                continue
            seen.add(place.id)
            for cell in month.cells:
                found = _engine(cards, place.id, Whose.LOCAL, digit, date.fromisoformat(cell.on.iso))
                assert words[cell.big] == found, (place.id, cell.on.iso)
    assert seen == {place.id for place in cards.restricted_places()}


def test_the_summary_counts_the_days() -> None:
    cards = load_city("beijing")
    (month,) = own_months(cards, vehicle_of(cards, Kind(), "3"), FIRST, name="尾号3")
    banned = sum(cell.big == "不能走" for cell in month.cells)
    assert month.summary == f"往后30天：{banned}天不能走，其余能走。"
    assert banned == 5


def test_a_passage_is_never_milder_than_what_the_page_says_of_everybody() -> None:
    for city in CITIES:
        for chapter in chapters(load_city(city), FIRST, 8):
            for day in chapter.days:
                assert Passage(day.passage) is day.fares[0].passage
                assert day.fares == tuple(sorted(day.fares, key=lambda fare: (fare.weight, fare.digits)))
