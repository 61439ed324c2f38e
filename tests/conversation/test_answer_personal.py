"""One's own cars, the evening notice, the picture, words for the officers; what is kept is said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from daxiang.domains.conversation.answer import Reply, needs_person
from daxiang.domains.conversation.facts import Feature, OwnCar
from daxiang.domains.conversation.meaning import (
    Asks,
    Car,
    Danger,
    Heard,
    InDanger,
    Intent,
    NotUnderstood,
    Small,
    SmallTalk,
    Topic,
    WantsCar,
    Wish,
)
from daxiang.domains.conversation.queries import meaning
from daxiang.domains.conversation.replies import (
    Evening,
    Forget,
    LeaveMessage,
    Remember,
    ReplyKind,
    SendPicture,
    TellMe,
)
from daxiang.domains.conversation.talk import Step
from daxiang.domains.conversation.texts import DIGITS
from tests.conversation.people import Person, instant, plate, tail

NOW = "2026-11-24T08:10"
BLUE, GREEN = plate("鄂A12345"), plate("鄂AD88888")


def wish(person: Person, one: Wish, **more: object) -> Reply:
    return person.says(replace(WantsCar(wish=one), **more))


def test_a_car_is_remembered_only_after_consent_and_what_is_kept_is_said_first() -> None:
    person = Person(at=NOW)
    person.says(Asks(cars=(BLUE,)))
    asked = wish(person, Wish.REMEMBER)
    assert asked.act is None
    assert asked.text.splitlines() == [
        "要记住 鄂A·1***5 吗？",
        "只记车牌，加密存放，只用来答您今天能不能走，不查违法，也不给别人看。",
        "说一声“忘记”，马上删掉。",
    ]
    assert wish(person, Wish.YES).act == Remember(car=BLUE)


def test_no_keeps_nothing_and_a_later_yes_is_not_consent() -> None:
    person = Person(at=NOW)
    person.says(Asks(cars=(BLUE,)))
    wish(person, Wish.REMEMBER)
    assert wish(person, Wish.NO).act is None
    assert wish(person, Wish.YES).act is None


def test_consent_is_dead_after_half_an_hour() -> None:
    person = Person(at=NOW)
    person.says(Asks(cars=(BLUE,)))
    wish(person, Wish.REMEMBER)
    assert wish(person.later("2026-11-24T08:41"), Wish.YES).act is None


def test_a_digit_tapped_for_remembering_is_asked_about_not_answered() -> None:
    person = Person(at=NOW)
    assert wish(person, Wish.REMEMBER).choices == DIGITS
    assert person.says(Asks(cars=(tail("5"),))).text.splitlines()[0] == "要记住 尾号5 吗？"
    assert wish(person, Wish.YES).act == Remember(car=tail("5"))


def test_the_menu_answers_every_remembered_car_in_one_bubble() -> None:
    person = Person(at=NOW, cars=(OwnCar(car=BLUE), OwnCar(car=GREEN)))
    assert wish(person, Wish.TODAY).text.splitlines()[:2] == [
        "鄂A·1***5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。",
        "鄂A·D***8：能走。",
    ]


def test_the_menu_asks_for_the_digit_where_no_car_is_remembered() -> None:
    reply = wish(Person(at=NOW), Wish.TODAY)
    assert (reply.kind, reply.choices) == (ReplyKind.ASK_BACK, DIGITS)


def test_my_cars_are_named_masked() -> None:
    person = Person(at=NOW, cars=(OwnCar(car=BLUE), OwnCar(car=GREEN)), has_evening=True)
    assert wish(person, Wish.MY_CARS).text.splitlines()[0] == (
        "记着的车：鄂A·1***5、鄂A·D***8。晚上8点的提醒开着。"
    )


def test_forget_drops_everything_or_the_one_car_that_is_named() -> None:
    person = Person(at=NOW, cars=(OwnCar(car=BLUE), OwnCar(car=GREEN)))
    assert wish(person, Wish.FORGET, car=plate("鄂A12345")).act == Forget(car=BLUE)
    every = wish(person, Wish.FORGET)
    assert every.act == Forget(car=None)
    assert every.talk is not None
    assert every.talk.cars == ()


def test_the_evening_notice_says_how_far_it_reaches() -> None:
    person = Person(at=NOW, cars=(OwnCar(car=BLUE),))
    reply = wish(person, Wish.EVENING_ON)
    assert reply.act == Evening(on=True)
    assert "48小时" in reply.text
    assert "发不出" in reply.text
    off = wish(Person(at=NOW, cars=(OwnCar(car=BLUE),), has_evening=True), Wish.EVENING_OFF)
    assert off.act == Evening(on=False)


def test_without_a_car_the_evening_notice_first_asks_which() -> None:
    reply = wish(Person(at=NOW), Wish.EVENING_ON)
    assert (reply.act, reply.choices) == (None, DIGITS)


def test_one_consent_keeps_the_car_and_turns_the_evening_notice_on_when_that_was_asked_for() -> None:
    person = Person(at=NOW)
    wish(person, Wish.EVENING_ON)
    asked = person.says(Asks(cars=(tail("5"),)))
    assert asked.text.splitlines()[0] == "要记住 尾号5，晚上提醒您吗？"
    assert asked.act is None
    agreed = wish(person, Wish.YES)
    assert agreed.act == Remember(car=tail("5"), is_for_evening=True)
    assert "48小时" in agreed.text


def test_no_car_is_kept_for_the_evening_without_the_question_about_it() -> None:
    person = Person(at=NOW)
    person.says(Asks(cars=(tail("5"),)))
    assert wish(person, Wish.EVENING_ON).text.splitlines()[0] == "要记住 尾号5，晚上提醒您吗？"
    assert wish(person, Wish.NO).act is None
    assert wish(person, Wish.YES).act is None


def test_the_picture_is_of_the_day_that_was_talked_about() -> None:
    person = Person(at=NOW)
    person.says(Asks(cars=(tail("5"),), days=(date(2026, 11, 28),)))
    assert wish(person, Wish.PICTURE).act == SendPicture(day=date(2026, 11, 28), car=tail("5"))


def test_a_settled_question_is_told_later_about_its_day() -> None:
    person = Person(at="2026-10-09T18:00")
    person.says(Asks(cars=(tail("5"),), places=("changjiang-bridge",), days=(date(2026, 10, 10),)))
    act = wish(person, Wish.TELL_ME).act
    assert act == TellMe(places=("changjiang-bridge",), day=date(2026, 10, 10))


@pytest.mark.parametrize(
    "meant", [NotUnderstood(), SmallTalk(kind=Small.ABUSE), Asks(unread="路灯", places=("yuehu-bridge",))]
)
def test_words_for_the_officers_are_kept_as_they_were_written(meant: Intent) -> None:
    person = Person(at=NOW)
    wish(person, Wish.LEAVE_MESSAGE)
    reply = person.says(meant, "月湖桥头路灯坏了")
    assert reply.act == LeaveMessage(words="月湖桥头路灯坏了")
    assert "{number}" in reply.text
    assert person.says(NotUnderstood(), "再来").act is None


def test_a_question_in_place_of_the_message_is_answered() -> None:
    person = Person(at=NOW)
    wish(person, Wish.LEAVE_MESSAGE)
    assert person.says(Asks(cars=(tail("5"),)), "5").act is None


def test_danger_in_place_of_the_message_is_answered_first() -> None:
    person = Person(at=NOW)
    wish(person, Wish.LEAVE_MESSAGE)
    reply = person.says(InDanger(dangers=frozenset({Danger.INJURY})), "有人受伤")
    assert (reply.kind, reply.act) == (ReplyKind.DANGER, None)


def test_twice_not_understood_offers_two_meanings_and_the_officers() -> None:
    person = Person(at=NOW)
    assert person.says(NotUnderstood()).choices == DIGITS
    assert person.says(NotUnderstood()).choices == ("今天能走吗", "周末限不限", "给民警留言")
    person.says(Asks(cars=(tail("5"),)))
    assert person.says(NotUnderstood()).choices == DIGITS


@pytest.mark.parametrize("one", Wish)
def test_what_is_not_switched_on_is_neither_done_nor_offered(one: Wish) -> None:
    person = Person(at=NOW, features=frozenset())
    person.says(Asks(cars=(BLUE,)))
    reply = wish(person, one)
    assert not isinstance(reply.act, Remember | LeaveMessage | SendPicture | TellMe)
    told = {Feature.REMEMBER: "记住", Feature.MESSAGE: "留言", Feature.TELL_ME: "告诉我"}
    assert not any(word in choice for word in told.values() for choice in reply.choices)


def test_the_digit_that_was_asked_for_answers_the_question_that_was_asked() -> None:
    person = Person(at=NOW)
    asked = person.says(Asks(days=(date(2026, 11, 26),)))
    assert (asked.kind, asked.choices, person.talk and person.talk.step) == (
        ReplyKind.ASK_BACK,
        DIGITS,
        Step.CAR,
    )
    assert person.says(Asks(cars=(tail("5"),))).text.startswith("尾号5，后天（26日 周四）")


def test_a_question_of_its_own_is_about_today_again() -> None:
    person = Person(at=NOW)
    person.says(Asks(cars=(tail("5"),), days=(date(2026, 11, 26),)))
    assert "今天（24日 周二）" in person.says(Asks(cars=(tail("6"),))).text.splitlines()[0]


def test_a_talk_is_forgotten_after_half_an_hour() -> None:
    person = Person(at=NOW)
    person.says(Asks(cars=(tail("5"),)))
    late = person.later("2026-11-24T08:41")
    assert late.says(Asks(days=(date(2026, 11, 26),), leans=True)).kind is ReplyKind.ASK_BACK


def test_what_is_told_of_the_car_later_is_added_to_it() -> None:
    person = Person(at=NOW)
    person.says(Asks(cars=(tail("5"),)))
    reply = person.says(Asks(cars=(Car(is_green=True),), leans=True))
    assert reply.text.startswith("能走。绿牌小客车不受单双号限制")
    assert person.talk is not None
    assert person.talk.cars == (Car(tail="5", is_green=True),)


@pytest.mark.parametrize(
    ("meant", "needs"),
    [
        (Asks(cars=(tail("5"),)), True),  # it may be the answer to what we asked
        (Asks(cars=(BLUE,), days=(date(2026, 11, 26),)), False),
        (Heard(words="5", meaning=Asks(cars=(tail("5"),))), True),
        (InDanger(dangers=frozenset({Danger.CRASH})), False),
        (SmallTalk(kind=Small.THANKS), False),
        (Asks(), True),
        (Asks(cars=(Car(is_green=True),)), True),
        (Asks(cars=(tail("5"),), leans=True), True),
        (Asks(topic=Topic.BASIS, cars=(tail("5"),)), True),
        (Asks(cars=(tail("2"),), readings=(Asks(cars=(tail("2"),)), Asks(days=(date(2026, 12, 12),)))), True),
        (NotUnderstood(), True),
        (WantsCar(wish=Wish.TODAY), True),
    ],
)
def test_the_persons_state_is_read_only_where_it_can_matter(meant: Intent, needs: bool) -> None:
    assert needs_person(meant) is needs


def test_a_tap_always_reads_what_was_asked_before_but_danger_waits_for_nothing() -> None:
    assert needs_person(Asks(cars=(tail("5"),)), is_tap=True)
    assert not needs_person(InDanger(dangers=frozenset({Danger.INJURY})), is_tap=True)


@pytest.mark.parametrize("meant", [Asks(cars=(tail("5"),)), NotUnderstood(), WantsCar(wish=Wish.TODAY)])
def test_a_stranger_in_the_internal_account_gets_one_courteous_word(meant: Intent) -> None:
    reply = Person(at=NOW, account_kind="subscription").says(meant)
    assert reply.text.splitlines()[0] == "这里是武汉交警内部号，只对本单位民警开放。"
    assert (reply.act, reply.talk) == (None, None)


def test_danger_comes_first_in_the_internal_account_too() -> None:
    person = Person(at=NOW, account_kind="subscription")
    assert "120" in person.says(InDanger(dangers=frozenset({Danger.INJURY}))).text.splitlines()[0]


def offered() -> Person:
    person = Person(at=NOW)
    person.says(Asks(cars=(BLUE,)))
    wish(person, Wish.REMEMBER)
    return person


def says(person: Person, *texts: str) -> Reply:
    return [person.says(meaning(text, city="wuhan", at=instant(NOW)), text) for text in texts][-1]


@pytest.mark.parametrize(
    "between",
    [
        ["明天呢"],
        ["今天能走吗"],
        ["长江大桥"],
        ["明天呢", "那周六呢"],
        ["北京能走吗"],
        ["明天呢", "尾号8"],
        ["随便说说"],
    ],
)
def test_a_consent_behind_other_questions_remembers_the_car_that_it_named(between: list[str]) -> None:
    reply = says(offered(), *between, "同意，记住")
    assert reply.act == Remember(car=BLUE)
    assert "记住了 鄂A·1***5" in reply.text


def test_a_consent_to_the_evening_notice_behind_a_question_switches_both_on() -> None:
    person = Person(at=NOW)
    person.says(Asks(cars=(BLUE,)))
    reply = says(person, "晚上提醒我", "明天呢", "同意，记住")
    assert reply.act == Remember(car=BLUE, is_for_evening=True)


@pytest.mark.parametrize("between", [["明天呢", "不用了"], ["不用了"], ["别记我的车牌"], ["忘记"]])
def test_a_no_behind_a_question_closes_the_consent(between: list[str]) -> None:
    person = offered()
    says(person, *between)
    reply = says(person, "同意，记住")
    assert reply.act is None
    assert "还没有记住" in reply.text
    assert person.talk is not None
    assert person.talk.step is Step.REMEMBER


def test_a_consent_that_nobody_knows_of_any_more_is_asked_for_again() -> None:
    reply = says(Person(at=NOW), "同意，记住")
    assert (reply.act, reply.choices) == (None, DIGITS)
    assert reply.text.startswith("还没有记住。")


def test_a_mere_yes_behind_another_question_is_no_consent() -> None:
    assert says(offered(), "明天呢", "好").act is None


@pytest.mark.parametrize("text", ["别记我的车牌", "不要记我的车牌", "别记车牌", "不要记住"])
def test_not_to_be_remembered_is_to_be_forgotten(text: str) -> None:
    assert meaning(text, city="wuhan", at=instant(NOW)) == WantsCar(wish=Wish.FORGET)
