"""Days and hours in the words that people use: 今天（24日 周二）, 22:00, 26日（周四）7:00. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

WEEKDAYS = "一二三四五六日"
_RELATIVE = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


def weekday(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"


def hour(instant: datetime) -> str:
    """22:00, 7:00."""
    return f"{instant.hour}:{instant.minute:02}"


def hours_between(start: datetime, end: datetime, *, of: date | None = None) -> str:
    """7:00–22:00, seen from the day `of` (that of the start): the next midnight is 24:00, what comes later is
    said with its day (次日6:00, 26日8:00).
    """
    first = of or start.date()
    midnight = datetime.combine(start.date() + timedelta(days=1), time(), start.tzinfo)
    if end <= midnight:
        return f"{_day_mark(start, first)}{hour(start)}–{'24:00' if end == midnight else hour(end)}"
    return f"{_day_mark(start, first)}{hour(start)}–{_day_mark(end, first)}{hour(end)}"


def _day_mark(instant: datetime, first: date) -> str:
    days = (instant.date() - first).days
    return {0: "", 1: "次日"}.get(days, f"{instant.day}日")


def day_name(instant: date, now: date) -> str:
    """今天（24日 周二）; without a relative word from the third day on, with the month when it is another."""
    day, today = _day(instant), _day(now)
    relative = _RELATIVE.get((day - today).days)
    date_text = date_name(day, today)
    return f"{relative}（{date_text} {weekday(day)}）" if relative else f"{date_text}（{weekday(day)}）"


def moment(instant: datetime, now: datetime) -> str:
    """今晚22:00, 明天7:00, 26日（周四）7:00."""
    days = (instant.date() - now.date()).days
    if days == 0:
        return f"今{'晚' if instant.hour >= 18 else '天'}{hour(instant)}"
    if days == 1:
        return f"明天{hour(instant)}"
    return f"{date_name(instant.date(), now.date())}（{weekday(instant)}）{hour(instant)}"


def date_name(day: date, today: date) -> str:
    """24日, 10月1日, 2027年1月5日: as much as tells it from today's."""
    if day.year != today.year:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day}日" if day.month == today.month else f"{day.month}月{day.day}日"


def days_between(first: date, last: date) -> str:
    """10月1日–7日, 12月31日–1月3日."""
    start = f"{first.month}月{first.day}日"
    if first == last:
        return start
    return f"{start}–{last.day}日" if first.month == last.month else f"{start}–{last.month}月{last.day}日"


def listed(names: Sequence[str]) -> str:
    """长江大桥、江汉桥."""
    return "、".join(names)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
