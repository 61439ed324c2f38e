"""An answer that comes too late for the callback: a customer-service message, by the outbox, once.

The platform lets an account write to a person only inside the window that the person's last act opened
(`openings.py`). An answer whose window is over before it is sent expires.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from daxiang.foundation.outbox.operations import Delivery
from daxiang.integrations.wechat.openings import opening_of
from daxiang.integrations.wechat.values import Message

CHANNEL = "wechat.custom"


def late_answer(
    content: dict[str, Any], *, message: Message, account: str, person: bytes, now: datetime
) -> Delivery | None:
    """The delivery of `content` (a customer-service message without its recipient) to whoever wrote
    `message`; None when the platform would not take one.

    `person` is the sender's blind index. The message's identity stands for the answer: a second one is never
    enqueued.
    """
    opening = opening_of(message.kind)
    if opening is None:
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
        expires_at=message.created_at + opening.length,
    )
