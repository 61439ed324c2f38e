"""The one sentence that says why, for a citizen. Texts only: what holds was decided before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.timeline import Cause, State, Traits, digits_next_to
from daxiang.domains.restrictions.values import (
    EVERY_WEEKDAY,
    Clause,
    Days,
    Hours,
    Origin,
    Place,
    TailRule,
    VehicleClass,
    VehicleUse,
)

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
FACT_NAMES = {"tail": "车牌尾号", "seats": "座位数", "height_m": "车高", "is_local": "是本地车还是外地车"}
ORIGIN_NAMES = {Origin.LOCAL: "本地车", Origin.NON_LOCAL: "外地车"}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was decided. `opens_at`: the next change, if for the better; `holiday`: the day's name, if any."""

    state: State
    place: Place
    traits: Traits
    tail: str | None
    at: datetime
    opens_at: datetime | None
    kind: DayKind | None
    holiday: str | None

    @property
    def clause(self) -> Clause:
        if self.state.clause is None:
            raise ValueError(f"{self.state.cause} comes from a clause")
        return self.state.clause

    @property
    def vehicle(self) -> str:
        return CLASS_NAMES[self.traits.vehicle_class]


def reason(told: Told) -> str:
    """Why it is so, in one sentence."""
    return _SENTENCES[told.state.cause](told)


def day_text(day: date) -> str:
    """A day as people say it: 24日（周二）."""
    return f"{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def hour_text(instant: datetime, *, seen_from: datetime) -> str:
    """An instant as people say it, the day left out when it is the same: 22:00, 26日（周四）7:00."""
    hour = f"{instant.hour}:{instant.minute:02}"
    return hour if instant.date() == seen_from.date() else f"{day_text(instant)}{hour}"


def hours_text(hours: Sequence[Hours]) -> str:
    """7:00–8:30、17:00–19:00, or 全天."""
    return (
        "全天" if any(window.is_all_day for window in hours) else "、".join(str(window) for window in hours)
    )


def days_text(days: Days) -> str:
    """The days of a clause as a clerk reads them: 每天, 周六、周日, 工作日（调休上班的没写）."""
    if days.is_daily:
        return "每天"
    if days.weekdays != EVERY_WEEKDAY:
        return "、".join(f"周{_WEEKDAYS[number]}" for number in sorted(days.weekdays))
    names = {DayKind.WORKDAY: "工作日", DayKind.WEEKEND: "休息日", DayKind.HOLIDAY: "法定节假日"}
    makeup = {True: "调休上班的算在内", False: "调休上班的不算", None: "调休上班的没写"}
    said = "、".join(name for kind, name in names.items() if days.restricted[kind])
    return f"{said}（{makeup[days.restricted[DayKind.MAKEUP_WORKDAY]]}）"


def _next_to_date(at: datetime) -> str:
    before, after = digits_next_to(at)
    return f"{at.day}日限尾号{before}和{after}"


_RULE_OF_THE_DAY: dict[TailRule, Callable[[datetime], str]] = {
    TailRule.PARITY: lambda at: "双日只准双号" if at.day % 2 == 0 else "单日只准单号",
    TailRule.NEXT_TO_DATE: _next_to_date,
    TailRule.ALL: lambda _at: "这条规定不看尾号",
}
_RULE_NAMES = {TailRule.PARITY: "单双号", TailRule.NEXT_TO_DATE: "尾号限行", TailRule.ALL: "这条规定"}
_OFF = {TailRule.PARITY: "不分单双号", TailRule.NEXT_TO_DATE: "不限尾号", TailRule.ALL: "不限"}
_LIMITS = {TailRule.PARITY: "单双号限制", TailRule.NEXT_TO_DATE: "尾号限制", TailRule.ALL: "这条限制"}


def _today(told: Told) -> str:
    return _RULE_OF_THE_DAY[told.clause.tail.rule](told.at)


def _tail(told: Told) -> str:
    end = f"要到{hour_text(told.opens_at, seen_from=told.at)}后才能走" if told.opens_at else "不能走"
    return f"{_today(told)}，{_tail_name(told)}{end}"


def _tail_name(told: Told) -> str:
    return f"尾号{told.tail}" if told.tail else "什么尾号都"


def _class(told: Told) -> str:
    if told.clause.is_constant:
        return f"{told.vehicle}全天禁行，跟尾号、时间没关系"
    return f"{told.vehicle}在{hours_text(told.clause.hours)}不能走"


