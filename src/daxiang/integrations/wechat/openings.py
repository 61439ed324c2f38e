"""What a person's act opens: how long, and how often, an account may write to her of itself. Pure.

Source: the platform's page on customer-service messages (2024): five messages within 48 hours after a message
of the person, three within one minute after a tap on the menu, a follow or a scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """From the act on, `most` messages for so long."""

    length: timedelta
    most: int


BY_A_MESSAGE = Opening(length=timedelta(hours=48), most=5)
BY_A_CLICK = Opening(length=timedelta(minutes=1), most=3)

CLICKS = {
    "event:subscribe": "follow",
    "event:SCAN": "scan",
    "event:CLICK": "click",
    "event:scancode_push": "click",
    "event:scancode_waitmsg": "click",
}
"""The kinds of events that open the short one, each with the word for it."""


def opening_of(kind: str) -> Opening | None:
    """What a message of this kind opens at its CreateTime; None for an event that opens nothing."""
    if kind in CLICKS:
        return BY_A_CLICK
    return None if kind.startswith("event:") else BY_A_MESSAGE
