"""The record of what truly happened, which every reliability test asks in the end."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from .clock import iso
from .jsontext import dump
from .store import Statement, Store

MOST = 100_000
"""Rows in one page of the record; `next` leads on."""


class Kind(StrEnum):
    """What a row says happened."""

    FOLLOWED = "followed"
    CROWD = "crowd"  # many followers came at once, quietly
    UNFOLLOWED = "unfollowed"
    SENT = "sent"  # one try of a callback is about to leave
    FAILED = "failed"  # that try brought nothing usable
    EMPTY = "empty"  # the service acknowledged without a word
    DELIVERED = "delivered"  # a reply reached the person
    SERVICE_ERROR = "service_error"  # the person saw the platform's sentence instead
    REFUSED = "refused"  # a call got an error code
    FAULTED = "faulted"  # a call met a fault that a test ordered
    TOKEN = "token"  # noqa: S105 (an access_token was given, with the real begin and end of the call)
    TOKENS_EXPIRED = "tokens_expired"  # all tokens of an account were voided
    TEMPLATE = "template_message"  # a template message was accepted, with the status it will end in
    TEMPLATE_REPEATED = "template_repeated"  # the same client_msg_id again: nothing was sent
    NOTICE = "notice"  # a subscription notice reached a person
    MASS = "mass"  # a mass send: waiting, confirmed, sending, and how it ended
    MASS_RECEIVED = "mass_received"  # a part of a mass send reached these people
    PUBLISH = "publish"  # a publication was taken on, and how it ended
    CUSTOM = "custom_message"  # a customer-service message reached a person


def truth_row(kind: Kind, *, at: float, **facts: Any) -> Statement:
    """The statement that writes one row; committed together with the state it speaks of."""
    body = dump(facts)
    return "INSERT INTO truth (at, kind, body) VALUES (?, ?, ?)", (at, kind.value, body)


async def truth_since(store: Store, *, since: int, most: int = MOST) -> dict[str, Any]:
    """Rows after `since`, oldest first, and the number to ask with next."""
    rows = await store.read(
        "SELECT seq, at, kind, body FROM truth WHERE seq > ? ORDER BY seq LIMIT ?", (since, most)
    )
    truth = [{"seq": seq, "at": iso(at), "kind": kind, **json.loads(body)} for seq, at, kind, body in rows]
    return {"truth": truth, "next": truth[-1]["seq"] if truth else since}
