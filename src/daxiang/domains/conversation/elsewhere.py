"""A question about another city, answered by that city's cards, and the talk that leans on it. Pure.

The words are read once more with the places of that city: what they mean at home is not touched. Nothing of
another city stays when the talk goes home.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.bubbles import Line, Weight, bubble
from daxiang.domains.conversation.cars import is_clear, with_plates
from daxiang.domains.conversation.cases import frame_of
from daxiang.domains.conversation.days_ahead import MOST_DAYS_AHEAD, asks_days, week_from
from daxiang.domains.conversation.doubts import doubt_of, quoted
from daxiang.domains.conversation.elsewhere_answers import MOST_TAPS, Answer, answer_of, journey_of
from daxiang.domains.conversation.elsewhere_reading import Read, is_read_already, read_there
from daxiang.domains.conversation.elsewhere_words import (
    Abroad,
    first_line,
)
from daxiang.domains.conversation.facts import Facts
from daxiang.domains.conversation.meaning import (
    Asks,
    Car,
    Intent,
    NotUnderstood,
    PlateNotReadable,
    Topic,
    WantsCar,
    Wish,
)
from daxiang.domains.conversation.replies import Reply, ReplyKind
from daxiang.domains.conversation.talk import (
    MOST_CARS,
    MOST_DAYS,
    MOST_PLACES,
    Step,
    Talk,
    Told,
    away_from,
    lean,
)
from daxiang.domains.conversation.told import added
from daxiang.domains.conversation.wording import clock, when
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.facts import FactName
from daxiang.domains.restrictions.sources import Source
from daxiang.kernel.clock import SHANGHAI
from daxiang.kernel.plates import PlateKind

_PLACE = re.compile("桥|隧道|高架|通道|立交|高速")
_OTHER_PLATES = re.compile("香港|澳门|港澳|港牌|澳牌|使馆|领馆|使领馆|临时牌|临牌|临时号牌|警车|教练车")
_WAITS = frozenset({Step.CAR, Step.FACT})


def turned_home(intent: Intent, facts: Facts) -> Intent | None:
    """What a message means that leads from another city back home (武汉呢); None for any other."""
    talk = _alive(facts)
    if talk is None or talk.city is None or facts.cities is None:
        return None
    there = facts.cities(talk.city)
    if there is None or isinstance(intent, WantsCar) or (isinstance(intent, Asks) and intent.city):
        return None
    read = read_there(there, facts, wants=None, day=facts.now.date())
    if read is None or not read.is_home:
        return None
    return replace(intent if isinstance(intent, Asks) else Asks(), leans=True)


def answer_elsewhere(intent: Intent, facts: Facts, *, heard: bool = False) -> Reply | None:
    """The reply by another city's cards; None where the message is not about one that has any."""
    talk = _alive(facts)
    said = intent.city if isinstance(intent, Asks) and intent.city != facts.cards.name else None
    beside = intent.beside if isinstance(intent, Asks) else None
    name = said or beside or (talk.city if talk else None)
    if name is None or facts.cities is None:
        return None
    there = facts.cities(name)
    if there is None or there.name == facts.cards.name:
        return None
    before = talk if talk and talk.city == name else away_from(talk) if talk else None
    asks, told = _asked(intent, there, facts, talk=before, is_said=(said or beside) is not None) or (None, ())
    if asks is None:
        return None
    if asks.topic is Topic.BASIS:
        return _basis(there, replace(asks, topic=Topic.PASSAGE), told, facts)
    return _answered(there, asks, told, facts, heard=heard)


def _alive(facts: Facts) -> Talk | None:
    return facts.talk if facts.talk and facts.talk.is_alive(facts.now) else None


