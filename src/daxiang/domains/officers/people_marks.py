"""Blind indexes of officers: their numbers and their binding codes, under one derived key."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"daxiang officer index v1"


class PeopleMarks:
    """HMAC-SHA256 under a key derived (HKDF) from `DAXIANG_INDEX_KEY`: a number or code is found again, and
    nobody without the key can look one up or try all of them.
    """

    def __init__(self, index_key: bytes) -> None:
        self._key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(index_key)

    def of_number(self, number: str) -> bytes:
        return hmac.digest(self._key, b"number:" + number.upper().encode(), "sha256")

    def of_code(self, code: str) -> bytes:
        return hmac.digest(self._key, b"code:" + code.encode(), "sha256")

    def of_line(self, *values: str) -> bytes:
        """What tells a changed line of the roll from one that has not changed."""
        parts = [value.encode() for value in values]
        return hmac.digest(
            self._key, b"line:" + b"".join(b"%d:%b" % (len(part), part) for part in parts), "sha256"
        )
