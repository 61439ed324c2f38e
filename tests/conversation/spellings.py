"""Generates questions about driving in many spellings, each with what it can mean. It knows no product code.

A question is put together from parts (car, day, hours, place) in some order, with fillers, and then written
as people type: full width, traditional characters, lower case, blanks. Every part brings its own meaning.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from tests.conversation.oracle_cards import Vehicle, crossings, named

BRIDGES = ("changjiang-bridge", "jianghan-bridge")

MOMENTS = tuple(
    datetime.fromisoformat(f"{one}+08:00")
    for one in (
        "2026-09-18T12:00",
        "2026-09-30T16:00",
        "2026-10-03T10:00",
        "2026-10-09T18:00",
        "2026-11-24T08:10",
        "2026-11-25T23:30",
        "2026-11-26T00:20",
        "2026-11-30T06:50",
        "2026-12-30T09:00",
        "2026-12-31T21:59",
    )
)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Minutes from midnight; `end` None: that minute. `twelve`: twelve hours later is meant as well."""

    start: int
    end: int | None = None
    twelve: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of text and what it says."""

    text: str
    slot: str
    cars: tuple[Vehicle, ...] = ()
    day: date | None = None
    hours: Hours | None = None
    is_now: bool = False
    places: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One meaning of a question: one car, at an instant or over a span."""

    car: Vehicle
    places: tuple[str, ...]
    start: datetime
    end: datetime | None


@dataclass(frozen=True, kw_only=True)
class Question:
    text: str
    now: datetime
    readings: tuple[Reading, ...]


