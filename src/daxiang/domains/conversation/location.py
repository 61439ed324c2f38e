"""A location: on which bank it lies, and how this car gets to the others. Pure; nothing is kept."""

from __future__ import annotations

import re

from daxiang.domains.conversation.asking import NO_CAR
from daxiang.domains.conversation.bubbles import Line, Weight, bubble
from daxiang.domains.conversation.cars import is_clear, known, with_plates
from daxiang.domains.conversation.cases import Frame, after, at_instant, is_open_throughout
from daxiang.domains.conversation.chinese import listed
from daxiang.domains.conversation.facts import Facts
from daxiang.domains.conversation.meaning import Car, SentPlace
from daxiang.domains.conversation.precision import minute_of
from daxiang.domains.conversation.replies import Advice, Reply, ReplyKind
from daxiang.domains.conversation.talk import Talk
from daxiang.domains.conversation.wording import until_text, word
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.values import Passage, Place, Vehicle

MOST_NAMED = 2
NEAR_DEGREES = 0.6
"""A point farther than this from every crossing, in latitude or longitude, is not in the city."""
_REGION = re.compile(r"^(?:中国)?(?:[\u4e00-\u9fff]{2,3}省)?(?:[\u4e00-\u9fff]{2,4}市)?")
_NOT_KEPT = "您的位置只用这一次，不保存。"


def answer_place(sent: SentPlace, facts: Facts) -> Reply:
    """From where the person is to each other bank, for the car of the talk or a remembered one."""
    cards = facts.cards
    bank = cards.ground.bank_of(label=sent.label, lon=sent.lon, lat=sent.lat)
    if bank is None or not _is_near(cards, sent):
        return Reply(kind=ReplyKind.ASK_BACK, text=_elsewhere(facts), talk=None, cards=cards)
    car = _car(facts)
    frame = Frame(start=minute_of(cards, facts.now), is_now=True)
    told = known(car, 0)
    lines = [Line(f"收到，您在{_label(sent.label, bank)}一带。", Weight.ANSWER)]
    banks = dict.fromkeys(to for start, to in cards.ground.ways if start == bank)
    lines += [Line(_way(cards, told.vehicle, sent.label, bank, to, frame), Weight.ANSWER) for to in banks]
    if told.assumed:
        lines.append(Line(f"{told.assumed}。", Weight.WHY))
    lines.append(Line(_NOT_KEPT, Weight.WAY))
    return Reply(
        kind=ReplyKind.ADVICE,
        text=with_plates(bubble(lines).text, (car,)),
        advice=_advice(cards, told.vehicle, frame),
        talk=Talk(at=facts.now, cars=(car,) if car != NO_CAR else (), origin=bank),
        cards=cards,
    )


def _car(facts: Facts) -> Car:
    talk = facts.talk
    if talk and talk.is_alive(facts.now) and talk.cars and is_clear(talk.cars[0]):
        return talk.cars[0]
    return facts.cars[0].car if facts.cars else NO_CAR


def _elsewhere(facts: Facts) -> str:
    return f"收到。这个位置在江的哪一边我拿不准：说一声汉口、汉阳还是武昌，我再答。\n{_NOT_KEPT}".replace(
        "汉口、汉阳还是武昌",
        "、".join(dict.fromkeys(start for start, _ in facts.cards.ground.ways)) or "地名",
    )


def _is_near(cards: CityCards, sent: SentPlace) -> bool:
    return any(
        abs(place.lat - sent.lat) < NEAR_DEGREES and abs(place.lon - sent.lon) < NEAR_DEGREES
        for place in cards.places.values()
    )


def _label(label: str, bank: str) -> str:
    """汉阳区琴台大道: the address without province and city; the bank where the phone gave none."""
    return _REGION.sub("", label).replace(" ", "")[:16] or bank


def _way(cards: CityCards, vehicle: Vehicle, label: str, bank: str, to: str, frame: Frame) -> str:
    """去武昌：经江城大道走鹦鹉洲大桥。长江大桥您要等22:00后能走."""
    crossings = [cards.places[one] for one in cards.ground.ways[bank, to]]
    ruled = [place for place in cards.restricted_places() if place in crossings]
    held = [place for place in ruled if not is_open_throughout(cards, vehicle, place, frame)]
    open_ = [place for place in crossings if is_open_throughout(cards, vehicle, place, frame)]
    said = _published(cards, vehicle, label, bank, to, held, frame) if held else ""
    if not said and open_:
        said = f"走{listed([place.short_name for place in open_[:MOST_NAMED]])}"
    waits = "".join(_wait(cards, vehicle, place, frame) for place in held)
    return f"去{to}：{said or '我不确定走哪座桥，请看路口标志'}。{waits}"


def _published(
    cards: CityCards, vehicle: Vehicle, label: str, bank: str, to: str, held: list[Place], frame: Frame
) -> str:
    """The police's own diversion round the crossing, where it is open to this car."""
    for place in held:
        for route in cards.ground.routes_from(label=label, bank=bank, to=to, around=place.id):
            open_ = [
                cards.places[one]
                for one in route.crossings
                if is_open_throughout(cards, vehicle, cards.places[one], frame)
            ]
            open_.sort(key=lambda place: to not in place.banks)
            if open_:
                return f"经{listed(route.via[:2])}走{open_[0].short_name}"
    return ""


def _wait(cards: CityCards, vehicle: Vehicle, place: Place, frame: Frame) -> str:
    decision = at_instant(cards, vehicle, place, frame.start)
    if decision.passage is Passage.CONDITIONAL:
        return f"{place.short_name}要看尾号。"
    until = until_text(decision, after(cards, vehicle, place, decision), frame, frame)
    return f"{place.short_name}{word(decision)}{'，' if until else ''}{until}。"


def _advice(cards: CityCards, vehicle: Vehicle, frame: Frame) -> tuple[Advice, ...]:
    found = []
    for place in cards.restricted_places():
        decision = at_instant(cards, vehicle, place, frame.start)
        if decision.passage is not Passage.CONDITIONAL:
            found.append(
                Advice(
                    place=place.id,
                    passage=decision.passage,
                    until=decision.until,
                    rule=decision.rule,
                    instead=(),
                )
            )
    return tuple(found)
