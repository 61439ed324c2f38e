"""The first words of an answer, the limits of a bubble, the stretch for which it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daxiang.domains.conversation.advice import advise
from daxiang.domains.conversation.answer import answer
from daxiang.domains.conversation.cars import known
from daxiang.domains.conversation.cases import Query
from daxiang.domains.conversation.driving import reckoned
from daxiang.domains.conversation.driving import said as kept
from daxiang.domains.conversation.facts import Facts
from daxiang.domains.conversation.meaning import Asks, Car, Hours, Topic
from daxiang.domains.conversation.precision import held_since
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.replies import ReplyKind
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.values import Hours as DayHours
from daxiang.domains.restrictions.values import TailRule, VehicleClass
from daxiang.kernel.plates import read_plate
from tests.conversation.people import instant


def said(text: str, at: str) -> str:
    return reply_to_text(text, account_kind="service", city="wuhan", at=instant(at)).text


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("5", "2026-11-24T08:10", "尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。"),
        ("6", "2026-11-24T08:10", "能走。尾号6，今天（24日 周二）：长江大桥、江汉桥都能走，到明天7:00。"),
        (
            "5",
            "2026-11-28T10:00",
            "能走。今天（28日 周六）是休息日，不分单双号，长江大桥、江汉桥都能走，到30日（周一）7:00。",
        ),
        (
            "5",
            "2026-10-03T10:00",
            (
                "能走。今天（3日 周六）国庆节放假（10月1日–7日），不分单双号，"
                "长江大桥、江汉桥都能走，到8日（周四）7:00。"
            ),
        ),
        (
            "5",
            "2026-10-10T10:00",
            "今天（10日 周六）不确定，请按限行走：尾号5，22:00前不要上长江大桥、江汉桥。",
        ),
        (
            "鄂a·１２３４k",
            "2026-11-24T08:30",
            "能走。鄂A·1***K 按4算，今天（24日 周二）：长江大桥、江汉桥都能走，到明天7:00。",
        ),
        (
            "鄂AD12345",
            "2026-11-25T07:40",
            "能走。绿牌小客车不受单双号限制，今天（25日 周三）长江大桥、江汉桥都能走。",
        ),
    ],
)
def test_the_first_line_is_the_answer_and_the_hour_of_change(text: str, at: str, expected: str) -> None:
    assert said(text, at).splitlines()[0] == expected


def test_no_hour_is_promised_when_what_follows_a_ban_is_not_known() -> None:
    cards = load_city("wuhan")
    ended = tuple(replace(card, valid_until=instant("2026-11-24T20:00")) for card in cards.cards)
    facts = Facts(now=instant("2026-11-24T08:10"), cards=replace(cards, cards=ended))
    words = answer(Asks(cars=(Car(tail="5"),), places=("changjiang-bridge",)), facts).text
    assert "不能走" in words.splitlines()[0]
    assert "后能走" not in words


def test_a_time_outside_the_calendar_is_said_and_breaks_nothing() -> None:
    assert "1990年到2099年" in said("5", "2150-01-01T08:00")


@given(
    at=st.timedeltas(timedelta(), timedelta(days=362)).map(lambda since: instant("2026-01-01T00:00") + since),
    area=st.sampled_from(("", "鄂A1234", "鄂AD1234", "京B1234")),
    tail=st.sampled_from("0123456789"),
    days=st.lists(st.integers(-1, 9), max_size=2),
    hours=st.sampled_from((None, None, Hours(start=480), Hours(start=1080, end=1500, said="今晚"))),
    places=st.sampled_from(((), ("changjiang-tunnel",), ("changjiang-bridge", "zhiyin-bridge"))),
    vehicle=st.sampled_from((None, VehicleClass.LIGHT_TRUCK, VehicleClass.LARGE_PASSENGER)),
    topic=st.sampled_from((Topic.PASSAGE, Topic.OPEN, Topic.WAY)),
)
@settings(max_examples=300)
def test_a_kept_answer_is_the_one_of_the_instant(
    at: datetime,
    area: str,
    tail: str,
    days: list[int],
    hours: Hours | None,
    places: tuple[str, ...],
    vehicle: VehicleClass | None,
    topic: Topic,
) -> None:
    car = Car(plate=read_plate(area + tail)) if area else Car(tail=tail)
    ends = {"origin": "武昌", "destination": "汉口"} if topic is Topic.WAY else {}
    query = Query(
        cars=(known(replace(car, vehicle_class=vehicle), 0),),
        days=tuple(at.date() + timedelta(days=ahead) for ahead in days),
        hours=hours,
        places=places,
        topic=topic,
        **ends,
    )
    cards = load_city("wuhan")
    assert kept(cards, query, at) == reckoned(cards, query, at.replace(second=0, microsecond=0))


def test_every_minute_of_a_day_has_the_answer_that_was_kept_for_its_stretch() -> None:
    pack, query = load_city("wuhan"), Query(cars=(known(Car(tail="5"), 0),))
    minutes = [instant("2026-11-24T00:00") + timedelta(minutes=minute) for minute in range(1440)]
    for cards in (pack, restricted_until_midnight(pack)):
        assert len({held_since(cards, at) for at in minutes}) < 30
        assert [at for at in minutes if kept(cards, query, at) != reckoned(cards, query, at)] == []


def restricted_until_midnight(pack: CityCards) -> CityCards:
    """So that a tunnel which shuts at night is named as a way while it is about to shut."""
    longer = tuple(
        replace(
            card,
            clauses=tuple(
                replace(clause, hours=(DayHours(start=420, end=1440),))
                if clause.tail.rule is TailRule.PARITY
                else clause
                for clause in card.clauses
            ),
        )
        for card in pack.cards
    )
    return replace(pack, cards=longer)


def test_a_pack_that_changes_within_a_minute_is_asked_by_the_second() -> None:
    cards = load_city("wuhan")
    ends = instant("2026-11-24T12:00:30")
    odd = replace(cards, cards=tuple(replace(card, valid_until=ends) for card in cards.cards))

    def passage(second: int) -> str:
        asks = Asks(cars=(Car(tail="5"),), places=("changjiang-bridge",))
        return answer(asks, Facts(now=instant(f"2026-11-24T12:00:{second:02}"), cards=odd)).advice[0].passage

    assert (passage(29), passage(30)) == ("banned", "unknown")


def test_the_page_gets_the_chats_advice_and_every_crossing_decided() -> None:
    page = advise(load_city("wuhan"), Car(tail="5"), now=instant("2026-11-24T08:10"))
    assert (
        page.places
        == reply_to_text("5", account_kind="service", city="wuhan", at=instant("2026-11-24T08:10")).advice
    )
    assert (page.headline, page.until_text) == ("长江大桥、江汉桥不能走", "22:00后能走")
    assert [(span.start_hour, span.end_hour, span.passage) for span in page.spans] == [
        (0, 7, "allowed"),
        (7, 22, "banned"),
        (22, 24, "allowed"),
    ]
    crossings = {one.place: one for one in page.crossings}
    assert len(crossings) == sum(place.is_crossing for place in load_city("wuhan").places.values())
    assert crossings["changjiang-tunnel"].passage == "allowed"


def test_a_tunnel_shut_for_works_is_closed_on_the_page() -> None:
    page = advise(load_city("wuhan"), Car(tail="5"), now=instant("2026-11-24T02:10"))
    tunnel = next(one for one in page.crossings if one.place == "changjiang-tunnel")
    assert (tunnel.passage, tunnel.is_closed, tunnel.until) == ("banned", True, instant("2026-11-24T05:00"))


def first_line(asks: Asks, at: str) -> str:
    return answer(asks, Facts(now=instant(at), cards=load_city("wuhan"))).text.splitlines()[0]


def test_of_a_stretch_that_has_begun_what_is_left_counts() -> None:
    tonight = Asks(cars=(Car(tail="5"),), hours=Hours(start=18 * 60, end=24 * 60, said="今晚"))
    assert first_line(tonight, "2026-11-24T22:30") == (
        "能走。尾号5，今天（24日 周二）22:30–24:00：长江大桥、江汉桥都能走。"
    )


@pytest.mark.parametrize(("end", "day"), [(12 * 60, "明天（25日 周三）"), (12 * 60 + 1, "今天（24日 周二）")])
def test_a_stretch_that_is_over_is_tomorrows(end: int, day: str) -> None:
    morning = Asks(cars=(Car(tail="5"),), hours=Hours(start=8 * 60, end=end))
    assert day in first_line(morning, "2026-11-24T12:00")


def test_a_day_of_an_unknown_year_on_which_one_may_go_either_way_is_not_called_a_day_off() -> None:
    told = said("尾号6 周六", "2026-12-30T08:00")
    assert told.splitlines()[0] == "能走。尾号6，2027年1月2日（周六）：长江大桥、江汉桥都能走。"
    assert "休息日" not in told


def test_more_cars_and_days_than_one_bubble_holds_are_not_left_out_without_a_word() -> None:
    at = instant("2026-11-26T08:00")
    reply = reply_to_text("5 6 7 明天 后天", account_kind="service", city="wuhan", at=at)
    assert "其余的请分开问我。" in reply.text.splitlines()
    few = reply_to_text("5 6 明天 后天", account_kind="service", city="wuhan", at=at)
    assert "其余的请分开问我。" not in few.text


@pytest.mark.parametrize(
    "words",
    [
        "三轮车走长江隧道",
        "我骑电动车走长江隧道行不行",
        "黄牌 尾号4 长江隧道",
        "烟花爆竹 长江隧道 4",
        "拖拉机 尾号4 长江大桥",
        "拉货的 尾号4 长江大桥",
        "面包车 长江隧道 拉货",
        "骑车 长江大桥 4",
        "过江 5 不走隧道",
        "除了长江二桥 5",
    ],
)
def test_what_may_be_no_small_car_or_is_not_wanted_gets_no_verdict(words: str) -> None:
    reply = reply_to_text(words, account_kind="service", city="wuhan", at=instant("2026-11-24T08:10"))
    assert reply.kind is ReplyKind.ASK_BACK
    assert "能走" not in reply.text
