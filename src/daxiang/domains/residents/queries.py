"""What is kept of people: one question for many, and those who want the evening notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import psycopg
import structlog

from daxiang.domains.residents.operations import Cursor, Resident
from daxiang.domains.residents.sealed import car_context, talk_context, words_context
from daxiang.domains.residents.sql import FIND_MESSAGE, LIST_MESSAGES, READ_STATES, WITH_EVENING
from daxiang.foundation.database.arrays import bytea_array, text_array
from daxiang.foundation.sealing import SealBroken, Sealer

log = structlog.get_logger()


class State(NamedTuple):
    """What an answer may rest on of one person: JSON as the conversation made it."""

    talk: str | None = None
    """However old; whoever answers looks at its age."""
    cars: tuple[str, ...] = ()
    """In the order in which they were remembered."""
    has_evening: bool = False


NOBODY = State()


class EveningPerson(NamedTuple):
    """Somebody who wants to be told at 20:00, with her cars."""

    account: str
    person: bytes
    cars: tuple[str, ...]


async def read_states(
    connection: psycopg.AsyncConnection[Any], residents: Sequence[Resident], *, sealer: Sealer
) -> list[State]:
    """The states of many people by one question, in their order; `NOBODY` for a stranger."""
    cursor = await connection.execute(READ_STATES, _asked(residents), prepare=True, binary=True)
    return [_state(one, row, sealer) for one, row in zip(residents, await cursor.fetchall(), strict=True)]


def read_state(connection: psycopg.Connection[Any], resident: Resident, *, sealer: Sealer) -> State:
    """The state of one person inside the caller's transaction."""
    row = connection.execute(READ_STATES, _asked([resident]), binary=True).fetchone()
    return NOBODY if row is None else _state(resident, row, sealer)


def with_evening(
    connection: psycopg.Connection[Any],
    *,
    sealer: Sealer,
    after: EveningPerson | None = None,
    most: int = 500,
) -> list[EveningPerson]:
    """The next page of those who asked for the evening notice; empty at the end."""
    start = {"account": after.account if after else "", "person": after.person if after else b""}
    rows = connection.execute(WITH_EVENING, {**start, "most": most}).fetchall()
    return [
        EveningPerson(account, bytes(person), _cars(Resident(account, bytes(person)), cars, marks, sealer))
        for account, person, cars, marks in rows
    ]


class LeftMessage(NamedTuple):
    """Words that somebody left for the officers."""

    number: int
    left_at: datetime
    words: str | None
    """None when no key opens them any more."""
    is_closed: bool


class Which(StrEnum):
    """Which messages are listed."""

    ALL = "all"
    OPEN = "open"
    """Nobody has answered them, and they are not done with."""
    MINE = "mine"
    CLOSED = "closed"


def left_messages(
    cursor: Cursor,
    *,
    before: int | None,
    most: int,
    sealer: Sealer,
    which: Which = Which.ALL,
    who: str = "",
) -> list[LeftMessage]:
    """The newest messages below a number (None: of all), the newest first. Whoever asks has recorded why, and
    marks in the same transaction those as seen that are shown. `who`: whose they are, for `Which.MINE`.
    """
    cursor.execute(LIST_MESSAGES, {"before": before, "most": most, "which": which, "who": who})
    return [left_of(row, sealer) for row in cursor.fetchall()]


def left_message(cursor: Cursor, *, number: int, sealer: Sealer) -> LeftMessage | None:
    """One message, as above; None when there is none of that number."""
    cursor.execute(FIND_MESSAGE, {"number": number})
    return next((left_of(row, sealer) for row in cursor.fetchall()), None)


def left_of(row: Sequence[Any], sealer: Sealer) -> LeftMessage:
    """A row of id, number, left_at, words, state."""
    key, number, left_at, words, state = row
    return LeftMessage(number, left_at, _words(bytes(key), bytes(words), sealer), state == "closed")


def _words(message: bytes, sealed: bytes, sealer: Sealer) -> str | None:
    try:
        return open_words(sealed, message=message, sealer=sealer)
    except SealBroken:
        log.error("left_words_do_not_open")
        return None


def open_words(sealed: bytes, *, message: bytes, sealer: Sealer) -> str:
    """What was left for the officers; `message` is its id."""
    return sealer.open(sealed, words_context(message)).decode()


def _asked(residents: Sequence[Resident]) -> dict[str, Any]:
    return {
        "accounts": text_array([one.account for one in residents]),
        "persons": bytea_array([one.person for one in residents]),
    }


def _state(resident: Resident, row: Sequence[Any], sealer: Sealer) -> State:
    talk, cars, marks, has_evening = row
    if talk is None and cars is None and not has_evening:
        return NOBODY
    return State(_talk(resident, talk, sealer), _cars(resident, cars, marks, sealer), has_evening)


def _talk(resident: Resident, sealed: bytes | None, sealer: Sealer) -> str | None:
    """A talk that no key opens any more is none: it would have been over in half an hour."""
    try:
        return None if sealed is None else sealer.open(bytes(sealed), talk_context(*resident)).decode()
    except SealBroken:
        return None


def _cars(
    resident: Resident, cars: Sequence[bytes] | None, marks: Sequence[bytes] | None, sealer: Sealer
) -> tuple[str, ...]:
    """Those that open; for one that does not, a key is missing, and her other cars are answered for."""
    opened = []
    for car, mark in zip(cars or (), marks or (), strict=True):
        try:
            opened.append(sealer.open(bytes(car), car_context(*resident, bytes(mark))).decode())
        except SealBroken:
            log.error("remembered_car_does_not_open", account=resident.account)
    return tuple(opened)
