"""The meaning of a text in `meaning`'s words, as long as `understand` still speaks the older ones."""

from __future__ import annotations

from datetime import datetime

from daxiang.domains.conversation import understand as u
from daxiang.domains.conversation.meaning import (
    Asks,
    Car,
    Danger,
    InDanger,
    Intent,
    NotUnderstood,
    PlateNotReadable,
    Small,
    SmallTalk,
)
from daxiang.domains.restrictions.rules import CityCards


def dangers_in(text: str) -> frozenset[Danger]:
    meant = u.understand(text)
    return (
        frozenset(Danger(str(one)) for one in meant.dangers) if isinstance(meant, u.InDanger) else frozenset()
    )


def meaning_of(text: str, *, now: datetime, cards: CityCards) -> Intent:
    del now, cards
    match u.understand(text):
        case u.InDanger(dangers=dangers):
            return InDanger(dangers=frozenset(Danger(str(one)) for one in dangers))
        case u.AsksByTail(tail=tail, plate=plate):
            return Asks(cars=(Car(plate=plate) if plate else Car(tail=tail),))
        case u.GaveLetter(letter=letter):
            return Asks(cars=(Car(letter=letter),))
        case u.PlateNotReadable(advice=advice):
            return PlateNotReadable(advice=advice)
        case u.OtherPlate(plate=plate):
            return Asks(cars=(Car(plate=plate),))
        case u.AsksForHelp():
            return SmallTalk(kind=Small.HELP)
        case u.GaveThanks():
            return SmallTalk(kind=Small.THANKS)
        case _:
            return NotUnderstood(words=text)
