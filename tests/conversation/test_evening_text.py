"""The notice on the eve: exactly when a car is held the next day, the answer first, no plate in clear."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.conversation.evening import evening_text, is_news
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.replies import LONGEST_BUBBLE, MOST_LINES
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import decide
from daxiang.domains.restrictions.values import Passage, Question, Vehicle, VehicleClass
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate
from tests.rules.packs import CARD, pack

CARDS = load_city("wuhan")
BRIDGES = ("changjiang-bridge", "jianghan-bridge")
days = st.dates(date(2026, 1, 1), date(2027, 2, 1))
tails = st.sampled_from("0123456789")


def at_eight(day: date) -> datetime:
    return datetime.combine(day, time(20, 0, 3), SHANGHAI)


def told(day: str, *cars: Car) -> str:
    text = evening_text(CARDS, cars, now=at_eight(date.fromisoformat(day)))
    assert text is not None
    return text


def plate(number: str) -> Car:
    return Car(plate=read_plate(number))


def is_held(tail: str, day: date) -> bool:
    """By the cards at every half hour of that day."""
    midnight = datetime.combine(day, time(), SHANGHAI)
    vehicle = Vehicle(tail=tail, seats=5, height_m=2.0)
    questions = [
        Question(place=place, at=midnight + timedelta(minutes=30 * number), vehicle=vehicle)
        for place in BRIDGES
        for number in range(48)
    ]
    return any(decide(CARDS, question).passage is not Passage.ALLOWED for question in questions)


@given(tails, days)
def test_there_is_a_notice_exactly_when_the_next_day_holds_the_car(tail: str, day: date) -> None:
    cars = [Car(tail=tail)]
    is_expected = is_held(tail, day + timedelta(days=1))
    assert (evening_text(CARDS, cars, now=at_eight(day)) is not None) == is_expected
    assert is_news(CARDS, cars, now=at_eight(day)) == is_expected


@given(
    st.lists(st.sampled_from(["5", "6", "鄂A12345", "鄂A8234K", "鄂AD12345", "豫S8B626"]), max_size=5), days
)
def test_no_notice_shows_a_plate_or_is_longer_than_a_bubble(names: list[str], day: date) -> None:
    cars = [Car(tail=name) if len(name) == 1 else plate(name) for name in dict.fromkeys(names)]
    text = evening_text(CARDS, cars, now=at_eight(day)) or ""
    assert not any(name in text for name in names if len(name) > 1)
    assert len(text) <= LONGEST_BUBBLE
    assert text.count("\n") < MOST_LINES
    assert not any("\ue000" <= sign <= "\uf8ff" for sign in text)


def test_the_first_line_is_the_answer_and_names_no_car() -> None:
    first, second, *rest = told("2026-11-24", plate("鄂A12346")).splitlines()
    assert first == "明天（25日 周三）：长江大桥、江汉桥7:00–22:00不能走，其他时间能走。"
    assert second == "说的是您记着的 鄂A·1***6。"
    assert rest[:2] == ["过长江走：鹦鹉洲大桥、长江二桥、长江隧道。", "过汉江走：月湖桥、晴川桥。"]


def test_the_familys_other_car_is_named_where_it_may_go() -> None:
    assert "尾号5 这一天都能走。" in told("2026-11-24", plate("鄂A12346"), Car(tail="5"))


def test_two_cars_that_fare_alike_share_the_answer() -> None:
    assert "说的是您记着的 鄂A·1***6、尾号8。" in told("2026-11-24", plate("鄂A12346"), Car(tail="8"))


def test_the_eve_of_a_makeup_workday_says_that_it_is_unsure_and_what_is_safe() -> None:
    text = told("2026-10-09", Car(tail="5"))
    assert text.startswith("明天（10日 周六）不确定，请按限行走：7:00–22:00不要上长江大桥、江汉桥。")


def test_a_green_plate_hears_nothing() -> None:
    for number in range(14):
        now = at_eight(date(2026, 11, 23) + timedelta(days=number))
        assert evening_text(CARDS, [plate("鄂AD12345")], now=now) is None


def test_a_truck_that_is_banned_every_day_is_not_told_of_it_every_evening() -> None:
    truck = Car(tail="5", vehicle_class=VehicleClass.LIGHT_TRUCK)
    assert not any(
        is_news(CARDS, [truck], now=at_eight(date(2026, 11, 23) + timedelta(days=number)))
        for number in range(14)
    )


def test_a_plate_that_does_not_say_what_it_is_is_passed_over() -> None:
    assert evening_text(CARDS, [plate("鄂A1234学")], now=at_eight(date(2026, 11, 23))) is None


CLOSURE = (
    CARD.replace('id = "T-1"', 'id = "T-2"')
    .replace('layer = "base"', 'layer = "addition"')
    .replace('from = 2026-01-01T00:00:00\nuntil = "further_notice"', "{validity}")
    .replace('days = ["workday"]', 'days = ["daily"]')
    .replace('makeup_workday = "free"', 'makeup_workday = "restricted"')
    .replace('hours = ["07:00-22:00"]', 'hours = ["all_day"]')
    .replace('rule = "parity"\nletter = "last_digit_before"', 'rule = "all"')
)
"""Nobody may use the bridge for some days."""


def test_a_closure_of_some_days_is_told_on_the_eve_of_each(tmp_path: Path) -> None:
    validity = "from = 2026-11-25T00:00:00\nuntil = 2026-11-29T00:00:00"
    cards = pack(tmp_path, T_1=CARD, T_2=CLOSURE.replace("{validity}", validity))
    evenings = [date(2026, 11, 23) + timedelta(days=number) for number in range(7)]
    told_of = [day.day + 1 for day in evenings if is_news(cards, [Car(tail="5")], now=at_eight(day))]
    assert told_of == [24, 25, 26, 27, 28, 30]
