"""The citizens' dialogues 1 to 20, bubble by bubble. Plates are invented; facts are the pack's.

Here the meanings are given by hand, so that each bubble has one reason to fail; `test_dialogues_typed` holds
the same talks from the words that people type.
"""

from __future__ import annotations

from datetime import date

from daxiang.domains.conversation.answer import ReplyKind
from daxiang.domains.conversation.facts import OwnCar
from daxiang.domains.conversation.meaning import (
    Asks,
    Car,
    Danger,
    Heard,
    Hours,
    InCrash,
    InDanger,
    NotUnderstood,
    SentPlace,
    Small,
    SmallTalk,
    Topic,
)
from daxiang.domains.conversation.queries import reply_to_follow
from daxiang.domains.conversation.texts import DIGITS
from daxiang.domains.restrictions.values import VehicleClass
from daxiang.kernel.plates import read_plate
from tests.conversation.people import Person, plate, tail

SOURCE = "依据：两桥单双号通告，2019年11月2日起。"
TRUCKS = (VehicleClass.LIGHT_TRUCK, VehicleClass.MEDIUM_TRUCK, VehicleClass.HEAVY_TRUCK)


def lines(*said: str) -> str:
    return "\n".join(said)


def test_1_a_new_follower_is_greeted_with_ten_digits() -> None:
    reply = reply_to_follow(account_kind="service", city="wuhan")
    assert reply.text == lines(
        "您好，这里是武汉交警。",
        "点一下您车牌的最后一位（是字母就点它前面的数字），我告诉您今天怎么过江：",
        "也可以打字、说话、发位置，比如“明天 5 长江大桥”。",
        "有人受伤打120，交通报警打122。",
    )
    assert reply.choices == DIGITS


def test_2_one_digit_a_question_that_leans_on_it_and_thanks() -> None:
    person = Person(at="2026-11-24T08:10")
    first = person.says(Asks(cars=(tail("5"),)))
    assert first.text == lines(
        "尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。",
        "过长江走：鹦鹉洲大桥、长江二桥、长江隧道。",
        "过汉江走：月湖桥、晴川桥。",
        "今晚22:00起，一直能走到26日（周四）7:00。",
        "为什么：双日只准双号。按蓝牌小客车算。",
        SOURCE,
    )
    assert first.choices == ("我是绿牌", "我是货车", "记住我的车")
    second = person.says(Asks(days=(date(2026, 11, 28),), leans=True))
    assert second.text == lines(
        "能走。28日（周六）是休息日，不分单双号，长江大桥、江汉桥都能走。",
        "尾号5从26日（周四）22:00到30日（周一）7:00都能走。",
        "按蓝牌小客车算。",
        SOURCE,
    )
    third = person.says(SmallTalk(kind=Small.THANKS))
    assert third.text == "不客气，路上慢点。\n下次点菜单“今天能走”就行，不用打字。"


def test_3_a_voice_message_comes_back_as_it_was_heard() -> None:
    person = Person(at="2026-11-24T19:20")
    asks = Asks(
        cars=(tail("6"),),
        days=(date(2026, 11, 25),),
        hours=Hours(start=22 * 60 + 30),
        places=("changjiang-bridge",),
    )
    reply = person.says(Heard(words="尾号六，明天晚上十点半，长江大桥走不走得？", meaning=asks))
    assert reply.text == lines(
        "我听到的是：尾号6，明天（25日 周三）22:30，长江大桥。",
        "能走。尾号6，明天（25日 周三）22:30：长江大桥能走，到27日（周五）7:00。",
        "明天（25日 周三）7:00–22:00不能走。",
        "为什么：单双号只管7:00–22:00，这个时候能走。按蓝牌小客车算。",
        SOURCE,
    )
    assert reply.choices[0] == "听错了"


def test_3_a_voice_message_that_is_not_understood_asks_for_the_digit() -> None:
    reply = Person(at="2026-11-24T19:20").says(Heard(words="嗯", meaning=NotUnderstood()))
    assert (reply.text, reply.choices) == ("这句我没听清，对不住。点一下您的尾号就行：", DIGITS)


