"""Questions about other cities, against the judge of the country's rules, which shares no code with them."""

from __future__ import annotations

import random
import re
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest

from daxiang.domains.conversation.elsewhere_cases import places_of
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.replies import LONGEST_BUBBLE, MOST_LINES, Reply
from daxiang.domains.conversation.talk import LARGEST_TALK, Talk, to_json
from daxiang.domains.conversation.texts import hour_choice
from daxiang.domains.restrictions.queries import city_ids, load_city
from daxiang.kernel.clock import SHANGHAI
from tests.rules.country.evaluate import CARDS, evaluate
from tests.rules.country.questions import CITIES

ALWAYS = (date(2026, 11, 26), date(2026, 10, 10), date(2027, 1, 5))
"""A workday, a Saturday at work, and a day without a calendar."""
BY_CHANCE = (
    *(date(2026, 11, day) for day in (23, 24, 25, 27, 28, 29)),
    *(date(2026, 10, 1), date(2026, 10, 7), date(2027, 4, 1)),
    *(date(2025, 11, 12), date(2023, 12, 27), date(2023, 6, 25), date(2022, 11, 16), date(2021, 10, 8)),
    *(date(2019, 1, 8), date(2018, 12, 30), date(2016, 12, 14), date(2017, 1, 31)),
)
"""The rest of the week, holidays, and days of cards that have ended: two of them for each city."""
ENDS = ("1234{}", "12{}4K", "A{}88Z", "D0123{}")
"""Blue by digit and by letter, and green."""
WORDS = {"allowed": "能走", "banned": "不能走", "unknown": "不确定", "conditional": "要看"}
_SPAN = re.compile(r"(\d+):(\d\d)–(\d+):(\d\d)")


def ask(text: str, at: datetime, talk: Talk | None = None) -> Reply:
    return reply_to_text(text, account_kind="service", city="wuhan", at=at, talk=talk)


def at_six(day: date) -> datetime:
    return datetime.combine(day, time(18), SHANGHAI)


def first_line(reply: Reply) -> str:
    return reply.text.splitlines()[0]


def plates(city: str, rand: random.Random) -> list[str]:
    """Of this city and of others, each end once, with digits by chance."""
    areas = (*CITIES[city].local, *CITIES[city].strangers)
    found = [f"{rand.choice(areas)}{end}" for end in ENDS] + [f"{area}1234{{}}" for area in areas]
    return [one.format(rand.randrange(10)) for one in found]


def passages(city: str, at: datetime, plate: str, facts: dict[str, Any] | None = None) -> set[str]:
    """What the judge says of every place that a question about the whole city is about."""
    places = [place.id for place in places_of(load_city(city), ())]
    vehicle = {"plate": plate, "class": "small_passenger"}
    return {evaluate(city, place, at, vehicle, facts).passage for place in places}


def told(line: str) -> set[str]:
    """The passages that a first line tells."""
    if WORDS["conditional"] in line:
        return {"conditional"}
    said = {name for name in ("banned", "unknown") if WORDS[name] in line}
    rest = line.replace(WORDS["banned"], "").replace("后能走", "")
    return said | ({"allowed"} if WORDS["allowed"] in rest else set())


def days(rand: random.Random) -> list[date]:
    return [*ALWAYS, *rand.sample(BY_CHANCE, 2)]


def minutes(city: str) -> list[int]:
    """Every hour at which a card of the city begins or ends, the minute before it, and some others."""
    edges = {int(one[:2]) * 60 + int(one[3:]) for one in CITIES[city].hours.split()}
    return sorted(edges | {(edge - 1) % 1440 for edge in edges} | {185, 725})


@pytest.mark.parametrize("city", sorted(set(CARDS) - {"wuhan"}))
def test_the_verdict_is_the_judges_for_every_day_hour_and_plate(city: str) -> None:
    rand, name, wrong = random.Random(city), load_city(city).name, []
    for day, minute in product(days(rand), minutes(city)):
        for plate in rand.sample(plates(city, rand), 1):
            at = datetime.combine(day, time(minute // 60, minute % 60), SHANGHAI)
            text = f"{name} 明天{hour_choice(minute)} {plate}"
            line = first_line(ask(text, at_six(day - timedelta(days=1))))
            expected = passages(city, at, plate)
            if told(line) != expected:
                wrong.append(f"{text} ({day}): {line} != {expected}")
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:10])


