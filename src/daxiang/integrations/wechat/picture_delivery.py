"""A picture of the day that is to be sent: what stands in the outbox, for whoever draws and sends it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from daxiang.foundation.outbox.operations import Delivery
from daxiang.integrations.wechat.openings import opening_of
from daxiang.integrations.wechat.values import Message

PICTURE_CHANNEL = "wechat.picture"
USEFUL_FOR = timedelta(minutes=10)
"""A picture that comes later than this answers nobody any more."""


@dataclass(frozen=True, kw_only=True)
class WantedPicture:
    """Of which day, for which car (its JSON as the conversation made it), to whom."""

    openid: str
    day: date
    car: dict[str, Any]


def picture_delivery(
    car: dict[str, Any], *, day: date, message: Message, account: str, person: bytes, now: datetime
) -> Delivery | None:
    """The delivery of a picture to whoever wrote `message`, one a message; None when the platform would not
    take one.
    """
    opening = opening_of(message.kind)
    if opening is None:
        return None
    payload = {"openid": message.from_user, "kind": message.kind, "day": day.isoformat(), "car": car}
    return Delivery(
        channel=PICTURE_CHANNEL,
        account=account,
        person=person,
        payload=json.dumps(payload, ensure_ascii=False).encode(),
        dedup=hashlib.sha256(message.identity + b"picture").digest(),
        created_at=now,
        not_before=now,
        expires_at=min(now + USEFUL_FOR, message.created_at + opening.length),
    )


def wanted_picture(payload: bytes) -> WantedPicture:
    """What stands in such a delivery. Raises ValueError, KeyError or TypeError for anything else."""
    kept = json.loads(payload)
    return WantedPicture(openid=kept["openid"], day=date.fromisoformat(kept["day"]), car=dict(kept["car"]))
