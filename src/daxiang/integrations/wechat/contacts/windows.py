"""Whether an account may write to a person now: the windows that the person's own acts opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from daxiang.integrations.wechat.contacts.sql import FIND_MOMENTS
from daxiang.integrations.wechat.openings import BY_A_CLICK, BY_A_MESSAGE


@dataclass(frozen=True, kw_only=True)
class Window:
    """From `opened_at` on, `most` messages until `closes_at`."""

    opened_at: datetime
    closes_at: datetime
    most: int


@dataclass(frozen=True, kw_only=True)
class Moments:
    """When a person last wrote, and last tapped, followed or scanned."""

    last_message_at: datetime | None
    last_click_at: datetime | None


def open_windows(moments: Moments, now: datetime) -> tuple[Window, ...]:
    """The windows that are open at `now`, the wider first."""
    acts = ((moments.last_message_at, BY_A_MESSAGE), (moments.last_click_at, BY_A_CLICK))
    return tuple(
        Window(opened_at=at, closes_at=at + opening.length, most=opening.most)
        for at, opening in acts
        if at is not None and now < at + opening.length
    )


async def moments_of(connection: psycopg.AsyncConnection[Any], *, account: str, person: bytes) -> Moments:
    """What is known of a person; nothing for a stranger and for one who does not follow any more."""
    found = await connection.execute(FIND_MOMENTS, {"account": account, "person": person})
    row = await found.fetchone()
    last_message_at, last_click_at = row or (None, None)
    return Moments(last_message_at=last_message_at, last_click_at=last_click_at)