def test_4_a_letter_then_an_untidy_plate() -> None:
    person = Person(at="2026-11-24T08:30")
    letter = person.says(Asks(cars=(Car(letter="K"),)))
    assert letter.text == lines(
        "尾号是字母的，看字母前面最后一个数字。",
        "比如 1234K 按4算，71B2Z 按2算。",
        "点一下那个数字，或者把车牌发给我：",
    )
    assert letter.choices == DIGITS
    reply = person.says(Asks(cars=(plate("鄂a·１２３４k"),)))
    assert reply.text == lines(
        "能走。鄂A·1***K 按4算，今天（24日 周二）：长江大桥、江汉桥都能走，到明天7:00。",
        "明天（25日 周三）7:00–22:00不能走。到时可走鹦鹉洲大桥、月湖桥。",
        "为什么：双日只准双号，您尾号4。按蓝牌小客车算。",
        SOURCE,
    )
    assert reply.choices == ("记住这辆车", "看依据")


def test_5_new_energy_is_free_and_hears_of_the_night_and_the_lake() -> None:
    person = Person(at="2026-11-25T07:40")
    reply = person.says(Asks(cars=(plate("鄂AD12345"),)))
    assert reply.text == lines(
        "能走。绿牌小客车不受单双号限制，今天（25日 周三）长江大桥、江汉桥都能走。",
        "夜里养护照样封闭：长江隧道1:00–5:00，公铁隧道0:00–5:00。",
        "景区的临时管制有时连绿牌也限，去之前问我一声。",
        SOURCE,
    )
    assert reply.choices == ("我是绿牌货车", "记住这辆车", "看依据")


def test_5_a_green_truck_is_not_free() -> None:
    person = Person(at="2026-11-25T07:40")
    person.says(Asks(cars=(plate("鄂AD12345"),)))
    cars = [Car(is_green=True, vehicle_class=kind) for kind in TRUCKS]
    readings = tuple(Asks(cars=(car,), leans=True) for car in cars)
    reply = person.says(Asks(cars=(cars[0],), leans=True, readings=readings))
    assert reply.text.splitlines()[0] == "货车 鄂A·D***5，今天（25日 周三）：长江大桥、江汉桥不能走。"


def test_6_a_mother_from_elsewhere_gets_the_ways_and_120() -> None:
    car = Car(plate=read_plate("豫S8B626"), is_local=False)
    asks = Asks(cars=(car,), topic=Topic.WAY, origin="武昌", destination="汉口")
    words = "我是外地车 豫S8B626，带孩子从武昌去汉口看病，走哪边"
    assert Person(at="2026-11-25T09:20").says(asks, words).text == lines(
        "豫S·8***6，今天（25日 周三）：长江大桥不能走，22:00后能走。",
        "武昌到汉口，现在这几条都能走：长江隧道、公铁隧道、长江二桥、二七长江大桥。",
        "为什么：单日只准单号，您尾号6；外地车和本地车一样算。按蓝牌小客车算。",
        SOURCE,
        "情况急就直接打120。",
    )


def test_7_a_holiday() -> None:
    asks = Asks(cars=(tail("5"),), places=("changjiang-bridge",), is_now=True)
    assert Person(at="2026-10-03T10:00").says(asks).text == lines(
        "能走。今天（3日 周六）国庆节放假（10月1日–7日），不分单双号，长江大桥能走，到8日（周四）7:00。",
        "8日（周四）7:00–22:00不能走。到时可走鹦鹉洲大桥。",
        "按蓝牌小客车算。",
        SOURCE,
    )


def test_8_a_makeup_workday_is_not_guessed_at() -> None:
    asks = Asks(cars=(tail("5"),), places=("changjiang-bridge",), days=(date(2026, 10, 10),))
    reply = Person(at="2026-10-09T18:00").says(asks)
    assert reply.text == lines(
        "明天（10日 周六）不确定，请按限行走：尾号5，7:00–22:00不要上长江大桥。",
        "这一天是调休上班的周六。通告写“休息日除外”，没写调休上班怎么算，所以我不敢说能走。",
        "过长江走：鹦鹉洲大桥、长江二桥、长江隧道。",
        "后天（11日 周日）是休息日，不分单双号。",
        "按蓝牌小客车算。",
        SOURCE,
    )
    assert reply.choices == ("定了告诉我", "问民警", "看依据")