def _asked(
    intent: Intent, there: CityCards, facts: Facts, *, talk: Talk | None, is_said: bool
) -> tuple[Asks, Told] | None:
    """The question with what it leaves out taken from the talk, and all that was told; None: it is not about
    that city.
    """
    step = talk.step if talk else None
    wants = talk.wants if talk and step is Step.FACT else None
    if isinstance(intent, WantsCar) and not (wants and intent.wish in {Wish.YES, Wish.NO}):
        return None
    if not isinstance(intent, Asks | NotUnderstood | WantsCar | PlateNotReadable):
        return None
    day = talk.days[0] if talk and talk.days else facts.now.date()
    read: Read | None
    if is_said and isinstance(intent, Asks) and intent.city and is_read_already(intent, there, facts):
        read = Read(intent, (), is_home=False)
    else:
        read = read_there(there, facts, wants=wants, day=day)
    if isinstance(intent, Asks) and intent.city is None and intent.beside and not (read and read.asks.places):
        return None
    if read is None:
        if not isinstance(intent, Asks) or not (is_said or intent.leans or step in _WAITS):
            return None
        if not is_said and (intent.places or intent.origin or intent.destination):
            return None
        read = Read(replace(intent, places=(), origin=None, destination=None), (), is_home=False)
    if not is_said and not _is_there(intent, read, step):
        return None
    asks = read.asks
    if is_said and isinstance(intent, Asks) and intent.leans and not asks.leans:
        asks = replace(asks, leans=True)
    filled = _filled(asks if asks.city else replace(asks, city=there.name), talk, facts)
    day = filled.days[0] if filled.days else facts.now.date()
    before = talk.told if talk else ()
    return filled, added(before, read.told, day=day) if read.told else before


def _is_there(intent: Intent, read: Read, step: Step | None) -> bool:
    """Whether a message that names no city goes on about the other one."""
    if read.is_home:
        return False
    if read.told or read.asks.places:
        return True
    if not isinstance(intent, Asks):
        return bool(read.asks.cars or read.asks.days or read.asks.hours) and (
            step in _WAITS or read.asks.leans
        )
    if intent.places or intent.origin or intent.destination:
        return False
    return intent.leans or read.asks.leans or step in _WAITS or intent.topic is Topic.BASIS


def _filled(asks: Asks, talk: Talk | None, facts: Facts) -> Asks:
    filled = _with_own(lean(asks, talk), facts)
    if not asks.readings:
        return filled if filled.city else replace(filled, city=asks.city)
    readings = tuple(
        _with_own(lean(replace(one, city=asks.city, leans=asks.leans), talk), facts) for one in asks.readings
    )
    return replace(filled, city=asks.city, readings=readings)


def _with_own(asks: Asks, facts: Facts) -> Asks:
    """With the remembered cars where none was named."""
    if asks.cars or not facts.cars:
        return asks
    return replace(asks, cars=tuple(own.car for own in facts.cars[:MOST_CARS]))


def _answered(there: CityCards, asks: Asks, told: Told, facts: Facts, *, heard: bool) -> Reply:
    if there.no_tail_rule is not None:
        return _no_rule(there, asks, told, facts)
    if _PLACE.search(asks.unread):
        return _unknown_place(there, asks, told, facts)
    if "预警" in facts.words:
        return _back(texts.ALERT.format(city=there.name), (), asks, told, facts)
    if _OTHER_PLATES.search(facts.words) and not any(car.plate for car in asks.cars):
        return _asks_plate(there, asks, told, facts)
    doubt = doubt_of(asks, facts.words)
    if doubt is not None:
        return _back(_without_crossings(doubt.text), doubt.choices, asks, told, facts)
    unclear = next((car for car in asks.cars if not is_clear(car)), None)
    if unclear is not None:
        return _unclear(unclear, asks, told, facts)
    if asks.topic is Topic.DAYS and not (asks.days or asks.readings):
        asks = replace(asks, days=week_from(facts.now.astimezone(SHANGHAI)))
    answer = answer_of(there, journey_of(asks, told), facts.now)
    if asks.readings and (by_reading := _by_reading(there, asks, told, facts)):
        return by_reading
    wanted = answer.wanted
    if wanted == "tail" and any(car.letter for car in asks.cars):
        return _asks_digit(asks, told, facts)
    choices = answer.choices or _onward(answer.case, asks, facts)
    before = (
        [Line(f"我听到的是：{there.name}，{answer.case.subject or '能不能走'}。", Weight.ANSWER)]
        if heard
        else []
    )
    before += [Line(f"{quoted(asks.unread)}我没看懂。不算它的话：", Weight.ANSWER)] if asks.unread else []
    if asks.area and not asks.places:
        before.append(Line(texts.AREA_UNKNOWN.format(area=asks.area[:10]), Weight.ANSWER))
    text = answer.fitted.text
    if before:
        text = bubble([*before, *answer.lines, Line(answer.ask, Weight.CAUTION)]).text
    fact = wanted if isinstance(wanted, FactName) else None
    step = None if wanted is None else Step.CAR if wanted == "tail" else Step.FACT
    return Reply(
        kind=ReplyKind.ASK_BACK if wanted or asks.unread else ReplyKind.TALK,
        text=with_plates(text, asks.cars),
        choices=choices,
        talk=_talk(asks, told, facts, step=step, wants=fact),
    )


