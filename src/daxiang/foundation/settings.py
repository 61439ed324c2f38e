"""Typed settings from the environment: read once, checked at the start, never a secret in a message.

A bad value stops the start with one sentence that names the variable. A secret may also come from a file
(`NAME_FILE`). What an instance on a laptop does not say, it makes up once and keeps in `$DAXIANG_HOME`: see
`demo.py`.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from daxiang.kernel.clock import SHANGHAI

T = TypeVar("T")
Network = IPv4Network | IPv6Network


class SettingWrong(Exception):
    """One environment variable holds what cannot be used. The message names it and says what would be
    right.
    """


@dataclass(frozen=True, kw_only=True)
class Account:
    """One WeChat account as its platform and we know it."""

    name: str
    """Its word in addresses: `service` or `subscription`."""
    kind: str
    """`service` or `subscription`: WeChat gives the two different rights."""
    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    """EncodingAESKey: 43 characters."""
    aes_key_previous: str | None = field(repr=False)
    original_id: str
    """gh_…: how the account is named in the messages themselves."""
    relay_url: str | None = None
    """Where the city's former vendor listens: what we do not handle is passed there. None: there is none."""
    relay_token: str | None = field(default=None, repr=False)
    """The vendor's token where it is not the account's."""
    relay_aes_key: str | None = field(default=None, repr=False)
    """The vendor's EncodingAESKey where it is not the account's."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    web: int
    gateway: int
    simulator: int
    worker: int
    router: int


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long what people sent is kept, in days."""

    messages_days: int
    """Words to the officers, after these are done with them."""
    inbox_days: int
    """The sealed record of what was received, answered and sent."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between two running copies."""

    home: Path
    city: str
    bind: str
    ports: Ports
    public_url: str
    wechat_url: str
    database_url: str | None = field(repr=False)
    """None: the private cluster of this home."""
    accounts: Mapping[str, Account]
    data_keys: Mapping[str, bytes] = field(repr=False)
    """Key id -> 32 bytes. The first seals; all open."""
    index_key: bytes = field(repr=False)
    """What blind indexes are derived from: it never changes, whatever happens to the data keys."""
    secret_key: str = field(repr=False)
    clock_file: Path | None
    starts_at: datetime | None
    gateway_processes: int
    callback_mode: str
    """`safe`, `compatible` or `plain`: what the platform's console says. Only safe mode proves who wrote."""
    callback_max_age_s: int
    """A callback whose timestamp is further from business time than this is refused."""
    watchers: tuple[Network, ...]
    """Networks from which `/readyz` and `/metrics` of each process may be read."""
    proxies: tuple[Network, ...]
    """Networks of our own proxies: only they are believed about whom they speak for (`X-Forwarded-For`)."""
    features: frozenset[str]
    """What the conversation offers: words of `FEATURES`."""
    retention: Retention
    log_format: str


