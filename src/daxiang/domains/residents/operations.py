"""What a person has kept and dropped. Every write runs inside the caller's transaction.

Cars and talk are JSON of the conversation's making: they are not read here, only sealed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol

import psycopg

from daxiang.domains.residents import sql
from daxiang.domains.residents.errors import CarsFull, MessageSeen, MessagesFull, MessageUnknown
from daxiang.domains.residents.sealed import car_context, talk_context, words_context
from daxiang.foundation.database.arrays import bytea_array, day_array, moment_array, text_array
from daxiang.foundation.inbox.operations import Statement
from daxiang.foundation.outbox.operations import new_id
from daxiang.foundation.sealing import Sealer

MOST_CARS = 5
MOST_MESSAGES = 5
"""Unanswered ones of a person within a day: more would bury those of others."""
_A_DAY = timedelta(days=1)
Connection = psycopg.Connection[Any]


class Cursor(Protocol):
    """Django's cursor or psycopg's: whatever the caller's transaction runs on."""

    def execute(self, query: str, params: dict[str, Any], /) -> object: ...

    def fetchall(self) -> list[Any]: ...


class Resident(NamedTuple):
    """A person at one account, by the blind index."""

    account: str
    person: bytes


class SpokenTalk(NamedTuple):
    """The talk after one message, to be kept along with it."""

    resident: Resident
    talk: str
    at: datetime
    """The message's CreateTime."""
    day: date
    identity: bytes
    """The message's, as in the inbox."""


def remember_car(
    connection: Connection,
    resident: Resident,
    *,
    car: str,
    mark: bytes,
    consent: str,
    now: datetime,
    sealer: Sealer,
) -> None:
    """Keep this car (JSON) for her; a car with the same mark is replaced. Raises `CarsFull`.

    `consent`: the version of the words that she agreed to. The caller holds the sender's lock, so two cars at
    once do not make a sixth.
    """
    known = connection.execute(sql.LOCK_CARS, resident._asdict()).fetchall()
    if len(known) >= MOST_CARS and mark not in {bytes(row[0]) for row in known}:
        raise CarsFull(f"最多记{MOST_CARS}辆车，这一辆没有记。说“忘记”加车牌，先删掉一辆。", most=MOST_CARS)
    sealed = sealer.seal(car.encode(), car_context(resident.account, resident.person, mark))
    parameters = {"mark": mark, "car": sealed, "now": now, "consent": consent}
    connection.execute(sql.REMEMBER_CAR, {**resident._asdict(), **parameters})


def forget_car(connection: Connection, resident: Resident, *, mark: bytes) -> bool:
    """Drop one car; with the last one the evening notice goes too. Whether it was there."""
    is_gone = connection.execute(sql.FORGET_CAR, {**resident._asdict(), "mark": mark}).rowcount > 0
    if not connection.execute(sql.LOCK_CARS, resident._asdict()).fetchall():
        connection.execute(sql.EVENING_OFF, resident._asdict())
    return is_gone


def forget_all(connection: Connection, resident: Resident) -> None:
    """Cars and notices: everything that she had us keep for herself but the talk (`forgetting_talk`).

    Her words to the officers stay, and stay hers: they are owed an answer, and count as long as they wait.
    """
    for statement in (sql.FORGET_CARS, sql.FORGET_AWAITED, sql.EVENING_OFF):
        connection.execute(statement, resident._asdict())


def forget_resident(connection: Connection, resident: Resident) -> None:
    """Consent was withdrawn: everything goes, and nothing says any more who left which words."""
    forget_all(connection, resident)
    connection.execute(sql.UNLINK_MESSAGES, resident._asdict())
    connection.execute(*forgetting_talk(resident))


def set_evening(connection: Connection, resident: Resident, *, on: bool, now: datetime) -> None:
    """Whether she is told at 20:00 of a restricted day."""
    if on:
        connection.execute(sql.EVENING_ON, {**resident._asdict(), "now": now})
    else:
        connection.execute(sql.EVENING_OFF, resident._asdict())


def leave_message(
    connection: Connection, resident: Resident, *, words: str, now: datetime, sealer: Sealer
) -> int:
    """Keep her words for the officers; the number by which they are found. Raises `MessagesFull`.

    The caller holds the sender's lock, so two messages at once do not make a sixth.
    """
    _check_room(connection, resident, now=now)
    key = new_id()
    sealed = sealer.seal(words.encode(), words_context(key))
    parameters = {**resident._asdict(), "id": key, "words": sealed, "now": now}
    [(number,)] = connection.execute(sql.LEAVE_MESSAGE, parameters).fetchall()
    return int(number)


