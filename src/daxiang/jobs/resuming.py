"""Messages that were acknowledged and whose process is gone: the worker answers them."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping
from typing import Any

import psycopg
import structlog

from daxiang.foundation.inbox.deferred import Owed, Settled, finish, take_over
from daxiang.foundation.inbox.operations import Received
from daxiang.foundation.sealing import Sealer
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.acts import Act, KeptMeanwhile, Sender, carry_out, operation_of
from daxiang.integrations.wechat.contacts.index import PersonIndex
from daxiang.integrations.wechat.reading import read_message
from daxiang.jobs.relayed import cover_delivery
from daxiang.jobs.sending import FAILED_PAUSE_S, sleep_or_stop
from daxiang.kernel.clock import Clock

log = structlog.get_logger()

EVERY_S = 5.0
LEASE_S = 60.0
MOST = 50


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
    ) -> None:
        self._url = url
        self._sealer = sealer
        self._clock = clock
        self._accounts = accounts
        self._index = index
        self._city = city
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
            if one.account not in self._accounts:
                continue
            if one.lane == "relay":
                await self._cover(connection, one)
            else:
                await asyncio.to_thread(self._act, one)
            log.warning("owed_answer_given", account=one.account, kind=one.kind, lane=one.lane)
        return len(owed)

    def _sender(self, owed: Owed, openid: str) -> Sender:
        return Sender(account=owed.account, person=self._index.person_of(owed.account, openid))

    async def _cover(self, connection: psycopg.AsyncConnection[Any], owed: Owed) -> None:
        message = read_message(owed.body)
        late = cover_delivery(
            message,
            account=self._accounts[owed.account],
            person=self._sender(owed, message.from_user).person,
            city=self._city,
            now=self._clock.now(),
        )
        await finish(connection, settled=[Settled(_received(owed), late)], sealer=self._sealer)

    def _act(self, owed: Owed) -> None:
        message = read_message(owed.body)
        operation = operation_of(message)
        if operation is None:
            raise LookupError(f"no operation for {owed.kind}")
        act = Act(
            message=message,
            received=_received(owed),
            sender=self._sender(owed, message.from_user),
            operation=operation,
            now=self._clock.now(),
        )
        with psycopg.connect(
            self._url, autocommit=True, connect_timeout=3, options="-c statement_timeout=20s"
        ) as connection:
            for _ in range(2):
                try:
                    carry_out(
                        connection,
                        act,
                        sealer=self._sealer,
                        render=lambda _: b"",
                        is_passive=lambda: False,
                    )
                except KeptMeanwhile:
                    continue
                return


def _received(owed: Owed) -> Received:
    return Received(
        identity=owed.identity,
        day=owed.day,
        account=owed.account,
        kind=owed.kind,
        created_at=owed.created_at,
        received_at=owed.received_at,
        body=owed.body,
        answer=b"",
    )
