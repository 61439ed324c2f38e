"""Messages that change something: the operation, the message and the answer in one transaction.

Gateway and worker use the same code: the gateway while the platform waits, the worker for a message whose
gateway process is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
import structlog

from daxiang.domains.briefings.reports import keep_result
from daxiang.domains.residents.operations import Resident, forget_resident
from daxiang.foundation.inbox.deferred import releasing
from daxiang.foundation.inbox.operations import Received, Statement, finding, open_answer, writing
from daxiang.foundation.outbox.operations import enqueue
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.contacts.operations import forget_contact, touch_of, touches_along
from daxiang.integrations.wechat.events import MassSentEvent
from daxiang.integrations.wechat.late import late_answer
from daxiang.integrations.wechat.relayed import as_customer_service
from daxiang.integrations.wechat.replies import PassiveReply, Text, parse_reply
from daxiang.integrations.wechat.values import Message
from daxiang.kernel.errors import DomainError

log = structlog.get_logger()

NOT_DONE = "刚才这件事没办成，什么都没有改动。请过几分钟再发一次。\n有人受伤打120，交通报警打122。"
"""After a fault of ours: true, because everything was taken back."""

LOCK_SENDER = "SELECT pg_advisory_xact_lock(%(key)s)"


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who wrote a message, for an operation: never the openid itself, that stands in the message."""

    account: str
    person: bytes


class Told(NamedTuple):
    """What came of an operation."""

    reply: PassiveReply | None
    generation: bytes = b""
    """Of the cards that the reply rests on."""
    last: tuple[Statement, ...] = ()
    """Writes that lock rows which the group lane writes too: done at the end of the transaction, so that no
    batch waits for an operation."""


Operation = Callable[[psycopg.Connection[Any], Message, Sender, datetime], Told]
"""Writes through the connection, inside the caller's transaction, and says what the person is told. A
`DomainError` takes its writes back and its sentence is the answer. It must not call the network."""


def _forget(connection: psycopg.Connection[Any], message: Message, sender: Sender, now: datetime) -> Told:
    """The person withdrew consent: what we keep of her goes (the platform's duty for this event)."""
    forget_resident(connection, Resident(sender.account, sender.person))
    forget_contact(connection, account=sender.account, person=sender.person, at=message.created_at, now=now)
    return Told(None)


def _mass_result(
    connection: psycopg.Connection[Any], message: Message, sender: Sender, now: datetime
) -> Told:
    """The platform says what became of a mass message."""
    if isinstance(message, MassSentEvent) and message.message_id.isdecimal():
        with connection.cursor() as cursor:
            keep_result(
                cursor,
                int(message.message_id),
                status=message.status[:100],
                reached=message.sent,
                failed=message.failed,
                now=now,
            )
    return Told(None)


OPERATIONS: dict[str, Operation] = {
    "event:user_authorization_revoke": _forget,
    "event:MASSSENDJOBFINISH": _mass_result,
}
"""By the message's kind. What a person asks for in the chat is `Conversation.converse`."""


def operation_of(message: Message) -> Operation | None:
    """What this message changes; None for one that changes nothing."""
    return OPERATIONS.get(message.kind)


@dataclass(frozen=True, kw_only=True)
class Act:
    """One message and what is to be done for it."""

    message: Message
    received: Received
    sender: Sender
    operation: Operation
    now: datetime


class KeptMeanwhile(Exception):
    """The message was kept by somebody who does not take turns by the sender's lock, twice in a row."""


class CarriedOut(NamedTuple):
    """What came of an act."""

    answer: bytes
    """The rendered passive answer that holds; empty when the platform has `success`."""
    is_enqueued: bool
    """The answer was put into the outbox just now."""


