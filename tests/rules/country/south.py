"""Guangzhou, Shenzhen, Chongqing, Chengdu, Guiyang, Lanzhou, Xi'an, from the rows of the research."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from tests.rules.country.calendar import readings
from tests.rules.country.history import may_drive, states_on
from tests.rules.country.plates import ends_in, is_embassy, is_hong_kong, is_police
from tests.rules.country.words import (
    P1,
    PASSENGER,
    Known,
    Now,
    Say,
    ban,
    bound_by_energy,
    bound_by_use,
    digit_of,
    in_date_group,
    in_pair,
    is_from,
    tail_ban,
    within,
    works,
    wrong_parity,
)


def guangzhou(now: Now) -> Say | None:
    """管控区域全天：非广州籍中小客车开四停四；全体公民放假的节日不执行，那些天一律算停驶；新能源除外。"""
    if now.car.kind not in ("small_passenger", "medium_passenger"):
        return None
    if is_from(now.car, "粤A"):
        return Say(passage="allowed")
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=True))
    verdicts = {
        ban(today, must_stop, *bound)
        for held in (True, False)
        for today in _held_in_guangzhou(now.day.on, held, now)
        for must_stop in _stops(now, partial(_held_in_guangzhou, bridged_hold=held, now=now), "count_as_stop")
    }
    return Say(passage=verdicts.pop() if len(verdicts) == 1 else "unknown")


def _held_in_guangzhou(day: date, bridged_hold: bool, now: Now) -> set[bool]:
    """Whether the rule is enforced that day, both where the calendar is not out.

    A weekday off by arrangement alone is one where the notice's "全体公民放假的节日" can be read in two ways.
    """
    days = [now.day] if day == now.day.on else readings(day)
    return {not one.core and (one.kind != "holiday" or one.weekday >= 5 or bridged_hold) for one in days}


def _stops(now: Now, enforced: Callable[[date], set[bool]], free_days: str) -> set[bool]:
    """Whether the car must stand still today: both, where the calendar of the days before leaves it open.

    A history that is not told has two faces, "never" and "worst"; the second is the worst one possible.
    """
    driven = now.facts["days_driven"]
    if driven == "never":
        return {False}
    if driven == "worst":
        states = states_on(now.day.on, None, enforced, free_days)
        return {not all(may_drive(state) for state in states)}
    return {not may_drive(state) for state in states_on(now.day.on, driven, enforced, free_days)}


SHENZHEN_PAUSES = ((date(2023, 1, 1), date(2023, 2, 5)),)


def shenzhen(now: Now) -> Say | None:
    """工作日7至9时、17时30分至19时30分，非粤B客车禁行；香港号牌、使馆车除外；春节前后暂停；每月可申请免限一天。"""
    if now.car.kind not in PASSENGER:
        return None
    is_free = is_hong_kong(now.car.plate) or is_embassy(now.car.plate) or now.facts["exempt_day"]
    if is_from(now.car, "粤B") or is_free:
        return Say(passage="allowed")
    if any(first <= now.day.on <= last for first, last in SHENZHEN_PAUSES):
        return Say(passage="allowed")
    # Taken up again on 2025-02-13; when it was suspended is not on record.
    is_on = None if date(2025, 1, 1) <= now.day.on < date(2025, 2, 13) else True
    return Say(
        passage=ban(
            within(now.at, "07:00-09:00", "17:30-19:30"),
            works(now.day, "unknown"),
            is_on,
            bound_by_use(now.car),
            bound_by_energy(now.car, green_is_free=None),
        )
    )


def chongqing(now: Now) -> Say | None:
    """列名桥隧工作日7至9时、17时至19时30分，周一1和6……，字母看前面的数字，临牌、外地一样；新能源、警车除外。"""
    if now.car.kind != "small_passenger":
        return None
    if is_police(now.car.plate):
        return Say(passage="allowed")
    digit = digit_of(now.car, letter="last")
    return tail_ban(
        digit,
        in_pair(now.day, digit, P1),
        within(now.at, "07:00-09:00", "17:00-19:30"),
        works(now.day, "free"),
        bound_by_use(now.car),
        bound_by_energy(now.car, green_is_free=True),
    )


def chengdu(now: Now) -> Say | None:
    """绕城以内工作日7时30分至20时，周一1和6……，本地外地小客车一样；新能源除外；调休上班的周六日不限。"""
    if now.car.kind != "small_passenger" or now.facts["alert"] in ("yellow", "orange", "red"):
        return None
    digit = digit_of(now.car, letter="unknown")
    return tail_ban(
        digit,
        in_pair(now.day, digit, P1),
        within(now.at, "07:30-20:00"),
        works(now.day, "free"),
        bound_by_use(now.car),
        bound_by_energy(now.car, green_is_free=True),
    )


def chengdu_alert(now: Now) -> Say | None:
    """黄色、橙色预警：工作日6至22时；红色预警：3至24时单双号。"""
    alert = now.facts["alert"]
    if now.car.kind != "small_passenger" or alert not in ("yellow", "orange", "red"):
        return None
    digit = digit_of(now.car, letter="unknown")
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    if alert == "red":
        on: Known = True if now.day.kind == "workday" else None
        return tail_ban(digit, wrong_parity(now.day, digit), within(now.at, "03:00-24:00"), on, *bound)
    on = works(now.day, "unknown")
    return tail_ban(digit, in_pair(now.day, digit, P1), within(now.at, "06:00-22:00"), on, *bound)


def guiyang_2014(now: Now) -> Say | None:
    """一环以内每天7至21时：贵A字母结尾的普通号牌天天禁行，数字结尾的专段号牌按星期；外地开四停四，节假日暂停、清零。"""
    if now.car.kind != "small_passenger":
        return None
    hours = within(now.at, "07:00-21:00")
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    if is_from(now.car, "贵A"):
        return _guiyang_plates(now, hours, *bound)
    today = now.day.kind != "holiday"
    stops = _stops(now, lambda day: {one.kind != "holiday" for one in readings(day)}, "reset")
    verdicts = {ban(hours, today, stop, not now.facts["pass"], *bound) for stop in stops}
    return Say(passage=verdicts.pop() if len(verdicts) == 1 else "unknown")


def _guiyang_plates(now: Now, hours: bool, *bound: Known) -> Say | None:
    end = ends_in(now.car.plate)
    if end == "letter":
        return Say(passage=ban(hours, *bound))
    if end == "hanzi":
        return None
    digit = digit_of(now.car, letter="unknown")
    on: Known = None if now.day.kind == "holiday" else True
    return tail_ban(digit, in_pair(now.day, digit, P1), hours, on, *bound)


def guiyang_2026(now: Now) -> Say | None:
    """一环以内工作日7至20时，周一1和6……，字母看前面的数字；新能源除外；周末、节假日不限。"""
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="last")
    return tail_ban(
        digit,
        in_pair(now.day, digit, P1),
        within(now.at, "07:00-20:00"),
        works(now.day, "unknown"),
        bound_by_use(now.car),
        bound_by_energy(now.car, green_is_free=True),
    )


def lanzhou_2018(now: Now) -> Say | None:
    """工作日（含调休上班）7时30分至19时30分：1、6、11……31日限1和6；外地车首次到达当天不限。"""
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="unknown")
    on, hit = works(now.day, "restricted"), in_date_group(now.day, digit)
    return _lanzhou(now, digit, hit, on)


def lanzhou_new(now: Now) -> Say | None:
    """工作日7时30分至19时30分，周一1和6……；外地车每月首次到达当天不限；周末、节假日不限。"""
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="unknown")
    return _lanzhou(now, digit, in_pair(now.day, digit, P1), works(now.day, "unknown"))


def _lanzhou(now: Now, digit: int | None, hit: Known, on: Known) -> Say:
    arrives = now.facts["first_arrival"] and now.facts["arrived_on"] == now.day.on
    is_guest = arrives and not is_from(now.car, "甘A")
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    return tail_ban(digit, hit, within(now.at, "07:30-19:30"), on, not is_guest, *bound)


def xian(now: Now) -> Say | None:
    """工作日7至20时，周一1和6……，字母看前面的数字，临牌、外地一样；新能源、校车、出租、9座以上除外；高速过境不下不限。"""
    if now.car.kind in ("medium_passenger", "large_passenger"):
        return Say(passage="allowed")
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="last")
    return tail_ban(
        digit,
        in_pair(now.day, digit, P1),
        within(now.at, "07:00-20:00"),
        works(now.day, "free"),
        not (now.car.seats or 5) > 9,
        not now.facts["transit"],
        bound_by_use(now.car, "school_bus", "taxi"),
        bound_by_energy(now.car, green_is_free=True),
    )
