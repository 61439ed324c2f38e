"""Typed settings from the environment: read once, checked at the start, never a secret in a message.

A bad value stops the start with one sentence that names the variable. A secret may also come from a file
(`NAME_FILE`). What an instance on a laptop does not say, it makes up once and keeps in `$DAXIANG_HOME`: see
`demo.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from pathlib import Path

from daxiang.foundation.alarms.channels import AlarmSettings
from daxiang.foundation.environment import (
    Environment,
    Network,
    SettingWrong,
    as_aes_key,
    as_data_keys,
    as_database_url,
    as_index_key,
    as_instant,
    as_mail_server,
    as_networks,
    as_number,
    as_port,
    as_url,
    as_word,
    one_of,
)


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
    alarms: AlarmSettings = field(default_factory=AlarmSettings)
    reach_webhook: str | None = field(default=None, repr=False)
    """What sends a text by SMS or WeCom to officers whom WeChat does not reach; None: nothing does."""


def read_home(values: Mapping[str, str] = os.environ) -> Path:
    """Where this copy keeps everything of its own: `DAXIANG_HOME`, else `.daxiang` in the present
    directory.
    """
    return Path(Environment(values).text("DAXIANG_HOME") or ".daxiang").expanduser().absolute()


def _index_key_of(env: Environment, data_keys: Mapping[str, bytes]) -> bytes:
    """The key of the blind indexes: named, or the only data key there has ever been."""
    if env.text("DAXIANG_INDEX_KEY") is None and len(data_keys) > 1:
        raise SettingWrong(
            "DAXIANG_INDEX_KEY: not set, though there are several data keys; give it the base64 of the first "
            "data key that this installation ever had, else nobody is found again."
        )
    return env.parsed("DAXIANG_INDEX_KEY", next(iter(data_keys.values())), as_index_key, "base64 of 32 bytes")


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
    defaults = {"WEB": 8000, "GATEWAY": 8010, "SIMULATOR": 8020, "WORKER": 8030, "ROUTER": 8040}
    ports = {
        name: env.parsed(f"DAXIANG_{name}_PORT", default, as_port, "a port from 1 to 65535")
        for name, default in defaults.items()
    }
    for (other, same), (name, port) in combinations(ports.items(), 2):
        if port == same:
            raise SettingWrong(f"DAXIANG_{name}_PORT: {port} is DAXIANG_{other}_PORT too; give each its own.")
    return Ports(**{name.lower(): port for name, port in ports.items()})


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
        aes_key=env.parsed(f"{prefix}_AES_KEY", "", as_aes_key, key_text),
        aes_key_previous=env.parsed(f"{prefix}_AES_KEY_PREVIOUS", None, as_aes_key, key_text),
        original_id=need("ORIGINAL_ID"),
        relay_url=env.parsed(f"{prefix}_RELAY_URL", None, as_url, ADDRESS),
        relay_token=env.text(f"{prefix}_RELAY_TOKEN"),
        relay_aes_key=env.parsed(f"{prefix}_RELAY_AES_KEY", None, as_aes_key, key_text),
    )


def own_address(bind: str) -> str:
    """How this machine reaches what listens on `bind`, as it stands in an address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 (compared, not bound)
    return f"[{host}]" if ":" in host else host


ACCOUNT_NAMES = ("service", "subscription")
ADDRESS = "an address that starts with http:// or https://"
DATABASE = "postgresql://user:password@host:port/database"
WATCHERS = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
"""This machine and the private networks."""


def _address(env: Environment, name: str, default: str) -> str:
    return env.parsed(name, default, as_url, ADDRESS)


def _sealing_keys(env: Environment) -> dict[str, bytes]:
    nothing: dict[str, bytes] = {}
    wanted = "id:base64 of 32 bytes, several joined by commas, the first one seals"
    keys = env.parsed("DAXIANG_DATA_KEYS", nothing, as_data_keys, wanted)
    if not keys:
        raise SettingWrong("DAXIANG_DATA_KEYS: not set, and personal data are never kept unsealed.")
    return keys


def _secret_key(env: Environment) -> str:
    key = env.text("DAXIANG_SECRET_KEY")
    if key is None:
        raise SettingWrong("DAXIANG_SECRET_KEY: not set; any long random text will do.")
    return key


