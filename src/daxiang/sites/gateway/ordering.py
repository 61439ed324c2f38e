"""One sender's messages are answered in order, whichever lanes they take.

The group lane keeps its own order, so of two messages in it neither waits. Where lanes differ, or a lane
works on several messages at once, the later message waits until the earlier one is answered.
"""

from __future__ import annotations

import asyncio


class Turn:
    """The place of one message in its sender's row."""

    __slots__ = ("answered", "before", "is_group")

    def __init__(self, *, is_group: bool, before: asyncio.Future[None] | None) -> None:
        self.is_group = is_group
        self.before = before
        """Done when this message may begin; None: at once."""
        self.answered: asyncio.Future[None] | None = None
        """Made when somebody waits for it."""


class Senders:
    """The last message under way of each sender of one account."""

    def __init__(self) -> None:
        self._last: dict[str, Turn] = {}

    def enter(self, sender: str, *, is_group: bool) -> Turn:
        """Take a place behind what this sender has under way. `leave` must follow."""
        last = self._last.get(sender)
        before = None if last is None else _to_wait_for(last, is_group=is_group)
        turn = self._last[sender] = Turn(is_group=is_group, before=before)
        return turn

    def leave(self, sender: str, turn: Turn) -> None:
        """The message is answered (or nothing will come of it): the next one may begin."""
        if turn.answered is not None and not turn.answered.done():
            turn.answered.set_result(None)
        if self._last.get(sender) is turn:
            del self._last[sender]


def _to_wait_for(last: Turn, *, is_group: bool) -> asyncio.Future[None] | None:
    if last.is_group and is_group and last.before is None:
        return None  # one that had to wait may not be in its lane yet: behind that one all take turns
    if last.answered is None:
        last.answered = asyncio.get_running_loop().create_future()
    return last.answered
