"""Whether a delivery may leave by customer service now, and what came of the call."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any

import psycopg

from daxiang.foundation.outbox.moves import Attempt, Ending
from daxiang.foundation.outbox.operations import Claimed, spent_since
from daxiang.integrations.outcomes import OutcomeUnknown, Refused, Unavailable
from daxiang.integrations.wechat.contacts.windows import moments_of, open_windows
from daxiang.integrations.wechat.late import CHANNEL as WECHAT_CUSTOM
from daxiang.integrations.wechat.picture_delivery import PICTURE_CHANNEL

EVENING_CHANNEL = "wechat.evening"
CUSTOMER_SERVICE = (WECHAT_CUSTOM, PICTURE_CHANNEL, EVENING_CHANNEL)
"""The channels that spend one and the same allowance of a person's window."""
WINDOW_CLOSED, WINDOW_USED_UP = "window_closed", "window_used_up"


async def closed_window(
    connection: psycopg.AsyncConnection[Any], claimed: Claimed, now: datetime
) -> str | None:
    """Why nothing may be sent to the person now; None when it may. Asked before the call: a refusal costs
    quota too.
    """
    moments = await moments_of(connection, account=claimed.account, person=claimed.person)
    windows = open_windows(moments, now)
    for window in windows:
        spent = await spent_since(connection, claimed, since=window.opened_at, channels=CUSTOMER_SERVICE)
        if spent < window.most:
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
