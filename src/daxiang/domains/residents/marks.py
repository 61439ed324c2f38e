"""Blind indexes of cars: the same car of the same person is found again, and nobody without the key can look
a plate up.

HMAC-SHA256 under a key derived (HKDF) from `DAXIANG_INDEX_KEY`; the person is part of it, so that two drivers
of one car do not show as such.
"""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"daxiang resident car index v1"


class CarMarks:
    """Blind indexes under one key."""

    def __init__(self, index_key: bytes) -> None:
        self._key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(index_key)

    def mark_of(self, account: str, person: bytes, car: str) -> bytes:
        """32 bytes for a car by what tells it from others: its plate, else its tail."""
        parts = [account.encode(), person, car.encode()]
        return hmac.digest(self._key, b"".join(b"%d:%b" % (len(part), part) for part in parts), "sha256")