def by_hour(line: str) -> dict[tuple[int, int], str]:
    """The spans of a day that a line names, in minutes, with what it says of each; (-1, -1): the rest."""
    found: dict[tuple[int, int], str] = {}
    for part in line.rstrip("。").split("，"):
        word = next((one for one in ("不能走", "不确定", "能走") if part.endswith(one)), None)
        if word is None:
            continue
        spans = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in _SPAN.findall(part)]
        found |= dict.fromkeys(spans or [(-1, -1)], word)
    return found


@pytest.mark.parametrize("city", sorted(set(CARDS) - {"wuhan", "taiyuan"}))
def test_the_hours_of_a_day_are_the_judges(city: str) -> None:
    rand, name, wrong = random.Random(f"{city} day"), load_city(city).name, []
    for day in days(rand):
        for plate in rand.sample(plates(city, rand), 1):
            line = first_line(ask(f"{name} 明天 {plate}", at_six(day - timedelta(days=1))))
            if WORDS["conditional"] in line or "没有查到" in line:
                continue
            spans = by_hour(line)
            for minute in (*minutes(city), *range(7, 1440, 120)):
                at = datetime.combine(day, time(minute // 60, minute % 60), SHANGHAI)
                said = next((word for (start, end), word in spans.items() if start <= minute < end), None)
                said = said or spans.get((-1, -1), "")
                if {said} != {WORDS[one] for one in passages(city, at, plate)}:
                    wrong.append(f"{plate} {day} {minute // 60}:{minute % 60:02}: {line}")
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:10])


@pytest.mark.parametrize("day", [date(2026, 11, 26), date(2026, 11, 27), date(2026, 10, 10)])
@pytest.mark.parametrize("city", ["chengdu", "zhengzhou", "guiyang", "ningbo"])
def test_the_digits_told_where_no_car_is_named_are_the_judges(city: str, day: date) -> None:
    at = datetime.combine(day, time(8, 10), SHANGHAI)
    line = first_line(ask(f"{load_city(city).name}明天上午8点10分限行吗", at_six(day - timedelta(days=1))))
    held = re.search(r"尾号([0-9和、]+)(不能走|不确定)", line)
    expected = {digit for digit in range(10) if passages(city, at, f"湘A1234{digit}") != {"allowed"}}
    if held is None:
        assert told(line) == passages(city, at, "湘A12341")
    else:
        assert set(map(int, re.findall("[0-9]", held[1]))) == expected


