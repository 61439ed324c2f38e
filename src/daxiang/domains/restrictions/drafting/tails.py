"""Which tails a notice bans, and how plates count that end in a letter, a Hanzi, or are temporary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from daxiang.domains.restrictions.drafting.dates import stretches, without_dates
from daxiang.domains.restrictions.drafting.findings import Doubt, Found, Reading, Unread
from daxiang.domains.restrictions.drafting.sentences import Sentence
from daxiang.domains.restrictions.tails import SignRule, TailRule

_AND = r"(?:[、和与及或/]|以及|或者)"
_GROUP = rf"(?<!\d)\d(?:{_AND}\d)*(?![\d时点:月年分座天轴次吨米条级号]|日)"
_SIGNS = "一二三四五六日"
_FORWARD = re.compile(rf"周([{_SIGNS}])(?!至|到|-)[^周\d;]{{0,24}}?({_GROUP}|(?<!\d)\d(?:{_AND}\d)*(?=号))")
_BACKWARD = re.compile(rf"({_GROUP}|(?<!\d)\d(?:{_AND}\d)*(?=号))[^周\d;]{{0,24}}?周([{_SIGNS}])(?!至|到|-)")
_FIVE_DAYS = re.compile(r"周一(?:至|到|-)周?五")
_TIGHT = re.compile(r"(?<!\d)\d(?:[和与及/]\d)+(?!\d)")
_OF_DATES = re.compile(
    r"(?:日期|公历日期|当日)(?:的)?(?:尾数|末位数?字?)(?:为|是|逢)?((?<!\d)\d(?:[、和与及或/]\d)*)(?!\d)"
)
_LISTED = re.compile(r"(?:每月)?((?:(?<!\d)\d{1,2}日?[、和及与])+\d{1,2}日)")
_OF_PLATES = re.compile(
    rf"(?<!期)(?<!期的)(?:尾号|末位数?字?|最后[1一](?:位|个)(?:阿拉伯)?数字)(?:号?码)?(?:分别)?(?:为|是)?[:\"“]?({_GROUP}|\d(?:{_AND}\d)*(?=号))"
)
_PARITY = re.compile(r"单双号|单双日|单号[^。]*双号|双号[^。]*单号")
_WRONG_PARITY = re.compile(
    r"单日[^,;双]{0,8}(?:禁止|禁|限制|限行|不得|不准|停)[^,;双]{0,14}单号|单号[^,;双]{0,14}单日[^,;双]{0,6}(?:禁|限|不得|不准|停)"
)
_ABOUT = re.compile(r"尾号|单双号|单双日|单号|双号|末位|最后(?:一|1)[位个](?:阿拉伯)?数字")
_ALLOWED = re.compile(r"允许|准予|准许|可以|方可|可通行|通行")
_BANNED = re.compile(r"限|禁|停|不得|不准|不能")
_NEXT_TO = re.compile(r"日期[^,;]*(?:前后|前[一1]位[^,;]*后[一1]|相邻)")
_LAST = re.compile(r"最后(?:的)?[一1](?:位|个)(?:阿拉伯)?数字|末位(?:阿拉伯)?数字")
ENGLISH = "字母"


@dataclass(frozen=True, kw_only=True)
class RotationPeriod:
    """A published stretch, both days included."""

    first: date
    last: date
    pairs: dict[int, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True)
class TailTold:
    """Which tails are out. What the rule does not use is empty."""

    rule: TailRule
    pairs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    periods: tuple[RotationPeriod, ...] = ()
    groups: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()
    digits: tuple[int, ...] = ()


def is_about_tails(plain: str) -> bool:
    """Whether a text speaks of the tails of plates."""
    return bool(_ABOUT.search(plain))


def has_pairs(plain: str) -> bool:
    """Whether the weekdays that a text names are those of tails."""
    return bool(_spread(plain) or _single(plain))


def read_tail(sentences: Sequence[Sentence]) -> Reading[TailTold]:
    """The rule of these sentences; None where none speaks of tails."""
    told: list[tuple[Sentence, TailTold | Doubt]] = []
    for one in sentences:
        told += [(one, found) for found in _read(one.plain)]
    if not told:
        about = tuple(one for one in sentences if is_about_tails(one.plain))
        return Unread("尾号怎么限", about) if about else None
    for one, value in told:
        if isinstance(value, Doubt):
            return Unread(value.why, (one,))
    return _together([(one, value) for one, value in told if isinstance(value, TailTold)])


def _together(told: list[tuple[Sentence, TailTold]]) -> Reading[TailTold]:
    # A bare list of digits beside a fuller statement is the same statement's beginning.
    fuller = [pair for pair in told if pair[1].rule is not TailRule.DIGITS]
    told = fuller or told
    ones = tuple(dict.fromkeys(one for one, _ in told))
    rules = {value.rule for _, value in told}
    if len(rules) > 1:
        return Unread("尾号怎么限：有两种说法", ones)
    rule = rules.pop()
    if rule is TailRule.WEEKDAY_PAIRS:
        return _joined_pairs([value.pairs for _, value in told], ones)
    if rule is TailRule.ROTATION:
        periods = sorted((one for _, value in told for one in value.periods), key=lambda one: one.first)
        return Found(TailTold(rule=rule, periods=tuple(periods)), ones)
    if rule is TailRule.DATE_GROUPS:
        return _joined_groups([group for _, value in told for group in value.groups], ones)
    if any(value != told[0][1] for _, value in told):
        return Unread("尾号怎么限：有两种说法", ones)
    return Found(told[0][1], ones)


def _joined_pairs(
    found: Sequence[dict[int, tuple[int, ...]]], ones: tuple[Sentence, ...]
) -> Reading[TailTold]:
    pairs: dict[int, tuple[int, ...]] = {}
    for one in found:
        for weekday, digits in one.items():
            if pairs.setdefault(weekday, digits) != digits:
                return Unread(f"周{_SIGNS[weekday]}限哪两个尾号：有两种说法", ones)
    return Found(TailTold(rule=TailRule.WEEKDAY_PAIRS, pairs=dict(sorted(pairs.items()))), ones)


def _joined_groups(
    groups: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], ones: tuple[Sentence, ...]
) -> Reading[TailTold]:
    dates = [day for _, days in groups for day in days]
    if len(set(dates)) < len(dates):
        return Unread("每月哪几日限哪些尾号：有一天写了两次", ones)
    return Found(TailTold(rule=TailRule.DATE_GROUPS, groups=tuple(groups)), ones)


def _read(plain: str) -> list[TailTold | Doubt]:
    if _NEXT_TO.search(plain) and is_about_tails(plain):
        return [TailTold(rule=TailRule.NEXT_TO_DATE)]
    if (by_date := _by_date(plain)) is not None:
        return [by_date]
    if pairs := _spread(plain) or _single(plain):
        return [_of_pairs(plain, pairs)]
    if _PARITY.search(plain):
        wrong = _WRONG_PARITY.search(without_dates(plain))
        return [
            Doubt("单日禁单号，和规则卡的 parity 正相反，请照原文另写")
            if wrong
            else TailTold(rule=TailRule.PARITY)
        ]
    match = _OF_PLATES.search(without_dates(plain))
    if match and ENGLISH not in plain[: match.end()]:
        if _is_leave(plain):
            return [Doubt("写的是准走的尾号，不是限的")]
        return [TailTold(rule=TailRule.DIGITS, digits=_digits(match[1]))]
    return []


def _of_pairs(plain: str, pairs: dict[int, tuple[int, ...]]) -> TailTold | Doubt:
    if _is_leave(plain):
        return Doubt("写的是准走的尾号，不是限的")
    if any(len(set(digits)) < len(digits) for digits in pairs.values()):
        return Doubt("同一天里一个尾号写了两次")
    spans = stretches(plain)
    if len(spans) > 1:
        return Doubt("一句里写了几段轮换，请分开写")
    if not spans:
        return TailTold(rule=TailRule.WEEKDAY_PAIRS, pairs=pairs)
    first, last = spans[0].start.date(), (spans[0].end - timedelta(minutes=1)).date()
    return TailTold(rule=TailRule.ROTATION, periods=(RotationPeriod(first=first, last=last, pairs=pairs),))


def _is_leave(plain: str) -> bool:
    return bool(_ALLOWED.search(plain)) and not _BANNED.search(plain)


def _spread(plain: str) -> dict[int, tuple[int, ...]]:
    """周一至周五分别限行1和6、2和7、…: five groups behind five days."""
    match = _FIVE_DAYS.search(plain)
    if match is None:
        return {}
    groups = _TIGHT.findall(without_dates(plain[match.end() :]))
    return {day: _digits(group) for day, group in enumerate(groups)} if len(groups) == 5 else {}


def _single(plain: str) -> dict[int, tuple[int, ...]]:
    """周一限行1和6 …, or 尾号1和6周一限行 …; each weekday once."""
    text = re.sub(rf"周[{_SIGNS}](?:至|到|-)周?[{_SIGNS}]", "□", without_dates(plain))
    text = re.sub(r"\d{1,2}(?:[时点](?:\d{1,2}分?|半)?|:\d\d)", "□", text)
    forward = [(match[1], match[2]) for match in _FORWARD.finditer(text)]
    backward = [(match[2], match[1]) for match in _BACKWARD.finditer(text)]
    found = forward
    first_day = re.search(rf"周[{_SIGNS}]", text)
    first_group = re.search(rf"{_GROUP}|(?<!\d)\d(?:{_AND}\d)*(?=号)", text)
    if first_day and first_group and first_group.start() < first_day.start():
        found = backward
    if not found or (
        len(found) == 1 and not is_about_tails(plain) and not _BANNED.search(plain) and ":" not in plain
    ):
        return {}
    pairs: dict[int, tuple[int, ...]] = {}
    for sign, digits in found:
        pairs.setdefault(_SIGNS.index(sign), _digits(digits))
    return dict(sorted(pairs.items()))


def _by_date(plain: str) -> TailTold | Doubt | None:
    """尾号为1、6的每月1日、6日…限行, or 日期尾数为1、6的日子限尾号1、6."""
    tails = _OF_PLATES.search(without_dates(plain))
    of_dates = _OF_DATES.search(plain)
    listed = None if of_dates or not tails else _LISTED.search(re.sub(r"\d{1,2}月\d", "□", plain))
    if of_dates is None and listed is None:
        return None
    if tails is None or _is_leave(plain):
        return Doubt("每月哪几日限哪些尾号")
    if of_dates:
        ends = _digits(of_dates[1])
        days = tuple(day for day in range(1, 32) if day % 10 in ends)
    else:
        days = tuple(int(day) for day in re.findall(r"\d{1,2}", listed[1] if listed else ""))
    if not days or len(set(days)) < len(days) or not all(1 <= day <= 31 for day in days):
        return Doubt("每月哪几日限哪些尾号")
    return TailTold(rule=TailRule.DATE_GROUPS, groups=((_digits(tails[1]), days),))


def _digits(text: str) -> tuple[int, ...]:
    return tuple(int(sign) for sign in text if sign in "0123456789")


_ZERO = r"(?:按|视为|以|为)(?:照)?(?:尾号|数字|双号)?[\"“]?0[\"”]?号?"


_SIGN_RULES = (
    (SignRule.ZERO, _ZERO),
    (SignRule.EVEN, r"(?:按|视为)(?:照)?[\"“]?双(?:号|数)"),
    (SignRule.LAST_DIGIT_BEFORE, r"(?:最后|末|前|倒数)[^,;]{0,14}数字"),
)


def read_letter(plain: str) -> str | Doubt | None:
    """How a plate counts that ends in a letter."""
    at = plain.find(ENGLISH)
    if at < 0:
        says_last = _LAST.search(plain) and is_about_tails(plain)
        return SignRule.LAST_DIGIT_BEFORE.value if says_last else None
    if not re.search(r"尾号|末位|最后|号牌|车牌", plain):
        return None
    return _sign_rule(plain[at:], "尾号是字母的怎么算")


def read_hanzi(plain: str) -> str | Doubt | None:
    """How a plate counts that ends in a Hanzi."""
    at = plain.find("汉字")
    if at >= 0:
        return _sign_rule(plain[at:], "尾号是汉字的怎么算")
    says_last = _LAST.search(plain) and is_about_tails(plain) and ENGLISH not in plain
    return SignRule.LAST_DIGIT_BEFORE.value if says_last else None


def _sign_rule(text: str, what: str) -> str | Doubt:
    """What is said first behind the word; nothing where another kind of plate is named before it."""
    found = [
        (match.start(), rule)
        for rule, pattern in _SIGN_RULES
        if (match := re.search(pattern, text.split(";")[0])) is not None
    ]
    if not found or re.search(r"临时|临牌", text[: min(found)[0]]):
        return Doubt(what)
    return min(found)[1].value


def read_temporary(plain: str) -> str | Doubt | None:
    """How a temporary plate counts."""
    match = re.search(r"临时(?:行驶车?)?(?:号牌|牌照|车牌)|临牌", plain)
    if match is None:
        return None
    after = plain[match.end() :][:16]
    before = plain[: match.start()]
    if re.match(rf"(?:的?机动车|的?车辆|的)?,?{_ZERO}", after):
        return SignRule.ZERO.value
    if re.match(r"(?:的?机动车|的?车辆|的)?,?(?:一律|全部|均)?(?:禁止|不得|禁行)", after):
        return SignRule.BANNED.value
    if re.match(r"(?:的?机动车|的?车辆|的)?,?(?:以|按)(?:最后|末)", after):
        return SignRule.LAST_DIGIT_BEFORE.value
    if re.search(r"(?:含|包括|及|和|、)[^,;()]{0,8}$", before):
        mixed = re.search(_ZERO, plain)
        return Doubt("临时号牌看尾数还是按0算") if mixed else SignRule.LAST_DIGIT_BEFORE.value
    return Doubt("临时号牌怎么算")
