"""What a message wants: the topic, wishes, talk, danger, and what must not be guessed at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.conversation.meaning import (
    InCrash,
    InDanger,
    NotUnderstood,
    Small,
    SmallTalk,
    Topic,
    WantsCar,
    Wish,
)
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.understand import heard, understand
from tests.conversation.meant import NAMES, TUESDAY, asked, meant, plate, tail


@pytest.mark.parametrize(
    "text", ["那周六呢", "明天呢", "后天", "那长江二桥呢", "换成6呢", "我是绿牌", "那晚上呢"]
)
def test_a_follow_up_leans_on_the_talk(text: str) -> None:
    assert asked(text).leans


@pytest.mark.parametrize("text", ["5", "尾号5能走吗", "明天长江大桥能走吗", "鄂A12345"])
def test_a_whole_question_does_not_lean(text: str) -> None:
    assert not asked(text).leans


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("长江隧道现在开着没 尾号5", Topic.OPEN),
        ("从武昌去汉口走哪边 5", Topic.WAY),
        ("看依据", Topic.BASIS),
        ("5什么时候能走", Topic.NEXT),
        ("5几点解禁", Topic.NEXT),
        ("5能走吗", Topic.PASSAGE),
    ],
)
def test_what_is_asked_is_told_apart(text: str, topic: Topic) -> None:
    assert asked(text).topic is topic


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("记住这辆车", Wish.REMEMBER),
        ("记住我的车", Wish.REMEMBER),
        ("忘记", Wish.FORGET),
        ("我的车", Wish.MY_CARS),
        ("今天能走", Wish.TODAY),
        ("今天能走吗", Wish.TODAY),
        ("我的车今天能走吗", Wish.TODAY),
        ("晚上提醒我", Wish.EVENING_ON),
        ("不用提醒了", Wish.EVENING_OFF),
        ("发张图", Wish.PICTURE),
        ("给民警留言", Wish.LEAVE_MESSAGE),
        ("定了告诉我", Wish.TELL_ME),
        ("好的", Wish.YES),
        ("同意，记住", Wish.YES),
        ("不是", Wish.NO),
        ("听错了", Wish.NO),
    ],
)
def test_a_wish_is_understood(text: str, wish: Wish) -> None:
    assert meant(text) == WantsCar(wish=wish)


def test_a_wish_names_its_car() -> None:
    assert meant("记住鄂A12345") == WantsCar(wish=Wish.REMEMBER, car=plate("鄂A12345"))
    assert meant("忘记尾号5") == WantsCar(wish=Wish.FORGET, car=tail("5"))


@pytest.mark.parametrize(
    "text", ["我忘记尾号了", "忘记了", "忘记尾号了怎么办", "不要忘记", "忘记年检了怎么办"]
)
def test_nothing_is_forgotten_by_who_only_speaks_of_forgetting(text: str) -> None:
    assert not isinstance(meant(text), WantsCar) or meant(text) == WantsCar(wish=Wish.NO)


def test_the_words_of_a_message_come_along() -> None:
    assert meant("给民警留言：路灯坏了") == WantsCar(wish=Wish.LEAVE_MESSAGE, words="路灯坏了")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("谢谢", Small.THANKS),
        ("好的谢谢", Small.THANKS),
        ("你好", Small.GREETING),
        ("帮助", Small.HELP),
        ("？", Small.HELP),
        ("再见", Small.BYE),
        ("你们就知道罚款 狗东西", Small.ABUSE),
        ("垃圾", Small.ABUSE),
        ("SB", Small.ABUSE),
        ("帮我查鄂A12345有没有违章，车主电话多少", Small.OTHER_CAR),
        ("我要申诉", Small.VIOLATIONS),
        ("凭什么罚我 我是绿牌", Small.VIOLATIONS),
        ("我的车20年11月上的牌 今年要年检不", Small.INSPECTION),
        ("问民警", Small.HUMAN),
        ("我要打人工", Small.HUMAN),
    ],
)
def test_small_talk_is_understood(text: str, kind: Small) -> None:
    intent = meant(text)
    assert isinstance(intent, SmallTalk), intent
    assert intent.kind is kind


@pytest.mark.parametrize("text", ["你好 5", "谢谢 5能走吗", "他妈的 5今天能走吗"])
def test_a_question_comes_before_the_talk_around_it(text: str) -> None:
    assert asked(text).cars == (tail("5"),)
    assert not asked(text).unread


@pytest.mark.parametrize("text", ["", "。。。", "😀", "٣", "५", "今天天气怎么样", "1234", "哈哈哈哈"])
def test_what_is_no_question_is_not_guessed_at(text: str) -> None:
    assert meant(text) == NotUnderstood(words=text)


def test_a_voice_message_comes_back_with_its_words() -> None:
    intent = heard("尾号六，明天晚上十点半，长江大桥走不走得？", now=TUESDAY, names=NAMES)
    expected = meant("尾号6 明天晚上十点半 长江大桥")
    assert intent.meaning == expected  # type: ignore[attr-defined]


def test_danger_in_a_voice_message_is_danger() -> None:
    assert isinstance(heard("我被撞了。", now=TUESDAY, names=NAMES), InDanger)


@pytest.mark.parametrize(
    ("text", "is_hurt", "can_move"),
    [
        ("没人受伤，车能动", False, True),
        ("没人受伤，车动不了", False, False),
        ("没人伤 蹭了一下 车能开", False, True),
        ("人没事", False, None),
    ],
)
def test_the_steps_of_the_crash_talk_are_understood(
    text: str, is_hurt: bool | None, can_move: bool | None
) -> None:
    assert meant(text) == InCrash(is_hurt=is_hurt, can_move=can_move)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("我被撞了", "120 122"),
        ("追尾了怎么处理", "120 122"),
        ("5 我流血了", "120 122"),
        ("怎么预防受伤的人感染", "120 122"),
        ("撞车着火了有人受伤", "119 120 122"),
        ("追尾了对方打人", "110 120 122"),
    ],
)
def test_danger_puts_every_number_on_the_first_line_whatever_else_is_said(text: str, numbers: str) -> None:
    for kind in ("service", "subscription"):
        reply = reply_to_text(text, account_kind=kind, city="no such city", at=TUESDAY)
        assert reply.kind == "danger"
        assert all(number in reply.text.splitlines()[0] for number in numbers.split())


@given(st.text(max_size=80))
def test_every_text_has_a_meaning(text: str) -> None:
    understand(text, now=TUESDAY, names=NAMES)
