"""The answer about driving, reckoned from the cards and kept for as long as it holds. Pure.

What is kept holds for every plate of a kind: `cars.with_plates` puts the masked plates in afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from daxiang.domains.conversation.bubbles import REST, Bubble, Line, Weight, bubble
from daxiang.domains.conversation.cases import (
    GRAVITY,
    Case,
    Frame,
    Query,
    cases_of,
    grave,
    needs_of,
    telling,
)
from daxiang.domains.conversation.days_ahead import cases_ahead, gravest, lines_ahead
from daxiang.domains.conversation.meaning import Topic
from daxiang.domains.conversation.plain import asked_back, basis, plain
from daxiang.domains.conversation.precision import held_since, minute_of
from daxiang.domains.conversation.replies import Advice, ReplyKind
from daxiang.domains.conversation.routes import cases_between, is_shut_at_times, open_or_shut, route
from daxiang.domains.conversation.ways import Instead, instead
from daxiang.domains.conversation.wording import short_text, when, word
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer in lines, and what it rests on. `needs`: facts of the vehicle that would settle it."""

    kind: ReplyKind
    lines: tuple[Line, ...]
    fitted: Bubble
    """The lines in a bubble, where nothing is added to them."""
    advice: tuple[Advice, ...]
    passage: Passage
    needs: tuple[str, ...]
    cause: Cause


class Outline(NamedTuple):
    """What tells one reading of a question from another."""

    when: str
    short: str
    """The verdict with the places and without the day."""
    needs: tuple[str, ...]
    verdicts: tuple[tuple[str, str], ...]
    """(place, word) of every case: two readings with the same have the same answer."""


def said(cards: CityCards, query: Query, now: datetime) -> Said:
    """The answer to one reading of a question, reckoned once for every minute that has the same."""
    return _kept(cards, query, _asked_at(cards, query, now))


def _asked_at(cards: CityCards, query: Query, now: datetime) -> datetime:
    """Hours of today are compared with the minute; whatever else is asked changes with the cards alone."""
    at = minute_of(cards, now)
    if query.hours is None or (query.days and min(query.days) > at.date()):
        return held_since(cards, at)
    return at


@lru_cache(maxsize=8192)
def _kept(cards: CityCards, query: Query, now: datetime) -> Said:
    return reckoned(cards, query, now)


def forget() -> None:
    """Drop every verdict that is kept, for whoever counts or measures what one costs."""
    _kept.cache_clear()
    _outline.cache_clear()


def reckoned(cards: CityCards, query: Query, now: datetime) -> Said:
    """The answer to one reading of a question at an instant. `now` in Beijing."""
    here = Frame(start=now, is_now=True)
    cases, ways, lines = _told(cards, query, here)
    needs = needs_of(cases)
    worst = min(cases, key=lambda case: GRAVITY.index(case.passage))
    return Said(
        kind=ReplyKind.ASK_BACK if needs else ReplyKind.ADVICE,
        lines=tuple(lines),
        fitted=bubble(lines),
        advice=() if needs else tuple(advice for case in cases for advice in advice_of(case, ways)),
        passage=worst.passage,
        needs=needs,
        cause=telling(worst).cause,
    )


def _told(cards: CityCards, query: Query, here: Frame) -> tuple[list[Case], tuple[Instead, ...], list[Line]]:
    """The cases of a question, what is open instead of their places, and the lines that say it."""
    if query.origin and query.destination:
        cases, lines = route(cards, query, here)
        return cases, instead(cards, cases, towards=query.destination), lines
    if query.topic is Topic.DAYS:
        return _told_by_days(cards, query, here)
    cases = cases_of(cards, query, here.start)
    ways = instead(cards, cases, towards=query.destination)
    if query.topic is Topic.OPEN and is_shut_at_times(cards, cases[0]):
        return cases, ways, open_or_shut(cards, query, cases[0], here)
    if needs := needs_of(cases):
        return cases, ways, asked_back(cases, here, needs)
    return cases, ways, _with_rest(plain(cards, query, cases, ways, here), query)


def _told_by_days(
    cards: CityCards, query: Query, here: Frame
) -> tuple[list[Case], tuple[Instead, ...], list[Line]]:
    cases = cases_ahead(cards, query)
    if needs := needs_of(cases):
        return cases, (), asked_back(cases, here, needs)
    lines = lines_ahead(cards, query, cases, here)
    return cases, (), lines + basis(cards, gravest(cases), query.cars[0], here)


def _with_rest(lines: list[Line], query: Query) -> list[Line]:
    """More cars and days than one bubble answers: said behind the answers, never left out without a word."""
    if not query.is_cut and len(query.cars) * max(1, len(query.days)) <= query.most_cases:
        return lines
    last = max(at for at, line in enumerate(lines) if line.weight is Weight.ANSWER)
    return [*lines[: last + 1], Line(REST, Weight.ANSWER), *lines[last + 1 :]]


def outline(cards: CityCards, query: Query, now: datetime) -> Outline:
    """What `said` comes to, without the ways and the words around it."""
    return _outline(cards, query, _asked_at(cards, query, now))


@lru_cache(maxsize=8192)
def _outline(cards: CityCards, query: Query, now: datetime) -> Outline:
    here = Frame(start=now, is_now=True)
    is_way = query.origin and query.destination
    cases = cases_between(cards, query, here) if is_way else cases_of(cards, query, now)
    return Outline(
        when=when(cases[0].frame, now),
        short=short_text(cards, cases[0], here),
        needs=needs_of(cases),
        verdicts=tuple(
            (piece.decision.place, word(piece.decision))
            for case in cases
            for course in case.courses
            for piece in course
        ),
    )


def advice_of(case: Case, ways: Sequence[Instead]) -> tuple[Advice, ...]:
    """Every place of the case as other programs read it."""
    found = []
    for place, course in zip(case.places, case.courses, strict=True):
        piece = grave(course)
        is_last = piece.end is None or piece.end == case.frame.end
        open_ = next((way.open_ for way in ways if way.place is place), ())
        is_free = piece.decision.passage is Passage.ALLOWED
        found.append(
            Advice(
                place=place.id,
                passage=piece.decision.passage,
                until=piece.decision.until if is_last else piece.end,
                rule=piece.decision.rule,
                instead=() if is_free else tuple(other.id for other in open_),
            )
        )
    return tuple(found)
