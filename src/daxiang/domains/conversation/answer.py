"""What to answer. Pure: the intent and the facts give the reply, and the act that goes with it."""

from __future__ import annotations

from dataclasses import replace

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.asking import answer_asks
from daxiang.domains.conversation.basis import answer_basis
from daxiang.domains.conversation.elsewhere import answer_elsewhere, turned_home
from daxiang.domains.conversation.facts import Facts, Feature
from daxiang.domains.conversation.left_words import may_be_message
from daxiang.domains.conversation.location import answer_place
from daxiang.domains.conversation.meaning import (
    Asks,
    Danger,
    Heard,
    InCrash,
    InDanger,
    Intent,
    NotUnderstood,
    PlateNotReadable,
    SentPlace,
    Small,
    SmallTalk,
    Topic,
    WantsCar,
    Wish,
)
from daxiang.domains.conversation.penalty import penalty_text
from daxiang.domains.conversation.personal import (
    answer_wish,
    asks_for_message,
    leave_message,
    with_consent_open,
)
from daxiang.domains.conversation.replies import Reply as Reply
from daxiang.domains.conversation.replies import ReplyKind as ReplyKind
from daxiang.domains.conversation.talk import Step, Talk, away_from
from daxiang.kernel.errors import DomainError

MISSES_BEFORE_MEANINGS = 2


def answer_danger(intent: InDanger | InCrash) -> Reply:
    """Danger first, from memory alone: no card, no account, no database is asked."""
    if isinstance(intent, InCrash):
        return _crash(intent)
    return Reply(
        kind=ReplyKind.DANGER,
        text=texts.danger(intent.dangers, dialled=intent.dialled, is_english=intent.is_english),
        choices=texts.danger_choices(intent.dangers),
    )


def _crash(intent: InCrash) -> Reply:
    if intent.is_hurt:
        return answer_danger(InDanger(dangers=frozenset({Danger.INJURY})))
    if intent.can_move is None:
        return Reply(kind=ReplyKind.DANGER, text=texts.CRASH_UNHURT, choices=texts.CRASH_MOVE_CHOICES)
    text = texts.CRASH_CAN_MOVE if intent.can_move else texts.CRASH_STUCK
    return Reply(kind=ReplyKind.DANGER, text=text, choices=texts.CRASH_LAST_CHOICES)


def needs_person(intent: Intent, *, is_tap: bool = False, words: str = "") -> bool:
    """Whether the talk or the remembered cars can change the answer. A tap answers what was asked before.

    Danger never asks for anything. A question that names its car and a day, an hour or a place is whole,
    unless its `words` may be a message to the officers (empty: nobody reads any). A bare tail or plate may be
    the answer to what we asked: for tomorrow, for another city, to remember it.
    """
    if isinstance(intent, InDanger | InCrash):
        return False
    if is_tap or (isinstance(intent, Asks) and any(_leans(one) for one in intent.readings or (intent,))):
        return True
    if may_be_message(intent, words):
        return True
    if isinstance(intent, Heard):
        return needs_person(intent.meaning)
    if isinstance(intent, Asks):
        return False
    if isinstance(intent, SmallTalk):
        return intent.kind not in _OF_NOBODY
    return True


def _leans(asks: Asks) -> bool:
    if asks.city is not None:
        return True  # the car, and what was told for that city's rules
    is_bare = not (asks.days or asks.hours or asks.is_now or asks.places or asks.destination)
    return is_bare or asks.leans or asks.topic is Topic.BASIS or not any(car.tail_digit for car in asks.cars)


def answer(intent: Intent, facts: Facts) -> Reply:
    """The reply at one instant, danger before everything else, in either account."""
    if isinstance(intent, InDanger | InCrash):
        return answer_danger(intent)
    if facts.account_kind == "subscription":
        return answer_stranger(intent, account_name=facts.cards.accounts["service"])
    try:
        said = intent.meaning if isinstance(intent, Heard) else intent
        return with_consent_open(_answer_citizen(intent, facts), said, facts)
    except DomainError as error:  # a day that no calendar reaches: its sentence says so
        return Reply(kind=ReplyKind.TALK, text=str(error), cards=facts.cards)


def answer_stranger(intent: Intent, *, account_name: str) -> Reply:
    """The internal account's reply to somebody who is not bound: danger first, then one courteous line."""
    if isinstance(intent, InDanger | InCrash):
        return answer_danger(intent)
    return Reply(kind=ReplyKind.TALK, text=texts.stranger(account_name))


def _answer_citizen(intent: Intent, facts: Facts) -> Reply:
    step = facts.talk.step if facts.talk and facts.talk.is_alive(facts.now) else None
    if step is Step.MESSAGE and may_be_message(intent, facts.words):
        return leave_message(facts.words.strip(), facts)
    if (reply := _elsewhere(intent, facts)) is not None:
        return reply
    facts = _at_home(intent, facts)
    match intent:
        case Asks() if step in {Step.REMEMBER, Step.EVENING} and _is_one_car(intent):
            return answer_wish(WantsCar(wish=Wish.REMEMBER, car=intent.cars[0]), facts)
        case Asks(topic=Topic.BASIS):
            return answer_basis(replace(intent, leans=True, topic=Topic.PASSAGE), facts)
        case Asks():
            return answer_asks(intent, facts)
        case WantsCar():
            return answer_wish(intent, facts)
        case SentPlace():
            return answer_place(intent, facts)
        case Heard():
            return _heard(intent, facts)
        case SmallTalk():
            return _small(intent, facts)
        case PlateNotReadable(advice=words):
            return Reply(kind=ReplyKind.ASK_BACK, text=words, cards=facts.cards)
        case _:
            return _not_understood(facts)


