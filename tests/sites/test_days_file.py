"""`days.ics`: what a telephone may refuse, and that it holds the engine's bans exactly, nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client

from daxiang.domains.restrictions.queries import city_ids, load_city
from daxiang.domains.restrictions.rules import day_spans
from daxiang.domains.restrictions.values import Passage, Question
from daxiang.kernel.clock import SHANGHAI, FixedClock
from daxiang.sites.public.cities import days_file
from daxiang.sites.public.cities.cars import Kind, Whose, vehicle_of
from tests.sites.ics_reader import Part, Unreadable, read

NOW = datetime(2026, 11, 25, 8, 10, tzinfo=SHANGHAI)
TODAY = NOW.date()
ONE_DAY = timedelta(days=1)
CITIES = city_ids()
SHUT = ("不能走", "限不限不确定", "要看情况")


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days_file, "business_clock", lambda: FixedClock(NOW))


def _file(city: str, query: str) -> Part:
    response = Client().get(f"/cities/{city}/days.ics?{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return read(response.content)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _instant(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else _midnight(value)


def _told(calendar: Part, word: str, name: str) -> set[tuple[datetime, datetime, str]]:
    """The stretches of one word, whole days cut into days, with the names of their places."""
    found = set()
    for event in calendar.parts:
        what, _, where = event.text("SUMMARY").partition("：")
        if not what.endswith(word):
            continue
        start, end = _instant(event.time("DTSTART")), _instant(event.time("DTEND"))
        while isinstance(event.time("DTSTART"), date) and end - start > ONE_DAY:
            found.add((start, start + ONE_DAY, where))
            start += ONE_DAY
        found.add((start, end, where))
    return {(start, end, place) for start, end, where in found for place in _places(where, name)}


def _places(where: str, city: str) -> list[str]:
    return where.removeprefix(city).partition(" ")[0].split("、")


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("whose", Whose)
def test_it_holds_the_bans_of_ninety_days_exactly_and_every_day_of_which_nobody_knows(
    city: str, whose: Whose
) -> None:
    cards, tail = load_city(city), str(CITIES.index(city) % 10)
    vehicle = vehicle_of(cards, Kind(whose=whose), tail)
    calendar = _file(city, f"tail={tail}&who={whose}")
    bans, doubts = set(), set()
    for place in cards.restricted_places():
        for day in (TODAY + number * ONE_DAY for number in range(90)):
            for span in day_spans(cards, Question(place=place.id, at=NOW, vehicle=vehicle), day):
                if span.passage is Passage.BANNED:
                    bans.add((span.start, span.end, place.short_name))
                elif span.passage is not Passage.ALLOWED:
                    doubts.add((_midnight(day), _midnight(day) + ONE_DAY, place.short_name))

    assert _told(calendar, "不能走", cards.name) == bans
    assert _told(calendar, "限不限不确定", cards.name) | _told(calendar, "要看情况", cards.name) == doubts
    assert all(event.text("SUMMARY").partition("：")[0].endswith(SHUT) for event in calendar.parts)


def test_the_file_of_a_car_with_all_kinds_of_days_is_what_rfc_5545_asks_for() -> None:
    calendar = _file("wuhan", "tail=5")
    events = calendar.parts
    assert {event.kind for event in events} == {"VEVENT"}
    assert "METHOD" not in calendar.properties
    assert calendar.properties["REFRESH-INTERVAL"] == [({"VALUE": "DURATION"}, "PT6H")]
    assert calendar.text("X-PUBLISHED-TTL") == "PT6H"
    assert calendar.text("X-WR-CALNAME") == calendar.text("NAME") == "武汉 尾号5"
    assert len({event.text("UID") for event in events}) == len(events) > 30
    assert {event.time("DTSTAMP") for event in events} == {_midnight(TODAY).astimezone(UTC)}
    assert {event.text("TRANSP") for event in events} == {"TRANSPARENT"}


def test_the_hours_are_those_of_the_notice() -> None:
    days = [
        event for event in _file("wuhan", "tail=5").parts if event.text("SUMMARY").startswith("尾号5不能走")
    ]
    assert days[0].time("DTSTART") == datetime(2026, 11, 26, 7, tzinfo=SHANGHAI)
    assert days[0].time("DTEND") == datetime(2026, 11, 26, 22, tzinfo=SHANGHAI)
    assert days[0].text("SUMMARY") == "尾号5不能走：武汉长江大桥、江汉桥"
    assert "双日只准双号" in days[0].text("DESCRIPTION")


def test_a_whole_quarter_of_which_nobody_knows_is_one_entry_that_says_so() -> None:
    (event,) = _file("xian", "tail=3").parts
    assert event.text("SUMMARY") == "尾号3限不限不确定：西安绕城内"
    assert event.time("DTSTART") == TODAY
    assert event.time("DTEND") == TODAY + 90 * ONE_DAY
    assert "没有查到" in event.text("DESCRIPTION")


def test_a_city_without_a_tail_rule_has_an_empty_calendar() -> None:
    assert _file("mianyang", "tail=3").parts == []
    assert _file("nanchang", "tail=3").parts == []


def test_tomorrow_the_same_days_have_the_same_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    def ids(calendar: Part) -> dict[str, str]:
        timed = [event for event in calendar.parts if isinstance(event.time("DTSTART"), datetime)]
        return {str(event.time("DTSTART")): event.text("UID") for event in timed}

    today = ids(_file("beijing", "tail=3"))
    monkeypatch.setattr(days_file, "business_clock", lambda: FixedClock(NOW + 2 * ONE_DAY))
    later = ids(_file("beijing", "tail=3"))
    shared = set(today) & set(later)
    assert len(shared) > 3
    assert all(today[one] == later[one] for one in shared)


def test_two_cars_never_share_an_id() -> None:
    queries = ("tail=1", "tail=2", "tail=1&kind=green", "tail=1&who=visitor", "tail=1&kind=truck")
    ids = [event.text("UID") for query in queries for event in _file("beijing", query).parts]
    assert len(ids) == len(set(ids)) > 30


def test_the_same_day_gives_the_same_bytes_and_who_has_them_is_not_sent_them_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = "/cities/beijing/days.ics?tail=3"
    first = Client().get(address)
    monkeypatch.setattr(days_file, "business_clock", lambda: FixedClock(NOW.replace(hour=23)))
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, no-cache"
    assert not first.cookies


@pytest.mark.parametrize(
    "query",
    [
        "",
        "tail=",
        "tail=10",
        "tail=５",
        "tail=%00",
        "tail=5%0D%0AX-EVIL:1",
        "tail=京A12345",
        "tail=5&plate=京A12345",
        "tail=5&q=京A12345",
        "tail=5&tail=6",
        "tail=5&kind=spaceship",
        "tail=5&kind=../../x",
        "tail=5&who=",
        "tail=5&who=<script>",
        "tail=5&days=100000",
        "tail[]=5",
    ],
)
def test_a_hostile_or_mistaken_address_gets_one_sentence(query: str) -> None:
    response = Client().get(f"/cities/beijing/days.ics?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode() == str(days_file.WRONG)


@pytest.mark.parametrize("city", ["nowhere", "Beijing", "a" * 60, "beijing-", "wuhan2"])
def test_a_city_that_is_not_on_record_has_no_file(city: str) -> None:
    assert Client().get(f"/cities/{city}/days.ics?tail=5").status_code == 404


def test_only_reading_is_offered() -> None:
    assert Client().post("/cities/beijing/days.ics?tail=5").status_code == 405
    assert Client().head("/cities/beijing/days.ics?tail=5").status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:" + b"x" * 80 + b"\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:尾".encode()[:-1] + b"\r\n \xbe\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    ],
)
def test_the_reader_refuses_what_breaks_the_rules(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)
