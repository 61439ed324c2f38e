"""The ways out of the outbox: one channel a kind of message, with what its platform does about repeats."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from daxiang.foundation.outbox.moves import Attempt, Ending, Policy
from daxiang.foundation.outbox.operations import Claimed
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.customer_service import send_content
from daxiang.integrations.wechat.late import CHANNEL as WECHAT_CUSTOM
from daxiang.jobs.windows import attempted, closed_window

Send = Callable[[psycopg.AsyncConnection[Any], Claimed, datetime], Awaitable[Attempt]]
"""One attempt. It raises nothing that the vendor's answer explains; what it does raise is a fault of ours."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    policy: Policy
    send: Send


class CustomerService:
    """Words inside the window that a person opened. The call takes no id of ours: a lost answer stays so."""

    def __init__(self, clients: Mapping[str, WeChatClient]) -> None:
        self._clients = clients

    async def send(
        self, connection: psycopg.AsyncConnection[Any], claimed: Claimed, now: datetime
    ) -> Attempt:
        try:
            payload = json.loads(claimed.payload)
            client, openid, content = self._clients[claimed.account], payload["openid"], payload["content"]
        except (ValueError, KeyError) as error:  # nothing has left: certainly not delivered, and never can be
            return Attempt(ending=Ending.REFUSED, code=f"payload_{type(error).__name__}")
        closed = await closed_window(connection, claimed, now)
        if closed is not None:
            return Attempt(ending=Ending.TOO_LATE, code=closed)
        return await attempted(send_content(client, openid=openid, content=content))


def channels(clients: Mapping[str, WeChatClient], **others: Send) -> dict[str, Channel]:
    """All channels by the name that stands in the outbox. No call takes an id of ours, so no channel's
    platform recognises a repeat.
    """
    sends = {WECHAT_CUSTOM: CustomerService(clients).send, **others}
    return {name: Channel(policy=Policy(), send=send) for name, send in sends.items()}
