"""A message passed on to the vendor that served the account before us, and its answer read. Pure.

The vendor changes nothing: it is called as the platform would call it, in the account's mode, with a fresh
timestamp, nonce and signature, and may answer whatever the platform would take. Source: the platform's
pages on message push and on passive replies.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from daxiang.integrations.wechat.bodies import BodyRefused, Format, format_of, parse_fields
from daxiang.integrations.wechat.envelope import Envelope, EnvelopeRefused, signature
from daxiang.integrations.wechat.protocol import Mode
from daxiang.integrations.wechat.replies import (
    ACKNOWLEDGED,
    Image,
    Music,
    News,
    PassiveReply,
    Text,
    Video,
    Voice,
    parse_reply,
)
from daxiang.integrations.wechat.values import Message

_TYPES = {Format.XML: "text/xml; charset=utf-8", Format.JSON: "application/json; charset=utf-8"}


class AnswerUnusable(Exception):
    """What the vendor answered is nothing that the platform would take. `reason` is a short word for the
    counters.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """One request to the vendor, complete."""

    url: str
    content_type: str
    body: bytes


class Vendor:
    """The vendor's address with the token and key that its program was given."""

    def __init__(
        self, *, url: str, token: str, app_id: str, aes_key: str, original_id: str, mode: Mode
    ) -> None:
        self._url = url + ("&" if "?" in url else "?")
        self._token = token.encode()
        self._envelope = Envelope(token=token, app_id=app_id, aes_key=aes_key)
        self._original_id = original_id
        self._mode = mode

    def request(self, body: bytes, *, openid: str, now: int, nonce: bytes) -> Passed:
        """What the platform would send for this decrypted `body` at `now` (seconds since 1970).

        The message itself goes byte for byte: what the platform said, and not what we made of it.
        """
        timestamp = b"%d" % now
        words = {
            "signature": signature(self._token, timestamp, nonce).decode(),
            "timestamp": timestamp.decode(),
            "nonce": nonce.decode(),
            "openid": openid,
        }
        if self._mode is not Mode.PLAIN:
            encrypted, signed = self._envelope.seal(body, timestamp=timestamp, nonce=nonce)
            words |= {"encrypt_type": "aes", "msg_signature": signed.decode()}
            body = self._wrapped(body, encrypted)
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in words.items())
        return Passed(url=self._url + query, content_type=_TYPES[format_of(body)], body=body)

    def _wrapped(self, body: bytes, encrypted: bytes) -> bytes:
        """Safe mode: the account's name and the sealed message. Compatible mode: that beside the plain
        fields.
        """
        if format_of(body) is Format.JSON:
            plain = json.loads(body) if self._mode is Mode.COMPATIBLE else {"ToUserName": self._original_id}
            return json.dumps({**plain, "Encrypt": encrypted.decode()}, ensure_ascii=False).encode()
        sealed = b"<Encrypt><![CDATA[%b]]></Encrypt></xml>" % encrypted
        if self._mode is Mode.COMPATIBLE:
            head, _, _ = body.rpartition(b"</xml>")
            return head + sealed
        return b"<xml><ToUserName><![CDATA[%b]]></ToUserName>%b" % (self._original_id.encode(), sealed)

    def open(self, answer: bytes, *, message: Message) -> PassiveReply | None:
        """The vendor's reply to `message`; None when it has nothing to say (empty, or `success`).

        Raises `AnswerUnusable` for anything that the platform would not take, and for a reply to somebody
        else: words for one person are never shown to another.
        """
        plain = answer.strip()
        if plain in {b"", ACKNOWLEDGED}:
            return None
        fields = _fields(plain)
        if "Encrypt" in fields and self._mode is not Mode.PLAIN:
            plain = self._opened(fields).strip()
            if plain in {b"", ACKNOWLEDGED}:
                return None
            fields = _fields(plain)
        elif self._mode is Mode.SAFE:
            raise AnswerUnusable("not_encrypted")
        if fields.get("ToUserName") != message.from_user:
            raise AnswerUnusable("recipient")
        reply = parse_reply(plain)
        if reply is None:
            raise AnswerUnusable("kind")
        return reply

    def _opened(self, fields: dict[str, str]) -> bytes:
        try:
            return self._envelope.open(
                encrypted=fields["Encrypt"].encode(),
                given=fields.get("MsgSignature", "").encode(),
                timestamp=fields.get("TimeStamp", "").encode(),
                nonce=fields.get("Nonce", "").encode(),
            ).message
        except EnvelopeRefused as error:
            raise AnswerUnusable(error.reason) from error


def as_customer_service(reply: PassiveReply) -> dict[str, Any] | None:
    """The same words as a customer-service message, without its recipient; None where it has no such form
    (the hand-over to a human agent).

    Of several articles the first goes: the platform takes one in this kind of message.
    """
    match reply:
        case Text(content=content):
            return {"msgtype": "text", "text": {"content": content}}
        case Image(media_id=media_id):
            return {"msgtype": "image", "image": {"media_id": media_id}}
        case Voice(media_id=media_id):
            return {"msgtype": "voice", "voice": {"media_id": media_id}}
        case Video(media_id=media_id, title=title, description=description):
            named = {"media_id": media_id, "title": title, "description": description}
            return {"msgtype": "video", "video": _filled(named)}
        case Music():
            named = {
                "title": reply.title,
                "description": reply.description,
                "musicurl": reply.url,
                "hqmusicurl": reply.hq_url,
                "thumb_media_id": reply.thumb_media_id,
            }
            return {"msgtype": "music", "music": _filled(named)}
        case News(articles=(first, *_)):
            named = {
                "title": first.title,
                "description": first.description,
                "url": first.url,
                "picurl": first.picture_url,
            }
            return {"msgtype": "news", "news": {"articles": [_filled(named)]}}
    return None


def _filled(named: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in named.items() if value}


def _fields(body: bytes) -> dict[str, str]:
    try:
        return parse_fields(body)
    except BodyRefused as error:
        raise AnswerUnusable("garbage") from error


def fresh_nonce(random: bytes) -> bytes:
    """A nonce as the platform makes them: decimal digits."""
    return b"%d" % int.from_bytes(random[:5], "big")
