"""Gathers what a reply needs, and asks for it. Today that is the city pack alone.

A flood of questions is about few kinds of cars at one hour: the advice for a tail is reckoned once a minute
and said to everybody who asks in that minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from functools import lru_cache

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.advice import advise_vehicle, in_words, subject_of
from daxiang.domains.conversation.answer import (
    Reply,
    ReplyKind,
    answer_citizen,
    answer_danger,
    answer_stranger,
)
from daxiang.domains.conversation.replies import TailAdvice
from daxiang.domains.conversation.understand import AsksByTail, InDanger, Intent, understand
from daxiang.domains.restrictions.errors import TimeUnusable
from daxiang.domains.restrictions.queries import load_city
from daxiang.domains.restrictions.values import Vehicle


def reply_to_text(text: str, *, account_kind: str, city: str, at: datetime) -> Reply:
    """The reply that the chat gives to a text at one instant."""
    return reply_to_intent(understand(text), account_kind=account_kind, city=city, at=at)


def reply_to_intent(intent: Intent, *, account_kind: str, city: str, at: datetime) -> Reply:
    """The reply to what a message was understood to mean."""
    if isinstance(intent, InDanger):
        return answer_danger(intent)  # before anything that could be out of order
    cards = load_city(city)
    if account_kind == "subscription":
        return answer_stranger(intent, account_name=cards.accounts["service"])
    try:
        if isinstance(intent, AsksByTail):
            return _reply_by_tail(intent, city=city, at=at)
        return answer_citizen(intent, cards=cards, account_name=cards.accounts["service"], at=at)
    except TimeUnusable as error:
        return Reply(kind=ReplyKind.TALK, text=str(error))


def _reply_by_tail(intent: AsksByTail, *, city: str, at: datetime) -> Reply:
    """As `answer_citizen`, from the minute's advice: of a plate the rules look at tail and colour alone."""
    plate = intent.plate
    is_green = plate is not None and plate.is_new_energy
    advice, words = _advice(city, intent.tail, is_green, _moment(city, at))
    if plate is not None:
        bare = len(advice.subject)
        advice = replace(advice, subject=subject_of(intent.tail, plate))
        words = advice.subject + words[bare:]
    return Reply(kind=ReplyKind.ADVICE, text=words, advice=advice.places, tail_advice=advice)


def _moment(city: str, at: datetime) -> datetime:
    """The instant back to which the same answer holds: the minute, where no card of the city changes within
    one; what the chat says of an hour has no seconds either.
    """
    return at.replace(second=0 if _changes_on_the_minute(city) else at.second, microsecond=0)


@lru_cache(maxsize=16)
def _changes_on_the_minute(city: str) -> bool:
    cards = load_city(city)
    instants = _instants((*cards.cards, *cards.places.values()))
    return all(not (instant.second or instant.microsecond) for instant in instants)


def _instants(value: object) -> Iterator[datetime]:
    """Every instant that stands anywhere in a value of dataclasses and tuples."""
    if isinstance(value, datetime):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _instants(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _instants(getattr(value, part.name))


@lru_cache(maxsize=256)
def _advice(city: str, tail: str, is_green: bool, at: datetime) -> tuple[TailAdvice, str]:
    """The advice for every car of this tail and colour, and its words."""
    vehicle = Vehicle(tail=tail, new_energy=is_green)
    advice = advise_vehicle(load_city(city), vehicle, subject=subject_of(tail, None), at=at)
    return advice, in_words(advice)


def reply_to_follow(*, account_kind: str, city: str) -> Reply:
    """The first words to somebody who has just followed the account."""
    name = load_city(city).accounts["service"]
    if account_kind == "subscription":
        return Reply(kind=ReplyKind.TALK, text=texts.stranger(name))
    return Reply(kind=ReplyKind.TALK, text=texts.welcome(name), choices=texts.DIGITS)


@dataclass(frozen=True, kw_only=True)
class PageAnswer:
    """The chat's answer, in the parts that a page draws."""

    kind: str
    text: str
    choices: tuple[str, ...]
    advice: TailAdvice | None


def page_answer(text: str, at: datetime, city: str) -> PageAnswer:
    """What the website says to a text: word for word the service account's answer."""
    reply = reply_to_text(text, account_kind="service", city=city, at=at)
    return PageAnswer(kind=reply.kind, text=reply.text, choices=reply.choices, advice=reply.tail_advice)
