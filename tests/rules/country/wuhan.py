"""Wuhan, from §1.4 of the research, card by card; the prose is told in tests/rules/oracle.py."""

from __future__ import annotations

from datetime import datetime

from tests.rules.country.calendar import Day
from tests.rules.country.plates import is_police
from tests.rules.country.words import (
    Known,
    Now,
    Say,
    ban,
    bound_by_use,
    digit_of,
    is_from,
    tail_ban,
    within,
    works,
    worst,
    wrong_parity,
)

BRIDGES = ("changjiang-bridge", "jianghan-bridge")
SECOND_CROSSINGS = ("changjiang-second-bridge", "changjiang-tunnel")
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


def bridges_2011(now: Now) -> Say | None:
    """两桥每天7至22时小客车单双号；出租车、绿牌、字母怎么算没查到。"""
    if now.car.kind != "small_passenger":
        return None
    if _is_waived(now):
        return Say(passage="allowed")
    digit = digit_of(now.car, letter="unknown")
    green = None if now.car.green else True
    hit = wrong_parity(now.day, digit)
    return tail_ban(digit, hit, within(now.at, "07:00-22:00"), bound_by_use(now.car), green)


def _is_waived(now: Now) -> bool:
    """2018年国庆9至17时只有长江大桥；2019年2月4日7时至10日7时两桥。"""
    at = now.at.replace(tzinfo=None)
    golden_week = datetime(2018, 10, 1) <= at < datetime(2018, 10, 8) and within(at, "09:00-17:00")  # noqa: DTZ001 wall time
    spring = datetime(2019, 2, 4, 7) <= at < datetime(2019, 2, 10, 7)  # noqa: DTZ001 wall time
    return spring or (golden_week and now.place == "changjiang-bridge")


def waived_2018(now: Now) -> bool:
    return _is_waived(now) and now.at.year == 2018


def bridges_2019(now: Now) -> Say | None:
    """中型以下客车工作日7至22时单双号，出租、新能源除外；大客车（公交、新能源除外）、货车、专项、挂车、摩托全天禁行。"""
    if now.car.kind == "large_passenger":
        return Say(passage=ban(now.car.use != "bus", not now.car.green))
    if now.car.kind not in ("small_passenger", "medium_passenger"):
        return Say(passage="banned")
    digit = digit_of(now.car, letter="last")
    return tail_ban(
        digit,
        wrong_parity(now.day, digit),
        within(now.at, "07:00-22:00"),
        works(now.day, "unknown"),
        now.car.use != "taxi",
        not now.car.green,
    )


def adjacent_2014(now: Now) -> Say | None:
    """二桥、长江隧道工作日7至20时小客车（出租除外）尾号是日期尾数前后一位的；外地早晚高峰全禁；隧道7座以上全天禁。"""
    in_tunnel = now.place == "changjiang-tunnel"
    if in_tunnel and now.car.kind in ("medium_passenger", "large_passenger"):
        return Say(passage="banned")
    if now.car.kind != "small_passenger":
        return None
    at_work, digit, last = works(now.day, "unknown"), digit_of(now.car, letter="unknown"), now.day.on.day % 10
    hit: Known = None if digit is None else digit in ((last + 9) % 10, (last + 1) % 10)
    peaks = within(now.at, "07:00-08:30", "17:00-19:00")
    return worst(
        Say(passage=ban(in_tunnel, (now.car.seats or 5) >= 7)),
        Say(passage=ban(not is_from(now.car, "鄂A"), peaks, at_work)),
        tail_ban(digit, hit, within(now.at, "07:00-20:00"), at_work, now.car.use != "taxi"),
    )


def tunnels(now: Now) -> Say | None:
    """只准9座以下小客车，东湖隧道限高3米；长江隧道、东湖隧道1至5时，公铁隧道0至5时封闭。"""
    closed = {"gongtie-tunnel": "00:00-05:00", "shuiguohu-tunnel": "00:00-00:00"}
    is_shut = within(now.at, closed.get(now.place, "01:00-05:00"))
    too_big = now.car.kind != "small_passenger" or (now.car.seats or 5) > 8
    too_high = now.place == "east-lake-tunnel" and (now.car.height or 1.6) > 3
    return Say(passage="banned" if is_shut or too_big or too_high else "allowed")


def left_bank(now: Now) -> Say | None:
    """中型以上客车不能走；周六、周日0至5时封闭。"""
    is_shut = now.day.weekday >= 5 and within(now.at, "00:00-05:00")
    if is_shut or now.car.kind in ("medium_passenger", "large_passenger"):
        return Say(passage="banned")
    return Say(passage="allowed") if now.car.kind == "small_passenger" else None


def lake_2022(now: Now) -> Say | None:
    """公休日、法定节假日9至17时，本地7座以下小客车单双号；出租、新能源、警车、救护车、执法车除外。"""
    if now.car.kind != "small_passenger" or (now.car.seats or 5) > 7 or not is_from(now.car, "鄂A"):
        return None
    digit = digit_of(now.car, letter="last")
    is_free = now.car.use in ("taxi", "enforcement", "rescue") or is_police(now.car.plate)
    on = _is_off(now.day)
    hit = wrong_parity(now.day, digit)
    return tail_ban(digit, hit, within(now.at, "09:00-17:00"), on, not is_free, not now.car.green)


def _is_off(day: Day) -> bool:
    return day.kind in ("weekend", "holiday")


def lake_2025(now: Now) -> Say | None:
    """5月1日至5日8至19时，7座以下小客车单双号，绿牌、外地一样，出租除外；字母怎么算没写。"""
    if now.car.kind != "small_passenger" or (now.car.seats or 5) > 7:
        return None
    digit = digit_of(now.car, letter="unknown")
    hit = wrong_parity(now.day, digit)
    return tail_ban(digit, hit, within(now.at, "08:00-19:00"), now.car.use != "taxi")


def is_open(now: Now) -> bool:
    """二桥取消“前皮后赖”之后，和通告说可以绕行的桥。"""
    if now.car.kind != "small_passenger":
        return False
    day = now.day.on.isoformat()
    if now.place == "changjiang-second-bridge":
        return day >= "2015-07-22"
    return now.place in OPEN_SINCE_2019 and day >= "2019-11-02"
