"""Identifiers: 128 bits, ordered by time, made in Python (UUID version 7, RFC 9562 §5.7)."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime


def time_ordered_id(at: datetime) -> uuid.UUID:
    """A new identifier for something that began at `at`: sorts by millisecond, unique across cities."""
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    noise = secrets.randbits(74)
    high, low = noise >> 62, noise & (1 << 62) - 1
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)
