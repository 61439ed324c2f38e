"""How what is kept of a person is sealed: each value opens in its own row only."""

from __future__ import annotations


def talk_context(account: str, person: bytes) -> bytes:
    return b"talk:" + account.encode() + b"\0" + person


def car_context(account: str, person: bytes, mark: bytes) -> bytes:
    return b"car:" + account.encode() + b"\0" + person + mark


def words_context(message: bytes) -> bytes:
    return b"words:" + message


def answer_context(message: bytes) -> bytes:
    return b"answer:" + message
