"""The dialogues once more, from the words that people type to the first lines that they read."""

from __future__ import annotations

import pytest

from daxiang.domains.conversation.answer import Reply, ReplyKind
from daxiang.domains.conversation.facts import OwnCar
from daxiang.domains.conversation.meaning import NotUnderstood
from daxiang.domains.conversation.understand import heard, names_of, understand
from daxiang.domains.restrictions.queries import load_city
from tests.conversation.people import Person, instant, plate

TALKS = {
    "2": (
        "2026-11-24T08:10",
        ("5", "尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。"),
        ("那周六呢", "能走。28日（周六）是休息日，不分单双号，长江大桥、江汉桥都能走。"),
        ("谢谢", "不客气，路上慢点。"),
    ),
    "4": (
        "2026-11-24T08:30",
        ("K", "尾号是字母的，看字母前面最后一个数字。"),
        ("鄂a·１２３４k", "能走。鄂A·1***K 按4算，今天（24日 周二）：长江大桥、江汉桥都能走，到明天7:00。"),
    ),
    "5": (
        "2026-11-25T07:40",
        ("鄂AD12345", "能走。绿牌小客车不受单双号限制，今天（25日 周三）长江大桥、江汉桥都能走。"),
        ("我是绿牌货车", "货车 鄂A·D***5，今天（25日 周三）：长江大桥、江汉桥不能走。"),
    ),
    "6": (
        "2026-11-25T09:20",
        (
            "我是外地车 豫S8B626，带孩子从武昌去汉口看病，走哪边",
            "豫S·8***6，今天（25日 周三）：长江大桥不能走，22:00后能走。",
        ),
    ),
    "7": (
        "2026-10-03T10:00",
        (
            "大桥  ５  现在走得吗",
            "能走。今天（3日 周六）国庆节放假（10月1日–7日），不分单双号，长江大桥能走，到8日（周四）7:00。",
        ),
    ),
    "8": (
        "2026-10-09T18:00",
        (
            "明天星期六 5 過長江大橋限不限",
            "明天（10日 周六）不确定，请按限行走：尾号5，7:00–22:00不要上长江大桥。",
        ),
        ("定了告诉我", "好，定下来我告诉您。您48小时内给我发过消息，我才发得出去；超过了请再问我一次。"),
    ),
    "9": (
        "2026-11-26T00:20",
        ("长江隧道现在开着没 尾号5", "长江隧道开着，到1:00；1:00–5:00封闭养护。"),
    ),
    "10": (
        "2026-11-25T23:30",
        ("鄂A3K881 轻卡 去汉口送货", "货车 鄂A·3***1，今天（25日 周三）：长江大桥、江汉桥不能走。"),
    ),
    "11": (
        "2026-11-24T09:05",
        (
            "9座商务车 尾号5 去武昌",
            "9座车尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。",
        ),
    ),
    "12": ("2026-11-24T17:30", ("二桥 5", "能走。今天（24日 周二）：长江二桥、知音桥都不分单双号。")),
    "13": (
        "2026-11-24T07:50",
        ("12", "我按尾号2答：今天（24日 周二）长江大桥、江汉桥都能走，到明天7:00。"),
        ("换个尾号", "好，再说一遍也行，或者点一下您车牌的最后一位（是字母就点它前面的数字）："),
        ("7", "尾号7，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。"),
    ),
    "14": (
        "2026-11-23T20:00",
        ("1月5号 6 大桥", "尾号6，2027年1月5日（周二）：长江大桥7:00–22:00不确定，其他时间能走。"),
    ),
    "15": (
        "2026-11-27T21:00",
        (
            "明天带老人去东湖磨山，尾号5限不限",
            "东湖磨山不确定：没有查到明天（28日 周六）有效的通告。",
        ),
        ("有新通告告诉我", "好，定下来我告诉您。您48小时内给我发过消息，我才发得出去；超过了请再问我一次。"),
    ),
    "17": (
        "2026-11-24T20:10",
        ("明天去北京 鄂A12345", "北京明天（25日 周三），鄂A·1***5：五环内要看有没有办进京证。"),
        ("办了", "北京明天（25日 周三），鄂A·1***5：五环内7:00–9:00、17:00–20:00不能走，其他时间能走。"),
        ("后天呢", "北京后天（26日 周四），鄂A·1***5：五环内7:00–9:00、17:00–20:00不能走，其他时间能走。"),
        ("那南京呢", "南京不确定：那边的限行规定我这里还没有录入，不敢说能走。"),
    ),
    "18": (
        "2026-11-24T18:05",
        ("我被撞了", "有人受伤：马上打120，再打122。车别动，守住现场。"),
        ("没人伤 蹭了一下 车能开", "人没事就好；谁不舒服，马上打120、122。先拍，再挪："),
        ("有人不舒服", "马上打120，再打122。"),
    ),
    "19": (
        "2026-11-24T12:30",
        ("你们就知道罚款 狗东西", "听得出您很恼火。是哪件事没办好？告诉我，我帮您看看怎么走。"),
        ("给民警留言", "您想问什么，打在一条消息里发给我，民警看得到，您会拿到一个编号。"),
        ("青年路的灯一直是红的", "记下了，编号{number}。民警看到后处理；急事别等，直接打122。"),
    ),
    "20": (
        "2026-11-24T14:40",
        ("帮我查鄂A12345有没有违章，车主电话多少", "违法记录只给车主本人看，车主的电话我不能给。"),
    ),
}


