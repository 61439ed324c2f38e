"""The one sentence that says why, for a citizen. Texts only: what holds was decided before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.timeline import Cause, State
from daxiang.domains.restrictions.values import Clause, Place, TailRule, Vehicle, VehicleClass, VehicleUse

CLASS_NAMES = {
    VehicleClass.SMALL_PASSENGER: "小客车",
    VehicleClass.MEDIUM_PASSENGER: "中型客车",
    VehicleClass.LARGE_PASSENGER: "大客车",
    VehicleClass.LIGHT_TRUCK: "货车",
    VehicleClass.MEDIUM_TRUCK: "货车",
    VehicleClass.HEAVY_TRUCK: "货车",
    VehicleClass.SPECIAL: "专项作业车",
    VehicleClass.MOTORCYCLE: "摩托车",
    VehicleClass.TRAILER: "挂车",
}
USE_NAMES = {
    VehicleUse.PRIVATE: "私家车",
    VehicleUse.TAXI: "出租车",
    VehicleUse.RIDE_HAILING: "网约车",
    VehicleUse.BUS: "公交车",
    VehicleUse.SCHOOL_BUS: "校车",
    VehicleUse.RENTAL: "租赁车",
    VehicleUse.TRAINING: "教练车",
}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, kw_only=True)
class _Told:
    state: State
    place: Place
    vehicle: Vehicle
    tail: str | None
    at: datetime
    opens_at: datetime | None
    holiday: str | None

    @property
    def clause(self) -> Clause:
        if self.state.clause is None:
            raise ValueError(f"{self.state.cause} comes from a clause")
        return self.state.clause


def reason(
    *,
    state: State,
    place: Place,
    vehicle: Vehicle,
    tail: str | None,
    at: datetime,
    opens_at: datetime | None,
    holiday: str | None,
) -> str:
    """Why it is so. `opens_at`: the next change, if for the better; `holiday`: the day's name, if any."""
    told = _Told(
        state=state, place=place, vehicle=vehicle, tail=tail, at=at, opens_at=opens_at, holiday=holiday
    )
    return _SENTENCES[state.cause](told)


def day_text(day: date) -> str:
    """A day as people say it: 24日（周二）."""
    return f"{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def hour_text(instant: datetime, *, seen_from: datetime) -> str:
    """An instant as people say it, the day left out when it is the same: 22:00, 26日（周四）7:00."""
    hour = f"{instant.hour}:{instant.minute:02}"
    return hour if instant.date() == seen_from.date() else f"{day_text(instant)}{hour}"


def _parity_rule(at: datetime) -> str:
    return "双日只准双号" if at.day % 2 == 0 else "单日只准单号"


def _what_is_off(told: _Told) -> str:
    return "不分单双号" if told.clause.tail.rule is TailRule.PARITY else "不限"


def _tail(told: _Told) -> str:
    end = f"要到{hour_text(told.opens_at, seen_from=told.at)}后才能走" if told.opens_at else "不能走"
    return f"{_parity_rule(told.at)}，尾号{told.tail}{end}"


def _class(told: _Told) -> str:
    name = CLASS_NAMES[told.vehicle.vehicle_class]
    if told.clause.is_constant:
        return f"{name}全天禁行，跟尾号、时间没关系"
    return f"{name}在{'、'.join(str(hours) for hours in told.clause.hours)}不能走"


def _day_free(told: _Told) -> str:
    if told.holiday:
        return f"{told.holiday}放假，{_what_is_off(told)}"
    is_weekend = told.at.weekday() >= 5
    kind = told.clause.days.restricted
    if is_weekend and kind[DayKind.MAKEUP_WORKDAY] is not False:
        return f"{day_text(told.at)}是休息日，{_what_is_off(told)}"
    return f"{day_text(told.at)}{_what_is_off(told)}"


def _hours_free(told: _Told) -> str:
    rule = "单双号" if told.clause.tail.rule is TailRule.PARITY else "这条规定"
    return f"{rule}只管{'、'.join(str(hours) for hours in told.clause.hours)}，这个时候能走"


def _exempt(name: str, told: _Told) -> str:
    rule = "单双号限制" if told.clause.tail.rule is TailRule.PARITY else "这条限制"
    return f"{name}不受{rule}"


_SENTENCES: dict[Cause, Callable[[_Told], str]] = {
    Cause.TAIL: _tail,
    Cause.CLASS: _class,
    Cause.TAIL_FREE: lambda told: f"{_parity_rule(told.at)}，尾号{told.tail}能走",
    Cause.DAY_FREE: _day_free,
    Cause.HOURS_FREE: _hours_free,
    Cause.EXEMPT_NEW_ENERGY: lambda told: _exempt(f"绿牌{CLASS_NAMES[told.vehicle.vehicle_class]}", told),
    Cause.EXEMPT_USE: lambda told: _exempt(USE_NAMES[VehicleUse(told.vehicle.use)], told),
    Cause.OPEN: lambda told: f"{told.place.short_name}不在限行范围内，能走",
    Cause.TAIL_MISSING: lambda told: f"{_parity_rule(told.at)}，要知道车牌尾号才能答",
    Cause.MAKEUP_UNSAID: lambda told: f"{day_text(told.at)}是调休上班，通告没写调休上班怎么算，不敢说能走",
    Cause.CALENDAR_MISSING: lambda told: f"{told.at.year}年的放假和调休安排还没录入，不知道那天上不上班",
    Cause.RUN_OUT: lambda told: (
        f"没有查到{day_text(told.at)}在{told.place.short_name}有效的通告，请看现场标志"
    ),
    Cause.NO_CARD: lambda told: (
        f"手上没有{CLASS_NAMES[told.vehicle.vehicle_class]}走{told.place.short_name}的规定，不敢说能走，请看现场标志"
    ),
}
