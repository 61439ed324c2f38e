"""The one write of the inbox: a batch of messages with their answers, durable together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg

from daxiang.foundation.inbox.sql import FIND_ANSWERS, KEEP_MESSAGES
from daxiang.foundation.sealing import Sealer

_BODY, _ANSWER = b"body:", b"answer:"


@dataclass(frozen=True, kw_only=True)
class Received:
    """A message with the answer that it shall have if it is new."""

    identity: bytes
    day: date
    account: str
    kind: str
    created_at: datetime
    received_at: datetime
    body: bytes
    answer: bytes


async def keep_messages(
    connection: psycopg.AsyncConnection[Any], *, messages: Sequence[Received], sealer: Sealer
) -> dict[bytes, bytes]:
    """Keep what is new and return the answer that holds for each identity.

    For a message that was known already, in whatever process it was kept, that is the stored answer and not
    the one given here. When this returns, message and answer are durable (`connection` is in autocommit
    mode).
    """
    fresh = {message.identity: message for message in messages}
    rows = list(fresh.values())
    cursor = await connection.execute(
        KEEP_MESSAGES,
        {
            "identities": [row.identity for row in rows],
            "days": [row.day for row in rows],
            "accounts": [row.account for row in rows],
            "kinds": [row.kind for row in rows],
            "created": [row.created_at for row in rows],
            "received": [row.received_at for row in rows],
            "bodies": [sealer.seal(row.body, _BODY + row.identity) for row in rows],
            "answers": [sealer.seal(row.answer, _ANSWER + row.identity) for row in rows],
        },
        prepare=True,
        binary=True,
    )
    kept = {bytes(row[0]) for row in await cursor.fetchall()}
    answers = {identity: fresh[identity].answer for identity in kept}
    known = [row for row in rows if row.identity not in kept]
    if known:
        answers |= await _stored(connection, known, sealer)
    return answers


async def _stored(
    connection: psycopg.AsyncConnection[Any], known: Sequence[Received], sealer: Sealer
) -> dict[bytes, bytes]:
    cursor = await connection.execute(
        FIND_ANSWERS,
        {"days": [row.day for row in known], "identities": [row.identity for row in known]},
        prepare=True,
        binary=True,
    )
    found = [(bytes(identity), bytes(answer)) for identity, answer in await cursor.fetchall()]
    return {identity: sealer.open(answer, _ANSWER + identity) for identity, answer in found}


def open_body(sealed: bytes, *, identity: bytes, sealer: Sealer) -> bytes:
    """The message itself, for those who may read it."""
    return sealer.open(sealed, _BODY + identity)


def open_answer(sealed: bytes, *, identity: bytes, sealer: Sealer) -> bytes:
    """The reply that was given; empty when none was owed."""
    return sealer.open(sealed, _ANSWER + identity)