def _onward(case: Abroad, asks: Asks, facts: Facts) -> tuple[str, ...]:
    """The next day, the basis, and the way home."""
    ahead = (case.frame.start.date() - facts.now.date()).days
    days = {0: "明天呢", 1: "后天呢"}
    taps = [days[ahead]] if ahead in days and len(asks.days) < 2 else []
    return (*taps, "看依据", f"{facts.cards.name}呢")[:MOST_TAPS]


def _talk(
    asks: Asks, told: Told, facts: Facts, *, step: Step | None = None, wants: str | None = None
) -> Talk:
    return Talk(
        at=facts.now,
        cars=asks.cars[:MOST_CARS],
        days=asks.days[: MOST_DAYS_AHEAD if asks_days(asks, most=MOST_DAYS) else MOST_DAYS],
        hours=asks.hours,
        places=asks.places[:MOST_PLACES],
        city=asks.city,
        told=told,
        wants=wants,
        step=step,
    )


def _back(text: str, choices: tuple[str, ...], asks: Asks, told: Told, facts: Facts) -> Reply:
    talk = _talk(asks, told, facts)
    return Reply(kind=ReplyKind.ASK_BACK, text=text, choices=choices, talk=talk)


def _unknown_place(there: CityCards, asks: Asks, told: Told, facts: Facts) -> Reply:
    """A bridge, a tunnel, an elevated road that the pack does not know: no verdict."""
    text = texts.OTHER_CITYS_PLACE.format(city=there.name, words=quoted(asks.unread))
    return Reply(kind=ReplyKind.TALK, text=text, choices=(f"{there.name}呢",), talk=_talk(asks, told, facts))


def _without_crossings(text: str) -> str:
    """The same words where there are no bridges to speak of."""
    return text.replace("桥头、隧道口的标志", "路口的标志").replace(
        "请把要走的桥或隧道直接发给我，比如“5 长江二桥”。", "请换个说法，把要去的地方直接发给我。"
    )


def _asks_plate(there: CityCards, asks: Asks, told: Told, facts: Facts) -> Reply:
    """Plates from 香港, of embassies, temporary ones: notices set them apart, and only the plate tells."""
    begins = there.local_plates[0]
    example = f"{there.name} {begins}{'A' if len(begins) == 1 else ''}12345"
    text = texts.SEND_PLATE.format(city=there.name, example=example)
    return _back(text, (), asks, told, facts)


def _unclear(car: Car, asks: Asks, told: Told, facts: Facts) -> Reply:
    is_large = car.plate is not None and car.plate.kind is PlateKind.NEW_ENERGY_LARGE
    text = texts.OTHER_PLATE.format(plate=car.plate.masked if car.plate else "").replace(
        "桥头的标志", "路口的标志"
    )
    return _back(text, texts.KINDS_OF_LARGE if is_large else texts.KINDS_OF_CAR, asks, told, facts)


def _asks_digit(asks: Asks, told: Told, facts: Facts) -> Reply:
    bare = replace(asks, cars=tuple(replace(car, letter=None) for car in asks.cars))
    talk = _talk(bare, told, facts, step=Step.CAR)
    return Reply(kind=ReplyKind.ASK_BACK, text=texts.LETTER, choices=texts.DIGITS, talk=talk)


