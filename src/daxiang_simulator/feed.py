"""Who watches a person's phone hears at once that something has changed on it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

WAITING_AT_MOST = 1000


class Feed:
    """Hints for the phones that are open now; nothing is kept, because the thread itself is in the store."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Queue[dict[str, Any]]]] = defaultdict(set)

    def watch(self, user: str) -> asyncio.Queue[dict[str, Any]]:
        """A queue that hears of this person until `leave`."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(WAITING_AT_MOST)
        self._watchers[user].add(queue)
        return queue

    def leave(self, user: str, queue: asyncio.Queue[dict[str, Any]]) -> None:
        """Stop listening."""
        self._watchers[user].discard(queue)
        if not self._watchers[user]:
            del self._watchers[user]

    def say(self, user: str, event: dict[str, Any]) -> None:
        """Tell everybody who watches this person; whoever is far behind misses hints, never messages."""
        for queue in self._watchers.get(user, ()):
            if not queue.full():
                queue.put_nowait(event)

    def say_all(self, event: dict[str, Any]) -> None:
        """Tell everybody who watches anybody."""
        for user in list(self._watchers):
            self.say(user, event)

    def close(self) -> None:
        """Let every watcher go, so that the program can end."""
        self.say_all({"kind": "closing"})

    def wake(self, changed: Iterable[tuple[str, str]]) -> None:
        """Something is new for these people in the chats with these accounts."""
        if not self._watchers:
            return
        for user, account in changed:
            self.say(user, {"kind": "thread", "account": account})
