"""The answer to a question about another city in lines, reckoned once for as long as it holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice, product

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.bubbles import REST, Bubble, Line, Weight, bubble
from daxiang.domains.conversation.cars import known
from daxiang.domains.conversation.cases import GRAVITY, MOST_CASES, Frame, frame_of
from daxiang.domains.conversation.days_ahead import MOST_DAYS_AHEAD, asks_days, day_label, whole_day
from daxiang.domains.conversation.elsewhere_cases import Rider, branches, places_of
from daxiang.domains.conversation.elsewhere_words import (
    FACT_CHOICES,
    FACT_QUESTIONS,
    Abroad,
    basis_lines,
    brief,
    first_line,
    lines_of,
    origin_label,
    whole_line,
)
from daxiang.domains.conversation.meaning import Asks, Car, Hours
from daxiang.domains.conversation.precision import held_since, minute_of
from daxiang.domains.conversation.talk import MOST_CARS, MOST_DAYS, MOST_PLACES, Told
from daxiang.domains.conversation.wording import when
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.tails import SignRule, TailRule
from daxiang.domains.restrictions.values import Place

MOST_TAPS = 3
NO_CAR = Car()


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A question about another city with everything filled in: what an answer hangs on."""

    riders: tuple[Rider, ...]
    subjects: tuple[str, ...]
    days: tuple[date, ...]
    hours: Hours | None
    is_now: bool
    places: tuple[str, ...]
    told: Told
    is_ahead: bool = False
    """Many days of one car, told together."""


def journey_of(asks: Asks, told: Told) -> Journey:
    """The question as the cards are asked: without the signs of a plate that no rule looks at."""
    is_ahead = not asks.readings and asks_days(asks, most=MOST_DAYS)
    riders, subjects = [], []
    for number, car in enumerate(asks.cars[:MOST_CARS] or (NO_CAR,)):
        is_vague = car.begins is not None or car.is_odd is not None
        one = known(replace(car, begins=None, is_odd=None) if is_vague else car, number)
        is_open = car.tail_digit is None
        riders.append(
            Rider(
                known=one,
                letter=car.letter is not None,
                begins=car.begins,
                is_local=car.is_local,
                is_odd=car.is_odd if is_open else None,
            )
        )
        subjects.append(_subject(car, one.subject))
    return Journey(
        riders=tuple(riders),
        subjects=tuple(subjects),
        days=asks.days[: MOST_DAYS_AHEAD if is_ahead else MOST_DAYS],
        hours=asks.hours,
        is_now=asks.is_now,
        places=asks.places[:MOST_PLACES],
        told=told,
        is_ahead=is_ahead,
    )


def _subject(car: Car, subject: str) -> str:
    if car.plate is not None:
        return subject
    whose = f"{car.begins}牌" if car.begins else {None: "", True: "本地车", False: "外地车"}[car.is_local]
    if car.tail is None and car.is_odd is not None:
        return f"{whose}{subject}{'单号' if car.is_odd else '双号'}"
    tail = f"尾号{car.letter}" if car.letter and not car.tail else ""
    return f"{whose}{subject}{tail}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The lines of an answer, and its first case."""

    lines: tuple[Line, ...]
    fitted: Bubble
    case: Abroad
    short: tuple[str, ...]
    """Each case on one line."""
    wanted: FactName | str | None
    ask: str
    """What is asked next, and what can be tapped for it; empty where nothing is missing."""
    choices: tuple[str, ...]


def answer_of(there: CityCards, journey: Journey, now: datetime) -> Answer:
    """The answer at an instant, reckoned once for every minute that has the same."""
    at = minute_of(there, now)
    if journey.hours is None or (journey.days and min(journey.days) > at.date()):
        at = held_since(there, at)
    return _kept(there, journey, at)


@lru_cache(maxsize=2048)
def _kept(there: CityCards, journey: Journey, now: datetime) -> Answer:
    if journey.is_ahead and journey.days:
        return _kept_ahead(there, journey, now)
    frames = [
        frame_of(day=day, hours=journey.hours, is_now=journey.is_now, now=now)
        for day in journey.days or (None,)
    ]
    places = places_of(there, journey.places)
    pairs = product(zip(journey.riders, journey.subjects, strict=True), frames)
    cases = [
        _case(there, rider, subject, places, frame, now, journey.told)
        for (rider, subject), frame in islice(pairs, MOST_CASES)
    ]
    lines = lines_of(cases[0])
    if len(cases) > 1:
        more = [Line(f"{_label_of(case, journey)}：{brief(case)}。", Weight.ANSWER) for case in cases[1:]]
        is_cut = len(journey.riders) * len(frames) > MOST_CASES
        rest = [Line(REST, Weight.ANSWER)] if is_cut else []
        lines = [Line(whole_line(cases[0]), Weight.ANSWER), *more, *rest, *basis_lines(cases[0])]
    wanted = _wanted(cases[0])
    ask, choices = _question(cases[0], wanted)
    return Answer(
        lines=tuple(lines),
        fitted=bubble([*lines, Line(ask, Weight.CAUTION)]),
        wanted=wanted,
        ask=ask,
        choices=choices,
        case=cases[0],
        short=tuple(brief(case) for case in cases),
    )


