"""What a reply is made of, and what it may ask to have done. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from daxiang.domains.conversation.meaning import Car
from daxiang.domains.conversation.talk import Talk
from daxiang.domains.restrictions.city_cards import CityCards

LONGEST_BUBBLE = 190
"""Characters of one bubble, choices not counted (the voice, rule 9)."""
MOST_LINES = 10


class ReplyKind(StrEnum):
    ADVICE = "advice"
    ASK_BACK = "ask_back"
    DANGER = "danger"
    TALK = "talk"


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The decision for one restricted crossing, as other programs read it.

    For a whole day or a stretch of it: the gravest passage in it, until the instant at which that ends.
    """

    place: str
    passage: str
    until: datetime | None
    rule: str | None
    instead: tuple[str, ...]
    """Ids of crossings that are open to this car at this hour."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """What is open instead, for one river."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Span:
    """A part of the day with one answer; hours from 0 to 24."""

    start_hour: float
    end_hour: float
    passage: str


@dataclass(frozen=True, kw_only=True)
class PlaceNow:
    """One crossing of the pack for this car at this instant, whether a rule speaks of it or not.

    `until` as in `Decision`; `is_closed`: shut for everybody (养护), not forbidden to this car.
    """

    place: str
    name: str
    river: str
    passage: str
    is_closed: bool
    until: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class TailAdvice:
    """The whole answer in parts, for a page that draws it. Every text is one that the chat says."""

    tail: str
    subject: str
    """尾号5, or the masked plate and how it is counted."""
    day_text: str
    passage: str
    headline: str
    until_text: str
    ways: tuple[Way, ...]
    next_text: str
    why: str
    source: str
    caution: str | None
    spans: tuple[Span, ...]
    places: tuple[Advice, ...]
    crossings: tuple[PlaceNow, ...] = ()
    """Every crossing of the pack, in its order, for the drawing."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something to be done along with the reply. The reply's text is what is said when it succeeded."""


@dataclass(frozen=True, kw_only=True)
class Remember(Act):
    """Keep this car for this person; she has just consented."""

    car: Car
    is_for_evening: bool = False
    """She consented to the evening notice along with it."""


@dataclass(frozen=True, kw_only=True)
class Forget(Act):
    """Drop this car; None: everything that is kept of the person, notices too. Then `{stays}` in the reply's
    text stands for what is kept all the same.
    """

    car: Car | None


@dataclass(frozen=True, kw_only=True)
class Evening(Act):
    """Say at 20:00 when the next day is a restricted one for a remembered car; or say it no more."""

    on: bool


@dataclass(frozen=True, kw_only=True)
class LeaveMessage(Act):
    """Keep these words for the officers. `{number}` in the reply's text stands for the number it gets."""

    words: str


@dataclass(frozen=True, kw_only=True)
class TakeBack(Act):
    """Delete the message for the officers of that number, which none of them has seen; None: the only one.
    `{number}` in the reply's text stands for the number.
    """

    number: int | None


@dataclass(frozen=True, kw_only=True)
class SendPicture(Act):
    """Send the picture of that day for that car."""

    day: date
    car: Car


@dataclass(frozen=True, kw_only=True)
class TellMe(Act):
    """Write once what was uncertain is settled: for these places (none: the restricted), about this day."""

    places: tuple[str, ...]
    day: date | None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One bubble: its words, what can be tapped, the facts that it rests on, and what follows from it."""

    kind: ReplyKind
    text: str
    choices: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    """Each restricted crossing that the question touches."""
    talk: Talk | None = None
    """The talk to keep from now on; None: nothing new, what is kept stays."""
    act: Act | None = None
    cards: CityCards | None = None
    """The cards by which it was answered, so that whoever keeps the answer can name their generation."""
