"""The morning of a briefing, in Beijing: the draft, the last moment for its approval, the message."""

from __future__ import annotations

from datetime import time

DRAFTED_AT, DUE_BY, GOES_AT = time(6), time(7, 30), time(8)
