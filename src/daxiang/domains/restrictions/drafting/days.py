"""Days as a notice names them: workdays, days of the week, what is left out, and makeup workdays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from daxiang.domains.restrictions.clauses import DAILY, WEEKDAYS
from daxiang.domains.restrictions.days import BridgedDay, MakeupWorkday
from daxiang.domains.restrictions.drafting.dates import without_dates
from daxiang.domains.restrictions.drafting.findings import Doubt, Found, Reading, Unread
from daxiang.domains.restrictions.drafting.sentences import Sentence

_SIGNS = "一二三四五六日"
_SATURDAY_SUNDAY = r"周六[、和及与,]?(?:周?日)"
_RANGE = re.compile(r"周([一二三四五六])(?:至|到|-)周?([二三四五六日])")
_WEEKEND = re.compile(rf"{_SATURDAY_SUNDAY}|双休日|休息日|公休日|周末")
_CORE = re.compile(r"全体公民放假的?(?:节日|日)")
_HOLIDAY = re.compile(r"(?:国家)?法定(?:节假日|假日|节日|假期)|节假日")
_MAKEUP = re.compile(r"调休|补班|补休|调整为(?:工作日|上班)")
_OUT = re.compile(
    r"^[^,;:()]*?(?:除外|不限|不受|不执行|不实行|不实施|不在|不按|外(?!地|埠|省|市|牌)|放开|解除)"
)
_NAMED = re.compile(r"周([一二三四五六日])")
_ON = re.compile(r"照常|正常|仍|继续|同样|也|一样|执行|限行|实行|实施|适用")
_AS_WEEKDAY = re.compile(r"对应(?:调休)?的?工作日|所(?:对应|调)[^,;]{0,6}工作日")


@dataclass(frozen=True, kw_only=True)
class DaysTold:
    """How a card writes the days. `remark`: what a person must look at; `sentences`: where it was read."""

    days: Reading[tuple[str, ...]]
    makeup: Reading[str]
    bridged: Reading[str]
    remark: str | None = None


@dataclass
class _Named:
    """What the sentences name, each with the sentence."""

    base: dict[str, Sentence] = field(default_factory=dict)
    out: dict[str, Sentence] = field(default_factory=dict)
    weekdays: dict[str, Sentence] = field(default_factory=dict)
    of_tails: dict[str, Sentence] = field(default_factory=dict)


def read_days(sentences: Sequence[Sentence], by_weekday: Sequence[Sentence] = ()) -> DaysTold:
    """What these sentences say of days. `by_weekday`: those whose weekdays are the tails', not the days'."""
    named = _Named()
    for one in sentences:
        _name(one, named, has_tails=one in by_weekday)
    if "daily" not in named.base:  # 每日 beside 周一至周五分别限…: the days of the week are the tails'
        named.weekdays = named.of_tails | named.weekdays
    bridged: Reading[str] = None
    if "core" in named.out:
        bridged = Found(BridgedDay.UNKNOWN.value, (named.out["core"],))
    days, remark = _decided(named)
    makeup = _makeup(sentences)
    if isinstance(days, Found) and days.value == (DAILY,):
        makeup = makeup or Found(MakeupWorkday.RESTRICTED.value, days.sentences)
        if isinstance(makeup, Found) and makeup.value != MakeupWorkday.RESTRICTED:
            makeup = Unread("每天都管，调休上班又另有说法，请照原文分开写", makeup.sentences)
    return DaysTold(days=days, makeup=makeup, bridged=bridged, remark=remark)


def is_about_days(plain: str) -> bool:
    """Whether an item names days rather than vehicles."""
    return any(one.search(plain) for one in (_WEEKEND, _HOLIDAY, _CORE, _MAKEUP, _NAMED)) or "工作日" in plain


def _name(one: Sentence, named: _Named, *, has_tails: bool) -> None:
    text = ",".join(part for part in re.split(r"[,;:()]", _open(one.plain)) if not _MAKEUP.search(part))
    text = re.sub(r"工作日(?:的|内)?每[日天]|每个?工作日", "工作日", text)
    if "工作日" in text:
        named.base.setdefault("workday", one)
    if re.search(r"每[日天](?!期)|全年", text):
        named.base.setdefault("daily", one)
    for match in _RANGE.finditer(text):
        for number in range(_SIGNS.index(match[1]), _SIGNS.index(match[2]) + 1):
            (named.of_tails if has_tails else named.weekdays).setdefault(WEEKDAYS[number], one)
    text = _RANGE.sub("□", text)
    for kind, pattern in (("core", _CORE), ("weekend", _WEEKEND), ("holiday", _HOLIDAY)):
        for match in pattern.finditer(text):
            is_out = bool(_OUT.match(text[match.end() :])) or bool(
                re.search(r"除[^,;外]*$", text[: match.start()]) and "外" in text[match.end() :]
            )
            if is_out:
                named.out.setdefault(kind, one)
            elif re.fullmatch(_SATURDAY_SUNDAY, match[0]):
                for word in ("saturday", "sunday"):
                    named.weekdays.setdefault(word, one)
            else:
                named.base.setdefault(kind, one)
        text = pattern.sub("□", text)
    if not has_tails:
        for match in _NAMED.finditer(text):
            named.weekdays.setdefault(WEEKDAYS[_SIGNS.index(match[1])], one)


def _open(plain: str) -> str:
    """Without dates, and with an exclusion in brackets told as one after a comma."""
    return without_dates(plain)


def _decided(named: _Named) -> tuple[Reading[tuple[str, ...]], str | None]:
    base, out = named.base, named.out
    ones = tuple(dict.fromkeys((*base.values(), *named.weekdays.values(), *out.values())))
    if not ones:
        return None, None
    if "core" in base or ("daily" in base and ("workday" in base or named.weekdays)):
        return Unread("哪些日子：有两种说法", ones), None
    if "workday" in base:
        extra = {"weekend", "holiday"} & set(base)
        if extra or not set(named.weekdays) <= set(WEEKDAYS[:5]):
            return Unread("哪些日子：工作日以外还写了别的日子", ones), None
        return Found(("workday",), ones), None
    if named.weekdays:
        return _weekdays(named, ones)
    if base and "daily" not in base:
        if out:
            return Unread("哪些日子：又写在内，又写除外", ones), None
        return Found(tuple(kind for kind in ("weekend", "holiday") if kind in base), ones), None
    if "daily" in base and {"weekend", "holiday"} & set(base):
        # 每天，含节假日和双休日
        return (Unread("哪些日子：又写在内，又写除外", ones) if out else Found((DAILY,), ones)), None
    gone = {"holiday" if kind == "core" else kind for kind in out}
    if not gone:
        return Found((DAILY,), ones), None
    return Found(tuple(kind for kind in ("workday", "weekend", "holiday") if kind not in gone), ones), None


def _weekdays(named: _Named, ones: tuple[Sentence, ...]) -> tuple[Reading[tuple[str, ...]], str | None]:
    words = tuple(word for word in WEEKDAYS if word in named.weekdays)
    has_holiday_out = bool({"holiday", "core"} & set(named.out))
    if {"weekend", "holiday"} & set(named.base):
        return Unread("哪些日子：又写星期几，又写休息日或节假日", ones), None
    if words == WEEKDAYS[:5] and has_holiday_out:
        return Found(("workday",), ones), None
    if has_holiday_out:
        return Unread("哪些日子：写了星期几，又写节假日除外，请分开写", ones), None
    return Found(words, ones), "公告写的是星期几，没写法定节假日算不算，请核实后再定 days"


def _makeup(sentences: Sequence[Sentence]) -> Reading[str]:
    told = [(one, _makeup_of(one.plain)) for one in sentences if _MAKEUP.search(one.plain)]
    if not told:
        return None
    for one, value in told:
        if isinstance(value, Doubt):
            return Unread(value.why, (one,))
    values = {value for _, value in told}
    if len(values) > 1:
        return Unread("调休上班的日子：有两种说法", tuple(one for one, _ in told))
    return Found(str(told[0][1]), (told[0][0],))


def _makeup_of(plain: str) -> str | Doubt:
    """Of the words around 调休 alone: what follows them up to the next bracket, at most one comma on."""
    text = without_dates(plain)
    match = _MAKEUP.search(text)
    if match is None:
        return Doubt("调休上班的日子怎么算")
    after = re.split(r"[;)]", text[match.end() :])[0]
    before = re.split(r"[;(]", text[: match.start()])[-1]
    if _AS_WEEKDAY.search(after):
        return MakeupWorkday.AS_WEEKDAY.value
    if re.search(r"工作日\((?:含|包括)", text[: match.start()]):
        return MakeupWorkday.RESTRICTED.value
    if before.endswith(("含", "包括")) or re.search(r"按[^,;]*$", before):
        return Doubt("调休上班的日子怎么算，原文有两种读法")
    parts = after.split(",")
    for part in parts[:2]:
        if re.search(r"除外|不限|不受|不执行|不实行|不实施|不在", part):
            return MakeupWorkday.FREE.value
        if _ON.search(part):
            return MakeupWorkday.RESTRICTED.value
    return Doubt("调休上班的日子怎么算")
