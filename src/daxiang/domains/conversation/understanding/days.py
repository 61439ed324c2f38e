"""Days: 今天, 周六, 下周一, 28号, 11月28日, 国庆.

A day is read as a form first and becomes dates by the day it was said on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from daxiang.domains.calendars.rules import Calendar
from daxiang.domains.conversation.understanding.normal import number
from daxiang.domains.conversation.understanding.parts import Found, Part, Readers, words

ONE_DAY = timedelta(days=1)
RECENT_DAYS = 60
"""A month and day that lie so little in the past may still mean the past one."""


class Relative(NamedTuple):
    """So many days from today."""

    days: int


class Weekday(NamedTuple):
    """0: Monday. `week`: weeks from this one; None: the next such day, today too."""

    weekday: int
    week: int | None


class Week(NamedTuple):
    """Days of one week, `first` to 6; of the present week only those that are left."""

    first: int
    week: int | None


class Ahead(NamedTuple):
    """So many days from today on."""

    days: int


class OfMonth(NamedTuple):
    day: int


class MonthDay(NamedTuple):
    month: int
    day: int


class FullDate(NamedTuple):
    year: int
    month: int
    day: int


class Holiday(NamedTuple):
    name: str


class YearAway(NamedTuple):
    """明年, 去年: the year of the date behind it."""

    years: int


class MonthAway(NamedTuple):
    """下个月, 这个月: the month of the day behind it."""

    months: int


class AwayDay(NamedTuple):
    """下个月8号."""

    months: int
    day: int


class LunarDay(NamedTuple):
    """除夕, 初三: so many days from the first of the lunar year."""

    days: int


DayForm = (
    Relative
    | Weekday
    | Week
    | Ahead
    | OfMonth
    | MonthDay
    | FullDate
    | Holiday
    | YearAway
    | MonthAway
    | AwayDay
    | LunarDay
)
Alternatives = tuple[tuple[date, ...], ...]
"""What a form can mean, the likeliest first."""

WORDS = (
    words(Part.DAY, Relative(0), "今朝 今天 今日 今儿 今儿个 当天 本日 金天 今")
    | words(Part.DAY, Relative(1), "明天 明日 明儿 明儿个 第二天 次日 隔天 名天 明个 明")
    | words(Part.DAY, Relative(2), "后天 后日 后儿")
    | words(Part.DAY, Relative(3), "大后天 大后日")
    | words(Part.DAY, Relative(4), "大大后天")
    | words(Part.DAY, Relative(-1), "昨天 昨日 昨儿 昨")
    | words(Part.DAY, Relative(-2), "前天 前日")
    | words(Part.DAY, Week(5, None), "周末 双休日 双休 星期六日 周六日 周六周日 星期六星期天 礼拜六礼拜天")
    | words(Part.DAY, Week(5, 0), "这周末 本周末 这个周末 这星期末")
    | words(Part.DAY, Week(5, 1), "下周末 下个周末")
    | words(Part.DAY, Week(0, 0), "这周 本周 这个星期 这星期 这一周 这个礼拜")
    | words(Part.DAY, Week(0, 1), "下周 下个星期 下星期 下礼拜 下个礼拜")
    | words(
        Part.DAY,
        Ahead(7),
        "这几天 最近几天 未来几天 接下来几天 后面几天 未来一周 接下来一周 最近一周 往后一周 一周内 未来七天",
    )
    | words(Part.DAY, YearAway(0), "今年")
    | words(Part.DAY, YearAway(1), "明年")
    | words(Part.DAY, YearAway(-1), "去年")
    | words(Part.DAY, MonthAway(0), "这个月 本月 这月 当月")
    | words(Part.DAY, MonthAway(1), "下个月 下月")
    | words(Part.DAY, MonthAway(-1), "上个月 上月")
    | words(Part.DAY, MonthAway(2), "下下个月 下下月")
    | words(Part.DAY, Holiday("元旦"), "元旦 元旦节 新年")
    | words(Part.DAY, Holiday("春节"), "春节 过年 新春 大年 过年期间 春节期间")
    | words(Part.DAY, Holiday("清明"), "清明 清明节")
    | words(Part.DAY, Holiday("劳动节"), "五一 劳动节 五一节 五一假期 51节")
    | words(Part.DAY, Holiday("端午"), "端午 端午节")
    | words(Part.DAY, Holiday("中秋"), "中秋 中秋节")
    | words(Part.DAY, Holiday("国庆节"), "国庆 国庆节 十一假期 十一黄金周 十一期间 国庆假期 十一 十一长假")
    | words(Part.DAY, LunarDay(-1), "除夕 大年三十 年三十 大年夜")
    | words(Part.DAY, LunarDay(0), "大年初一 年初一 正月初一 初一")
    | words(Part.DAY, LunarDay(1), "大年初二 年初二 正月初二 初二")
    | words(Part.DAY, LunarDay(2), "大年初三 年初三 正月初三 初三")
    | words(Part.DAY, LunarDay(3), "大年初四 年初四 正月初四 初四")
    | words(Part.DAY, LunarDay(4), "大年初五 年初五 正月初五 初五")
    | words(Part.DAY, LunarDay(5), "大年初六 年初六 正月初六 初六")
    | words(Part.DAY, LunarDay(6), "大年初七 年初七 正月初七 初七")
    | words(Part.DAY, LunarDay(7), "大年初八 年初八 正月初八 初八")
    | words(Part.DAY, LunarDay(8), "大年初九 年初九 正月初九 初九")
    | words(Part.DAY, LunarDay(9), "大年初十 年初十 正月初十 初十")
    | words(Part.DAY, LunarDay(14), "元宵 元宵节 正月十五")
    | words(Part.DAY, MonthDay(12, 24), "平安夜")
    | words(Part.DAY, MonthDay(12, 25), "圣诞 圣诞节")
)

_ONES = "[一二三四五六七八九]"
_AN_HOUR = "[0-2]?[0-9](?:[点时]|:[0-5])"
"""What may stand right behind a date without a blank: 9.2713点."""
_N = f"(?:[0-9]{{1,2}}(?:(?![0-9])|(?={_AN_HOUR}))|廿{_ONES}?|{_ONES}?十{_ONES}?|{_ONES})"
_WEEKDAY = re.compile(
    "(上上|上|这|本|下下|下)?(?:一?个)?(?:周|星期|礼拜|星其)(?:([一二三四五六日天])(?![点分年]|小时)|([1-7])(?![0-9点小分年:]))"
)
_WEEK = {None: None, "上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_DATE = re.compile(
    f"(?P<ymd>(?P<y>20[0-9]{{2}})(?P<sign>[-/.])(?P<m>[0-9]{{1,2}})(?P=sign)(?P<d>[0-9]{{1,2}})(?:(?![0-9])|(?={_AN_HOUR})))"
    f"|(?P<cn>(?P<cy>20[0-9]{{2}}|[2-9][0-9])年(?P<cm>{_N})月份?(?P<cd>{_N})[日号]?)"
    f"|(?P<eight>(?P<ey>20[0-9]{{2}})(?P<em>[01][0-9])(?P<ed>[0-3][0-9])(?![0-9]))"
    f"|(?P<md>(?P<mm>{_N})月份? ?(?P<md_d>{_N})(?:[日号]|(?![点时座米]|[:.][0-9])))"
    f"|(?P<signs>(?P<sm>1[0-2]|0?[1-9])[./-](?P<sd>3[01]|[12][0-9]|0?[1-9])(?:(?![0-9]*[米吨点时:./座年-]|[0-9])|(?={_AN_HOUR})))"
    f"|(?P<dom>(?P<day>{_N})(?: ?[日号](?![线楼门馆文院]|公[路馆寓]|牌(?!照))|(?=[到至-]{_N}[日号](?!线))))"
    f"|(?P<away>(?P<days>{_N}|两)天(?:以后|之后|后))"
)


_CAR_BEHIND = re.compile("车(?![牌尾号辆是高身])")


def _weekday(text: str, at: int, limit: int) -> Found | None:
    found = _WEEKDAY.match(text, at, limit)
    if found is None:
        return None
    day = found[2] or found[3]
    weekday = 6 if day in "日天7" else ("123456".find(day) if day.isascii() else "一二三四五六".find(day))
    return Part.DAY, Weekday(weekday, _WEEK[found[1]]), found.end()


def _date(text: str, at: int, limit: int) -> Found | None:
    found = _DATE.match(text, at, limit)
    if found is None:
        return None
    if found["dom"] and len(found["day"]) == 1 and _CAR_BEHIND.match(text, found.end(), limit):
        return None  # 5号车 is a tail
    form = _form(found)
    return None if form is None else (Part.DAY, form, found.end())


def _form(found: re.Match[str]) -> DayForm | None:
    group = found.groupdict()
    if group["dom"]:
        return OfMonth(number(group["day"]))
    if group["away"]:
        return Relative(number(group["days"]))
    if group["md"]:
        return MonthDay(number(group["mm"]), number(group["md_d"]))
    if group["signs"]:
        # 5-8 may as well be tails: only a day of two figures makes it a date for sure.
        if len(group["sd"]) < 2 and len(group["sm"]) < 2 and "-" in group["signs"]:
            return None
        return MonthDay(int(group["sm"]), int(group["sd"]))
    if group["ymd"]:
        return FullDate(int(group["y"]), int(group["m"]), int(group["d"]))
    if group["eight"]:
        return FullDate(int(group["ey"]), int(group["em"]), int(group["ed"]))
    year = int(group["cy"])
    return FullDate(year if year > 99 else 2000 + year, number(group["cm"]), number(group["cd"]))


READERS: Readers = {"上这本下周星礼": _weekday, "0123456789一二三四五六七八九十廿两": _date}


def dates_of(form: DayForm, today: date, calendar: Calendar) -> Alternatives:
    """The dates that a form means when it is said on `today`; () when there is no such date."""
    match form:
        case Relative(days):
            return ((today + days * ONE_DAY,),)
        case Weekday(weekday, week):
            return ((_on_weekday(today, weekday, week),),)
        case Week(first, week):
            return (_of_week(today, first, week),)
        case Ahead(days):
            return (tuple(today + number * ONE_DAY for number in range(days)),)
        case OfMonth(day):
            return _of_month(today, day)
        case MonthDay(month, day):
            return _month_day(today, month, day)
        case FullDate(year, month, day):
            found = _valid(year, month, day)
            return ((found,),) if found else ()
        case AwayDay(months, day):
            year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
            found = _valid(year, month + 1, day)
            return ((found,),) if found else ()
        case LunarDay(days):
            told = [date(year, *first) + days * ONE_DAY for year, first in _LUNAR_NEW_YEAR.items()]
            coming = [day for day in told if day >= today]
            return ((coming[0],),) if coming and (coming[0] - today).days < 400 else ()
        case Holiday(name):
            return (holiday_days(name, today, calendar),)
        case _:
            return ()


def _monday(today: date) -> date:
    return today - today.weekday() * ONE_DAY


def _on_weekday(today: date, weekday: int, week: int | None) -> date:
    if week is None:
        return today + (weekday - today.weekday()) % 7 * ONE_DAY
    return _monday(today) + (7 * week + weekday) * ONE_DAY


def _of_week(today: date, first: int, week: int | None) -> tuple[date, ...]:
    monday = _monday(today) + 7 * (week or 0) * ONE_DAY
    return tuple(day for n in range(first, 7) if (day := monday + n * ONE_DAY) >= today)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_month(today: date, day: int) -> Alternatives:
    """This month's, or the next month's that has it; one that is past may mean either."""
    here = _valid(today.year, today.month, day)
    if here is not None and here >= today:
        return ((here,),)
    for ahead in range(1, 4):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        coming = _valid(year, month + 1, day)
        if coming is not None:
            return ((coming,), (here,)) if here else ((coming,),)
    return ()


def _month_day(today: date, month: int, day: int) -> Alternatives:
    coming = [
        found
        for year in range(today.year, today.year + 9)
        if (found := _valid(year, month, day)) and found >= today
    ]
    if not coming:
        return ()
    past = _valid(today.year, month, day) or _valid(today.year - 1, month, day)
    if past is None or past >= today:
        past = _valid(today.year - 1, month, day)
    if past is not None and (today - past).days <= RECENT_DAYS:
        return ((past,), (coming[0],))
    return ((coming[0],),)


_LUNAR = {
    "春节": {2027: (2, 5, 4), 2028: (1, 25, 4), 2029: (2, 12, 4), 2030: (2, 2, 4)},
    "清明": {2027: (4, 5, 1), 2028: (4, 4, 1), 2029: (4, 4, 1), 2030: (4, 5, 1)},
    "端午": {2027: (6, 9, 1), 2028: (5, 28, 1), 2029: (6, 16, 1), 2030: (6, 5, 1)},
    "中秋": {2027: (9, 15, 1), 2028: (10, 3, 1), 2029: (9, 22, 1), 2030: (9, 12, 1)},
}
"""The first day off and how many the law gives (全国年节及纪念日放假办法 2024, article 2), by the moon, for
years whose notice is not out: on these days people ask even though nobody knows the bridged days yet.
"""
_LUNAR_NEW_YEAR = {2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13)}
_LUNAR_NEW_YEAR |= {2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8)}
"""The first day of the lunar year, as the almanac gives it."""
_FIXED = {"元旦": (1, 1, 1), "劳动节": (5, 1, 2), "国庆节": (10, 1, 3)}


def holiday_days(name: str, today: date, calendar: Calendar) -> tuple[date, ...]:
    """The days that are left of the holiday now, or those of the next one; () when no year knows it."""
    if days := _noticed(name, calendar):
        coming = [day for day in days if day >= today]
        first = next(iter(coming), None)
        if first is not None and (first - today).days < 370:
            return _together(coming, calendar)
    for year in range(today.year, today.year + 3):
        told = _FIXED.get(name) or _LUNAR.get(name, {}).get(year)
        if told and (start := date(year, told[0], told[1])) + told[2] * ONE_DAY > today:
            return tuple(day for n in range(told[2]) if (day := start + n * ONE_DAY) >= today)
    return ()


_KEPT: dict[tuple[int, str], tuple[Calendar, tuple[date, ...]]] = {}


def _noticed(name: str, calendar: Calendar) -> tuple[date, ...]:
    """Every day off of this name that a notice gave, in order; looked up once a calendar."""
    key = (id(calendar), name)
    kept = _KEPT.get(key)
    if kept is None or kept[0] is not calendar:
        kept = (calendar, tuple(sorted(day for day, of in calendar.off.items() if of == name)))
        _KEPT[key] = kept
    return kept[1]


def _together(days: Sequence[date], calendar: Calendar) -> tuple[date, ...]:
    """The first unbroken stretch of days off, with the days of another name that touch it (中秋 in 国庆)."""
    first, last = days[0], days[0]
    while last + ONE_DAY in calendar.off:
        last += ONE_DAY
    return tuple(first + n * ONE_DAY for n in range((last - first).days + 1))
