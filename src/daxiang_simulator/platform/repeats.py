"""Numbers that were given lately to what must not happen twice, for ten minutes."""

from __future__ import annotations

from .shelves import Shelves

KEPT_S = 600
WORLD_WIDE = ""


class Repeats:
    """Keys of the last ten minutes, oldest first."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelf = shelves["repeat"]

    def get(self, key: str, *, at: float) -> int | None:
        """The number that the key got within the last ten minutes."""
        held = self._shelf.of(WORLD_WIDE).get(key)
        return held[1] if held is not None and 0 <= at - held[0] < KEPT_S else None

    def put(self, key: str, number: int, *, at: float) -> None:
        """Remember the number of a key, and forget what is old."""
        held = self._shelf.of(WORLD_WIDE)
        while held and at - next(iter(held.values()))[0] >= KEPT_S:
            self._shelf.drop(WORLD_WIDE, next(iter(held)))
        held.pop(key, None)
        self._shelf.put(WORLD_WIDE, key, [at, number])
