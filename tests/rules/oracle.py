"""The rules of Wuhan once more, written from the prose of the notices and not from the cards: the judge.

武汉长江大桥、江汉桥：2011年7月起每天7时至22时小客车单双号（哪一天开始没查到，7月不说；出租车、绿牌、字母尾号怎么算没查到）；
2018年国庆1日至7日9时至17时长江大桥临时放开；2019年2月4日7时至10日7时两桥临时放开。
2019年11月2日起，工作日7时至22时，中型（含）以下载客汽车按尾号分单双日通行；出租车、新能源车除外；尾号是字母的看前面的数字。
大型载客汽车（城市公交、新能源除外）、货车、专项作业车、挂车、摩托车全天禁行。通告没写调休上班怎么算。
长江二桥、长江隧道：2014年1月5日至2015年7月21日，工作日7时至20时，小客车（出租车除外）尾号是日期尾数前后一位的不能走；
外地小客车工作日7时至8时30分、17时至19时都不能走；隧道7座及以上客车全天不能走。
隧道：2019年9月1日起只准9座以下小客车，东湖隧道限高3米；长江隧道、东湖隧道每天1至5时封闭，公铁隧道0至5时封闭。
左岸大道：中型及以上客车不能走，周六、周日0至5时封闭。
东湖：2022年3月12日至6月30日公休日、法定节假日9时至17时，本地7座及以下小客车单双号，出租车、新能源除外；
2025年5月1日至5日8时至19时，7座及以下小客车单双号，绿牌、外地车也算，出租车除外。过期就不知道。
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import chinese_calendar

BRIDGES = ("changjiang-bridge", "jianghan-bridge")
TUNNELS = ("changjiang-tunnel", "gongtie-tunnel", "shuiguohu-tunnel", "east-lake-tunnel")
LAKE_2022 = (
    "east-lake",
    "east-lake-yanhu-avenue",
    "east-lake-square-north-road",
    "east-lake-yuguang-lane",
    "east-lake-lumo-road",
    "east-lake-botanical-garden-road",
)
LAKE_2025 = (*LAKE_2022, "east-lake-liyuan", "east-lake-moshan", "east-lake-luoyan")
OPEN_SINCE_2019 = (
    "baishazhou-bridge",
    "yingwuzhou-bridge",
    "erqi-bridge",
    "tianxingzhou-bridge",
    "changfeng-bridge",
    "gutian-bridge",
    "zhiyin-bridge",
    "yuehu-bridge",
    "qingchuan-bridge",
)
NOTHING_KNOWN = (
    "junshan-bridge",
    "zhuankou-bridge",
    "yangsigang-bridge",
    "qingshan-bridge",
    "yangluo-bridge",
    "hanjiangwan-bridge",
)
PLACES = (
    *BRIDGES,
    "changjiang-second-bridge",
    *TUNNELS,
    "zuoan-avenue",
    *LAKE_2025,
    *OPEN_SINCE_2019,
    *NOTHING_KNOWN,
)


@dataclass(frozen=True)
class Car:
    tail: int
    is_letter: bool = False
    kind: str = "small_passenger"
    use: str = "private"
    green: bool = False
    seats: int = 5
    height: float = 1.6
    local: bool = True


def passage(at: datetime, car: Car, place: str = "changjiang-bridge") -> str:
    """The passage there at that wall time in Beijing."""
    if place in BRIDGES:
        return _bridges(at, car, place)
    if place == "changjiang-second-bridge" and day_of(at) >= (2015, 7, 22):
        return "allowed" if car.kind == "small_passenger" else "unknown"
    if place in ("changjiang-second-bridge", "changjiang-tunnel") and day_of(at) < (2015, 7, 22):
        return _adjacent(at, car, place)
    if place in TUNNELS:
        return _tunnels(at, car, place)
    if place == "zuoan-avenue":
        return _left_bank(at, car)
    if place in LAKE_2025:
        return _lake(at, car, place)
    is_open = place in OPEN_SINCE_2019 and day_of(at) >= (2019, 11, 2) and car.kind == "small_passenger"
    return "allowed" if is_open else "unknown"


def is_closed(at: datetime, place: str) -> bool:
    """Whether it is shut to everybody for works."""
    if day_of(at) < (2019, 9, 1):
        return False
    if place in ("changjiang-tunnel", "east-lake-tunnel"):
        return 1 <= at.hour < 5
    if place == "gongtie-tunnel":
        return at.hour < 5
    return place == "zuoan-avenue" and at.isoweekday() in (6, 7) and at.hour < 5


def _bridges(at: datetime, car: Car, place: str) -> str:
    if day_of(at) < (2011, 8, 1):
        return "unknown"
    if day_of(at) < (2019, 11, 2):
        return _bridges_before(at, car, place)
    if car.kind == "large_passenger":
        return "allowed" if car.use == "bus" or car.green else "banned"
    if car.kind not in ("small_passenger", "medium_passenger"):
        return "banned"
    if car.use == "taxi" or car.green or not 7 <= at.hour < 22 or same_parity(at, car):
        return "allowed"
    return {"work": "banned", "off": "allowed", "makeup": "unknown", "?": "unknown"}[day_word(at.date())]


def _bridges_before(at: datetime, car: Car, place: str) -> str:
    if car.kind != "small_passenger":
        return "unknown"
    if not 7 <= at.hour < 22:
        return "allowed"
    if place == "changjiang-bridge" and (2018, 10, 1) <= day_of(at) <= (2018, 10, 7) and 9 <= at.hour < 17:
        return "allowed"
    if (2019, 2, 4, 7) <= (*day_of(at), at.hour) < (2019, 2, 10, 7):
        return "allowed"
    if car.is_letter:
        return "unknown"
    if same_parity(at, car):
        return "allowed"
    return "banned" if car.use in ("private", "马车") and not car.green else "unknown"


def _adjacent(at: datetime, car: Car, place: str) -> str:
    if day_of(at) < (2014, 1, 5):
        return "unknown"
    if place == "changjiang-tunnel" and car.kind in ("medium_passenger", "large_passenger"):
        return "banned"
    if car.kind != "small_passenger":
        return "unknown"
    if place == "changjiang-tunnel" and car.seats >= 7:
        return "banned"
    word, now = day_word(at.date()), (at.hour, at.minute)
    if word == "off":
        return "allowed"
    is_stranger = not car.local and ((7, 0) <= now < (8, 30) or (17, 0) <= now < (19, 0))
    beside = car.tail in ((at.day + 9) % 10, (at.day + 1) % 10)
    if is_stranger:
        return "banned" if word == "work" else "unknown"
    if not 7 <= at.hour < 20 or car.use == "taxi":
        return "allowed"
    if car.is_letter:
        return "unknown"
    if not beside:
        return "allowed"
    return "banned" if word == "work" else "unknown"


def _tunnels(at: datetime, car: Car, place: str) -> str:
    if day_of(at) < (2019, 9, 1):
        return "unknown"
    if is_closed(at, place) or car.kind != "small_passenger" or car.seats > 8:
        return "banned"
    return "banned" if place == "east-lake-tunnel" and car.height > 3 else "allowed"


def _left_bank(at: datetime, car: Car) -> str:
    if day_of(at) < (2019, 9, 1):
        return "unknown"
    if is_closed(at, "zuoan-avenue") or car.kind in ("medium_passenger", "large_passenger"):
        return "banned"
    return "allowed" if car.kind == "small_passenger" else "unknown"


def _lake(at: datetime, car: Car, place: str) -> str:
    if car.kind != "small_passenger" or car.seats > 7:
        return "unknown"
    if place in LAKE_2022 and (2022, 3, 12) <= day_of(at) <= (2022, 6, 30):
        if not car.local:
            return "unknown"
        is_on = day_word(at.date()) == "off" and 9 <= at.hour < 17 and car.use != "taxi" and not car.green
        return "banned" if is_on and not same_parity(at, car) else "allowed"
    if (2025, 5, 1) <= day_of(at) <= (2025, 5, 5):
        if car.use == "taxi" or not 8 <= at.hour < 19:
            return "allowed"
        if car.is_letter:
            return "unknown"
        return "allowed" if same_parity(at, car) else "banned"
    return "unknown"


def day_of(at: datetime) -> tuple[int, int, int]:
    return at.year, at.month, at.day


def same_parity(at: datetime, car: Car) -> bool:
    return (car.tail + at.day) % 2 == 0


@cache
def day_word(day: date) -> str:
    """work, off, makeup (a weekend day that is worked), or ? in a year whose notice is not out."""
    if day.year > 2026:
        return "off" if (day.month, day.day) in {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)} else "?"
    if not chinese_calendar.is_workday(day):
        return "off"
    return "makeup" if day.isoweekday() > 5 else "work"


def next_change(at: datetime, car: Car, place: str, *, within_days: int) -> datetime | None:
    """The next half hour at which the answer is another one, found by trying them all."""
    now = passage(at, car, place)
    half = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    end = at + timedelta(days=within_days)
    while (half := half + timedelta(minutes=30)) <= end:
        if passage(half, car, place) != now:
            return half
    return None
