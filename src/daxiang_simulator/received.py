"""What lands on a person's phone: its number and its row."""

from __future__ import annotations

import time
from typing import Any

from .accounts import Account
from .jsontext import dump
from .people import Person
from .store import Statement

_INSERT = (
    "INSERT INTO received (id, user, account, answers_to, at, body, origin) VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class Numbers:
    """Message numbers as WeChat's: 64 bits, growing with real time, never twice whatever the clock does."""

    def __init__(self, last: int = 0) -> None:
        self._last = last

    def next(self) -> int:
        """A number greater than every one before."""
        self._last = max(self._last + 1, time.time_ns())
        return self._last

    def go_on_after(self, last: int) -> None:
        """Never give a number up to this one again."""
        self._last = max(self._last, last)


def received_row(
    number: int,
    person: Person,
    account: Account,
    *,
    at: float,
    shown: dict[str, Any],
    answers_to: int | None = None,
    origin: str | None = None,
) -> Statement:
    """The statement that puts something on a phone; `shown` is what the person sees, by its `kind`.

    `origin` is the call that brought it, for whoever looks behind the bubble.
    """
    body = dump(shown)
    return _INSERT, (number, person.user, account.name, answers_to, at, body, origin)