def types(person: Person, text: str) -> Reply:
    meant = understand(text, now=instant(person.at), names=names_of(load_city("wuhan")))
    return person.says(meant, text)


@pytest.mark.parametrize("number", TALKS)
def test_the_dialogue_typed_word_for_word(number: str) -> None:
    at, *steps = TALKS[number]
    person = Person(at=at)
    for text, expected in steps:
        assert types(person, text).text.splitlines()[0] == expected


def test_3_a_voice_message_in_dialect() -> None:
    person = Person(at="2026-11-24T19:20")
    words = "尾号六，明天晚上十点半，长江大桥走不走得？"
    meant = heard(words, now=instant(person.at), names=names_of(load_city("wuhan")))
    told = person.says(meant, words).text.splitlines()
    assert told[:2] == [
        "我听到的是：尾号6，明天（25日 周三）22:30，长江大桥。",
        "能走。尾号6，明天（25日 周三）22:30：长江大桥能走，到27日（周五）7:00。",
    ]


TAPPED_FROM = (
    ("2026-11-24T08:10", ("5",)),
    ("2026-11-24T08:10", ("5", "记住我的车")),
    ("2026-11-24T08:10", ("5", "记住我的车", "同意，记住")),
    ("2026-11-24T08:30", ("鄂A1234K",)),
    ("2026-11-25T07:40", ("鄂AD12345",)),
    ("2026-11-24T08:30", ("鄂A1234学",)),
    ("2026-11-24T08:30", ("鄂A12345D",)),
    ("2026-10-09T18:00", ("明天 5",)),
    ("2026-11-27T21:00", ("明天 5 东湖",)),
    ("2026-11-24T07:50", ("12",)),
    ("2026-11-24T08:10", ("5 后天10点半",)),
    ("2026-11-24T08:10", ("嗡嗡", "嗡嗡")),
    ("2026-11-24T08:10", ("我的车",)),
    ("2026-11-24T08:10", ("问民警",)),
    ("2026-11-24T18:05", ("我被撞了",)),
    ("2026-11-24T18:05", ("没人受伤，车能动",)),
    ("2026-11-24T18:05", ("没人受伤",)),
)


@pytest.mark.parametrize(("at", "before"), TAPPED_FROM)
def test_every_choice_that_is_offered_is_understood_when_it_is_tapped(
    at: str, before: tuple[str, ...]
) -> None:
    person = Person(at=at, cars=(OwnCar(car=plate("鄂A12345")),))
    for text in before:
        last = types(person, text)
    assert last.choices
    for choice in last.choices:
        meant = understand(choice, now=instant(at), names=names_of(load_city("wuhan")))
        assert not isinstance(meant, NotUnderstood), choice
        assert Person(at=at, kept=person.kept, cars=person.cars).says(meant, choice).text


def test_an_hour_with_two_readings_is_settled_by_one_tap() -> None:
    person = Person(at="2026-11-24T08:10")
    asked = types(person, "5 后天10点半 长江大桥")
    assert asked.kind is ReplyKind.ASK_BACK
    assert types(person, asked.choices[1]).text.splitlines()[0] == (
        "能走。尾号5，后天（26日 周四）22:30：长江大桥能走，到30日（周一）7:00。"
    )
