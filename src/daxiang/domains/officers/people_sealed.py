"""How what is kept of an officer is sealed: each value opens in its own row only."""

from __future__ import annotations


def number_context(mark: bytes) -> bytes:
    return b"officer number:" + mark


def name_context(mark: bytes) -> bytes:
    return b"officer name:" + mark


def phone_context(mark: bytes) -> bytes:
    return b"officer phone:" + mark


def openid_context(person: bytes) -> bytes:
    """The same in `officer` and in `officer_tag`."""
    return b"officer openid:" + person
