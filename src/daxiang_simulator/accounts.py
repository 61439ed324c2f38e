"""The accounts that the simulated platform hosts, as their owners registered them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from .envelope import decode_key
from .texts import BadRequest, fit_text

KINDS = ("service", "subscription")
MODES = ("safe", "compatible", "plain")
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account: its identity, its secrets, and where its callbacks go, in which of the three modes.

    `name` is how this API calls it, `original_id` (gh_…) how messages do.
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
    key: bytes = field(repr=False, default=b"")

    def as_json(self) -> dict[str, str]:
        """The account as it was registered."""
        held = asdict(self)
        del held["key"]
        return held


REQUIRED = tuple(n for n in Account.__dataclass_fields__ if n not in {"mode", "key"})


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
    try:
        key = decode_key(held["aes_key"])
    except ValueError as error:
        raise BadRequest(f"账号 {held['name']} 的 {error}。") from error
    return Account(**held, mode=mode, key=key)


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