def _check_room(connection: Connection, resident: Resident, *, now: datetime) -> None:
    day = {"since": now - _A_DAY, "now": now}
    [(waiting,)] = connection.execute(sql.COUNT_WAITING, {**resident._asdict(), **day}).fetchall()
    if waiting >= MOST_MESSAGES:
        raise MessagesFull(
            f"您这一天留的{MOST_MESSAGES}条都收到了，民警还没看完，这一条先没有记。\n"
            "没看过的，说“撤回留言”能收回一条；要么请明天再留；急事别等，直接打122。",
            most=MOST_MESSAGES,
        )


class OwnMessage(NamedTuple):
    """A message of hers that is still kept."""

    number: int
    is_unseen: bool
    """Nobody inside has seen it: she may take it back."""


def own_messages(connection: Connection, resident: Resident) -> tuple[OwnMessage, ...]:
    """All that she left for the officers and that is still kept, the oldest first."""
    rows = connection.execute(sql.OWN_MESSAGES, resident._asdict()).fetchall()
    return tuple(OwnMessage(int(number), bool(is_unseen)) for number, is_unseen in rows)


def take_back_message(connection: Connection, resident: Resident, *, number: int | None) -> int:
    """Delete a message of hers that nobody inside has seen; None: the only such one. Returns its number.

    Raises `MessageSeen` and `MessageUnknown`, with what she can do instead.
    """
    held = own_messages(connection, resident)
    unseen = [one.number for one in held if one.is_unseen]
    wanted = unseen[0] if number is None and len(unseen) == 1 else number
    if wanted is None:
        raise MessageUnknown(_which(unseen))
    if connection.execute(sql.TAKE_BACK, {**resident._asdict(), "number": wanted}).fetchone():
        return wanted
    if wanted in {one.number for one in held}:
        raise MessageSeen(
            f"编号{wanted}的留言民警已经看到了，撤不回来。要补充什么，再给民警留一条。", number=wanted
        )
    raise MessageUnknown(f"没有找到您编号{wanted}的留言。{_which(unseen)}")


def _which(unseen: Sequence[int]) -> str:
    if not unseen:
        return "您现在没有能撤回的留言：民警看过的撤不回来。"
    named = "、".join(map(str, unseen))
    return f"民警还没看的是编号{named}。要撤回，说“撤回留言 {unseen[0]}”。"


def see_messages(cursor: Cursor, *, numbers: Sequence[int], now: datetime) -> None:
    """Somebody inside is being shown them, in the caller's transaction, which holds their rows."""
    cursor.execute(sql.SEE_MESSAGES, {"numbers": list(numbers), "now": now})


def purge_messages(connection: Connection, *, before: datetime) -> int:
    """Drop the messages that were closed before that moment; how many."""
    return connection.execute(sql.PURGE_MESSAGES, {"before": before}).rowcount


def await_news(
    connection: Connection, resident: Resident, *, places: Sequence[str], day: date | None, now: datetime
) -> None:
    """She wants to be told once what was uncertain is settled."""
    parameters = {"id": new_id(), "places": json.dumps(list(places)), "day": day, "now": now}
    connection.execute(sql.AWAIT, {**resident._asdict(), **parameters})


def writing_talk(resident: Resident, *, talk: str, at: datetime, sealer: Sealer) -> Statement:
    """The statement that keeps the talk after a message that was sent `at` (CreateTime). It locks a row that
    the group lane writes, so it belongs to the end of a transaction.
    """
    sealed = sealer.seal(talk.encode(), talk_context(*resident))
    return sql.WRITE_TALK, {**resident._asdict(), "talk": sealed, "at": at}


def forgetting_talk(resident: Resident) -> Statement:
    """The statement that drops the talk; at the end of a transaction, as above."""
    return sql.FORGET_TALK, resident._asdict()


def talks_along(talks: Sequence[SpokenTalk], sealer: Sealer) -> list[Statement]:
    """What the transaction that keeps a batch of messages executes besides, after the messages."""
    rows = list(talks)
    if not rows:
        return []
    parameters = {
        "accounts": text_array([one.resident.account for one in rows]),
        "persons": bytea_array([one.resident.person for one in rows]),
        "talks": bytea_array([sealer.seal(one.talk.encode(), talk_context(*one.resident)) for one in rows]),
        "moments": moment_array([one.at for one in rows]),
        "days": day_array([one.day for one in rows]),
        "identities": bytea_array([one.identity for one in rows]),
    }
    return [(sql.WRITE_TALKS, parameters)]


def purge_talks(connection: Connection, *, before: datetime) -> int:
    """Drop the talks that nothing may lean on any more; how many."""
    return connection.execute(sql.PURGE_TALKS, {"before": before}).rowcount