def test_9_a_tunnel_at_night() -> None:
    asks = Asks(cars=(tail("5"),), topic=Topic.OPEN, places=("changjiang-tunnel",), is_now=True)
    assert Person(at="2026-11-26T00:20").says(asks).text == lines(
        "长江隧道开着，到1:00；1:00–5:00封闭养护。",
        "公铁隧道封闭养护，5:00开。",
        "尾号5，今天（26日 周四）：长江大桥、江汉桥都能走，到7:00。",
        "今天（26日 周四）7:00–22:00不能走。",
        "长江隧道只准9座以下小客车，限速60。",
    )


def test_10_a_truck_part_known_part_not() -> None:
    cars = [Car(plate=read_plate("鄂A3K881"), vehicle_class=kind) for kind in TRUCKS]
    readings = tuple(Asks(cars=(car,), destination="汉口") for car in cars)
    reply = Person(at="2026-11-25T23:30").says(Asks(cars=(cars[0],), destination="汉口", readings=readings))
    assert reply.text == lines(
        "货车 鄂A·3***1，今天（25日 周三）：长江大桥、江汉桥不能走。",
        "长江隧道、公铁隧道也不能走：货车全天禁行。",
        "其他桥我不确定：手上没有货车的规定，不敢说能走。请看路口标志，或者问民警。",
        "为什么：货车全天禁行，跟尾号、时间没关系。",
        SOURCE,
    )
    assert reply.kind is ReplyKind.ADVICE


def test_11_nine_seats_do_not_fit_the_tunnels() -> None:
    asks = Asks(cars=(Car(tail="5", seats=9),), destination="武昌")
    assert Person(at="2026-11-24T09:05").says(asks).text == lines(
        "9座车尾号5，今天（24日 周二）：长江大桥、江汉桥不能走，22:00后能走。",
        "去武昌走：鹦鹉洲大桥、长江二桥、二七长江大桥。",
        "长江隧道、公铁隧道也不能走：只准9座以下的车。",
        "今晚22:00起，一直能走到26日（周四）7:00。",
        "为什么：双日只准双号。",
        SOURCE,
    )


def test_12_two_places_of_one_name_with_one_answer() -> None:
    asks = Asks(cars=(tail("5"),), places=("changjiang-second-bridge", "zhiyin-bridge"), alias="二桥")
    told = Person(at="2026-11-24T17:30").says(asks).text.splitlines()
    assert told[:2] == [
        "能走。今天（24日 周二）：长江二桥、知音桥都不分单双号。",
        "分单双号的只有长江大桥、江汉桥：尾号5不能走，22:00后能走。",
    ]


def test_13_two_readings_are_both_answered() -> None:
    readings = (Asks(cars=(tail("2"),)), Asks(days=(date(2026, 12, 12),)))
    reply = Person(at="2026-11-24T07:50").says(Asks(cars=(tail("2"),), readings=readings))
    assert reply.text == lines(
        "我按尾号2答：今天（24日 周二）长江大桥、江汉桥都能走，到明天7:00。",
        "要是问12月12日（周六）：不分单双号，长江大桥、江汉桥都能走。",
    )
    assert reply.choices == ("我的尾号是2", "换个尾号")


def test_14_a_year_whose_holidays_are_not_loaded() -> None:
    asks = Asks(cars=(tail("6"),), places=("changjiang-bridge",), days=(date(2027, 1, 5),))
    reply = Person(at="2026-11-23T20:00").says(asks)
    assert reply.text == lines(
        "尾号6，2027年1月5日（周二）：长江大桥7:00–22:00不确定，其他时间能走。",
        "2027年的放假和调休安排还没录入，我不知道那天上不上班。",
        "要是上班：单日只准单号，7:00–22:00不能走。",
        "要是放假：能走。",
        "过长江走：鹦鹉洲大桥、长江二桥、长江隧道。",
        "按蓝牌小客车算。",
        SOURCE,
    )
    assert reply.choices[0] == "定了告诉我"


def test_15_a_notice_that_has_run_out() -> None:
    asks = Asks(cars=(tail("5"),), places=("east-lake-moshan",), days=(date(2026, 11, 28),))
    reply = Person(at="2026-11-27T21:00").says(asks)
    assert reply.text == lines(
        "东湖磨山不确定：没有查到明天（28日 周六）有效的通告。",
        "上一份只管2025年5月1日–5日，已经过期，不能照着走。",
        "到那里请看路口标志。",
        "过江能走。明天（28日 周六）是休息日，不分单双号，长江大桥、江汉桥都能走。",
    )
    assert reply.choices == ("有新通告告诉我", "问民警", "看依据")


