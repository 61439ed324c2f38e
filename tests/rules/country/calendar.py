"""Holidays and makeup workdays of 2004 to 2026, written out from the State Council's notices.

Off periods as the notices name them ("6月18日放假，与周末连休" names that one day: the weekend beside it
stays a weekend). 2015 has the extra notice for 3 September, 2020 the one that lengthened the Spring Festival.
Core days (全体公民放假日): 全国年节及纪念日放假办法 in the wordings of 1999, 2007, 2013 and 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

OFF = """
2004 0101 0122-0128 0501-0507 1001-1007
2005 0101-0103 0209-0215 0501-0507 1001-1007
2006 0101-0103 0129-0204 0501-0507 1001-1007
2007 0101-0103 0218-0224 0501-0507 1001-1007 1230-1231
2008 0101 0206-0212 0404-0406 0501-0503 0607-0609 0913-0915 0929-1005
2009 0101-0103 0125-0131 0404-0406 0501-0503 0528-0530 1001-1008
2010 0101-0103 0213-0219 0403-0405 0501-0503 0614-0616 0922-0924 1001-1007
2011 0101-0103 0202-0208 0403-0405 0430-0502 0604-0606 0910-0912 1001-1007
2012 0101-0103 0122-0128 0402-0404 0429-0501 0622-0624 0930-1007
2013 0101-0103 0209-0215 0404-0406 0429-0501 0610-0612 0919-0921 1001-1007
2014 0101 0131-0206 0405-0407 0501-0503 0602 0908 1001-1007
2015 0101-0103 0218-0224 0405-0406 0501 0620 0622 0903-0905 0927 1001-1007
2016 0101 0207-0213 0404 0501-0502 0609-0611 0915-0917 1001-1007
2017 0101-0102 0127-0202 0402-0404 0501 0528-0530 1001-1008
2018 0101 0215-0221 0405-0407 0429-0501 0618 0924 1001-1007 1230-1231
2019 0101 0204-0210 0405 0501-0504 0607 0913 1001-1007
2020 0101 0124-0202 0404-0406 0501-0505 0625-0627 1001-1008
2021 0101-0103 0211-0217 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007
2022 0101-0103 0131-0206 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007 1231
2023 0101-0102 0121-0127 0405 0429-0503 0622-0624 0929-1006
2024 0101 0210-0217 0404-0406 0501-0505 0610 0915-0917 1001-1007
2025 0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008
2026 0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007
"""
MAKEUP = """
2004 0117 0118 0508 0509 1009 1010
2005 0205 0206 0430 0508 1008 1009
2006 0128 0205 0429 0430 0930 1008 1230 1231
2007 0217 0225 0428 0429 0929 0930 1229
2008 0202 0203 0504 0927 0928
2009 0104 0124 0201 0531 0927 1010
2010 0220 0221 0612 0613 0919 0925 0926 1009
2011 0130 0212 0402 1008 1009 1231
2012 0121 0129 0331 0401 0428 0929
2013 0105 0106 0216 0217 0407 0427 0428 0608 0609 0922 0929 1012
2014 0126 0208 0504 0928 1011
2015 0104 0215 0228 0906 1010
2016 0206 0214 0612 0918 1008 1009
2017 0122 0204 0401 0527 0930
2018 0211 0224 0408 0428 0929 0930 1229
2019 0202 0203 0428 0505 0929 1012
2020 0119 0426 0509 0628 0927 1010
2021 0207 0220 0425 0508 0918 0926 1009
2022 0129 0130 0402 0424 0507 1008 1009
2023 0128 0129 0423 0506 0625 1007 1008
2024 0204 0218 0407 0428 0511 0914 0929 1012
2025 0126 0208 0427 0928 1011
2026 0104 0214 0228 0509 0920 1010
"""
FEASTS = """
2004 0122
2005 0209
2006 0129
2007 0218
2008 0207 0404 0608 0914
2009 0126 0404 0528 1003
2010 0214 0405 0616 0922
2011 0203 0405 0606 0912
2012 0123 0404 0623 0930
2013 0210 0404 0612 0919
2014 0131 0405 0602 0908
2015 0219 0405 0620 0927
2016 0208 0404 0609 0915
2017 0128 0404 0530 1004
2018 0216 0405 0618 0924
2019 0205 0405 0607 0913
2020 0125 0404 0625 1001
2021 0212 0404 0614 0921
2022 0201 0405 0603 0910
2023 0122 0405 0622 0929
2024 0210 0404 0610 0917
2025 0129 0404 0531 1006
2026 0217 0405 0619 0925
"""
"""First day of the lunar year, and from 2008 Qingming, Dragon Boat and Mid-autumn."""

FIRST_YEAR, LAST_YEAR = 2004, 2026
FEASTS_OF_2027 = {
    *(date(2027, 2, day) for day in (5, 6, 7, 8)),  # 除夕 to 初三
    date(2027, 4, 5),
    date(2027, 6, 9),
    date(2027, 9, 15),
}
"""The law's days off that follow the moon and the sun; before the notice of that year."""
FIXED_BY_LAW = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
"""Days off in any year whose notice is not out, by the law of 2024, whatever the notice will arrange."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """One reading of a day. `core`: a day off for all citizens by law, not by arrangement."""

    on: date
    kind: str  # workday weekend holiday makeup
    core: bool = False

    @property
    def weekday(self) -> int:
        """0 Monday to 6 Sunday."""
        return self.on.weekday()


def _day(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))


def _dates(table: str) -> set[date]:
    found: set[date] = set()
    for line in table.split("\n"):
        year, *spans = line.split() or ["0"]
        for span in spans:
            first, _, last = span.partition("-")
            day = _day(int(year), first)
            while day <= _day(int(year), last or first):
                found.add(day)
                day += timedelta(days=1)
    return found


def _core_days(line: str) -> set[date]:
    year = int(line.split()[0])
    spring, *feasts = (_day(year, text) for text in line.split()[1:])
    first, count = (0, 3) if year < 2008 or 2014 <= year < 2025 else (-1, 3)
    if year >= 2025:
        count = 4
    days = {spring + timedelta(days=first + number) for number in range(count)} | set(feasts)
    days |= {date(year, 1, 1), date(year, 5, 1), *(date(year, 10, number) for number in (1, 2, 3))}
    if year < 2008:
        days |= {date(year, 5, 2), date(year, 5, 3)}
    if year >= 2025:
        days.add(date(year, 5, 2))
    return days


OFF_DAYS = _dates(OFF)
MAKEUP_DAYS = _dates(MAKEUP)
CORE_DAYS = {day for line in FEASTS.split("\n") if line for day in _core_days(line)} | {date(2015, 9, 3)}


def readings(day: date) -> list[Day]:
    """Every kind that day can be: one where its year's notice is known, several where it is not."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return [_known(day)]
    if (day.month, day.day) in FIXED_BY_LAW or day in FEASTS_OF_2027:
        return [Day(on=day, kind="holiday", core=True)]
    kinds = ["weekend", "makeup"] if day.weekday() >= 5 else ["workday"]
    found = [Day(on=day, kind=kind) for kind in kinds]
    if day.year == LAST_YEAR + 1:  # of which the law's own days are all known
        return [*found, Day(on=day, kind="holiday")]
    return [*found, Day(on=day, kind="holiday"), Day(on=day, kind="holiday", core=True)]


def _known(day: date) -> Day:
    if day in OFF_DAYS:
        return Day(on=day, kind="holiday", core=day in CORE_DAYS)
    if day in MAKEUP_DAYS:
        return Day(on=day, kind="makeup")
    return Day(on=day, kind="weekend" if day.weekday() >= 5 else "workday")
