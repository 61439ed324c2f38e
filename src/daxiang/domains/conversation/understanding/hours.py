"""Hours: 晚上十点半, 7:30, 早高峰, 22点以后. Minutes from midnight of the day they belong to."""

from __future__ import annotations

import re
from typing import NamedTuple

from daxiang.domains.conversation.understanding.days import Relative
from daxiang.domains.conversation.understanding.normal import number
from daxiang.domains.conversation.understanding.parts import Found, Meaning, Part, Readers, words

DAY = 1440


class Period(NamedTuple):
    """A named part of the day, and how an hour behind it is counted. `day`: said in the same word (明晚)."""

    start: int
    end: int
    counts: str  # "am", "noon", "pm", "evening", "night"; "": an hour behind it is not counted by it
    day: int | None = None


class Clock(NamedTuple):
    """An hour as said. `is_exact`: on a clock of 24 hours for certain."""

    hour: int
    minute: int
    is_exact: bool


_PARTS: dict[str, tuple[Period, str]] = {
    "dawn": (Period(0, 300, "am"), "凌晨 后半夜 下半夜 大半夜里"),
    "early": (Period(360, 540, "am"), "早上 早晨 清早 清晨 一早 大清早 大早上 一大早 早 早间"),
    "morning": (Period(480, 720, "am"), "上午 早半天"),
    "noon": (Period(660, 780, "noon"), "中午 正午 晌午 午间 中饭时候"),
    "afternoon": (Period(720, 1080, "pm"), "下午 午后 下半天"),
    "dusk": (Period(1020, 1140, "pm"), "傍晚 黄昏"),
    "evening": (Period(1080, 1440, "evening"), "晚上 晚间 晚 夜晚 晚黑"),
    "night": (Period(1320, 1740, "night"), "夜里 夜间 半夜 深夜 午夜 夜 大半夜 三更半夜 通宵"),
    "day": (Period(420, 1140, ""), "白天 大白天 日间"),
    "rush_am": (Period(420, 540, ""), "早高峰 早高峰期 早上高峰 上班高峰 早高峰时段 上班路上 上班时间"),
    "rush_pm": (
        Period(1020, 1140, ""),
        "晚高峰 晚高峰期 晚上高峰 下班高峰 晚高峰时段 下班时间 下班路上 下班",
    ),
    "rush": (Period(-1, -1, ""), "高峰 高峰期 高峰时段 早晚高峰"),
}
RUSH = _PARTS["rush"][0]
BOTH_RUSHES = (_PARTS["rush_am"][0], _PARTS["rush_pm"][0])
_EARLY, _EVENING, _NIGHT, _NOON = (_PARTS[name][0] for name in ("early", "evening", "night", "noon"))
_WITH_DAY = {"今": 0, "明": 1, "昨": -1, "后": 2}


def _words() -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for period, spellings in _PARTS.values():
        found |= words(Part.PERIOD, period, spellings)
    for sign, day in _WITH_DAY.items():
        for ending, period in (("早", _EARLY), ("晚", _EVENING), ("夜", _NIGHT), ("晚上", _EVENING)):
            found[sign + ending] = (Part.PERIOD, period._replace(day=day))
        found[sign + "早上"] = (Part.PERIOD, _EARLY._replace(day=day))
        found[sign + "午"] = (Part.PERIOD, _NOON._replace(day=day))
    found |= words(Part.DAY, Relative(1), "明天") | words(Part.DAY, Relative(2), "后天")
    del found["后夜"], found["后午"], found["昨午"]
    return found


WORDS = (
    _words()
    | words(
        Part.NOW,
        None,
        """
            现在 这会儿 这会 此刻 目前 眼下 当前 马上 立刻 这时候 此时 这个时候 这个点 这个时间 而今 这哈
            这哈子 刚刚 现再 限在 当下 即刻
        """,
    )
    | words(Part.FROM_ON, None, "以后 之后 过后 往后 后")
    | words(Part.UNTIL, None, "以前 之前 前")
    | words(Part.TO, None, "到 至 -")
)

_N = "(?:[0-9]{1,2}|廿[一二三四]?|二?十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_MINUTES = "(?:[0-5][0-9]|[一二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])"
_CLOCK = re.compile(
    f"(?P<colon>(?P<ch>[01]?[0-9]|2[0-4]):(?P<cm>[0-5][0-9])(?::[0-5][0-9])?(?![0-9]))"
    f"|(?P<said>(?P<h>{_N})(?:点钟?|时|點)(?!候)(?:整|(?P<half>半(?!挂))|(?P<quarter>[一三13])刻|(?P<m>{_MINUTES})分?|(?P<few>[0-9一二三四五六七八九])分|))"
)


