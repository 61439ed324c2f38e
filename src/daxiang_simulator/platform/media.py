"""Uploaded media: three days for the temporary, for ever in the library."""

from __future__ import annotations

from .refusals import Refused
from .shelves import Shelves


class MediaBook:
    """What an account has uploaded."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def need(self, account: str, media_id: object, *, kind: str, at: float) -> dict[str, object]:
        """The medium with this id. Raises Refused 41006 or 40007."""
        if not media_id:
            raise Refused(41006)
        for noun in ("media", "material"):
            found: dict[str, object] | None = self._shelves[noun].of(account).get(str(media_id))
            if found is not None and found["type"] == kind and at < float(str(found["until"])):
                return found
        raise Refused(40007)
