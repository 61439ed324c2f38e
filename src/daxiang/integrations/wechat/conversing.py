"""The conversation as an account carries it on: a message is asked, its sender's state is what the answer may
rest on, and what the reply wants done is done. Gateway, worker and `daxiang ask` answer by this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
import structlog

from daxiang.domains.conversation.answer import Reply, ReplyKind, answer, answer_danger, needs_person
from daxiang.domains.conversation.facts import Facts, Feature
from daxiang.domains.conversation.kept import own_car
from daxiang.domains.conversation.meaning import (
    Heard,
    InCrash,
    InDanger,
    Intent,
    NotUnderstood,
    SentPlace,
)
from daxiang.domains.conversation.menus import intent_of_key
from daxiang.domains.conversation.personal import with_message_open
from daxiang.domains.conversation.queries import meaning, reply_to_text
from daxiang.domains.conversation.talk import from_json, to_json
from daxiang.domains.conversation.understanding.wishes import message_in
from daxiang.domains.conversation.unseen import reply_to_unseen
from daxiang.domains.residents.marks import CarMarks
from daxiang.domains.residents.operations import Resident, SpokenTalk, writing_talk
from daxiang.domains.residents.queries import NOBODY, State, read_state
from daxiang.domains.restrictions.queries import city_named, load_city
from daxiang.foundation.inbox.operations import Received, Statement, generation_of
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Settings
from daxiang.integrations.wechat.acts import Operation, Sender, Told
from daxiang.integrations.wechat.bubbles import in_a_bubble
from daxiang.integrations.wechat.events import ClickEvent
from daxiang.integrations.wechat.inside import Inside
from daxiang.integrations.wechat.messages import LocationMessage, TextMessage, VoiceMessage
from daxiang.integrations.wechat.performing import Performing
from daxiang.integrations.wechat.replies import Text
from daxiang.integrations.wechat.values import Message
from daxiang.kernel.coordinates import to_wgs84
from daxiang.kernel.errors import DomainError

log = structlog.get_logger()

NOT_INSIDE = "这句我没看懂。回“帮助”看能做什么；查规定就直接问，比如：货车能上大桥吗。"
"""To an officer, of words that are neither a command nor a question about driving."""
FAILED = "这句我现在答不上来，请换个说法，或者过几分钟再问。\n有人受伤打120，交通报警打122。"
"""After a fault of ours while answering: nothing about driving is said."""


class Asked(NamedTuple):
    """A message as the conversation takes it."""

    intent: Intent
    words: str
    """As typed or heard."""
    is_tap: bool
    """A choice or a menu entry was tapped: it answers what was said before."""

    @property
    def is_danger(self) -> bool:
        return isinstance(self.intent, InDanger | InCrash)

    @property
    def is_understood(self) -> bool:
        heard = self.intent.meaning if isinstance(self.intent, Heard) else self.intent
        return not isinstance(heard, NotUnderstood)

    def needs_person(self, *, has_desk: bool) -> bool:
        """Whether the sender's talk or cars can change the answer. `has_desk`: officers read messages."""
        return needs_person(self.intent, is_tap=self.is_tap, words=self.words if has_desk else "")


def asked_by(message: Message, *, city: str, now: datetime) -> Asked | None:
    """What a message asks; None for one that is not the conversation's (a picture, a vendor's menu entry)."""
    match message:
        case TextMessage(content=words, choice_id=choice):
            return Asked(_meant(words, city, now), words, bool(choice))
        case VoiceMessage(recognition=recognised):
            words = recognised.strip().rstrip("。.")
            meant = _meant(words, city, now) if words else NotUnderstood()
            intent = meant if isinstance(meant, InDanger | InCrash) else Heard(words=words, meaning=meant)
            return Asked(intent, words, is_tap=False)
        case LocationMessage(place=place, label=label):
            lat, lon = to_wgs84(place.latitude, place.longitude)
            return Asked(SentPlace(lat=lat, lon=lon, label=label), "", is_tap=False)
        case ClickEvent(key=key):
            tapped = intent_of_key(key)
            return None if tapped is None else Asked(tapped, "", is_tap=True)
    return None


