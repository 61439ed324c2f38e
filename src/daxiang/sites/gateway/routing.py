"""Which way a message goes. Pure: the message, the account, the city's pack and the hour decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from daxiang.domains.conversation.answer import Reply, ReplyKind
from daxiang.domains.conversation.meaning import NotUnderstood
from daxiang.domains.conversation.queries import meaning, reply_to_follow, reply_to_intent
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.acts import Operation, operation_of
from daxiang.integrations.wechat.events import FollowEvent, UnfollowEvent
from daxiang.integrations.wechat.messages import TextMessage
from daxiang.integrations.wechat.replies import PassiveReply, Text, text_with_choices
from daxiang.integrations.wechat.values import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Say:
    """An answer without side effect: the group lane. None: there is nothing to say."""

    reply: PassiveReply | None
    is_danger: bool = False
    """Said from memory even when nothing can be kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Do:
    """An operation, with its answer in one transaction: the transaction lane."""

    operation: Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """What we do not handle: the relay, where the account has one."""

    cover: PassiveReply | None
    """What the person is told where there is no relay, or where it fails."""


Decision = Say | Do | Pass
_NOTHING = Say(reply=None)
_NOT_OURS = Pass(cover=None)


def decide(message: Message, *, account: Account, city: str, now: datetime) -> Decision:
    """What becomes of one message. A kind that is not ours is passed on, or acknowledged and kept."""
    if isinstance(message, TextMessage):
        return _decide_text(message.content, account_kind=account.kind, city=city, now=now)
    if isinstance(message, FollowEvent):
        return _welcome(account.kind, city)
    if isinstance(message, UnfollowEvent):
        return _NOTHING
    operation = operation_of(message)
    return _NOT_OURS if operation is None else Do(operation=operation)


def _decide_text(text: str, *, account_kind: str, city: str, now: datetime) -> Decision:
    intent = meaning(text, city=city, at=now)
    reply = reply_to_intent(intent, account_kind=account_kind, city=city, at=now)
    said = _in_a_bubble(reply)
    if isinstance(intent, NotUnderstood):
        return Pass(cover=said)
    return Say(reply=said, is_danger=reply.kind is ReplyKind.DANGER)


@lru_cache(maxsize=64)
def _welcome(account_kind: str, city: str) -> Say:
    return Say(reply=_in_a_bubble(reply_to_follow(account_kind=account_kind, city=city)))


def _in_a_bubble(reply: Reply) -> Text:
    if not reply.choices:
        return Text(content=reply.text)
    return Text(content=_with_choices(reply.text, reply.choices))


@lru_cache(maxsize=256)
def _with_choices(text: str, choices: tuple[str, ...]) -> str:
    return text_with_choices(text, choices)
