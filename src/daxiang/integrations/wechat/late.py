"""An answer that comes too late for the callback: a customer-service message, by the outbox, once.

The platform lets an account write to a person only inside the window that the person's last act opened
(page on customer-service messages, 2024): 48 hours and five messages after a message, one minute and three
after a tap on the menu, a follow or a scan. An answer whose window is over before it is sent expires.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from daxiang.foundation.outbox.operations import Delivery
from daxiang.integrations.wechat.values import Message

CHANNEL = "wechat.custom"
AFTER_A_MESSAGE, AFTER_A_CLICK = timedelta(hours=48), timedelta(minutes=1)
_CLICKS = frozenset(
    f"event:{name}" for name in ("subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg")
)


def window_of(kind: str) -> timedelta | None:
    """How long after its CreateTime a message of this kind may be answered; None: it opens no window."""
    if kind in _CLICKS:
        return AFTER_A_CLICK
    return None if kind.startswith("event:") else AFTER_A_MESSAGE


def late_answer(
    content: dict[str, Any], *, message: Message, account: str, person: bytes, now: datetime
) -> Delivery | None:
    """The delivery of `content` (a customer-service message without its recipient) to whoever wrote
    `message`; None when the platform would not take one.

    `person` is the sender's blind index. The message's identity stands for the answer: a second one is never
    enqueued.
    """
    window = window_of(message.kind)
    if window is None:
        return None
    payload = {"openid": message.from_user, "kind": message.kind, "content": content}
    return Delivery(
        channel=CHANNEL,
        account=account,
        person=person,
        payload=json.dumps(payload, ensure_ascii=False).encode(),
        dedup=message.identity,
        created_at=now,
        not_before=now,
        expires_at=message.created_at + window,
    )