class Environment:
    """Reads variables one by one and says which one is wrong."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str | None = None) -> str | None:
        """The variable, or the content of the file that `NAME_FILE` names; an empty one counts as not set."""
        if direct := self._values.get(name, "").strip():
            return direct
        if file := self._values.get(f"{name}_FILE", "").strip():
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingWrong(f"{name}_FILE: cannot read {file} ({type(error).__name__}).") from error
        return default

    def parsed(self, name: str, default: T, parse: Callable[[str], T], wanted: str) -> T:
        raw = self.text(name)
        if raw is None:
            return default
        try:
            return parse(raw)
        except ValueError as error:
            raise SettingWrong(f"{name}: wanted {wanted}, got something else.") from error


def read_home(values: Mapping[str, str] = os.environ) -> Path:
    """Where this copy keeps everything of its own: `DAXIANG_HOME`, else `.daxiang` in the present
    directory.
    """
    return Path(Environment(values).text("DAXIANG_HOME") or ".daxiang").expanduser().absolute()


def _port(raw: str) -> int:
    port = int(raw)
    if not 1 <= port <= 65535:
        raise ValueError
    return port


def _bounded(low: int, high: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        number = int(raw)
        if not low <= number <= high:
            raise ValueError
        return number

    return parse


def _url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError
    return raw.rstrip("/")


def _database_url(raw: str) -> str:
    if urlsplit(raw).scheme not in {"postgresql", "postgres"}:
        raise ValueError
    return raw


def _instant(raw: str) -> datetime:
    moment = datetime.fromisoformat(raw)
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


def _word(raw: str) -> str:
    if not raw.replace("-", "").replace("_", "").isalnum():
        raise ValueError
    return raw


def _aes_key(raw: str) -> str:
    if len(raw) != 43 or len(base64.b64decode(raw + "=")) != 32:
        raise ValueError
    return raw


def _data_keys(raw: str) -> dict[str, bytes]:
    keys = {}
    for part in raw.split(","):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise ValueError from error
        if len(key) != 32 or not 1 <= len(key_id) <= 16:
            raise ValueError
        keys[key_id] = key
    return keys


def _index_key(raw: str) -> bytes:
    key = base64.b64decode(raw, validate=True)
    if len(key) != 32:
        raise ValueError
    return key


def _index_key_of(env: Environment, data_keys: Mapping[str, bytes]) -> bytes:
    """The key of the blind indexes: named, or the only data key there has ever been."""
    if env.text("DAXIANG_INDEX_KEY") is None and len(data_keys) > 1:
        raise SettingWrong(
            "DAXIANG_INDEX_KEY: not set, though there are several data keys; give it the base64 of the first "
            "data key that this installation ever had, else nobody is found again."
        )
    return env.parsed("DAXIANG_INDEX_KEY", next(iter(data_keys.values())), _index_key, "base64 of 32 bytes")


def _networks(raw: str) -> tuple[Network, ...]:
    return tuple(ip_network(one.strip()) for one in raw.split(","))


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw not in words:
            raise ValueError
        return raw

    return parse


FEATURES = ("remember", "message", "picture", "evening", "tell_me", "menu")
"""Everything that the conversation may offer (`conversation.facts.Feature`); a choice that would lead to what
is not switched on is left out."""
DEFAULT_FEATURES = frozenset({"remember", "message", "picture", "evening", "menu"})
"""What an installation offers unless it says otherwise: what is built."""


def _features(raw: str) -> frozenset[str]:
    words = frozenset(word.strip() for word in raw.split(",")) - {"none"}
    if not words <= set(FEATURES):
        raise ValueError
    return words


def read_features(env: Environment) -> frozenset[str]:
    """`DAXIANG_FEATURES`, for those who need no other setting."""
    wanted = f"words of {', '.join(FEATURES)}, joined by commas, or none"
    return env.parsed("DAXIANG_FEATURES", DEFAULT_FEATURES, _features, wanted)


def _ports(env: Environment) -> Ports:
    def read(name: str, default: int) -> int:
        return env.parsed(f"DAXIANG_{name}_PORT", default, _port, "a port from 1 to 65535")

    ports = Ports(
        web=read("WEB", 8000),
        gateway=read("GATEWAY", 8010),
        simulator=read("SIMULATOR", 8020),
        worker=read("WORKER", 8030),
        router=read("ROUTER", 8040),
    )
    named = [("WEB", ports.web), ("GATEWAY", ports.gateway), ("SIMULATOR", ports.simulator)]
    named += [("WORKER", ports.worker), ("ROUTER", ports.router)]
    for i, (name, port) in enumerate(named):
        for other, same in named[:i]:
            if port == same:
                raise SettingWrong(
                    f"DAXIANG_{name}_PORT: {port} is DAXIANG_{other}_PORT too; give each its own."
                )
    return ports


def _account(env: Environment, name: str) -> Account:
    prefix = f"DAXIANG_{name.upper()}"

    def need(field_name: str) -> str:
        value = env.text(f"{prefix}_{field_name}")
        if value is None:
            raise SettingWrong(f"{prefix}_{field_name}: not set, though this account needs it.")
        return value

    key_text = "an EncodingAESKey of 43 characters"
    need("AES_KEY")
    return Account(
        name=name,
        kind=name,
        app_id=need("APPID"),
        secret=need("SECRET"),
        token=need("TOKEN"),
        aes_key=env.parsed(f"{prefix}_AES_KEY", "", _aes_key, key_text),
        aes_key_previous=env.parsed(f"{prefix}_AES_KEY_PREVIOUS", None, _aes_key, key_text),
        original_id=need("ORIGINAL_ID"),
        relay_url=env.parsed(
            f"{prefix}_RELAY_URL", None, _url, "an address that starts with http:// or https://"
        ),
        relay_token=env.text(f"{prefix}_RELAY_TOKEN"),
        relay_aes_key=env.parsed(f"{prefix}_RELAY_AES_KEY", None, _aes_key, key_text),
    )


def own_address(bind: str) -> str:
    """How this machine reaches what listens on `bind`, as it stands in an address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 (compared, not bound)
    return f"[{host}]" if ":" in host else host


