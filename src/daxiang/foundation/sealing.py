"""Sealing of personal data at rest: AES-256-GCM under named keys, so that a stolen dump shows nothing.

A sealed value is `version (1 byte) ‖ length of key id (1) ‖ key id ‖ nonce (12) ‖ ciphertext and tag`. The
context (say, the identity of the row) is authenticated with it: a sealed value that is moved to another row
does not open.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = 1
_NONCE = 12


class SealBroken(Exception):
    """A sealed value does not open: foreign key, changed bytes, or another row's value. Nothing of it is
    used.
    """


class Sealer:
    """Seals with the first key and opens with any: a new key is put in front, the old ones stay until
    re-sealed.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        first = next(iter(keys)).encode()
        self._head = bytes((_VERSION, len(first))) + first
        self._active = self._ciphers[first.decode()]

    def seal(self, plain: bytes, context: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._active.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes; raises `SealBroken` when the value was not sealed here for this context."""
        try:
            if sealed[0] != _VERSION:
                raise SealBroken("sealed by an unknown version")
            start = 2 + sealed[1]
            cipher = self._ciphers[sealed[2:start].decode()]
            body = start + _NONCE
            return cipher.decrypt(sealed[start:body], sealed[body:], context)
        except (IndexError, KeyError, UnicodeDecodeError, ValueError, InvalidTag) as error:
            raise SealBroken("a sealed value does not open") from error
