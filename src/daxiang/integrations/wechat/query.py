"""The query string of a callback: what authenticates the call stands in it. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

MAX_QUERY = 2048
_PLATFORM = re.compile(
    rb"signature=([0-9a-f]{40})&timestamp=([0-9]{1,11})&nonce=([0-9]{1,64})"
    rb"(?:&openid=[0-9A-Za-z_-]{1,64})?&encrypt_type=aes&msg_signature=([0-9a-f]{40})"
).fullmatch
"""A sealed message's address as the platform writes it: each name once, nothing escaped."""
_NONCE = re.compile(rb"[0-9A-Za-z_.~-]{1,128}").fullmatch
_SECONDS = re.compile(rb"[0-9]{1,11}").fullmatch


class QueryRefused(Exception):
    """A query string that the platform does not write. `reason` is a short word for the counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Signed(NamedTuple):
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
    parts = [part for part in query.split(b"&") if part]
    pairs = [part.split(b"=", 1) if b"=" in part else [part, b""] for part in parts]
    if b"%" in query or b"+" in query:  # the platform escapes nothing in what it signs
        pairs = [[unquote_to_bytes(side.replace(b"+", b" ")) for side in pair] for pair in pairs]
    found: dict[bytes, bytes] = dict(pairs)
    if len(found) != len(pairs):
        raise QueryRefused("query")
    return found


def signed_in(query: bytes) -> Signed | None:
    """What `read_signed` says of an address in the platform's own shape; None for any other."""
    found = _PLATFORM(query)
    if found is None:
        return None
    signature, timestamp, nonce, msg_signature = found.groups()
    return Signed(signature, msg_signature, timestamp, nonce, True, b"")


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
