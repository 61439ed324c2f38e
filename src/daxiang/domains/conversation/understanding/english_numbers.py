"""English numbers with their months, hours, seats, metres, as Chinese: december 1st, at 2, in two hours."""

from __future__ import annotations

import re

_MONTHS = (
    "JAN(?:UARY)?", "FEB(?:RUARY)?", "MAR(?:CH)?", "APR(?:IL)?", "MAY", "JUNE?", "JULY?", "AUG(?:UST)?",
    "SEPT?(?:EMBER)?", "OCT(?:OBER)?", "NOV(?:EMBER)?", "DEC(?:EMBER)?",
)  # fmt: skip
_MONTH = f"(?P<month>{'|'.join(f'(?:{month})' for month in _MONTHS)})(?![A-Z])"
_ONES = {
    "ONE": 1,
    "TWO": 2,
    "THREE": 3,
    "FOUR": 4,
    "FIVE": 5,
    "SIX": 6,
    "SEVEN": 7,
    "EIGHT": 8,
    "NINE": 9,
    "TEN": 10,
    "ELEVEN": 11,
    "TWELVE": 12,
}
_COUNT = f"(?P<n>(?<![0-9.:])[0-9]{{1,2}}|{'|'.join(_ONES)})"
_DAY = "(?<![0-9A-Z.:])(?:THE )?(?P<day>3[01]|[12][0-9]|0?[1-9])"
_TH = "(?:ST|ND|RD|TH)(?![A-Z0-9])"
_END = "(?![0-9A-Z.:])"
_DATES = (
    re.compile(rf"(?:ON )?(?<![A-Z]){_MONTH} ?{_DAY} ?{_TH}"),
    re.compile(rf"(?:ON )?{_DAY} ?{_TH} (?:OF )?{_MONTH}"),
    re.compile(rf"ON (?<![A-Z]){_MONTH} ?{_DAY}{_END}"),
    re.compile(rf"ON {_DAY} (?:OF )?{_MONTH}(?! ?[0-9])"),
)
"""Dates that can be nothing else."""
_BETWEEN = re.compile(rf"(?<![0-9A-Z])(?P<before>[0-9]{{1,2}}) ?{_MONTH} ?(?P<after>[0-9]{{1,2}}){_END}")
_LAX = (
    re.compile(rf"{_DAY} ?{_MONTH}"),
    re.compile(rf"(?<![A-Z]){_MONTH} ?{_DAY}{_END}"),
)
_OF_MONTH = re.compile(
    rf"(?:ON )?{_DAY} ?{_TH}(?! (?:BRIDGE|TUNNEL|RING|ROAD|LINE|YANGTZE|STREET|AVENUE|FLOOR))"
)
_DELAY = re.compile(
    rf"(?:IN |AFTER )(?:{_COUNT}|(?P<half>HALF AN)|(?P<an>AN|A)) ?(?P<unit>HOUR|HR|MINUTE|MIN)S?(?![A-Z])"
    rf"|(?<![A-Z0-9]){_COUNT.replace('?P<n>', '?P<later>')} ?(?P<units>HOUR|HR|MINUTE|MIN)S?"
    r" (?:LATER|FROM NOW)\b"
)
_SEATS = re.compile(rf"(?<![A-Z0-9.:]){_COUNT} ?SEAT(?:S|ERS?)?(?![A-Z])")
_METRES = "(?P<m>[0-9](?:\\.[0-9]{1,2})?) ?(?:M|METERS?|METRES?)(?![A-Z0-9])"
_HIGH = re.compile(rf"(?<![0-9.]){_METRES} ?(?:HIGH|TALL|HEIGHT|IN HEIGHT)(?![A-Z])")
_HEIGHT = re.compile(rf"(?<![A-Z])(?:HEIGHT|HIGH|TALL)(?: IS| OF)? ?{_METRES}")
_AT = re.compile(
    rf"(?<![A-Z])(?<!ENDS )(?<!END )(?<!ENDING )AT (?P<hour>{_COUNT})"
    rf"(?::(?P<minutes>[0-5][0-9]))?(?: O ?CLOCK)?{_END}(?! ?[AP]M)"
    rf"|(?<![0-9A-Z.:])(?P<clock>1[0-2]|[1-9]|{'|'.join(_ONES)}) O ?CLOCK(?![A-Z])"
)


def numbers_in_chinese(line: str) -> str:
    """A normal English line with Chinese for its dates, hours, delays, seats and heights; the rest stays.

    A month between two figures of which either may be the day (1 december 6) stays unread.
    """
    for pattern in _DATES:
        line = pattern.sub(_date, line)
    line = _BETWEEN.sub(_between, line)
    for pattern in _LAX:
        line = pattern.sub(_lax, line)
    line = _OF_MONTH.sub(lambda found: f" {int(found['day'])}号 ", line)
    line = _DELAY.sub(_delay, line)
    line = _SEATS.sub(lambda found: f" {_number(found['n'])}座 ", line)
    line = _HIGH.sub(lambda found: f" 车高{found['m']}米 ", line)
    line = _HEIGHT.sub(lambda found: f" 车高{found['m']}米 ", line)
    return _AT.sub(_clock, line)


def _number(said: str) -> int:
    return _ONES[said] if said in _ONES else int(said)


def _month(said: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, start=1) if re.fullmatch(month, said))


def _date(found: re.Match[str]) -> str:
    return f" {_month(found['month'])}月{int(found['day'])}日 "


def _lax(found: re.Match[str]) -> str:
    """A figure beside a month; beside MAY it may as well be the tail: 5 may go."""
    return found[0] if found["month"] == "MAY" else _date(found)


def _between(found: re.Match[str]) -> str:
    """5 november 30: of two figures the one that is longer is the day; alike, neither is."""
    before, after = found["before"], found["after"]
    if len(before) == len(after):
        return f"{before} UNSURE{found['month']} {after}"
    day, other = (before, after) if len(before) > len(after) else (after, before)
    if not 1 <= int(day) <= 31:
        return f"{before} UNSURE{found['month']} {after}"
    return f" {_month(found['month'])}月{int(day)}日 {other}"


def _delay(found: re.Match[str]) -> str:
    unit = "小时" if (found["unit"] or found["units"]).startswith("H") else "分钟"
    if found["half"]:
        return f" 半{unit}后 "
    count = found["n"] or found["later"]
    return f" {_number(count) if count else 1}{unit}后 "


def _clock(found: re.Match[str]) -> str:
    hour = _number(found["hour"] or found["clock"])
    minutes = found["minutes"]
    return found[0] if hour > 24 else f" {hour}点{f'{minutes}分' if minutes and minutes != '00' else ''} "
