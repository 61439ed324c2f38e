"""Fourteen days, against plain arithmetic: odd and even by the date, weekends free."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from daxiang.sites.public.asked import Asked
from daxiang.sites.public.english_names import english_names
from daxiang.sites.public.found import find
from daxiang.sites.public.strip import strip
from daxiang.sites.public.tails import tails_today
from tests.sites.questions import TUESDAY

FIRST = date(2026, 11, 24)
"""From here fourteen days hold no holiday and no makeup workday."""


def _may(tail: str, day: date) -> bool:
    return day.weekday() >= 5 or int(tail) % 2 == day.day % 2


@pytest.mark.parametrize("tail", list("0123456789"))
def test_each_day_is_what_parity_and_the_weekday_say(tail: str) -> None:
    days = strip(find(Asked(tail=tail), TUESDAY, "wuhan"), home="/", names=None)
    for number, shown in enumerate(days):
        day = FIRST + timedelta(days=number)
        assert shown.iso == day.isoformat()
        assert (shown.tone == "may") is _may(tail, day)
        rest = "休息日" if day.weekday() >= 5 else "全天"
        assert shown.hours == (rest if _may(tail, day) else "7–22点")
        assert shown.is_rest is (day.weekday() >= 5)


def test_today_is_marked_and_the_asked_day_too() -> None:
    days = strip(find(Asked(tail="5", day=date(2026, 11, 26)), TUESDAY, "wuhan"), home="/", names=None)
    assert [day.iso for day in days if day.is_today] == ["2026-11-24"]
    assert [day.iso for day in days if day.is_asked] == ["2026-11-26"]


def test_each_day_leads_to_its_own_answer() -> None:
    days = strip(find(Asked(tail="5"), TUESDAY, "wuhan"), home="/m/", names=None)
    assert days[0].address == "/m/?tail=5"
    assert days[2].address == "/m/?tail=5&day=2026-11-26"


def test_a_plate_never_goes_into_the_address_of_a_day() -> None:
    days = strip(find(Asked(words="鄂A12345"), TUESDAY, "wuhan"), home="/", names=None)
    assert days[1].address == "/?tail=5&day=2026-11-25"


@pytest.mark.parametrize("asked", [Asked(), Asked(kind="truck"), Asked(tail="5", kind="green")])
def test_where_the_days_say_nothing_there_is_no_strip(asked: Asked) -> None:
    assert strip(find(asked, TUESDAY, "wuhan"), home="/", names=None) == ()


def test_in_english_the_days_are_the_same() -> None:
    found = find(Asked(tail="5"), TUESDAY, "wuhan")
    ours = strip(found, home="/en/", names=None)
    theirs = strip(found, home="/en/", names=english_names("wuhan"))
    assert [day.tone for day in ours] == [day.tone for day in theirs]
    assert (theirs[0].weekday, theirs[7].number, theirs[4].hours) == ("Today", "1 Dec", "day off")


def test_today_at_a_glance_groups_all_ten_digits() -> None:
    groups = tails_today(find(Asked(), TUESDAY, "wuhan"), None)
    assert [(one.tone, "".join(one.digits), one.hours) for one in groups] == [
        ("maynot", "13579", "7–22点"),
        ("may", "02468", "全天"),
    ]
