"""What a message means: what people say in the dialogues, and each kind of word on its own."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daxiang.domains.conversation.meaning import (
    Asks,
    Car,
    Hours,
    InCrash,
    InDanger,
    Intent,
    NotUnderstood,
    PlateNotReadable,
    Small,
    SmallTalk,
    Topic,
    WantsCar,
    Wish,
)
from daxiang.domains.conversation.queries import reply_to_text
from daxiang.domains.conversation.understand import heard, names_of, understand
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.values import VehicleClass
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import read_plate

TUESDAY = datetime(2026, 11, 24, 8, 10, tzinfo=SHANGHAI)
NAMES = names_of(load_city("wuhan"))
BRIDGE, SECOND, TUNNEL = "changjiang-bridge", "changjiang-second-bridge", "changjiang-tunnel"


def meant(text: str, at: str = "2026-11-24T08:10") -> Intent:
    return understand(text, now=datetime.fromisoformat(f"{at}+08:00"), names=NAMES)


def asked(text: str, at: str = "2026-11-24T08:10") -> Asks:
    intent = meant(text, at)
    assert isinstance(intent, Asks), intent
    return intent


def tail(digit: str) -> Car:
    return Car(tail=digit)


def plate(number: str) -> Car:
    return Car(plate=read_plate(number))


@pytest.mark.parametrize(
    "text",
    [
        "5",
        " 5 ",
        "５",
        "尾号5",
        "尾号是5",
        "我的尾号是５",
        "车牌尾号5",
        "5。",
        "五",
        "尾号五",
        "尾号是五",
        "车尾数5",
        "我尾号5",
        "尾号为5",
        "尾号:5",
        "尾号 5",
        "5?",
        "5号车",
        "尾号5的车",
        "71B5Z",
        "A12345",
        "微号五",
    ],
)
def test_a_tail_is_understood_in_any_spelling(text: str) -> None:
    assert asked(text).cars == (tail("5"),)
    assert not asked(text).unread


@pytest.mark.parametrize(
    "text",
    [
        "鄂A12345",
        "鄂a12345",
        "鄂A·１２３４５",
        "鄂A 123 45",
        "鄂A-12345",
        "鄂 A 1 2 3 4 5",
        "鄂A幺二三四五",
        "饿A12345",
    ],
)
def test_a_plate_is_understood_in_any_spelling(text: str) -> None:
    assert asked(text).cars == (plate("鄂A12345"),)


@pytest.mark.parametrize(
    "number",
    [
        "鄂A1234K",
        "鄂AD12345",
        "鄂A12345D",
        "鄂A1234学",
        "鄂A1234警",
        "鄂A1234挂",
        "粤Z1234港",
        "粤Z1234澳",
        "鄂A1234领",
        "123456使",
        "鄂A临12345",
        "鄂AX1234",
    ],
)
@pytest.mark.parametrize("around", ["{}", "明天{}能走吗", "{} 长江大桥", "我的车是{}，现在走得吗"])
def test_a_plate_of_any_kind_is_read_among_other_words(number: str, around: str) -> None:
    asks = asked(around.format(number))
    assert asks.cars == (plate(number),)
    assert not asks.unread


@pytest.mark.parametrize(
    ("text", "tails"),
    [
        ("尾号5和8", "58"),
        ("5、8", "58"),
        ("5 8", "58"),
        ("5和6能走吗", "56"),
        ("尾号5跟6明天走得吗", "56"),
        ("尾号3,5,7", "357"),
    ],
)
def test_several_tails_stand_in_the_order_said(text: str, tails: str) -> None:
    assert asked(text).cars == tuple(tail(digit) for digit in tails)


def test_a_letter_alone_is_kept_as_a_letter() -> None:
    assert asked("k").cars == (Car(letter="K"),)
    assert asked("尾号是字母K").cars == (Car(letter="K"),)


def test_parity_said_instead_of_the_digit_is_kept() -> None:
    assert asked("我是单号，明天能走吗").cars == (Car(is_odd=True),)
    assert asked("双号车今天能走不").cars == (Car(is_odd=False),)


def test_a_plate_with_the_letter_o_is_explained() -> None:
    assert isinstance(meant("鄂A1234O"), PlateNotReadable)


def days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天", days("2026-11-24")),
        ("明天", days("2026-11-25")),
        ("后天", days("2026-11-26")),
        ("大后天", days("2026-11-27")),
        ("昨天", days("2026-11-23")),
        ("周六", days("2026-11-28")),
        ("星期六", days("2026-11-28")),
        ("礼拜六", days("2026-11-28")),
        ("这周六", days("2026-11-28")),
        ("周一", days("2026-11-30")),
        ("下周一", days("2026-11-30")),
        ("下周六", days("2026-12-05")),
        ("下下周一", days("2026-12-07")),
        ("星期天", days("2026-11-29")),
        ("周末", days("2026-11-28", "2026-11-29")),
        ("28号", days("2026-11-28")),
        ("28日", days("2026-11-28")),
        ("二十八号", days("2026-11-28")),
        ("11月28日", days("2026-11-28")),
        ("十一月二十八号", days("2026-11-28")),
        ("11.28", days("2026-11-28")),
        ("11/28", days("2026-11-28")),
        ("11-28", days("2026-11-28")),
        ("2027年1月5日", days("2027-01-05")),
        ("2027-1-5", days("2027-01-05")),
        ("1月5号", days("2027-01-05")),
        ("31号", days("2026-12-31")),
        ("元旦", days("2027-01-01")),
        ("国庆", days("2027-10-01", "2027-10-02", "2027-10-03")),
        ("28号周六", days("2026-11-28")),
        ("明天后天", days("2026-11-25", "2026-11-26")),
        ("周六周日", days("2026-11-28", "2026-11-29")),
        ("28号到30号", days("2026-11-28", "2026-11-29", "2026-11-30")),
        ("3天后", days("2026-11-27")),
        ("明年1月5日", days("2027-01-05")),
    ],
)
@pytest.mark.parametrize("around", ["{}5能走吗", "尾号5，{}走得吗", "{} 尾号5 长江大桥"])
def test_a_day_is_read_in_any_spelling_and_place(text: str, expected: tuple[date, ...], around: str) -> None:
    asks = asked(around.format(text if "{}5" not in around else text + " "))
    assert (asks.days, asks.cars, asks.unread) == (expected, (tail("5"),), "")


def test_a_correction_counts_by_what_is_right_and_leans() -> None:
    assert asked("不是5是6") == Asks(cars=(tail("6"),), leans=True)


@pytest.mark.parametrize("vehicle", ["自行车", "电动车", "电瓶车", "救护车", "黄牌", "临牌", "三轮车"])
def test_a_vehicle_without_a_card_of_its_own_stays_unread(vehicle: str) -> None:
    assert asked(f"{vehicle}明天能走长江大桥吗").unread == vehicle


def test_a_holiday_that_is_on_means_the_days_that_are_left() -> None:
    assert asked("国庆5能走吗", "2026-10-03T10:00").days == tuple(date(2026, 10, day) for day in range(3, 8))


def test_a_day_of_the_month_that_is_past_has_two_readings() -> None:
    readings = asked("尾号5，20号能走吗").readings
    assert [one.days for one in readings] == [days("2026-12-20"), days("2026-11-20")]


def test_two_figures_alone_are_a_tail_first_and_then_a_day() -> None:
    readings = asked("12").readings
    assert [(one.cars, one.days) for one in readings] == [((tail("2"),), ()), ((), days("2026-12-12"))]


def test_a_day_that_contradicts_its_weekday_has_both_readings() -> None:
    readings = asked("尾号5明天星期六能走吗").readings
    assert [one.days for one in readings] == [days("2026-11-25"), days("2026-11-28")]


@pytest.mark.parametrize("text", ["2月30号", "13月5日", "32号"])
def test_a_date_that_does_not_exist_is_not_read(text: str) -> None:
    asks = asked(f"尾号5 {text}能走吗")
    assert asks.unread or asks.days == ()
    assert asks.unread


def at(start: int, end: int | None = None) -> tuple[int, int | None]:
    return start * 60, None if end is None else end * 60


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("晚上十点半", 22 * 60 + 30, None),
        ("下午3点", 15 * 60, None),
        ("22点", 22 * 60, None),
        ("凌晨1点", 60, None),
        ("上午七点半", 450, None),
        ("19:30", 19 * 60 + 30, None),
        ("07:30", 450, None),
        ("早高峰", 420, 540),
        ("晚高峰", 1020, 1140),
        ("中午", 660, 780),
        ("晚上", 1080, 1440),
        ("中午12点", 720, None),
        ("晚上12点", 1440, None),
        ("下午四点一刻", 16 * 60 + 15, None),
        ("晚上8点15分", 20 * 60 + 15, None),
        ("22点以后", 22 * 60, 1440),
        ("早上7点前", 0, 420),
        ("早上7点到晚上10点", 420, 1320),
        ("晚上10点到早上6点", 1320, 1800),
    ],
)
def test_an_hour_is_read(text: str, start: int, end: int | None) -> None:
    asks = asked(f"尾号5明天{text}能走吗")
    hours = asks.hours
    assert hours is not None
    assert (hours.start, hours.end, asks.days, asks.unread) == (start, end, days("2026-11-25"), "")


@pytest.mark.parametrize(
    ("text", "day", "start"),
    [
        ("明早", "2026-11-25", 360),
        ("今晚", "2026-11-24", 1080),
        ("明晚", "2026-11-25", 1080),
        ("明晚10点", "2026-11-25", 1320),
        ("今晚1点", "2026-11-24", 1500),
        ("今晚十二点", "2026-11-24", 1440),
    ],
)
def test_a_word_can_name_day_and_hour_together(text: str, day: str, start: int) -> None:
    asks = asked(f"5 {text} 走得吗")
    assert asks.hours is not None
    assert (asks.days, asks.hours.start, asks.unread) == (days(day), start, "")


def test_an_hour_that_may_be_of_morning_or_evening_has_two_readings() -> None:
    starts = [one.hours and one.hours.start for one in asked("尾号5明天7点能走吗").readings]
    assert starts == [420, 19 * 60]


def test_of_today_only_the_hour_that_is_left_is_meant() -> None:
    asks = asked("尾号5今天7点能走吗")
    assert asks.readings == ()
    assert asks.hours == Hours(start=19 * 60, said="7点")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("长江大桥", BRIDGE),
        ("大桥", BRIDGE),
        ("一桥", BRIDGE),
        ("過長江大橋", BRIDGE),
        ("长江二桥", SECOND),
        ("长江隧道", TUNNEL),
        ("过江汉桥", "jianghan-bridge"),
        ("二七长江大桥", "erqi-bridge"),
        ("鹦武洲大桥", "yingwuzhou-bridge"),
        ("长江遂道", TUNNEL),
        ("磨山", "east-lake-moshan"),
        ("江汉二桥", "zhiyin-bridge"),
    ],
)
@pytest.mark.parametrize("around", ["{}5", "明天{}尾号5能走吗", "5走{}"])
def test_a_place_is_known_by_any_of_its_names(text: str, place: str, around: str) -> None:
    asks = asked(around.format(text))
    assert (asks.places, asks.cars, asks.unread) == ((place,), (tail("5"),), "")


def test_a_name_that_two_places_bear_is_kept_with_both() -> None:
    asks = asked("二桥 5")
    assert (asks.alias, asks.places) == ("二桥", (SECOND, "zhiyin-bridge"))


@pytest.mark.parametrize(
    "text", ["尾号5走沙湖大桥", "尾号5 解放大道限行吗", "尾号5 北京路能走吗", "5 黄鹤大桥"]
)
def test_a_place_that_nobody_told_us_of_stays_unread(text: str) -> None:
    asks = asked(text)
    assert asks.unread
    assert asks.places == ()
    assert asks.city is None


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("绿牌", {"is_green": True}),
        ("蓝牌", {"is_green": False}),
        ("9座", {"seats": 9}),
        ("七座", {"seats": 7}),
        ("轻卡", {"vehicle_class": VehicleClass.LIGHT_TRUCK}),
        ("皮卡", {"vehicle_class": VehicleClass.LIGHT_TRUCK}),
        ("大客车", {"vehicle_class": VehicleClass.LARGE_PASSENGER}),
        ("摩托车", {"vehicle_class": VehicleClass.MOTORCYCLE}),
        ("挂车", {"vehicle_class": VehicleClass.TRAILER}),
        ("外地车", {"is_local": False}),
        ("车高3米2", {"height_m": 3.2}),
        ("高3.2米", {"height_m": 3.2}),
        ("三米二高", {"height_m": 3.2}),
        ("不是绿牌", {"is_green": False}),
    ],
)
@pytest.mark.parametrize("around", ["尾号5 {}能走吗", "{} 尾号5", "{}，尾号5，明天走得吗"])
def test_a_kind_of_vehicle_belongs_to_the_car_that_is_named(
    text: str, facts: dict[str, object], around: str
) -> None:
    asks = asked(around.format(text))
    assert asks.cars == (Car(tail="5", **facts),)  # type: ignore[arg-type]
    assert not asks.unread


def test_kinds_go_with_the_car_beside_them() -> None:
    assert asked("绿牌5和蓝牌8").cars == (Car(tail="5", is_green=True), Car(tail="8", is_green=False))


def test_a_truck_of_unknown_size_is_read_in_every_size() -> None:
    classes = [one.cars[0].vehicle_class for one in asked("货车 尾号5").readings]
    assert classes == [VehicleClass.LIGHT_TRUCK, VehicleClass.MEDIUM_TRUCK, VehicleClass.HEAVY_TRUCK]


@pytest.mark.parametrize(
    "text", ["那周六呢", "明天呢", "后天", "那长江二桥呢", "换成6呢", "我是绿牌", "那晚上呢"]
)
def test_a_follow_up_leans_on_the_talk(text: str) -> None:
    assert asked(text).leans


@pytest.mark.parametrize("text", ["5", "尾号5能走吗", "明天长江大桥能走吗", "鄂A12345"])
def test_a_whole_question_does_not_lean(text: str) -> None:
    assert not asked(text).leans


@pytest.mark.parametrize(
    ("text", "origin", "destination"),
    [
        ("5 从武昌去汉口", "武昌", "汉口"),
        ("5 武昌到汉口", "武昌", "汉口"),
        ("5 去汉口", None, "汉口"),
        ("5 从武昌走", "武昌", None),
        ("5 光谷去汉口", "武昌", "汉口"),
        ("5 汉口 武昌", "汉口", "武昌"),
        ("我在汉阳，尾号5，要去武昌", "汉阳", "武昌"),
    ],
)
def test_the_banks_of_a_way_are_told_apart(text: str, origin: str | None, destination: str | None) -> None:
    asks = asked(text)
    assert (asks.origin, asks.destination, asks.unread) == (origin, destination, "")


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("明天去北京 鄂A12345", "北京"),
        ("5去襄阳限行吗", "襄阳"),
        ("上海限行吗", "上海"),
        ("5 武汉限行吗", None),
    ],
)
def test_another_city_is_named_and_our_own_says_nothing(text: str, city: str | None) -> None:
    assert asked(text).city == city


def test_the_car_of_another_city_is_not_a_journey_there() -> None:
    asks = asked("北京牌照尾号5能走吗")
    assert (asks.city, asks.cars) == (None, (Car(tail="5", is_local=False),))


@pytest.mark.parametrize("text", ["5不走长江大桥走哪", "别走长江大桥 5", "除了长江大桥5走哪"])
def test_a_negation_of_something_that_counts_stays_unread(text: str) -> None:
    assert asked(text).unread


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


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("車牌鄂AK4006　１/５", "鄂AK4006", "2027-01-05"),
        ("皖H·E4840 9.18", "皖HE4840", "2027-09-18"),
        ("鄂A·B2810  12月20日", "鄂AB2810", "2026-12-20"),
        ("下个月4号 车牌号是鄂A12345", "鄂A12345", "2026-12-04"),
        ("27號 車牌京A12345", "京A12345", "2026-11-27"),
    ],
)
def test_a_blank_ends_a_plate_and_a_date(text: str, number: str, day: str) -> None:
    asks = asked(text)
    assert (asks.cars, asks.days, asks.unread) == ((plate(number),), days(day), "")


def test_from_tonight_till_tomorrow_is_one_stretch() -> None:
    asks = asked("尾号5今晚10点到明早7点")
    assert asks.hours is not None
    assert (asks.days, asks.hours.start, asks.hours.end) == (days("2026-11-24"), 1320, 1860)


@pytest.mark.parametrize(
    ("text", "city"),
    [("尾号5南京长江大桥", "南京"), ("重庆长江大桥限行吗", "重庆"), ("尾号5汉南长江大桥", None)],
)
def test_a_bridge_of_another_name_is_never_taken_for_ours(text: str, city: str | None) -> None:
    asks = asked(text)
    assert (asks.places, asks.city) == ((), city)
    assert city or asks.unread


def test_two_hours_that_are_no_stretch_are_not_halved() -> None:
    asks = asked("尾号5早上去晚上11点回")
    assert asks.hours is None
    assert asks.unread
