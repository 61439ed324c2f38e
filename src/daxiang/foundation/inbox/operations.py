"""The one write of the inbox: a batch of messages with their answers, durable together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import psycopg

from daxiang.foundation.database.arrays import bytea_array, day_array, moment_array, text_array
from daxiang.foundation.inbox.sql import FIND_ANSWERS, KEEP_MESSAGES
from daxiang.foundation.sealing import Sealer

_BODY, _ANSWER = b"body:", b"answer:"


class Received(NamedTuple):
    """A message with the answer that it shall have if it is new."""

    identity: bytes
    day: date
    account: str
    kind: str
    created_at: datetime
    received_at: datetime
    body: bytes
    answer: bytes
    generation: bytes = b""
    """Of the rule cards that the answer rests on (`generation_of`); empty where it rests on none."""


GENERATION_BYTES = 8
"""So many of a generation's digest stand beside each answer."""


def generation_of(digest: str) -> bytes:
    """What is kept of a generation's digest (hexadecimal); empty for none."""
    return bytes.fromhex(digest[: 2 * GENERATION_BYTES])


Statement = tuple[str, Mapping[str, Any]]
"""SQL and its parameters."""


async def keep_messages(
    connection: psycopg.AsyncConnection[Any],
    *,
    messages: Sequence[Received],
    sealer: Sealer,
    along: Sequence[Statement] = (),
) -> dict[bytes, bytes]:
    """Keep what is new and return the answer that holds for each identity.

    For a message that was known already, in whatever process it was kept, that is the stored answer and not
    the one given here. What stands in `along` becomes durable in the same transaction; it must do nothing
    when done again. When this returns all is durable (`connection` is in autocommit mode): the statements
    leave together and form one transaction, because nothing in a pipeline commits before its end.
    """
    fresh = {message.identity: message for message in messages}
    rows = list(fresh.values())
    async with connection.pipeline():
        cursor = await connection.execute(KEEP_MESSAGES, _columns(rows, sealer), prepare=True, binary=True)
        for statement, parameters in along:
            await connection.execute(statement, parameters, prepare=True)
    kept = {row[0] for row in await cursor.fetchall()}
    answers = {identity: fresh[identity].answer for identity in kept}
    if len(kept) < len(rows):
        known = [row for row in rows if row.identity not in kept]
        answers |= await stored_answers(connection, known, sealer)
    return answers


def writing(rows: Sequence[Received], sealer: Sealer) -> Statement:
    """The statement that keeps messages with their answers; it returns the identities that were new."""
    return KEEP_MESSAGES, _columns(rows, sealer)


def finding(rows: Sequence[Received]) -> Statement:
    """The statement that returns (identity, sealed answer) of those that are kept already."""
    return FIND_ANSWERS, {
        "days": day_array([row.day for row in rows]),
        "identities": bytea_array([row.identity for row in rows]),
    }


def seal_body(row: Received, sealer: Sealer) -> bytes:
    """The message as it stands in the table; `open_body` opens it."""
    return sealer.seal(row.body, _BODY + row.identity)


def _columns(rows: Sequence[Received], sealer: Sealer) -> dict[str, Any]:
    seal = sealer.seal
    return {
        "identities": bytea_array([row.identity for row in rows]),
        "days": day_array([row.day for row in rows]),
        "accounts": text_array([row.account for row in rows]),
        "kinds": text_array([row.kind for row in rows]),
        "created": moment_array([row.created_at for row in rows]),
        "received": moment_array([row.received_at for row in rows]),
        "bodies": bytea_array([seal(row.body, _BODY + row.identity) for row in rows]),
        "answers": bytea_array([seal(row.answer, _ANSWER + row.identity) for row in rows]),
        "generations": bytea_array([row.generation for row in rows]),
    }


async def stored_answers(
    connection: psycopg.AsyncConnection[Any], known: Sequence[Received], sealer: Sealer
) -> dict[bytes, bytes]:
    """The answers of those messages that are kept already; one that is not is missing from the result."""
    cursor = await connection.execute(*finding(known), prepare=True, binary=True)
    return {identity: sealer.open(answer, _ANSWER + identity) for identity, answer in await cursor.fetchall()}


def open_body(sealed: bytes, *, identity: bytes, sealer: Sealer) -> bytes:
    """The message itself, for those who may read it."""
    return sealer.open(sealed, _BODY + identity)


def open_answer(sealed: bytes, *, identity: bytes, sealer: Sealer) -> bytes:
    """The reply that was given; empty when none was owed."""
    return sealer.open(sealed, _ANSWER + identity)
