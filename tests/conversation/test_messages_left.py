"""Words left for the officers: taken back by number, called off, told of beside danger, named by 忘记."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daxiang.domains.conversation.answer import Reply, answer_danger, needs_person
from daxiang.domains.conversation.meaning import Danger, Heard, InDanger, Intent, WantsCar, Wish
from daxiang.domains.conversation.personal import what_stays, with_message_open
from daxiang.domains.conversation.queries import meaning
from daxiang.domains.conversation.replies import LONGEST_BUBBLE, MOST_LINES, Forget, LeaveMessage, TakeBack
from daxiang.domains.conversation.talk import Step, Talk
from tests.conversation.people import Person, instant

NOW = "2026-11-24T08:10"
INJURED = InDanger(dangers=frozenset({Danger.INJURY}))


def meant(text: str) -> Intent:
    return meaning(text, city="wuhan", at=instant(NOW))


def wish(person: Person, one: Wish, **more: object) -> Reply:
    return person.says(replace(WantsCar(wish=one), **more))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("撤回留言 1003", "1003"),
        ("撤回留言１００３", "1003"),
        ("留言1003撤回", "1003"),
        ("把1003号留言撤回了", "1003"),
        ("撤回编号1003的留言", "1003"),
        ("删除留言 1003。", "1003"),
        ("撤回留言", ""),
        ("取消留言", ""),
    ],
)
def test_taking_back_is_understood_with_and_without_a_number(text: str, number: str) -> None:
    assert meant(text) == WantsCar(wish=Wish.TAKE_BACK, words=number)


@pytest.mark.parametrize("text", ["给民警留言", "留言 1003", "留言：请撤回我的罚单", "撤回", "撤回罚单1003"])
def test_other_words_take_nothing_back(text: str) -> None:
    assert not (isinstance(found := meant(text), WantsCar) and found.wish is Wish.TAKE_BACK)


def test_a_message_is_taken_back_by_its_number_or_as_the_only_one() -> None:
    person = Person(at=NOW)
    assert wish(person, Wish.TAKE_BACK, words="1003").act == TakeBack(number=1003)
    assert wish(person, Wish.TAKE_BACK).act == TakeBack(number=None)


def test_calling_off_the_words_that_were_asked_for_takes_no_older_message_back() -> None:
    person = Person(at=NOW)
    wish(person, Wish.LEAVE_MESSAGE)
    reply = wish(person, Wish.TAKE_BACK)
    assert (reply.act, reply.text) == (None, "好，不办了，什么都没有记。")


def test_forgetting_claims_nothing_that_only_the_deletion_itself_can_know() -> None:
    reply = wish(Person(at=NOW), Wish.FORGET)
    assert reply.act == Forget(car=None)
    assert reply.text.endswith("\n{stays}")
    assert "没有留着您说过的话" not in reply.text


@pytest.mark.parametrize("unseen", [[], [1004], list(range(1003, 1013))])
@pytest.mark.parametrize("messages", [[], [1004], list(range(1003, 1013))])
def test_what_stays_is_named_with_why_and_until_when_in_one_bubble(
    messages: list[int], unseen: list[int]
) -> None:
    told = what_stays(messages, unseen, message_days=30, inbox_days=184)
    assert "加密底稿还留着" in told
    assert "满184天自动删" in told
    assert ("办完30天后删" in told) is bool(messages)
    assert ("能撤回" in told) is bool(messages and unseen)
    whole = wish(Person(at=NOW), Wish.FORGET).text.replace("{stays}", told)
    assert len(whole) <= LONGEST_BUBBLE
    assert whole.count("\n") < MOST_LINES


def told_beside_danger(talk: Talk | None, *, was_message: bool = False) -> Reply:
    return with_message_open(answer_danger(INJURED), talk=talk, now=instant(NOW), was_message=was_message)


@pytest.mark.parametrize("was_message", [False, True])
def test_danger_where_words_were_awaited_says_that_they_were_not_left_and_waits_on(was_message: bool) -> None:
    plain = answer_danger(INJURED)
    talk = Talk(at=instant("2026-11-24T07:50"), step=None if was_message else Step.MESSAGE)
    reply = told_beside_danger(talk, was_message=was_message)
    assert reply.text.startswith(plain.text + "\n")
    assert "没有当留言记下" in reply.text.splitlines()[-1]
    assert reply.talk == replace(talk, at=instant(NOW), step=Step.MESSAGE)
    assert reply.choices == plain.choices


@pytest.mark.parametrize(
    "talk",
    [
        None,
        Talk(at=instant(NOW), step=Step.CAR),
        Talk(at=instant("2026-11-24T07:39"), step=Step.MESSAGE),
    ],
)
def test_danger_elsewhere_is_answered_as_ever(talk: Talk | None) -> None:
    assert told_beside_danger(talk) == answer_danger(INJURED)


OFFICERS_READ = [
    "鄂A98765 的信号灯坏了 电话13900001111",
    "我的车鄂A98765昨天在长江大桥被误拍了",
    "鄂A98765在我家门口违停",
    "长江大桥信号灯坏了",
    "13900001111",
    "建议长江大桥早高峰放开",
    "我要投诉公交车乱停",
    "你好，我家门口的红绿灯坏了好几天",
    "谢谢你们，昨天在二桥帮了我",
    "尾号5的车明天到底能不能走长江大桥，网上说法不一样，请给个准话",
]
NO_MESSAGE = [
    "5",
    "鄂A98765",
    "那周六呢",
    "长江大桥",
    "二桥",
    "明天能走吗",
    "谢谢",
    "谢谢！",
    "你好",
    "不用了",
]
NO_MESSAGE += ["不用了", "取消", "撤回", "撤回留言", "不留言了", "好", "忘记", "给民警留言", "有人受伤了"]


def asked_for_words() -> Person:
    person = Person(at=NOW)
    wish(person, Wish.LEAVE_MESSAGE)
    return person


@pytest.mark.parametrize("words", OFFICERS_READ)
def test_whatever_is_said_where_words_are_awaited_is_the_message(words: str) -> None:
    reply = asked_for_words().says(meant(words), words)
    assert reply.act == LeaveMessage(words=words)
    assert "撤回留言 {number}" in reply.text
    assert needs_person(meant(words), words=words)


@pytest.mark.parametrize("words", OFFICERS_READ)
def test_spoken_words_are_the_message_too(words: str) -> None:
    heard = Heard(words=words, meaning=meant(words))
    assert asked_for_words().says(heard, words).act == LeaveMessage(words=words)


@pytest.mark.parametrize("words", NO_MESSAGE)
def test_a_bare_question_thanks_and_calling_off_are_no_message(words: str) -> None:
    assert not isinstance(asked_for_words().says(meant(words), words).act, LeaveMessage)


@pytest.mark.parametrize("words", ["谢谢", "好", "你好", "给民警留言"])
def test_the_words_are_still_awaited_after_a_courtesy(words: str) -> None:
    person = asked_for_words()
    person.says(meant(words), words)
    assert person.says(meant(OFFICERS_READ[0]), OFFICERS_READ[0]).act == LeaveMessage(words=OFFICERS_READ[0])


@pytest.mark.parametrize("words", ["5 大桥", "鄂A12345 明天"])
def test_a_whole_question_still_needs_nobodys_state(words: str) -> None:
    assert not needs_person(meant(words), words=words)
