"""What came of an occasion. Apart from the model, so that a process without Django can say it."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How one occasion was settled."""

    DONE = "done"
    MISSED = "missed"
    """No worker was there while it was of use; nothing was done."""
