"""Officers work on what citizens left: take, give back, answer, close, by one table of moves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from daxiang.domains.residents import sql
from daxiang.domains.residents.errors import MessageGone, MessageHeld
from daxiang.domains.residents.operations import Cursor
from daxiang.domains.residents.queries import LeftMessage, left_of
from daxiang.domains.residents.sealed import answer_context
from daxiang.foundation.sealing import SealBroken, Sealer

ANSWER_WITHIN = timedelta(hours=12)
"""From the leaving to the first answer; what waits longer is overdue."""
WARN_BEFORE = timedelta(hours=1)
LONGEST_ANSWER = 500
"""Characters; the platform's limit for one message is 2048 bytes."""
DELIVERY_BYTES = 32


class Step(StrEnum):
    TAKE = "take"
    GIVE_BACK = "give_back"
    ANSWER = "answer"
    CLOSE = "close"


MOVES: dict[tuple[str, Step], str] = {
    ("new", Step.TAKE): "taken",
    ("new", Step.ANSWER): "taken",
    ("new", Step.CLOSE): "closed",
    ("taken", Step.GIVE_BACK): "new",
    ("taken", Step.ANSWER): "taken",
    ("taken", Step.CLOSE): "closed",
}
"""Whoever answers has taken it. A closed message moves no more."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A message whose row is held: whose it is, for an answer."""

    id: bytes
    number: int
    account: str
    person: bytes | None
    """None after she withdrew consent: nobody can be answered."""
    state: str
    taken_by: str | None


@dataclass(frozen=True, kw_only=True)
class Case:
    """A message with what was done about it."""

    message: LeftMessage
    taken_by: str | None
    answer: str | None
    answered_at: datetime | None
    delivery: str | None
    """How far the answer has come: the outbox's word for it; None: none was sent, or it is on record no
    more.
    """

    @property
    def due_at(self) -> datetime:
        return self.message.left_at + ANSWER_WITHIN


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether nobody has answered in time, and it still waits."""
    return not case.message.is_closed and case.answered_at is None and now > case.due_at


def hold(cursor: Cursor, number: int) -> Held:
    """The message's row, held until the end of the transaction. Raises `MessageGone`."""
    cursor.execute(sql.HOLD_MESSAGE, {"number": number})
    rows = cursor.fetchall()
    if not rows:
        raise MessageGone("这条留言没有了：可能是群众撤回了，或者办完以后到期删掉了。")
    [(key, account, person, state, taken_by)] = rows
    return Held(
        id=bytes(key),
        number=number,
        account=account,
        person=None if person is None else bytes(person),
        state=state,
        taken_by=taken_by,
    )


def move(cursor: Cursor, held: Held, step: Step, *, who: str, now: datetime) -> None:
    """Take it, give it back or close it. Raises `MessageHeld` when another has it, or it is done with."""
    _check(held, step, who)
    state = MOVES[held.state, step]
    taken = {"taken_by": None if state == "new" else (held.taken_by or who), "now": now}
    cursor.execute(sql.MOVE_MESSAGE, {"number": held.number, "state": state, **taken})


def write_answer(cursor: Cursor, held: Held, words: str, *, who: str, now: datetime, sealer: Sealer) -> bytes:
    """Keep the answer. Returns the mark of its delivery: chance, so that nothing of the answer leads back to
    a person once she is unlinked. Raises `MessageHeld`.
    """
    _check(held, Step.ANSWER, who)
    delivery = os.urandom(DELIVERY_BYTES)
    sealed = sealer.seal(words.encode(), answer_context(held.id))
    cursor.execute(
        sql.ANSWER_MESSAGE,
        {"number": held.number, "who": who, "answer": sealed, "delivery": delivery, "now": now},
    )
    return delivery


def overdue_messages(cursor: Cursor, *, now: datetime) -> int:
    """How many wait longer than they may."""
    cursor.execute(sql.COUNT_OVERDUE, {"before": now - ANSWER_WITHIN})
    return int(cursor.fetchall()[0][0])


def cases(cursor: Cursor, *, numbers: Sequence[int], sealer: Sealer) -> dict[int, Case]:
    """These messages with what was done about them, by their numbers."""
    cursor.execute(sql.READ_CASES, {"numbers": list(numbers)})
    return {row[1]: _case(row, sealer) for row in cursor.fetchall()}


def _case(row: Sequence[Any], sealer: Sealer) -> Case:
    taken_by, answer, answered_at, delivery = row[5:]
    return Case(
        message=left_of(row[:5], sealer),
        taken_by=taken_by,
        answer=None if answer is None else _answer(bytes(row[0]), bytes(answer), sealer),
        answered_at=answered_at,
        delivery=delivery,
    )


def _answer(message: bytes, sealed: bytes, sealer: Sealer) -> str | None:
    try:
        return sealer.open(sealed, answer_context(message)).decode()
    except SealBroken:
        return None


def _check(held: Held, step: Step, who: str) -> None:
    if held.state == "taken" and held.taken_by != who:
        raise MessageHeld(f"{held.taken_by} 正在办这条留言。要接过来，请对方先放回去。")
    if (held.state, step) not in MOVES:
        raise MessageHeld("这条留言已经办完，或者刚刚有人动过，请看看现在的样子。")