_UNSUPPORTED = "【收到不支持的消息类型"
"""The platform's own words in the place of something that it does not pass on."""


def is_unseen(message: Message) -> bool:
    """Whether it is a person's message that holds no words, no speech and no place: a photo, a file."""
    if isinstance(message, TextMessage):
        return message.content.startswith(_UNSUPPORTED)
    return not isinstance(message, VoiceMessage | LocationMessage) and not message.kind.startswith("event:")


def _meant(words: str, city: str, now: datetime) -> Intent:
    try:
        return meaning(words, city=city, at=now)
    except Exception as error:  # outermost frame of one understanding: whoever wrote must hear something
        log.exception("not_understood_by_fault", reason=type(error).__name__)
        return NotUnderstood(words=words)


class Conversed(NamedTuple):
    """A message answered and acted on."""

    reply: Reply
    """As it holds after its act."""
    told: Told


class Conversation:
    """Answers people of an instance's accounts, and does what they want done."""

    def __init__(
        self,
        *,
        city: str,
        features: frozenset[str],
        public_url: str,
        account_kinds: Mapping[str, str],
        sealer: Sealer,
        performing: Performing,
        inside: Inside | None = None,
    ) -> None:
        """`inside`: what answers on an internal account; None: there everybody is a stranger."""
        self._city = city
        self._features = features
        self._public_url = public_url
        self._kinds = account_kinds
        self._sealer = sealer
        self._performing = performing
        self._inside = inside

    def asked(self, message: Message, *, now: datetime) -> Asked | None:
        """What a message asks; None for one that is not the conversation's."""
        return asked_by(message, city=self._city, now=now)

    def needs_person(self, asked: Asked, *, account: str) -> bool:
        """Whether the sender's state must be read before answering. The internal account keeps none."""
        has_desk = Feature.MESSAGE in self._features
        return self._kinds[account] == "service" and asked.needs_person(has_desk=has_desk)

    def inside(self, asked: Asked, *, account: str) -> Operation | None:
        """What is done for a message on the internal account; None on any other, and for danger, which is
        answered at once.
        """
        if self._inside is None or self._kinds[account] != "subscription" or asked.is_danger:
            return None
        return self._inside.operation(asked.words)

    def warm(self, *, now: datetime) -> None:
        """Answer every tail once, so that nobody waits for what is loaded and reckoned only then."""
        for account in self._kinds:
            for words in "0123456789":
                asked = Asked(_meant(f"尾号{words}", self._city, now), words, is_tap=False)
                self.reply(asked, account=account, now=now)

    def reply(self, asked: Asked, *, account: str, now: datetime, state: State = NOBODY) -> Reply:
        """The reply at one instant, by the cards in force in this process."""
        if isinstance(asked.intent, InDanger | InCrash):
            return self._danger(asked, account, now, state)
        try:
            return answer(asked.intent, self._facts(asked, account, now, state))
        except Exception as error:  # outermost frame of one answer: whoever asked must hear something
            log.exception("answer_failed", reason=type(error).__name__)
            return Reply(kind=ReplyKind.TALK, text=FAILED)

    def _danger(self, asked: Asked, account: str, now: datetime, state: State) -> Reply:
        """Danger first, from memory, whatever could be out of order; then, where it can be told, that the
        words were not left for the officers.
        """
        assert isinstance(asked.intent, InDanger | InCrash)  # noqa: S101 (the caller looked)
        reply = answer_danger(asked.intent)
        if self._kinds[account] != "service" or Feature.MESSAGE not in self._features or asked.is_tap:
            return reply
        try:
            talk = from_json(state.talk, zone_of=now) if state.talk else None
            return with_message_open(reply, talk=talk, now=now, was_message=bool(message_in(asked.words)))
        except Exception as error:  # outermost frame: nothing may keep 120 from being said
            log.exception("answer_failed", reason=type(error).__name__)
            return reply

    def unseen(self, *, account: str) -> Reply:
        """To what holds nothing that could be read."""
        return reply_to_unseen(account_kind=self._kinds[account], city=self._city, features=self._features)

    def waits_for_words(self, asked: Asked, *, account: str) -> bool:
        """Whether words of danger may stand where words for the officers were awaited; only the sender's talk
        tells. It is worth a short look, and no waiting.
        """
        is_open = self._kinds[account] == "service" and Feature.MESSAGE in self._features
        return is_open and asked.is_danger and not asked.is_tap

    def _facts(self, asked: Asked, account: str, now: datetime, state: State) -> Facts:
        return Facts(
            now=now,
            cards=load_city(self._city),
            account_kind=self._kinds[account],
            talk=from_json(state.talk, zone_of=now) if state.talk else None,
            cars=tuple(own for text in state.cars if (own := own_car(text)) is not None),
            has_evening=state.has_evening,
            features=self._features,
            public_url=self._public_url,
            words=asked.words,
            cities=city_named,
        )

    def converse(
        self, connection: psycopg.Connection[Any], message: Message, sender: Sender, now: datetime
    ) -> Told:
        """The operation for a message whose reply wants something done."""
        done = self.conversed(connection, message, sender, now)
        return Told(None) if done is None else done.told

    def conversed(
        self, connection: psycopg.Connection[Any], message: Message, sender: Sender, now: datetime
    ) -> Conversed | None:
        """Answer and act. The state is read once more under the sender's lock, so that what is done and what
        is said rest on the same. None for a message that is not the conversation's.
        """
        asked = self.asked(message, now=now)
        if asked is None:
            return None
        inside = self.inside(asked, account=sender.account)
        if inside is not None:
            told = inside(connection, message, sender, now)
            words = told.reply.content if isinstance(told.reply, Text) else ""
            return Conversed(Reply(kind=ReplyKind.TALK, text=words), told)
        resident = Resident(sender.account, sender.person)
        state = read_state(connection, resident, sealer=self._sealer)
        reply = self.reply(asked, account=sender.account, now=now, state=state)
        done, last = self._done(connection, message, resident, reply, now)
        return Conversed(done, Told(in_a_bubble(done), generation_in(reply), last))

    def _done(
        self,
        connection: psycopg.Connection[Any],
        message: Message,
        resident: Resident,
        reply: Reply,
        now: datetime,
    ) -> tuple[Reply, tuple[Statement, ...]]:
        """The reply as it holds after its act, and what is to be written last. What cannot be done is told,
        and the talk no longer waits for it.
        """
        last: tuple[Statement, ...] = ()
        if reply.act is not None:
            try:
                with connection.transaction():
                    reply, last = self._performing.perform(connection, message, resident, reply, now)
            except DomainError as error:
                talk = reply.talk and replace(reply.talk, step=None)
                reply = replace(reply, text=str(error), choices=(), act=None, talk=talk)
        if reply.talk is not None:
            talk_text = to_json(reply.talk)
            last += (writing_talk(resident, talk=talk_text, at=message.created_at, sealer=self._sealer),)
        return reply, last


