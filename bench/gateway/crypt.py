"""WeChat's safe mode as the platform does it: the harness's own, so that no contestant judges itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
_PARTS = (b"Encrypt", b"MsgSignature", b"TimeStamp", b"Nonce")


class ReplyWrong(Exception):
    """A reply that WeChat would not take, or that says the wrong thing; `str()` is a short word for
    counters, `plain` the opened reply where it could be opened.
    """

    def __init__(self, reason: str, plain: bytes = b"") -> None:
        super().__init__(reason)
        self.plain = plain


@dataclass(frozen=True, kw_only=True)
class Account:
    """The account that every contestant serves."""

    token: str
    aes_key: str
    app_id: str
    original_id: str

    @cached_property
    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def signature(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted((self.token, *parts))).encode()).hexdigest()  # noqa: S324 (WeChat's)

    def encrypt(self, plain: bytes) -> str:
        raw = os.urandom(16) + len(plain).to_bytes(4, "big") + plain + self.app_id.encode()
        padding = BLOCK - len(raw) % BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(raw + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted: str) -> bytes:
        decryptor = self._cipher.decryptor()
        raw = decryptor.update(base64.b64decode(encrypted)) + decryptor.finalize()
        padding, length = raw[-1], int.from_bytes(raw[16:20], "big")
        if not 1 <= padding <= BLOCK or raw[-padding:] != bytes([padding]) * padding:
            raise ReplyWrong("padding")
        if raw[20 + length : -padding] != self.app_id.encode():
            raise ReplyWrong("app id")
        return raw[20 : 20 + length]

    def open_reply(self, body: bytes) -> bytes:
        """The plain reply inside a sealed one; raises `ReplyWrong`."""
        found = [field(body, name) for name in _PARTS]
        if any(part is None for part in found):
            raise ReplyWrong("not encrypted")
        encrypted, signature, timestamp, nonce = (part.decode() for part in found if part is not None)
        if not hmac.compare_digest(self.signature(timestamp, nonce, encrypted), signature):
            raise ReplyWrong("signature")
        return self.decrypt(encrypted)


def field(xml: bytes, name: bytes) -> bytes | None:
    """The text of the first element of that name, in CDATA or bare."""
    found = re.search(rb"<%s>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</%s>" % (name, name), xml, re.DOTALL)
    return None if found is None else found[1] if found[1] is not None else found[2]
