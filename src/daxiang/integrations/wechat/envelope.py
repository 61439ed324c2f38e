"""WeChat's message envelope, sans I/O: signatures and the AES safe mode.

Source: the platform's message-push page (its published vectors are in tests/wechat/test_envelope.py).
`msg_signature = sha1hex(sorted(token, timestamp, nonce, Encrypt))`; AES-256-CBC with the first 16 bytes of
the key as IV over `random(16) ‖ length(4, big-endian) ‖ message ‖ app id`, padded by PKCS#7 to 32 bytes.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from hmac import compare_digest

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK = 32


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


def _cipher(aes_key: str) -> Cipher[CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(AES(key), CBC(key[:16]))


@dataclass(frozen=True, kw_only=True)
class Opened:
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
        self._ciphers = [_cipher(key) for key in keys]

    def check_address(self, *, given: bytes, timestamp: bytes, nonce: bytes) -> None:
        """The URL check and the plain `signature`; raises `EnvelopeRefused`."""
        if not compare_digest(signature(self._token, timestamp, nonce), given):
            raise EnvelopeRefused("signature")

    def open(self, *, encrypted: bytes, given: bytes, timestamp: bytes, nonce: bytes) -> Opened:
        """Check `msg_signature`, decrypt, check padding, length and app id; raises `EnvelopeRefused`."""
        if not compare_digest(signature(self._token, timestamp, nonce, encrypted), given):
            raise EnvelopeRefused("signature")
        try:
            raw = base64.b64decode(encrypted, validate=True)
        except ValueError as error:
            raise EnvelopeRefused("base64") from error
        if not raw or len(raw) % 16:
            raise EnvelopeRefused("length")
        for number, cipher in enumerate(self._ciphers):
            decryptor = cipher.decryptor()
            message = self._message_of(decryptor.update(raw) + decryptor.finalize())
            if message is not None:
                return Opened(message=message, key_number=number)
        raise EnvelopeRefused("ciphertext")

    def _message_of(self, plain: bytes) -> bytes | None:
        pad = plain[-1]
        if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes((pad,)) * pad:
            return None
        content = plain[16:-pad]
        length = int.from_bytes(content[:4], "big")
        message, app_id = content[4 : 4 + length], content[4 + length :]
        if len(message) != length or not compare_digest(app_id, self._app_id):
            return None
        return message

    def seal(
        self, message: bytes, *, timestamp: bytes, nonce: bytes, key_number: int = 0
    ) -> tuple[bytes, bytes]:
        """(Encrypt, MsgSignature) of a reply."""
        content = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._app_id
        pad = _BLOCK - len(content) % _BLOCK
        encryptor = self._ciphers[key_number].encryptor()
        encrypted = base64.b64encode(encryptor.update(content + bytes((pad,)) * pad) + encryptor.finalize())
        return encrypted, signature(self._token, timestamp, nonce, encrypted)
