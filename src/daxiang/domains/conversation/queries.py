"""Gathers what a reply needs, and asks for it. Today that is the city pack alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.advice import TailAdvice
from daxiang.domains.conversation.answer import (
    Reply,
    ReplyKind,
    answer_citizen,
    answer_danger,
    answer_stranger,
)
from daxiang.domains.conversation.understand import InDanger, understand
from daxiang.domains.restrictions.errors import TimeUnusable
from daxiang.domains.restrictions.queries import load_city


def reply_to_text(text: str, *, account_kind: str, city: str, at: datetime) -> Reply:
    """The reply that the chat gives to a text at one instant."""
    intent = understand(text)
    if isinstance(intent, InDanger):
        return answer_danger(intent)  # before anything that could be out of order
    cards = load_city(city)
    if account_kind == "subscription":
        return answer_stranger(intent, account_name=cards.accounts["service"])
    try:
        return answer_citizen(intent, cards=cards, account_name=cards.accounts["service"], at=at)
    except TimeUnusable as error:
        return Reply(kind=ReplyKind.TALK, text=str(error))


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
