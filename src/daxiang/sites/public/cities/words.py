"""A day of tails in Chinese: 限3和8, 双号不能走, 都不能走, 不限, 不确定; and the hours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daxiang.domains.calendars.rules import DayKind
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.days import clock_text
from daxiang.domains.restrictions.reasons import FACT_NAMES, digits_text
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.values import Passage, Place
from daxiang.sites.public.cities.cars import Whose
from daxiang.sites.public.cities.outlook import Chapter, Day, Fare, Window

WEEKDAYS = "一二三四五六日"
ODD, EVEN = "13579", "02468"
_RESTING = {DayKind.WEEKEND: "休", DayKind.MAKEUP_WORKDAY: "班"}
_KINDS = {
    DayKind.WORKDAY: "工作日",
    DayKind.WEEKEND: "休息日",
    DayKind.HOLIDAY: "放假",
    DayKind.MAKEUP_WORKDAY: "调休上班",
    None: "放假安排还没公布",
}
TONE = {
    Passage.BANNED: "maynot",
    Passage.UNKNOWN: "unknown",
    Passage.CONDITIONAL: "unknown",
    Passage.ALLOWED: "may",
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A day in a few characters. `digits`: tails to be set large, where they are; `word`: else, or after.

    `tone`: one of the four answers, of the tails that are set large, or of everybody.
    """

    tone: str
    digits: str
    word: str
    hours: str

    @property
    def line(self) -> str:
        """限3和8, 双号不能走, 3和8不确定, 不限: on one line."""
        return f"限{self.digits}" if self.word == "限" else f"{self.digits}{self.word}"


def said(day: Day) -> Said:
    """What a day holds for all ten tails."""
    if not day.out:
        return Said(tone=TONE[day.base.passage], digits="", word=_all(day.base), hours=hours_of(day.base))
    worst = day.out[0].passage
    held = [fare for fare in day.out if fare.passage is worst]
    digits = "".join(sorted("".join(fare.digits for fare in held)))
    is_parity = digits in (ODD, EVEN)
    words = {Passage.BANNED: "不能走" if is_parity else "限", Passage.UNKNOWN: "不确定"}
    hours = {hours_of(fare) for fare in held}
    return Said(
        tone=TONE[worst],
        digits=tails_text(digits),
        word=words.get(worst, "看情况"),
        hours=hours.pop() if len(hours) == 1 else "",
    )


def tails_text(digits: str) -> str:
    """单号, 双号, 3和8."""
    return {ODD: "单号", EVEN: "双号"}.get(digits) or digits_text(map(int, digits))


def _all(fare: Fare) -> str:
    words = {
        Passage.BANNED: "都不能走",
        Passage.UNKNOWN: "不确定",
        Passage.CONDITIONAL: "看情况",
        Passage.ALLOWED: "不限",
    }
    return words[fare.passage]


def hours_of(fare: Fare) -> str:
    """7:00–20:00, 全天; empty where nothing is restricted, and where nobody knows of the whole day."""
    windows = fare.windows(fare.passage)
    if fare.passage is Passage.ALLOWED:
        return ""
    is_said = fare.passage is Passage.BANNED or not any(window.is_all_day for window in windows)
    return windows_text(windows) if is_said else ""


def windows_text(windows: Sequence[Window]) -> str:
    """7:00–9:00、17:00–19:00, or 全天."""
    if any(window.is_all_day for window in windows):
        return "全天"
    return "、".join(f"{clock_text(one.start)}–{clock_text(one.end)}" for one in windows)


def beside(day: Day, needs: Iterable[str]) -> str:
    """What holds for everybody on a day on which some tails fare worse; empty: the others may drive."""
    base = day.base
    if not day.out or base.passage is Passage.ALLOWED:
        return ""
    parts = (
        [f"别的尾号{windows_text(base.windows(Passage.BANNED))}不能走"]
        if base.windows(Passage.BANNED)
        else []
    )
    parts += [f"{windows_text(base.windows(Passage.UNKNOWN))}不确定"] if base.windows(Passage.UNKNOWN) else []
    if base.windows(Passage.CONDITIONAL):
        parts.append(f"其余时间要看{facts_text(needs)}")
    return "；".join(parts)


def facts_text(needs: Iterable[str]) -> str:
    """有没有办进京证."""
    return "、".join(FACT_NAMES[need] for need in needs) or "情况"


def doubt_text(decision: Decision, day: date) -> str:
    """Why nobody knows, without the day: days with one reason can be told together."""
    if decision.needs:
        return f"要看{facts_text(decision.needs)}"
    return decision.reason.replace(f"{day.day}日（周{WEEKDAYS[day.weekday()]}）", "这几天")


def now_text(fare: Fare, at: datetime) -> str:
    """Whether it holds at this instant of the day, and when that changes: 正在限，20:00结束."""
    minute = at.hour * 60 + at.minute
    windows = fare.windows(fare.passage)
    if fare.passage is not Passage.BANNED or any(window.is_all_day for window in windows):
        return ""
    for window in windows:
        if window.start <= minute < window.end:
            return f"现在正在限，到{clock_text(window.end)}"
        if minute < window.start:
            return f"现在没在限，{clock_text(window.start)}起限"
    return "今天的时段已经过了"


def day_text(day: date, today: date) -> str:
    """今天, 明天（26日 周四）, 30日（周一）, 12月1日（周二）."""
    name = f"{day.day}日" if day.month == today.month else f"{day.month}月{day.day}日"
    weekday = f"周{WEEKDAYS[day.weekday()]}"
    relative = {0: "今天", 1: "明天", 2: "后天"}.get((day - today).days)
    return f"{relative}（{name} {weekday}）" if relative else f"{name}（{weekday}）"


def last_day(until: datetime) -> date:
    """The last day on which something holds that ends at that instant."""
    return (until - timedelta(microseconds=1)).date()


def rest_text(digits: str) -> str:
    """How the tails are called that are not these: 单号, 双号, 别的尾号."""
    return {ODD: "双号", EVEN: "单号"}.get(digits, "别的尾号")


def kind_text(day: Day) -> str:
    """工作日, 休息日, 国庆节放假, 调休上班."""
    return f"{day.holiday}放假" if day.holiday else _KINDS[day.kind]


def mark_of(day: Day) -> str:
    """The sign beside a date: 休, 班, the holiday's name."""
    return day.holiday or (_RESTING.get(day.kind, "") if day.kind else "")


def whose_text(cards: CityCards, whose: Sequence[Whose]) -> str:
    """京牌车, 外地车, or empty where it makes no difference."""
    if len(whose) > 1:
        return ""
    if whose[0] is Whose.VISITOR:
        return "外地车"
    return f"{'、'.join(cards.local_plates)}牌车"


def places_text(places: Sequence[Place]) -> str:
    return "、".join(place.short_name for place in places)


def common_hours(chapter: Chapter) -> str:
    """The hours, where they are the same on every day that has any."""
    found = {hours for day in chapter.days if (hours := said(day).hours)}
    return found.pop() if len(found) == 1 else ""
