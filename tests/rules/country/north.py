"""Beijing, Tianjin, Shijiazhuang, Tangshan, Handan, Anyang, Taiyuan, Jinan, from the rows of the research."""

from __future__ import annotations

from datetime import date

from tests.rules.country.plates import is_embassy
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
    rotating,
    tail_ban,
    within,
    works,
    worst,
    wrong_parity,
)

BEYOND_5TH_RING = ("5th-ring-main-road", "5th-to-6th-ring")


def beijing_local(now: Now) -> Say | None:
    """五环路以内，不含五环主路：工作日7时至20时，每天两个尾号，13周一轮换；字母、临牌按0。

    纯电动小客车、出租、公交、邮政、执法、使馆号牌除外；调休上班的周六日不限。
    """
    if now.car.kind != "small_passenger":
        return None
    if is_embassy(now.car.plate):
        return Say(passage="allowed")
    if not is_from(now.car, "京"):
        return None
    digit = digit_of(now.car, letter="zero", temporary="zero")
    return tail_ban(
        digit,
        in_pair(now.day, digit, rotating(now.day.on)),
        works(now.day, "free"),
        within(now.at, "07:00-20:00"),
        bound_by_use(now.car, "taxi", "bus", "mail", "enforcement"),
        bound_by_energy(now.car, green_is_free=None),  # a green plate may be a hybrid's
    )


def beijing_from_elsewhere(now: Now) -> Say | None:
    """外地客车：六环以内要进京证；五环以内（含主路）工作日7至9时、17至20时禁行，9至17时按尾号。"""
    if now.car.kind not in PASSENGER or is_from(now.car, "京") or is_embassy(now.car.plate):
        return None
    bound = bound_by_use(now.car)
    permit = Say(passage=ban(not now.facts["entry_permit"], bound))
    if now.place == "5th-to-6th-ring":
        return permit
    at_work, digit = works(now.day, "free"), digit_of(now.car, letter="zero", temporary="zero")
    peak = Say(passage=ban(within(now.at, "07:00-09:00", "17:00-20:00"), at_work, bound))
    hit = in_pair(now.day, digit, rotating(now.day.on))
    return worst(permit, peak, tail_ban(digit, hit, within(now.at, "09:00-17:00"), at_work, bound))


def beijing_is_open(now: Now) -> bool:
    """五环主路不算在内；五环至六环京牌没有尾号规定。"""
    is_beyond = now.place in BEYOND_5TH_RING and now.day.on >= date(2019, 7, 8)
    return is_beyond and now.car.kind == "small_passenger" and is_from(now.car, "京")


def tianjin(now: Now) -> Say | None:
    """外环线以内：工作日7至19时同北京的尾号，字母按0；外地（北京小客车除外）7至9时、16至19时禁行。"""
    if now.car.kind != "small_passenger":
        return None
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    at_work, digit = works(now.day, "unknown"), digit_of(now.car, letter="zero")
    hit = in_pair(now.day, digit, rotating(now.day.on))
    by_tail = tail_ban(digit, hit, within(now.at, "07:00-19:00"), at_work, *bound)
    if is_from(now.car, "津", "京"):
        return by_tail
    return worst(Say(passage=ban(within(now.at, "07:00-09:00", "16:00-19:00"), at_work, *bound)), by_tail)


def tianjin_trucks(now: Now) -> Say | None:
    """橙色预警期间全天：中型、重型货车单双号，字母算双号。"""
    if now.facts["alert"] != "orange" or now.car.kind not in ("medium_truck", "heavy_truck"):
        return None
    is_letter = now.car.plate[-1].isascii() and now.car.plate[-1].isalpha()
    digit = digit_of(now.car, letter="last")
    hit = wrong_parity(now.day, 0 if is_letter else digit)
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    return tail_ban(None if is_letter else digit, hit, *bound)


def shijiazhuang(now: Now) -> Say | None:
    """2023年1月2日至4月2日工作日7至19时，每天两个尾号轮换；哪天限哪两个，没有查到。"""
    if now.car.kind != "small_passenger":
        return None
    return Say(passage=ban(within(now.at, "07:00-19:00"), works(now.day, "unknown"), None))


