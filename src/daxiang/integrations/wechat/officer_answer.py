"""An officer's answer to what a citizen left: a customer-service message, where the platform allows one.

It can go only while a window is open that she opened herself (`openings.py`); what does not leave before it
closes expires, and the officer sees that.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from daxiang.foundation.outbox.operations import Delivery
from daxiang.foundation.sealing import SealBroken, Sealer
from daxiang.integrations.wechat.contacts.operations import open_openid
from daxiang.integrations.wechat.contacts.sql import FIND_MOMENTS, FIND_OPENID
from daxiang.integrations.wechat.contacts.windows import Moments, Window, open_windows
from daxiang.integrations.wechat.late import CHANNEL


class Cursor(Protocol):
    """Django's cursor or psycopg's: whatever the caller's transaction runs on."""

    def execute(self, query: str, params: dict[str, Any], /) -> object: ...

    def fetchone(self) -> Sequence[Any] | None: ...


def window_of(cursor: Cursor, *, account: str, person: bytes, now: datetime) -> Window | None:
    """The window in which an account may write to a person now; None: there is none."""
    cursor.execute(FIND_MOMENTS, {"account": account, "person": person})
    last_message_at, last_click_at = cursor.fetchone() or (None, None)
    moments = Moments(last_message_at=last_message_at, last_click_at=last_click_at)
    return next(iter(open_windows(moments, now)), None)


def officer_answer(
    cursor: Cursor, *, account: str, person: bytes, words: str, mark: bytes, now: datetime, sealer: Sealer
) -> Delivery | None:
    """The delivery of `words`; None when nothing can be sent to her now."""
    window = window_of(cursor, account=account, person=person, now=now)
    cursor.execute(FIND_OPENID, {"account": account, "person": person})
    row = cursor.fetchone()
    if window is None or row is None or row[0] is None:
        return None
    try:
        openid = open_openid(bytes(row[0]), person=person, sealer=sealer)
    except SealBroken:
        return None
    content = {"msgtype": "text", "text": {"content": words}}
    payload = {"openid": openid, "kind": "text", "content": content}
    return Delivery(
        channel=CHANNEL,
        account=account,
        person=person,
        payload=json.dumps(payload, ensure_ascii=False).encode(),
        dedup=mark,
        created_at=now,
        not_before=now,
        expires_at=window.closes_at,
    )
