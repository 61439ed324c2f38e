"""The one sentence that says why, for a citizen. Texts only: what holds was decided before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.days import EVERY_WEEKDAY, Days, Hours
from daxiang.domains.restrictions.facts import FACT_TEXTS, FactName
from daxiang.domains.restrictions.lines import Traits
from daxiang.domains.restrictions.states import Cause, State
from daxiang.domains.restrictions.tails import BY_WEEKDAY, Sign, SignRule, Tail, TailRule
from daxiang.domains.restrictions.values import (
    AlertLevel,
    Clause,
    Origin,
    Place,
    VehicleClass,
    VehicleUse,
)
from daxiang.kernel.plates import PlateKind

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
    VehicleUse.MAIL: "邮政车",
    VehicleUse.ENFORCEMENT: "执法车",
    VehicleUse.RESCUE: "救援车",
    VehicleUse.SANITATION: "环卫车",
}
KIND_NAMES = {
    PlateKind.POLICE: "警车",
    PlateKind.EMBASSY: "使馆车",
    PlateKind.CONSULATE: "领馆车",
    PlateKind.HONG_KONG: "香港号牌车",
    PlateKind.MACAU: "澳门号牌车",
    PlateKind.COACH: "教练车",
    PlateKind.EMERGENCY: "应急车",
    PlateKind.TRAILER: "挂车",
    PlateKind.TEMPORARY: "临时号牌车",
    PlateKind.ORDINARY: "普通号牌车",
    PlateKind.NEW_ENERGY_SMALL: "绿牌小车",
    PlateKind.NEW_ENERGY_LARGE: "绿牌大车",
}
ALERT_NAMES = {AlertLevel.YELLOW: "黄色预警", AlertLevel.ORANGE: "橙色预警", AlertLevel.RED: "红色预警"}
FACT_NAMES = {
    "tail": "车牌尾号",
    "seats": "座位数",
    "height_m": "车高",
    "axles": "轴数",
    "is_local": "是本地车还是外地车",
    "origin": "车牌开头（哪个省市）",
    "tractor_plate": "牵引车的车牌",
} | {name.value: text for name, text in FACT_TEXTS.items()}
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
        return "、".join(weekday_text(number) for number in sorted(days.weekdays))
    names = {DayKind.WORKDAY: "工作日", DayKind.WEEKEND: "休息日", DayKind.HOLIDAY: "法定节假日"}
    said = "、".join(name for kind, name in names.items() if days.restricted[kind])
    return f"{said}（{makeup_text(days)}）"


def makeup_text(days: Days) -> str:
    """How weekend days that are worked count."""
    if days.makeup_as is not None:
        return "调休上班的按公告写明的那一天算"
    told = {True: "调休上班的算在内", False: "调休上班的不算", None: "调休上班的没写"}
    return told[days.restricted[DayKind.MAKEUP_WORKDAY]]


def weekday_text(number: int) -> str:
    """周一 for 0."""
    return f"周{_WEEKDAYS[number]}"


def digits_text(digits: Iterable[int]) -> str:
    """Tails as people say them, 0 last: 1和6, 5和0, 1、3、5、7、9."""
    names = [str(digit) for digit in sorted(digits, key=lambda digit: digit or 10)]
    return "和".join(names) if len(names) < 3 else "、".join(names)


def tail_rule_text(tail: Tail, day: date, weekday: int) -> str:
    """The rule of one day: 双日只准双号, 8日限尾号7和9, 周二限尾号2和7."""
    if tail.rule is TailRule.PARITY:
        return "双日只准双号" if day.day % 2 == 0 else "单日只准单号"
    if tail.rule is TailRule.ALL:
        return "这条规定不看尾号"
    banned = tail.banned_digits(day, weekday)
    if banned is None:
        return f"{day_text(day)}限哪两个尾号还没公布"
    when = weekday_text(weekday) if tail.rule in BY_WEEKDAY else f"{day.day}日"
    return f"{when}限尾号{digits_text(banned)}" if banned else f"{when}不限尾号"


def tail_days_text(tail: Tail) -> str:
    """The rule as a whole, read aloud: 周一限1和6，周二限2和7；…"""
    if tail.rule is TailRule.WEEKDAY_PAIRS:
        pairs = sorted(tail.pairs.items())
        return "，".join(f"{weekday_text(day)}限{digits_text(digits)}" for day, digits in pairs)
    if tail.rule is TailRule.ROTATION:
        first, last = tail.periods[0].first, tail.periods[-1].last
        return f"尾号按公布的轮换表限，表从{first}到{last}"
    if tail.rule is TailRule.DATE_GROUPS:
        return "；".join(
            f"每月{'、'.join(map(str, sorted(group.dates)))}日限尾号{digits_text(group.tails)}"
            for group in tail.groups
        )
    if tail.rule is TailRule.DIGITS:
        return f"限尾号{digits_text(tail.digits)}"
    return _WHOLE_RULES[tail.rule]


_WHOLE_RULES = {
    TailRule.PARITY: "单日只准单号，双日只准双号",
    TailRule.NEXT_TO_DATE: "日期尾数前一位、后一位的尾号不能走",
    TailRule.ALL: "不看尾号",
}
SIGN_RULES = {
    SignRule.LAST_DIGIT_BEFORE: "看前面最后一个数字",
    SignRule.ZERO: "按0算",
    SignRule.EVEN: "按双号算",
    SignRule.BANNED: "一律不能走",
    SignRule.UNKNOWN: "怎么算没查到",
}
_RULE_NAMES = {TailRule.PARITY: "单双号", TailRule.ALL: "这条规定"}
_OFF = {TailRule.PARITY: "不分单双号", TailRule.ALL: "不限"}
_LIMITS = {TailRule.PARITY: "单双号限制", TailRule.ALL: "这条限制"}


def _name(tail: Tail) -> str:
    return _RULE_NAMES.get(tail.rule, "尾号限行")


def _off(tail: Tail) -> str:
    return _OFF.get(tail.rule, "不限尾号")


def _limit(tail: Tail) -> str:
    return _LIMITS.get(tail.rule, "尾号限制")


def _today(told: Told) -> str:
    clause = told.clause
    return tail_rule_text(clause.tail, (day := told.at.date()), clause.days.weekday(day))


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
    whose = ORIGIN_NAMES[origin] if told.clause.who.origin else _whose_plates(told.clause)
    hours = "" if told.clause.is_constant else f"在{hours_text(told.clause.hours)}"
    return f"{whose}{hours}不能走，跟尾号没关系"


def _whose_plates(clause: Clause) -> str:
    """Whom a clause about beginnings of plates speaks of: 川A号牌车, 非鲁A、鲁S号牌车."""
    who = clause.who
    if who.plates:
        kind = "区域" if (FactName.REGIONAL_PLATE, True) in who.given else ""
        return f"{'、'.join(who.plates)}{kind}号牌车"
    return f"非{'、'.join((*who.not_plates, *who.exempt_plates))}号牌车"


def _closed(told: Told) -> str:
    opens = f"，{hour_text(told.opens_at, seen_from=told.at)}开" if told.opens_at else ""
    days = days_text(told.clause.days)
    return f"{told.place.short_name}{days}{hours_text(told.clause.hours)}封闭养护{opens}"


def _day_free(told: Told) -> str:
    off = _off(told.clause.tail)
    if told.holiday:
        return f"{told.holiday}放假，{off}"
    if told.kind is DayKind.MAKEUP_WORKDAY and told.clause.makeup_note:
        return f"{day_text(told.at)}{off}：{told.clause.makeup_note}"
    if told.at.weekday() >= 5 and told.clause.days.restricted[DayKind.MAKEUP_WORKDAY] is not False:
        return f"{day_text(told.at)}是休息日，{off}"
    return f"{day_text(told.at)}{off}"


def _hours_free(told: Told) -> str:
    name = _name(told.clause.tail)
    return f"{name}只管{hours_text(told.clause.hours)}，这个时候能走"


def _exempt(name: str, told: Told) -> str:
    return f"{name}不受{_limit(told.clause.tail)}"


def _permit(told: Told) -> str:
    return f"外地车要先办进京证，没有证不能走{told.place.short_name}"


def _run_over(told: Told) -> str:
    run = told.clause.run
    if run is None:
        raise ValueError("it comes from a clause that counts days")
    return f"外地车连续开满{run.on}天，要停够{run.off}天才能再开"


def _run_left(told: Told) -> str:
    run = told.clause.run
    if run is None:
        raise ValueError("it comes from a clause that counts days")
    return f"外地车最多连续开{run.on}天，现在还没到"


def _makeup_unsaid(told: Told) -> str:
    day = day_text(told.at)
    if told.clause.days.makeup_as is not None:
        return f"{day}是调休上班，按哪个工作日算还没公布，不敢说能走"
    return f"{day}是调休上班，通告没写调休上班怎么算，不敢说能走"


def _sign_unsaid(told: Told) -> str:
    if told.traits.plate_kind is PlateKind.TEMPORARY:
        return "没有查到临时号牌当时怎么算，不敢说能走"
    end = {Sign.LETTER: "字母", Sign.HANZI: "汉字"}.get(told.traits.ends_in, "字母")
    return f"没有查到尾号是{end}的当时怎么算，不敢说能走"


def _exempt_plate(told: Told) -> str:
    kind = told.traits.plate_kind
    if kind is not None and kind in told.clause.who.exempt_plate_kinds:
        return _exempt(KIND_NAMES[kind], told)
    begins = told.traits.origin or ""
    return _exempt(f"{begins}号牌车" if len(begins) > 1 else f"{begins}牌车", told)


_EXEMPT_FACTS = {
    FactName.ENTRY_PERMIT: "办了进京证的车",
    FactName.TRANSIT: "只从高速过境的车",
    FactName.PASS: "有通行证的车",
    FactName.EXEMPT_DAY: "申请了这一天免限的车",
}


def _exempt_fact(told: Told) -> str:
    names = [name for name, value in told.traits.facts if value and name in told.clause.who.exempt_given]
    return _exempt(_EXEMPT_FACTS.get(names[0], "这样的车"), told)


def _exemption_unsaid(told: Told) -> str:
    use = told.traits.use
    name = USE_NAMES[VehicleUse(use)] if use in told.clause.who.unsaid_uses else f"绿牌{told.vehicle}"
    return f"没有查到{name}那时受不受{_limit(told.clause.tail)}，不敢说能走"


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
    Cause.WAIVED: lambda told: f"这段时间临时放开，{_off(told.clause.tail)}",
    Cause.EXEMPT_NEW_ENERGY: lambda told: _exempt(f"绿牌{told.vehicle}", told),
    Cause.EXEMPT_USE: lambda told: _exempt(USE_NAMES[VehicleUse(told.traits.use)], told),
    Cause.OPEN: lambda told: f"{told.place.short_name}不在限行范围内，能走",
    Cause.TAIL_MISSING: lambda told: f"{_today(told)}，要知道车牌尾号才能答",
    Cause.FACT_MISSING: lambda told: (
        f"要知道{'、'.join(FACT_NAMES[fact] for fact in told.state.needs)}才能答"
    ),
    Cause.MAKEUP_UNSAID: _makeup_unsaid,
    Cause.LETTER_UNSAID: _sign_unsaid,
    Cause.EXEMPTION_UNSAID: _exemption_unsaid,
    Cause.PERMIT: _permit,
    Cause.RUN_OVER: _run_over,
    Cause.RUN_LEFT: _run_left,
    Cause.EXEMPT_CLASS: lambda told: _exempt(told.vehicle, told),
    Cause.EXEMPT_PLATE: _exempt_plate,
    Cause.EXEMPT_FACT: _exempt_fact,
    Cause.FIRST_ARRIVAL: lambda told: "外地车第一次到，当天不限",
    Cause.BRIDGE_UNSAID: lambda told: f"{day_text(told.at)}是调出来的假，通告没写算不算，请看现场标志",
    Cause.TABLE_ENDED: lambda told: f"{day_text(told.at)}限哪几个尾号还没公布，公布了再告诉您",
    Cause.GAP: lambda told: f"{told.clause.says}，不敢说能走，请看现场标志",
    Cause.DOUBTED: lambda told: "这条规定还没找到可靠的原文，不敢照着答，请看现场标志",
    Cause.CALENDAR_MISSING: lambda told: f"{told.at.year}年的放假和调休安排还没录入，不知道那天上不上班",
    Cause.RUN_OUT: lambda told: (
        f"没有查到{day_text(told.at)}在{told.place.short_name}有效的通告，请看现场标志"
    ),
    Cause.NO_CARD: lambda told: (
        f"手上没有{told.vehicle}走{told.place.short_name}的规定，不敢说能走，请看现场标志"
    ),
}
