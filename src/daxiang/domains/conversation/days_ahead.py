"""这周哪几天能走: many days of one car, those that fare alike on one line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from daxiang.domains.conversation.bubbles import Line, Weight
from daxiang.domains.conversation.cases import (
    ONE_DAY,
    Case,
    Frame,
    Query,
    answered_places,
    case_of,
    rank,
    telling,
)
from daxiang.domains.conversation.chinese import date_name, weekday
from daxiang.domains.conversation.meaning import Asks, Topic
from daxiang.domains.conversation.wording import groups_text
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.kernel.clock import SHANGHAI

MOST_DAYS_AHEAD = 10
"""The longest holiday with a weekend on each side."""
A_WEEK = 7
_TODAY = {0: "今天", 1: "明天"}


def asks_days(asks: Asks, *, most: int) -> bool:
    """Whether a question wants many days of one car told together: by its words, or because there are more
    than `most`, which are told one by one.
    """
    is_one = len(asks.cars) <= 1 and asks.hours is None and not asks.is_now
    return is_one and (asks.topic is Topic.DAYS or most < len(asks.days) <= MOST_DAYS_AHEAD)


def week_from(now: datetime) -> tuple[date, ...]:
    """Today and the six days behind it."""
    return tuple(now.date() + number * ONE_DAY for number in range(A_WEEK))


def cases_ahead(cards: CityCards, query: Query) -> list[Case]:
    """The whole of each day, today's too: who asks for days plans them."""
    return [_case(cards, query, day) for day in query.days]


def whole_day(day: date) -> Frame:
    """From midnight to midnight."""
    start = datetime.combine(day, time(), SHANGHAI)
    return Frame(start=start, end=start + ONE_DAY, is_whole_day=True)


def _case(cards: CityCards, query: Query, day: date) -> Case:
    frame = whole_day(day)
    places = answered_places(cards, query.places, frame.start)
    return case_of(cards, query.cars[0].vehicle, places, frame)


def lines_ahead(cards: CityCards, query: Query, cases: Sequence[Case], here: Frame) -> list[Line]:
    """The gravest days first: 尾号5，26日周四、30日周一：长江大桥7:00–22:00不能走，其他时间能走。"""
    alike: dict[str, list[Case]] = {}
    for case in sorted(cases, key=_gravity):
        alike.setdefault(groups_text(cards, case, here), []).append(case)
    subject = f"{query.cars[0].subject}，" if query.cars[0].subject else ""
    lines = []
    for text, found in alike.items():
        days = "、".join(day_label(case.frame.start.date(), here.start.date()) for case in found)
        lines.append(Line(f"{subject}{days}：{text}。", Weight.ANSWER))
        subject = ""
    return lines


def _gravity(case: Case) -> int:
    return min(rank(piece) for course in case.courses for piece in course)


def gravest(cases: Sequence[Case]) -> Case:
    """The case that the reason and the source are told of."""
    return min(cases, key=lambda case: (_gravity(case), telling(case).rule is None))


def day_label(day: date, today: date) -> str:
    """今天周三, 27日周五, 12月1日周二."""
    return f"{_TODAY.get((day - today).days) or date_name(day, today)}{weekday(day)}"
