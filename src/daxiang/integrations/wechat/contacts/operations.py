"""The writes of the contacts: what a batch of messages moves, and forgetting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import psycopg

from daxiang.foundation.database.arrays import bytea_array, moment_array, text_array
from daxiang.foundation.inbox.operations import Statement
from daxiang.foundation.outbox.operations import withdraw
from daxiang.foundation.sealing import Sealer
from daxiang.integrations.wechat.contacts.sql import FORGET_CONTACT, TOUCH_CONTACTS
from daxiang.integrations.wechat.openings import CLICKS, opening_of
from daxiang.integrations.wechat.values import Message

_OPENID = b"openid:"


class Touch(NamedTuple):
    """What one message tells about its sender."""

    account: str
    person: bytes
    openid: str
    kind: str
    """The message's kind, as in the inbox."""
    at: datetime
    """The platform's CreateTime."""


def touch_of(message: Message, *, account: str, person: bytes) -> Touch | None:
    """None for what is no act of a person (a report about a mass send, a position sent by itself).

    `person` is the sender's blind index.
    """
    kind = message.kind
    if opening_of(kind) is None and kind != "event:unsubscribe":
        return None
    return Touch(account, person, message.from_user, kind, message.created_at)


class _Moments:
    """The latest of each moment of one contact within a batch."""

    __slots__ = ("click", "click_kind", "followed", "message", "openid", "unfollowed")

    def __init__(self, openid: str) -> None:
        self.openid = openid
        self.followed: datetime | None = None
        self.unfollowed: datetime | None = None
        self.message: datetime | None = None
        self.click: datetime | None = None
        self.click_kind: str | None = None

    def add(self, kind: str, at: datetime) -> None:
        if not kind.startswith("event:"):
            self.message = _later(self.message, at)
            return
        if kind == "event:unsubscribe":
            self.unfollowed = _later(self.unfollowed, at)
            return
        if kind == "event:subscribe":
            self.followed = _later(self.followed, at)
        if self.click is None or at > self.click:
            self.click, self.click_kind = at, CLICKS[kind]


def _later(one: datetime | None, other: datetime) -> datetime:
    return other if one is None or other > one else one


def touches_along(touches: Sequence[Touch | None], sealer: Sealer) -> list[Statement]:
    """What a transaction that makes messages durable executes besides, as its last statement: without it a
    late answer would find no window. None where a message moves nothing.
    """
    moved = [touch for touch in touches if touch is not None]
    return [(TOUCH_CONTACTS, touching(moved, sealer))] if moved else []


def touching(touches: Sequence[Touch], sealer: Sealer) -> dict[str, Any]:
    """The parameters of `TOUCH_CONTACTS` for a batch: one row a person."""
    merged: dict[tuple[str, bytes], _Moments] = {}
    for touch in touches:
        key = (touch.account, touch.person)
        moments = merged.get(key)
        if moments is None:
            moments = merged[key] = _Moments(touch.openid)
        moments.add(touch.kind, touch.at)
    rows = merged.values()
    return {
        "accounts": text_array([account for account, _ in merged]),
        "persons": bytea_array([person for _, person in merged]),
        "openids": bytea_array(
            [sealer.seal(row.openid.encode(), _OPENID + key[1]) for key, row in merged.items()]
        ),
        "followed": moment_array([row.followed for row in rows]),
        "unfollowed": moment_array([row.unfollowed for row in rows]),
        "messages": moment_array([row.message for row in rows]),
        "clicks": moment_array([row.click for row in rows]),
        "click_kinds": text_array([row.click_kind for row in rows]),
    }


def open_openid(sealed: bytes, *, person: bytes, sealer: Sealer) -> str:
    """The openid itself, for a call to the platform."""
    return sealer.open(sealed, _OPENID + person).decode()


def forget_contact(
    connection: psycopg.Connection[Any], *, account: str, person: bytes, at: datetime, now: datetime
) -> None:
    """Consent was withdrawn at that moment: the openid goes, from the contact and from the outbox, where what
    waits for the person is ended. After a later follow only what is older than the withdrawal goes.
    """
    forgotten = connection.execute(
        FORGET_CONTACT, {"account": account, "person": person, "at": at}
    ).fetchone()
    until = now if forgotten is None or forgotten[0] else at
    withdraw(connection, account=account, person=person, until=until, now=now, code="forgotten")
