"""One callback of the platform: opened, understood, answered, kept, sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from daxiang.domains.conversation.answer import Reply, ReplyKind
from daxiang.domains.conversation.queries import reply_to_follow, reply_to_text
from daxiang.foundation.inbox.operations import Received
from daxiang.foundation.settings import Account
from daxiang.integrations.wechat.bodies import BodyRefused, parse_fields
from daxiang.integrations.wechat.envelope import Envelope, EnvelopeRefused
from daxiang.integrations.wechat.events import FollowEvent
from daxiang.integrations.wechat.messages import Message, TextMessage
from daxiang.integrations.wechat.reading import read_message
from daxiang.integrations.wechat.replies import ACKNOWLEDGED, sealed_reply, text_reply, text_with_choices
from daxiang.kernel.clock import SHANGHAI, Clock
from daxiang.sites.gateway.lane import LaneUnavailable


class Lane(Protocol):
    async def answer(self, message: Received) -> bytes: ...


class CallbackRefused(Exception):
    """Not a genuine callback. All kinds are refused alike; `reason` is for the counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The parts of a callback's address that authenticate it."""

    signature: bytes
    msg_signature: bytes
    timestamp: bytes
    nonce: bytes
    encrypted: bool

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Signed:
        return cls(
            signature=query.get("signature", "").encode(),
            msg_signature=query.get("msg_signature", "").encode(),
            timestamp=query.get("timestamp", "").encode(),
            nonce=query.get("nonce", "").encode(),
            encrypted=query.get("encrypt_type") == "aes",
        )


class Callbacks:
    """The callbacks of one account, in safe mode only: a plain body carries no proof of who wrote it."""

    def __init__(self, *, account: Account, city: str, clock: Clock, lane: Lane, max_age_s: int) -> None:
        self._account = account
        self._city = city
        self._clock = clock
        self._lane = lane
        self._max_age_s = max_age_s
        self._envelope = Envelope(
            token=account.token,
            app_id=account.app_id,
            aes_key=account.aes_key,
            aes_key_previous=account.aes_key_previous,
        )

    def check_url(self, query: Mapping[str, str]) -> bytes:
        """The platform's check when the address is entered: `echostr` comes back as it is."""
        signed = Signed.from_query(query)
        try:
            self._envelope.check_address(
                given=signed.signature, timestamp=signed.timestamp, nonce=signed.nonce
            )
        except EnvelopeRefused as error:
            raise CallbackRefused(error.reason) from error
        return query.get("echostr", "").encode()

    async def receive(self, query: Mapping[str, str], body: bytes) -> bytes:
        """The body of the answer. Raises `CallbackRefused`, or `LaneUnavailable` when nothing could be
        kept.
        """
        signed, now = Signed.from_query(query), self._clock.now()
        try:
            self._check_age(signed, now)
            encrypted = parse_fields(body).get("Encrypt", "").encode()
            if not signed.encrypted or not encrypted:
                raise CallbackRefused("not_encrypted")
            opened = self._envelope.open(
                encrypted=encrypted,
                given=signed.msg_signature,
                timestamp=signed.timestamp,
                nonce=signed.nonce,
            )
            message = read_message(opened.message)
        except (EnvelopeRefused, BodyRefused) as error:
            raise CallbackRefused(error.reason) from error
        reply = self._reply(message, now)
        received = self._received(message, opened.message, reply, now)
        try:
            answer = await self._lane.answer(received)
        except LaneUnavailable:
            if reply is None or reply.kind is not ReplyKind.DANGER:
                raise
            answer = received.answer  # 120 and 122 are said even when nothing can be kept
        if not answer:
            return ACKNOWLEDGED
        timestamp = b"%d" % int(now.timestamp())
        sealed, signature = self._envelope.seal(
            answer, timestamp=timestamp, nonce=signed.nonce, key_number=opened.key_number
        )
        return sealed_reply(encrypted=sealed, signature=signature, timestamp=timestamp, nonce=signed.nonce)

    def _check_age(self, signed: Signed, now: datetime) -> None:
        try:
            age = abs(now.timestamp() - int(signed.timestamp))
        except (ValueError, OverflowError) as error:
            raise CallbackRefused("timestamp") from error
        if age > self._max_age_s:
            raise CallbackRefused("timestamp")

    def _received(self, message: Message, body: bytes, reply: Reply | None, now: datetime) -> Received:
        answer = b""
        if reply is not None:
            answer = text_reply(
                to_user=message.from_user,
                from_user=message.to_user,
                created=int(now.timestamp()),
                content=text_with_choices(reply.text, reply.choices),
            )
        return Received(
            identity=message.identity,
            day=message.created_at.astimezone(SHANGHAI).date(),
            account=self._account.name,
            kind=message.kind,
            created_at=message.created_at,
            received_at=now,
            body=body,
            answer=answer,
        )

    def _reply(self, message: Message, now: datetime) -> Reply | None:
        kind = self._account.kind
        if isinstance(message, TextMessage):
            return reply_to_text(message.content, account_kind=kind, city=self._city, at=now)
        if isinstance(message, FollowEvent):
            return reply_to_follow(account_kind=kind, city=self._city)
        return None