NUMERALS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A number below 100 as it is spoken: 十, 十一, 二十八."""
    tens, ones = divmod(number, 10)
    return (
        (NUMERALS[tens] if tens > 1 else "")
        + ("十" if tens else "")
        + (NUMERALS[ones] if ones or not tens else "")
    )


# ---- cars ----

TAIL_SAYINGS = (
    "{d}", "尾号{d}", "尾号是{d}", "尾号为{d}", "尾数{d}", "尾数是{d}", "车尾号{d}", "我的车尾号{d}",
    "我车牌尾号是{d}", "车牌尾号{d}", "牌照尾号{d}", "车牌最后一位是{d}", "最后一位{d}", "尾号{c}",
    "尾号是{c}", "尾数{c}", "我尾号{d}的车", "尾号{d}的车", "车牌号尾数是{d}", "尾号：{d}", "尾号 {d}",
    "蓝牌尾号{d}", "外地车尾号{d}", "私家车尾号{d}", "小车尾号{d}",
)  # fmt: skip
PLATE_FORMS = (
    "{a}{b}",
    "{a}·{b}",
    "{a} {b}",
    "{a}.{b}",
    "{a}-{b}",
    "{a}{b0} {b1}",
    "车牌{a}{b}",
    "我的车{a}{b}",
    "车牌号是{a}{b}",
)
AUTHORITIES = ("鄂A", "鄂A", "鄂A", "鄂B", "豫S", "湘A", "粤B", "京A", "沪C", "皖H", "鄂W")
SERIAL_LETTERS = "BCDEFGHJKLMNPQRSTUVWXYZ"
WITHOUT_TAIL = (
    ("绿牌", {"green": True}), ("新能源", {"green": True}), ("绿牌车", {"green": True}),
    ("新能源车", {"green": True}), ("我是绿牌", {"green": True}), ("我的车是绿牌", {"green": True}),
    ("出租车", {"use": "taxi"}), ("的士", {"use": "taxi"}), ("我开出租的", {"use": "taxi"}),
    ("出租", {"use": "taxi"}), ("货车", {"kind": "light_truck"}), ("大货车", {"kind": "heavy_truck"}),
    ("轻卡", {"kind": "light_truck"}), ("小货车", {"kind": "light_truck"}),
    ("重型货车", {"kind": "heavy_truck"}), ("绿牌货车", {"kind": "light_truck", "green": True}),
    ("中型货车", {"kind": "medium_truck"}), ("新能源货车", {"kind": "light_truck", "green": True}),
    ("我是货车", {"kind": "light_truck"}), ("摩托车", {"kind": "motorcycle"}),
    ("摩托", {"kind": "motorcycle"}), ("挂车", {"kind": "trailer"}), ("半挂", {"kind": "trailer"}),
    ("大客车", {"kind": "large_passenger"}), ("大巴", {"kind": "large_passenger"}),
    ("大巴车", {"kind": "large_passenger"}), ("公交车", {"kind": "large_passenger", "use": "bus"}),
    ("公交", {"kind": "large_passenger", "use": "bus"}),
    ("绿牌大客车", {"kind": "large_passenger", "green": True}),
)  # fmt: skip
WITH_TAIL = (
    ("中巴尾号{d}", {"kind": "medium_passenger"}), ("中型客车 尾号{d}", {"kind": "medium_passenger"}),
    ("9座车尾号{d}", {"seats": 9}), ("九座商务车，尾号{d}", {"seats": 9}), ("9座 尾号{d}", {"seats": 9}),
    ("7座车尾号{d}", {"seats": 7}), ("七座，尾号{d}", {"seats": 7}), ("8座车 尾号{d}", {"seats": 8}),
)  # fmt: skip


def car_part(dice: random.Random) -> Part:
    kind = dice.choices(
        ("tail", "plate", "green plate", "none", "with", "letter", "parity", "kind"),
        (32, 18, 5, 7, 8, 8, 4, 18),
    )[0]
    if kind == "kind":
        text, facts = dice.choice(WITHOUT_TAIL)
        return Part(slot="car", text=text, cars=(Vehicle(**facts),))
    if kind == "none":
        return Part(slot="car", text="", cars=tuple(Vehicle(tail=n) for n in range(10)))
    if kind == "letter":
        said = dice.choice(("尾号{}", "尾号是{}", "尾号是字母{}", "最后一位是{}")).format(
            dice.choice(SERIAL_LETTERS)
        )
        return Part(slot="car", text=said, cars=tuple(Vehicle(tail=n) for n in range(10)))
    if kind == "parity":
        odd = dice.randrange(2)
        said = dice.choice(
            (("双号", "双号车", "我是双号", "尾号双号"), ("单号", "单号车", "我是单号", "尾号单号"))[odd]
        )
        return Part(slot="car", text=said, cars=tuple(Vehicle(tail=n) for n in range(odd, 10, 2)))
    digit = dice.randrange(10)
    if kind == "tail":
        said = dice.choice(TAIL_SAYINGS).format(d=digit, c=NUMERALS[digit])
        return Part(slot="car", text=said, cars=(Vehicle(tail=digit),))
    if kind == "with":
        said, facts = dice.choice(WITH_TAIL)
        return Part(slot="car", text=said.format(d=digit), cars=(Vehicle(tail=digit, **facts),))
    return _plate(dice, digit, green=kind == "green plate")


def _plate(dice: random.Random, digit: int, *, green: bool) -> Part:
    body = "".join(dice.choice("0123456789") for _ in range(4)) + str(digit)
    if green:
        body = dice.choice("DF") + body
    else:
        if dice.random() < 0.3:
            body = dice.choice(SERIAL_LETTERS) + body[1:]
        if dice.random() < 0.25:
            body = body[1:] + dice.choice(SERIAL_LETTERS)
    at = 2 if green else 3
    said = dice.choice(PLATE_FORMS).format(a=dice.choice(AUTHORITIES), b=body, b0=body[:at], b1=body[at:])
    return Part(slot="car", text=said, cars=(Vehicle(tail=digit, green=green),))


# ---- days ----


def day_part(dice: random.Random, now: datetime) -> Part:
    """A day from today on, in the words of somebody who speaks at `now`."""
    today = now.date()
    ahead = dice.choice((0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 9, 10, 11, 16, 23, 31, 40))
    day = today + timedelta(days=ahead)
    words = {
        0: ("今天", "今日", "今天"),
        1: ("明天", "明日", "明儿", "明天"),
        2: ("后天", "后天"),
        3: ("大后天",),
    }.get(ahead, ())
    monday = today - timedelta(days=today.weekday())
    week = (day - monday).days // 7
    name = "一二三四五六日"[day.weekday()]
    said = [*words]
    if 0 < ahead < 7:
        said += [f"{head}{name}" for head in ("周", "星期", "礼拜")]
        if week == 0:
            said += [f"{head}{name}" for head in ("这周", "本周", "这个星期")]
    if week == 1:
        said += [f"{head}{name}" for head in ("下周", "下星期", "下个星期", "下礼拜")]
    if (day.year, day.month) == (today.year, today.month):
        said += [f"{day.day}号", f"{day.day}日", f"{chinese(day.day)}号", f"这个月{day.day}号"]
    if (day.year, day.month) == ((today.year, today.month + 1) if today.month < 12 else (today.year + 1, 1)):
        said += [f"下个月{day.day}号"]
    if day.year == today.year or day.month < today.month:
        said += [
            f"{day.month}月{day.day}号", f"{day.month}月{day.day}日", f"{day.month}.{day.day}",
            f"{day.month}/{day.day}", f"{chinese(day.month)}月{chinese(day.day)}号",
            f"{day.month:02}月{day.day:02}日", f"{day.month}月{day.day}",
        ]  # fmt: skip
    said += [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}-{day.month:02}-{day.day:02}",
        f"{day.year}.{day.month}.{day.day}",
    ]
    return Part(slot="day", text=dice.choice(said), day=day)


# ---- hours ----

INSTANTS = (
    ("早上8点", 480), ("上午10点", 600), ("上午九点半", 570), ("中午12点", 720), ("下午3点", 900),
    ("下午两点", 840), ("傍晚6点", 1080), ("晚上8点", 1200), ("晚上十点半", 1350), ("晚上9点50", 1310),
    ("22:30", 1350), ("20点", 1200), ("06:59", 419), ("早上7点整", 420), ("22点整", 1320), ("21:59", 1319),
    ("凌晨2点", 120), ("早上五点半", 330), ("15时30分", 930), ("13点", 780), ("十五点", 900),
    ("晚上10点", 1320), ("晚上九点五十九", 1319), ("早晨六点五十", 410), ("下午5点一刻", 1035),
    ("凌晨四点半", 270), ("00:30", 30), ("19：30", 1170), ("23点", 1380), ("早上6点59分", 419),
    ("下午1点过", 780),
)  # fmt: skip
SPANS = (
    ("早高峰", 420, 540), ("晚高峰", 1020, 1140), ("上午", 480, 720), ("下午", 720, 1080),
    ("晚上", 1080, 1440), ("白天", 420, 1140), ("凌晨", 0, 300), ("早上8点到10点", 480, 600),
    ("晚上八点到十点", 1200, 1320), ("下午3点到5点", 900, 1020), ("22:00到24:00", 1320, 1440),
    ("20点-22点", 1200, 1320), ("早上5点到8点", 300, 480),
)  # fmt: skip
TWELVE = (
    ("8点", 480), ("10点", 600), ("九点半", 570), ("8:30", 510), ("六点", 360), ("6点59", 419),
    ("11点", 660), ("两点", 120), ("7点", 420),
)  # fmt: skip


def hours_part(dice: random.Random, *, has_day: bool) -> Part:
    kind = dice.choices(("instant", "span", "twelve", "now"), (42, 24, 22, 0 if has_day else 12))[0]
    if kind == "now":
        return Part(slot="hours", text=dice.choice(("现在", "这会儿", "这时候", "此刻", "马上")), is_now=True)
    if kind == "span":
        text, start, end = dice.choice(SPANS)
        return Part(slot="hours", text=text, hours=Hours(start=start, end=end))
    text, start = dice.choice(TWELVE if kind == "twelve" else INSTANTS)
    return Part(slot="hours", text=text, hours=Hours(start=start, twelve=kind == "twelve"))


# ---- places ----


def place_part(dice: random.Random) -> Part:
    names = [
        name for one in crossings().values() for name in (one["name"], one["short_name"], *one["aliases"])
    ]
    often = [
        "长江大桥",
        "大桥",
        "一桥",
        "江汉桥",
        "江汉一桥",
        "长江隧道",
        "公铁隧道",
        "二桥",
        "长江二桥",
        "三阳路隧道",
        "武汉长江大桥",
    ]
    name = dice.choice(often if dice.random() < 0.6 else names)
    if dice.random() < 0.08:
        second = dice.choice([one for one in often if not set(named(one)) & set(named(name))])
        both = tuple(dict.fromkeys((*named(name), *named(second))))
        return Part(slot="place", text=name + dice.choice(("和", "、", "还有", "，")) + second, places=both)
    return Part(
        slot="place", text=dice.choice(("", "", "过", "走", "上", "从", "经过")) + name, places=named(name)
    )


# ---- a whole question ----

BEFORE = (
    "",
    "",
    "",
    "",
    "请问",
    "你好，",
    "您好 ",
    "师傅，",
    "警官你好，",
    "麻烦问下",
    "我想问一下",
    "问一下，",
    "哈喽 ",
    "咨询一下：",
    "那个，",
)
AFTER = (
    "", "", "", "能走吗", "能走不", "能过吗", "限行吗", "走得吗", "可以走吗", "走不走得", "限不限",
    "能不能走", "行不行", "可以过吗", "？", "能上吗", "让不让走", "限不限号", "能走吗？谢谢", "能开吗",
    "可不可以过", "能走么", "限号吗", "走得了不", "可以通行吗", "。", "能过不", "限不限行啊",
)  # fmt: skip
ASKING = tuple(one for one in AFTER if len(one) > 1)
JOINTS = ("", "", " ", "，", ",", "  ", "、")
TRADITIONAL = str.maketrans(
    "长桥汉号后车现点庆绿货过鹦鹉东请问吗数国渔鲁岛阳军时这让开经龙杨罗还个师儿会对为辆",
    "長橋漢號後車現點慶綠貨過鸚鵡東請問嗎數國漁魯島陽軍時這讓開經龍楊羅還個師兒會對為輛",
)
WIDE = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)} | {" ": "　"})


def questions(seed: int, count: int) -> Iterator[Question]:
    dice = random.Random(seed)
    found = 0
    while found < count:
        question = _question(dice)
        if question is not None:
            found += 1
            yield question


def _question(dice: random.Random) -> Question | None:
    now = dice.choice(MOMENTS)
    car = car_part(dice)
    day = day_part(dice, now) if dice.random() < 0.62 else None
    hours = hours_part(dice, has_day=day is not None) if dice.random() < 0.5 else None
    place = place_part(dice) if dice.random() < 0.6 or not car.text else None
    readings = _readings(car, day, hours, place, now)
    if not readings:
        return None
    parts = [one for one in (car, day, hours, place) if one is not None and one.text]
    text = _written(dice, _ordered(dice, parts), asks=not car.text)
    return Question(text=text, now=now, readings=tuple(readings))


def _readings(
    car: Part, day: Part | None, hours: Part | None, place: Part | None, now: datetime
) -> list[Reading]:
    spans = _spans(day.day if day else None, hours, now)
    places = place.places if place else BRIDGES
    return [Reading(car=one, places=places, start=start, end=end) for start, end in spans for one in car.cars]


def _spans(day: date | None, hours: Part | None, now: datetime) -> list[tuple[datetime, datetime | None]]:
    """What the words for day and hours can mean; empty when it would be over."""
    if hours is None or hours.hours is None:
        if day is None or day == now.date():
            return [(now, None)]
        midnight = datetime.combine(day, time(), now.tzinfo)
        return [(midnight, midnight + timedelta(days=1))]
    said = [hours.hours]
    if hours.hours.twelve:
        said.append(replace(hours.hours, start=hours.hours.start + 720))
    found = []
    for one in said:
        start, end = _on(day or now.date(), one, now)
        if (end or start) < now or end == now:
            if day is not None:
                continue
            start, end = _on(now.date() + timedelta(days=1), one, now)
        found.append((max(start, now) if end else start, end))
    return found


def _on(day: date, hours: Hours, now: datetime) -> tuple[datetime, datetime | None]:
    midnight = datetime.combine(day, time(), now.tzinfo)
    end = None if hours.end is None else midnight + timedelta(minutes=hours.end)
    return midnight + timedelta(minutes=hours.start), end


def _ordered(dice: random.Random, parts: list[Part]) -> list[Part]:
    """The parts in some order; day before hours, since 早上8点 明天 is seldom said."""
    dice.shuffle(parts)
    slots = [one.slot for one in parts]
    if "day" in slots and "hours" in slots:
        first, second = sorted((slots.index("day"), slots.index("hours")))
        day, hours = parts[slots.index("day")], parts[slots.index("hours")]
        parts[second] = hours
        parts[first] = day
        parts.insert(first + 1, parts.pop(second))
    return parts


def _written(dice: random.Random, parts: list[Part], *, asks: bool) -> str:
    text = dice.choice(BEFORE)
    for n, part in enumerate(parts):
        said = part.text
        if n and said.isdigit():
            said = f"尾号{said}"  # 8点 5 is another hour, 28号5 nobody's tail
        joint = "" if not text else dice.choice(JOINTS)
        if text and not joint and _runs_together(text[-1], said[0]):
            joint = dice.choice((" ", "，"))
        if n and parts[n - 1].slot == "day" and part.slot == "hours" and joint == "、":
            joint = " "
        text += joint + said
    after = dice.choice(ASKING if asks else AFTER)
    text += dice.choice(("", "", " ", "，")) + after if after else ""
    return _in_hand(dice, text)


def _runs_together(before: str, after: str) -> bool:
    numbers = "0123456789零一二三四五六七八九十两./-:"
    is_word = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + numbers
    return before in is_word and after in is_word


def _in_hand(dice: random.Random, text: str) -> str:
    """The same as it is typed on one phone or another."""
    if dice.random() < 0.15:
        text = text.translate(TRADITIONAL)
    if dice.random() < 0.15:
        text = text.translate(WIDE)
    if dice.random() < 0.2:
        text = text.lower()
    if dice.random() < 0.1:
        text = f" {text}\n"
    return text
