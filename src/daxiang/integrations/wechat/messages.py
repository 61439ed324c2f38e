"""What a person sends, as typed values. Source: the platform's page on receiving ordinary messages. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from daxiang.integrations.wechat.values import Message as Message
from daxiang.integrations.wechat.values import OtherMessage as OtherMessage
from daxiang.integrations.wechat.values import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalMessage(Message):
    """What a person wrote, spoke, took or chose."""

    message_id: str = ""
    """MsgId, 64 bits in digits. Not unique by itself: see `identity`."""
    article_id: str = ""
    """The article below which it was written (MsgDataId), with `article_index` counting from 1."""
    article_index: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TextMessage(PersonalMessage):
    content: str
    choice_id: str = ""
    """Which choice of a message menu was tapped; empty for what was typed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageMessage(PersonalMessage):
    """The platform keeps a person's media for three days."""

    media_id: str
    picture_url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceMessage(PersonalMessage):
    media_id: str
    format: str = ""
    """amr or speex."""
    recognition: str = ""
    """What was said, where the account has speech recognition."""
    media_id_16k: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VideoMessage(PersonalMessage):
    """Kind `video` or `shortvideo`."""

    media_id: str
    thumb_media_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocationMessage(PersonalMessage):
    place: Place
    scale: int | None = None
    """How near the map was, in the platform's steps."""
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkMessage(PersonalMessage):
    title: str
    description: str = ""
    url: str = ""
