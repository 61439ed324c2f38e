"""The query string of a callback: what authenticates the call stands in it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

MAX_QUERY = 2048
_NONCE = re.compile(rb"[0-9A-Za-z_.~-]{1,128}").fullmatch
_SECONDS = re.compile(rb"[0-9]{1,11}").fullmatch


class QueryRefused(Exception):
    """A query string that the platform does not write. `reason` is a short word for the counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """The parts of a callback's address that authenticate it; one that is missing is empty."""

    signature: bytes
    """Over token, timestamp and nonce: it covers no body."""
    msg_signature: bytes
    """Over token, timestamp, nonce and the encrypted message."""
    timestamp: bytes
    nonce: bytes
    encrypted: bool
    """`encrypt_type=aes`; missing or `raw` means that the body is plain."""
    echostr: bytes


def parse_query(query: bytes) -> dict[bytes, bytes]:
    """Names and values, unescaped. Raises `QueryRefused` for a name given twice (two readers could each
    believe another one) and for over 2 KiB.
    """
    if len(query) > MAX_QUERY:
        raise QueryRefused("query")
    escaped = b"%" in query or b"+" in query  # the platform escapes nothing in what it signs
    found: dict[bytes, bytes] = {}
    for part in query.split(b"&"):
        name, _, value = part.partition(b"=")
        if escaped:
            name, value = (unquote_to_bytes(side.replace(b"+", b" ")) for side in (name, value))
        if name in found:
            raise QueryRefused("query")
        if part:
            found[name] = value
    return found


def read_signed(query: bytes) -> Signed:
    """What authenticates a call. Raises `QueryRefused`: `timestamp` when it is missing or no number, `query`
    for a missing or odd nonce and for names given twice.
    """
    found = parse_query(query)
    timestamp, nonce = found.get(b"timestamp", b""), found.get(b"nonce", b"")
    if not _SECONDS(timestamp):
        raise QueryRefused("timestamp")
    if not _NONCE(nonce):  # it goes back in our answer
        raise QueryRefused("query")
    return Signed(
        signature=found.get(b"signature", b""),
        msg_signature=found.get(b"msg_signature", b""),
        timestamp=timestamp,
        nonce=nonce,
        encrypted=found.get(b"encrypt_type") == b"aes",
        echostr=found.get(b"echostr", b""),
    )