@pytest.mark.parametrize(
    "city", ["beijing", "tianjin", "shanghai", "hangzhou", "jinan", "shenzhen", "guangzhou"]
)
@pytest.mark.parametrize("minute", [490, 725, 1050, 1350])
def test_a_tail_alone_is_answered_for_every_origin_that_the_cards_tell_apart(city: str, minute: int) -> None:
    day, wrong = date(2026, 11, 26), []
    at = datetime.combine(day, time(minute // 60, minute % 60), SHANGHAI)
    for digit in range(10):
        reply = ask(
            f"{load_city(city).name} 尾号{digit} 明天{hour_choice(minute)}", at_six(day - timedelta(days=1))
        )
        local = passages(city, at, f"{CITIES[city].local[0]}1234{digit}")
        from_away = passages(city, at, f"鄂A1234{digit}")
        if "要看是哪里的车牌" not in reply.text:
            if not told(first_line(reply)) == local == from_away:
                wrong.append(f"{digit}: {reply.text}")
            continue
        said = dict(line.split("：", 1) for line in reply.text.splitlines()[1:] if "：" in line)
        mine = next(text for label, text in said.items() if load_city(city).local_plates[0] in label)
        away = next(text for label, text in said.items() if "外地车" in label)
        both = {"banned", "allowed"} if "的，" in away else told(away)
        expected = {"banned", "allowed"} if from_away == {"conditional"} else from_away
        if told(mine) != local or both != expected:
            wrong.append(f"{digit}: {reply.text} {local} {from_away}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("city", "plate", "words", "facts"),
    [
        ("北京", "鄂A12345", "办了", {"entry_permit": True}),
        ("北京", "鄂A12345", "没办", {"entry_permit": False}),
        ("北京", "鄂A12342", "是", {"entry_permit": True}),
        ("北京", "鄂A12345", "没有", {"entry_permit": False}),
        ("北京", "鄂A12345", "进京证还没办", {"entry_permit": False}),
        ("兰州", "鄂A12344", "第一次到", {"first_arrival": True, "arrived_on": "2026-11-26"}),
        ("兰州", "鄂A12344", "不是第一次", {"first_arrival": False}),
        ("兰州", "鄂A12349", "不是", {"first_arrival": False}),
        ("兰州", "鄂A12344", "23号到的", {"arrived_on": "2026-11-23"}),
        ("广州", "鄂A12345", "前几天没开过", {"days_driven": []}),
        (
            "广州",
            "鄂A12345",
            "连着开满4天了",
            {"days_driven": [f"2026-11-{day}" for day in (22, 23, 24, 25)]},
        ),
        ("广州", "鄂A12345", "前3天都开了", {"days_driven": [f"2026-11-{day}" for day in (23, 24, 25)]}),
        (
            "广州",
            "鄂A12345",
            "22号23号24号25号开过",
            {"days_driven": [f"2026-11-{day}" for day in (22, 23, 24, 25)]},
        ),
        ("广州", "鄂A12345", "昨天和前天开过", {"days_driven": ["2026-11-23", "2026-11-24"]}),
    ],
)
def test_a_word_settles_what_only_the_driver_knows(
    city: str, plate: str, words: str, facts: dict[str, Any]
) -> None:
    at = datetime(2026, 11, 25, 18, tzinfo=SHANGHAI)
    pack = next(one for one in city_ids() if load_city(one).name == city)
    for minute in (490, 725):
        reply = ask(f"{city} {plate} 明天{hour_choice(minute)}", at)
        assert reply.talk is not None
        then = datetime.combine(date(2026, 11, 26), time(minute // 60, minute % 60), SHANGHAI)
        line = first_line(ask(words, at, reply.talk))
        if "要看" in first_line(reply):
            assert told(line) == passages(pack, then, plate, facts), line


def said(*texts: str, at: str = "2026-11-25T11:30") -> Reply:
    """The reply to the last of these texts, each leaning on the talk before it."""
    now = datetime.fromisoformat(f"{at}:00+08:00").astimezone(SHANGHAI)
    reply, talk = None, None
    for text in texts:
        reply = ask(text, now, talk)
        talk = reply.talk or talk
        assert len(reply.text) <= LONGEST_BUBBLE
        assert len(reply.text.splitlines()) <= MOST_LINES
        assert len(reply.choices) <= (
            3 if len(reply.choices[:1] + reply.choices) and reply.choices[0:1] != ("0",) else 10
        )
        assert talk is None or len(to_json(talk).encode()) <= LARGEST_TALK
    assert reply is not None
    return reply


LINES = """
明天去北京 鄂A12345 | 北京明天（26日 周四），鄂A·1***5：五环内要看有没有办进京证。
北京 京A12347 | 北京今天（25日 周三），京A·1***7：五环内不能走，20:00后能走。
北京 京A12345 | 能走。北京今天（25日 周三），京A·1***5：五环内能走，到30日（周一）7:00。
北京 五环 京A12347 | 能走。北京今天（25日 周三），京A·1***7：五环主路能走。
北京三环 京A12347 明天 | 能走。北京明天（26日 周四），京A·1***7：五环内能走。
北京明天 京A1234K | 能走。北京明天（26日 周四），京A·1***K 按4算：五环内能走。
成都限行吗 | 成都今天（25日 周三）：绕城内20:00前尾号3和8不能走，别的能走。
成都明天限行吗 | 成都明天（26日 周四）：绕城内7:30–20:00尾号4和9不能走，其他时间能走。
成都 尾号3 | 成都今天（25日 周三），尾号3：绕城内不能走，20:00后能走。
成都周六 尾号5 | 能走。成都28日（周六）是休息日，不限尾号，绕城内能走。
成都 鄂AD12345 | 能走。绿牌小客车不受尾号限制，成都今天（25日 周三）绕城内能走。
成都 川A1234K 明天 | 成都明天（26日 周四），川A·1***K 按4算：绕城内7:30–20:00不确定，其他时间能走。
天津 尾号K | 天津今天（25日 周三），尾号K：外环内要看是哪里的车牌。
天津 津A12342 | 天津今天（25日 周三），津A·1***2：外环内不能走，19:00后能走。
天津明天 鄂A12345 | 天津明天（26日 周四），鄂A·1***5：外环内7:00–9:00、16:00–19:00不能走，其他时间能走。
天津明天 京A12345 | 能走。天津明天（26日 周四），京A·1***5：外环内能走。
上海能上高架吗 苏E12345 | 上海今天（25日 周三），苏E·1***5：延安高架等17处不能走，20:00后能走。
上海内环 沪A12345 | 能走。沪牌车不受这条限制，上海今天（25日 周三）内环高架能走。
上海南浦大桥 鄂A12345 明天早上8点 | 上海明天（26日 周四）8:00，鄂A·1***5：南浦大桥不能走，20:00后能走。
上海周日 苏E12345 | 能走。上海29日（周日）是休息日，不限，延安高架等17处能走。
广州 湘A12345 | 广州今天（25日 周三），湘A·1***5：管控区要看前几天哪些天开过。
广州 粤A12345 | 能走。粤A号牌车不受这条限制，广州今天（25日 周三）管控区能走。
兰州 尾号6 周五 | 能走。兰州后天（27日 周五），尾号6：限行区能走。
兰州 甘A12345 周五 | 兰州后天（27日 周五），甘A·1***5：限行区7:30–19:30不能走，其他时间能走。
兰州 鄂A12345 周五 | 兰州后天（27日 周五），鄂A·1***5：限行区要看是不是第一次到、哪天到的。
绵阳限行吗 | 绵阳今天（25日 周三）：没有查到绵阳按尾号限行的规定，请看路口的标志。
西安明天 | 西安明天（26日 周四）：绕城内不确定，没有查到这一天有效的通告。
西安 陕A12343 | 西安今天（25日 周三），陕A·1***3：绕城内不确定，没有查到这一天有效的通告。
杭州 浙A12348 早高峰 | 能走。杭州明天（26日 周四）早高峰（7:00–9:00），浙A·1***8：错峰区、高架都能走。
杭州 湘A12348 早高峰 | 杭州明天（26日 周四）早高峰（7:00–9:00），湘A·1***8：错峰区、高架不能走。
杭州高架 浙A12346 明天 | 杭州明天（26日 周四），浙A·1***6：高架7:00–9:00、16:30–18:30不能走，其他时间能走。
深圳明天早上8点 湘A12345 | 深圳明天（26日 周四）8:00，湘A·1***5：市区道路不能走，9:00后能走。
宁波 双号 明天 | 能走。宁波明天（26日 周四），双号：灵桥、江厦桥都能走。
宁波 灵桥 尾号6 | 宁波今天（25日 周三），尾号6：灵桥不能走，20:00后能走。
重庆 黄花园大桥 湘A12345 | 重庆今天（25日 周三），湘A·1***5：黄花园大桥不确定，没有查到这一天有效的通告。
济南 鄂A12345 明天早高峰 | 济南明天（26日 周四）早高峰（7:00–9:00），鄂A·1***5：二环东高架、经十路、旅游路不能走。
南昌 尾号3 | 能走。南昌今天（25日 周三），尾号3：原限行区能走。
贵阳 湘A12344 明天 | 贵阳明天（26日 周四），湘A·1***4：一环内7:00–20:00不能走，其他时间能走。
郑州12月4号 豫A12345 | 郑州12月4日（周五），豫A·1***5：三环内7:00–21:00不能走，其他时间能走。
石家庄明天 冀A12345 | 石家庄明天（26日 周四），冀A·1***5：三环内不确定，没有查到这一天有效的通告。
太原 晋A12345 明天 | 太原明天（26日 周四），晋A·1***5：河边路段7:00–9:00不能走，其他时间能走；滨河路能走。
唐山限行吗 尾号3 | 唐山今天（25日 周三），尾号3：市区道路不确定，没有查到这一天有效的通告。
南京限行吗 | 南京不确定：那边的限行规定我这里还没有录入，不敢说能走。
从成都去北京 尾号5 明天 | 北京明天（26日 周四），尾号5：五环内要看是哪里的车牌。
从北京到武汉能走吗 尾号5 | 能走。尾号5，今天（25日 周三）：长江大桥、江汉桥都能走，到明天7:00。
北京 5环 京A12347 | 能走。北京今天（25日 周三），京A·1***7：五环主路能走。
进京证怎么办 | 北京今天（25日 周三）：五环内要看是哪里的车牌。
进京 鄂A12345 没证 | 北京今天（25日 周三），鄂A·1***5：五环内不能走。
深圳 香港车 | 深圳对这种号牌另有规定，请连城市一起把车牌发给我，比如“深圳 粤B12345”，我再答。
北京 京A12345 上海 | “上海”我没看懂。不算它的话：
成都 12 | 我按尾号2答：能走。成都今天（25日 周三），尾号2：绕城内能走，到12月1日（周二）7:30。
成都明天10点 尾号4 | 我按11月26日10:00答：成都明天（26日 周四）10:00，尾号4：绕城内不能走，20:00后能走。
重庆长江大桥限行吗 | 重庆的“大桥”不确定：这个地方我这里没有录入，不敢说能走。
没办进京证 明天去北京 鄂A12345 | 北京明天（26日 周四），鄂A·1***5：五环内全天不能走。
"""  # noqa: E501 (one row a question)


@pytest.mark.parametrize("row", LINES.strip().splitlines())
def test_the_first_line_is_the_answer(row: str) -> None:
    text, _, expected = row.partition(" | ")
    assert first_line(said(text)) == expected


TALKS = """
明天去北京 鄂A12345 > 办了 | 北京明天（26日 周四），鄂A·1***5：五环内7:00–9:00、17:00–20:00不能走，其他时间能走。
明天去北京 鄂A12345 > 没办 | 北京明天（26日 周四），鄂A·1***5：五环内全天不能走。
明天去北京 鄂A12345 > 办了 > 那周六呢 | 能走。北京28日（周六）是休息日，不限尾号，五环内能走。
明天去北京 鄂A12345 > 办了 > 那周六呢 > 京A12345呢 | 能走。北京28日（周六）是休息日，不限尾号，五环内能走。
明天去北京 鄂A12345 > 办了 > 那五环主路呢 | 北京明天（26日 周四），鄂A·1***5：五环主路7:00–9:00、17:00–20:00不能走，其他时间能走。
明天去北京 鄂A12345 > 武汉呢 | 鄂A·1***5，明天（26日 周四）：长江大桥、江汉桥7:00–22:00不能走，其他时间能走。
明天去北京 鄂A12345 > 那天津呢 | 天津明天（26日 周四），鄂A·1***5：外环内7:00–9:00、16:00–19:00不能走，其他时间能走。
北京限行吗 > 京牌 | 北京今天（25日 周三），京牌：五环内20:00前尾号2和7不能走，别的能走。
北京限行吗 > 京牌 > 7 | 北京今天（25日 周三），京牌尾号7：五环内不能走，20:00后能走。
北京限行吗 > 外地车 | 北京今天（25日 周三），外地车：五环内要看有没有办进京证。
北京限行吗 > 京A12347 | 北京今天（25日 周三），京A·1***7：五环内不能走，20:00后能走。
成都限行吗 > 3 | 成都今天（25日 周三），尾号3：绕城内不能走，20:00后能走。
成都限行吗 > 3 > 明天呢 | 能走。成都明天（26日 周四），尾号3：绕城内能走。
天津 尾号K > 外地车 | 能走。天津今天（25日 周三），外地车尾号K：外环内能走，到16:00。
天津 尾号K > 津牌 | 能走。天津今天（25日 周三），津牌尾号K：外环内能走，到30日（周一）7:00。
兰州 鄂A12345 周五 > 第一次到 | 能走。兰州后天（27日 周五），鄂A·1***5：限行区能走。
兰州 鄂A12345 周五 > 不是第一次 | 兰州后天（27日 周五），鄂A·1***5：限行区7:30–19:30不能走，其他时间能走。
广州 湘A12345 > 连着开满4天了 | 广州今天（25日 周三），湘A·1***5：管控区不能走，29日（周日）0:00后能走。
广州 湘A12345 > 前几天没开过 | 能走。广州今天（25日 周三），湘A·1***5：管控区能走。
5 > 北京呢 | 北京今天（25日 周三），尾号5：五环内要看是哪里的车牌。
明天去北京 鄂A12345 > 5 长江大桥 | 能走。尾号5，今天（25日 周三）：长江大桥能走，到明天7:00。
明天去北京 鄂A12345 > 那长江大桥呢 | 鄂A·1***5，明天（26日 周四）：长江大桥7:00–22:00不能走，其他时间能走。
明天去北京 鄂A12345 > 谢谢 | 不客气，路上慢点。
明天去北京 鄂A12345 > 我被撞了 | 有人受伤：马上打120，再打122。车别动，守住现场。
成都明天10点 尾号4 > 晚上10点 | 能走。成都明天（26日 周四）22:00，尾号4：绕城内能走，到12月3日（周四）7:30。
成都 12 > 我的尾号是2 | 能走。成都今天（25日 周三），尾号2：绕城内能走，到12月1日（周二）7:30。
重庆限行吗 > 那武汉呢 | 长江大桥、江汉桥要看尾号：今天（25日 周三）22:00前单日只准单号。
"""  # noqa: E501 (one row a talk)


@pytest.mark.parametrize("row", TALKS.strip().splitlines())
def test_what_follows_leans_on_the_talk(row: str) -> None:
    texts, _, expected = row.partition(" | ")
    assert first_line(said(*texts.split(" > "))) == expected


def test_what_was_told_for_one_city_counts_for_no_other_and_dies_with_the_talk() -> None:
    assert "没办进京证" in said("明天去北京 鄂A12345", "没办", "那天津呢", "那北京呢").text
    now = datetime(2026, 11, 25, 11, 30, tzinfo=SHANGHAI)
    told_so = said("明天去北京 鄂A12345", "办了").talk
    assert told_so is not None
    assert "要看有没有办进京证" in ask("明天去北京 鄂A12345", now + timedelta(minutes=31), told_so).text


@pytest.mark.parametrize("city", [one for one in city_ids() if one != "wuhan"])
def test_nothing_of_home_is_said_about_another_city(city: str) -> None:
    name = load_city(city).name
    for text in (
        f"{name}限行吗",
        f"{name} 鄂A12345",
        f"明天去{name} 鄂A12346",
        f"{name} 货车",
        f"{name} 依维柯 6",
    ):
        reply = said(text)
        assert not re.search("过江|长江大桥|江汉|桥头|隧道口|单双号的只有", reply.text), reply.text
        assert name in reply.text or "没看懂" in reply.text


def test_the_basis_of_an_answer_is_that_citys() -> None:
    reply = said("成都 尾号3", "看依据")
    assert first_line(reply).startswith("依据：成都市绕城高速以内工作日尾号限行")
    assert reply.text.splitlines()[-1] == "现场有标志或民警指挥时，以现场为准。"
