"""Hours of the day as a notice spells them."""

from __future__ import annotations

import re

from daxiang.domains.restrictions.drafting.dates import without_dates
from daxiang.domains.restrictions.drafting.findings import Doubt

ALL_DAY = "all_day"
_PART = r"(?:凌晨|清晨|早晨|早上|早|上午|中午|下午|傍晚|晚上|晚间|晚|夜间)?"


def _at(number: int) -> str:
    """A point of the clock: 7时30分, 7:30, 晚8时, 7时半."""
    clock = rf"[时点](?:(?P<m{number}>\d{{1,2}})分?|半|整)?|:(?P<c{number}>\d{{2}})"
    return rf"(?P<p{number}>{_PART})(?<!\d)(?P<h{number}>\d{{1,2}})(?P<u{number}>{clock})"


_WINDOW = re.compile(
    _at(1) + r"?起?(?:至|到|-)(?:(?P<next>次日|翌日|第二天)|当日)?" + _at(2) + r"止?",
)
_WHOLE = re.compile(r"全天|24小时|全时段")
_ELSE = re.compile(r"其[他它余]时[间段]|以外的?时[间段]|时段外")
_LOOSE = re.compile(r"(?<!\d)\d{1,2}(?:[时点](?!间|段|刻|候|期)|:\d\d)")
_LATE = ("下午", "傍晚", "晚上", "晚间", "晚", "夜间")


def read_hours(plain: str) -> tuple[str, ...] | Doubt | None:
    """The windows as a card writes them, in the order of the text; None where no hour is named."""
    text = without_dates(plain)
    if _ELSE.search(text):
        return Doubt("写的是别的时段，请照原文写钟点")
    found: list[str] = []
    for match in _WINDOW.finditer(text):
        window = _written(match)
        if window is None:
            return Doubt(f"“{match[0]}”不像一段钟点")
        if re.search(r"(?:除|非)[^,;]{0,6}$", text[: match.start()]) or text[match.end() :].startswith(
            ("以外", "除外", "外")
        ):
            return Doubt(f"“{match[0]}”像是除外的时段")
        found.append(window)
    rest = _WINDOW.sub("□", text)
    if _LOOSE.search(rest):
        return Doubt("有一个钟点没有读成一段")
    if _WHOLE.search(rest):
        found.append(ALL_DAY)
    unique = tuple(dict.fromkeys(found))
    if ALL_DAY in unique and len(unique) > 1:
        return Doubt("又写全天，又写钟点")
    return unique or None


def _written(match: re.Match[str]) -> str | None:
    start, end = _minute(match, 1), _minute(match, 2)
    if start is not None and end is not None and not match["next"]:
        if match["p1"] in _LATE and not match["p2"] and end <= start < end + 720:
            end += 720  # 晚5时至7时
        if end < start <= 720:
            return None
    if start is None or end is None or start >= 1440 or start == end:
        return None
    if start == 0 and end == 1440:
        return ALL_DAY
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


def _minute(match: re.Match[str], number: int) -> int | None:
    hour, unit = int(match[f"h{number}"]), match[f"u{number}"] or ""
    minute = 30 if "半" in unit else int(match[f"m{number}"] or match[f"c{number}"] or 0)
    if match[f"p{number}"] in _LATE and 1 <= hour <= 12:
        hour += 12
    return hour * 60 + minute if minute < 60 and hour * 60 + minute <= 1440 else None