def _clock(text: str, at: int, limit: int) -> Found | None:
    found = _CLOCK.match(text, at, limit)
    if found is None:
        return None
    if found["colon"]:
        hour, minute = int(found["ch"]), int(found["cm"])
        is_exact = hour > 11 or hour == 0 or found["ch"][0] == "0"
    else:
        hour, minute = number(found["h"]), _minute(found)
        is_exact = hour > 12 or hour == 0 or found["h"][0] == "0"
    if hour > 24 or (hour == 24 and minute):
        return None
    return Part.CLOCK, Clock(hour, minute, is_exact), found.end()


def _minute(found: re.Match[str]) -> int:
    if found["half"]:
        return 30
    if quarter := found["quarter"]:
        return 45 if quarter in "三3" else 15
    told = found["m"] or found["few"]
    return number(told.lstrip("零") if told and not told.isascii() else told) if told else 0


_BEFORE_THE_HOUR = re.compile(f"差(?P<m>{_N})分钟?(?:到|就)?(?P<h>{_N})点")
_SPAN = f"(?:(?P<half>半)|(?P<n>{_N}))个?(?P<more>半)?(?P<unit>小时|钟头|分钟|刻钟)"
_DELAY = re.compile(f"{_SPAN}(?P<later>以后|之后|后)?")
_IN_A_WHILE = re.compile(f"(?:再过|再等|再|过)(?:个|大概|大约)?{_SPAN}(?:以后|之后|后)?")
_UNITS = {"小时": 60, "钟头": 60, "分钟": 1, "刻钟": 15}


def _before_the_hour(text: str, at: int, limit: int) -> Found | None:
    """差5分7点."""
    found = _BEFORE_THE_HOUR.match(text, at, limit)
    if found is None:
        return None
    hour, minute = number(found["h"]), number(found["m"])
    if not (1 <= hour <= 24 and 0 < minute < 60):
        return None
    return Part.CLOCK, Clock(hour - 1, 60 - minute, hour > 13), found.end()


def _delay(text: str, at: int, limit: int) -> Found | None:
    """一个半小时后, 十分钟后, 再过14小时; a span of which nothing says that it lies ahead is not read."""
    found = _DELAY.match(text, at, limit)
    if found is not None and not found["later"]:
        return Part.UNREAD, None, found.end()
    found = found or _IN_A_WHILE.match(text, at, limit)
    if found is None:
        return None
    unit = _UNITS[found["unit"]]
    whole = unit // 2 if found["half"] else number(found["n"]) * unit
    return Part.DELAY, whole + (unit // 2 if found["more"] else 0), found.end()


READERS: Readers = {
    "0123456789零一二两三四五六七八九十廿": lambda text, at, limit: (
        _delay(text, at, limit) or _clock(text, at, limit)
    ),
    "半再过": _delay,
    "差": _before_the_hour,
}


def minutes(clock: Clock, period: Period | None, *, has_day: bool) -> tuple[int, ...]:
    """The minutes of the day that an hour can mean, the likeliest first."""
    hour, minute = clock.hour, clock.minute
    counts = period.counts if period else ""
    if clock.hour > 12 and counts not in {"evening", "night"}:
        return (hour * 60 + minute,)
    return tuple(each * 60 + minute for each in _hours(hour, counts, has_day, is_exact=clock.is_exact))


def _hours(hour: int, counts: str, has_day: bool, *, is_exact: bool) -> tuple[int, ...]:
    if counts == "am":
        return (0 if hour == 12 else hour,)
    if counts == "noon":
        return (hour + 12 if hour <= 3 else hour,)
    if counts == "pm":
        return (hour + 12 if hour < 12 else hour,)
    if counts in {"evening", "night"}:
        return _after_dark(hour, has_day, is_night=counts == "night")
    if is_exact:
        return (hour,)
    return (12, 24) if hour == 12 else (hour, hour + 12)


def _after_dark(hour: int, has_day: bool, *, is_night: bool) -> tuple[int, ...]:
    """晚上十点 is 22:00; 晚上十二点 the end of that day; 夜里两点 the small hours, of either day."""
    if hour in {0, 12, 24}:
        return (24,)
    if 5 <= hour < 12:
        return (hour + 12,) if hour > 5 or not is_night else (hour, hour + 12)
    if hour > 12:
        return (hour,)
    if not has_day:
        return (hour,)
    return (24 + hour, hour)
