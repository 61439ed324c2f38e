"""What holds of every answer: limits, first line, masked plates, nothing called open that is not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.conversation.answer import Reply, ReplyKind, answer
from daxiang.domains.conversation.cars import known
from daxiang.domains.conversation.facts import Facts, Feature, OwnCar
from daxiang.domains.conversation.meaning import Asks, Car, Hours, Topic
from daxiang.domains.conversation.replies import LONGEST_BUBBLE, MOST_LINES
from daxiang.domains.conversation.talk import LARGEST_TALK, Talk, from_json, to_json
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.values import Passage, Question, VehicleClass, VehicleUse
from daxiang.kernel.plates import read_plate
from tests.conversation.people import instant

CARDS = load_city("wuhan")
PLACES = tuple(CARDS.places)
NAMES = {place.short_name: place.id for place in CARDS.places.values()}
PLATES = ("鄂A12345", "鄂A1234K", "鄂A71B2Z", "鄂AD12346", "豫S8B626", "京A99990")

cars = st.one_of(
    st.builds(Car, tail=st.sampled_from("0123456789")),
    st.builds(Car, plate=st.sampled_from(PLATES).map(read_plate)),
    st.builds(
        Car,
        tail=st.none() | st.sampled_from("0123456789"),
        vehicle_class=st.none() | st.sampled_from(VehicleClass),
        use=st.none() | st.sampled_from(VehicleUse),
        is_green=st.none() | st.booleans(),
        seats=st.none() | st.sampled_from((4, 5, 7, 8, 9, 15, 40)),
        height_m=st.none() | st.sampled_from((1.5, 3.0, 3.2)),
        is_local=st.none() | st.booleans(),
    ),
)
days = st.dates(date(2026, 9, 1), date(2027, 3, 1))
hours = st.builds(
    Hours,
    start=st.integers(0, 1439),
    end=st.none(),
) | st.tuples(st.integers(0, 1400), st.integers(1, 600), st.sampled_from(("", "早高峰", "今晚"))).map(
    lambda told: Hours(start=told[0], end=told[0] + told[1], said=told[2])
)
nows = st.timedeltas(timedelta(), timedelta(days=150)).map(
    lambda since: instant("2026-09-01T00:00") + since.__class__(minutes=since // timedelta(minutes=1))
)
places = st.lists(st.sampled_from(PLACES), max_size=3, unique=True).map(tuple)
questions = st.builds(
    Asks,
    cars=st.lists(cars, min_size=0, max_size=3).map(tuple),
    days=st.lists(days, max_size=3, unique=True).map(tuple),
    hours=st.none() | hours,
    is_now=st.booleans(),
    places=places,
    topic=st.sampled_from((Topic.PASSAGE, Topic.OPEN, Topic.WAY, Topic.NEXT)),
    origin=st.none() | st.sampled_from(("武昌", "汉口", "汉阳")),
    destination=st.none() | st.sampled_from(("武昌", "汉口", "汉阳")),
    area=st.none() | st.just("协和医院"),
    leans=st.booleans(),
    unread=st.sampled_from(("", "", "", "黄牌", "AB12345")),
)


def facts(now: datetime) -> Facts:
    return Facts(now=now, cards=CARDS, features=frozenset(Feature), words="带孩子看病")


@given(question=questions, now=nows)
@settings(max_examples=120, deadline=None)
def test_no_bubble_is_too_long_and_every_talk_is_kept_whole(question: Asks, now: datetime) -> None:
    reply = answer(question, facts(now))
    assert len(reply.text) <= LONGEST_BUBBLE
    assert 1 <= len(reply.text.splitlines()) <= MOST_LINES
    assert all(line for line in reply.text.splitlines())
    assert len(reply.choices) <= (10 if reply.choices[:1] == ("0",) else 3)
    assert reply.talk is not None
    kept = to_json(reply.talk)
    assert len(kept.encode()) <= LARGEST_TALK
    assert from_json(kept, zone_of=now) is not None


@given(question=questions, now=nows)
@settings(max_examples=80, deadline=None)
def test_no_plate_ever_comes_back_in_clear(question: Asks, now: datetime) -> None:
    text = answer(question, facts(now)).text
    for car in question.cars:
        if car.plate is not None:
            assert car.plate.number not in text
            assert car.plate.number[2:] not in text
    assert not re.search("[\ue000-\uf8ff]", text)


def _named_open(reply: Reply) -> set[str]:
    """The ids of all crossings that some line calls open instead."""
    found = set()
    for line in reply.text.splitlines():
        if match := re.fullmatch(r"(?:过|去|\S+到)[^：，]*(?:走|能走)：(.*)。", line):
            found |= {NAMES[re.sub(r"（.*?）", "", name)] for name in match[1].split("、")}
    return found


@given(car=cars, now=nows, named=places, to=st.none() | st.sampled_from(("武昌", "汉口", "汉阳")))
@settings(max_examples=120, deadline=None)
def test_what_is_named_as_open_now_is_allowed_to_this_car_now(
    car: Car, now: datetime, named: tuple[str, ...], to: str | None
) -> None:
    reply = answer(Asks(cars=(car,), places=named, destination=to), facts(now))
    vehicle = known(car, 0).vehicle
    said_open = _named_open(reply) | {one for place in reply.advice for one in place.instead}
    for place in said_open:
        assert decide(CARDS, Question(place=place, at=now, vehicle=vehicle)).passage is Passage.ALLOWED


@given(car=cars, now=nows, named=places)
@settings(max_examples=120, deadline=None)
def test_the_first_line_says_the_verdict_and_never_that_one_may_go_where_that_is_not_known(
    car: Car, now: datetime, named: tuple[str, ...]
) -> None:
    reply = answer(Asks(cars=(car,), places=named), facts(now))
    if reply.kind is not ReplyKind.ADVICE:
        return
    vehicle = known(car, 0).vehicle
    first = reply.text.splitlines()[0]
    decided = {
        place.place: decide(CARDS, Question(place=place.place, at=now, vehicle=vehicle))
        for place in reply.advice
    }
    assert {place.place: (place.passage, place.until) for place in reply.advice} == {
        place: (decision.passage, decision.until) for place, decision in decided.items()
    }
    passages = {decision.passage for decision in decided.values()}
    assert first.startswith("能走。") == (passages == {Passage.ALLOWED})
    assert any(word in first for word in ("能走", "不能走", "封闭", "不确定", "不分单双号"))
    assert (Passage.UNKNOWN in passages) <= ("不确定" in first)
    if Passage.ALLOWED not in passages:
        assert not re.search(r"(?<!不)能走", re.sub(r"\S{4,9}后能走", "", first))


@given(car=cars, now=nows, day=days, named=places)
@settings(max_examples=40, deadline=None)
def test_a_whole_day_is_answered_by_its_gravest_hour(
    car: Car, now: datetime, day: date, named: tuple[str, ...]
) -> None:
    reply = answer(Asks(cars=(car,), places=named, days=(day,)), facts(now))
    if reply.kind is not ReplyKind.ADVICE or day == now.date():
        return
    vehicle = known(car, 0).vehicle
    order = (Passage.BANNED, Passage.UNKNOWN, Passage.CONDITIONAL, Passage.ALLOWED)
    for place in reply.advice:
        every = [
            decide(
                CARDS,
                Question(
                    place=place.place,
                    at=instant(f"{day}T{hour:02}:{minute:02}"),
                    vehicle=vehicle,
                ),
            ).passage
            for hour in range(24)
            for minute in (0, 30)
        ]
        assert place.passage == min(every, key=order.index)


@given(remembered=st.lists(cars, min_size=1, max_size=3), now=nows)
@settings(max_examples=40, deadline=None)
def test_remembered_cars_are_answered_in_one_bubble(remembered: list[Car], now: datetime) -> None:
    own = tuple(OwnCar(car=car) for car in remembered)
    reply = answer(Asks(), Facts(now=now, cards=CARDS, cars=own))
    assert len(reply.text) <= LONGEST_BUBBLE


@given(
    now=nows,
    told=st.lists(cars, max_size=5),
    asked=st.lists(days, max_size=9),
    named=st.lists(st.sampled_from(PLACES), max_size=30),
    when=st.none() | hours,
    offered=st.none() | cars,
)
def test_a_talk_fits_400_bytes_and_comes_back_as_it_was(
    now: datetime,
    told: list[Car],
    asked: list[date],
    named: list[str],
    when: Hours | None,
    offered: Car | None,
) -> None:
    talk = Talk(at=now, cars=tuple(told), days=tuple(asked), places=tuple(named), hours=when, misses=1)
    talk = replace(talk, offered=offered, is_offered_evening=True)
    kept = to_json(talk)
    assert len(kept.encode()) <= LARGEST_TALK
    back = from_json(kept, zone_of=now)
    assert back is not None
    assert back.at == now.replace(second=0, microsecond=0)
    assert (back.hours, back.misses) == (when, 1)
    assert (back.offered, back.is_offered_evening) == (offered, True)
    assert back.cars == talk.cars[: len(back.cars)]
    assert back.places == talk.places[: len(back.places)]
