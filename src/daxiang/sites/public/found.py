"""From a question to its answer as values: the chat's own reply, and the cases that it was reckoned from.

Nothing is decided here. Each case asks the same rules as the chat, so page and chat can never differ; a test
holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.advice import advise
from daxiang.domains.conversation.cars import known
from daxiang.domains.conversation.cases import (
    MOST_CASES,
    Case,
    Frame,
    answered_places,
    case_of,
    frame_of,
    telling,
)
from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.precision import minute_of
from daxiang.domains.conversation.queries import reply_to_intent, reply_to_text
from daxiang.domains.conversation.replies import Forget, Reply, ReplyKind, TailAdvice
from daxiang.domains.conversation.talk import Step, Talk
from daxiang.domains.restrictions.city_cards import CityCards
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.rules import Decision
from daxiang.domains.restrictions.values import Place, Vehicle
from daxiang.kernel.errors import DomainError
from daxiang.sites.public.asked import Asked

NOTHING_KEPT = (
    "这个网站不记任何人，您查过、写过的都没有留下，没有要删的。\n在微信服务号里记住过车的，请到那里说“忘记”。"
)
"""忘记 on a page: nothing was kept, so nothing can be dropped."""
_UNDECIDED = {texts.KINDS_OF_CAR, texts.KINDS_OF_LARGE, texts.DAYS, ()}


@dataclass(frozen=True, kw_only=True)
class OneCase:
    """One car at one time, as the page shows it."""

    car: Car
    case: Case
    decision: Decision
    """The gravest, which gives the tone."""
    advice: TailAdvice

    @property
    def vehicle(self) -> Vehicle:
        return self.case.vehicle


@dataclass(frozen=True, kw_only=True)
class Found:
    """An answer. `cases`: each car on each day, none where the reply is not about driving.

    `vehicle` is the one that drawing and strip show: the first case's, else a small car of unknown tail.
    """

    asked: Asked
    now: datetime
    cards: CityCards
    reply: Reply | None
    cases: tuple[OneCase, ...] = ()

    @property
    def vehicle(self) -> Vehicle:
        return self.cases[0].vehicle if self.cases else known(self.car, 0).vehicle

    @property
    def car(self) -> Car:
        """The car that was named, or one of which nothing is known."""
        if self.cases:
            return self.cases[0].car
        talk = self.reply.talk if self.reply else None
        return talk.cars[0] if talk and talk.cars else Car()

    @property
    def frame(self) -> Frame:
        """The time that the drawing is about."""
        return self.cases[0].case.frame if self.cases else Frame(start=self.now, is_now=True)

    @property
    def is_undecided(self) -> bool:
        """Whether it was asked back what vehicle, which day or which place is meant, or another city was: no
        drawing can tell.
        """
        reply = self.reply
        return self.is_elsewhere or bool(
            reply and reply.kind is ReplyKind.ASK_BACK and reply.choices in _UNDECIDED
        )

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is about another city, of which this page has no drawing."""
        return bool(self.reply and self.reply.talk and self.reply.talk.city)

    @property
    def asks_tail(self) -> bool:
        """Whether one digit is what is still missing."""
        return bool(self.reply and self.reply.talk and self.reply.talk.step is Step.CAR)


def find(asked: Asked, now: datetime, city: str) -> Found:
    """The answer at one instant. Raises DomainError or OSError where the pack cannot be read."""
    cards = load_city(city)
    now = minute_of(cards, now)
    if asked.is_empty or asked.wrong:
        return Found(asked=asked, now=now, cards=cards, reply=None)
    reply = _reply(asked, now, city)
    cases = _cases(reply, now)
    return Found(asked=asked, now=now, cards=reply.cards or cards, reply=reply, cases=cases)


def find_danger(asked: Asked, now: datetime, city: str) -> Reply | None:
    """The reply to words of danger, which needs no pack; None for anything else. Never raises."""
    try:
        reply = reply_to_text(asked.words, account_kind="service", city=city, at=now)
    except (DomainError, OSError):
        return None
    return reply if reply.kind is ReplyKind.DANGER else None


def _reply(asked: Asked, now: datetime, city: str) -> Reply:
    """The reply to the last words of the address, each leaning on the talk before it."""
    reply: Reply | None = None
    talk: Talk | None = None
    if asked.has_choice:
        reply = reply_to_intent(asked.intent, account_kind="service", city=city, at=now)
        talk = reply.talk
    for words in (*asked.before, asked.words):
        if words:
            reply = reply_to_text(words, account_kind="service", city=city, at=now, talk=talk)
            talk = reply.talk or talk
    if reply is None:
        raise ValueError("an empty address has no reply")
    return replace(reply, text=NOTHING_KEPT, act=None) if isinstance(reply.act, Forget) else reply


def _cases(reply: Reply, now: datetime) -> tuple[OneCase, ...]:
    if reply.kind is not ReplyKind.ADVICE or reply.talk is None or reply.cards is None:
        return ()
    cards, talk = reply.cards, reply.talk
    cars = talk.cars or (Car(),)
    frames = [frame_of(day=day, hours=talk.hours, is_now=False, now=now) for day in talk.days or (None,)]
    places = _places(cards, reply, frames[0])
    return tuple(_one(cards, car, places, frame, now) for car in cars for frame in frames)[:MOST_CASES]


def _places(cards: CityCards, reply: Reply, frame: Frame) -> tuple[Place, ...]:
    """The places of the question; of a way from bank to bank, the restricted crossings that it touches."""
    if reply.talk and reply.talk.origin and reply.advice:
        ids = dict.fromkeys(advice.place for advice in reply.advice)
        return tuple(cards.places[one] for one in ids)
    return answered_places(cards, reply.talk.places if reply.talk else (), frame.start)


def _one(cards: CityCards, car: Car, places: tuple[Place, ...], frame: Frame, now: datetime) -> OneCase:
    case = case_of(cards, known(car, 0).vehicle, places, frame)
    advice = advise(cards, car, places=places, frame=frame, now=now)
    return OneCase(car=car, case=case, decision=telling(case), advice=advice)
