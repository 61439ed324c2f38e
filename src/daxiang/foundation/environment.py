"""Variables of the environment, read one by one: a wrong one is named in one sentence that quotes no value.

Beside the reader stand the parsers of single values. Each raises `ValueError` for what cannot be used.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
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


def as_port(raw: str) -> int:
    port = int(raw)
    if not 1 <= port <= 65535:
        raise ValueError
    return port


def as_number(low: int, high: int) -> Callable[[str], int]:
    """A whole number from `low` to `high`."""

    def parse(raw: str) -> int:
        number = int(raw)
        if not low <= number <= high:
            raise ValueError
        return number

    return parse


def as_url(raw: str) -> str:
    """An http or https address, without its last slash."""
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError
    return raw.rstrip("/")


def as_mail_server(raw: str) -> str:
    if not raw.startswith(("smtp://", "smtps://")) or len(raw.split("//")[1]) < 1:
        raise ValueError
    return raw


def as_database_url(raw: str) -> str:
    if urlsplit(raw).scheme not in {"postgresql", "postgres"}:
        raise ValueError
    return raw


def as_instant(raw: str) -> datetime:
    """An ISO 8601 instant; without a zone it is Shanghai time."""
    moment = datetime.fromisoformat(raw)
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


def as_word(raw: str) -> str:
    """A word of letters, digits, - and _: never a path."""
    if not raw.replace("-", "").replace("_", "").isalnum():
        raise ValueError
    return raw


def as_aes_key(raw: str) -> str:
    """An EncodingAESKey as WeChat gives it: 43 characters of base64 that hold 32 bytes."""
    if len(raw) != 43 or len(base64.b64decode(raw + "=")) != 32:
        raise ValueError
    return raw


def as_data_keys(raw: str) -> dict[str, bytes]:
    """`id:base64 of 32 bytes`, several joined by commas; the order is kept."""
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


def as_index_key(raw: str) -> bytes:
    key = base64.b64decode(raw, validate=True)
    if len(key) != 32:
        raise ValueError
    return key


def as_networks(raw: str) -> tuple[Network, ...]:
    """Networks such as `10.1.0.0/16`, joined by commas."""
    return tuple(ip_network(one.strip()) for one in raw.split(","))


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words."""

    def parse(raw: str) -> str:
        if raw not in words:
            raise ValueError
        return raw

    return parse
