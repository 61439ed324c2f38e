"""Messages that were acknowledged and whose process is gone: the worker answers them."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import psycopg
import structlog

from daxiang.foundation.inbox.deferred import Owed, Settled, finish, give_up, take_over
from daxiang.foundation.inbox.operations import Received
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.acts import Act, Operation, Sender, carry_out, operation_of
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.conversing import Conversation
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.values import Message
from daxiang.jobs.relayed import cover_delivery
from daxiang.jobs.sending import FAILED_PAUSE_S, sleep_or_stop
from daxiang.kernel.clock import Clock

log = structlog.get_logger()

EVERY_S = 5.0
LEASE_S = 60.0
MOST = 50
MOST_TRIES = 20
"""A try a lease: after twenty minutes a message that nobody can answer is given up, and an error says so."""


class Unanswerable(Exception):
    """This worker cannot answer the message. `reason` is a short word; another worker, or this one with other
    settings, may be able to.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Outcome(StrEnum):
    """What came of a message that was taken over."""

    GIVEN = "given"
    """Its answer is in the outbox."""
    NOTHING_TO_SAY = "nothing_to_say"
    """It is settled: no answer was owed, or none can reach the person."""
    ANSWERED_ALREADY = "answered_already"
    """Its own process was only slow."""


class Resuming:
    """Looks for owed answers until it is told to stop. Several workers may run it at once."""

    def __init__(
        self,
        *,
        url: str,
        sealer: Sealer,
        clock: Clock,
        accounts: Mapping[str, Account],
        index: PersonIndex,
        city: str,
        conversation: Conversation | None = None,
    ) -> None:
        self._url = url
        self._sealer = sealer
        self._clock = clock
        self._accounts = accounts
        self._index = index
        self._city = city
        self._conversation = conversation
        self._owner = f"worker {socket.gethostname()} {os.getpid()}"[:100]

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, connect_timeout=3, application_name="daxiang-resuming"
                ) as connection:
                    while not stop.is_set():
                        await self.round(connection)
                        await sleep_or_stop(stop, EVERY_S)
            except (psycopg.Error, OSError) as error:
                log.warning("resuming_waits", reason=type(error).__name__)
            await sleep_or_stop(stop, FAILED_PAUSE_S)

    async def round(self, connection: psycopg.AsyncConnection[Any]) -> int:
        """Answer what is owed by the dead; how many were taken over."""
        owed = await take_over(
            connection,
            lanes=["transaction", "relay"],
            owner=self._owner,
            lease_s=LEASE_S,
            most=MOST,
            sealer=self._sealer,
        )
        for one in owed:
            await self._resume(connection, one)
        return len(owed)

    async def _resume(self, connection: psycopg.AsyncConnection[Any], owed: Owed) -> None:
        """One message, whatever it is: it holds up no other."""
        told = log.bind(account=owed.account, kind=owed.kind, lane=owed.lane, tries=owed.tries)
        try:
            if owed.tries > MOST_TRIES:
                raise Unanswerable("worker_gone")
            outcome = await self._answered(connection, owed)
        except Exception as error:  # outermost frame of one message: the others must be answered
            reason = error.reason if isinstance(error, Unanswerable) else type(error).__name__
            told.warning("owed_answer_not_given", reason=reason)
            if owed.tries >= MOST_TRIES and await give_up(
                connection, owed, owner=self._owner, reason=reason, now=self._clock.now()
            ):
                told.error("owed_answer_given_up", reason=reason)
            return
        told.warning("owed_message_settled", outcome=outcome.value)

    async def _answered(self, connection: psycopg.AsyncConnection[Any], owed: Owed) -> Outcome:
        if owed.account not in self._accounts:
            raise Unanswerable("account_unknown")
        if owed.body is None:
            raise Unanswerable("sealed")
        received = _received(owed, owed.body)
        message = read_message(owed.body)
        if owed.lane == "relay":
            return await self._covered(connection, received, message)
        return await asyncio.to_thread(self._done, received, message)

    def _sender(self, received: Received, message: Message) -> Sender:
        person = self._index.person_of(received.account, message.from_user)
        return Sender(account=received.account, person=person)

    async def _covered(
        self, connection: psycopg.AsyncConnection[Any], received: Received, message: Message
    ) -> Outcome:
        late = cover_delivery(
            message,
            account=self._accounts[received.account],
            person=self._sender(received, message).person,
            city=self._city,
            now=self._clock.now(),
        )
        won = await finish(connection, settled=[Settled(received, late)], sealer=self._sealer)
        if received.identity not in won:
            return Outcome.ANSWERED_ALREADY
        return Outcome.NOTHING_TO_SAY if late is None else Outcome.GIVEN

    def _operation(self, message: Message) -> Operation | None:
        operation = operation_of(message)
        if operation is not None or self._conversation is None:
            return operation
        asked = self._conversation.asked(message, now=self._clock.now())
        return None if asked is None else self._conversation.converse

    def _done(self, received: Received, message: Message) -> Outcome:
        operation = self._operation(message)
        if operation is None:
            raise Unanswerable("no_operation")
        act = Act(
            message=message,
            received=received,
            sender=self._sender(received, message),
            operation=operation,
            now=self._clock.now(),
        )
        with psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, options="-c statement_timeout=20s"
        ) as connection:
            done = carry_out(
                connection, act, sealer=self._sealer, render=lambda _: b"", is_passive=lambda: False
            )
        return Outcome.GIVEN if done.is_enqueued else Outcome.NOTHING_TO_SAY


def _received(owed: Owed, body: bytes) -> Received:
    return Received(
        identity=owed.identity,
        day=owed.day,
        account=owed.account,
        kind=owed.kind,
        created_at=owed.created_at,
        received_at=owed.received_at,
        body=body,
        answer=b"",
    )