def _networks(env: Environment, name: str, default: str) -> tuple[Network, ...]:
    wanted = "networks such as 10.1.0.0/16, several joined by commas"
    return env.parsed(name, as_networks(default), as_networks, wanted)


def _clock_file(env: Environment) -> Path | None:
    clock = env.text("DAXIANG_CLOCK")
    return Path(clock).expanduser().absolute() if clock else None


def _starts_at(env: Environment) -> datetime | None:
    wanted = "an ISO 8601 instant such as 2026-11-24T08:10:00+08:00"
    return env.parsed("DAXIANG_NOW", None, as_instant, wanted)


def _callback_mode(env: Environment) -> str:
    modes = one_of("safe", "compatible", "plain")
    return env.parsed("DAXIANG_CALLBACK_MODE", "safe", modes, "safe, compatible or plain")


def _number(env: Environment, name: str, default: int, low: int, high: int, what: str) -> int:
    return env.parsed(name, default, as_number(low, high), f"{what} from {low} to {high}")


def _retention(env: Environment) -> Retention:
    return Retention(
        messages_days=_number(env, "DAXIANG_MESSAGES_DAYS", 30, 1, 3650, "days"),
        inbox_days=_number(env, "DAXIANG_INBOX_DAYS", 184, 3, 3650, "days"),
    )


def _alarms(env: Environment) -> AlarmSettings:
    mail = env.parsed("DAXIANG_ALARM_MAIL", None, as_mail_server, "smtp://host or smtps://user:password@host")
    to = tuple(one.strip() for one in (env.text("DAXIANG_ALARM_MAIL_TO") or "").split(",") if one.strip())
    if mail and not to:
        raise SettingWrong("DAXIANG_ALARM_MAIL_TO: not set, though DAXIANG_ALARM_MAIL is.")
    return AlarmSettings(
        mail=mail,
        mail_from=env.text("DAXIANG_ALARM_MAIL_FROM") or (to[0] if to else ""),
        mail_to=to,
        webhook=env.parsed("DAXIANG_ALARM_WEBHOOK", None, as_url, ADDRESS),
    )


def read_settings(values: Mapping[str, str] = os.environ) -> Settings:
    """All settings, checked.

    Raises `SettingWrong` with one sentence that names the first wrong variable and never quotes a secret.
    """
    env = Environment(values)
    ports = _ports(env)
    bind = env.text("DAXIANG_BIND") or "127.0.0.1"
    here = f"http://{own_address(bind)}"
    keys, secret_key = _sealing_keys(env), _secret_key(env)
    return Settings(
        home=read_home(values),
        city=env.parsed("DAXIANG_CITY", "wuhan", as_word, "the folder name of a city pack"),
        bind=bind,
        ports=ports,
        public_url=_address(env, "DAXIANG_PUBLIC_URL", f"{here}:{ports.web}"),
        wechat_url=_address(env, "DAXIANG_WECHAT_URL", f"{here}:{ports.simulator}"),
        database_url=env.parsed("DATABASE_URL", None, as_database_url, DATABASE),
        accounts={name: _account(env, name) for name in ACCOUNT_NAMES},
        data_keys=keys,
        index_key=_index_key_of(env, keys),
        secret_key=secret_key,
        clock_file=_clock_file(env),
        starts_at=_starts_at(env),
        gateway_processes=_number(env, "DAXIANG_GATEWAY_PROCESSES", 2, 1, 64, "a number"),
        callback_mode=_callback_mode(env),
        callback_max_age_s=_number(env, "DAXIANG_CALLBACK_MAX_AGE_S", 300, 1, 86400, "seconds"),
        watchers=_networks(env, "DAXIANG_WATCHERS", WATCHERS),
        proxies=_networks(env, "DAXIANG_PROXIES", "127.0.0.0/8,::1/128"),
        features=read_features(env),
        retention=_retention(env),
        log_format=env.parsed("DAXIANG_LOG", "text", one_of("text", "json"), "text or json"),
        alarms=_alarms(env),
        reach_webhook=env.parsed("DAXIANG_REACH_WEBHOOK", None, as_url, ADDRESS),
    )
