"""Who a person is without saying so: the blind index under which openids are found again.

HMAC-SHA256 over the account's name, a zero byte and the openid, under a key that is derived (HKDF) from
`DAXIANG_INDEX_KEY`, so the same openid gives the same 32 bytes in every process and after every rotation of
the data keys, and nobody without the key can look an openid up.
"""

from __future__ import annotations

from hmac import digest

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"daxiang wechat contact index v1"


class PersonIndex:
    """Blind indexes under one key."""

    def __init__(self, index_key: bytes) -> None:
        self._key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(index_key)

    def person_of(self, account: str, openid: str) -> bytes:
        """32 bytes: the same for the same person at the same account, and telling nothing else."""
        return digest(self._key, f"{account}\0{openid}".encode(), "sha256")
