"""The end of a plate: 5, 尾号5, 尾号是五, 尾号5和8, 71B2Z, K; and which digit of it counts."""

from __future__ import annotations

import re

from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.understanding.normal import NUMERALS, digits
from daxiang.domains.conversation.understanding.parts import Found, Part, Readers, words

WORDS = (
    words(
        Part.LETTER,
        "字母",
        "怎么看尾号 尾号怎么看 什么是尾号 尾号是什么 尾号怎么算 怎么算尾号 尾号看哪个 看哪个数字",
    )
    | words(
        Part.FILLER, None, "尾号 车牌 牌照 号牌 车尾号 车尾 尾数 结尾 末尾 车号 牌号 尾 号 车牌号 尾号的 末号"
    )
    | words(Part.AND, None, ", 和 跟 与 或 或者 还有 以及 同 及 / + 还是 外加 连同")
    | words(Part.ODD, True, "单号 单号车 奇数 单数 单数车 尾号单号 尾号单数 我是单 尾号单 车是单 单的")
    | words(Part.ODD, False, "双号 双号车 偶数 双数 双数车 尾号双号 尾号双数 我是双 尾号双 车是双 双的")
    | words(Part.FILLER, None, "单双号 限单双号 单号双号 单双数 单日 双日")
)

_MARK = (
    "(?:我们?|咱们?|俺)?的?(?:车牌号?|牌照|号牌|车辆|车子|车)?的?"
    "(?:WEIHAO|尾号|尾数|车尾数?|尾巴|末[位尾](?:数字?|号)?|最后(?:面|头)?(?:一|1)[位个](?:数字?|号)?|微号|维号|伟号|围号|委号|位号|为号|违号|尾耗|尾好|伟号码|尾号码)"
)
_RUN = f"(?:[0-9]+(?:[A-Z]{{1,3}}(?![A-Z]))?|[A-Z]{{1,2}}[0-9]+[A-Z]?|[{NUMERALS}]{{1,2}})"
_NO_UNIT = r"(?![0-9月日点时座米年天吨级环:]|[./-][0-9]|号线|分钟|个小时|小时|十|人座)"
_LIST = re.compile(
    rf"{_MARK}(?:车|的车|号)?(?:数字|字母|号码|码)?(?:是不是|就是|应该是|好像是|是个|是|为|乃|:| )*"
    rf"(?P<list>{_RUN}{_NO_UNIT}(?:号(?!线))?"
    rf"(?:(?: ?, ?|和|跟|与|或者?|还有|以及|及|/| )(?:{_MARK}(?:是|为| )*)?{_RUN}{_NO_UNIT}(?!号))*)"
)
_LETTER = re.compile(
    rf"{_MARK}(?:车|的车)?(?:数字|字母)?(?:是不是|是个|是|为|:| )*(?:字母|英文)?"
    "(?:([A-Z])(?![A-Z0-9])|(?<=字母)|(?<=英文))"
)
_ONE = re.compile(_RUN)
_MARK_ONLY = re.compile(_MARK)

_BARE = re.compile(r"(?P<serial>[0-9A-Z]+)(?![0-9A-Z])")
_DIGIT = re.compile(r"[0-9]")


_CARS = {digit: Car(tail=digit) for digit in "0123456789"}


def tail_car(digit: str) -> Car:
    """The car of which only this digit is known."""
    return _CARS[digit]


def car_of(run: str) -> Car:
    """The car of the end of a plate: its last digit counts, letters behind it do not."""
    return _CARS[[sign for sign in digits(run) if sign in _CARS][-1]]


def _marked(text: str, at: int, limit: int) -> Found | None:
    """尾号5和8: every tail that stands behind one mark."""
    found = _LIST.match(text, at, limit)
    if found is not None:
        listed = _MARK_ONLY.sub(" ", found["list"])
        return Part.TAIL, tuple(car_of(run) for run in _ONE.findall(listed)), found.end()
    letter = _LETTER.match(text, at, limit)
    if letter is not None:
        return Part.LETTER, letter[1] or "字母", letter.end()
    return None


def _bare(text: str, at: int, limit: int) -> Found | None:
    """Figures and letters that stand alone; what they are, the rest of the text tells."""
    found = _BARE.match(text, at, limit)
    if found is None:
        return None
    serial = found["serial"]
    if serial.isdigit():
        return Part.NUMBER, serial, found.end()
    if len(serial) == 1:
        return Part.LETTER, serial, found.end()
    if _DIGIT.search(serial) and len(serial) <= 5 and re.fullmatch("[A-Z]{0,3}[0-9]+[A-Z0-9]*", serial):
        return Part.TAIL, (car_of(serial),), found.end()
    return None


def _numeral(text: str, at: int, limit: int) -> Found | None:
    """A numeral that stands alone: 五能走吗."""
    sign = text[at]
    if (
        at + 1 < limit
        and text[at + 1] in "零一二三四五六七八九十百千万个下些样直般起种定切桥位辆座条次边环路天月日点时半"
    ):
        return None
    if at and text[at - 1] in "零一二三四五六七八九十百千万第十周期拜":
        return None
    return Part.NUMBER, digits(sign), at + 1


READERS: Readers = {
    "我咱俺的车牌号尾末最微维伟围委位为违W": _marked,
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ": _bare,
    "零一二三四五六七八九": _numeral,
}