def _no_rule(there: CityCards, asks: Asks, told: Told, facts: Facts) -> Reply:
    now = facts.now
    frame = frame_of(day=asks.days[0] if asks.days else None, hours=asks.hours, is_now=asks.is_now, now=now)
    said = f"{there.name}{when(frame, now)}：{there.no_tail_rule}"
    text = "。\n".join(one for one in said.split("。") if one) + "。"
    return Reply(
        kind=ReplyKind.TALK,
        text=text,
        choices=(f"{facts.cards.name}呢",),
        talk=_talk(asks, told, facts),
    )


def _by_reading(there: CityCards, asks: Asks, told: Told, facts: Facts) -> Reply | None:
    """Readings that differ: the likeliest is answered, the others told. None where all have one answer."""
    read = [answer_of(there, journey_of(one, told), facts.now) for one in asks.readings]
    if len({one.short for one in read}) == 1:
        return None
    labels = [_label(one, answer, read) for one, answer in zip(asks.readings, read, strict=True)]
    lines = [Line(f"我按{labels[0]}答：{_told_first(read[0])}", Weight.ANSWER)]
    seen = {labels[0]}
    for one, label in list(zip(read, labels, strict=True))[1:]:
        if label not in seen:
            seen.add(label)
            lines.append(
                Line(f"要是问{label}：{_told_first(one)}", Weight.ANSWER if len(seen) <= 3 else Weight.WAY)
            )
    text = bubble(lines).text
    first = replace(asks.readings[0], city=there.name)
    talk = _talk(first, told, facts, step=Step.CAR)
    choices = _taps(asks.readings)
    return Reply(kind=ReplyKind.ASK_BACK, text=with_plates(text, first.cars), choices=choices, talk=talk)


def _label(asks: Asks, answer: Answer, read: Sequence[Answer]) -> str:
    """What tells one reading from the others: the car, or the day and the hour."""
    if len({one.case.subject for one in read}) > 1 and answer.case.subject:
        return answer.case.subject
    start = answer.case.frame.start
    return f"{start.month}月{start.day}日{clock(answer.case.frame)}"


def _taps(readings: Sequence[Asks]) -> tuple[str, ...]:
    """The hours that can be meant; else the digit."""
    hours = [texts.hour_choice(one.hours.start) for one in readings if one.hours]
    if len(set(hours)) > 1:
        return tuple(dict.fromkeys(hours))[:MOST_TAPS]
    tails = [f"我的尾号是{one.cars[0].tail}" for one in readings if one.cars and one.cars[0].tail]
    return tuple(dict.fromkeys(tails))[:MOST_TAPS]


def _told_first(answer: Answer) -> str:
    return first_line(answer.case)


def _basis(there: CityCards, asks: Asks, told: Told, facts: Facts) -> Reply:
    """看依据 of another city: each notice that spoke, who issued it, when it was looked at."""
    case = answer_of(there, journey_of(asks, told), facts.now).case
    sources: dict[str, Source] = {}
    for one in case.stretches:
        source = one.decision.source or one.decision.last
        if source is not None:
            sources.setdefault(source.title, source)
    lines = []
    for source in list(sources.values())[:2]:
        number = source.document_no or "文号没有查到"
        issuer = f"{source.issuer}，" if source.issuer else ""
        lines.append(Line(f"依据：{source.title}，{issuer}{number}。", Weight.ANSWER))
        lines.append(
            Line(f"原文：{source.quote}。" if source.quote and len(source.quote) <= 70 else "", Weight.WHY)
        )
        lines.append(Line(f"最近核对：{source.checked_text}，还没有民警签字。", Weight.WAY))
    if not lines:
        lines = [Line(there.no_tail_rule or case.telling.decision.reason, Weight.ANSWER)]
    lines.append(Line("现场有标志或民警指挥时，以现场为准。", Weight.WAY))
    return Reply(kind=ReplyKind.TALK, text=bubble(lines).text, talk=_talk(asks, told, facts))