def test_16_a_location_and_a_remembered_car() -> None:
    person = Person(at="2026-11-24T17:40", cars=(OwnCar(car=plate("鄂A12345")),))
    reply = person.says(SentPlace(lat=30.555, lon=114.24, label="湖北省武汉市汉阳区琴台大道"))
    assert reply.text == lines(
        "收到，您在汉阳区琴台大道一带。",
        "去武昌：经江城大道、五琴路走鹦鹉洲大桥。长江大桥不能走，22:00后能走。",
        "去汉口：走月湖桥、晴川桥。江汉桥不能走，22:00后能走。",
        "按蓝牌小客车算。",
        "您的位置只用这一次，不保存。",
    )
    assert "琴台" not in person.kept


def test_17_another_city_is_not_answered_by_this_ones_rules() -> None:
    asks = Asks(cars=(plate("鄂A12345"),), city="北京", days=(date(2026, 11, 25),))
    person = Person(at="2026-11-24T20:10")
    reply = person.says(asks, words="明天去北京 鄂A12345")
    assert reply.text == lines(
        "北京明天（25日 周三），鄂A·1***5：五环内要看有没有办进京证。",
        "没办进京证：全天不能走。",
        "办了进京证：7:00–9:00、17:00–20:00不能走，其他时间能走。",
        "按蓝牌小客车算。",
        "依据：北京外埠车进京规定，这一轮尾号到12月27日。",
        "进京证办了没有？",
    )
    assert reply.choices == ("办了", "没办")
    assert reply.advice == ()
    assert "长江大桥" not in person.says(Asks(leans=True), words="那六环呢").text


def test_17_a_city_without_cards_is_not_answered_by_this_ones_rules() -> None:
    asks = Asks(cars=(plate("鄂A12345"),), city="南京", days=(date(2026, 11, 25),))
    reply = Person(at="2026-11-24T20:10").says(asks, words="明天去南京 鄂A12345")
    assert reply.text.splitlines()[0] == "南京不确定：那边的限行规定我这里还没有录入，不敢说能走。"
    assert reply.advice == ()


def test_18_a_crash_step_by_step() -> None:
    person = Person(at="2026-11-24T18:05")
    first = person.says(InDanger(dangers=frozenset({Danger.CRASH})))
    assert first.text == lines(
        "有人受伤：马上打120，再打122。车别动，守住现场。",
        "没人受伤：开双闪，人先到路边安全的地方。",
        "您现在是哪一种？",
    )
    assert first.choices == ("有人受伤", "没人受伤，车能动", "没人受伤，车动不了")
    second = person.says(InCrash(is_hurt=False, can_move=True))
    assert second.text.splitlines() == [
        "人没事就好；谁不舒服，马上打120、122。先拍，再挪：",
        "1 拍三张：车前、车后、碰到的地方，车牌要看得清。",
        "2 马上把车挪到不挡路的地方。",
        "3 互相看驾驶证和保险，记下姓名、电话、保单号。",
        "对方喝了酒、没驾照、没车牌，或者要走：别挪车，打122。",
        "挪好车还谈不拢：打122。",
    ]
    third = person.says(InCrash(is_hurt=True))
    assert third.text.splitlines()[0] == "马上打120，再打122。"


def test_19_abuse_gets_help_and_a_way_to_the_officers() -> None:
    reply = Person(at="2026-11-24T12:30").says(SmallTalk(kind=Small.ABUSE))
    assert reply.text == "听得出您很恼火。是哪件事没办好？告诉我，我帮您看看怎么走。"
    assert reply.choices == ("给民警留言",)


def test_20_somebody_elses_car_gets_the_same_words_whether_it_exists_or_not() -> None:
    person = Person(at="2026-11-24T14:40")
    texts = {
        person.says(SmallTalk(kind=Small.OTHER_CAR, car=plate(number))).text
        for number in ("鄂A12345", "鄂A99999")
    }
    assert texts == {
        lines(
            "违法记录只给车主本人看，车主的电话我不能给。",
            "是您自己的车：可在“交管12123”里绑定后查看。",
            "是别人的车挡了您的路：可用“交管12123”的一键挪车。",
        )
    }
