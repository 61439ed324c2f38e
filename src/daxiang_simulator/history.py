"""What a person finds in a chat: what they received, and both sides with the callback behind each."""

from __future__ import annotations

import json
from typing import Any

from .accounts import Account
from .clock import iso
from .people import Person
from .store import Store

_SHOWN = {
    "Content": "content",
    "bizmsgmenuid": "menu_id",
    "PicUrl": "url",
    "MediaId": "media_id",
    "ThumbMediaId": "thumb_media_id",
    "Format": "format",
    "Recognition": "recognition",
    "Location_X": "latitude",
    "Location_Y": "longitude",
    "Scale": "scale",
    "Label": "label",
    "Title": "title",
    "Description": "description",
    "Url": "url",
    "Event": "event",
    "EventKey": "key",
}
"""Names in a callback → names in this API."""
_RAW = ("tries", "elapsed_ms", "request", "response", "outcome")


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


_MINE = """SELECT id, kind, is_event, words, at, body, tries, elapsed_ms, request, response, outcome
FROM message WHERE user = ? AND account = ? AND id > ? AND id < ? AND origin = 'person' ORDER BY id """
_THEIRS = """SELECT r.id, r.at, r.body, r.origin,
  m.id, m.tries, m.elapsed_ms, m.request, m.response, m.outcome
FROM received r LEFT JOIN message m ON m.id = r.answers_to
WHERE r.user = ? AND r.account = ? AND r.id > ? AND r.id < ? ORDER BY r.id """
_FIRST, _LAST = "LIMIT ?", "DESC LIMIT ?"


async def thread(
    store: Store,
    person: Person,
    account: Account,
    *,
    after: int = 0,
    before: int | None = None,
    most: int = 500,
) -> list[dict[str, Any]]:
    """Both sides of a chat after the entry `after`, in the order in which they happened.

    With `before`, the last `most` entries before that one: what a phone fetches when one scrolls up.
    """
    end, which = (2**63 - 1, _FIRST) if before is None else (before, _LAST)
    bounds = (person.user, account.name, after, end, most)
    mine = await store.read(_MINE + which, bounds)
    theirs = await store.read(_THEIRS + which, bounds)
    entries = [(row[0], _mine(*row)) for row in mine] + [(row[0], _theirs(*row)) for row in theirs]
    entries.sort(key=lambda pair: pair[0])
    kept = entries[:most] if before is None else entries[-most:]
    return [entry for _, entry in kept]


async def behind(store: Store, person: Person, number: int) -> dict[str, Any]:
    """What lies behind one entry: its own callback, the call that brought it, the events that told of it."""
    mine = await store.read(
        "SELECT tries, elapsed_ms, request, response, outcome, attempts FROM message"
        " WHERE user = ? AND id = ?",
        (person.user, number),
    )
    theirs = await store.read(
        "SELECT r.origin, r.body, m.tries, m.elapsed_ms, m.request, m.response, m.outcome, m.attempts"
        " FROM received r"
        " LEFT JOIN message m ON m.id = r.answers_to WHERE r.user = ? AND r.id = ?",
        (person.user, number),
    )
    if mine:
        return {"id": str(number), "call": None, "callback": _told(mine[0]), "events": []}
    if not theirs:
        return {"id": str(number), "call": None, "callback": None, "events": []}
    origin, body, *raw = theirs[0]
    events = await _events_of(store, person, json.loads(body).get("msg_id"))
    return {"id": str(number), "call": origin, "callback": _told(raw), "events": events}


async def _events_of(store: Store, person: Person, msg_id: object) -> list[dict[str, Any]]:
    """The callbacks by which the platform told how a message with this id had ended."""
    if not msg_id:
        return []
    rows = await store.read(
        "SELECT tries, elapsed_ms, request, response, outcome FROM message"
        " WHERE user = ? AND origin = 'platform' AND body LIKE ? ORDER BY id",
        (person.user, f"%{msg_id}%"),
    )
    return [raw for raw in map(_raw, rows) if raw is not None]


async def last_entries(store: Store, person: Person) -> dict[str, dict[str, Any]]:
    """The newest thing received from each account, by account."""
    rows = await store.read(
        "SELECT account, max(id), at, body FROM received WHERE user = ? GROUP BY account", (person.user,)
    )
    return {name: {"id": str(number), "time": iso(at), **json.loads(body)} for name, number, at, body in rows}


async def unread(store: Store, person: Person, read: dict[str, int]) -> dict[str, int]:
    """How many things each account has sent since the person last looked, by account."""
    rows = await store.read("SELECT DISTINCT account FROM received WHERE user = ?", (person.user,))
    counts = {}
    for (name,) in rows:
        found = await store.read(
            "SELECT count(*) FROM received WHERE user = ? AND account = ? AND id > ?",
            (person.user, name, read.get(name, 0)),
        )
        counts[name] = found[0][0]
    return counts


def _told(row: Any) -> dict[str, Any] | None:
    """A callback with each of its tries as it went over the line."""
    *row, attempts = row
    raw = _raw(row)
    return None if raw is None else {**raw, "attempts": json.loads(attempts or "[]")}


def _raw(row: Any) -> dict[str, Any] | None:
    raw = dict(zip(_RAW, row, strict=True))
    return raw if raw["request"] is not None else None


def _mine(
    number: int, kind: str, is_event: int, words: str, at: float, body: str, *raw: Any
) -> dict[str, Any]:
    fields = json.loads(body)
    fields = dict(fields) if isinstance(fields, list) else fields  # state files of the first version
    named = {_SHOWN[name]: value for name, value in fields.items() if name in _SHOWN}
    shown = {
        "id": str(number),
        "side": "me",
        "kind": kind,
        "is_event": bool(is_event),
        "content": words,
        "time": iso(at),
        "raw": _raw(raw),
    }
    return named | shown


def _theirs(
    number: int, at: float, body: str, origin: str | None, answers_to: int | None, *raw: Any
) -> dict[str, Any]:
    return {
        "id": str(number),
        "side": "them",
        "time": iso(at),
        "answers_to": None if answers_to is None else str(answers_to),
        "raw": _raw(raw) if answers_to is not None else None,
        "call": origin,
        **json.loads(body),
    }
