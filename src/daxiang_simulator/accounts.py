"""The accounts that the simulated platform hosts, as their owners registered them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .envelope import decode_key
from .platform.settings import DEFAULTS, parse_settings
from .texts import BadRequest, fit_text

KINDS = ("service", "subscription")
MODES = ("safe", "compatible", "plain")
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account: its identity, its secrets, and where its callbacks go, in which of the three modes.

    `name` is how this API calls it, `original_id` (gh_…) how messages do. `settings` holds what differs from
    the ordinary account (platform/settings.py).
    """

    name: str
    kind: str
    display_name: str
    app_id: str
    secret: str
    token: str
    aes_key: str
    original_id: str
    callback: str
    mode: str = "safe"
    settings: dict[str, Any] = field(default_factory=dict)
    key: bytes = field(repr=False, default=b"")
    next_key: bytes = field(repr=False, default=b"")

    def setting(self, name: str) -> Any:
        """The value of a setting: the account's own, or the ordinary one."""
        return self.settings[name] if name in self.settings else DEFAULTS[name]

    def as_json(self) -> dict[str, Any]:
        """The account as it was registered."""
        held = asdict(self)
        del held["key"], held["next_key"]
        if not self.settings:
            del held["settings"]
        return held


OPTIONAL = frozenset({"mode", "settings", "key", "next_key"})
REQUIRED = tuple(n for n in Account.__dataclass_fields__ if n not in OPTIONAL)


def parse_account(raw: object) -> Account:
    """An account from its JSON. Raises BadRequest with a sentence that names the field."""
    if not isinstance(raw, dict):
        raise BadRequest("每个账号要是一个 JSON 对象。")
    held = {name: fit_text(raw.get(name), f"账号的 {name}", longest=LONGEST) for name in REQUIRED}
    mode = raw.get("mode", "safe")
    if held["kind"] not in KINDS:
        raise BadRequest("账号的 kind 要是 service 或 subscription。")
    if mode not in MODES:
        raise BadRequest("账号的 mode 要是 safe、compatible 或 plain。")
    if urlsplit(held["callback"]).scheme not in {"http", "https"}:
        raise BadRequest("账号的 callback 要是 http 或 https 地址。")
    settings = parse_settings(raw.get("settings", {}))
    following = settings.get("aes_key_next", "")
    try:
        key = decode_key(held["aes_key"])
        next_key = decode_key(following) if following else b""
    except ValueError as error:
        raise BadRequest(f"账号 {held['name']} 的 {error}。") from error
    return Account(**held, mode=mode, settings=settings, key=key, next_key=next_key)


def parse_accounts(raw: object) -> dict[str, Account]:
    """Accounts by name, from a list or from {"accounts": [...]}. Raises BadRequest."""
    if isinstance(raw, dict):
        raw = raw.get("accounts")
    if not isinstance(raw, list):
        raise BadRequest("账号表要是一个 JSON 数组。")
    return by_name(parse_account(one) for one in raw)


def by_name(accounts: Iterable[Account]) -> dict[str, Account]:
    """The accounts by name. Raises BadRequest when two share one."""
    found: dict[str, Account] = {}
    for account in accounts:
        if account.name in found:
            raise BadRequest(f"有两个账号都叫 {account.name}。")
        found[account.name] = account
    return found


def invented(kind: str, callback: str, mode: str) -> dict[str, Any]:
    """An account for whoever has none: the same every time, so that a service can be set up once."""
    words = {
        name: hashlib.sha256(f"{kind} {name}".encode()).hexdigest()
        for name in ("app_id", "secret", "key", "id")
    }
    return {
        "name": kind,
        "kind": kind,
        "display_name": "试一试",
        "app_id": f"wx{words['app_id'][:16]}",
        "secret": words["secret"][:32],
        "token": "simulator",
        "aes_key": words["key"][:43],
        "original_id": f"gh_{words['id'][:12]}",
        "callback": callback,
        "mode": mode,
        "settings": {"speech_recognition": True},
    }