def carry_out(
    connection: psycopg.Connection[Any],
    act: Act,
    *,
    sealer: Sealer,
    render: Callable[[PassiveReply | None], bytes],
    is_passive: Callable[[], bool],
) -> CarriedOut:
    """Do it once, keep message and answer, all or nothing.

    One sender's acts take turns over all processes by an advisory lock, so a repeat waits for the first and
    then finds its answer. `is_passive` is asked at the last moment before the answer is written: False means
    that the platform has `success` already, and the answer goes into the outbox instead. Raises psycopg's
    errors with nothing done (or, when the commit itself was cut off, with everything: the repeat will find
    it), and `KeptMeanwhile`.
    """
    try:
        return _carried_out(connection, act, sealer, render, is_passive)
    except KeptMeanwhile:  # the stored answer will be found now
        return _carried_out(connection, act, sealer, render, is_passive)


def _carried_out(
    connection: psycopg.Connection[Any],
    act: Act,
    sealer: Sealer,
    render: Callable[[PassiveReply | None], bytes],
    is_passive: Callable[[], bool],
) -> CarriedOut:
    is_enqueued = False
    with connection.transaction():
        connection.execute(LOCK_SENDER, {"key": _lock_key(act.sender)})
        stored = _stored(connection, act.received, sealer)
        if stored is None:
            told = _told(connection, act)
            answer = render(told.reply)
        else:
            told, answer = Told(parse_reply(stored) if stored else None), stored
        passive = is_passive()
        if not passive:
            answer = b""
        if stored is None:
            kept = act.received._replace(answer=answer, generation=told.generation)
            _keep(connection, kept, sealer)
        if not passive and told.reply is not None:
            is_enqueued = _answer_late(connection, act, told.reply, sealer)
        connection.execute(*releasing([act.received]))
        for statement, parameters in told.last:
            connection.execute(statement, parameters)
        _touch(connection, act, sealer)
    return CarriedOut(answer, is_enqueued)


def _touch(connection: psycopg.Connection[Any], act: Act, sealer: Sealer) -> None:
    """Last of all: it locks the sender's row, and a danger message of hers must not wait for an act."""
    touch = touch_of(act.message, account=act.sender.account, person=act.sender.person)
    for statement, parameters in touches_along([touch], sealer):
        connection.execute(statement, parameters)


def _told(connection: psycopg.Connection[Any], act: Act) -> Told:
    """Run the operation in a savepoint; what it wrote is taken back when it fails, the answer is not."""
    try:
        with connection.transaction():
            return act.operation(connection, act.message, act.sender, act.now)
    except DomainError as error:
        return Told(Text(content=str(error)))
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise  # the server, not the act: the platform shall repeat
    except Exception as error:  # outermost frame of an operation: its fault is told, not repeated three times
        log.exception("operation_failed", kind=act.message.kind, reason=type(error).__name__)
        return Told(Text(content=NOT_DONE))


def _stored(connection: psycopg.Connection[Any], received: Received, sealer: Sealer) -> bytes | None:
    row = connection.execute(*finding([received])).fetchone()
    if row is None:
        return None
    return open_answer(bytes(row[1]), identity=received.identity, sealer=sealer)


def _keep(connection: psycopg.Connection[Any], received: Received, sealer: Sealer) -> None:
    if connection.execute(*writing([received], sealer)).fetchone() is None:
        raise KeptMeanwhile


def _answer_late(connection: psycopg.Connection[Any], act: Act, reply: PassiveReply, sealer: Sealer) -> bool:
    """Whether a delivery was written: there may be no way, or one already."""
    content = as_customer_service(reply)
    delivery = content and late_answer(
        content,
        message=act.message,
        account=act.sender.account,
        person=act.sender.person,
        now=act.now,
    )
    if not delivery:
        log.warning("late_answer_has_no_way", kind=act.message.kind, account=act.sender.account)
        return False
    return enqueue(connection, delivery, sealer=sealer) > 0


def _lock_key(sender: Sender) -> int:
    return int.from_bytes(sender.person[:8], "big", signed=True)
