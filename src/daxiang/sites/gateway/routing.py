"""Which way a message goes: the message, the account and the conversation's reply decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from daxiang.domains.conversation.answer import Reply
from daxiang.domains.conversation.queries import reply_to_follow
from daxiang.domains.residents.queries import NOBODY, State
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.acts import Operation, operation_of
from daxiang.integrations.wechat.bubbles import in_a_bubble
from daxiang.integrations.wechat.conversing import Asked, Conversation, is_unseen
from daxiang.integrations.wechat.events import FollowEvent, ScanEvent, UnfollowEvent
from daxiang.integrations.wechat.replies import PassiveReply
from daxiang.integrations.wechat.values import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Say:
    """An answer without side effect: the group lane. No bubble: there is nothing to say."""

    bubble: PassiveReply | None
    reply: Reply | None = None
    """The conversation's, with the talk to keep and the cards that it rests on."""
    is_danger: bool = False
    """Said from memory even when nothing can be kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Do:
    """An operation, with its answer in one transaction: the transaction lane."""

    operation: Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """What we do not handle: the relay, where the account has one."""

    cover: Say
    """What the person is told where there is no relay, or where it fails."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """A question whose answer may rest on its sender: her state is read when it is her turn."""

    asked: Asked
    is_danger: bool = False
    """It waits for nobody, and for the sender's state only a moment."""


Decision = Say | Do | Pass | Ask
_NOTHING = Say(bubble=None)
_NOT_OURS = Pass(cover=_NOTHING)


def decide(
    message: Message, *, account: Account, city: str, conversation: Conversation, now: datetime
) -> Decision:
    """What becomes of one message. A kind that is not ours is passed on, or acknowledged and kept; whoever
    sent a photo is told what to do where no vendor answers it.
    """
    if isinstance(message, FollowEvent):
        return _welcome(account.kind, city)
    if isinstance(message, UnfollowEvent):
        return _NOTHING
    if isinstance(message, ScanEvent):
        return Pass(cover=_welcome(account.kind, city))
    if is_unseen(message):
        return Pass(cover=Say(bubble=in_a_bubble(conversation.unseen(account=account.name))))
    asked = conversation.asked(message, now=now)
    if asked is None:
        operation = operation_of(message)
        return _NOT_OURS if operation is None else Do(operation=operation)
    inside = conversation.inside(asked, account=account.name)
    if inside is not None:
        return Do(operation=inside)
    if conversation.waits_for_words(asked, account=account.name):
        return Ask(asked=asked, is_danger=True)
    if not asked.is_danger and conversation.needs_person(asked, account=account.name):
        return Ask(asked=asked)
    return answered(asked, account=account, conversation=conversation, now=now)


def answered(
    asked: Asked, *, account: Account, conversation: Conversation, now: datetime, state: State = NOBODY
) -> Say | Do | Pass:
    """What becomes of a question once all is known that its answer may rest on."""
    reply = conversation.reply(asked, account=account.name, now=now, state=state)
    if reply.act is not None:
        return Do(operation=conversation.converse)
    said = Say(bubble=in_a_bubble(reply), reply=reply, is_danger=asked.is_danger)
    return said if asked.is_understood or _goes_on_elsewhere(reply) else Pass(cover=said)


def _goes_on_elsewhere(reply: Reply) -> bool:
    """Whether words that mean nothing at home (没办, 那五环呢) had their answer in a talk of another city."""
    return bool(reply.talk and reply.talk.city and not reply.talk.misses)


@lru_cache(maxsize=64)
def _welcome(account_kind: str, city: str) -> Say:
    return Say(bubble=in_a_bubble(reply_to_follow(account_kind=account_kind, city=city)))
