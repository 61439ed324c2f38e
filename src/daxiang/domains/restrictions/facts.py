"""What only the driver knows, and a notice asks for: a closed set, so that a card cannot ask for more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from daxiang.kernel.errors import DomainError


class FactUnreadable(DomainError):
    """A fact is not of its type; `str(error)` names it and what would be right."""

    code: ClassVar[str] = "fact_unreadable"


class FactName(StrEnum):
    """The facts. Those in `ASKED` leave the answer conditional; the others are taken for no unless told."""

    ENTRY_PERMIT = "entry_permit"  # holds a permit to enter (进京证) on that day
    FIRST_ARRIVAL = "first_arrival"  # the day of arrival, or False
    DAYS_DRIVEN = "days_driven"  # the days on which it was driven inside
    REGIONAL_PLATE = "regional_plate"  # a plate bound to a region (浙A区域号牌), which its signs do not tell
    NOVICE = "novice"  # the driver is in the trial year (实习期)
    UNLOADED = "unloaded"  # a taxi without passengers
    TRANSIT = "transit"  # passes by expressway and does not leave it
    EXEMPT_DAY = "exempt_day"  # a day of grace was applied for
    PASS = "pass"  # holds a pass or has reported  # noqa: S105


ASKED = frozenset({FactName.ENTRY_PERMIT, FactName.FIRST_ARRIVAL, FactName.DAYS_DRIVEN})

FACT_TEXTS: dict[FactName, str] = {
    FactName.ENTRY_PERMIT: "有没有办进京证",
    FactName.FIRST_ARRIVAL: "是不是第一次到、哪天到的",
    FactName.DAYS_DRIVEN: "前几天哪些天开过",
    FactName.REGIONAL_PLATE: "是不是区域号牌",
    FactName.NOVICE: "是不是实习期",
    FactName.UNLOADED: "车上有没有乘客",
    FactName.TRANSIT: "是不是只从高速过境",
    FactName.EXEMPT_DAY: "有没有申请免限行的日子",
    FactName.PASS: "有没有通行证",
}
"""Each fact as it is asked for."""

ANY_DAY = "any_day"
"""In place of the day of arrival while it is being tried out: whatever day is asked about."""
SPENT = "spent"
"""In place of the days driven while it is being tried out: the run is over on any day on which it can be."""

FactValue = bool | str | date | frozenset[date] | tuple[date] | None
Facts = tuple[tuple[FactName, FactValue], ...]
"""The facts that are known, in the order of their names."""


def told_facts(told: Mapping[str, object], on: date | None) -> dict[FactName, FactValue]:
    """The facts as a case or a question tells them; what is not told is left out. Raises FactUnreadable.

    `first_arrival` goes with `arrived_on`; without it the arrival is taken for the day asked about, `on`.
    The day alone, in a tuple: arrived then, whether for the first time is not told.
    """
    found: dict[FactName, FactValue] = {}
    for name in FactName:
        value = told.get(name.value)
        if value is None:
            if name is FactName.FIRST_ARRIVAL and told.get("arrived_on") is not None:
                found[name] = (_day("arrived_on", told["arrived_on"]),)
            continue
        if name is FactName.DAYS_DRIVEN:
            found[name] = _days(value)
        elif not isinstance(value, bool):
            raise FactUnreadable(f"facts.{name} 要写成 true 或 false。")
        elif name is FactName.FIRST_ARRIVAL:
            arrived = told.get("arrived_on")
            found[name] = value and (on or ANY_DAY if arrived is None else _day("arrived_on", arrived))
        else:
            found[name] = value
    return found


def _days(value: Any) -> frozenset[date]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise FactUnreadable('facts.days_driven 要写成一列日期，比如 ["2024-08-05"]。')
    return frozenset(_day("days_driven", one) for one in value)


def _day(name: str, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise FactUnreadable(f"facts.{name} 里的日期要写成 2024-08-05 这样。") from None
