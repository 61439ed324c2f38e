"""The ways out of the outbox: one channel a kind of call, with what its platform does about repeats."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from daxiang.foundation.outbox.moves import Attempt, Ending, Policy
from daxiang.foundation.outbox.operations import Claimed, spent_since
from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable
from daxiang.integrations.wechat.client.client import WeChatClient
from daxiang.integrations.wechat.client.customer_service import send_content
from daxiang.integrations.wechat.contacts.windows import moments_of, open_windows
from daxiang.integrations.wechat.late import CHANNEL as WECHAT_CUSTOM

Send = Callable[[psycopg.AsyncConnection[Any], Claimed, datetime], Awaitable[Attempt]]
"""One attempt. It raises nothing that the vendor's answer explains; what it does raise is a fault of ours."""

WINDOW_CLOSED, WINDOW_USED_UP = "window_closed", "window_used_up"


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
        closed = await self._closed(connection, claimed, now)
        if closed is not None:
            return Attempt(ending=Ending.TOO_LATE, code=closed)
        return await attempted(send_content(client, openid=openid, content=content))

    async def _closed(
        self, connection: psycopg.AsyncConnection[Any], claimed: Claimed, now: datetime
    ) -> str | None:
        """Why nothing may be sent now; None when it may. Asked before the call: a refusal costs quota too."""
        moments = await moments_of(connection, account=claimed.account, person=claimed.person)
        windows = open_windows(moments, now)
        for window in windows:
            if await spent_since(connection, claimed, since=window.opened_at) < window.most:
                return None
        return WINDOW_USED_UP if windows else WINDOW_CLOSED


async def attempted(call: Awaitable[None]) -> Attempt:
    """The three outcomes of a vendor's edge as the outbox knows them."""
    try:
        await call
    except Refused as failed:
        return Attempt(ending=Ending.REFUSED, code=str(failed.code), rid=failed.rid or "")
    except Unavailable as failed:
        after = failed.retry_after_s
        return Attempt(
            ending=Ending.NOT_NOW,
            code=str(failed.code),
            rid=failed.rid or "",
            retry_after=None if after is None else timedelta(seconds=after),
        )
    except OutcomeUnknown as failed:
        return Attempt(ending=Ending.IN_DOUBT, code=str(failed.code), rid=failed.rid or "")
    return Attempt(ending=Ending.SENT)


def channels(clients: Mapping[str, WeChatClient]) -> dict[str, Channel]:
    """All channels by the name that stands in the outbox."""
    return {WECHAT_CUSTOM: Channel(policy=Policy(), send=CustomerService(clients).send)}
