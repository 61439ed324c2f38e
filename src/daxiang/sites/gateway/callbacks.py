"""One callback of the platform: opened, understood, answered, kept, sealed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol as Interface

from daxiang.domains.residents.operations import Resident
from daxiang.domains.residents.queries import NOBODY, State
from daxiang.foundation.inbox.operations import Received
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.acts import Act, Sender
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.contacts.operations import touch_of
from daxiang.integrations.wechat.conversing import Conversation, generation_in, spoken
from daxiang.integrations.wechat.protocol import Incoming, Protocol
from daxiang.integrations.wechat.replies import PassiveReply, render
from daxiang.integrations.wechat.values import Message
from daxiang.kernel.clock import SHANGHAI, Clock
from daxiang.sites.gateway.lane import BUDGET_S, GroupLane, LaneUnavailable
from daxiang.sites.gateway.ordering import Senders
from daxiang.sites.gateway.routing import Ask, Decision, Do, Pass, Say, answered, decide

MOMENT_S = 0.5
"""So long danger waits for the database in all, from its arrival: the sender's state adds one line, and the
numbers must wait neither for that nor for being kept. A server that hangs takes the whole budget.
"""

Render = Callable[[PassiveReply | None], bytes]


class ActLane(Interface):
    """The transaction lane, as callbacks need it."""

    async def answer(self, act: Act, render: Render, *, arrived: float | None = None) -> bytes: ...


class Relay(Interface):
    """The relay lane, as callbacks need it."""

    async def answer(
        self, incoming: Incoming, received: Received, cover: bytes, *, arrived: float | None = None
    ) -> bytes: ...


class States(Interface):
    """What is known of people, asked for by many at once."""

    async def do(self, item: Resident, *, deadline: float) -> State: ...


class Callbacks:
    """The callbacks of one account: each is opened, goes through its lane and is answered once."""

    def __init__(
        self,
        *,
        account: Account,
        protocol: Protocol,
        city: str,
        clock: Clock,
        index: PersonIndex,
        conversation: Conversation,
        states: States,
        group: GroupLane,
        acts: ActLane,
        relay: Relay | None,
    ) -> None:
        self._account = account
        self._protocol = protocol
        self._city = city
        self._clock = clock
        self._index = index
        self._conversation = conversation
        self._states = states
        self._group = group
        self._acts = acts
        self._relay = relay
        self._senders = Senders()

    def check_url(self, query: bytes) -> bytes:
        """The platform's check when the address is entered: `echostr` comes back as it is."""
        return self._protocol.check_url(query)

    async def receive(self, query: bytes, body: bytes) -> bytes:
        """The body of the answer. Raises `CallbackRefused`, or `LaneUnavailable` when nothing could be
        kept.
        """
        now = self._clock.now()
        seconds = int(now.timestamp())
        incoming = self._protocol.open(query, body, now=seconds)
        decision = decide(
            incoming.message,
            account=self._account,
            city=self._city,
            conversation=self._conversation,
            now=now,
        )
        if isinstance(decision, Pass) and self._relay is None:
            decision = decision.cover
        rendered = await self._in_turn(incoming, decision, now)
        return self._protocol.close(incoming, rendered, now=seconds)

    async def _in_turn(self, incoming: Incoming, decision: Decision, now: datetime) -> bytes:
        """Behind whatever the sender has under way in another lane; danger waits for nobody.

        What leans on the talk waits for the answer before it, because that one's talk is kept with it.
        """
        arrived = time.monotonic()
        if isinstance(decision, Ask) and decision.is_danger:
            decision = await self._answered_at_once(incoming, decision, now, arrived)
        if isinstance(decision, Say) and decision.is_danger:
            return await self._say(incoming, decision, now, arrived)
        sender = incoming.message.from_user
        turn = self._senders.enter(sender, is_group=isinstance(decision, Say))
        try:
            if turn.before is not None:
                await _until(turn.before, arrived)
            if isinstance(decision, Ask):
                decision = await self._answered(incoming, decision, now, arrived)
            if isinstance(decision, Say):
                return await self._say(incoming, decision, now, arrived)
            if isinstance(decision, Do):
                return await self._perform(incoming, decision, now, arrived)
            return await self._pass_on(incoming, decision, now, arrived)
        finally:
            self._senders.leave(sender, turn)

    async def _answered(
        self, incoming: Incoming, decision: Ask, now: datetime, arrived: float
    ) -> Say | Do | Pass:
        """The question with its sender's state read, together with that of all who wait for theirs."""
        resident = Resident(self._account.name, self._person(incoming.message))
        state = await self._states.do(resident, deadline=arrived + BUDGET_S)
        settled = answered(
            decision.asked, account=self._account, conversation=self._conversation, now=now, state=state
        )
        return settled.cover if isinstance(settled, Pass) and self._relay is None else settled

    async def _answered_at_once(
        self, incoming: Incoming, decision: Ask, now: datetime, arrived: float
    ) -> Say:
        """Danger: with the sender's state where that comes at once, else without."""
        resident = Resident(self._account.name, self._person(incoming.message))
        try:
            async with asyncio.timeout(MOMENT_S):  # a group's deadline is that of its most patient member
                state = await self._states.do(resident, deadline=arrived + MOMENT_S)
        except (LaneUnavailable, TimeoutError):
            state = NOBODY
        said = answered(
            decision.asked, account=self._account, conversation=self._conversation, now=now, state=state
        )
        assert isinstance(said, Say)  # noqa: S101 (danger is always said)
        return said

    async def _say(self, incoming: Incoming, decision: Say, now: datetime, arrived: float) -> bytes:
        answer = _rendered(incoming, decision.bubble, now)
        received, reply = self._received(incoming, now, answer), decision.reply
        person = self._person(incoming.message)
        touch = touch_of(incoming.message, account=self._account.name, person=person)
        talk = None
        if reply is not None:
            received = received._replace(generation=generation_in(reply))
            talk = spoken(reply, resident=Resident(self._account.name, person), received=received)
        try:
            leave_at = arrived + MOMENT_S if decision.is_danger else None
            return await self._group.answer(received, touch, talk, arrived + BUDGET_S, leave_at=leave_at)
        except LaneUnavailable:
            if not decision.is_danger:
                raise
            await self._group.keep_later(received, touch)
            return answer  # 120 and 122 are said even when nothing can be kept

    def _person(self, message: Message) -> bytes:
        return self._index.person_of(self._account.name, message.from_user)

    async def _perform(self, incoming: Incoming, decision: Do, now: datetime, arrived: float) -> bytes:
        message = incoming.message
        act = Act(
            message=message,
            received=self._received(incoming, now, b""),
            sender=Sender(account=self._account.name, person=self._person(message)),
            operation=decision.operation,
            now=now,
        )
        return await self._acts.answer(act, lambda reply: _rendered(incoming, reply, now), arrived=arrived)

    async def _pass_on(self, incoming: Incoming, decision: Pass, now: datetime, arrived: float) -> bytes:
        if self._relay is None:
            raise LaneUnavailable
        received = self._received(incoming, now, b"")
        cover = _rendered(incoming, decision.cover.bubble, now)
        return await self._relay.answer(incoming, received, cover, arrived=arrived)

    def _received(self, incoming: Incoming, now: datetime, answer: bytes) -> Received:
        message = incoming.message
        return Received(
            message.identity,
            message.created_at.astimezone(SHANGHAI).date(),
            self._account.name,
            message.kind,
            message.created_at,
            now,
            incoming.body,
            answer,
        )


async def _until(before: asyncio.Future[None], arrived: float) -> None:
    """The sender's turn; raises `LaneUnavailable` when it does not come in time."""
    await asyncio.wait({before}, timeout=max(0.0, arrived + BUDGET_S - time.monotonic()))
    if not before.done():
        raise LaneUnavailable


def _rendered(incoming: Incoming, reply: PassiveReply | None, now: datetime) -> bytes:
    """The plain passive reply to whoever wrote; empty when there is nothing to say."""
    if reply is None:
        return b""
    message = incoming.message
    return render(
        reply,
        to_user=message.from_user,
        from_user=message.to_user,
        created=int(now.timestamp()),
        format=incoming.format,
    )
