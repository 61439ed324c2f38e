"""What all messages of the platform have in common. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What every message has in common."""

    to_user: str
    from_user: str
    """The sender's openid: personal data."""
    created_at: datetime
    kind: str
    """MsgType, or `event:` and the event's name."""
    identity: bytes
    """32 bytes: the same for a repeat, different for everything else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherMessage(Message):
    """Anything this version does not know, or cannot read: acknowledged and kept, never an error, because
    the platform adds kinds without asking.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A point that a phone told, in the country's own grid (GCJ-02), in degrees."""

    latitude: float
    longitude: float
