"""Days and hours in the words that people use: 今天（24日 周二）, 22:00, 26日（周四）7:00. Pure."""

from __future__ import annotations

from datetime import date, datetime

WEEKDAYS = "一二三四五六日"
_RELATIVE = {0: "今天", 1: "明天", 2: "后天"}


def weekday(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"


def hour(instant: datetime) -> str:
    """22:00, 7:00."""
    return f"{instant.hour}:{instant.minute:02}"


def day_name(instant: datetime, now: datetime) -> str:
    """今天（24日 周二）; without a relative word from the third day on, with the month when it is another."""
    relative = _RELATIVE.get((instant.date() - now.date()).days)
    date_text = _date(instant.date(), now.date())
    return (
        f"{relative}（{date_text} {weekday(instant)}）" if relative else f"{date_text}（{weekday(instant)}）"
    )


def moment(instant: datetime, now: datetime) -> str:
    """今晚22:00, 明天7:00, 26日（周四）7:00."""
    days = (instant.date() - now.date()).days
    if days == 0:
        return f"今{'晚' if instant.hour >= 18 else '天'}{hour(instant)}"
    if days == 1:
        return f"明天{hour(instant)}"
    return f"{_date(instant.date(), now.date())}（{weekday(instant)}）{hour(instant)}"


def _date(day: date, today: date) -> str:
    if day.year != today.year:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day}日" if day.month == today.month else f"{day.month}月{day.day}日"