ACCOUNT_NAMES = ("service", "subscription")


def read_settings(values: Mapping[str, str] = os.environ) -> Settings:
    """All settings, checked.

    Raises `SettingWrong` with one sentence that names the first wrong variable and never quotes a secret.
    """
    env = Environment(values)
    ports = _ports(env)
    bind = env.text("DAXIANG_BIND") or "127.0.0.1"
    secret_key = env.text("DAXIANG_SECRET_KEY")
    keys: dict[str, bytes] = env.parsed(
        "DAXIANG_DATA_KEYS",
        {},
        _data_keys,
        "id:base64 of 32 bytes, several joined by commas, the first one seals",
    )
    if not keys:
        raise SettingWrong("DAXIANG_DATA_KEYS: not set, and personal data are never kept unsealed.")
    if secret_key is None:
        raise SettingWrong("DAXIANG_SECRET_KEY: not set; any long random text will do.")
    clock = env.text("DAXIANG_CLOCK")
    return Settings(
        home=read_home(values),
        city=env.parsed("DAXIANG_CITY", "wuhan", _word, "the folder name of a city pack"),
        bind=bind,
        ports=ports,
        public_url=env.parsed(
            "DAXIANG_PUBLIC_URL",
            f"http://{own_address(bind)}:{ports.web}",
            _url,
            "an address that starts with http:// or https://",
        ),
        wechat_url=env.parsed(
            "DAXIANG_WECHAT_URL",
            f"http://{own_address(bind)}:{ports.simulator}",
            _url,
            "an address that starts with http:// or https://",
        ),
        database_url=env.parsed(
            "DATABASE_URL", None, _database_url, "postgresql://user:password@host:port/database"
        ),
        accounts={name: _account(env, name) for name in ACCOUNT_NAMES},
        data_keys=keys,
        index_key=_index_key_of(env, keys),
        secret_key=secret_key,
        clock_file=Path(clock).expanduser().absolute() if clock else None,
        starts_at=env.parsed(
            "DAXIANG_NOW", None, _instant, "an ISO 8601 instant such as 2026-11-24T08:10:00+08:00"
        ),
        gateway_processes=env.parsed(
            "DAXIANG_GATEWAY_PROCESSES", 2, _bounded(1, 64), "a number from 1 to 64"
        ),
        callback_mode=env.parsed(
            "DAXIANG_CALLBACK_MODE",
            "safe",
            _one_of("safe", "compatible", "plain"),
            "safe, compatible or plain",
        ),
        callback_max_age_s=env.parsed(
            "DAXIANG_CALLBACK_MAX_AGE_S", 300, _bounded(1, 86400), "seconds from 1 to 86400"
        ),
        watchers=env.parsed(
            "DAXIANG_WATCHERS",
            _networks("127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"),
            _networks,
            "networks such as 10.1.0.0/16, several joined by commas",
        ),
        proxies=env.parsed(
            "DAXIANG_PROXIES",
            _networks("127.0.0.0/8,::1/128"),
            _networks,
            "networks such as 10.1.0.0/16, several joined by commas",
        ),
        features=read_features(env),
        retention=Retention(
            messages_days=env.parsed("DAXIANG_MESSAGES_DAYS", 30, _bounded(1, 3650), "days from 1 to 3650"),
            inbox_days=env.parsed("DAXIANG_INBOX_DAYS", 184, _bounded(3, 3650), "days from 3 to 3650"),
        ),
        log_format=env.parsed("DAXIANG_LOG", "text", _one_of("text", "json"), "text or json"),
    )
