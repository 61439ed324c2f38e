"""What differs from account to account, and where the documents leave a choice: one row a setting.

An account's JSON carries only what it changes: {"settings": {"verified": false}}. docs/reference/simulator.md
says for each choice what the documents say against each other.
"""

from __future__ import annotations

import math
from typing import Any

from daxiang_simulator.texts import BadRequest

DEFAULTS: dict[str, Any] = {
    # Who the account is, §2.14 of our notes: what it may call follows from kind and these.
    "verified": True,
    "enterprise": True,
    "banned": False,
    "new_customer_service": True,
    "comments": True,
    # The console's security page.
    "ip_whitelist": [],
    "secret_frozen": False,
    "oauth_domains": [],
    # Callbacks: XML or JSON, and a new key that some callbacks already use.
    "format": "xml",
    "aes_key_next": "",
    "next_key_share": 0.5,
    "speech_recognition": False,
    "unionid": False,
    "events_after_s": 0.0,
    "template_events": True,
    # Limits whose figures differ between documents or accounts.
    "token_daily": 2_000,
    "template_daily": 100_000,
    "custom_daily": 500_000,
    "image_bytes": 2 * 1024 * 1024,
    "library_news": 100_000,
    "library_others": 1_000,
    "service_mass_daily": 100,
    "followers_monthly": 4,
    "answers_to_message": 5,
    "answers_to_moment": 3,
    "message_window_s": 48 * 3600,
    "moment_window_s": 60,
    # Mass sending: the protection that asks an administrator, and whether it asks for sends to a tag too.
    "mass_protection": True,
    "tag_needs_admin": False,
    "mass_seconds": 0.0,
    "clientmsgid_retry_s": 60,
    "publish_seconds": 0.0,
    "publish_status": 0,
    "publish_refusal": 0,
    # Choices where a call's page contradicts another, or itself.
    "escaped_unicode_refused": True,
    "upload_says_ok": False,
    "article_extras": True,
    "rid_expired_code": 76004,
    "bizsend_needs_lang": False,
    "template_types_checked": True,
    "template_value_shown": 20,
    "draft_hidden_when_sent": True,
    "quota_clear_any_path": True,
    "one_article_replies": True,
    "news_in_custom": 1,
}

_CHOICES: dict[str, tuple[str, ...]] = {"format": ("xml", "json")}
MOST = 1e9
_MOST: dict[str, float] = {
    "next_key_share": 1,
    "publish_status": 6,
    "answers_to_message": 1_000,
    "answers_to_moment": 1_000,
    "news_in_custom": 100,
}
"""The greatest value of a number, where it is not MOST; the least is 0."""


def parse_settings(raw: object) -> dict[str, Any]:
    """The settings that an account changes. Raises BadRequest with a sentence that names one."""
    if not isinstance(raw, dict):
        raise BadRequest("settings 要是一个 JSON 对象。")
    for name, value in raw.items():
        if name not in DEFAULTS:
            raise BadRequest(f"没有叫 {name} 的设置。")
        default = DEFAULTS[name]
        if not _fits(value, default) or value not in _CHOICES.get(name, (value,)):
            raise BadRequest(f"设置 {name} 的值不对，默认是 {default!r}。")
        most = _MOST.get(name, MOST)
        if not isinstance(default, bool) and isinstance(value, int | float) and not 0 <= value <= most:
            raise BadRequest(f"设置 {name} 要在 0 和 {most:.0f} 之间。")
    return dict(raw)


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, type(default))