def tangshan_2018(now: Now) -> Say | None:
    """工作日7至20时，尾号同北京，字母看前面的数字，外地、临牌一样。"""
    return _as_beijing(now)


def handan(now: Now) -> Say | None:
    """工作日7至20时，与北京天津一致，同步轮换，字母看前面的数字。"""
    return _as_beijing(now)


def _as_beijing(now: Now) -> Say | None:
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="last")
    hit = in_pair(now.day, digit, rotating(now.day.on))
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    return tail_ban(digit, hit, within(now.at, "07:00-20:00"), works(now.day, "unknown"), *bound)


def tangshan_trucks(now: Now) -> Say | None:
    """国省干线全天：本地五轴及以上货车按日期尾数停驶，31日不限；挂车看牵引车号牌。"""
    is_truck = now.car.kind in ("light_truck", "medium_truck", "heavy_truck", "trailer")
    if not is_truck or not is_from(now.car, "冀B") or (now.car.axles or 0) < 5:
        return None
    counted = now.car.tractor or now.car.plate
    digit = next((int(sign) for sign in reversed(counted) if sign.isascii() and sign.isdigit()), None)
    hit: Known = False if now.day.on.day == 31 else in_date_group(now.day, digit)
    return tail_ban(digit, hit, bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))


def tangshan_parity(now: Now) -> Say | None:
    """2020年12月18日至31日周一至周五7至20时单双号，字母看前面的数字。"""
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="last")
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    on = now.day.weekday < 5
    return tail_ban(digit, wrong_parity(now.day, digit), within(now.at, "07:00-20:00"), on, *bound)


def tangshan_apec(now: Now) -> Say | None:
    """每天7至19时小客车、摩托车单双号；重型货车6至24时禁行。哪天开始没有查到：会限的时候不确定。"""
    bound = (bound_by_use(now.car), bound_by_energy(now.car, green_is_free=None))
    if now.car.kind in ("heavy_truck", "motorcycle"):
        return Say(passage="unknown")
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="last")
    return tail_ban(digit, wrong_parity(now.day, digit), within(now.at, "07:00-19:00"), None, *bound)


def anyang(now: Now) -> Say | None:
    """每天8至20时，所有机动车单双号，外地一样，字母看前面的数字。"""
    digit = digit_of(now.car, letter="last")
    hit = wrong_parity(now.day, digit)
    return tail_ban(digit, hit, within(now.at, "08:00-20:00"), bound_by_use(now.car))


def taiyuan_river_banks(now: Now) -> Say | None:
    """工作日7至9时单双号；新能源、出租、公交除外；字母怎么算没写。"""
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="unknown")
    return tail_ban(
        digit,
        wrong_parity(now.day, digit),
        within(now.at, "07:00-09:00"),
        works(now.day, "unknown"),
        bound_by_use(now.car, "taxi", "bus"),
        bound_by_energy(now.car, green_is_free=True),
    )


def taiyuan_binhe(now: Now) -> Say | None:
    """工作日7至9时、17时30分至19时30分，周一1和6……，字母看前面的数字。"""
    if now.car.kind != "small_passenger":
        return None
    digit = digit_of(now.car, letter="last")
    return tail_ban(
        digit,
        in_pair(now.day, digit, P1),
        within(now.at, "07:00-09:00", "17:30-19:30"),
        works(now.day, "unknown"),
        bound_by_use(now.car),
        bound_by_energy(now.car, green_is_free=None),
    )


def jinan(now: Now) -> Say | None:
    """工作日7至9时、17至19时：鲁A、鲁S以外的小客车，和轻型、微型货车；新能源除外；补班日怎么算说法不一。"""
    is_local = is_from(now.car, "鲁A", "鲁S")
    if now.car.kind == "small_passenger" and is_local:
        return Say(passage="allowed")
    if now.car.kind not in ("small_passenger", "light_truck"):
        return None
    # Whether the light trucks of 鲁A and 鲁S are meant too, the row does not tell.
    meant = None if is_local else True
    return Say(
        passage=ban(
            within(now.at, "07:00-09:00", "17:00-19:00"),
            works(now.day, "unknown"),
            meant,
            bound_by_use(now.car),
            bound_by_energy(now.car, green_is_free=True),
        )
    )
