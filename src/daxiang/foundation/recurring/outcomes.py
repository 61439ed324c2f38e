"""What came of an occasion."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """`missed`: no worker was there while it was of use, and nothing was done."""

    DONE = "done"
    MISSED = "missed"
