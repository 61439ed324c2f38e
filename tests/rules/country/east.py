"""Shanghai, Hangzhou, Ningbo, Nanchang, Zhengzhou, from the rows of the research."""

from __future__ import annotations

from datetime import date

from tests.rules.country.calendar import Day
from tests.rules.country.plates import is_temporary
from tests.rules.country.words import (
    HANGZHOU,
    P1,
    Known,
    Now,
    Say,
    ban,
    bound_by_energy,
    bound_by_use,
    digit_of,
    in_pair,
    is_from,
    tail_ban,
    within,
    works,
    wrong_parity,
)

PEAKS = ("07:00-09:00", "16:30-18:30")
ELEVATED = ("07:00-10:00", "16:00-19:00")


def shanghai(now: Now) -> Say | None:
    """列名高架、隧道、桥：7至20时外省市小客车禁行；周六、周日（调休上班的也是）和全体公民放假日除外。"""
    if now.car.kind != "small_passenger":
        return None
    hours, day_on = within(now.at, "07:00-20:00"), _shanghai_day(now.day)
    if not is_from(now.car, "沪"):
        bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
        return Say(passage=ban(hours, day_on, *bound))
    is_unloaded_taxi = now.car.use == "taxi" and now.facts["unloaded"]
    if is_from(now.car, "沪C"):  # banned on a list of its own, of which neither roads nor hours are told
        return Say(passage="unknown")
    on_older_lists = is_temporary(now.car.plate) or is_unloaded_taxi or now.facts["novice"]
    return Say(passage=ban(hours, day_on, None)) if on_older_lists else Say(passage="allowed")


def _shanghai_day(day: Day) -> Known:
    """A weekday off by arrangement alone is not "全体公民放假日" by the words; practice is not on record."""
    if day.kind in ("weekend", "makeup") or day.weekday >= 5 or day.core:
        return False
    return None if day.kind == "holiday" else True


def hangzhou_local(now: Now) -> Say | None:
    """错峰区（含高架）工作日7至9时、16时30分至18时30分，浙A：1/9、2/8、3/7、4/6、5/0，字母看前面的数字。"""
    if now.car.kind != "small_passenger" or not is_from(now.car, "浙A") or now.facts["regional_plate"]:
        return None
    digit = digit_of(now.car, letter="last")
    return tail_ban(
        digit,
        in_pair(now.day, digit, HANGZHOU),
        within(now.at, *PEAKS),
        works(now.day, "unknown"),
        bound_by_use(now.car, "bus", "taxi"),
        bound_by_energy(now.car, green_is_free=None),
    )


def hangzhou_regional(now: Now) -> Say | None:
    """浙A区域号牌：错峰区同上时段、高架7至10时和16至19时，工作日全部禁行。"""
    if now.car.kind != "small_passenger" or not is_from(now.car, "浙A") or not now.facts["regional_plate"]:
        return None
    return _all_out(now, *(ELEVATED if now.place == "elevated" else PEAKS))


def hangzhou_from_elsewhere(now: Now) -> Say | None:
    """非浙A：错峰区和高架，同样的时段，全部禁行。"""
    if now.car.kind != "small_passenger" or is_from(now.car, "浙A"):
        return None
    return _all_out(now, *PEAKS)


def _all_out(now: Now, *hours: str) -> Say:
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    return Say(passage=ban(within(now.at, *hours), works(now.day, "unknown"), *bound))


def ningbo(now: Now) -> Say | None:
    """江厦桥、灵桥每天7时30分至20时小客车单双号；出租除外；新能源到2021年6月30日为止除外。"""
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="last")
    return tail_ban(
        digit,
        wrong_parity(now.day, digit),
        within(now.at, "07:30-20:00"),
        bound_by_use(now.car, "taxi"),
        bound_by_energy(now.car, green_is_free=now.day.on < date(2021, 7, 1)),
    )


def nanchang(now: Now) -> Say | None:
    """周一至周五7至21时，周一1和6……；2022年10月起已不执行，12月29日废止。"""
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="last")
    monday_to_friday: Known = now.day.weekday < 5
    if monday_to_friday and now.day.kind == "holiday":
        monday_to_friday = None
    still_done = None if now.day.on >= date(2022, 10, 1) else True
    hit = False if now.day.weekday >= 5 else digit in P1[now.day.weekday]
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    return tail_ban(digit, hit, within(now.at, "07:00-21:00"), monday_to_friday, still_done, *bound)


def nanchang_is_open(now: Now) -> bool:
    """废止之后没有限行。"""
    return now.day.on >= date(2022, 12, 29) and now.car.kind == "small_passenger"


ZHENGZHOU_MAKEUP = {date(2023, 6, 25): 4}
"""Makeup days that count as another weekday, 0 Monday: as far as the notices of the days are on record."""


def zhengzhou(now: Now) -> Say | None:
    """三环内工作日7至21时，周一1和6……，外地、临牌一样；新能源、出租、中型以上客车除外；调休上班日按对应的工作日。"""
    if now.car.kind in ("medium_passenger", "large_passenger"):
        return Say(passage="allowed")
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="unknown")
    hit = in_pair(now.day, digit, P1)
    if now.day.kind == "makeup" and now.day.on in ZHENGZHOU_MAKEUP:
        hit = None if digit is None else digit in P1[ZHENGZHOU_MAKEUP[now.day.on]]
    return tail_ban(
        digit,
        hit,
        within(now.at, "07:00-21:00"),
        works(now.day, "restricted"),
        bound_by_use(now.car, "taxi"),
        bound_by_energy(now.car, green_is_free=True),
    )
