"""What a person finds in a chat: what they received, and both sides with the callback behind each."""

from __future__ import annotations

import json
from typing import Any

from .accounts import Account
from .clock import iso
from .people import Person
from .store import Store


async def inbox(store: Store, person: Person, account: Account | None) -> list[dict[str, Any]]:
    """Everything the person received, oldest first; from every account when none is named."""
    sql = "SELECT r.id, r.account, r.answers_to, r.at, r.body, m.is_event FROM received r "
    sql += "LEFT JOIN message m ON m.id = r.answers_to WHERE r.user = ?"
    parameters = [person.user]
    if account is not None:
        sql, parameters = sql + " AND r.account = ?", [person.user, account.name]
    rows = await store.read(sql + " ORDER BY r.id", parameters)
    return [
        {
            "id": str(number),
            "account": name,
            "time": iso(at),
            "msg_id": None if is_event or answers_to is None else str(answers_to),
            "answers_to": None if answers_to is None else str(answers_to),
            **json.loads(body),
        }
        for number, name, answers_to, at, body, is_event in rows
    ]


async def thread(store: Store, person: Person, account: Account, *, after: int) -> list[dict[str, Any]]:
    """Both sides of a chat after the entry `after`, in the order in which they happened."""
    mine = await store.read(
        "SELECT id, kind, is_event, words, at FROM message WHERE user = ? AND account = ? AND id > ?",
        (person.user, account.name, after),
    )
    theirs = await store.read(
        "SELECT r.id, r.at, r.body, m.id, m.tries, m.elapsed_ms, m.request, m.response"
        " FROM received r LEFT JOIN message m ON m.id = r.answers_to"
        " WHERE r.user = ? AND r.account = ? AND r.id > ?",
        (person.user, account.name, after),
    )
    entries = [(row[0], _mine(*row)) for row in mine] + [(row[0], _theirs(*row)) for row in theirs]
    return [entry for _, entry in sorted(entries, key=lambda pair: pair[0])]


def _mine(number: int, kind: str, is_event: int, words: str, at: float) -> dict[str, Any]:
    return {
        "id": str(number),
        "side": "me",
        "kind": kind,
        "is_event": bool(is_event),
        "content": words,
        "time": iso(at),
    }


def _theirs(
    number: int,
    at: float,
    body: str,
    answers_to: int | None,
    tries: int | None,
    elapsed_ms: float | None,
    request: str | None,
    response: str | None,
) -> dict[str, Any]:
    raw = {"tries": tries, "elapsed_ms": elapsed_ms, "request": request, "response": response}
    return {
        "id": str(number),
        "side": "them",
        "time": iso(at),
        "answers_to": None if answers_to is None else str(answers_to),
        "raw": raw if answers_to is not None else None,
        **json.loads(body),
    }
