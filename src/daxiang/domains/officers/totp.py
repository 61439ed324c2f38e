"""One-time codes by time (RFC 6238 over RFC 4226): six digits, SHA-1, steps of 30 seconds. Pure.

SHA-1, because that is what every authenticator takes; as an HMAC it is sound. Codes run on real time,
whatever business time is: so do the telephones that show them.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from urllib.parse import quote

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20
"""As long as the hash's output (RFC 4226, section 4, R6)."""
DRIFT = 1
"""Steps before and behind this one that are taken too (RFC 6238, section 5.2)."""
RECOVERY_CODES = 8
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def step_at(seconds: float) -> int:
    """The step that this moment (Unix time) lies in."""
    return int(seconds // STEP_S)


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0x0F
    (number,) = struct.unpack_from(">I", digest, offset)
    return str((number & 0x7FFFFFFF) % 10**digits).zfill(digits)


def step_of_code(secret: bytes, code: str, *, seconds: float, after: int) -> int | None:
    """The step whose code this is, close to now and later than `after`, so that no code is used twice; None
    for a wrong or a used one. Every step is compared, in a time that tells nothing.
    """
    now, found = step_at(seconds), None
    for step in range(now - DRIFT, now + DRIFT + 1):
        is_right = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if is_right and step > after:
            found = step
    return found


def address_for_phone(secret: bytes, *, name: str, issuer: str) -> str:
    """What the square on the page says to an authenticator (Key URI format)."""
    key = base64.b32encode(secret).decode().rstrip("=")
    label = f"{quote(issuer, safe='')}:{quote(name, safe='')}"
    return f"otpauth://totp/{label}?secret={key}&issuer={quote(issuer, safe='')}"


def spelled(secret: bytes) -> str:
    """The secret for who types it: groups of four."""
    key = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def recovery_codes() -> list[str]:
    """For who has lost her telephone: each opens once; 59 bits."""
    return ["-".join(_four() for _ in range(3)) for _ in range(RECOVERY_CODES)]


def _four() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(4))