def _seats(told: Told) -> str:
    least, most = told.clause.who.seats_at_least, told.clause.who.seats_at_most
    rule = f"只准{least}座以下的车，{least}座及以上" if least else f"{most}座及以下的车"
    hours = "" if told.clause.is_constant else f"在{hours_text(told.clause.hours)}"
    return f"{told.place.short_name}{rule}{hours}不能走"


def _height(told: Told) -> str:
    return f"{told.place.short_name}限高{told.clause.who.taller_than_m:g}米，高过的车不能走"


def _origin(told: Told) -> str:
    origin = told.clause.who.origin or Origin.NON_LOCAL
    return f"{ORIGIN_NAMES[origin]}在{hours_text(told.clause.hours)}不能走，跟尾号没关系"


def _closed(told: Told) -> str:
    opens = f"，{hour_text(told.opens_at, seen_from=told.at)}开" if told.opens_at else ""
    days = days_text(told.clause.days)
    return f"{told.place.short_name}{days}{hours_text(told.clause.hours)}封闭养护{opens}"


def _day_free(told: Told) -> str:
    off = _OFF[told.clause.tail.rule]
    if told.holiday:
        return f"{told.holiday}放假，{off}"
    if told.kind is DayKind.MAKEUP_WORKDAY and told.clause.makeup_note:
        return f"{day_text(told.at)}{off}：{told.clause.makeup_note}"
    if told.at.weekday() >= 5 and told.clause.days.restricted[DayKind.MAKEUP_WORKDAY] is not False:
        return f"{day_text(told.at)}是休息日，{off}"
    return f"{day_text(told.at)}{off}"


def _hours_free(told: Told) -> str:
    name = _RULE_NAMES[told.clause.tail.rule]
    return f"{name}只管{hours_text(told.clause.hours)}，这个时候能走"


def _exempt(name: str, told: Told) -> str:
    return f"{name}不受{_LIMITS[told.clause.tail.rule]}"


def _exemption_unsaid(told: Told) -> str:
    use = told.traits.use
    name = USE_NAMES[VehicleUse(use)] if use in told.clause.who.unsaid_uses else f"绿牌{told.vehicle}"
    return f"没有查到{name}那时受不受{_LIMITS[told.clause.tail.rule]}，不敢说能走"


_SENTENCES: dict[Cause, Callable[[Told], str]] = {
    Cause.TAIL: _tail,
    Cause.CLASS: _class,
    Cause.SEATS: _seats,
    Cause.HEIGHT: _height,
    Cause.ORIGIN: _origin,
    Cause.CLOSED: _closed,
    Cause.TAIL_FREE: lambda told: f"{_today(told)}，{_tail_name(told)}能走",
    Cause.DAY_FREE: _day_free,
    Cause.HOURS_FREE: _hours_free,
    Cause.WAIVED: lambda told: f"这段时间临时放开，{_OFF[told.clause.tail.rule]}",
    Cause.EXEMPT_NEW_ENERGY: lambda told: _exempt(f"绿牌{told.vehicle}", told),
    Cause.EXEMPT_USE: lambda told: _exempt(USE_NAMES[VehicleUse(told.traits.use)], told),
    Cause.OPEN: lambda told: f"{told.place.short_name}不在限行范围内，能走",
    Cause.TAIL_MISSING: lambda told: f"{_today(told)}，要知道车牌尾号才能答",
    Cause.FACT_MISSING: lambda told: (
        f"要知道{'、'.join(FACT_NAMES[fact] for fact in told.state.needs)}才能答"
    ),
    Cause.MAKEUP_UNSAID: lambda told: f"{day_text(told.at)}是调休上班，通告没写调休上班怎么算，不敢说能走",
    Cause.LETTER_UNSAID: lambda told: "没有查到尾号是字母的当时怎么算，不敢说能走",
    Cause.EXEMPTION_UNSAID: _exemption_unsaid,
    Cause.CALENDAR_MISSING: lambda told: f"{told.at.year}年的放假和调休安排还没录入，不知道那天上不上班",
    Cause.RUN_OUT: lambda told: (
        f"没有查到{day_text(told.at)}在{told.place.short_name}有效的通告，请看现场标志"
    ),
    Cause.NO_CARD: lambda told: (
        f"手上没有{told.vehicle}走{told.place.short_name}的规定，不敢说能走，请看现场标志"
    ),
}
