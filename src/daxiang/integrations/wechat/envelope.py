"""WeChat's message envelope, sans I/O: signatures and the AES safe mode.

Source: the platform's message-push page (its published vectors are in tests/wechat/test_envelope.py).
`msg_signature = sha1hex(sorted(token, timestamp, nonce, Encrypt))`; AES-256-CBC with the first 16 bytes of
the key as IV over `random(16) ‖ length(4, big-endian) ‖ message ‖ app id`, padded by PKCS#7 to 32 bytes.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from binascii import a2b_base64, b2a_base64
from hmac import compare_digest
from threading import local
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK = 32
_AES_KEY = re.compile("[A-Za-z0-9+/]{43}").fullmatch


class EnvelopeRefused(Exception):
    """A request is not a genuine call of the platform. `reason` is a short word for the counters, never
    shown.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def signature(*parts: bytes) -> bytes:
    """SHA-1 in hex over the sorted parts: the platform's signature of a call."""
    return hashlib.sha1(b"".join(sorted(parts)), usedforsecurity=False).hexdigest().encode()


class _Key(local):
    """One EncodingAESKey, with two streams that are never ended; each thread has its own.

    A message's first block is random and thrown away, and CBC carries nothing beyond the block before. So a
    stream that goes on from one message to the next opens and seals as well as a fresh one, for the price of
    half the work: only that first block differs, and is as random as before.
    """

    def __init__(self, aes_key: str) -> None:
        """The last of the 43 characters may carry bits that mean nothing: published keys do. Raises
        `ValueError` for anything but 43 characters of base64.
        """
        if not _AES_KEY(aes_key):
            raise ValueError("an EncodingAESKey is 43 letters, digits, + or /")
        key = base64.b64decode(aes_key + "=")
        self.cipher = Cipher(AES(key), CBC(key[:16]))
        # Never `finalize`: whole blocks come out of `update`, and padding is ours.
        self.decrypt = self.cipher.decryptor().update
        self.encrypt = self.cipher.encryptor().update


class Opened(NamedTuple):
    """A message out of its envelope, and what its reply needs."""

    message: bytes
    key_number: int
    """Which key opened it (0 the present one, 1 the previous): the reply must be sealed with the same."""


class Envelope:
    """Opens and seals for one account. During a key rotation the previous key is accepted too."""

    def __init__(self, *, token: str, app_id: str, aes_key: str, aes_key_previous: str | None = None) -> None:
        self._token = token.encode()
        self._app_id = app_id.encode()
        keys = [aes_key] if aes_key_previous is None else [aes_key, aes_key_previous]
        self._keys = [_Key(key) for key in keys]
        self._tails = [self._tail(pad) for pad in range(256)]

    def _tail(self, pad: int) -> bytes:
        """What stands behind a message that is padded by `pad`. For a `pad` that nobody may use it is as long
        as others and ends in another byte than `pad`, so that nothing equals it.
        """
        if 1 <= pad <= _BLOCK:
            return self._app_id + bytes((pad,)) * pad
        return self._app_id + bytes((pad ^ 0xFF,)) * (_BLOCK // 2)

    def check_address(self, *, given: bytes, timestamp: bytes, nonce: bytes) -> None:
        """The URL check and the plain `signature`; raises `EnvelopeRefused`."""
        if not compare_digest(signature(self._token, timestamp, nonce), given):
            raise EnvelopeRefused("signature")

    def open(self, *, encrypted: bytes, given: bytes, timestamp: bytes, nonce: bytes) -> Opened:
        """Check `msg_signature`, decrypt, check padding, length and app id; raises `EnvelopeRefused`.

        Nothing is decrypted for somebody who does not know the token. What is wrong inside stays untold:
        one reason for all of it, and every check is made whatever the others say.
        """
        if not compare_digest(signature(self._token, timestamp, nonce, encrypted), given):
            raise EnvelopeRefused("signature")
        try:
            raw = a2b_base64(encrypted, strict_mode=True)
        except ValueError as error:
            raise EnvelopeRefused("base64") from error
        if not raw or len(raw) % _BLOCK:
            raise EnvelopeRefused("length")
        for number, key in enumerate(self._keys):
            message = self._message_of(key.decrypt(raw))
            if message is not None:
                return Opened(message, number)
        raise EnvelopeRefused("ciphertext")

    def _message_of(self, plain: bytes) -> bytes | None:
        """At the end stand the app id and as many padding bytes as the last of them says; the length fills
        what is left. Always the same work, whichever of it is wrong.
        """
        tail = self._tails[plain[-1]]
        end = len(plain) - len(tail)
        is_long = int.from_bytes(plain[16:20], "big") == end - 20
        is_ours = compare_digest(plain[end:], tail) & is_long
        return plain[20:end] if is_ours else None

    def seal(
        self,
        message: bytes,
        *,
        timestamp: bytes,
        nonce: bytes,
        key_number: int = 0,
        random: bytes | None = None,
    ) -> tuple[bytes, bytes]:
        """(Encrypt, MsgSignature) of a reply. `random`: 16 bytes, given only to repeat a published vector."""
        key = self._keys[key_number]
        encrypt = key.encrypt if random is None else key.cipher.encryptor().update
        pad = _BLOCK - (20 + len(message) + len(self._app_id)) % _BLOCK
        content = b"".join(
            (random or os.urandom(16), len(message).to_bytes(4, "big"), message, self._tails[pad])
        )
        encrypted = b2a_base64(encrypt(content), newline=False)
        return encrypted, signature(self._token, timestamp, nonce, encrypted)