def conversation_of(settings: Settings, sealer: Sealer) -> Conversation:
    """It answers by the city's cards in force in this process."""

    def as_citizen(words: str, at: datetime) -> str:
        """What a citizen would be told: the roadside answer that an officer shows a driver."""
        if isinstance(_meant(words, settings.city, at), NotUnderstood):
            return NOT_INSIDE
        return reply_to_text(words, account_kind="service", city=settings.city, at=at).text

    inside = Inside(
        city=settings.city,
        public_url=settings.public_url,
        sealer=sealer,
        index_key=settings.index_key,
        answer=as_citizen,
    )
    return Conversation(
        city=settings.city,
        features=settings.features,
        public_url=settings.public_url,
        account_kinds={name: account.kind for name, account in settings.accounts.items()},
        sealer=sealer,
        performing=Performing(
            sealer=sealer, marks=CarMarks(settings.index_key), retention=settings.retention
        ),
        inside=inside,
    )


def generation_in(reply: Reply) -> bytes:
    """What is kept beside an answer of the generation that it rests on."""
    return b"" if reply.cards is None else generation_of(reply.cards.generation)


def spoken(reply: Reply, *, resident: Resident, received: Received) -> SpokenTalk | None:
    """The talk to keep along with a message that was answered without an act; None: what is kept stays."""
    if reply.talk is None:
        return None
    return SpokenTalk(resident, to_json(reply.talk), received.created_at, received.day, received.identity)
