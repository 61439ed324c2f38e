"""Which tails a clause bans, and which digit of a plate counts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from daxiang.kernel.plates import Plate, PlateKind

DIGITS = frozenset("0123456789")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class TailRule(StrEnum):
    """Which tails a clause bans."""

    ALL = "all"  # the tail does not matter
    PARITY = "parity"  # banned: odd tails on even days of the month, even ones on odd days; 31st, 1st too
    NEXT_TO_DATE = (
        "next_to_date"  # banned: the digits before and after the date's last one; 9 and 1 on the 10th
    )
    WEEKDAY_PAIRS = "weekday_pairs"  # banned: the digits of the day of the week
    ROTATION = "rotation"  # the same, from a table of published periods; outside of them it is not known
    DATE_GROUPS = "date_groups"  # banned: the digits of the group that the day of the month is in
    DIGITS = "digits"  # banned: these digits


BY_WEEKDAY = frozenset({TailRule.WEEKDAY_PAIRS, TailRule.ROTATION})
"""The rules that look at the day of the week: of a worked weekend day it must be said as which it counts."""


class Sign(StrEnum):
    """What stands at the end of a plate, or what it is when its end does not count."""

    DIGIT = "digit"
    LETTER = "letter"
    HANZI = "hanzi"  # 学 警 挂 港 澳 领 使 应急
    TEMPORARY = "temporary"  # 临, whatever its end


class SignRule(StrEnum):
    """Which digit counts when a plate does not simply end in one."""

    LAST_DIGIT_BEFORE = "last_digit_before"
    ZERO = "zero"
    EVEN = "even"  # like any even digit
    BANNED = "banned"  # out whenever the clause is in force
    UNKNOWN = "unknown"  # the notice, as far as it was read, does not say


class Ending(NamedTuple):
    """How a plate ends: its last Arabic digit (None: not known, or none), and what stands at its end.

    `is_trailer`: of a trailer; `tractor` is then the last digit of its tractor's plate.
    """

    digit: str | None
    sign: Sign = Sign.DIGIT
    is_trailer: bool = False
    tractor: str | None = None


class Counted(NamedTuple):
    """The digit that counts. `is_told`: whether it may be named, as a digit that the plate really has or
    that the notice names; `is_unsaid`: the notice does not say which counts; `is_out`: out anyway.
    """

    digit: str | None
    is_told: bool = True
    is_unsaid: bool = False
    is_out: bool = False


@dataclass(frozen=True, kw_only=True)
class Period:
    """One published stretch of a rotation, both days included. `pairs`: weekday (0 is Monday) -> digits."""

    first: date
    last: date
    pairs: Mapping[int, frozenset[int]]


@dataclass(frozen=True, kw_only=True)
class DateGroup:
    """Digits that are out on these days of the month."""

    tails: frozenset[int]
    dates: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Tail:
    """Which tails are banned, and how the digit is found. What the rule does not use is empty.

    `letter` None: the rule does not look at the tail. `of_tractor`: of a semi-trailer the tractor's plate
    counts.
    """

    rule: TailRule
    letter: SignRule | None
    hanzi: SignRule = SignRule.LAST_DIGIT_BEFORE
    temporary: SignRule = SignRule.LAST_DIGIT_BEFORE
    of_tractor: bool = False
    pairs: Mapping[int, frozenset[int]] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()
    groups: tuple[DateGroup, ...] = ()
    digits: frozenset[int] = frozenset()

    def counted(self, ending: Ending) -> Counted:
        """The digit that counts of a plate that ends so."""
        if self.of_tractor and ending.is_trailer:
            return Counted(ending.tractor)
        rule = {
            Sign.DIGIT: SignRule.LAST_DIGIT_BEFORE,
            Sign.LETTER: self.letter or SignRule.LAST_DIGIT_BEFORE,
            Sign.HANZI: self.hanzi,
            Sign.TEMPORARY: self.temporary,
        }[ending.sign]
        return _COUNTED[rule](ending.digit)

    def banned_digits(self, day: date, weekday: int) -> frozenset[int] | None:
        """The digits that are out on a day that counts as this weekday; None: no notice reaches it."""
        return _BANNED[self.rule](self, day, weekday)


_COUNTED: dict[SignRule, Callable[[str | None], Counted]] = {
    SignRule.LAST_DIGIT_BEFORE: Counted,
    SignRule.ZERO: lambda _digit: Counted("0"),
    SignRule.EVEN: lambda _digit: Counted("0", is_told=False),
    SignRule.BANNED: lambda digit: Counted(digit, is_told=False, is_out=True),
    SignRule.UNKNOWN: lambda digit: Counted(digit, is_told=False, is_unsaid=True),
}

EVERY_DIGIT = frozenset(range(10))
ODD, EVEN = frozenset({1, 3, 5, 7, 9}), frozenset({0, 2, 4, 6, 8})


def digits_next_to(day: date) -> tuple[int, int]:
    """The digits before and after the last one of the date: 7 and 9 on the 8th, 9 and 1 on the 10th."""
    return (day.day - 1) % 10, (day.day + 1) % 10


def _rotated(tail: Tail, day: date, weekday: int) -> frozenset[int] | None:
    for period in tail.periods:
        if period.first <= day <= period.last:
            return period.pairs.get(weekday, frozenset())
    return None


def _grouped(tail: Tail, day: date, _weekday: int) -> frozenset[int]:
    return frozenset(digit for group in tail.groups if day.day in group.dates for digit in group.tails)


_BANNED: dict[TailRule, Callable[[Tail, date, int], frozenset[int] | None]] = {
    TailRule.ALL: lambda _tail, _day, _weekday: EVERY_DIGIT,
    TailRule.PARITY: lambda _tail, day, _weekday: EVEN if day.day % 2 else ODD,
    TailRule.NEXT_TO_DATE: lambda _tail, day, _weekday: frozenset(digits_next_to(day)),
    TailRule.WEEKDAY_PAIRS: lambda tail, _day, weekday: tail.pairs.get(weekday, frozenset()),
    TailRule.ROTATION: _rotated,
    TailRule.DATE_GROUPS: _grouped,
    TailRule.DIGITS: lambda tail, _day, _weekday: tail.digits,
}
"""The digits that are out on a day on which the clause is in force."""


def ending_of(plate: Plate | None, tail: str | None, *, is_trailer: bool, tractor: Plate | None) -> Ending:
    """How this plate ends; without one, a bare tail digit."""
    pulled_by = None if tractor is None else tractor.tail_digit
    if plate is None:
        return Ending(tail, Sign.DIGIT, is_trailer, pulled_by)
    return Ending(plate.tail_digit, _sign(plate), is_trailer, pulled_by)


def _sign(plate: Plate) -> Sign:
    return Sign.TEMPORARY if plate.kind is PlateKind.TEMPORARY else last_sign(plate)


def last_sign(plate: Plate) -> Sign:
    """What stands at the end of a plate: a digit, a letter, or Hanzi."""
    last = plate.number[-1]
    if last in DIGITS:
        return Sign.DIGIT
    return Sign.LETTER if last in _LETTERS else Sign.HANZI
