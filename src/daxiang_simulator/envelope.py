"""WeChat's message envelope: sha1 signatures and AES-256-CBC, as the platform's side writes and reads it.

Source: developers.weixin.qq.com, "消息推送" (message-push.html); its published vectors are our tests.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""WeChat pads to 32 bytes, not to AES's 16; ordinary unpadders refuse its messages."""
RANDOM = 16
HEAD = RANDOM + 4


class EnvelopeRefused(Exception):
    """The sealed text is not one that this account's key and app id could have made; the message says why."""


def decode_key(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind the 43 characters of EncodingAESKey.

    Lenient about the last character's spare bits, because keys in wide use set them.
    """
    try:
        key = base64.b64decode(encoding_aes_key + "=")
    except (binascii.Error, ValueError) as error:
        raise ValueError("EncodingAESKey 不是 43 个 base64 字符") from error
    if len(encoding_aes_key) != 43 or len(key) != 32:
        raise ValueError("EncodingAESKey 不是 43 个 base64 字符")
    return key


def sign(*parts: str) -> str:
    """sha1 in hexadecimal over the parts, sorted as plain strings and joined."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def same_signature(claimed: str, expected: str) -> bool:
    """Whether two signatures agree, in constant time."""
    return hmac.compare_digest(claimed.encode(), expected.encode())


def seal(*, key: bytes, app_id: str, text: bytes, random: bytes) -> str:
    """Seal a text: base64 of AES-CBC over random(16) ‖ length(4, big-endian) ‖ text ‖ app id, padded."""
    plain = random + struct.pack(">I", len(text)) + text + app_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = cipher.update(plain + bytes([pad]) * pad) + cipher.finalize()
    return base64.b64encode(sealed).decode()


def unseal(*, key: bytes, app_id: str, sealed: str) -> bytes:
    """The text inside a sealed one. Raises EnvelopeRefused for anything this key and app id did not make."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EnvelopeRefused("Encrypt 不是 base64") from error
    if not raw or len(raw) % BLOCK:
        raise EnvelopeRefused("密文长度不是 32 的倍数")
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = cipher.update(raw) + cipher.finalize()
    pad = plain[-1]
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise EnvelopeRefused("填充不对，多半是 EncodingAESKey 不一致")
    return _body(plain[:-pad], app_id)


def _body(plain: bytes, app_id: str) -> bytes:
    if len(plain) < HEAD:
        raise EnvelopeRefused("明文太短")
    (length,) = struct.unpack(">I", plain[RANDOM:HEAD])
    body, tail = plain[HEAD : HEAD + length], plain[HEAD + length :]
    if len(body) != length:
        raise EnvelopeRefused("明文里的长度不对")
    if not hmac.compare_digest(tail, app_id.encode()):
        raise EnvelopeRefused("AppID 不是这个账号的")
    return body
