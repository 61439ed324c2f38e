"""Words to an officer in the chat, where her own act has opened a window."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from daxiang.domains.officers.people_sealed import openid_context
from daxiang.foundation.outbox.operations import Delivery
from daxiang.foundation.sealing import SealBroken, Sealer
from daxiang.integrations.wechat.contacts.windows import Moments, open_windows
from daxiang.integrations.wechat.late import CHANNEL


def has_window(last_message_at: datetime | None, last_click_at: datetime | None, now: datetime) -> bool:
    """Whether the platform lets us speak to her now."""
    return bool(open_windows(Moments(last_message_at=last_message_at, last_click_at=last_click_at), now))


def delivery_to(
    account: str | None,
    person: bytes | None,
    openid: bytes | None,
    words: str,
    *,
    mark: bytes,
    useful_for: timedelta,
    sealer: Sealer,
    now: datetime,
) -> Delivery | None:
    """One message for the outbox; None for who is not bound. `mark`: the name of this one delivery."""
    if account is None or person is None or openid is None:
        return None
    try:
        to = sealer.open(bytes(openid), openid_context(bytes(person))).decode()
    except SealBroken:
        return None
    payload = {"openid": to, "kind": "text", "content": {"msgtype": "text", "text": {"content": words}}}
    return Delivery(
        channel=CHANNEL,
        account=account,
        person=bytes(person),
        payload=json.dumps(payload, ensure_ascii=False).encode(),
        dedup=mark,
        created_at=now,
        not_before=now,
        expires_at=now + useful_for,
    )
