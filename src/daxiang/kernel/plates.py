"""Number plates: what a person types, turned into the one form that the whole system uses.

The patterns follow GA 36-2018 (civil plates) as far as they are publicly known. Plates of the armed forces
are not registered with the traffic police and are refused with a sentence that says so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from daxiang.kernel.errors import DomainError

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
"""The 31 one-character names that a civil plate can begin with."""


class PlateUnreadable(DomainError):
    """The text is not a plate. Ask for it again; `str(error)` says in one sentence what to look at."""

    code: ClassVar[str] = "plate_unreadable"


class PlateKind(StrEnum):
    """What the look of a plate tells about the vehicle. Finer kinds (号牌种类) come only from a record."""

    ORDINARY = "ordinary"
    NEW_ENERGY_SMALL = "new_energy_small"
    NEW_ENERGY_LARGE = "new_energy_large"
    TRAILER = "trailer"
    COACH = "coach"  # 学: a driving school's car
    POLICE = "police"
    CONSULATE = "consulate"
    EMBASSY = "embassy"
    HONG_KONG = "hong_kong"
    MACAU = "macau"
    EMERGENCY = "emergency"
    TEMPORARY = "temporary"


@dataclass(frozen=True, kw_only=True)
class Plate:
    """One plate. `number` is normalised: upper case, half width, no blanks, no dots (鄂A12345)."""

    number: str
    kind: PlateKind

    @property
    def masked(self) -> str:
        """The plate as it may be shown, also to its owner: 鄂A·1***5."""
        if self.kind is PlateKind.EMBASSY:
            return f"{self.number[0]}***{self.number[-1]}"
        return f"{self.number[:2]}·{self.number[2]}***{self.number[-1]}"

    @cached_property
    def tail_digit(self) -> str | None:
        """The last Arabic digit, letters and Hanzi behind it skipped: 鄂A1234K -> 4, 鄂A71B2Z -> 2."""
        return next((sign for sign in reversed(self.number) if sign in "0123456789"), None)

    @property
    def is_new_energy(self) -> bool:
        """Whether it is a green plate."""
        return self.kind in (PlateKind.NEW_ENERGY_SMALL, PlateKind.NEW_ENERGY_LARGE)


_AREA = f"[{PROVINCES}][A-HJ-NP-Z]"
_SIGN = "[A-HJ-NP-Z0-9]"
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # At least two of the five signs are digits: no series with more than three letters is known.
        (PlateKind.ORDINARY, rf"{_AREA}(?=(?:[A-Z]*[0-9]){{2}}){_SIGN}{{5}}"),
        (PlateKind.NEW_ENERGY_SMALL, rf"{_AREA}[A-HJK]{_SIGN}[0-9]{{4}}"),
        (PlateKind.NEW_ENERGY_LARGE, rf"{_AREA}[0-9]{{5}}[A-HJK]"),
        (PlateKind.HONG_KONG, rf"粤Z{_SIGN}{{4}}港"),
        (PlateKind.MACAU, rf"粤Z{_SIGN}{{4}}澳"),
        (PlateKind.TRAILER, rf"{_AREA}{_SIGN}{{4}}挂"),
        (PlateKind.COACH, rf"{_AREA}{_SIGN}{{4}}学"),
        # Police plates of the provincial office have kept the letter O in second place.
        (PlateKind.POLICE, rf"[{PROVINCES}][A-HJ-Z]{_SIGN}{{4}}警"),
        (PlateKind.CONSULATE, rf"{_AREA}{_SIGN}{{4}}领"),
        (PlateKind.EMBASSY, r"[0-9]{6}使|使[0-9]{6}"),
        (PlateKind.EMERGENCY, rf"[{PROVINCES}][XS]{_SIGN}{{4}}应急"),
        (PlateKind.TEMPORARY, rf"{_AREA}临{_SIGN}{{4,6}}"),
    )
)
_SEPARATORS = re.compile(r"[\s·.・•‧∙⋅\-‐‑–—_\u200b\ufeff]+")
_ARMED_FORCES = re.compile(rf"WJ[{PROVINCES}]?.*|[A-Z]{{2}}[0-9]{{5}}")
_EXAMPLE = "比如鄂A12345"


def read_plate(text: str) -> Plate:
    """The plate that a person typed: case, width, blanks and dots do not matter.

    Raises PlateUnreadable, whose text tells the person what to look at. The letters I and O do not occur in a
    serial; they are never silently read as 1 and 0.
    """
    number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    for kind, pattern in _PATTERNS:
        if pattern.fullmatch(number):
            return Plate(number=number, kind=kind)
    raise PlateUnreadable(_what_is_wrong(number))


def _what_is_wrong(number: str) -> str:
    """One sentence for the person, from the most telling fault to the least."""
    if not number:
        return f"没看到车牌号，请打完整，{_EXAMPLE}。"
    if _ARMED_FORCES.fullmatch(number):
        return "军车和武警车的号牌不在这里登记，查不了。"
    if number[0] not in PROVINCES:
        return f"车牌要从省份简称打起，{_EXAMPLE}。"
    if len(number) > 1 and number[1] in "IO":
        return f"车牌第二位没有字母{number[1]}，请再看一眼，{_EXAMPLE}。"
    for letter, digit in (("O", "0"), ("I", "1")):
        if letter in number[2:]:
            return f"车牌序号里没有字母{letter}，是不是数字{digit}？"
    if len(number) not in (7, 8):
        return f"车牌位数不对，蓝牌7位、绿牌8位，{_EXAMPLE}。"
    return f"这个车牌没认出来，请对着车牌再打一遍，{_EXAMPLE}。"