def _elsewhere(intent: Intent, facts: Facts, *, heard: bool = False) -> Reply | None:
    """The reply to what is said about another city, or leads home from there; None for anything else."""
    is_said = isinstance(intent, Asks) and (intent.city is not None or intent.beside is not None)
    if not is_said and (facts.talk is None or facts.talk.city is None):
        return None
    home = turned_home(intent, facts)
    if home is not None and facts.talk is not None:
        return _answer_citizen(home, replace(facts, talk=away_from(facts.talk)))
    return answer_elsewhere(intent, facts, heard=heard)


def _at_home(intent: Intent, facts: Facts) -> Facts:
    """For a question that turned out to be about home: what was said of another city stays behind."""
    talk = facts.talk
    if talk is None or talk.city is None or not isinstance(intent, Asks) or facts.cities is None:
        return facts
    return facts if facts.cities(talk.city) is None else replace(facts, talk=away_from(talk))


def _is_one_car(asks: Asks) -> bool:
    return len(asks.cars) == 1 and asks.cars[0].tail_digit is not None and not (asks.days or asks.places)


def _heard(heard: Heard, facts: Facts) -> Reply:
    """A voice message: what was heard comes back; what was not understood is asked by the digits."""
    words = replace(facts, words=heard.words)
    if (reply := _elsewhere(heard.meaning, words, heard=True)) is not None:
        return reply
    if isinstance(heard.meaning, Asks) and heard.meaning.topic is not Topic.BASIS:
        reply = answer_asks(heard.meaning, facts, heard=True)
        if reply.choices in ((), texts.DIGITS):
            return reply
        return replace(reply, choices=("听错了", *reply.choices[:2]))
    if isinstance(heard.meaning, NotUnderstood | PlateNotReadable):
        talk = Talk(at=facts.now, step=Step.CAR)
        return Reply(
            kind=ReplyKind.ASK_BACK, text=texts.NOT_HEARD, choices=texts.DIGITS, talk=talk, cards=facts.cards
        )
    return _answer_citizen(heard.meaning, replace(facts, words=heard.words))


def _small(talk: SmallTalk, facts: Facts) -> Reply:
    if talk.kind is Small.HUMAN:
        return asks_for_message(facts)
    if talk.kind is Small.ROAD_FAULT:
        return _road_fault(facts)
    if talk.kind is Small.PENALTY:
        return _penalty(facts)
    text, choices = _SMALL[talk.kind]
    if talk.kind in {Small.GREETING, Small.HELP}:
        text, choices = texts.welcome(facts.cards.accounts["service"]), texts.DIGITS
    if talk.kind is Small.THANKS and facts.has(Feature.MENU):
        text = texts.THANKS_MENU
    if talk.kind is Small.ABUSE:
        choices = ("给民警留言",) if facts.has(Feature.MESSAGE) else ()
    return Reply(kind=ReplyKind.TALK, text=text, choices=choices, cards=facts.cards)


def _penalty(facts: Facts) -> Reply:
    """By the rules of the city that the talk is about."""
    talk = facts.talk if facts.talk and facts.talk.is_alive(facts.now) else None
    other = facts.cities(talk.city) if talk and talk.city and facts.cities else None
    text = penalty_text(other or facts.cards, facts.now)
    return Reply(kind=ReplyKind.TALK, text=f"{other.name}：{text}" if other else text, cards=facts.cards)


def _road_fault(facts: Facts) -> Reply:
    """Thanks, the number for what is dangerous, and words for the officers where somebody reads them."""
    has_desk = facts.has(Feature.MESSAGE)
    text = texts.ROAD_FAULT if has_desk else texts.ROAD_FAULT_ALONE
    choices = ("给民警留言",) if has_desk else ()
    return Reply(kind=ReplyKind.TALK, text=text, choices=choices, cards=facts.cards)


_OF_NOBODY = {Small.GREETING, Small.HELP, Small.THANKS, Small.BYE, Small.OTHER_CAR}
"""Talk that has one answer, whoever says it."""
_SMALL: dict[Small, tuple[str, tuple[str, ...]]] = {
    Small.GREETING: ("", ()),
    Small.HELP: ("", ()),
    Small.THANKS: (texts.THANKS, ()),
    Small.BYE: (texts.BYE, ()),
    Small.ABUSE: (texts.ABUSE, ()),
    Small.OTHER_CAR: (texts.SOMEBODY_ELSES_CAR, ()),
    Small.VIOLATIONS: (texts.VIOLATIONS, ()),
    Small.INSPECTION: (texts.INSPECTION, ()),
}


def _not_understood(facts: Facts) -> Reply:
    """First the digits; the second time in a row two likely meanings, and words for the officers."""
    before = facts.talk if facts.talk and facts.talk.is_alive(facts.now) else Talk(at=facts.now)
    misses = before.misses + 1
    talk = replace(before, at=facts.now, misses=misses, step=None)
    if misses < MISSES_BEFORE_MEANINGS:
        return Reply(
            kind=ReplyKind.ASK_BACK,
            text=texts.NOT_UNDERSTOOD,
            choices=texts.DIGITS,
            talk=talk,
            cards=facts.cards,
        )
    has_desk = facts.has(Feature.MESSAGE)
    return Reply(
        kind=ReplyKind.ASK_BACK,
        text=texts.NOT_UNDERSTOOD_TWICE if has_desk else texts.NOT_UNDERSTOOD_TWICE_ALONE,
        choices=("今天能走吗", "周末限不限", *(("给民警留言",) if has_desk else ())),
        talk=talk,
        cards=facts.cards,
    )
