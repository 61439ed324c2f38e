"""What to answer. Pure: the intent, the city's cards and the hour give the reply."""

from __future__ import annotations

from datetime import datetime

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.advice import advise, in_words
from daxiang.domains.conversation.replies import Reply as Reply
from daxiang.domains.conversation.replies import ReplyKind as ReplyKind
from daxiang.domains.conversation.understand import (
    AsksByTail,
    AsksForHelp,
    GaveLetter,
    GaveThanks,
    InDanger,
    Intent,
    OtherPlate,
    PlateNotReadable,
)
from daxiang.domains.restrictions.rules import CityCards


def answer_danger(intent: InDanger) -> Reply:
    """Danger first, from memory alone: no card, no account, no database is asked."""
    return Reply(kind=ReplyKind.DANGER, text=texts.danger(intent.dangers))


def answer_citizen(intent: Intent, *, cards: CityCards, account_name: str, at: datetime) -> Reply:
    """The service account's reply at one instant."""
    match intent:
        case InDanger():
            return answer_danger(intent)
        case AsksByTail():
            advice = advise(cards, tail=intent.tail, plate=intent.plate, at=at)
            return Reply(
                kind=ReplyKind.ADVICE, text=in_words(advice), advice=advice.places, tail_advice=advice
            )
        case GaveLetter():
            return Reply(kind=ReplyKind.ASK_BACK, text=texts.LETTER, choices=texts.DIGITS)
        case PlateNotReadable(advice=words):
            return Reply(kind=ReplyKind.ASK_BACK, text=words)
        case OtherPlate(plate=plate):
            return Reply(kind=ReplyKind.TALK, text=texts.OTHER_PLATE.format(plate=plate.masked))
        case AsksForHelp():
            return Reply(kind=ReplyKind.TALK, text=texts.welcome(account_name), choices=texts.DIGITS)
        case GaveThanks():
            return Reply(kind=ReplyKind.TALK, text=texts.THANKS)
        case _:
            return Reply(kind=ReplyKind.ASK_BACK, text=texts.NOT_UNDERSTOOD, choices=texts.DIGITS)


def answer_stranger(intent: Intent, *, account_name: str) -> Reply:
    """The internal account's reply to somebody who is not bound: danger first, then one courteous line."""
    if isinstance(intent, InDanger):
        return answer_danger(intent)
    return Reply(kind=ReplyKind.TALK, text=texts.stranger(account_name))