def _kept_ahead(there: CityCards, journey: Journey, now: datetime) -> Answer:
    """Each day whole, those that fare alike on one line, the gravest first."""
    rider, subject, places = journey.riders[0], journey.subjects[0], places_of(there, journey.places)
    cases = [_case(there, rider, subject, places, whole_day(day), now, journey.told) for day in journey.days]
    alike: dict[str, list[Abroad]] = {}
    for case in sorted(cases, key=_gravity):
        alike.setdefault(brief(case), []).append(case)
    head = f"{there.name}{f'，{subject}，' if subject else ''}"
    lines: list[Line] = []
    for text, found in alike.items():
        days = "、".join(day_label(case.frame.start.date(), now.date()) for case in found)
        lines.append(Line(f"{head}{days}：{text}。", Weight.ANSWER))
        head = ""
    gravest = min(cases, key=_gravity)
    open_ = next((case for case in cases if _wanted(case)), gravest)
    wanted = _wanted(open_)
    if wanted is not None:  # each day in every way in which that can be is no answer
        lines = [Line(first_line(open_), Weight.ANSWER)]
    lines += basis_lines(gravest)
    ask, choices = _question(open_, wanted)
    return Answer(
        lines=tuple(lines),
        fitted=bubble([*lines, Line(ask, Weight.CAUTION)]),
        wanted=wanted,
        ask=ask,
        choices=choices,
        case=gravest,
        short=tuple(brief(case) for case in cases),
    )


def _gravity(case: Abroad) -> int:
    return min(GRAVITY.index(one.passage) for one in case.stretches)


def _label_of(case: Abroad, journey: Journey) -> str:
    """What tells one case of a question from the others: the car, the day, or both."""
    time = when(case.frame, case.now)
    if len(journey.riders) < 2:
        return time
    return case.subject if len(journey.days) < 2 else f"{case.subject}，{time}"


def _case(
    there: CityCards,
    rider: Rider,
    subject: str,
    places: tuple[Place, ...],
    frame: Frame,
    now: datetime,
    told: Told,
) -> Abroad:
    return Abroad(
        cards=there,
        rider=rider,
        subject=subject,
        places=places,
        frame=frame,
        now=now,
        told=told,
        branches=tuple(branches(there, rider, places, frame, told)),
    )


def _wanted(case: Abroad) -> FactName | str | None:
    """What would settle it and is to be asked next: where the plate is from, then a fact, then the digit."""
    if case.origins:
        return "origin"
    if case.fact is not None:
        return case.fact
    return "tail" if case.is_by_digit else None


def _question(case: Abroad, wanted: FactName | str | None) -> tuple[str, tuple[str, ...]]:
    if isinstance(wanted, FactName):
        return FACT_QUESTIONS[wanted], FACT_CHOICES[wanted]
    if wanted == "origin":
        labels = [origin_label(case.cards, origin, case.origins) for origin in case.origins]
        taps = tuple(
            dict.fromkeys(
                label.partition("、")[0].removesuffix("牌") + "牌" if "、" in label else label
                for label in labels
            )
        )
        begins = case.cards.local_plates[0]
        example = f"{begins}{'A' if len(begins) == 1 else ''}12345"
        return f"是哪里的车牌？也可以连城市一起发，比如“{case.cards.name} {example}”。", taps[:MOST_TAPS]
    if wanted == "tail":
        return _ask_tail(case), texts.DIGITS
    return "", ()


def _ask_tail(case: Abroad) -> str:
    if not _letters_count_otherwise(case):
        return texts.ASK_TAIL
    begins = case.cards.local_plates[0]
    example = f"{begins}{'A' if len(begins) == 1 else ''}1234K"
    return f"点一下您车牌的最后一位；是字母的，连城市一起发车牌，比如“{case.cards.name} {example}”。"


def _letters_count_otherwise(case: Abroad) -> bool:
    rules = {one.decision.rule for one in case.stretches}
    return any(
        clause.tail.letter is not SignRule.LAST_DIGIT_BEFORE
        for card in case.cards.cards
        if card.id in rules
        for clause in card.clauses
        if clause.tail.rule is not TailRule.ALL
    )
