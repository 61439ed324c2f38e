"""Dates of a notice: from when to when it holds, and the stretches that a text names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daxiang.domains.restrictions.drafting.findings import Found, Reading, Unread
from daxiang.domains.restrictions.drafting.sentences import Sentence

_WEEKDAY = r"(?:\(周[一二三四五六日]\))?"
_NO_YEAR = r"\d{1,2}月\d{1,2}日"


def _clock(number: int) -> str:
    """An hour right behind a date, if there is one."""
    return rf"(?:(?P<h{number}>\d{{1,2}})(?:[时点]|:(?=\d\d))(?:(?P<m{number}>\d{{1,2}})分?)?)?"


def _full(number: int) -> str:
    """A date with its year: 2026年3月1日, 2026-3-1, 2026.3.1."""
    year, month, day = rf"(?P<y{number}>\d{{4}})", rf"(?P<mo{number}>\d{{1,2}})", rf"(?P<d{number}>\d{{1,2}})"
    return rf"(?<!\d){year}(?:年|[-./]){month}(?:月|[-./]){day}日?{_WEEKDAY}{_clock(number)}"


def _short(number: int) -> str:
    """The second date of a stretch: its year, or year and month, may be those of the first."""
    year = rf"(?:(?P<y{number}>\d{{4}})(?:年|[-./]))?"
    named = rf"{year}(?P<mo{number}>\d{{1,2}})(?:月|[-./])(?P<d{number}>\d{{1,2}})日?"
    return rf"(?:{named}|(?P<e{number}>\d{{1,2}})日){_WEEKDAY}{_clock(number)}"


_ONE = re.compile(_full(1))
_RANGE = re.compile(rf"{_full(1)}起?(?:至|到|-){_short(2)}")
DATED = re.compile(rf"{_RANGE.pattern}|{_full(3)}|{_NO_YEAR}(?:(?:至|到|-)(?:\d{{1,2}}月)?\d{{1,2}}日)?")
"""A date or a stretch of dates, with its clock: what no reader of hours or tails may look at."""
_YEARS = re.compile(r"有效期(?:限)?(?:为|是)?(\d{1,2})年")
_TO_ONLY = re.compile(r"(?:有效期(?:限)?(?:截?至|到)|执行(?:至|到)|(?:施行|实施|实行)(?:至|到))")
_STARTS = re.compile(r"起|施行|实施|执行|实行|生效")
_FURTHER = re.compile(r"另行(?:通知|通告|公告)")
_NEVER = datetime.max  # noqa: DTZ901  # stands for no end at all, beside ends that are naive as a card's
_ON_ISSUE = re.compile(r"自(?:本通告|本公告)?(?:发布|公布|印发)之日起")


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """From an instant up to another, excluded; naive Beijing time, as a card is written."""

    start: datetime
    end: datetime


def stretches(plain: str) -> tuple[Stretch, ...]:
    """The stretches of dates that a text names, the last day included."""
    found = []
    for match in _RANGE.finditer(plain):
        start, end = _instant(match, 1), _instant(match, 2, after=match)
        if start is not None and end is not None and start < end:
            found.append(Stretch(start=start, end=end))
    return tuple(found)


def without_dates(plain: str) -> str:
    """The text with its dates blotted out."""
    return DATED.sub("□", plain)


def read_validity(
    sentences: Sequence[Sentence], signed: Sequence[Sentence]
) -> tuple[Reading[datetime], Reading[datetime | None]]:
    """From when, and until when (excluded; None: until further notice). `signed`: the lines at the end."""
    starts, ends = _told(sentences)
    issued = next((one for one in sentences if _ON_ISSUE.search(one.plain)), None)
    if not starts and issued is not None:
        starts = [(day, (issued, one)) for one in signed if (day := _signing_day(one.plain)) is not None]
    since = _only("从什么时候起", starts)
    years = [(int(match[1]), one) for one in sentences if (match := _YEARS.search(one.plain))]
    if isinstance(since, Found) and years:
        ends += [(_years_on(since.value, number), (one,)) for number, one in years]
    further = [one for one in sentences if _FURTHER.search(one.plain)]
    if further and not ends:
        return since, Found(None, (further[0],))
    until = _only("到什么时候止", [*ends, *((_NEVER, (one,)) for one in further)])
    return since, Found(until.value, until.sentences) if isinstance(until, Found) else until


Told = list[tuple[datetime, tuple[Sentence, ...]]]


def _told(sentences: Sequence[Sentence]) -> tuple[Told, Told]:
    starts: Told = []
    ends: Told = []
    for one in sentences:
        for stretch in stretches(one.plain):
            starts.append((stretch.start, (one,)))
            ends.append((stretch.end, (one,)))
        rest = _RANGE.sub("□", one.plain)
        for match in _ONE.finditer(rest):
            before, after = rest[max(0, match.start() - 8) : match.start()], rest[match.end() :][:10]
            if _TO_ONLY.search(before) or after.startswith(("止", "停止", "废止", "失效")):
                ends += [(day, (one,)) for day in [_instant(match, 1, is_end=True)] if day]
            elif _STARTS.search(after) and not re.match(r"[^,]*(?:废止|停止|失效)", after):
                starts += [(day, (one,)) for day in [_instant(match, 1)] if day]
    return starts, ends


def _only(what: str, told: Told) -> Reading[datetime]:
    if not told:
        return None
    if len({value for value, _ in told}) > 1:
        where = "、".join(dict.fromkeys(f"第{ones[0].number}句" for _, ones in told))
        return Unread(f"{what}：{where}写了不止一个时间", tuple(ones[0] for _, ones in told))
    return Found(told[0][0], told[0][1])


def _signing_day(plain: str) -> datetime | None:
    match = _ONE.fullmatch(plain)
    return _instant(match, 1) if match else None


def _years_on(start: datetime, years: int) -> datetime:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # the 29th of February, or a year that there is not
        return start.replace(month=3, day=1, year=min(start.year + years, 9999))


def _instant(
    match: re.Match[str], number: int, *, after: re.Match[str] | None = None, is_end: bool = False
) -> datetime | None:
    """The instant that a date means; a last day without an hour ends with its midnight."""
    told = match.groupdict()
    year, month = told[f"y{number}"], told[f"mo{number}"]
    is_last = is_end or after is not None
    if after is not None and month is None:
        year, month = after["y1"], after["mo1"]
    elif after is not None and year is None:
        year = after["y1"]
    try:
        number_of_day = told[f"d{number}"] or told.get(f"e{number}") or 0
        day = datetime(int(year or 0), int(month or 0), int(number_of_day))  # noqa: DTZ001
        hour, minute = told[f"h{number}"], int(told[f"m{number}"] or 0)
        if hour is None:
            return day + timedelta(days=1) if is_last else day
        if int(hour) > 24 or minute > 59:
            return None
        return day + timedelta(hours=int(hour), minutes=minute)
    except (ValueError, OverflowError):
        return None
