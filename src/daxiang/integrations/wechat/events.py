"""What happens without words, as typed values: follows, taps, scans, and the platform's reports. Pure.

Source: the platform's pages on event pushes; the names of the fields are in `event_reading`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from daxiang.integrations.wechat.values import Message, Place


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowEvent(Message):
    scene: str = ""
    """What the scanned code carried, without the platform's `qrscene_`; empty when none was scanned."""
    ticket: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnfollowEvent(Message):
    """No reply is possible; it may come several times."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanEvent(Message):
    """A code scanned by someone who follows already."""

    scene: str
    ticket: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedLocationEvent(Message):
    """Where the phone is, told by itself when the chat is opened (and every five seconds, if so set)."""

    place: Place
    precision: float | None = None
    """Metres."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClickEvent(Message):
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewEvent(Message):
    """A menu entry that opened a page."""

    url: str
    menu_id: str = ""
    """Which conditional menu it stood in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MiniProgramEvent(Message):
    path: str
    menu_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanCodeEvent(Message):
    """A code scanned from the menu: kind `event:scancode_push` (the phone shows what it says) or
    `event:scancode_waitmsg` (the person waits for our words).
    """

    key: str
    scan_type: str
    result: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PicturesEvent(Message):
    """Pictures taken or chosen from the menu; they follow as messages of their own."""

    key: str
    digests: tuple[str, ...]
    """MD5 of each picture."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocationChosenEvent(Message):
    """A place chosen from the menu; a location message follows."""

    key: str
    place: Place
    scale: int | None = None
    label: str = ""
    place_name: str = ""


class TemplateOutcome(StrEnum):
    RECEIVED = "received"
    BLOCKED = "blocked"
    """The person takes no messages of this account."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Words that this version does not know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateSentEvent(Message):
    """How a template message ended."""

    message_id: str
    outcome: TemplateOutcome
    status: str
    """The platform's own words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleAddress:
    index: int | None
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleOriginality:
    """What the check for originality said of one article of a mass send; the platform's own numbers."""

    index: int | None
    declared: int | None
    audit: int | None
    original_url: str = ""
    original_type: int | None = None
    may_reprint: bool | None = None
    must_replace: bool | None = None
    must_name_source: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MassSentEvent(Message):
    """How a mass send ended. Only now is it known: the call's own success means that it was accepted."""

    message_id: str
    status: str
    """`send success`, `send fail` or `err(…)`."""
    error: int | None = None
    """The number in `err(…)`: 40001 an administrator refused, 40002 none tapped within 30 minutes."""
    total: int | None = None
    filtered: int | None = None
    sent: int | None = None
    failed: int | None = None
    check_state: int | None = None
    originality: tuple[ArticleOriginality, ...] = ()
    articles: tuple[ArticleAddress, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedEvent(Message):
    """How a publication ended; the platform's own numbers (0: published)."""

    publish_id: str
    status: int | None
    article_id: str = ""
    articles: tuple[ArticleAddress, ...] = ()
    failed_indexes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionChoice:
    template_id: str
    is_accepted: bool
    scene: int | None = None
    """1: a page, 2: an article."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionChosenEvent(Message):
    """Notices that a person has allowed or refused: when asked (`event:subscribe_msg_popup_event`) or later
    in the settings (`event:subscribe_msg_change_event`).
    """

    choices: tuple[SubscriptionChoice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionSending:
    template_id: str
    message_id: str
    code: int | None
    """0: received."""
    status: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionSentEvent(Message):
    sendings: tuple[SubscriptionSending, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffSessionEvent(Message):
    """A chat with a human agent: `event:kf_create_session`, `event:kf_close_session`,
    `event:kf_switch_session` (then `from_account` had it before).
    """

    account: str
    from_account: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentEvent(Message):
    """A person changed (`event:user_info_modified`) or withdrew (`event:user_authorization_revoke`) what we
    may know of them: what is kept must follow.
    """

    openid: str
    """Whom it concerns: personal data. The sender's openid where the platform names nobody else."""
    revoked: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VerificationEvent(Message):
    """The account's own verification: passed, failed, due, lapsed (then the paid calls stop working)."""

    expires_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str = ""
