"""The whole of a callback, sans I/O: query string and body in, a typed message out, and the way back.

Source: the platform's message-push page. In the encrypted modes `msg_signature` authenticates and nothing
else: `signature` covers no body, so the plain copies beside the encrypted message (compatible mode) are never
looked at. Plain mode has no proof at all of who wrote a body: for tests and for a vendor's own network.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from daxiang.integrations.wechat.bodies import BodyRefused, Format, format_of, parse_tree, text_of
from daxiang.integrations.wechat.envelope import Envelope, EnvelopeRefused
from daxiang.integrations.wechat.fast import encrypted_in, message_in
from daxiang.integrations.wechat.query import QueryRefused, Signed, read_signed, signed_in
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.replies import ACKNOWLEDGED, sealed_reply
from daxiang.integrations.wechat.values import Message


def _declined(_: bytes) -> None:
    """The fast path of a strict protocol."""


class Mode(StrEnum):
    """How the platform's console says that messages are pushed."""

    SAFE = "safe"
    COMPATIBLE = "compatible"
    PLAIN = "plain"


class CallbackRefused(Exception):
    """Not a genuine callback. All kinds are answered alike; `reason` is a short word for the counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Incoming(NamedTuple):
    """A genuine callback, opened, with what its answer needs."""

    message: Message
    body: bytes
    """The plain message, decrypted, byte for byte."""
    format: Format
    key_number: int | None
    """Which key opened it: its answer is sealed with the same. None: it came plain, and so goes the
    answer.
    """
    nonce: bytes
    timestamp: bytes


class Protocol:
    """Opens the callbacks of one account and closes their answers. Keeps no state between two calls."""

    def __init__(
        self,
        *,
        token: str,
        app_id: str,
        original_id: str,
        aes_key: str,
        aes_key_previous: str | None = None,
        mode: Mode = Mode.SAFE,
        max_age_s: int = 300,
        is_strict: bool = False,
    ) -> None:
        """`is_strict`: leave the fast path out, for comparison; what comes out is the same."""
        self._envelope = Envelope(
            token=token, app_id=app_id, aes_key=aes_key, aes_key_previous=aes_key_previous
        )
        self._original_id = original_id
        self._mode = mode
        self._max_age_s = max_age_s
        self._signed_in = _declined if is_strict else signed_in
        self._encrypted_in = _declined if is_strict else encrypted_in
        self._message_in = _declined if is_strict else message_in

    def check_url(self, query: bytes) -> bytes:
        """The platform's check when the address is entered: its `echostr`, byte for byte.

        It is plain even in safe mode, and its age is not judged: nothing but itself comes back. Raises
        `CallbackRefused`.
        """
        try:
            signed = read_signed(query)
            self._check_address(signed)
        except (QueryRefused, EnvelopeRefused) as error:
            raise CallbackRefused(error.reason) from error
        if not signed.echostr:
            raise CallbackRefused("query")
        return signed.echostr

    def open(self, query: bytes, body: bytes, *, now: int) -> Incoming:
        """The message of one POST; `now` in Unix seconds. Raises `CallbackRefused` and nothing else.

        A sealed message is opened in every mode (the console may be switched before we are), a plain one in
        plain mode only.
        """
        try:
            signed = self._signed_in(query) or read_signed(query)
            if abs(now - int(signed.timestamp)) > self._max_age_s:
                raise CallbackRefused("timestamp")
            if signed.encrypted:
                plain, key_number = self._decrypted(signed, body)
            elif self._mode is Mode.PLAIN:
                self._check_address(signed)
                plain, key_number = body, None
            else:
                raise CallbackRefused("not_encrypted")
            message = self._message_in(plain) or read_message(plain)
        except (QueryRefused, EnvelopeRefused, BodyRefused) as error:
            raise CallbackRefused(error.reason) from error
        if message.to_user != self._original_id:
            raise CallbackRefused("recipient")
        return Incoming(
            message=message,
            body=plain,
            format=format_of(plain),
            key_number=key_number,
            nonce=signed.nonce,
            timestamp=signed.timestamp,
        )

    def close(self, incoming: Incoming, rendered: bytes, *, now: int) -> bytes:
        """The body of the HTTP answer: `success` for no words, else the rendered reply as it came in: sealed
        with the key that opened, or plain.
        """
        if not rendered:
            return ACKNOWLEDGED
        if incoming.key_number is None:
            return rendered
        timestamp = b"%d" % now
        sealed, proof = self._envelope.seal(
            rendered, timestamp=timestamp, nonce=incoming.nonce, key_number=incoming.key_number
        )
        return sealed_reply(
            encrypted=sealed,
            signature=proof,
            timestamp=timestamp,
            nonce=incoming.nonce,
            format=incoming.format,
        )

    def _check_address(self, signed: Signed) -> None:
        self._envelope.check_address(given=signed.signature, timestamp=signed.timestamp, nonce=signed.nonce)

    def _decrypted(self, signed: Signed, body: bytes) -> tuple[bytes, int]:
        encrypted = self._encrypted_in(body) or text_of(parse_tree(body), "Encrypt").encode()
        if not encrypted:
            raise CallbackRefused("not_encrypted")
        opened = self._envelope.open(
            encrypted=encrypted,
            given=signed.msg_signature,
            timestamp=signed.timestamp,
            nonce=signed.nonce,
        )
        return opened.message, opened.key_number
