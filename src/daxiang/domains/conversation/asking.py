"""From a question about driving to a reply: gaps filled in, readings compared, taps offered. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import lru_cache
from operator import attrgetter

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.bubbles import REST, Bubble, Line, Weight, bubble
from daxiang.domains.conversation.cars import Known, is_clear, is_green_car, known, name_of, with_plates
from daxiang.domains.conversation.cases import MOST_CASES, MOST_CASES_OF_READINGS, Query
from daxiang.domains.conversation.days_ahead import MOST_DAYS_AHEAD, asks_days, week_from
from daxiang.domains.conversation.doubts import Doubt, doubt_of, quoted
from daxiang.domains.conversation.driving import Outline, Said, outline, said
from daxiang.domains.conversation.facts import Facts, Feature
from daxiang.domains.conversation.meaning import Asks, Car, Topic
from daxiang.domains.conversation.pack_doubts import (
    heights_told,
    holiday_doubt,
    place_meant,
    province_heard,
)
from daxiang.domains.conversation.precision import held_since, minute_of
from daxiang.domains.conversation.replies import Advice, Reply, ReplyKind
from daxiang.domains.conversation.talk import MOST_CARS, MOST_DAYS, MOST_PLACES, Step, Talk, lean
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.states import Cause
from daxiang.domains.restrictions.values import Passage
from daxiang.kernel.plates import PROVINCES, PlateKind

NO_CAR = Car()
MOST_TAPS = 3
MOST_OPEN_CASES = 4
"""Cars times days of a text that are tried with five digits each."""
_ALONE = re.compile(rf"[{PROVINCES}]?[A-Za-z0-9 ·.\-]{{1,12}}")
"""No word beside a tail or a plate that could turn an answer round."""
_beside = attrgetter(*(field.name for field in fields(Asks) if field.name != "cars"))
_told = attrgetter(*(field.name for field in fields(Car) if field.name not in ("tail", "plate")))
_NOTHING, _UNTOLD = _beside(Asks()), _told(Car())
_NEW_NOTICE = {Cause.RUN_OUT, Cause.NO_CARD}


def answer_asks(asks: Asks, facts: Facts, *, heard: bool = False) -> Reply:
    """The reply to a question about driving."""
    if not heard and (alone := _alone(asks, facts)) is not None:
        return alone
    readings = tuple(_filled(one, facts) for one in asks.readings or (asks,))
    is_alone = len(readings) == 1
    readings = tuple(_of_days(one, facts) if is_alone else _by_day(one) for one in readings)
    first = readings[0]
    if first.city is not None and first.city != facts.cards.name:
        return _other_city(first, facts)
    if first.unread.startswith("限高") and (told := heights_told(facts.cards, first.places, facts.now)):
        return Reply(kind=ReplyKind.TALK, text=told, talk=_talk(first, facts), cards=facts.cards)
    if (meant := place_meant(first.unread, facts.cards)) is not None:
        return _told_no_verdict(meant, first, facts)
    if (doubt := doubt_of(first, facts.words, city=facts.cards.id)) is not None:
        return _told_no_verdict(doubt, first, facts)
    unclear = next((car for car in first.cars if not is_clear(car)), None)
    if unclear is not None:
        return _unclear(unclear, first, facts)
    now = minute_of(facts.cards, facts.now)
    if not _is_parity_enough(readings, facts, now):
        return _asks_digit(texts.ASK_TAIL, first, facts)
    queries = _queries(readings, facts.cards)
    if len(queries) == 1:
        return _named(_reply(first, said(facts.cards, queries[0], now), (), facts, heard=heard), first.cars)
    read = [outline(facts.cards, query, now) for query in queries]
    is_weighed = _is_weighed(first, queries)
    is_one = is_weighed and len({(one.verdicts, one.needs) for one in read}) == 1
    if not is_one or len({_tails(one) for one in readings}) > 1:
        advice = said(facts.cards, queries[0], now).advice if is_one else None
        return _by_reading(readings, read, facts, heard=heard, advice=advice, is_cut=not is_weighed)
    answer = said(facts.cards, queries[0], now)
    times = dict.fromkeys(one.when for one in read[1:] if one.when != read[0].when)
    return _named(_reply(first, answer, tuple(times), facts, heard=heard), first.cars)


def _alone(asks: Asks, facts: Facts) -> Reply | None:
    """The reply to a tail or a plate and nothing else, of somebody of whom nothing is known: the commonest
    question, so it is worded once for all cars alike. None for any other.
    """
    if facts.talk is not None or facts.cars or len(asks.cars) != 1 or not _ALONE.fullmatch(facts.words):
        return None
    car = asks.cars[0]
    if not is_clear(car) or car.tail_digit is None or _beside(asks) != _NOTHING or _told(car) != _UNTOLD:
        return None
    one = known(car, 0, facts.cards)
    kept = _kept_alone(facts.cards, one, held_since(facts.cards, facts.now), facts.features)
    return Reply(
        kind=kept.kind,
        text=with_plates(kept.text, asks.cars),
        choices=kept.choices,
        advice=kept.advice,
        talk=_talk(asks, facts, step=kept.talk.step if kept.talk else None),
        cards=facts.cards,
    )


@lru_cache(maxsize=4096)
def _kept_alone(cards: CityCards, one: Known, at: datetime, features: frozenset[str]) -> Reply:
    """As it holds for all cars that are known as this one, the mark in the place of the plate."""
    vehicle = one.vehicle
    asks = Asks(cars=(Car(tail=vehicle.tail) if vehicle.plate is None else Car(plate=vehicle.plate),))
    facts = Facts(now=at, cards=cards, account_kind="service", features=features)
    return _reply(asks, said(cards, Query(cars=(one,)), at), (), facts, heard=False)


def _filled(asks: Asks, facts: Facts) -> Asks:
    """With the talk, then the remembered cars, in the places of what was left out."""
    talk = facts.talk if facts.talk and facts.talk.is_alive(facts.now) else None
    asks = lean(asks, talk)
    if not asks.cars and facts.cars:
        return replace(asks, cars=tuple(own.car for own in facts.cars[:MOST_CARS]))
    return asks


def _of_days(asks: Asks, facts: Facts) -> Asks:
    """The question as one for many days, where it is one; without any, for a week from today."""
    if not asks_days(asks, most=MOST_DAYS):
        return _by_day(asks)
    days = asks.days or week_from(minute_of(facts.cards, facts.now))
    return replace(asks, topic=Topic.DAYS, days=days)


def _by_day(asks: Asks) -> Asks:
    """The question as one for each of its days, the first few."""
    return replace(asks, topic=Topic.PASSAGE) if asks.topic is Topic.DAYS else asks


def _is_parity_enough(readings: Sequence[Asks], facts: Facts, now: datetime) -> bool:
    """Whether 单号 or 双号 settles every reading; not where too much would have to be tried."""
    open_ = sum(len(_open_cars(one)) * max(1, len(one.days[:MOST_DAYS])) for one in readings)
    if open_ > MOST_OPEN_CASES:
        return False
    return all(_is_settled_by_parity(one, facts, now) for one in readings)


def _open_cars(asks: Asks) -> list[Car]:
    """The cars of which only 单号 or 双号 is known."""
    return [car for car in asks.cars[:MOST_CARS] if car.is_odd is not None and car.tail_digit is None]


def _is_settled_by_parity(asks: Asks, facts: Facts, now: datetime) -> bool:
    """Whether all five digits of a car named as 单号 or 双号 have one answer."""
    for car in _open_cars(asks):
        digits = texts.DIGITS[1::2] if car.is_odd else texts.DIGITS[::2]
        alike = (replace(asks, cars=(replace(car, tail=digit, is_odd=None),)) for digit in digits)
        if len({outline(facts.cards, _query(one, facts.cards), now).verdicts for one in alike}) > 1:
            return False
    return True


def _queries(readings: Sequence[Asks], cards: CityCards) -> list[Query]:
    """The readings as they are reckoned: many of them with few cases each."""
    most_cases = min(MOST_CASES, MOST_CASES_OF_READINGS // len(readings))
    return [_query(one, cards, most_cases=most_cases) for one in readings]


def _is_weighed(first: Asks, queries: Sequence[Query]) -> bool:
    """Whether the readings are reckoned far enough to say that they have one answer."""
    return not first.is_cut and all(
        query.most_cases == MOST_CASES or len(query.cars) * max(1, len(query.days)) <= query.most_cases
        for query in queries
    )


def _query(asks: Asks, cards: CityCards, *, most_cases: int = MOST_CASES) -> Query:
    cars = asks.cars[:MOST_CARS] or (NO_CAR,)
    most_days = MOST_DAYS_AHEAD if asks.topic is Topic.DAYS else MOST_DAYS
    return Query(
        cars=tuple(known(car, number, cards) for number, car in enumerate(cars)),
        days=asks.days[:most_days],
        hours=asks.hours,
        is_now=asks.is_now,
        places=asks.places[:MOST_PLACES],
        topic=asks.topic,
        origin=asks.origin,
        destination=asks.destination,
        is_cut=asks.is_cut or len(asks.cars) > MOST_CARS or len(asks.days) > most_days,
        most_cases=most_cases,
    )


def _reply(asks: Asks, answer: Said, times: Sequence[str], facts: Facts, *, heard: bool) -> Reply:
    """The answer to a question of one meaning, marks in the places of plates; `times`: others that it can
    mean, which have the same.
    """
    if answer.needs and any(car.letter for car in asks.cars):
        return _asks_digit(texts.LETTER, asks, facts)
    more = [Line(f"{time}也一样。", Weight.WAY) for time in times]
    more += [Line(line, Weight.ASIDE) for line in _asides(asks, facts)]
    more += [Line(line, Weight.ANSWER) for line in _cautions(asks, facts, heard=heard)]
    before = [Line(_unread(asks.unread), Weight.ANSWER)] if asks.unread else []
    text = answer.fitted.text
    if more or before or heard:
        text = _fitted([*before, *answer.lines, *more], asks, facts, heard=heard).text
    return Reply(
        kind=ReplyKind.ASK_BACK if asks.unread else answer.kind,
        text=text,
        choices=choices(asks, answer, facts),
        advice=() if asks.unread else answer.advice,
        talk=_talk(asks, facts, step=Step.CAR if "tail" in answer.needs else None),
        cards=facts.cards,
    )


def _named(reply: Reply, cars: tuple[Car, ...]) -> Reply:
    """The reply with the masked plates in the places of their marks."""
    return replace(reply, text=with_plates(reply.text, cars))


def _fitted(lines: list[Line], asks: Asks, facts: Facts, *, heard: bool) -> Bubble:
    if heard:
        lines = [Line(_heard(asks, facts), Weight.ANSWER), *lines]
    return bubble(lines)


def _heard(asks: Asks, facts: Facts) -> str:
    """我听到的是：尾号6，明天（25日 周三）22:30，长江大桥: as understood, so never a plate in clear."""
    query = _query(asks, facts.cards)
    answer = outline(facts.cards, query, minute_of(facts.cards, facts.now))
    parts = [car.subject for car in query.cars if car.subject]
    parts += [answer.when] if asks.days or asks.hours else []
    parts += [facts.cards.places[one].short_name for one in asks.places if one in facts.cards.places]
    return f"我听到的是：{'，'.join(parts) or '能不能走'}。"


def _unread(words: str) -> str:
    return f"{quoted(words)}我没看懂。不算它的话："


def _asides(asks: Asks, facts: Facts) -> list[str]:
    lines = []
    if texts.SICK.search(facts.words):
        lines.append("情况急就直接打120。")
    if asks.area and asks.destination is None:
        lines.append(f"{asks.area[:10]}在江的哪一边，告诉我，我帮您挑一条。")
    return lines


def _cautions(asks: Asks, facts: Facts, *, heard: bool) -> list[str]:
    """What was taken for something, and what nobody knows yet: never left out for want of room."""
    heard_as = "" if heard else province_heard(asks, facts.words)
    return [line for line in (heard_as, holiday_doubt(facts.cards.calendar, asks.days)) if line]


def _tails(asks: Asks) -> tuple[str | None, ...]:
    return tuple(car.tail_digit for car in asks.cars)


def _by_reading(
    readings: Sequence[Asks],
    answers: Sequence[Outline],
    facts: Facts,
    *,
    heard: bool,
    advice: tuple[Advice, ...] | None,
    is_cut: bool,
) -> Reply:
    """Readings that differ: the likeliest is answered, the others told, and one tap settles it. `is_cut`: not
    all that was said is among them.
    """
    labels = [_label(one, answer, readings, facts) for one, answer in zip(readings, answers, strict=True)]
    first = f"我按{labels[0]}答：{_once(readings[0], answers[0], labels[0])}"
    lines = [Line(first, Weight.ANSWER)]
    seen = {labels[0]}
    for one, answer, label in list(zip(readings, answers, labels, strict=True))[1:]:
        if label not in seen:
            seen.add(label)
            text = with_plates(_once(one, answer, label), one.cars)
            lines.append(Line(f"要是问{label}：{text}", Weight.ANSWER if len(seen) <= 3 else Weight.WAY))
    lines += [Line(REST, Weight.ANSWER)] if is_cut else []
    fitted = _fitted(lines, readings[0], facts, heard=heard)
    return Reply(
        kind=ReplyKind.ASK_BACK if advice is None else ReplyKind.ADVICE,
        text=with_plates(fitted.text, readings[0].cars),
        choices=_reading_choices(readings, answers),
        advice=advice or (),
        talk=_talk(readings[0], facts),
        cards=facts.cards,
    )


def _label(asks: Asks, answer: Outline, readings: Sequence[Asks], facts: Facts) -> str:
    """What tells this reading from the others: the car or the time."""
    names = [name_of(one.cars[0]) if one.cars else "" for one in readings]
    name = name_of(asks.cars[0]) if asks.cars else ""
    if len(set(names)) > 1 and name:
        return name
    return answer.when


def _once(asks: Asks, answer: Outline, label: str) -> str:
    """The verdict of one reading, with the day where the label is not it."""
    if answer.needs:
        return "要看尾号。" if "tail" in answer.needs else "要看是什么车。"
    time = "" if label == answer.when else answer.when
    return f"{time}{answer.short}。"


def _reading_choices(readings: Sequence[Asks], answers: Sequence[Outline]) -> tuple[str, ...]:
    said_tail = readings[0].cars[0].tail if readings[0].cars else None
    if said_tail is not None and len({_tails(one) for one in readings}) > 1:
        return (f"我的尾号是{said_tail}", "换个尾号")
    if len({answer.when for answer in answers}) > 1:
        taps = [texts.hour_choice(one.hours.start) for one in readings if one.hours]
    else:
        kinds = [one.cars[0].vehicle_class for one in readings if one.cars]
        taps = [texts.CLASS_CHOICES[kind] for kind in kinds if kind in texts.CLASS_CHOICES]
    return tuple(dict.fromkeys(taps))[:MOST_TAPS]


def choices(asks: Asks, answer: Said, facts: Facts) -> tuple[str, ...]:
    """At most three taps, ten when they are digits; nothing that leads nowhere."""
    if "tail" in answer.needs:
        return texts.DIGITS
    if answer.needs:
        return ()
    if answer.passage is Passage.UNKNOWN:
        news = "有新通告告诉我" if answer.cause in _NEW_NOTICE else "定了告诉我"
        taps = [news] if facts.has(Feature.TELL_ME) else []
        taps += ["问民警"] if facts.has(Feature.MESSAGE) else []
        return (*taps, "看依据")[:MOST_TAPS]
    return tuple(_car_taps(asks, answer, facts))[:MOST_TAPS]


def _car_taps(asks: Asks, answer: Said, facts: Facts) -> list[str]:
    taps = []
    car = asks.cars[0] if len(asks.cars) == 1 else None
    if car is not None and answer.cause is Cause.TAIL and car == Car(tail=car.tail):
        taps += ["我是绿牌", "我是货车"]
    if car is not None and is_green_car(car) and car.vehicle_class is None and car.plate is not None:
        taps.append("我是绿牌货车")
    if car is not None and car.tail_digit and _may_be_remembered(car, facts):
        taps.append("记住这辆车" if car.plate else "记住我的车")
    return [*taps, "看依据"]


def _may_be_remembered(car: Car, facts: Facts) -> bool:
    return facts.has(Feature.REMEMBER) and all(own.car != car for own in facts.cars)


def _asks_digit(text: str, asks: Asks, facts: Facts) -> Reply:
    bare = replace(asks, cars=tuple(replace(car, letter=None) for car in asks.cars))
    return Reply(
        kind=ReplyKind.ASK_BACK,
        text=text,
        choices=texts.DIGITS,
        talk=_talk(bare, facts, step=Step.CAR),
        cards=facts.cards,
    )


def _told_no_verdict(doubt: Doubt, asks: Asks, facts: Facts) -> Reply:
    """An ask-back without any 能走: a tricycle is never answered as a car, 月底 never as today."""
    return Reply(
        kind=ReplyKind.ASK_BACK,
        text=doubt.text,
        choices=doubt.choices,
        talk=_talk(asks, facts),
        cards=facts.cards,
    )


def _unclear(car: Car, asks: Asks, facts: Facts) -> Reply:
    """A plate of a kind whose vehicle the number does not tell (学, 警, 港 …)."""
    is_large = car.plate is not None and car.plate.kind is PlateKind.NEW_ENERGY_LARGE
    text = texts.OTHER_PLATE.format(plate=car.plate.masked if car.plate else "")
    return Reply(
        kind=ReplyKind.ASK_BACK,
        text=text,
        choices=texts.KINDS_OF_LARGE if is_large else texts.KINDS_OF_CAR,
        talk=_talk(asks, facts),
        cards=facts.cards,
    )


def _other_city(asks: Asks, facts: Facts) -> Reply:
    text = texts.OTHER_CITY.format(city=(asks.city or "")[:8], home=facts.cards.name)
    return Reply(kind=ReplyKind.TALK, text=text, talk=_talk(asks, facts), cards=facts.cards)


def _talk(asks: Asks, facts: Facts, *, step: Step | None = None) -> Talk:
    """What the next message can lean on. A waiting step keeps the question that it waits for."""
    return Talk(
        at=facts.now,
        cars=asks.cars[:MOST_CARS],
        days=asks.days[: MOST_DAYS_AHEAD if asks.topic is Topic.DAYS else MOST_DAYS],
        hours=asks.hours,
        places=asks.places,
        topic=asks.topic if asks.topic in {Topic.WAY, Topic.OPEN, Topic.DAYS} else Topic.PASSAGE,
        origin=asks.origin,
        destination=asks.destination,
        city=asks.city,
        step=step,
    )


def asked_for(asks: Asks, facts: Facts) -> tuple[Query, datetime]:
    """The question as it was reckoned, for whoever shows more of it (the basis, the page)."""
    return _query(_filled(asks, facts), facts.cards), minute_of(facts.cards, facts.now)
