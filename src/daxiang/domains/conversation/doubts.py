"""Words that were not read and can turn the answer round: no verdict is given, and one thing is asked. Pure.

In doubt there is a doubt: an ask-back too many costs a tap, a wrong 能走 a fine, or a tricycle in a tunnel.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.meaning import Asks
from daxiang.domains.conversation.understanding.no_car import no_car_in
from daxiang.domains.conversation.understanding.places import CITIES
from daxiang.domains.restrictions.values import VehicleClass

_LIKE_A_NUMBER = re.compile(r"[A-Za-z0-9]{4,}")
_VEHICLE = re.compile(
    r"[车轮牌骑挂驶米吨货运载]|拖拉|拉烟|烟花|爆竹|炸药|危险|易燃|有毒|三轮|电动|电瓶|特种"
    r"|TRUCK|LORRY|VAN|BUS|TRAILER|MOTO|BIKE|TRICYCLE|SCOOTER|TAXI|CARGO|FREIGHT|GOODS|LOAD|DELIVER|WAGON|TON"
)
"""They may name the vehicle or its load, which decides everything."""
_DAY = re.compile(
    r"[年月日号周旬每点假节早晚夜初腊冬]|[夏至立春秋]{2}|双十|双1|高考|中考|七夕|重阳|小年|天(?!气|桥)|星期|礼拜|平时|平常|调休|补班|上班|工作|休息|上午|下午|中午|小时|分钟"
    r"|最近|长期|[一二三四五六]{2,}|TODAY|TOMORROW|DAY|MORNING|EVENING|NIGHT|WEEK"
    r"|HOUR|MINUTE|MONTH|YEAR|EVE\b|FESTIVAL|HOLIDAY|NOON|CLOCK|PAST|QUARTER|HALF|AFTER|BEFORE|UNTIL|SINCE"
    r"|[0-9](?:ST|ND|RD|TH)\b|\b(?:JAN|FEB|MAR|MARCH|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?:[A-Z]*(?:RY|E|Y|IL|T|BER))?\b"
)
"""They may name the day or the hour."""
_EXCLUSION = re.compile(
    r"不走|不要|别走|除了|不过|绕开|桥|隧道|BRIDGE|TUNNEL|\bNOT\b|EXCEPT|AVOID|INSTEAD|WITHOUT"
)
"""What the person does not want, or a crossing that was not made out."""
_CARRIES = re.compile(
    r"[拉运装送载驮](?:[了着的一满点些几个车整吨两半大小]{0,4})(?:货|沙|土|煤|石|钢|水泥|砖|木|粮|猪|牛|家具|材料|设备|机器"
    r"|建材|渣|垃圾|混凝土|东西)|货运|卸货|搬家(?!公司)|骑车|骑行"
)
"""What a small passenger car is not taken for, whatever else was said."""
_NO_TRUCK = (None, VehicleClass.SMALL_PASSENGER)
_PERSONS = re.compile(r"[0-9一二三四五六七八九十两]个?(?:大人|人)")
_PLACE = re.compile(r"轮渡|渡口|高架|快速路|环线|大学城|[桥路口渡]$")
_ELSEWHERE = re.compile("|".join(sorted(CITIES - {"武汉"}, key=len, reverse=True)))
"""A city in what was not read (重庆 大学城): its streets may be meant, of which ours say nothing."""
_EVENT = re.compile("高考|中考|考研")
_RIDES = frozenset({"骑车", "骑行"})
_LATIN_OR_FIGURE = re.compile(r"[A-Z0-9]")
"""An English word or a number that was not read may be the day, the hour, the vehicle or the tail itself."""


class Doubt(NamedTuple):
    """What is said instead of a verdict, and what can be tapped."""

    text: str
    choices: tuple[str, ...]


def doubt_of(asks: Asks, words: str, *, city: str = "") -> Doubt | None:
    """The doubt in a question that was said in these words; None where what was not read changes nothing.

    `city`: id of the city whose rules answer, where it has something on record for who drives no car.
    """
    told, unread = asks.unread, quoted(asks.unread)
    if (other := no_car(told, city=city)) is not None:
        return other
    if _PERSONS.search(told):
        return Doubt(texts.UNREAD_PERSONS.format(words=unread), ())
    if "轮渡" not in told and _VEHICLE.search(told):
        return Doubt(texts.UNREAD_VEHICLE.format(words=unread), texts.KINDS_OF_CAR)
    if _DAY.search(told) and not (asks.days and _EVENT.fullmatch(told)):
        return Doubt(texts.UNREAD_DAY.format(words=unread), texts.DAYS)
    if city and _ELSEWHERE.search(told):
        return Doubt(texts.UNREAD_WORDS.format(words=unread), ())
    if _PLACE.search(told) or _EXCLUSION.search(told):
        return Doubt(texts.UNREAD_EXCLUSION.format(words=unread), ())
    if asks.is_car_unread:
        return Doubt(texts.UNREAD_VEHICLE.format(words=unread), texts.KINDS_OF_CAR)
    if _LATIN_OR_FIGURE.search(told):
        return Doubt(texts.UNREAD_WORDS.format(words=unread), ())
    carries = _CARRIES.search(words)
    if carries and carries[0] in _RIDES and all(car.vehicle_class is None for car in asks.cars):
        return no_car("自行车", city=city)
    if carries and all(car.vehicle_class in _NO_TRUCK for car in asks.cars):
        return Doubt(texts.UNREAD_VEHICLE.format(words=f"“{carries[0]}”"), texts.KINDS_OF_CAR)
    return None


def no_car(words: str, *, city: str) -> Doubt | None:
    """What is said to whoever walks, rides, or drives on duty; None where these words say none of it."""
    found = no_car_in(words)
    if found is None:
        return None
    text = texts.NO_CAR_HERE.get((city, found), texts.NO_CAR[found])
    return Doubt(text, texts.GREEN_CAR if "电动车" in words else ())


def quoted(words: str) -> str:
    """The words that were not read; what may be a number of a person's is not said back."""
    return "有几个字" if _LIKE_A_NUMBER.search(words) else f"“{words[:10]}”"
